"""Build the big tables that the package ships: ``python tools/build_knowledge.py --shared ../shared``.

Foods, portions, spread and waters come from raw tables and are written anew. All other tables are edited by hand where
they live (docs/decisions/0004); ``compare_facts.py`` compares them with the raw facts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import import_foods

DATA = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data"


def main() -> None:
    """Run the importer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the raw tables")
    import_foods.build(parser.parse_args().shared, DATA)


if __name__ == "__main__":
    main()
