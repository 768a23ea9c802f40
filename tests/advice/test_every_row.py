"""Every interaction and every contraindication: it is met by a person made for it, and not by the near miss."""

from __future__ import annotations

import datetime as dt

import pytest

from magnes.advice.check import check
from magnes.intake import intake
from magnes.knowledge.clinical import Contraindication, Interaction, Substance
from magnes.knowledge.load import table
from magnes.need import limit
from magnes.person import LabResult, Medicine, Person, Supplement

NOON = dt.time(12)
CITRATE = Supplement(salt="citrate", elemental_mg=100, times=(NOON,))
INTERACTIONS = table(Interaction)
RULES = table(Contraindication)
WITH_SALT = {"age-with-magnesium-oxide": "oxide", "condition-with-glycerophosphate": "glycerophosphate"}


def rules(who: Person) -> set[str]:
    eaten = intake(who, None)
    return {finding.rule for finding in check(who, eaten, limit(who, eaten, "efsa-2015"))}


def taking(atc: str, name: str = "x") -> Person:
    medicine = Medicine(name=name, atc=atc, times=(NOON,))
    return Person(age_years=50, sex="female", medicines=(medicine,), supplements=(CITRATE,))


def members(row: Interaction) -> list[str]:
    """Whole codes that the row holds; its own code when no substance of the table has one."""
    known = [one.atc for one in table(Substance) if row.concerns(one.atc)]
    return known or [code for code in row.atc if len(code) == 7]


@pytest.mark.parametrize("row", INTERACTIONS, ids=lambda row: row.id)
def test_every_interaction_is_met_by_somebody(row: Interaction) -> None:
    # catches: a code that no medicine has, an exclusion that swallows the class, a row that nothing can reach
    if row.atc:
        assert any(row.id in rules(taking(atc)) for atc in members(row))
    for name in row.names:
        assert row.id in rules(taking("", name)), name
    assert row.atc or row.names


@pytest.mark.parametrize("row", [row for row in INTERACTIONS if row.atc], ids=lambda row: row.id)
def test_no_interaction_is_met_by_its_near_miss(row: Interaction) -> None:
    # catches: the right class and the wrong member, a sibling that acts the other way (C03D among C03)
    assert row.near_miss
    for atc in row.near_miss:
        assert row.id not in rules(taking(atc)), atc


@pytest.mark.parametrize("row", [row for row in INTERACTIONS if row.atc_old], ids=lambda row: row.id)
def test_withdrawn_codes_still_meet_the_row(row: Interaction) -> None:
    # catches: an older record (gabapentin N03AX12) that is read as an unknown medicine
    for atc in row.atc_old:
        assert row.id in rules(taking(atc)), atc


@pytest.mark.parametrize(
    "row", [row for row in INTERACTIONS if row.hours_before_mg and row.hours_after_mg], ids=lambda row: row.id
)
def test_a_dose_outside_the_window_is_no_warning(row: Interaction) -> None:
    # catches: hours that are read as minutes or in the wrong order; one minute inside the window must warn
    (atc, *_) = members(row)
    before, after = row.hours_before_mg or 0.0, row.hours_after_mg or 0.0
    for hours, kept in ((before, True), (before - 1 / 60, False), (-after, True), (-after + 1 / 60, False)):
        taken = (dt.datetime.combine(dt.date(2026, 3, 2), NOON) - dt.timedelta(hours=hours)).time()
        who = taking(atc).model_copy(update={"medicines": (Medicine(name="x", atc=atc, times=(taken,)),)})
        eaten = intake(who, None)
        found = check(who, eaten, limit(who, eaten, "efsa-2015"))
        (code,) = {finding.code for finding in found if finding.rule == row.id}
        assert code.startswith("too_close") != kept, (hours, code)


def fitting(row: Contraindication) -> Person:
    """Build a person whom the rule is made for."""
    return _person(row, inside=True)


def missing(row: Contraindication) -> list[Person]:
    """Return people just beside each criterion of the rule."""
    return [_person(row, inside=False, only=criterion) for criterion in criteria(row)]


def criteria(row: Contraindication) -> list[str]:
    found = ["condition"] if row.condition else []
    found += ["egfr"] if row.egfr_low is not None or row.egfr_high is not None else []
    found += ["age"] if row.age_low_years is not None or row.age_high_years is not None else []
    found += ["serum"] if row.serum_mg_high_mmol_per_l is not None else []
    return found + (["salt"] if row.criterion_code in WITH_SALT else [])


def _person(row: Contraindication, *, inside: bool, only: str = "") -> Person:
    """Meet every criterion, or all but ``only``."""
    facts: dict[str, object] = {"age_years": 50.0, "sex": "female", "egfr_ml_min_1_73m2": 90.0}
    met = {name: inside or name != only for name in criteria(row)}
    if "age" in met:
        edge = row.age_high_years if row.age_high_years is not None else (row.age_low_years or 1) - 1
        facts["age_years"] = (row.age_low_years or 0.0) if met["age"] else edge
    if "egfr" in met:
        beside = row.egfr_high if row.egfr_high is not None else (row.egfr_low or 1) - 0.1
        facts["egfr_ml_min_1_73m2"] = (row.egfr_low or 0.0) if met["egfr"] else beside
    if "condition" in met:
        facts |= _condition(row.condition) if met["condition"] else {"conditions": ("osteoarthritis",)}
    if "serum" in met:
        bound = row.serum_mg_high_mmol_per_l or 0.0
        value = bound + 0.01 if met["serum"] else bound
        day = dt.date(2026, 11, 1)
        facts["labs"] = (LabResult(test="serum-magnesium", value=value, unit="mmol/L", date=day),)
    salt = WITH_SALT[row.criterion_code] if met.get("salt") else "citrate"
    facts["supplements"] = (Supplement(salt=salt, elemental_mg=100, times=(NOON,)),)
    return Person(**facts)


def _condition(condition: str) -> dict[str, object]:
    if condition == "pregnancy":
        return {"pregnant": True}
    return {"lactating": True} if condition == "breastfeeding" else {"conditions": (condition,)}


@pytest.mark.parametrize("row", RULES, ids=lambda row: row.id)
def test_every_contraindication_is_met_by_the_person_made_for_it(row: Contraindication) -> None:
    # catches: a criterion that nobody can meet, a rule that no code looks at
    assert row.id in rules(fitting(row))


@pytest.mark.parametrize("row", RULES, ids=lambda row: row.id)
def test_no_contraindication_is_met_beside_a_criterion(row: Contraindication) -> None:
    # catches: < for <=, a tier that overlaps its neighbour, a rule on a salt that fires for every salt
    assert criteria(row)
    for who in missing(row):
        assert row.id not in rules(who), who
