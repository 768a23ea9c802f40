"""What a timetable is made of: the day, what is taken, what is demanded of the clock times, and the answer."""

from __future__ import annotations

from typing import Literal

from magnes.estimate import Record
from magnes.person import Clock

__all__ = [
    "MEALS",
    "ClockDay",
    "Demand",
    "DemandCode",
    "Item",
    "Moment",
    "NoTimetable",
    "Taking",
    "Timetable",
]

MEALS = ("breakfast", "lunch", "dinner")

DemandCode = Literal[
    "avoid",
    "window",
    "spread",
    "empty_stomach",
    "first_of_day",
    "with_food",
    "fixed",
    "awake",
    "work",
]


class ClockDay(Record):
    """A day with all its clock times; ``assumed`` names those that nobody told."""

    wakes: Clock
    breakfast: Clock
    lunch: Clock
    dinner: Clock
    bedtime: Clock
    work: tuple[Clock, Clock] | None = None
    assumed: tuple[str, ...] = ()


class Item(Record):
    """A medicine or supplement: its present clock times and how often a day it is taken.

    ``amount_mg``: per taking, of magnesium for a supplement, of the substance for a medicine. ``times_known`` is false
    when nobody told how often: once a day is assumed then.
    """

    name: str
    atc: str
    kind: Literal["medicine", "supplement"]
    amount_mg: float | None = None
    holds_magnesium: bool
    takings: int
    times: tuple[Clock, ...] = ()
    times_known: bool = True
    fixed: bool = False


class Demand(Record):
    """One demand on the clock times. ``item`` and ``other`` are places in the list of items.

    ``hours_before``: at least so long from ``item`` to ``other`` (window), to the next food (meals), or between two
    takings (spread); ``hours_after``: from ``other`` or from food to ``item``. ``unknown``: which of these hours no
    source gives; those stand there as a precaution. A soft demand (``hard`` false) may be given up.
    """

    code: DemandCode
    item: int | None = None
    other: int | None = None
    hours_before: float = 0.0
    hours_after: float = 0.0
    unknown: Literal["", "before", "after", "both"] = ""
    hard: bool = True
    rules: tuple[str, ...] = ()
    sources: tuple[str, ...]
    verified: bool


class Taking(Record):
    """One taking: which item, the demands that decide on its time, and soft ones given up (places in their list)."""

    item: int
    demands: tuple[int, ...] = ()
    unmet: tuple[int, ...] = ()


class Moment(Record):
    """One clock time at which something is taken. ``at``: what the day has at that time, else empty."""

    time: Clock
    at: Literal["wakes", "breakfast", "lunch", "dinner", "bedtime", ""] = ""
    takings: tuple[Taking, ...]


class Timetable(Record):
    """All takings of the day at clock times, from waking on.

    ``fewest``: proven that no timetable has fewer moments. ``no_rules``: names of which nothing is known.
    ``no_dairy``: rules (``TM..``) that ask for hours without milk around a taking.
    """

    kind: Literal["timetable"] = "timetable"
    day: ClockDay
    items: tuple[Item, ...]
    demands: tuple[Demand, ...]
    moments: tuple[Moment, ...]
    fewest: bool = True
    no_rules: tuple[str, ...] = ()
    no_dairy: tuple[tuple[int, str], ...] = ()


class NoTimetable(Record):
    """No timetable exists. ``conflict``: demands that cannot hold together, and could without any one of them."""

    kind: Literal["conflict"] = "conflict"
    day: ClockDay
    items: tuple[Item, ...]
    demands: tuple[Demand, ...]
    conflict: tuple[int, ...]
    no_rules: tuple[str, ...] = ()
    no_dairy: tuple[tuple[int, str], ...] = ()
