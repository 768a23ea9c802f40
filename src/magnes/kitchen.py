"""Magnesium in what lies on the plate: the food's content, its grams, and what cooking leaves of it."""

from __future__ import annotations

from functools import cache
from typing import Literal

from magnes.diary import EatenItem
from magnes.estimate import Estimate, merge_sources
from magnes.knowledge.foods import composition, food_table
from magnes.knowledge.load import table
from magnes.knowledge.records import Retention
from magnes.matching import matcher, normalise, waters_of

__all__ = ["Kitchen", "item_magnesium", "water_magnesium"]

MOSTLY_COOKED = ("boiled-drained",)  # cooked twins in the tables are boiled and drained
DRY_WATER_G = 25.0  # g per 100 g; grains, pasta and pulses as sold dry hold 5 to 15
SWELLING = ("pasta", "rice", "grain", "legume")  # groups that people weigh dry as often as cooked
GIVEN_SPREAD = 1.2  # factor around a value that another programme printed; as wide as two tables usually differ

Kitchen = Literal["", "as-entry", "cooked-entry", "read-as-cooked", "retention-factor", "unknown"]


def item_magnesium(item: EatenItem) -> tuple[Estimate, Kitchen]:
    """Magnesium in one eaten item [mg], and how cooking was taken into account.

    A cooked twin in the food table goes before a retention factor: its analysis holds the loss already.
    """
    entry = item.entry
    if not item.food.code:
        return _given(entry.magnesium_mg or 0.0), "as-entry"
    if item.food.code.startswith("water:"):
        litres = item.portion.grams / 1000
        return _with_portion(water_magnesium(item.food.code.partition(":")[2]).times(litres), item), "as-entry"
    content, kitchen = _content(item)
    grams = _with_portion(content.times(item.portion.grams / 100).model_copy(update={"unit": "mg"}), item)
    if kitchen != "as-entry" or entry.preparation in ("", "raw"):
        return grams, kitchen
    if item.basic and not item.basic.retention:
        return grams, "as-entry"  # everyday foods without a retention class are tabled as they are eaten
    factor = _retention(item.basic.retention if item.basic else "", entry.preparation)
    if factor is None:
        return grams, "unknown"
    return grams.multiply(factor, "mg"), "retention-factor"


def _content(item: EatenItem) -> tuple[Estimate, Kitchen]:
    """Content per 100 g of the entry that fits the way of cooking; foods that a name may mean widen the interval."""
    basic, code = item.basic, item.food.code
    kitchen: Kitchen = "as-entry"
    also = (*(basic.also if basic else ()), *(other.code for other in item.could_be))
    if basic and basic.cooked and item.entry.preparation in MOSTLY_COOKED and not _dry(code):
        twin = matcher().basic_of(basic.cooked)
        code, also, kitchen = basic.cooked, twin.also if twin else (), "cooked-entry"
    elif basic and basic.group in SWELLING and item.entry.preparation == "" and not _dry(code):
        kitchen = "read-as-cooked"
    content = composition(code, tuple(also))
    if content is None:  # resolve() refuses such foods; a missing value is never zero
        raise ValueError(f"no magnesium value for {code}")
    return content, kitchen


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
