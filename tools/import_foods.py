"""Food tables, portions and waters: raw tables -> package tables.

Values are per 100 g edible portion. Blank means "not available" and stays blank. ``common`` counts how often US survey
participants ate the food (NHANES 2007-2010, both days): it ranks candidates, it is never a nutrient value.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter, defaultdict
from pathlib import Path

from tables import Refused, number, read, write

FOOD_COLUMNS = (
    "code", "name", "group", "energy_kcal", "water_g", "fibre_g", "calcium_mg", "phosphorus_mg", "potassium_mg",
    "magnesium_mg", "mg_n", "mg_se", "mg_min", "mg_max", "flag", "common",
)  # fmt: skip
NUTRIENTS = (
    "energy_kcal",
    "water_g",
    "fibre_g",
    "calcium_mg",
    "phosphorus_mg",
    "potassium_mg",
    "magnesium_mg",
)


def build(shared: Path, out: Path) -> None:
    """Write foods/*.csv, foods/portions.csv and waters.csv below ``out``."""
    refused = Refused()
    eaten = _eaten(shared)
    fndds = _fndds(shared, refused, eaten)
    sr28 = _sr28(shared, refused, _eaten_as_ingredient(shared, eaten))
    foundation = _foundation(shared, refused)
    ciqual = _ciqual(shared, refused)
    waters = _waters(shared, refused)
    refused.stop()
    foods = out / "foods"
    for name, rows in (("sr28", sr28), ("foundation", foundation), ("fndds", fndds), ("ciqual", ciqual)):
        print(name, write(foods / f"{name}.csv", FOOD_COLUMNS, rows))
    print("waters", write(out / "waters.csv", tuple(waters[0]), waters))
    print("spread", write(foods / "spread.csv", ("table", "group", "n_foods", "cv"), _spread(shared, sr28)))
    codes = {row["code"] for rows in (sr28, foundation, fndds) for row in rows}
    portions = [row for row in _portions(shared) if row["code"] in codes]
    print("portions", write(foods / "portions.csv", ("code", "amount", "portion", "grams"), portions))


def _base(refused: Refused, path: Path, line: int, row: dict[str, str]) -> dict[str, str]:
    return {name: number(refused, path, line, row, name) if name in row else "" for name in NUTRIENTS}


def _eaten(shared: Path) -> Counter[str]:
    path = shared / "survey" / "nhanes_2007_2010_foods.csv.gz"
    return Counter(row["food_code"] for _, row in read(path))


def _eaten_as_ingredient(shared: Path, eaten: Counter[str]) -> dict[str, float]:
    """Count how often an SR28 food makes up at least half of an eaten survey food (FNDDS 2.0 recipes)."""
    recipes: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for _, row in read(shared / "food" / "usda_fndds2_recipes.csv.gz"):
        if row["weight_g"]:
            recipes[row["food_code"]].append((row["ingredient_code"], float(row["weight_g"])))
    count: dict[str, float] = defaultdict(float)
    for food, parts in recipes.items():
        total = sum(grams for _, grams in parts)
        for ingredient, grams in parts:
            if total and grams / total >= 0.5:
                count[ingredient] += eaten[food]
    return count


def _sr28(shared: Path, refused: Refused, common: dict[str, float]) -> list[dict[str, str]]:
    path = shared / "food" / "usda_sr28_foods.csv"
    rows = []
    for line, row in read(path):
        out = _base(refused, path, line, row)
        for name in ("n", "se", "min", "max"):
            out[f"mg_{name}"] = number(refused, path, line, row, f"mg_sr26_{name}")
        ndb = row["ndb_no"]
        out |= {"code": f"sr:{ndb}", "name": row["description"], "group": row["food_group"], "flag": ""}
        out["common"] = f"{common.get(ndb, 0):.0f}"
        rows.append(out)
    return rows


def _foundation(shared: Path, refused: Refused) -> list[dict[str, str]]:
    path = shared / "food" / "usda_foundation_2023_04.csv"
    rows = []
    for line, row in read(path):
        out = _base(refused, path, line, row)
        for name in ("n", "min", "max"):
            out[f"mg_{name}"] = number(refused, path, line, row, f"mg_{name}")
        out |= {"code": f"fdc:{row['fdc_id']}", "name": row["description"], "group": "", "flag": ""}
        out |= {"mg_se": "", "common": "0"}
        rows.append(out)
    return rows


def _fndds(shared: Path, refused: Refused, eaten: Counter[str]) -> list[dict[str, str]]:
    """Codes of the survey years first, then newer codes that the survey did not have."""
    water = {r["food_code"]: r["water_g"] for _, r in read(shared / "food" / "usda_fndds_foods.csv.gz")}
    path = shared / "survey" / "fndds_codes_per100g.csv"
    rows, seen = [], set()
    for line, row in read(path):
        out = _base(refused, path, line, row)
        code = f"{float(row['food_code']):.0f}"
        flag = "imputed" if row["value_source"].startswith("imputed") else ""
        flag = "recipe" if "recipe" in row["value_source"] else flag
        out |= {
            "code": f"fndds:{code}",
            "name": row["description"],
            "group": row["wweia_category"],
            "flag": flag,
        }
        out["water_g"] = water.get(code, "")
        out["common"] = str(eaten[code])
        rows.append(_no_spread(out))
        seen.add(code)
    path = shared / "food" / "usda_fndds_foods.csv.gz"
    newest = sorted(read(path), key=lambda item: item[1]["release"], reverse=True)
    for line, row in newest:
        if row["food_code"] not in seen:
            seen.add(row["food_code"])
            out = _base(refused, path, line, row)
            out |= {"code": f"fndds:{row['food_code']}", "name": row["description"], "flag": ""}
            out |= {"group": row["wweia_category_name"], "common": "0"}
            rows.append(_no_spread(out))
    return sorted(rows, key=lambda row: row["code"])


def _ciqual(shared: Path, refused: Refused) -> list[dict[str, str]]:
    path = shared / "food" / "ciqual_2020.csv"
    rows = []
    for line, row in read(path):
        out = _base(refused, path, line, row)
        english = row["name_en_ciqual2017"]
        name = english if english not in ("", "-") else row["name_fr"]
        out |= {"code": f"ciqual:{row['alim_code']}", "name": name, "group": row["group_fr"]}
        out |= {"flag": row["magnesium_flag"], "common": "0"}
        rows.append(_no_spread(out))
    # The raw table holds one code twice, once without values: the filled row speaks
    filled = {row["code"] for row in rows if row["magnesium_mg"]}
    return [row for row in rows if row["magnesium_mg"] or row["code"] not in filled]


def _no_spread(row: dict[str, str]) -> dict[str, str]:
    return row | {"mg_n": "", "mg_se": "", "mg_min": "", "mg_max": ""}


AVERAGE_WATERS = {
    "18008": "bronwater", "18009": "mineraalwater laag gemineraliseerd", "18044": "mineraalwater",
    "18045": "mineraalwater zonder koolzuur", "18046": "mineraalwater met koolzuur",
    "18066": "kraanwater frankrijk", "18430": "bronwater fles", "76079": "apollinaris",
}  # fmt: skip


def _waters(shared: Path, refused: Refused) -> list[dict[str, str]]:
    path = shared / "food" / "mineral_waters.csv"
    rows = []
    for line, row in read(path):
        name = row["name"]
        if "implausible" in name:  # printed 565 mg/L, almost surely 56.5: not ours to correct
            continue
        source = "CIQUAL2020" if row["source"].startswith("Ciqual") else "TRINKWASSER"
        brand = re.sub(r"^Eau (de source|minérale)[, ]*", "", name)
        brand = re.sub(r",? ?(non gazeuse|gazeuse|embouteillée|faiblement|moyennement|fortement|très).*$", "", brand)
        brand = re.sub(r" \(.*$", "", brand).replace("-", " ").strip(" ,") or name
        code = f"{float(row['alim_code']):.0f}" if row["alim_code"] else ""
        brand = AVERAGE_WATERS.get(code, brand)
        still = "still" if "non gazeuse" in name else "sparkling" if "gazeuse" in name else ""
        rows.append(
            {
                "code": f"ciqual:{code}" if code else "",
                "brand": brand.lower(),
                "name": name,
                "kind": still,
                "magnesium_mg_per_l": number(refused, path, line, row, "magnesium_mg_per_L"),
                "calcium_mg_per_l": number(refused, path, line, row, "calcium_mg_per_L"),
                "sodium_mg_per_l": number(refused, path, line, row, "sodium_mg_per_L"),
                "sources": source,
                "verified": "yes",
            }
        )
    return rows


def _portions(shared: Path) -> list[dict[str, str]]:
    rows = []
    for _, row in read(shared / "food" / "usda_sr28_portions.csv"):
        rows.append((f"sr:{row['ndb_no']}", row["amount"], row["portion"], row["grams"]))
    for _, row in read(shared / "food" / "usda_foundation_2023_04_portions.csv"):
        text = " ".join(filter(None, (row["unit"], row["modifier"], row["portion_description"])))
        rows.append((f"fdc:{row['fdc_id']}", row["amount"], text, row["gram_weight"]))
    for _, row in read(shared / "food" / "usda_fndds2_portions.csv.gz"):
        match = re.match(r"([\d.]+) (.+)", row["portion"])
        if match and row["subcode"] == "0" and float(match.group(1)) > 0:
            rows.append((f"fndds:{row['food_code']}", match.group(1), match.group(2), row["grams"]))
    keys = ("code", "amount", "portion", "grams")
    kept = [dict(zip(keys, row, strict=True)) for row in rows if row[1] and row[3] and float(row[3]) > 0]
    return [row for row in kept if float(row["amount"]) > 0]


def _spread(shared: Path, sr28: list[dict[str, str]]) -> list[dict[str, str]]:
    """Median relative SD between laboratory samples by food group, and disagreement between FNDDS releases.

    SR: SD = SE * sqrt(n), foods with n >= 3. FNDDS: robust SD of the log ratio of two releases, divided by sqrt 2.
    """
    groups: dict[str, list[float]] = defaultdict(list)
    for row in sr28:
        if row["mg_n"] and row["mg_se"] and float(row["mg_n"]) >= 3 and float(row["magnesium_mg"] or 0) > 0:
            cv = float(row["mg_se"]) * math.sqrt(float(row["mg_n"])) / float(row["magnesium_mg"])
            groups[row["group"]].append(cv)
    rows = [_spread_row("sr", name, cvs) for name, cvs in sorted(groups.items())]
    rows.append(_spread_row("sr", "", [cv for cvs in groups.values() for cv in cvs]))
    releases: dict[str, dict[str, float]] = defaultdict(dict)
    for _, row in read(shared / "food" / "usda_fndds_foods.csv.gz"):
        if row["magnesium_mg"] and float(row["magnesium_mg"]) >= 5:
            releases[row["food_code"]][row["release"]] = float(row["magnesium_mg"])
    first, last = "2015-2016", "2019-2020"
    ratios = [math.log(r[last] / r[first]) for r in releases.values() if first in r and last in r]
    robust = [abs(ratio) / 0.6745 / math.sqrt(2) for ratio in ratios if ratio]
    rows.append({"table": "fndds", "group": "", "n_foods": str(len(robust)), "cv": f"{statistics.median(robust):.4f}"})
    prefixes: dict[str, list[float]] = defaultdict(list)
    for _, row in read(shared / "survey" / "fndds_codes_per100g.csv"):
        if row["value_source"].startswith("FNDDS") and float(row["magnesium_mg"] or 0) > 0:
            prefixes[row["food_code"][:5]].append(float(row["magnesium_mg"]))
    within = [statistics.stdev(v) / statistics.mean(v) for v in prefixes.values() if len(v) >= 3]
    rows.append(_spread_row("fndds-imputed", "", within))
    return rows


def _spread_row(table: str, group: str, cvs: list[float]) -> dict[str, str]:
    return {"table": table, "group": group, "n_foods": str(len(cvs)), "cv": f"{statistics.median(cvs):.4f}"}
