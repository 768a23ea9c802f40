"""The timetable of a day: demands from the tables, times from the solver, and a judge who trusts neither."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from magnes.advice.timetable.day import clock, complete, minute
from magnes.advice.timetable.demands import demands_of, items_of, no_dairy, no_rules
from magnes.advice.timetable.records import MEALS, ClockDay, Demand, Item, Moment, NoTimetable, Taking, Timetable
from magnes.advice.timetable.solve import PlacedTaking, conflict, place
from magnes.advice.timetable.verify import Placed, violations
from magnes.person import Person, Supplement

__all__ = ["placed", "timetable"]

ANCHORS: tuple[Literal["breakfast", "lunch", "dinner", "wakes", "bedtime"], ...] = (
    "breakfast",
    "lunch",
    "dinner",
    "wakes",
    "bedtime",
)


def timetable(person: Person, add: Sequence[Supplement] = ()) -> Timetable | NoTimetable:
    """Place all medicines and supplements of the day, and ``add``, at clock times with the fewest moments.

    Returns ``NoTimetable`` with the smallest conflict when the demands cannot all hold. Whether the person may take
    all this is not asked here: ``magnes.assess`` tells.

    Raises ``InputProblems`` (``timetable_unsolved``) when the solver gives up; ``RuntimeError`` when the
    independent judge finds a broken rule: no such timetable is ever returned.
    """
    items, day = items_of(person, add), complete(person.day)
    demands = demands_of(items, work=day.work is not None)
    told = {"day": day, "items": items, "demands": demands, "no_rules": no_rules(items), "no_dairy": no_dairy(items)}
    solved = place(items, day, demands)
    if solved is None:
        return NoTimetable(**told, conflict=conflict(items, day, demands))
    moments = _moments(solved.takings, day, demands)
    found = Timetable(**told, moments=moments, fewest=solved.fewest)
    broken = violations(placed(found), [getattr(day, meal) for meal in MEALS], day.wakes)
    if broken:
        raise RuntimeError(f"the timetable breaks a rule: {broken[0]}")
    return found


def placed(found: Timetable) -> tuple[Placed, ...]:
    """Return the takings as the judge reads them: names, codes and clock times."""
    return tuple(
        _placed(taking.item, found.items[taking.item], moment) for moment in found.moments for taking in moment.takings
    )


def _placed(place_: int, item: Item, moment: Moment) -> Placed:
    return Placed(place_, item.name, item.atc, item.holds_magnesium, item.kind == "supplement", moment.time)


def _moments(takings: Sequence[PlacedTaking], day: ClockDay, demands: Sequence[Demand]) -> tuple[Moment, ...]:
    """Group takings that stand together."""
    found = []
    for minutes, group in groupby(takings, key=lambda taking: taking.minutes):
        time = clock(minute(day.wakes) + minutes)
        at = next((name for name in ANCHORS if getattr(day, name) == time), "")
        rows = tuple(_taking(taking, demands) for taking in group)
        found.append(Moment(time=time, at=at, takings=rows))
    return tuple(found)


def _taking(taking: PlacedTaking, demands: Sequence[Demand]) -> Taking:
    """Return a taking with the demands that are about its item and kept."""
    about = [number for number, one in enumerate(demands) if taking.item in (one.item, one.other)]
    kept = tuple(number for number in about if number not in taking.unmet)
    return Taking(item=taking.item, demands=kept, unmet=taking.unmet)
