"""Laboratory values that call for somebody to look at them. A risk indication, never a diagnosis."""

from __future__ import annotations

import math
from collections.abc import Iterable

from magnes.advice.finding import Finding, Severity
from magnes.knowledge.load import table
from magnes.knowledge.records import LabReference
from magnes.person import Person
from magnes.status import current

__all__ = ["high_serum", "lab_findings", "low_serum"]

HIGH_SERUM = "LAB13"
VERY_LOW, LOW = "LAB12", "LAB10"  # serum: 0.50 and 0.70 mmol/L
HIGH = {"ionised-magnesium": "LAB21", "red-cell-magnesium": "LAB23"}


def low_serum(person: Person) -> bool:
    """Whether a current serum value lies below the Dutch cut-off for low."""
    bound = _row(LOW).si_high or 0.0
    return any(value < bound for value in current(person, "serum-magnesium"))


def high_serum(person: Person) -> bool:
    """Whether a current serum value lies above the cut-off for high."""
    bound = _row(HIGH_SERUM).si_low
    return bound is not None and any(value > bound for value in current(person, "serum-magnesium"))


def lab_findings(person: Person) -> Iterable[Finding]:
    """Name current values outside the bounds, the most serious statement per value."""
    very_low, low, high = map(_row, (VERY_LOW, LOW, HIGH_SERUM))
    for value in current(person, "serum-magnesium"):
        if value < (very_low.si_high or 0.0):
            yield _finding("lab_very_low", "major", value, very_low, very_low.si_high)
        elif value < (low.si_high or 0.0):
            yield _finding("lab_low", "moderate", value, low, low.si_high)
        elif value > (high.si_low or math.inf):
            yield _finding("lab_high", "moderate", value, high, high.si_low)
    for test, row_id in HIGH.items():
        row = _row(row_id)
        for value in current(person, test):
            if row.si_high is not None and value > row.si_high:
                yield _finding("lab_high", "moderate", value, row, row.si_high)


def _row(row_id: str) -> LabReference:
    return next(row for row in table(LabReference) if row.id == row_id)


def _finding(code: str, severity: Severity, value: float, row: LabReference, bound: float | None) -> Finding:
    facts: dict[str, str | float] = {"value": value, "bound": bound or 0.0}
    return Finding(code=code, severity=severity, rule=row.id, facts=facts, sources=row.sources, verified=row.verified)
