"""Units that UCUM knows, intervals in order, numbers that a body can have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from lark import Lark
from lark.exceptions import LarkError
from ucumvert import get_ucum_parser

from magnes.errors import Problem
from magnes.estimate import Record
from magnes.knowledge.checks.common import wrong
from magnes.knowledge.load import located, tables
from magnes.knowledge.rows import Located

__all__ = ["is_ucum", "ranges_are_ordered", "units_parse"]

UNITS = ("unit", "si_unit", "effect_unit")
# field -> largest value that is no typing error
LARGEST = {
    "age_low_years": 121,
    "age_high_years": 121,
    "egfr_low": 200,
    "egfr_high": 200,
    "egfr_below": 200,
    "hours_before_mg": 48,
    "hours_after_mg": 48,
    "hours_first_before": 24,
    "hours_first_after": 24,
    "hours_before_food": 12,
    "hours_after_food": 12,
    "serum_low_mmol_per_l": 20,
    "serum_high_mmol_per_l": 20,
    "serum_mg_high_mmol_per_l": 20,
    "max_supplement_mg": 1000,
    "mg_per_day": 2000,
    "mg_per_day_high": 2000,
    "dose_low_mg": 5000,
    "dose_high_mg": 5000,
    "dose_mg": 5000,
    "control_per_1000": 1000,
    "treated_per_1000": 1000,
    "risk_weight": 5,
    "magnesium_mass_fraction": 1,
    "soluble_high": 1,
}
# low field -> high field
ORDERED = {
    "low": "high",
    "si_low": "si_high",
    "age_low_years": "age_high_years",
    "egfr_low": "egfr_high",
    "serum_low_mmol_per_l": "serum_high_mmol_per_l",
    "dose_low_mg": "dose_high_mg",
    "duration_days_low": "duration_days_high",
    "applies_age_low_years": "applies_age_high_years",
    "mg_per_day": "mg_per_day_high",
    "soluble_low": "soluble_high",
    "lowest": "usual_low",
    "usual_low": "usual_high",
    "usual_high": "highest",
    "analytical_low": "analytical_high",
    "within_person_low": "within_person_high",
}
RATIOS = ("RR", "OR", "HR", "odds_ratio", "risk_ratio", "hazard_ratio")
MIDDLE = (
    ("low", "value", "high"),
    ("low", "retained", "high"),
    ("soluble_low", "soluble_fraction", "soluble_high"),
    ("effect_low", "effect_value", "effect_high"),
    ("analytical_low", "analytical_cv", "analytical_high"),
    ("within_person_low", "within_person_cv", "within_person_high"),
)


def units_parse() -> Iterator[Problem]:
    """Find a unit that a machine cannot read: mmol/24 h for mmol/(24.h)."""
    for at, row in _rows_with(UNITS):
        for field in _fields(type(row), UNITS):
            for unit in filter(None, getattr(row, field).split(";")):  # a statement with several numbers has several
                if not is_ucum(unit):
                    yield wrong("unit", at, field, unit, "UCUM")


@cache
def is_ucum(unit: str) -> bool:
    """Whether a unit is written in UCUM.

    >>> is_ucum("mmol/L"), is_ucum("mmol/24 h")
    (True, False)
    """
    try:
        _parser().parse(unit)
    except LarkError:
        return False
    return True


@cache
def _parser() -> Lark:
    parser: Lark = get_ucum_parser()
    return parser


def ranges_are_ordered() -> Iterator[Problem]:
    """Find bounds in each other's place, a value outside its interval, months typed as years."""
    for at, row in _rows_with((*LARGEST, *ORDERED, *(middle for _, middle, _ in MIDDLE))):
        for field in _fields(type(row), tuple(LARGEST)):
            value = getattr(row, field)
            if value is not None and value > LARGEST[field]:
                yield wrong("range", at, field, value, f"<= {LARGEST[field]}")
        for first in _fields(type(row), tuple(ORDERED)):
            low, high = getattr(row, first), getattr(row, ORDERED[first], None)
            if low is not None and high is not None and low > high:
                yield wrong("range", at, first, low, f"<= {ORDERED[first]} {high:g}")
        if getattr(row, "measure", "") in RATIOS and (row.value <= 0 or (row.low is not None and row.low <= 0)):  # type: ignore[attr-defined]
            yield wrong("range", at, "low", getattr(row, "low", None), "> 0")
        for first, middle, last in MIDDLE:
            low, value, high = (getattr(row, name, None) for name in (first, middle, last))
            if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
                yield wrong("range", at, middle, value, f"{low} .. {high}")


@cache
def _fields(kind: type[Record], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the names that a record has."""
    return tuple(name for name in names if name in kind.model_fields)


def _rows_with(names: tuple[str, ...]) -> Iterator[tuple[Located[Any], Record]]:
    """Return rows and their effects that have any of these fields, with the place of the row."""
    for kind, _ in tables():
        own, nested = _fields(kind, names), "effects" in kind.model_fields
        for at in located(kind) if own or nested else ():
            yield from ((at, part) for part in (at.row, *(at.row.effects if nested else ())))
