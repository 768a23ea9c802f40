"""Interactions of this person's medicines with magnesium, both ways, with the hours that their clock times leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from magnes.advice.finding import ORDER, Finding, Severity
from magnes.advice.labs import high_serum, lab_findings
from magnes.advice.safety import safety_findings
from magnes.advice.unknown import conditions_of, interactions_of, unknown_findings
from magnes.intake import Intake
from magnes.knowledge.body_effects import ConditionEffect
from magnes.knowledge.clinical import Interaction
from magnes.knowledge.load import table
from magnes.need import LimitCheck
from magnes.person import Medicine, Person
from magnes.products import holds_magnesium, takes_magnesium
from magnes.status import low_serum

__all__ = ["check", "interaction_findings", "interactions_of"]

ONLY_WITH_MAGNESIUM = (
    "mg_lowers_medicine_absorption",
    "mg_raises_medicine_effect",
    "lowers_mg_absorption",
    "additive",
    "mixed",
)
# Parameters of the body model by what more of them does
KEEPS = (
    "kidney_setpoint_factor",
    "kidney_distal_factor",
    "kidney_loop_factor",
    "gut_active_factor",
    "gut_passive_factor",
)
LOSES = ("gut_loss_factor", "gut_transit_factor")
ABSORPTION = ("mg_lowers_medicine_absorption", "mg_raises_medicine_effect", "lowers_mg_absorption")
SEVERITY: dict[str, Severity] = {"avoid": "major", "major": "major", "moderate": "moderate", "minor": "minor"}
NO_RESERVE = 30  # eGFR below which the kidneys no longer regulate magnesium (contraindication CI04)
TOO_CLOSE = ("too_close_medicine_first", "too_close_magnesium_first")

Judged = tuple[str, Severity, dict[str, str | float]]


class Gap(NamedTuple):
    """Hours from one taking to the other, and the hours that are needed in that order."""

    medicine: dt.time
    magnesium: dt.time
    product: str
    medicine_first: bool
    hours: float
    needed: float

    @property
    def too_close(self) -> bool:
        """Whether this pair breaks its window."""
        return self.hours < self.needed

    @property
    def code(self) -> str:
        """Code of the finding on a pair that is too close."""
        return "too_close_medicine_first" if self.medicine_first else "too_close_magnesium_first"

    @property
    def facts(self) -> dict[str, str | float]:
        """Clock times, product and hours for the text."""
        return {
            "medicine_time": self.medicine.strftime("%H:%M"),
            "magnesium_time": self.magnesium.strftime("%H:%M"),
            "product": self.product,
            "hours": round(self.hours, 2),
            "needed": self.needed,
        }


def check(person: Person, eaten: Intake, limit: LimitCheck) -> tuple[Finding, ...]:
    """All findings on a person, most serious first."""
    found = [
        *safety_findings(person, eaten, limit),
        *lab_findings(person),
        *unknown_findings(person, eaten, limit),
        *interaction_findings(person),
        *condition_findings(person),
    ]
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))


def condition_findings(person: Person) -> Iterator[Finding]:
    """Name conditions that lower magnesium by the body model's effects; more serious when it is low already.

    Pregnancy and breastfeeding are no disease: their values lie lower in health.
    """
    left = conditions_of(person) - {"pregnancy", "breastfeeding"}
    for row in table(ConditionEffect):
        if row.variant or left.isdisjoint(row.conditions) or not _lowers(row):
            continue
        left -= set(row.conditions)  # one sentence each
        yield Finding(
            code="condition_lowers_mg",
            severity="moderate" if low_serum(person) else "minor",
            rule=row.id,
            subject_nl=row.name_nl,
            subject_en=row.name_en,
            sources=row.sources,
            verified=row.verified,
        )


def _lowers(row: ConditionEffect) -> bool:
    return row.value < 1 if row.factor in KEEPS else row.value > 1 and row.factor in LOSES


def interaction_findings(person: Person) -> list[Finding]:
    """Return interactions of every medicine with magnesium that the person takes, or could start."""
    found = []
    for place, medicine in enumerate(person.medicines):
        # the person without this medicine: a magnesium product is no partner of itself
        others = person.model_copy(update={"medicines": person.medicines[:place] + person.medicines[place + 1 :]})
        rows = interactions_of(medicine.atc, medicine.name)
        for row in rows:
            if _about_itself(row, medicine, others):
                continue
            if row.direction == "none" or row.severity == "none":
                if row.direction != "none" or all(other.direction == "none" for other in rows):
                    found.append(_finding(row, code="no_warning", severity="info", facts={"medicine": medicine.name}))
                continue
            found += _findings(row, medicine, others)
    return found


def _about_itself(row: Interaction, medicine: Medicine, others: Person) -> bool:
    """Two rows speak of magnesium products as partners; one product alone is no combination."""
    return row.direction == "additive" and holds_magnesium(medicine) and not takes_magnesium(others)


def _findings(row: Interaction, medicine: Medicine, others: Person) -> list[Finding]:
    """Judge one rule on one medicine: one finding, or one for every pair of clock times that is too close."""
    severity = _severity(row, others)
    facts: dict[str, str | float] = {"medicine": medicine.name}
    if row.hours_before_mg is not None:
        facts["hours_before"] = row.hours_before_mg
    if row.hours_after_mg is not None:
        facts["hours_after"] = row.hours_after_mg
    code = "medicine_lowers_mg_is_low" if _explains_low(row, others) else row.direction
    found: list[Judged] = [(code, severity, {})]
    taking = takes_magnesium(others)
    if row.direction in ONLY_WITH_MAGNESIUM and not taking:
        found = [("would_interact", "info", {})]
    elif taking:
        judged = _timing(row, medicine, others, severity)
        # a medicine that itself changes magnesium keeps its finding when the hours are right
        if row.direction in ONLY_WITH_MAGNESIUM or judged[0][0] in TOO_CLOSE:
            found = judged
    return [_finding(row, code, how_serious, facts | more) for code, how_serious, more in found]


def _finding(row: Interaction, code: str, severity: Severity, facts: dict[str, str | float]) -> Finding:
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


def _severity(row: Interaction, others: Person) -> Severity:
    """Severity of the table, raised by low kidney function, a high or a low magnesium where the rule turns on it."""
    egfr, severity = others.egfr_ml_min_1_73m2, SEVERITY[row.severity]
    if row.severity_low_egfr and egfr is not None and egfr < (row.egfr_below or 0.0):
        severity = SEVERITY[row.severity_low_egfr]
    piles_up = row.direction == "medicine_raises_mg" and (
        (egfr is not None and egfr < NO_RESERVE) or high_serum(others)
    )
    if piles_up or _explains_low(row, others):
        severity = min(severity, "moderate", key=ORDER.index)
    if row.direction == "low_mg_worsens_toxicity" and not (low_serum(others) or _loses_magnesium(others)):
        severity = "moderate"
    return severity


def _explains_low(row: Interaction, others: Person) -> bool:
    return row.direction == "medicine_lowers_mg" and low_serum(others)


def _loses_magnesium(others: Person) -> bool:
    return any(
        row.direction == "medicine_lowers_mg" and row.severity in ("major", "moderate")
        for medicine in others.medicines
        for row in interactions_of(medicine.atc, medicine.name)
    )


def _timing(row: Interaction, medicine: Medicine, others: Person, severity: Severity) -> list[Judged]:
    """Judge the clock times. Blank hours are unknown, never safe."""
    if row.severity == "avoid":
        return [("avoid", severity, {})]
    if row.hours_before_mg is None and row.hours_after_mg is None:
        return [("hours_unknown" if row.direction in ABSORPTION else row.direction, severity, {})]
    takings, all_known = _magnesium_takings(others)
    if not medicine.times or not takings:
        return [("times_unknown", severity, {})]
    gaps = [_nearest_gap(row, taken, *taking) for taken in medicine.times for taking in takings]
    close = [gap for gap in gaps if gap.too_close]
    if close:
        return [(gap.code, severity, gap.facts) for gap in sorted(close, key=lambda gap: gap.hours - gap.needed)]
    if not all_known:
        return [("times_unknown", severity, {})]
    if row.hours_before_mg is None or row.hours_after_mg is None:
        return [("hours_half_known", severity, {})]
    return [("separated", "info", {"hours": round(min(gap.hours for gap in gaps), 2)})]


def _magnesium_takings(others: Person) -> tuple[list[tuple[dt.time, str]], bool]:
    """Clock time and name of every taking of magnesium, and whether each product has some."""
    products = [(supplement.times, supplement.salt or supplement.product) for supplement in others.supplements]
    products += [(other.times, other.name) for other in others.medicines if holds_magnesium(other)]
    return sorted((time, name) for times, name in products for time in times), all(times for times, _ in products)


def _nearest_gap(row: Interaction, taken: dt.time, magnesium: dt.time, name: str) -> Gap:
    """Take the order of a pair around the clock that leaves least room: every day is like the next."""
    until = ((magnesium.hour - taken.hour) + (magnesium.minute - taken.minute) / 60) % 24
    first = Gap(taken, magnesium, name, True, until, row.hours_before_mg or 0.0)
    after = Gap(taken, magnesium, name, False, (24 - until) % 24, row.hours_after_mg or 0.0)
    return min(first, after, key=lambda gap: gap.hours - gap.needed)
