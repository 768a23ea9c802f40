"""Laboratory values against cut-offs, side by side: the cut-off decides more than the value. Never a diagnosis."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from magnes.estimate import Estimate, Record
from magnes.knowledge.load import table
from magnes.knowledge.names import lab_test
from magnes.knowledge.records import LabReference
from magnes.person import LabResult, Person

__all__ = [
    "CUT_OFFS",
    "WITH_LOW_SERUM",
    "CutOff",
    "LabStatus",
    "Status",
    "current",
    "lab_bound",
    "lab_reference",
    "low_serum",
    "status",
]

# test -> (role, row of lab_references): low cut-offs in rising order, then the high one
CUT_OFFS: dict[str, tuple[tuple[Literal["low", "high"], str], ...]] = {
    "serum-magnesium": (("low", "LAB10"), ("low", "LAB01"), ("low", "LAB07"), ("high", "LAB13")),
    "ionised-magnesium": (("low", "LAB21"), ("high", "LAB21")),
    "red-cell-magnesium": (("low", "LAB23"), ("high", "LAB23")),
    "urine-magnesium-24h": (("low", "LAB24"), ("high", "LAB24")),
}
# What says something only while magnesium in serum is low: whether the kidneys lose or save it
WITH_LOW_SERUM: dict[str, tuple[tuple[Literal["low", "high"], str], ...]] = {
    "urine-magnesium-24h": (("low", "LAB33"), ("high", "LAB33")),
    "fractional-excretion": (("high", "LAB31"), ("high", "LAB32")),
}
LOW_SERUM = "LAB10"  # 0.70 mmol/L, the Dutch cut-off


class CutOff(Record):
    """One cut-off and on which side the value lies."""

    side: Literal["low", "high"]
    cut_off: Estimate
    crossed: bool
    role: str
    role_nl: str
    role_en: str


class LabStatus(Record):
    """A laboratory value in the unit of its test beside every cut-off that is in use; for some tests there is none."""

    test: str
    value: Estimate
    date: dt.date | None
    cut_offs: tuple[CutOff, ...]


class Status(Record):
    """What laboratory values say. Body stores are not estimated: ``stores`` says so in every answer."""

    labs: tuple[LabStatus, ...]
    stores: Literal["not_estimated"] = "not_estimated"


def current(person: Person, test: str) -> tuple[float, ...]:
    """Values of a test that count now [unit of the test]: those of the newest date, and every value without a date."""
    found = [result for result in person.labs if result.test == test]
    newest = max((result.date for result in found if result.date), default=None)
    row = lab_test(test)
    return tuple(row.in_unit(one.value, one.unit) for one in found if one.date is None or one.date == newest)


def status(person: Person) -> Status:
    """Put the person's laboratory values beside the cut-offs."""
    low = low_serum(person)
    return Status(labs=tuple(_lab(result, low=low) for result in person.labs))


def low_serum(person: Person) -> bool:
    """Whether a current serum value lies below the Dutch cut-off for low."""
    bound = lab_reference(LOW_SERUM).si_high or 0.0
    return any(value < bound for value in current(person, "serum-magnesium"))


def lab_reference(row_id: str) -> LabReference:
    """Row of ``lab_references.csv``; ``StopIteration`` when there is none."""
    return next(row for row in table(LabReference) if row.id == row_id)


def _lab(result: LabResult, *, low: bool) -> LabStatus:
    test = lab_test(result.test)
    value = test.in_unit(result.value, result.unit)
    sides = (*CUT_OFFS.get(test.id, ()), *(WITH_LOW_SERUM.get(test.id, ()) if low else ()))
    cut_offs = [_cut_off(side, lab_reference(row), value) for side, row in sides]
    given = Estimate.exact(value, test.unit, ("USER",), verified=True)
    return LabStatus(test=result.test, value=given, date=result.date, cut_offs=tuple(cut_offs))


def lab_bound(side: Literal["low", "high"], row: LabReference) -> Estimate:
    """Bound of a row: ``si_low`` of an interval or alone in ``si_high`` when low, the other way round when high."""
    first, second = {"low": (row.si_low, row.si_high), "high": (row.si_high, row.si_low)}[side]
    bound = second if first is None else first
    if bound is None:
        raise ValueError(f"{row.id} has no bound")
    return Estimate.exact(bound, row.si_unit, row.sources, verified=row.verified)


def _cut_off(side: Literal["low", "high"], row: LabReference, value: float) -> CutOff:
    bound = lab_bound(side, row)
    crossed = value < bound.value if side == "low" else value > bound.value
    return CutOff(side=side, cut_off=bound, crossed=crossed, role=row.role, role_nl=row.role_nl, role_en=row.role_en)
