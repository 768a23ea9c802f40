"""Interactions of this person's medicines with magnesium, both ways, with the hours that their clock times leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from magnes.advice.finding import ORDER, Finding, Severity
from magnes.advice.safety import interactions_of, safety_findings, takes_magnesium
from magnes.intake import Intake
from magnes.knowledge.names import substance
from magnes.knowledge.records import Interaction
from magnes.need import LimitCheck
from magnes.person import Medicine, Person

__all__ = ["check", "interaction_findings", "interactions_of"]

ONLY_WITH_MAGNESIUM = (
    "mg_lowers_medicine_absorption",
    "mg_raises_medicine_effect",
    "lowers_mg_absorption",
    "additive",
    "mixed",
)
ABSORPTION = ("mg_lowers_medicine_absorption", "mg_raises_medicine_effect", "lowers_mg_absorption")
SEVERITY: dict[str, Severity] = {"avoid": "major", "major": "major", "moderate": "moderate", "minor": "minor"}


TOO_CLOSE = ("too_close_medicine_first", "too_close_magnesium_first")


class Gap(NamedTuple):
    """Hours from one taking to the other, and the hours that are needed in that order."""

    medicine: dt.time
    magnesium: dt.time
    medicine_first: bool
    hours: float
    needed: float

    @property
    def too_close(self) -> bool:
        """Whether this pair breaks its window."""
        return self.hours < self.needed


def check(person: Person, eaten: Intake, limit: LimitCheck) -> tuple[Finding, ...]:
    """All findings on a person, most serious first."""
    found = [*safety_findings(person, eaten, limit), *interaction_findings(person)]
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))


def interaction_findings(person: Person) -> list[Finding]:
    """Return interactions of every medicine with magnesium that the person takes, or could start."""
    found = []
    for place, medicine in enumerate(person.medicines):
        # the person without this medicine: a magnesium product is no partner of itself
        others = person.model_copy(update={"medicines": person.medicines[:place] + person.medicines[place + 1 :]})
        for row in interactions_of(medicine.atc) if medicine.atc else ():
            if row.severity == "none" or row.direction == "none" or _about_itself(row, medicine, others):
                continue
            found.append(_finding(row, medicine, others))
    return found


def _about_itself(row: Interaction, medicine: Medicine, others: Person) -> bool:
    """Two rows speak of magnesium products as partners; one product alone is no combination."""
    known = substance(medicine.atc)
    holds = known is not None and known.salt != ""
    return row.direction == "additive" and holds and not takes_magnesium(others)


def _finding(row: Interaction, medicine: Medicine, others: Person) -> Finding:
    code: str = row.direction
    severity = SEVERITY[row.severity]
    facts: dict[str, str | float] = {"medicine": medicine.name}
    if row.hours_before_mg is not None:
        facts["hours_before"] = row.hours_before_mg
    if row.hours_after_mg is not None:
        facts["hours_after"] = row.hours_after_mg
    taking = takes_magnesium(others)
    if row.direction in ONLY_WITH_MAGNESIUM and not taking:
        code, severity = "would_interact", "info"
    elif taking:
        judged, judged_severity, timing = _timing(row, medicine, others, severity)
        # a medicine that itself changes magnesium keeps its finding when the hours are right
        if row.direction in ONLY_WITH_MAGNESIUM or judged in TOO_CLOSE:
            code, severity = judged, judged_severity
            facts |= timing
    return Finding(
        code=code,
        severity=severity,
        rule=row.id,
        subject_nl=row.substance_nl,
        subject_en=row.substance_en,
        action_nl=row.action_nl,
        action_en=row.action_en,
        facts=facts,
        sources=row.sources,
        verified=row.verified,
    )


def _timing(
    row: Interaction, medicine: Medicine, others: Person, severity: Severity
) -> tuple[str, Severity, dict[str, str | float]]:
    """Judge the clock times. Blank hours are unknown, never safe."""
    if row.severity == "avoid":
        return "avoid", severity, {}
    if row.hours_before_mg is None and row.hours_after_mg is None:
        return ("hours_unknown" if row.direction in ABSORPTION else row.direction), severity, {}
    magnesium, all_known = _magnesium_times(others)
    if not medicine.times or not magnesium:
        return "times_unknown", severity, {}
    gaps = list(_gaps(row, medicine.times, magnesium))
    close = [gap for gap in gaps if gap.too_close]
    if close:
        worst = min(close, key=lambda gap: gap.hours - gap.needed)
        facts: dict[str, str | float] = {
            "medicine_time": worst.medicine.strftime("%H:%M"),
            "magnesium_time": worst.magnesium.strftime("%H:%M"),
            "hours": round(worst.hours, 2),
            "needed": worst.needed,
        }
        return (
            ("too_close_medicine_first" if worst.medicine_first else "too_close_magnesium_first"),
            severity,
            facts,
        )
    if not all_known:
        return "times_unknown", severity, {}
    if row.hours_before_mg is None or row.hours_after_mg is None:
        return "hours_half_known", severity, {}
    return "separated", "info", {"hours": round(min(gap.hours for gap in gaps), 2)}


def _magnesium_times(others: Person) -> tuple[set[dt.time], bool]:
    """Clock times of every taking of magnesium, and whether each product has some."""
    products = [supplement.times for supplement in others.supplements]
    for other in others.medicines:
        known = substance(other.atc) if other.atc else None
        if known and known.salt:
            products.append(other.times)
    return {time for times in products for time in times}, all(products)


def _gaps(row: Interaction, medicine: Iterable[dt.time], magnesium: Iterable[dt.time]) -> Iterable[Gap]:
    """Both orders of every pair around the clock: every day is like the next."""
    for taken, mg in product(medicine, magnesium):
        until = ((mg.hour - taken.hour) + (mg.minute - taken.minute) / 60) % 24
        yield Gap(taken, mg, True, until, row.hours_before_mg or 0.0)
        yield Gap(taken, mg, False, (24 - until) % 24, row.hours_after_mg or 0.0)
