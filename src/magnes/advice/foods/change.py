"""A diary with the moves of a plan carried out, so that the same computation as for the diary itself judges them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from magnes.absorption import MEAL_HOURS, OTHER_HOUR
from magnes.advice.foods.candidates import GRAMS_ONLY, Step, complete_dates
from magnes.diary import Eaten, EatenItem
from magnes.portions import Portion

__all__ = ["changed"]

NEAR_HOURS = 2.0  # an addition joins a sitting this close to its usual hour


def changed(eaten: Eaten, moves: Sequence[tuple[Step, int]]) -> Eaten:
    """Return the diary after the moves (step and how many); diary days that are incomplete stay as they are."""
    dates = complete_dates(eaten)
    shares = {step.old.key: (step, step.grams_out * count / step.old.grams) for step, count in moves if step.old}
    items: list[EatenItem] = []
    for item in eaten.items:
        found = shares.get((item.food.code, item.entry.preparation)) if item.entry.date in dates else None
        items += _swapped(item, *found) if found else [item]
    for step, count in moves:
        if step.old is None:
            items += [_added(step, count, date, eaten) for date in dates]
    return replace(eaten, items=tuple(items))


def _swapped(item: EatenItem, step: Step, share: float) -> list[EatenItem]:
    """Return what stays of an item, and the choice in the same sitting."""
    grams = item.portion.grams * share * step.grams_in / step.grams_out
    entry = item.entry.model_copy(update={"food": step.new.food.name, "amount": grams, "unit": GRAMS_ONLY})
    new = replace(step.new, entry=entry, portion=replace(step.new.portion, grams=grams))
    left = item.portion.grams * (1 - share)
    rest = [replace(item, portion=replace(item.portion, grams=left))] if left > 1e-9 * item.portion.grams else []
    return [*rest, new]


def _added(step: Step, count: int, date: dt.date, eaten: Eaten) -> EatenItem:
    grams = step.grams_in * count
    sitting = _sitting(step.choice.meal, date, eaten)
    entry = step.new.entry.model_copy(update={"date": date, "amount": grams, **sitting})
    portion: Portion = replace(step.new.portion, grams=grams)
    return replace(step.new, entry=entry, portion=portion)


def _sitting(meal: str, date: dt.date, eaten: Eaten) -> dict[str, object]:
    """Where an addition goes on this day: in the sitting of that meal, by clock or by name as the diary has it."""
    hour = MEAL_HOURS.get(meal, OTHER_HOUR)
    entries = [item.entry for item in eaten.items if item.entry.date == date]
    clocks = [entry.time for entry in entries if entry.time]
    if clocks:
        nearest = min(clocks, key=lambda clock: (abs(_hours(clock) - hour), clock))
        usual = dt.time(int(hour), round(hour % 1 * 60))
        return {"time": nearest if abs(_hours(nearest) - hour) <= NEAR_HOURS else usual}
    meals = [entry.meal for entry in entries if entry.meal]
    same = [name for name in meals if MEAL_HOURS.get(name.casefold(), OTHER_HOUR) == hour]
    return {"meal": (same or [meal])[0]} if meals else {}


def _hours(clock: dt.time) -> float:
    return clock.hour + clock.minute / 60
