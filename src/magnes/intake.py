"""Diary and products -> magnesium in mg per day by source, each with its interval.

Composition errors of different foods are independent; the same food on several days shares its error. Days with an
unmatched food are incomplete: they are shown as "at least" and do not enter the mean.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from magnes.diary import Eaten, EatenItem
from magnes.errors import Problem
from magnes.estimate import Estimate, Record
from magnes.kitchen import item_magnesium
from magnes.person import Person
from magnes.products import MG_PER_DAY, Contribution, medicine_magnesium, supplement_magnesium

__all__ = ["DayIntake", "Intake", "Unmatched", "intake", "sum_by_day"]


class DayIntake(Record):
    """Food and drink of one day; ``complete`` is false when something of that day could not be matched."""

    date: dt.date
    complete: bool
    magnesium: Estimate


class Unmatched(Record):
    """A diary line that came to no amount of magnesium: where it stands, what was written, why."""

    line: int | None
    code: str
    found: str


class Intake(Record):
    """Magnesium per day by source; ``None`` is unknown, not zero.

    ``food`` is ``None`` without a complete day, ``supplements`` and ``medicines`` when products were named but no
    amount is known of any, or when nobody asked (``products_asked``). ``amount_unknown`` names products whose part is
    missing.
    """

    food: Estimate | None
    supplements: Estimate | None
    medicines: Estimate | None
    days: tuple[DayIntake, ...]
    missing_dates: tuple[dt.date, ...]
    contributions: tuple[Contribution, ...]
    unmatched: tuple[Unmatched, ...]
    amount_unknown: tuple[str, ...]
    products_asked: bool = True

    @property
    def n_days(self) -> int:
        """Return the number of complete days."""
        return sum(day.complete for day in self.days)

    @property
    def at_least(self) -> bool:
        """Whether supplements or medicines may hold more than is known: totals are then lower bounds."""
        return bool(self.amount_unknown) or not self.products_asked

    @property
    def not_food(self) -> Estimate:
        """Supplements and medicines together: the only amount that a supplement limit is compared with."""
        known = (part for part in (self.supplements, self.medicines) if part)
        return Estimate.total(known, MG_PER_DAY, ("MAGNES-SUM",))


def sum_by_day(day: NDArray[np.intp], magnesium_mg: NDArray[np.float64], n_days: int) -> NDArray[np.float64]:
    """Sum item magnesium [mg] per day index, shape (n_days,); a day with an unknown (NaN) item is NaN, never lower.

    >>> sum_by_day(np.array([0, 0, 1]), np.array([10.0, 5.0, np.nan]), 2).tolist()
    [15.0, nan]
    """
    return np.asarray(np.bincount(day, weights=magnesium_mg, minlength=n_days), dtype=np.float64)


def intake(person: Person, eaten: Eaten | None) -> Intake:
    """Magnesium per day of a person: eaten (mean of the complete days), supplements, medicines."""
    items = eaten.items if eaten else ()
    incomplete = eaten.incomplete if eaten else frozenset()
    dates = eaten.diary.dates if eaten else ()
    complete = [date for date in dates if date not in incomplete]
    foods = _foods([item for item in items if item.entry.date not in incomplete], len(complete))
    supplements = [supplement_magnesium(supplement) for supplement in person.supplements if supplement.times]
    amounts = [(medicine.name, medicine_magnesium(medicine)) for medicine in person.medicines]
    medicines = [found for _, found in amounts if isinstance(found, Contribution)]
    unasked = not person.supplements_known
    unknown = [name for name, found in amounts if found == "unknown"]
    untimed = [supplement.product or supplement.salt for supplement in person.supplements if not supplement.times]
    return Intake(
        food=_total(foods) if complete else None,
        supplements=_total(supplements) if supplements or not (untimed or unasked) else None,
        medicines=_total(medicines) if medicines or not (unknown or unasked) else None,
        days=tuple(_day(date, items, date not in incomplete) for date in dates),
        missing_dates=tuple(_missing(dates)),
        contributions=tuple(sorted([*foods, *supplements, *medicines], key=lambda row: -row.magnesium.value)),
        unmatched=tuple(_unmatched(problem) for problem in eaten.unmatched) if eaten else (),
        amount_unknown=(*untimed, *unknown),
        products_asked=not unasked,
    )


def _unmatched(problem: Problem) -> Unmatched:
    return Unmatched(line=problem.line, code=problem.code, found=problem.found)


def _total(rows: Iterable[Contribution]) -> Estimate:
    return Estimate.total((row.magnesium for row in rows), MG_PER_DAY, ("MAGNES-SUM",))


def _missing(dates: tuple[dt.date, ...]) -> Iterable[dt.date]:
    """Days without any line between the first and the last; loose days, more gap than diary, have none missing."""
    span = (dates[-1] - dates[0]).days + 1 if dates else 0
    if span > 2 * len(dates):
        return []
    every = (dates[0] + dt.timedelta(days=step) for step in range(span))
    return [date for date in every if date not in dates]


def _foods(items: list[EatenItem], n_days: int) -> list[Contribution]:
    """One contribution per food and way of cooking."""
    groups: dict[tuple[str, str, object], list[EatenItem]] = defaultdict(list)
    for item in items:
        groups[item.food.code or item.entry.food, item.entry.preparation, item.could_be].append(item)
    result = []
    for (code, preparation, _), same in groups.items():
        parts, ways = zip(*(item_magnesium(item) for item in same), strict=True)
        result.append(
            Contribution(
                kind="water" if code.startswith("water:") else "food",
                name_nl=same[0].basic.name_nl if same[0].basic else same[0].food.name,
                name_en=same[0].basic.name_en if same[0].basic else same[0].food.name,
                code=same[0].food.code,
                preparation=preparation,
                kitchen=ways[0],
                from_typo=same[0].entry.food if same[0].typo else "",
                could_be=tuple(other.name for other in same[0].could_be),
                magnesium=Estimate.same_error(parts, MG_PER_DAY).times(1 / n_days),
            )
        )
    return result


def _day(date: dt.date, items: tuple[EatenItem, ...], complete: bool) -> DayIntake:
    today = [item for item in items if item.entry.date == date]
    foods = _foods(today, 1)
    return DayIntake(date=date, complete=complete, magnesium=_total(foods))
