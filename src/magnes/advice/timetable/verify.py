"""An independent judge of a timetable: it reads clock times and the tables of rules, and nothing of the solver.

It finds the rules itself, walks the clock from every taking to the next one, and so wraps around midnight in both
directions. It shares no code with the search for demands or with the solver.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from magnes.advice.unknown import interactions_of
from magnes.knowledge.load import table
from magnes.knowledge.timing import MealRule, Separation

__all__ = ["Placed", "Violation", "violations"]

MEAL_HOURS = 0.5  # a meal and just after it


class Placed(NamedTuple):
    """One taking at a clock time. ``item`` tells takings of one item from those of another of the same name."""

    item: int
    name: str
    atc: str
    holds_magnesium: bool
    is_supplement: bool
    time: dt.time


class Violation(NamedTuple):
    """A rule that two clock times break: the hours between them and the hours that the rule asks."""

    rule: str
    first: Placed
    second: str
    hours: float
    needed: float


def violations(placed: Sequence[Placed], meals: Sequence[dt.time], wakes: dt.time) -> tuple[Violation, ...]:
    """Return every broken window, hard meal rule and pair that may never be combined; empty when all hold."""
    return tuple(
        violation
        for first in placed
        for found in (_pairs(first, placed), _meals(first, placed, meals, wakes))
        for violation in found
    )


def hours_until(start: dt.time, end: dt.time) -> float:
    """Hours on the clock from one time to the next occurrence of another; 0 for the same time."""
    minutes = (end.hour * 60 + end.minute) - (start.hour * 60 + start.minute)
    return (minutes + 1440 if minutes < 0 else minutes) / 60


def _pairs(first: Placed, placed: Sequence[Placed]) -> Iterator[Violation]:
    for second in placed:
        if second.item == first.item:
            continue
        for rule, before, after in _windows(first, second):
            ahead, back = hours_until(first.time, second.time), hours_until(second.time, first.time)
            if ahead < before:
                yield Violation(rule, first, second.name, ahead, before)
            if back < after:
                yield Violation(rule, first, second.name, back, after)


def _windows(first: Placed, second: Placed) -> Iterator[tuple[str, float, float]]:
    """Rules on this pair with the hours from the first to the second and back; 48 hours never fit: never together."""
    if second.holds_magnesium and not first.is_supplement:
        for row in interactions_of(first.atc, first.name):
            if row.direction == "none" or row.severity == "none":
                continue
            if row.severity == "avoid":
                yield row.id, 48.0, 48.0
            else:
                yield row.id, row.hours_before_mg or 0.0, row.hours_after_mg or 0.0
    for pair in table(Separation):
        general = not pair.second_atc and pair.is_first(second.atc)
        if pair.is_first(first.atc) and pair.is_second(second.atc) and not general:
            yield pair.id, pair.hours_first_before or 0.0, pair.hours_first_after or 0.0


def _meals(first: Placed, placed: Sequence[Placed], meals: Sequence[dt.time], wakes: dt.time) -> Iterator[Violation]:
    for rule in table(MealRule):
        if not rule.hard or not rule.concerns(first.atc):
            continue
        before, after = rule.hours_before_food or 0.0, rule.hours_after_food or 0.0
        for meal in meals:
            if hours_until(first.time, meal) < before:
                yield Violation(rule.id, first, "food", hours_until(first.time, meal), before)
            if hours_until(meal, first.time) < after:
                yield Violation(rule.id, first, "food", hours_until(meal, first.time), after)
        if rule.relation == "with_food" and all(hours_until(meal, first.time) > MEAL_HOURS for meal in meals):
            yield Violation(rule.id, first, "food", min(hours_until(meal, first.time) for meal in meals), 0.0)
        if rule.relation == "first_of_day":
            since = hours_until(wakes, first.time)
            others = [(other.name, other.time) for other in placed if other.item != first.item]
            for name, time in [*others, *(("food", meal) for meal in meals)]:
                between = hours_until(wakes, time) - since
                if between < before:
                    yield Violation(rule.id, first, name, between, before)
