"""Contraindications and limits of oral magnesium: kidney tiers, conditions, age, pregnancy, laboratory, upper limit."""

from __future__ import annotations

import math
from collections.abc import Iterable

from magnes.advice.finding import Finding, Severity
from magnes.advice.unknown import conditions_of
from magnes.intake import Intake
from magnes.knowledge.clinical import Contraindication
from magnes.knowledge.load import table
from magnes.knowledge.names import salts_named, substance
from magnes.need import LimitCheck, LimitVerdict, limit_verdict
from magnes.person import Person
from magnes.products import takes_magnesium
from magnes.status import current

__all__ = ["contraindications", "safety_findings"]

WITH_SALT = {"age-with-magnesium-oxide": "SALT01", "condition-with-glycerophosphate": "SALT25"}
LIMIT_SEVERITY: dict[LimitVerdict, Severity] = {
    "exceeded": "major",
    "unknown": "moderate",
    "not_asked": "moderate",
    "possible": "minor",
    "kept": "info",
}
LOW_EGFR = 45  # below it an unknown amount is a serious gap (kidney tier G3b)


def safety_findings(person: Person, eaten: Intake, check: LimitCheck) -> list[Finding]:
    """Every contraindication, cap and limit that applies to this person."""
    rows = contraindications(person)
    return [*(_contraindication(row, person, eaten, check) for row in rows), *_limit(check, person, eaten)]


def contraindications(person: Person) -> list[Contraindication]:
    """Return the rules whose criteria this person meets, in the order of the table."""
    return [row for row in table(Contraindication) if _applies(row, person)]


def _applies(row: Contraindication, person: Person) -> bool:
    """Whether all criteria that the row states are met; a criterion without data on the person is not met."""
    checks = []
    if row.condition:
        checks.append(row.condition in conditions_of(person))
    if row.egfr_low is not None or row.egfr_high is not None:
        checks.append(_within(person.egfr_ml_min_1_73m2, row.egfr_low, row.egfr_high))
    if row.age_low_years is not None or row.age_high_years is not None:
        checks.append(_within(person.age_years, row.age_low_years, row.age_high_years))
    if row.serum_mg_high_mmol_per_l is not None:
        bound = row.serum_mg_high_mmol_per_l
        checks.append(any(value > bound for value in current(person, "serum-magnesium")))
    if row.criterion_code in WITH_SALT:
        checks.append(WITH_SALT[row.criterion_code] in _salts(person))
    return bool(checks) and all(checks)


def _within(value: float | None, low: float | None, high: float | None) -> bool:
    return value is not None and (low or 0.0) <= value < (math.inf if high is None else high)


def _salts(person: Person) -> set[str]:
    names = [supplement.salt for supplement in person.supplements if supplement.salt]
    from_medicines = {row.salt for row in (substance(m.atc) for m in person.medicines) if row}
    return from_medicines | {salt.id for name in names for salt in salts_named(name)}


def _contraindication(row: Contraindication, person: Person, eaten: Intake, check: LimitCheck) -> Finding:
    severity, code = _severity(row, person, eaten, check)
    facts: dict[str, str | float] = {"amount_mg": eaten.not_food.value}
    sources = row.sources
    if row.max_supplement_mg is not None:
        facts["cap_mg"] = row.max_supplement_mg
    if person.egfr_ml_min_1_73m2 is not None and row.criterion_code == "egfr":
        facts["egfr"] = person.egfr_ml_min_1_73m2
        sources = (*sources, "INKER21") if person.egfr_from_creatinine else sources
    return Finding(
        code=code,
        severity=severity,
        rule=row.id,
        subject_nl=row.condition_nl,
        subject_en=row.condition_en,
        action_nl=row.rule_nl,
        action_en=row.rule_en,
        facts=facts,
        sources=sources,
        verified=row.verified,
        design_choice=row.design_choice,
    )


def _severity(row: Contraindication, person: Person, eaten: Intake, check: LimitCheck) -> tuple[Severity, str]:
    taking = takes_magnesium(person)
    if row.level in ("none", "out-of-scope"):
        return "info", row.level
    if row.level == "stop":
        return ("stop", "contraindicated") if taking else ("block", "contraindicated_if_started")
    if row.max_supplement_mg is None:
        return ("moderate" if taking else "info"), row.level
    if eaten.not_food.value > row.max_supplement_mg:
        told = check.exceeded and check.limit is not None and check.limit.value <= row.max_supplement_mg
        return ("moderate" if told else "major"), "above_cap"  # the limit itself says as much already
    if eaten.amount_unknown:
        egfr = person.egfr_ml_min_1_73m2
        return ("major" if egfr is not None and egfr < LOW_EGFR else "moderate"), "cap_unknown"
    return "info", "cap"


def _limit(check: LimitCheck, person: Person, eaten: Intake) -> Iterable[Finding]:
    """Return the authority's limit for supplements and medicines, only when the person takes any."""
    if not takes_magnesium(person):
        return
    facts: dict[str, str | float] = {"amount_mg": check.amount.value, "authority": check.authority}
    if check.limit is None:
        yield Finding(code="no_limit", severity="moderate", facts=facts, sources=("SCF01", "BFR17"), verified=True)
        return
    facts["limit_mg"] = check.limit.value
    verdict = limit_verdict(check, eaten)
    if verdict == "possible":
        facts["high_mg"] = check.amount.high
    yield Finding(
        code=f"limit_{verdict}",
        severity=LIMIT_SEVERITY[verdict],
        facts=facts,
        sources=check.limit.sources,
        verified=check.limit.verified,
    )
