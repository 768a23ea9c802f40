"""Bring in the numbers of the published rat model (Dutta & Layton 2024), that its rewriting is tested against.

python tools/import_rat_model.py --shared ../shared

Cells are copied as they stand, with all their digits; a cell of a numeric column that is no number stops the import.
Where the numbers come from: ``tests/peers/rat/PROVENANCE.md``.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from tables import Refused, read, write

OUT = Path(__file__).parents[1] / "tests" / "peers" / "rat"
# file at the origin -> file here; the columns that hold words, all others hold numbers
FILES = {
    "dutta_steady_states.csv": "steady_states.csv",
    "dutta_timecourse.csv": "time_course.csv",
    "dutta_rat_points.csv": "rat_points.csv",
}
WORDS = ("scenario", "variable")


def main() -> None:
    """Check every cell of every table, then write them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    folder = parser.parse_args().shared / "body"
    refused = Refused()
    tables = {ours: _numbers(folder / origin, refused) for origin, ours in FILES.items()}
    refused.stop()
    for name, rows in tables.items():
        print(name, write(OUT / name, tuple(rows[0]), rows))


def _numbers(path: Path, refused: Refused) -> list[dict[str, str]]:
    """Return the rows of a table, unchanged, and note every cell that should be a number and is not."""
    rows = []
    for line, row in read(path):
        for column, text in row.items():
            if column not in WORDS and not _finite(text):
                refused.add(path.name, line, column, text, "a finite number")
        rows.append(row)
    return rows


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


if __name__ == "__main__":
    main()
