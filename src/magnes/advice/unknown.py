"""What could not be checked is said: an unknown medicine, amount or kidney function is never silently safe."""

from __future__ import annotations

from collections.abc import Iterable

from magnes.advice.finding import Finding, Severity
from magnes.intake import Intake
from magnes.knowledge.clinical import Interaction
from magnes.knowledge.load import table
from magnes.knowledge.names import (
    MAGNESIUM_PRODUCTS,
    WHOLE_ATC,
    NearNameError,
    condition_id,
    medicine_spellings,
    substance,
)
from magnes.need import LimitCheck
from magnes.person import Medicine, Person
from magnes.products import takes_magnesium

__all__ = ["conditions_of", "interactions_of", "unknown_findings"]

KIDNEY_CONDITIONS = {"chronic-kidney-disease", "kidney-failure", "kidney-transplant", "renal-tubular-disease"}
OLD_YEARS = 65  # kidney function falls with age: without a value it is a question to ask


def interactions_of(atc: str, name: str = "") -> tuple[Interaction, ...]:
    """Interactions whose codes hold this medicine and whose exclusions do not, or that name it; else none."""
    spellings = () if atc else medicine_spellings(name)
    return tuple(row for row in table(Interaction) if row.concerns(atc, spellings))


def conditions_of(person: Person) -> set[str]:
    """Ids of the person's conditions, pregnancy and breastfeeding among them."""
    found = {_condition(name) or name for name in person.conditions}
    return found | ({"pregnancy"} if person.pregnant else set()) | ({"breastfeeding"} if person.lactating else set())


def unknown_findings(person: Person, eaten: Intake, check: LimitCheck) -> Iterable[Finding]:
    """Every gap in what was given that could hide a risk."""
    taking = takes_magnesium(person)
    for name in eaten.amount_unknown:
        yield _not_checked("amount_unknown", "moderate", name)
    for medicine in person.medicines:
        code = _gap(medicine)
        if code:
            serious = taking and code in ("medicine_unknown", "medicine_group_open")
            yield _not_checked(code, "major" if serious else "moderate", medicine.name)
    for condition in person.conditions:
        if _condition(condition) is None:
            yield _not_checked("condition_unknown", "moderate", condition)
    if person.egfr_ml_min_1_73m2 is None and conditions_of(person) & KIDNEY_CONDITIONS:
        yield _not_checked("egfr_needed", "major")
    elif person.egfr_ml_min_1_73m2 is None and taking:
        old = person.age_years >= OLD_YEARS
        yield _not_checked("egfr_unknown", "major" if old and check.exceeded else "moderate" if old else "minor")


def _gap(medicine: Medicine) -> str:
    """Return the code of what is not known of a medicine: all of it, or which member of a group it is."""
    if substance(medicine.atc) is not None or medicine.atc.startswith(MAGNESIUM_PRODUCTS):
        return ""
    whole = len(medicine.atc) in (0, WHOLE_ATC)
    if not whole and _some_members_interact(medicine.atc):
        return "medicine_group_open"  # a water tablet (C03): some lower magnesium, some raise it
    if not interactions_of(medicine.atc, medicine.name):
        return "medicine_unknown"
    return "" if whole else "medicine_group"


def _some_members_interact(group: str) -> bool:
    """Whether an interaction holds for members of a group only."""
    return any(code.startswith(group) and code != group for row in table(Interaction) for code in row.atc)


def _condition(name: str) -> str | None:
    """Id of a condition by any of its names; ``None`` also for a name that is only like a known one."""
    try:
        return condition_id(name)
    except NearNameError:
        return None


def _not_checked(code: str, severity: Severity, name: str = "") -> Finding:
    facts: dict[str, str | float] = {"name": name} if name else {}
    return Finding(code=code, severity=severity, facts=facts, sources=("MAGNES-DESIGN",), verified=False)
