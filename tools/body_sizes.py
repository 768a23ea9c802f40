"""Typical weight and height by sex and age: ``python tools/body_sizes.py --shared ../shared``.

Weighted medians of measured people in NHANES 2007-2010 (pregnant women left out) -> ``model/sizes.csv``. They stand in
for a person who gave no weight or height. Standing height is measured from 2 years on: at 1 year it is from memory.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from magnes.knowledge.people import BodySize
from tables import read, write

OUT = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data" / "model" / "sizes.csv"
SEXES = {"1": "male", "2": "female"}
BANDS = [*((age, age + 1) for age in range(1, 20)), (20, 40), (40, 60), (60, 80), (80, None)]
INFANT_CM = {"male": "82", "female": "81"}  # 18 months; from memory
PREGNANT = "1.0"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the raw tables")
    path = parser.parse_args().shared / "survey" / "nhanes_2007_2010_persons.csv.gz"
    people = [row for _, row in read(path) if row["WTMEC2YR"] and row["RIDEXPRG"] != PREGNANT]
    rows = [_band(people, sex, low, high) for sex in SEXES for low, high in BANDS]
    print("sizes", write(OUT, tuple(BodySize.model_fields), rows))


def _band(people: Iterable[dict[str, str]], sex: str, low: int, high: int | None) -> dict[str, str]:
    own = [row for row in people if row["RIAGENDR"] == sex and low <= float(row["RIDAGEYR"]) < (high or 200)]
    height = _median(own, "BMXHT") if low > 1 else INFANT_CM[SEXES[sex]]
    return {
        "id": f"{SEXES[sex]}-{low}",
        "sex": SEXES[sex],
        "age_low_years": str(low),
        "age_high_years": str(high or ""),
        "weight_kg": _median(own, "BMXWT"),
        "height_cm": height,
        "participants": str(sum(1 for row in own if row["BMXWT"])),
        "sources": "NHANES0710" if low > 1 else "NHANES0710;MEM",
        "verified": "yes" if low > 1 else "no",
        "note": "" if low > 1 else "height from memory: standing height is measured from 2 years on",
    }


def _median(people: Iterable[dict[str, str]], column: str) -> str:
    """Value at which half of the people, by survey weight, are below."""
    found = sorted((float(row[column]), float(row["WTMEC2YR"])) for row in people if row[column])
    half, below = sum(weight for _, weight in found) / 2, 0.0
    for value, weight in found:
        below += weight
        if below >= half:
            return f"{value:.1f}"
    raise SystemExit(f"no measured {column}")


if __name__ == "__main__":
    main()
