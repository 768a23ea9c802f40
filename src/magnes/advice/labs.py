"""Laboratory values that call for somebody to look at them. A risk indication, never a diagnosis."""

from __future__ import annotations

import math
from collections.abc import Iterable

from magnes.advice.finding import Finding, Severity
from magnes.knowledge.records import LabReference
from magnes.person import Person
from magnes.status import LOW_SERUM, current, lab_reference, low_serum

__all__ = ["high_serum", "lab_findings"]

HIGH_SERUM = "LAB13"
VERY_LOW, LOW = "LAB12", LOW_SERUM  # serum: 0.50 and 0.70 mmol/L
URINE = "LAB24"
LOSS, SURE_LOSS, URINE_LOSS = "LAB31", "LAB32", "LAB33"  # while magnesium in serum is low
HIGH = {"ionised-magnesium": "LAB21", "red-cell-magnesium": "LAB23"}


def high_serum(person: Person) -> bool:
    """Whether a current serum value lies above the cut-off for high."""
    bound = lab_reference(HIGH_SERUM).si_low
    return bound is not None and any(value > bound for value in current(person, "serum-magnesium"))


def lab_findings(person: Person) -> Iterable[Finding]:
    """Name current values outside the bounds, the most serious statement per value."""
    very_low, low, high = map(lab_reference, (VERY_LOW, LOW, HIGH_SERUM))
    for value in current(person, "serum-magnesium"):
        if value < (very_low.si_high or 0.0):
            yield _finding("lab_very_low", "major", value, very_low, very_low.si_high)
        elif value < (low.si_high or 0.0):
            yield _finding("lab_low", "moderate", value, low, low.si_high)
        elif value > (high.si_low or math.inf):
            yield _finding("lab_high", "moderate", value, high, high.si_low)
    for test, row_id in HIGH.items():
        row = lab_reference(row_id)
        for value in current(person, test):
            if row.si_high is not None and value > row.si_high:
                yield _finding("lab_high", "moderate", value, row, row.si_high)
    yield from _kidney_findings(person)


def _kidney_findings(person: Person) -> Iterable[Finding]:
    """Say what fits with magnesium in urine; losing or saving has a meaning only while serum is low."""
    low = low_serum(person)
    loss, sure, urine_loss, interval = map(lab_reference, (LOSS, SURE_LOSS, URINE_LOSS, URINE))
    for value in current(person, "fractional-excretion") if low else ():
        if value > (sure.si_low or math.inf):
            yield _finding("lab_renal_loss", "moderate", value, sure, sure.si_low)
        elif value > (loss.si_low or math.inf):
            yield _finding("lab_renal_loss_possible", "minor", value, loss, loss.si_low)
        else:
            yield _finding("lab_kidneys_save", "minor", value, loss, loss.si_low)
    for value in current(person, "urine-magnesium-24h"):
        if low and value > (urine_loss.si_high or math.inf):
            yield _finding("lab_renal_loss", "moderate", value, urine_loss, urine_loss.si_high)
        elif low and value < (urine_loss.si_low or 0.0):
            yield _finding("lab_kidneys_save", "minor", value, urine_loss, urine_loss.si_low)
        elif value > (interval.si_high or math.inf):
            yield _finding("lab_urine_high", "info", value, interval, interval.si_high)
        elif value < (interval.si_low or 0.0):
            yield _finding("lab_urine_low", "info", value, interval, interval.si_low)


def _finding(code: str, severity: Severity, value: float, row: LabReference, bound: float | None) -> Finding:
    facts: dict[str, str | float] = {"value": value, "bound": bound or 0.0}
    return Finding(code=code, severity=severity, rule=row.id, facts=facts, sources=row.sources, verified=row.verified)
