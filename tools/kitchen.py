"""What cooking leaves: USDA retention factors, with the evidence that contradicts them as the interval.

    python tools/kitchen.py --shared ../shared

The value is the USDA factor. For boiling with the water thrown away the lower bound is 0.60: Kimura and Itokawa 1990
found 60-70 % of the minerals left. A third line is computed here: SR28 raw and boiled entries that were both analysed
(n >= 3), magnesium per gram of dry matter. It is printed, and stated in the note; it overstates retention, because
solids are lost to the water as well. Boiled entries with n < 3 are mostly calculated from the factor itself: circular.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from tables import read, write

OUT = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data" / "kitchen.csv"
KIMURA_LOW = 0.60
ROUNDING = 0.05  # USDA factors are rounded to 5 %
# class -> preparation -> USDA retention code
CODES = {
    "vegetable-greens": {"boiled-drained": "3005", "boiled": "3006", "fried": "3015", "baked": "3001"},
    "vegetable-roots": {
        "boiled-drained": "3455", "boiled": "3456", "steamed": "3464", "fried": "3460", "baked": "3451",
    },
    "vegetable-other": {
        "boiled-drained": "3775", "boiled": "3776", "steamed": "3784", "fried": "3780", "baked": "3771",
    },
    "potato": {"boiled-drained": "3308", "boiled": "3309", "fried": "3315", "baked": "3301"},
    "legume": {"boiled-drained": "521", "boiled": "522"},
    "pasta": {"boiled-drained": "381", "boiled": "384", "baked": "380"},
    "rice": {"boiled-drained": "431", "boiled": "432", "fried": "433"},
    "cereal": {"boiled": "358", "boiled-drained": "358"},
    "meat-beef": {"fried": "605", "baked": "601", "grilled": "602"},
    "meat-pork": {"baked": "1254", "grilled": "1251"},
    "poultry": {"fried": "803", "baked": "805", "grilled": "801"},
    "fish": {"fried": "2309", "baked": "2301", "grilled": "2305"},
    "egg": {"boiled": "105", "fried": "103", "baked": "101"},
}  # fmt: skip
# greens have no steamed factor of their own: the one of other vegetables
CODES["vegetable-greens"]["steamed"] = "3784"


def main() -> None:
    """Write kitchen.csv and print the analysed pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    shared = parser.parse_args().shared / "food"
    factor = {row["retention_code"]: row for _, row in read(shared / "usda_retention_r6.csv")}
    ratios = _analysed_pairs(shared)
    for ratio, name in ratios:
        print(f"{ratio:.2f} {name}")
    middle = statistics.median(ratio for ratio, _ in ratios)
    print(f"{len(ratios)} analysed pairs, median {middle:.2f}")
    rows = []
    for kind, preparations in CODES.items():
        for preparation, code in preparations.items():
            retained = float(factor[code]["magnesium_retained_pct"]) / 100
            drained = preparation == "boiled-drained" and kind != "cereal"  # porridge keeps its water
            low = KIMURA_LOW if drained else retained - ROUNDING
            rows.append(
                {
                    "retention": kind,
                    "preparation": preparation,
                    "retained": f"{retained:g}",
                    "low": f"{low:g}",
                    "high": f"{min(1.0, retained + ROUNDING):g}",
                    "sources": "USDA-RETN6;KIM90;MAGNES-KITCHEN" if drained else "USDA-RETN6",
                    "verified": "yes",
                    "note_nl": f"USDA-factor {factor[code]['description']}"
                    + ("; Kimura 1990 vond 60-70 %" if drained else ""),
                    "note_en": f"USDA factor {factor[code]['description']}"
                    + ("; Kimura 1990 found 60-70 %" if drained else ""),
                }
            )
    print("kitchen", write(OUT, tuple(rows[0]), rows))


def _analysed_pairs(shared: Path) -> list[tuple[float, str]]:
    foods = {row["description"]: row for _, row in read(shared / "usda_sr28_foods.csv")}
    pairs = []
    for name, raw in foods.items():
        boiled = foods.get(name.removesuffix(", raw") + ", cooked, boiled, drained, without salt")
        if not name.endswith(", raw") or boiled is None:
            continue
        if min(float(row["mg_sr26_n"] or 0) for row in (raw, boiled)) >= 3:
            dry = [float(row["magnesium_mg"]) / (100 - float(row["water_g"])) for row in (raw, boiled)]
            pairs.append((dry[1] / dry[0], name))
    return sorted(pairs)


if __name__ == "__main__":
    main()
