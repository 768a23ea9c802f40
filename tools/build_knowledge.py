"""Build every table that the package ships: ``python tools/build_knowledge.py --shared ../shared``.

Raw tables are read-only; what is written here is committed. Hand-made tables (names, basics, measures, conditions,
medicines, texts) are inputs as well and stay as they are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import import_foods
import import_interactions
import import_reference
from sourcebook import SourceBook

DATA = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data"


def main() -> None:
    """Run all importers and write ``sources.csv`` with every key that they used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the raw tables")
    shared = parser.parse_args().shared
    book = SourceBook.load(shared)
    import_foods.build(shared, DATA, book)
    import_reference.build(shared, DATA, book)
    import_interactions.build(shared, DATA, book)
    book.write(DATA / "sources.csv")
    print("sources", len(book.used))


if __name__ == "__main__":
    main()
