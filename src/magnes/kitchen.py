"""Magnesium in what lies on the plate: the food's content, its grams, and what cooking leaves of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

from magnes.diary import EatenItem
from magnes.estimate import Estimate, merge_sources
from magnes.knowledge.foods import composition, food_table
from magnes.knowledge.load import table
from magnes.knowledge.records import Basic, Retention
from magnes.matching import Candidate, matcher, normalise, waters_of

__all__ = ["Kitchen", "food_magnesium", "item_magnesium", "water_magnesium"]

WET = ("boiled-drained", "boiled", "steamed")  # ways that the boiled and drained twin of a food stands for
DRY_WATER_G = 25.0  # g per 100 g; grains, pasta and pulses as sold dry hold 5 to 15
SWELLING = ("pasta", "rice", "grain", "legume")  # groups that people weigh dry as often as cooked
GIVEN_SPREAD = 1.2  # factor around a value that another programme printed; as wide as two tables usually differ

Kitchen = Literal["", "as-entry", "cooked-entry", "read-as-cooked", "retention-factor", "unknown"]


def item_magnesium(item: EatenItem) -> tuple[Estimate, Kitchen]:
    """Magnesium in one eaten item [mg], and how cooking was taken into account.

    A cooked twin in the food table goes before a retention factor: its analysis holds the loss already, and its grams
    are grams as eaten. With a factor, grams are grams of the raw food.
    """
    entry = item.entry
    if not item.food.code:
        return _given(entry.magnesium_mg or 0.0), "as-entry"
    if item.food.code.startswith("water:"):
        litres = item.portion.grams / 1000
        return _with_portion(water_magnesium(item.food.code.partition(":")[2]).times(litres), item), "as-entry"
    content, kitchen = _content(item)
    grams = _with_portion(content.times(item.portion.grams / 100).model_copy(update={"unit": "mg"}), item)
    if kitchen != "as-entry" or entry.preparation in ("", "raw") or _is_cooked(item):
        return grams, kitchen
    factor = _retention(item.basic.retention if item.basic else "", entry.preparation)
    if factor is None:
        return grams, "unknown"
    return grams.multiply(factor, "mg"), "retention-factor"


def food_magnesium(food: Candidate) -> Estimate | None:
    """Magnesium of a food as its entry has it [mg/100 g], of a water [mg/L]; ``None`` when no value is known."""
    if food.code.startswith("water:"):
        return water_magnesium(food.code.partition(":")[2]).model_copy(update={"unit": "mg/L"})
    basic = matcher().basic(food.basic)
    return composition(food.code, tuple(basic.also) if basic else ())


def _content(item: EatenItem) -> tuple[Estimate, Kitchen]:
    """Content per 100 g of the entry that fits the way of cooking; foods that a name may mean widen the interval."""
    basic, code, way = item.basic, item.food.code, item.entry.preparation
    also = (*(basic.also if basic else ()), *(other.code for other in item.could_be))
    if basic and basic.cooked and way in WET and not _dry(code):
        twin = matcher().basic_of(basic.cooked)
        boiled = _known_content(basic.cooked, twin.also if twin else ())
        return _less_lost(boiled, basic.retention, way), "cooked-entry"
    swelling = basic is not None and basic.group in SWELLING and way in ("", "raw") and not _dry(code)
    return _known_content(code, also), "read-as-cooked" if swelling else "as-entry"


def _known_content(code: str, also: Iterable[str]) -> Estimate:
    content = composition(code, tuple(also))
    if content is None:  # resolve() refuses such foods; a missing value is never zero
        raise ValueError(f"no magnesium value for {code}")
    return content


def _less_lost(boiled: Estimate, kind: str, way: str) -> Estimate:
    """Content of the boiled and drained twin, corrected for a way that loses less into the water."""
    drained, other = _retention(kind, "boiled-drained"), _retention(kind, way)
    if way == "boiled-drained" or drained is None or other is None:
        return boiled
    return boiled.times(other.value / drained.value)


def _is_cooked(item: EatenItem) -> bool:
    """Whether the entry itself is the food as eaten: cooking it "again" changes nothing."""
    basic = item.basic
    if basic is None:
        return False
    swollen = basic.group in SWELLING and not _dry(item.food.code)
    return not basic.retention or swollen or item.food.code in _cooked_twins()


@cache
def _cooked_twins() -> frozenset[str]:
    return frozenset(basic.cooked for basic in table(Basic) if basic.cooked)


def _dry(code: str) -> bool:
    """Whether a food swells when cooked (dry rice, pasta, beans): its grams are not grams of the cooked twin."""
    water = food_table().food(code).water_g
    return water is not None and water < DRY_WATER_G


def _with_portion(magnesium: Estimate, item: EatenItem) -> Estimate:
    """Add where the weight of the portion comes from when that was not read."""
    if item.portion.verified:
        return magnesium
    sources = merge_sources((magnesium.sources, (item.portion.source,)))
    return magnesium.model_copy(update={"sources": sources, "verified": False})


def _given(value_mg: float) -> Estimate:
    return Estimate(
        value=value_mg,
        low=value_mg / GIVEN_SPREAD,
        high=value_mg * GIVEN_SPREAD,
        unit="mg",
        sources=("CRONOMETER",),
        verified=False,
    )


@cache
def _retention(kind: str, preparation: str) -> Estimate | None:
    for row in table(Retention):
        if (row.retention, row.preparation) == (kind, preparation):
            return Estimate(
                value=row.retained,
                low=row.low,
                high=row.high,
                unit="1",
                sources=row.sources,
                verified=row.verified,
            )
    return None


@cache
def water_magnesium(brand: str) -> Estimate:
    """Return a water's magnesium [mg/L]; several labels of one brand make the interval."""
    rows = waters_of(normalise(brand))
    values = [row.magnesium_mg_per_l or 0.0 for row in rows]
    return Estimate(
        value=values[0],
        low=min(values),
        high=max(values),
        unit="mg",
        sources=merge_sources(row.sources for row in rows),
        verified=all(row.verified for row in rows),
    )
