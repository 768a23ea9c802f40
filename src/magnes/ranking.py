"""Products side by side: magnesium a day, what of it is absorbed, and the price of that. An order, never advice.

The order is the price of 100 mg absorbed magnesium. Where the intervals of two products overlap they are not clearly
different, and both say so. The intervals hold the spread between studies and people, which two products share in part;
overlap is therefore the careful reading: what does not overlap differs, what overlaps may still differ.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Literal

from magnes.absorption import MEALS_ASSUMED, absorb
from magnes.estimate import Estimate, Record, merge_sources
from magnes.intake import intake
from magnes.knowledge.names import salts_named
from magnes.labels import Label, Product
from magnes.need import LimitVerdict, limit, limit_verdict
from magnes.person import ADULT_YEARS, Person, Supplement
from magnes.products import MG_PER_DAY, elemental_mg
from magnes.reference import DEFAULT_AUTHORITY, limit_value, reference_estimate

__all__ = ["LACKING", "PART_MG", "RISKS", "Ranked", "Ranking", "Unranked", "lacking", "per_piece", "rank"]

SITTINGS = (dt.time(8), dt.time(13), dt.time(18))[:MEALS_ASSUMED]  # one unit at each meal before a second at any
PART_MG = 100  # price per so much absorbed magnesium
# Laxative risk as the salt table words it, least first; "unknown" goes with what is not named, "lower" is that of a
# coated salt of moderate to high risk
RISKS = ("none", "low", "low-moderate", "moderate", "lower", "unknown", "moderate-high", "high", "very high")

# What a label with an amount can lack for an amount a day, beside the reasons of the label itself
LACKING = ("per_unknown", "dose_size", "per_bulk", "perhaps_nothing")

# A label that only weighs the compound: the hydration may be open, so the amount has the range of the hydrates
WEIGHED = ("too_much", "stated")


class Ranked(Record):
    """A product with an amount. ``same_as``: places of the products whose price interval overlaps with this one.

    ``daily_dose_assumed``: the label gives an amount a day without saying for how many pieces, and the pieces a day of
    the table were taken for it. ``limit`` is the verdict of the supplement limit for adults on this product alone.
    """

    place: int
    line: int
    product: str
    salts: tuple[str, ...]
    label_reason: str
    elemental: Estimate
    absorbed: Estimate
    price_per_day: Estimate
    price_per_100_mg: Estimate
    price_per_100_mg_elemental: Estimate
    laxative_risk: str
    limit: LimitVerdict
    daily_dose_assumed: bool
    same_as: tuple[int, ...] = ()


class Unranked(Record):
    """A product whose label leaves the amount open, with the code of the reason."""

    line: int
    product: str
    label: str
    reason: str


class Ranking(Record):
    """All products of a table; ``limit`` is the daily limit [mg/d] for adults, for supplements only."""

    authority: str
    limit: Estimate | None
    ranked: tuple[Ranked, ...]
    unranked: tuple[Unranked, ...]


def rank(products: Iterable[Product], authority_id: str = DEFAULT_AUTHORITY) -> Ranking:
    """Order products by the price of absorbed magnesium; ``KeyError`` for an unknown authority."""
    limit_authority, row = limit_value(authority_id, _adult(()))
    found, left = [], []
    for product in products:
        reason = lacking(product.reading, product.units_per_day)
        item = None if reason else _ranked(product, authority_id)
        if item:
            found.append(item)
        else:
            reason = reason or "perhaps_nothing"
            left.append(Unranked(line=product.line, product=product.product, label=product.label, reason=reason))
    found.sort(key=lambda item: (item.price_per_100_mg.value, item.line))
    placed = [item.model_copy(update={"place": place}) for place, item in enumerate(found, start=1)]
    ranked = tuple(item.model_copy(update={"same_as": _overlapping(item, placed)}) for item in placed)
    return Ranking(authority=limit_authority, limit=reference_estimate(row), ranked=ranked, unranked=tuple(left))


def _adult(supplements: tuple[Supplement, ...]) -> Person:
    """Return an adult who takes these: limits for adults do not depend on the sex."""
    return Person(age_years=ADULT_YEARS + 12, sex="female", supplements=supplements)


def lacking(reading: Label, units_per_day: float) -> str:
    """Code of what a label lacks for an amount a day; blank when it has all."""
    if reading.elemental_mg is None:
        return reading.reason
    if reading.units_per_dose or reading.per == "day":
        return ""
    if not reading.per:
        return "" if units_per_day == 1 else "per_unknown"
    return "dose_size" if reading.per == "dose" else "per_bulk"


def _ranked(product: Product, authority_id: str) -> Ranked | None:
    """Compute one line of the order; ``None`` when perhaps nothing is absorbed: the price then has no upper bound."""
    reading = product.reading
    scenarios = [_takings(product, name) for name in reading.names or ("",)]
    elemental = Estimate.same_error([elemental_mg(taking) for taking in scenarios[0]], MG_PER_DAY)
    # a blend of unknown shares: every share lies between all of one salt and all of another
    absorbed = Estimate.between(map(_absorbed, scenarios), MG_PER_DAY)
    if absorbed.low <= 0:
        return None
    adult = _adult(scenarios[0])
    eaten = intake(adult, None)
    a_day = product.price_eur / product.units_per_pack * product.units_per_day
    price = Estimate.exact(a_day, "EUR/d", ("USER",), verified=True)
    risks = [row.laxative_risk for name in reading.names for row in salts_named(name)[:1]]
    return Ranked(
        place=0,
        line=product.line,
        product=product.product,
        salts=reading.salts,
        label_reason=reading.reason,
        elemental=elemental,
        absorbed=absorbed,
        price_per_day=price,
        price_per_100_mg=_price_of(price, absorbed),
        price_per_100_mg_elemental=_price_of(price, elemental),
        laxative_risk=max(risks, key=RISKS.index, default="unknown"),
        limit=limit_verdict(limit(adult, eaten, authority_id), eaten),
        daily_dose_assumed=reading.per == "day" and not reading.units_per_dose,
    )


def _takings(product: Product, salt: str) -> tuple[Supplement, ...]:
    """One day of a product, all of it as one salt, spread over the sittings piece by piece."""
    field, amount = per_piece(product.reading, product.units_per_day)
    facts = {"salt": salt, "product": product.product}
    return tuple(
        Supplement.model_validate(facts | {field: amount * count, "times": (time,)})
        for time, count in zip(SITTINGS, _spread(product.units_per_day), strict=False)
    )


def per_piece(reading: Label, units_per_day: float) -> tuple[Literal["elemental_mg", "compound_mg"], float]:
    """Return the amount in one piece [mg], and what it is the amount of; only where nothing is ``lacking``."""
    pieces = reading.units_per_dose or (units_per_day if reading.per == "day" else 1.0)
    weighed = reading.verdict == "compound" and len(reading.names) == 1 and reading.reason in WEIGHED
    amount = (reading.compound_mg if weighed else reading.elemental_mg) or 0.0
    return ("compound_mg" if weighed else "elemental_mg"), amount / pieces


def _spread(units: float) -> list[float]:
    """Pieces at each sitting: as even as whole pieces allow.

    >>> _spread(1), _spread(2), _spread(4), _spread(2.5), _spread(0.5)
    ([1.0], [1.0, 1.0], [2.0, 1.0, 1.0], [1.0, 1.0, 0.5], [0.5])
    """
    count = min(len(SITTINGS), math.ceil(units))
    whole, rest = divmod(units, count)
    return [whole + min(1.0, max(0.0, rest - place)) for place in range(count)]


def _absorbed(takings: tuple[Supplement, ...]) -> Estimate:
    found = absorb(_adult(takings), None).per_day
    assert found is not None  # noqa: S101 - there is at least one taking
    return found


def _price_of(price: Estimate, magnesium: Estimate) -> Estimate:
    """Price of ``PART_MG``; the more there is (or is absorbed) for a price, the cheaper."""
    return Estimate(
        value=PART_MG * price.value / magnesium.value,
        low=PART_MG * price.value / magnesium.high,
        high=PART_MG * price.value / magnesium.low,
        unit="EUR/100 mg",
        sources=merge_sources((price.sources, magnesium.sources)),
        verified=price.verified and magnesium.verified,
    )


def _overlapping(item: Ranked, others: Iterable[Ranked]) -> tuple[int, ...]:
    mine = item.price_per_100_mg
    return tuple(
        other.place
        for other in others
        if other.place != item.place
        and other.price_per_100_mg.low <= mine.high
        and mine.low <= other.price_per_100_mg.high
    )
