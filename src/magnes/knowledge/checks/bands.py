"""Age bands of one authority, kind, sex and condition: no overlap, no hole."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from magnes.errors import Problem
from magnes.knowledge.checks.common import wrong
from magnes.knowledge.load import located
from magnes.knowledge.records import Limit, ReferenceValue
from magnes.knowledge.rows import Located

__all__ = ["age_bands"]

SEXES = ("female", "male")
NO_SERIES = ("statement", "label", "NOAEL", "LOAEL", "legal")  # single numbers, not a table by age


def age_bands() -> Iterator[Problem]:
    """Find two values for one person, or none between two bands."""
    for kind in (ReferenceValue, Limit):
        groups: dict[tuple[object, ...], list[Located[Any]]] = {}
        for at in located(kind):
            row: Any = at.row
            if row.kind not in NO_SERIES:
                key = (row.authority, row.kind, row.condition, getattr(row, "until", None))
                groups.setdefault(key, []).append(at)
        for rows in groups.values():
            for sex in SEXES:
                own = [at for at in rows if at.row.sex in (sex, "any")]
                own.sort(key=lambda at: at.row.age_low_years)
                for first, second in pairwise(own):
                    yield from _between(first, second)


def _between(first: Located[Any], second: Located[Any]) -> Iterator[Problem]:
    high = math.inf if first.row.age_high_years is None else first.row.age_high_years
    low = second.row.age_low_years
    if high > low:
        yield wrong("overlap", second, "age_low_years", f"{low:g}", _band(first.row))
    elif high < low:
        yield wrong("gap", second, "age_low_years", f"{low:g}", _band(first.row))


def _band(row: Any) -> str:
    """Id and ages of a band: ``RV083 4..9``, an open end without a number."""
    return f"{row.id} {row.age_low_years:g}..{'' if row.age_high_years is None else format(row.age_high_years, 'g')}"
