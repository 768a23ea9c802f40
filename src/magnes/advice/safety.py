"""Contraindications and limits of oral magnesium: kidney tiers, conditions, age, pregnancy, laboratory, upper limit."""

from __future__ import annotations

import math
from collections.abc import Iterable

from magnes.advice.finding import Finding, Severity
from magnes.intake import Intake
from magnes.knowledge.load import table
from magnes.knowledge.names import NearNameError, condition_id, salts_named, substance
from magnes.knowledge.records import Contraindication, Interaction
from magnes.need import LimitCheck
from magnes.person import Person
from magnes.units import serum_mmol_per_l

__all__ = ["interactions_of", "safety_findings", "takes_magnesium"]

KIDNEY_CONDITIONS = {"chronic-kidney-disease", "kidney-transplant", "renal-tubular-disease"}
WHOLE_ATC = 7  # signs of the code of one substance; a shorter one is a group whose members differ
OUR_ROUTES = ("oral", "any")


def takes_magnesium(person: Person) -> bool:
    """Whether a supplement or a medicine of this person holds magnesium."""
    rows = (substance(medicine.atc) for medicine in person.medicines if medicine.atc)
    return bool(person.supplements) or any(row is not None and row.salt != "" for row in rows)


def interactions_of(atc: str) -> tuple[Interaction, ...]:
    """Interactions whose ATC codes hold this medicine and whose exclusions do not."""
    return tuple(
        row
        for row in table(Interaction)
        if any(atc.startswith(code) for code in row.atc) and not any(atc.startswith(code) for code in row.atc_exclude)
    )


def safety_findings(person: Person, eaten: Intake, check: LimitCheck) -> list[Finding]:
    """Every contraindication, cap and limit that applies to this person."""
    found = [_contraindication(row, person, eaten) for row in table(Contraindication) if _applies(row, person)]
    return [finding for finding in [*found, *_limit(check, person), *_unknown(person, eaten)] if finding]


def _applies(row: Contraindication, person: Person) -> bool:
    """Whether all criteria that the row states are met; a criterion without data on the person is not met."""
    if row.route not in OUR_ROUTES or row.level in ("none", "out-of-scope"):
        return False
    checks = []
    if row.condition:
        checks.append(row.condition in _conditions(person))
    if row.egfr_low is not None or row.egfr_high is not None:
        checks.append(_within(person.egfr_ml_min_1_73m2, row.egfr_low, row.egfr_high))
    if row.age_low_years is not None or row.age_high_years is not None:
        checks.append(_within(person.age_years, row.age_low_years, row.age_high_years))
    if row.serum_mg_high_mmol_per_l is not None:
        bound = row.serum_mg_high_mmol_per_l
        checks.append(any(value > bound for value in _serum(person)))
    if row.criterion_code == "age-with-magnesium-oxide":
        checks.append("SALT01" in _salts(person))
    return bool(checks) and all(checks)


def _within(value: float | None, low: float | None, high: float | None) -> bool:
    return value is not None and (low or 0.0) <= value < (math.inf if high is None else high)


def _conditions(person: Person) -> set[str]:
    found = {_condition(name) or name for name in person.conditions}
    return found | ({"pregnancy"} if person.pregnant else set()) | ({"breastfeeding"} if person.lactating else set())


def _condition(name: str) -> str | None:
    """Id of a condition by any of its names; ``None`` also for a name that is only like a known one."""
    try:
        return condition_id(name)
    except NearNameError:
        return None


def _serum(person: Person) -> Iterable[float]:
    return (serum_mmol_per_l(lab.value, lab.unit) for lab in person.labs if lab.test == "serum-magnesium")


def _salts(person: Person) -> set[str]:
    names = [supplement.salt for supplement in person.supplements if supplement.salt]
    from_medicines = {row.salt for row in (substance(m.atc) for m in person.medicines if m.atc) if row}
    return from_medicines | {salt.id for name in names for salt in salts_named(name)}


def _contraindication(row: Contraindication, person: Person, eaten: Intake) -> Finding:
    severity, code = _severity(row, person, eaten)
    facts: dict[str, str | float] = {"amount_mg": eaten.not_food.value}
    if row.max_supplement_mg is not None:
        facts["cap_mg"] = row.max_supplement_mg
    if person.egfr_ml_min_1_73m2 is not None and row.criterion_code == "egfr":
        facts["egfr"] = person.egfr_ml_min_1_73m2
    return Finding(
        code=code,
        severity=severity,
        rule=row.id,
        subject_nl=row.condition_nl,
        subject_en=row.condition_en,
        action_nl=row.rule_nl,
        action_en=row.rule_en,
        facts=facts,
        sources=row.sources,
        verified=row.verified,
        design_choice=row.design_choice,
    )


def _severity(row: Contraindication, person: Person, eaten: Intake) -> tuple[Severity, str]:
    taking = takes_magnesium(person)
    if row.level == "stop":
        return ("stop", "contraindicated") if taking else ("block", "contraindicated_if_started")
    if row.max_supplement_mg is not None:
        over = eaten.not_food.value > row.max_supplement_mg
        return ("major", "above_cap") if over else ("info", "cap")
    return ("moderate" if taking else "info"), row.level


def _limit(check: LimitCheck, person: Person) -> Iterable[Finding]:
    """Return the authority's limit for supplements and medicines, only when the person takes any."""
    if not takes_magnesium(person):
        return
    facts: dict[str, str | float] = {"amount_mg": check.amount.value, "authority": check.authority}
    if check.limit is None:
        yield Finding(code="no_limit", severity="moderate", facts=facts, sources=check.amount.sources, verified=True)
        return
    facts["limit_mg"] = check.limit.value
    code, severity = ("limit_exceeded", "major") if check.exceeded else ("limit_kept", "info")
    if check.at_least and not check.exceeded:
        code, severity = "limit_unknown", "moderate"
    yield Finding(
        code=code,
        severity=severity,
        facts=facts,
        sources=check.limit.sources,
        verified=check.limit.verified,
    )


def _unknown(person: Person, eaten: Intake) -> Iterable[Finding]:
    """Say what could not be checked: it is never silently safe."""
    for name in eaten.amount_unknown:
        yield _not_checked("amount_unknown", "moderate", name)
    for medicine in person.medicines:
        if not _known_medicine(medicine.atc):
            yield _not_checked("medicine_unknown", "moderate", medicine.name)
    for condition in person.conditions:
        if _condition(condition) is None:
            yield _not_checked("condition_unknown", "moderate", condition)
    kidney = _conditions(person) & KIDNEY_CONDITIONS
    if person.egfr_ml_min_1_73m2 is None and kidney:
        yield _not_checked("egfr_needed", "major")
    elif person.egfr_ml_min_1_73m2 is None and takes_magnesium(person):
        yield _not_checked("egfr_unknown", "minor")


def _known_medicine(atc: str) -> bool:
    """Whether this is a substance of ours, or the whole code of a member of a class that has a row."""
    return substance(atc) is not None or (len(atc) >= WHOLE_ATC and bool(interactions_of(atc)))


def _not_checked(code: str, severity: Severity, name: str = "") -> Finding:
    facts: dict[str, str | float] = {"name": name} if name else {}
    return Finding(code=code, severity=severity, facts=facts, sources=("MAGNES-DESIGN",), verified=False)
