"""Laboratory values against cut-offs, side by side: the cut-off decides more than the value. Never a diagnosis."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from magnes.estimate import Estimate, Record
from magnes.knowledge.load import table
from magnes.knowledge.names import lab_test
from magnes.knowledge.records import LabReference
from magnes.person import LabResult, Person

__all__ = ["CutOff", "LabStatus", "Status", "current", "status"]

# test -> (role, row of lab_references): low cut-offs in rising order, then the high one
CUT_OFFS: dict[str, tuple[tuple[Literal["low", "high"], str], ...]] = {
    "serum-magnesium": (("low", "LAB10"), ("low", "LAB01"), ("low", "LAB07"), ("high", "LAB13")),
    "ionised-magnesium": (("low", "LAB21"), ("high", "LAB21")),
    "red-cell-magnesium": (("low", "LAB23"), ("high", "LAB23")),
    "urine-magnesium-24h": (("low", "LAB24"), ("high", "LAB24")),
    "fractional-excretion": (),
    "magnesium-load": (),  # no published cut-off holds for every dose and salt
    "serum-albumin": (),
}


class CutOff(Record):
    """One cut-off and on which side the value lies."""

    side: Literal["low", "high"]
    cut_off: Estimate
    crossed: bool
    role: str
    role_nl: str
    role_en: str


class LabStatus(Record):
    """A laboratory value in the unit of its test (``knowledge/lab_tests.csv``) beside every cut-off that is in use."""

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
    return Status(labs=tuple(_lab(result) for result in person.labs))


def _lab(result: LabResult) -> LabStatus:
    test = lab_test(result.test)
    value = test.in_unit(result.value, result.unit)
    rows = {row.id: row for row in table(LabReference)}
    cut_offs = [_cut_off(side, rows[row], value) for side, row in CUT_OFFS[result.test]]
    given = Estimate.exact(value, test.unit, ("USER",), verified=True)
    return LabStatus(test=result.test, value=given, date=result.date, cut_offs=tuple(cut_offs))


def _cut_off(side: Literal["low", "high"], row: LabReference, value: float) -> CutOff:
    """Take the bound: ``si_low`` of an interval or alone in ``si_high`` when low, the other way round when high."""
    if side == "low":
        bound = row.si_low if row.si_low is not None else row.si_high
    else:
        bound = row.si_high if row.si_high is not None else row.si_low
    if bound is None:
        raise ValueError(f"{row.id} has no bound")
    estimate = Estimate.exact(bound, row.si_unit, row.sources, verified=row.verified)
    crossed = value < bound if side == "low" else value > bound
    return CutOff(side=side, cut_off=estimate, crossed=crossed, role=row.role, role_nl=row.role_nl, role_en=row.role_en)
