"""One day of a diary: lines by meal, the magnesium of each, and the day against the recommended amount."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from magnes.absorption import MEAL_HOURS, OTHER_HOUR
from magnes.apps.web.case import diary_line
from magnes.apps.web.hits import Hit, food_hit, unit_hits
from magnes.diary import Diary, Eaten, EatenItem
from magnes.errors import Problem
from magnes.estimate import Estimate, merge_sources
from magnes.intake import intake
from magnes.kitchen import item_magnesium
from magnes.matching import matcher
from magnes.person import Person
from magnes.readers.diary_csv import eaten_from
from magnes.reference import DEFAULT_AUTHORITY, reference_estimate, references
from magnes.store.entries import EntryRow
from magnes.store.facts import Facts
from magnes.text import Language

__all__ = ["Day", "DayLine", "Meal", "day_of", "near_foods"]

NEAR = 5
NO_FOOD = ("food_unknown", "food_ambiguous", "food_without_magnesium")


@dataclass(frozen=True)
class DayLine:
    """A line with its magnesium [mg]; ``None`` where it is not known, with the problems and what may be meant.

    ``read_as``: the food that was taken for another name, a code or a typing error. ``near``: field to choose for.
    """

    id: int
    facts: Facts
    magnesium: Estimate | None
    read_as: str = ""
    problems: tuple[Problem, ...] = ()
    near: tuple[tuple[str, Hit], ...] = ()


@dataclass(frozen=True)
class Meal:
    """The lines of one meal. ``total`` is at least that where it is not ``complete``; ``None``: nothing known."""

    name: str
    lines: tuple[DayLine, ...]
    total: Estimate | None

    @property
    def complete(self) -> bool:
        """Whether the magnesium of every line is known."""
        return all(line.magnesium for line in self.lines)


@dataclass(frozen=True)
class Day:
    """A day; ``recommended`` [mg/d] of the authority, ``missing`` [mg]: what is left to it, ``None`` when unknown."""

    date: dt.date
    meals: tuple[Meal, ...]
    total: Estimate | None
    authority: str
    recommended: Estimate | None
    recommended_kind: str
    missing: Estimate | None

    @property
    def complete(self) -> bool:
        """Whether the magnesium of every line is known."""
        return all(meal.complete for meal in self.meals)

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of every number."""
        lines = (line.magnesium for meal in self.meals for line in meal.lines)
        return merge_sources(one.sources for one in (*lines, self.total, self.recommended, self.missing) if one)


def day_of(person: Person, authority: str, date: dt.date, entries: Sequence[EntryRow], language: Language) -> Day:
    """Work out a day from its stored lines; ``authority``: whose recommendation holds, ``""`` for the usual one."""
    eaten, wrong = eaten_from((entry.id, diary_line(entry)) for entry in entries)
    items = {item.entry.line: item for item in eaten.items}
    meals: dict[str, list[EntryRow]] = defaultdict(list)
    for entry in entries:
        meals[entry.facts.get("meal", "").strip().casefold()].append(entry)
    found = []
    for key in sorted(meals, key=lambda key: _hour(key, meals[key], items)):
        rows = sorted(meals[key], key=lambda row: (_time(items.get(row.id)), row.position))
        lines = tuple(_line(row, items.get(row.id), wrong.get(row.id, []), language) for row in rows)
        total = _sum(person, [items[row.id] for row in rows if row.id in items])
        in_mg = total.model_copy(update={"unit": "mg"}) if total else None
        found.append(Meal(rows[0].facts.get("meal", ""), lines, in_mg))
    total = _sum(person, eaten.items)
    chosen = authority or DEFAULT_AUTHORITY
    holds = references(chosen, person)
    recommended = reference_estimate(holds.recommended)
    return Day(date, tuple(found), total, chosen, recommended, holds.kind, _missing(total, recommended))


def near_foods(name: str, language: Language) -> list[Hit]:
    """Return foods that a name may mean, or that look like it."""
    match = matcher().match(name)
    found = [*match.candidates, *(matcher().search(name, NEAR) if len(match.candidates) < NEAR else ())]
    return list(dict.fromkeys(food_hit(food, language) for food in found))[:NEAR]


def _line(row: EntryRow, item: EatenItem | None, wrong: list[Problem], language: Language) -> DayLine:
    if item is None:
        near = tuple(_near(row.facts, wrong, language))
        told = tuple(replace(problem, nearest=()) if near else problem for problem in wrong)  # they are buttons
        return DayLine(row.id, row.facts, None, "", told, near)
    name = food_hit(item.food, language).label if item.food.code else ""
    read_as = name if item.typo or item.could_be or row.facts["food"] == item.food.code else ""
    return DayLine(row.id, row.facts, item_magnesium(item)[0], read_as)


def _near(facts: Facts, wrong: list[Problem], language: Language) -> list[tuple[str, Hit]]:
    """Return what may be chosen instead, each with its field."""
    food = facts.get("food", "")
    if any(problem.code in NO_FOOD for problem in wrong):
        return [("food", hit) for hit in near_foods(food, language)]
    if any(problem.code == "unit_unknown" for problem in wrong):
        return [("unit", hit) for hit in unit_hits(food, "", language, NEAR)]
    return []


def _sum(person: Person, items: Sequence[EatenItem]) -> Estimate | None:
    """Magnesium of these lines of one day [mg]; ``None`` without lines: the same food shares its error."""
    if not items:
        return None
    diary = Diary(file="", entries=tuple(item.entry for item in items))
    (day,) = intake(person, Eaten(diary, tuple(items), (), frozenset())).days
    return day.magnesium  # [mg/d], of this day alone


def _missing(total: Estimate | None, recommended: Estimate | None) -> Estimate | None:
    """Recommendation less what was eaten, never below nothing; a day without known lines lacks nothing known."""
    if recommended is None or total is None:
        return None
    return Estimate(
        value=max(0.0, recommended.value - total.value),
        low=max(0.0, recommended.low - total.high),
        high=max(0.0, recommended.high - total.low),
        unit="mg/d",
        sources=merge_sources((recommended.sources, total.sources)),
        verified=recommended.verified and total.verified,
    )


def _hour(meal: str, rows: list[EntryRow], items: dict[int, EatenItem]) -> tuple[float, int]:
    """Return when a meal is eaten: its first clock time, else the usual hour; then the order of writing."""
    times = [found.hour + found.minute / 60 for row in rows if (found := _time(items.get(row.id))) != dt.time.max]
    return min(times, default=MEAL_HOURS.get(meal, OTHER_HOUR)), rows[0].position


def _time(item: EatenItem | None) -> dt.time:
    return (item.entry.time if item else None) or dt.time.max
