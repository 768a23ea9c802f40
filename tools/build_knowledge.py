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
from sourcebook import EXTRA, SourceBook
from tables import read

DATA = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data"


def use_hand_tables(book: SourceBook) -> None:
    """Keep the sources that hand-made tables and code name; an unknown key is refused."""
    for path in sorted(DATA.rglob("*.csv")):
        for _, row in read(path) if path.name != "sources.csv" else ():
            for column in ("sources", "source", "soluble_sources", "seen"):
                book.use(*filter(None, row.get(column, "").split(";")))
    book.use(*(row["key"] for _, row in read(EXTRA)))


def main() -> None:
    """Run all importers and write ``sources.csv`` with every key that they used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the raw tables")
    shared = parser.parse_args().shared
    book = SourceBook.load(shared)
    import_foods.build(shared, DATA, book)
    import_reference.build(shared, DATA, book)
    import_interactions.build(shared, DATA, book)
    use_hand_tables(book)
    book.write(DATA / "sources.csv")
    print("sources", len(book.used))


if __name__ == "__main__":
    main()
