"""Days of sittings of a person, food and products apart: numbers of daily mode, or amounts that enter the bowel."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from magnes.absorption import offers
from magnes.body.anchors import Anchored
from magnes.body.gut import Sittings, day_numbers
from magnes.body.solve import Bolus
from magnes.diary import Eaten
from magnes.person import Person
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["DAY_NUMBERS", "OF_THE_BOWEL", "Day", "boluses", "diet", "with_diet"]

# What ``with_diet`` works out, and the parameters that decide it besides the sittings
DAY_NUMBERS = ("intake_mmol_per_day", "day_passive_mmol", "day_active_mmol", "day_half_strength")
OF_THE_BOWEL = (
    "absorption_max_mmol_per_day",
    "absorption_half_mmol",
    "passive_share",
    "gut_passive_factor",
    "transit_per_day",
    "gut_transit_factor",
    "osmotic_mmol",
    "dissolution_per_day",
    "solid_transit_share",
)


@dataclass(frozen=True)
class Day:
    """A day of sittings, food and products apart: what is written of food is less certain than what a label says."""

    food: Sittings
    products: Sittings

    def with_food(self, eats: Any) -> Sittings:
        """Return the day with another amount of food."""
        food = self.food.times(eats)
        dissolved = tuple(a + b for a, b in zip(food.dissolved_mmol, self.products.dissolved_mmol, strict=True))
        return Sittings(food.hours, dissolved, food.solid_mmol, food.bound_mmol + self.products.bound_mmol)


def diet(person: Person, eaten: Eaten | None, anchored: Anchored) -> tuple[Day, ...]:
    """Days of sittings; without a diary the reference meals stand in for food."""
    days = []
    for offers_of_day in offers(person, eaten):
        rows = [(offer.hour, offer.food_available_mg, offer.product_available_mg) for offer in offers_of_day]
        mmol = [(hour, food / MAGNESIUM_G_PER_MOL, product / MAGNESIUM_G_PER_MOL) for hour, food, product in rows]
        if eaten is None:
            meals = Sittings.meals(anchored.values["reference_intake_mmol_per_day"])
            mmol += [(hour, food, 0.0) for hour, food in zip(meals.hours, meals.dissolved_mmol, strict=True)]
        mmol.sort()
        hours, solid = tuple(row[0] for row in mmol), (0.0,) * len(mmol)
        bound = [sum(o.food_mg - o.food_available_mg for o in offers_of_day)]
        bound.append(sum(o.product_mg - o.product_available_mg for o in offers_of_day))
        food, products = (
            Sittings(hours, tuple(row[kind] for row in mmol), solid, bound[kind - 1] / MAGNESIUM_G_PER_MOL)
            for kind in (1, 2)
        )
        days.append(Day(food, products))
    return tuple(days)


def with_diet(p: Mapping[str, Any], days: Sequence[Day], eats: Any) -> dict[str, Any]:
    """Return parameters of daily mode for these days; ``eats``: how much of the food, numbers or arrays over bodies."""
    return {**p, **day_numbers([day.with_food(eats) for day in days], p)}


def boluses(days: Sequence[Day], begin: int, until: float, eats: Any) -> tuple[Bolus, ...]:
    """Sittings as amounts that enter the bowel; what is bound goes with the stool."""
    found = []
    for day in range(begin, math.ceil(until)):
        sittings = days[day % len(days)].with_food(eats)
        for hour, free in zip(sittings.hours, sittings.dissolved_mmol, strict=True):
            found.append(Bolus(day + hour / 24, "gut_upper", free))
        found.append(Bolus(day + sittings.hours[0] / 24 if sittings.hours else day, "stool", sittings.bound_mmol))
    return tuple(found)
