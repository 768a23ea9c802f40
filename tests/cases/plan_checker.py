"""A second judge of gates and plans, written apart: it reads the tables as files and knows nothing of ``advice``.

It says what forbids a plan for a person and how much is left, from the same facts by another road.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import magnes
from magnes.person import Person

DATA = Path(magnes.__file__).parent / "knowledge" / "data"
KIDNEY_IDS = ("chronic-kidney-disease", "kidney-failure", "kidney-transplant", "renal-tubular-disease")
KIDNEY_CODES = ("V03AE", "B03XA", "H05BX", "L04AD", "L01XA01", "N05AN")
EU_LIMITS = "efsa-scf-2001"
SMALLEST_PLAN_MG, OLD, HIGH_SERUM_MMOL_PER_L, VERY_LOW_SERUM_MMOL_PER_L = 50, 65, 1.03, 0.5
OTHER_HIGH = {"ionised-magnesium": 0.67, "red-cell-magnesium": 2.92}
# beside the codes of the table: what the random people take that is not a plain medicine
NOT_KNOWN, OPEN_GROUP, MAGNESIUM_CODES = "zzqqx", "C03", ("A02AA", "A02AD", "A06AD02", "A06AD04", "A12CC")


@cache
def rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the knowledge base."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def conditions() -> list[dict]:
    """Every condition file as TOML gives it."""
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "conditions").glob("*.toml"))]


@cache
def avoided() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ATC prefixes that magnesium must not go with, and those left out of them."""
    every = [
        row
        for path in sorted((DATA / "medicines").glob("*.toml"))
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("interactions", [])
        if row["severity"] == "avoid" or (row["severity"] == "major" and row["direction"] in ("mixed", "additive"))
    ]
    return (
        tuple(code for row in every for code in (*row["atc"], *row.get("atc_old", []))),
        tuple(code for row in every for code in row.get("atc_exclude", [])),
    )


@cache
def condition_names() -> dict[str, str]:
    """Every spelling of a condition -> its id."""
    return {
        word.casefold(): one["id"]
        for one in conditions()
        if "id" in one
        for word in (one["id"], one["name_nl"], one["name_en"], *one.get("names", []))
    }


def ids_of(person: Person) -> set[str]:
    found = {condition_names().get(name.casefold(), name) for name in person.conditions}
    return found | ({"pregnancy"} if person.pregnant else set()) | ({"breastfeeding"} if person.lactating else set())


def rules_of(person: Person) -> Iterator[dict]:
    """Rules that apply to a person."""
    for one in conditions():
        for rule in one.get("rules", []):
            if _holds(rule, person):
                yield rule


def _holds(rule: dict, person: Person) -> bool:
    if "condition" in rule and rule["condition"] not in ids_of(person):
        return False
    if "egfr_low" in rule or "egfr_high" in rule:
        egfr = person.egfr_ml_min_1_73m2
        if egfr is None or egfr < rule.get("egfr_low", 0) or egfr >= rule.get("egfr_high", 1e9):
            return False
    if ("age_low_years" in rule or "age_high_years" in rule) and not (
        rule.get("age_low_years", 0) <= person.age_years < rule.get("age_high_years", 1e9)
    ):
        return False
    if "serum_mg_high_mmol_per_l" in rule:
        return any(value > rule["serum_mg_high_mmol_per_l"] for value in newest(person, "serum-magnesium"))
    words = {"age-with-magnesium-oxide": "oxide", "condition-with-glycerophosphate": "glycerophosphate"}
    wanted = words.get(rule["criterion_code"])
    return wanted is None or wanted in salts_of(person)


def salts_of(person: Person) -> set[str]:
    """Families of the salts that are taken; the oxide of a medicine too."""
    oxide = {"oxide" for medicine in person.medicines if medicine.atc in ("A02AA02", "A06AD02")}
    return {supplement.salt for supplement in person.supplements} | oxide


def newest(person: Person, test: str) -> list[float]:
    """Values in mmol/L: the newest date, and all without one."""
    found = [result for result in person.labs if result.test == test]
    last = max((result.date for result in found if result.date), default=None)
    return [result.value for result in found if result.date in (None, last)]


def forbidden(person: Person) -> set[str]:
    """Everything that forbids a plan; empty when there may be one."""
    found = {rule["id"] for rule in rules_of(person) if rule["level"] in ("stop", "out-of-scope")}
    names = condition_names()
    found |= {f"unknown {name}" for name in person.conditions if name.casefold() not in names}
    codes, without = avoided()
    for medicine in person.medicines:
        if medicine.atc.startswith(codes) and not medicine.atc.startswith(without or ("none",)):
            found |= {f"avoid {medicine.atc}"}
        if medicine.name == NOT_KNOWN or medicine.atc == OPEN_GROUP:
            found |= {f"unknown {medicine.name}"}
        if medicine.atc.startswith(MAGNESIUM_CODES) and (medicine.elemental_mg is None or not medicine.times):
            found |= {f"amount {medicine.name}"}
    if any(not supplement.times for supplement in person.supplements):
        found |= {"amount of a supplement"}
    if not person.supplements_known:
        found |= {"products not asked"}
    for value in newest(person, "serum-magnesium"):
        if value > HIGH_SERUM_MMOL_PER_L or value < VERY_LOW_SERUM_MMOL_PER_L:
            found |= {"serum"}
    for test, bound in OTHER_HIGH.items():
        found |= {test for value in newest(person, test) if value > bound}
    hinted = any(medicine.atc.startswith(KIDNEY_CODES) for medicine in person.medicines)
    if person.egfr_ml_min_1_73m2 is None and (person.age_years >= OLD or hinted or ids_of(person) & {*KIDNEY_IDS}):
        found |= {"eGFR"}
    return found


def cap_mg(person: Person, authority: str) -> float:
    """Least of all bounds on supplements and medicines together [mg/d]."""
    (limits,) = [row["limit_authority"] for row in rows("authorities.csv") if row["id"] == authority]
    own = _limits(person, limits) or _limits(person, EU_LIMITS) or [0.0]
    caps = [rule["max_supplement_mg"] for rule in rules_of(person) if "max_supplement_mg" in rule]
    unknown = [100.0] if person.egfr_ml_min_1_73m2 is None else []
    return min((*own, *caps, *unknown))


def _limits(person: Person, name: str) -> list[float]:
    last = person.age_years + (0.999 if person.age_in_whole_years else 0)
    return [
        float(row["mg_per_day"])
        for row in rows("limits.csv")
        if row["authority"] == name
        and row["kind"] in ("UL", "guidance")
        and float(row["age_low_years"]) <= person.age_years
        and last < float(row["age_high_years"] or 1e9)
    ]


def taken_mg(person: Person) -> float:
    """Magnesium of products as labelled [mg/d], a compound as its richest hydrate."""
    total = 0.0
    for supplement in person.supplements:
        each = supplement.elemental_mg
        if each is None:
            shares = [
                float(row["magnesium_mass_fraction"])
                for row in rows("salts.csv")
                if row["family"] == supplement.salt and row["magnesium_mass_fraction"]
            ]
            each = (supplement.compound_mg or 0.0) * max(shares)
        total += each * len(supplement.times)
    return total + sum((medicine.elemental_mg or 0.0) * len(medicine.times) for medicine in person.medicines)
