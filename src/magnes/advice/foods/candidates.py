"""What could change in a diary: swaps of what is eaten and small additions, each in steps of one portion.

A step keeps real sizes: of a swap, what is eaten divided evenly by the portion of its use; of an addition, the portion
of the choice. Only choices of the curated table are proposed; only foods whose use is known are replaced.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from magnes.advice.foods.person_rules import Limits, acceptable
from magnes.diary import DiaryEntry, Eaten, EatenItem
from magnes.kitchen import item_magnesium
from magnes.knowledge.eating import FoodChoice, FoodSwap, FoodUse, GroupLimit
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import table
from magnes.knowledge.records import Basic, Measure
from magnes.matching import Candidate, matcher
from magnes.person import Person
from magnes.portions import Portion, portion_grams

__all__ = [
    "Candidates",
    "DailyFood",
    "Step",
    "candidates",
    "complete_dates",
    "daily_foods",
    "energy_per_g",
    "measure_names",
    "use_of",
]

CHILD_YEARS, CHILD_SHARE = 9.0, 0.5  # half portions and half limits below this age; design choice
LEAST_SHARE = 1 / 3  # of a portion a day: less of a food is not worth a swap
LEAST_GAIN_MG = 3.0  # a day, of a move at its largest
MOST_ADDED = 3  # portions of one food; design choice
FAMILIAR = 0.5  # effort of more of what is eaten already, against something new
GRAMS_ONLY = "g"
WATER = "water:"
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class DailyFood:
    """One food of the diary, mean of the complete days. ``energy_kcal`` is for all of it; ``None`` is unknown."""

    key: tuple[str, str]
    items: tuple[EatenItem, ...]
    use: FoodUse | None
    grams: float
    magnesium_mg: float
    energy_kcal: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """One possible move: per step the grams out and in, magnesium [mg/d], energy [kcal/d] and cost [euro/d]."""

    id: str
    family: str
    choice: FoodChoice
    new: EatenItem
    old: DailyFood | None
    grams_out: float
    grams_in: float
    portions: float
    most_steps: int
    gain_mg: float
    energy_kcal: float
    effort: float
    cost_euro: float | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """All moves, and the grams per day that each group and each choice still has room for."""

    steps: tuple[Step, ...]
    group_room_g: Mapping[str, float]
    choice_room_g: Mapping[str, float]


def complete_dates(eaten: Eaten) -> tuple[dt.date, ...]:
    """Return the days that enter the mean."""
    return tuple(date for date in eaten.diary.dates if date not in eaten.incomplete)


def daily_foods(eaten: Eaten) -> tuple[DailyFood, ...]:
    """Return every food and way of cooking of the complete days."""
    groups: dict[tuple[str, str], list[EatenItem]] = defaultdict(list)
    dates = complete_dates(eaten)
    for item in eaten.items:
        if item.entry.date in dates and item.food.code:
            groups[item.food.code, item.entry.preparation].append(item)
    return tuple(_daily(key, tuple(items), len(dates)) for key, items in groups.items())


def _daily(key: tuple[str, str], items: tuple[EatenItem, ...], days: int) -> DailyFood:
    grams = sum(item.portion.grams for item in items) / days
    energy = energy_per_g(key[0])
    return DailyFood(
        key=key,
        items=items,
        use=use_of(items[0]),
        grams=grams,
        magnesium_mg=sum(item_magnesium(item)[0].value for item in items) / days,
        energy_kcal=None if energy is None else energy * grams,
    )


def energy_per_g(code: str) -> float | None:
    """Return energy [kcal/g] of a food; none in water, ``None`` where the table has no value."""
    if code.startswith(WATER):
        return 0.0
    kcal = food_table().food(code).energy_kcal
    return None if kcal is None else kcal / 100


def use_of(item: EatenItem) -> FoodUse | None:
    """Return what a food is used as: by the everyday food or water, by the longest FNDDS code, by the food group."""
    exact, groups, prefixes = _uses()
    name = item.basic.id if item.basic else item.food.code
    if name in exact:
        return exact[name]
    table_name, _, code = item.food.code.partition(":")
    if table_name == "fndds":
        for length in range(len(code), 1, -1):
            if code[:length] in prefixes:
                return prefixes[code[:length]]
    return groups.get(item.basic.group) if item.basic else None


@cache
def _uses() -> tuple[dict[str, FoodUse], dict[str, FoodUse], dict[str, FoodUse]]:
    rows = table(FoodUse)
    return (
        {name: row for row in rows for name in row.basics},
        {name: row for row in rows for name in row.groups},
        {name: row for row in rows for name in row.fndds},
    )


def candidates(person: Person, eaten: Eaten, limits: Limits, prices: Mapping[str, float]) -> Candidates:
    """Return every move that this person may be offered, in the order of the tables.

    ``prices`` [euro/kg] by id of an everyday food, by water (``water:contrex``) or by food code.
    """
    foods = daily_foods(eaten)
    share = CHILD_SHARE if person.age_years < CHILD_YEARS else 1.0
    allowed = {row.id: row for row in table(FoodChoice) if acceptable(row, _portion(row).grams, person, limits)}
    known = {_name(food) for food in foods}
    steps = [*_swaps(foods, allowed, share, prices), *_additions(allowed, known, share, prices)]
    return Candidates(
        steps=tuple(step for step in steps if step.most_steps * step.gain_mg >= LEAST_GAIN_MG),
        group_room_g=_group_room(foods, share),
        choice_room_g=_choice_room(foods, allowed.values(), share),
    )


def _name(food: DailyFood) -> str:
    item = food.items[0]
    return item.basic.id if item.basic else item.food.code


def _swaps(
    foods: Iterable[DailyFood], allowed: Mapping[str, FoodChoice], share: float, prices: Mapping[str, float]
) -> Iterable[Step]:
    """Swap each food that is eaten in some amount for each choice of its use."""
    for food in foods:
        use = food.use
        if use is None or food.energy_kcal is None or food.grams < LEAST_SHARE * use.portion_g * share:
            continue
        count = max(1, round(food.grams / (use.portion_g * share)))
        for row in table(FoodSwap):
            choice = allowed.get(row.choice)
            if row.use != use.id or choice is None or choice.id == _name(food):
                continue
            out = food.grams / count
            most_g = choice.most_portions * _portion(choice).grams * share
            most_steps = min(count, int(most_g / (out * row.ratio) + ROUNDING))
            new = _item(choice, out * row.ratio, food.key[1])
            if most_steps and new:
                move_id = f"{row.id}/{'/'.join(food.key)}"
                family = f"{use.id}>{choice.group}"
                yield _step(move_id, family, choice, new, row.effort, most_steps, prices, food, out)


def _additions(
    allowed: Mapping[str, FoodChoice], known: set[str], share: float, prices: Mapping[str, float]
) -> Iterable[Step]:
    """Offer a portion beside what is eaten."""
    for choice in allowed.values():
        new = _item(choice, _portion(choice).grams * share, "") if choice.add else None
        if new:
            effort = choice.effort * (FAMILIAR if choice.id in known else 1.0)
            yield _step(
                f"add-{choice.id}",
                f">{choice.group}",
                choice,
                new,
                effort,
                min(MOST_ADDED, choice.most_portions),
                prices,
            )


def _step(
    move_id: str,
    family: str,
    choice: FoodChoice,
    new: EatenItem,
    effort: float,
    most_steps: int,
    prices: Mapping[str, float],
    old: DailyFood | None = None,
    grams_out: float = 0.0,
) -> Step:
    grams = new.portion.grams
    gain = item_magnesium(new)[0].value
    energy = (energy_per_g(new.food.code) or 0.0) * grams
    cost = _cost(prices, choice.id, new.food.code, grams)
    if old:
        gain -= old.magnesium_mg * grams_out / old.grams
        energy -= (old.energy_kcal or 0.0) * grams_out / old.grams
        saved = _cost(prices, _name(old), old.key[0], grams_out)
        cost = None if cost is None or saved is None else cost - saved
    return Step(
        id=move_id,
        family=family,
        choice=choice,
        new=new,
        old=old,
        grams_out=grams_out,
        grams_in=grams,
        portions=grams / _portion(choice).grams,
        most_steps=most_steps,
        gain_mg=gain,
        energy_kcal=energy,
        effort=effort,
        cost_euro=cost,
    )


def _cost(prices: Mapping[str, float], name: str, code: str, grams: float) -> float | None:
    price = prices.get(name, prices.get(code))
    return None if price is None else price * grams / 1000


@cache
def _food(choice_id: str) -> tuple[Candidate, Basic | None]:
    """Return the food of a choice and, unless it is a water, its everyday food."""
    basic = matcher().basic(choice_id)
    if basic:
        return Candidate(basic.food, basic.name_nl, basic.id), basic
    found = matcher().match(choice_id).food
    if found is None:
        raise ValueError(f"no food or water: {choice_id}")
    return found, None


@cache
def _portion(choice: FoodChoice) -> Portion:
    """Grams of one portion, and where they come from."""
    food, basic = _food(choice.id)
    return portion_grams(food, basic, choice.amount, choice.measure)


def measure_names(choice: FoodChoice) -> tuple[str, str]:
    """Return the measure of a choice in both languages; blank where its portion is grams."""
    if choice.measure == GRAMS_ONLY:
        return "", ""
    basic = _food(choice.id)[1]
    own = [row for row in table(Measure) if row.measure_nl == choice.measure]
    fitting = [row for row in own if basic and row.basic == basic.id] or [
        row for row in own if basic and row.group == basic.group and not row.basic
    ]
    found = (fitting or [row for row in own if not row.basic and not row.group])[0]
    return found.measure_nl, found.measure_en


def _item(choice: FoodChoice, grams: float, preparation: str) -> EatenItem | None:
    """Return a choice as an eaten item; ``None`` where its energy is not known, for then it cannot be bounded."""
    food, basic = _food(choice.id)
    if energy_per_g(food.code) is None:
        return None
    portion = _portion(choice)
    entry = DiaryEntry(line=0, date=dt.date.min, food=food.name, amount=grams, unit=GRAMS_ONLY, preparation=preparation)
    return EatenItem(entry, food, basic, Portion(grams, portion.source, portion.verified))


def _group_room(foods: Iterable[DailyFood], share: float) -> dict[str, float]:
    """Grams that each group may still grow by; who is beyond the limit gets no more of it."""
    already: dict[str, float] = defaultdict(float)
    for food in foods:
        if food.use:
            already[food.use.group] += food.grams
    return {row.id: max(0.0, row.most_g * share - already[row.id]) for row in table(GroupLimit)}


def _choice_room(foods: Iterable[DailyFood], allowed: Iterable[FoodChoice], share: float) -> dict[str, float]:
    already: dict[str, float] = defaultdict(float)
    for food in foods:
        already[_name(food)] += food.grams
    most = {row.id: row.most_portions * _portion(row).grams * share for row in allowed}
    return {choice: max(0.0, grams - already[choice]) for choice, grams in most.items()}
