"""Magnesium absorbed per sitting: the larger the dose in one go, the smaller the share.

    fraction(I) = a_max / (k + I) + p       I in mmol per sitting, parameters from tools/fit_absorption.py

Food and supplements of one sitting share the saturable part. A salt counts with the share that dissolves; whole grain,
legumes, nuts (phytate) and spinach-like foods (oxalate) with a factor. The interval joins the spread between studies
and between people with the range of those shares; the same person absorbs alike at every sitting, so bounds add up.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from magnes.diary import Eaten, EatenItem
from magnes.estimate import Z90, Estimate, Record, merge_sources
from magnes.kitchen import item_magnesium
from magnes.knowledge.load import table
from magnes.knowledge.names import salts_named
from magnes.knowledge.parameters import parameter
from magnes.knowledge.records import Salt
from magnes.person import Person
from magnes.products import MG_PER_DAY, elemental_mg, medicine_magnesium
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = [
    "MEAL_HOURS",
    "OTHER_HOUR",
    "THIRDS",
    "Absorbed",
    "Offer",
    "Sitting",
    "absorb",
    "absorbed_mg",
    "fractional_absorption",
    "free_share",
    "hour_of",
    "offers",
]

SAME_SITTING_HOURS = 1.0
MEAL_HOURS = {"breakfast": 8.0, "ontbijt": 8.0, "brunch": 11.0, "lunch": 12.5} | dict.fromkeys(
    ("dinner", "supper", "diner", "avondeten"), 18.0
)
OTHER_HOUR = 15.5  # a snack or drink without a time
THIRDS = (8.0, 12.5, 18.0)
MEALS_ASSUMED = 3  # a diary without times and meals: the day in three equal sittings


class Sitting(Record):
    """Magnesium taken in one go and what of it is absorbed."""

    date: dt.date | None
    label: str
    magnesium: Estimate
    fraction: Estimate
    absorbed: Estimate

    @property
    def magnesium_mg(self) -> float:
        """Magnesium taken [mg], central value."""
        return self.magnesium.value


class Absorbed(Record):
    """Absorption per day, mean of the complete days; ``sittings`` are those of the complete days."""

    per_day: Estimate | None
    fraction: Estimate | None
    from_supplements: Estimate | None
    sittings: tuple[Sitting, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing in a sitting: amount [mg], the share of it that can be absorbed, where from."""

    amount: Estimate
    share: Estimate
    supplement: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """Magnesium of one sitting [mg] and its clock hour, of food and of products.

    ``available``: what phytate or a poor salt leaves free.
    """

    hour: float
    food_mg: float
    food_available_mg: float
    product_mg: float
    product_available_mg: float


def offers(person: Person, eaten: Eaten | None) -> tuple[tuple[Offer, ...], ...]:
    """Sittings of every complete day, for the body model; without a diary one day of supplements alone."""
    supplements = _supplement_parts(person)
    days = [*_food_parts(eaten).values()] or [{}]
    return tuple(
        tuple(
            Offer(hour_of(label), *_sums(parts, supplement=False), *_sums(parts, supplement=True))
            for label, parts in _with_supplements(groups, supplements).items()
        )
        for groups in days
    )


def _sums(parts: list[_Part], *, supplement: bool) -> tuple[float, float]:
    """All magnesium [mg] of food or of products, and what of it can be absorbed."""
    own = [part for part in parts if part.supplement == supplement]
    return sum(part.amount.value for part in own), sum(part.amount.value * part.share.value for part in own)


def hour_of(label: str) -> float:
    """Clock hour of a sitting; meals without a time are put where people usually have them."""
    try:
        return _minutes(dt.time.fromisoformat(label)) / 60
    except ValueError:
        part, slash, _ = label.partition("/")
        return THIRDS[int(part) - 1] if slash else MEAL_HOURS.get(label.casefold(), OTHER_HOUR)


def fractional_absorption(dose_mmol: ArrayLike) -> NDArray[np.float64]:
    """Central fraction absorbed of a dissolved dose [mmol] taken in one sitting; any shape, between 0 and 1.

    >>> fractional_absorption([1.0, 12.0]).round(2).tolist()
    [0.56, 0.18]
    """
    dose = np.asarray(dose_mmol, dtype=float)
    a_max, k, p = (parameter(f"absorption_{name}").value for name in ("a_max", "k", "p"))
    return np.asarray(np.clip(a_max / (k + dose) + p, 0.0, 1.0))


def absorbed_mg(dose_mg: ArrayLike) -> NDArray[np.float64]:
    """Magnesium absorbed [mg] of a dissolved dose [mg] in one sitting; rises with the dose, ever less."""
    dose = np.asarray(dose_mg, dtype=float)
    return dose * fractional_absorption(dose / MAGNESIUM_G_PER_MOL)


def absorb(person: Person, eaten: Eaten | None) -> Absorbed:
    """Absorbed magnesium per day of what a person eats and takes."""
    supplements = _supplement_parts(person)
    days = _food_parts(eaten)
    notes = []
    counted = [item.entry for item in eaten.items if item.entry.date not in eaten.incomplete] if eaten else []
    if any(not entry.time and not entry.meal for entry in counted):
        notes.append("meals_assumed")
    if not days and not supplements:
        return Absorbed(per_day=None, fraction=None, from_supplements=None, sittings=(), notes=tuple(notes))
    sittings: list[Sitting] = []
    from_supplements = []
    every: list[tuple[dt.date | None, dict[str, list[_Part]]]] = [*days.items()] or [(None, {})]
    for date, groups in every:
        for label, parts in _with_supplements(groups, supplements).items():
            sitting, share = _sitting(date, label, parts)
            sittings.append(sitting)
            from_supplements.append(sitting.absorbed.times(share))
    if eaten and not days:  # food of the incomplete days is unknown: nothing can be said of the whole
        return Absorbed(
            per_day=None,
            fraction=None,
            from_supplements=_mean(from_supplements, 1),
            sittings=tuple(sittings),
            notes=tuple(notes),
        )
    n_days = max(1, len(days))
    total = sum(sitting.magnesium_mg for sitting in sittings) / n_days
    per_day = _mean([sitting.absorbed for sitting in sittings], n_days)
    return Absorbed(
        per_day=per_day,
        fraction=per_day.times(1 / total).model_copy(update={"unit": "1"}) if total else None,
        from_supplements=_mean(from_supplements, n_days) if supplements else None,
        sittings=tuple(sittings),
        notes=tuple(notes),
    )


def _mean(parts: list[Estimate], n_days: int) -> Estimate:
    """Mean per day; the error of one person's gut is the same at every sitting."""
    return Estimate.same_error(parts, MG_PER_DAY).times(1 / n_days)


def _sitting(date: dt.date | None, label: str, parts: list[_Part]) -> tuple[Sitting, float]:
    """Absorption of one sitting, and the share of it that comes from supplements.

    Spread between studies and people, range of the dissolving share and range of the amount join on the log scale.
    """
    offered = sum(part.amount.value for part in parts)
    value = _absorbed([part.amount.value * part.share.value for part in parts], offered)
    fixed = Z90 * math.hypot(_sd("study"), _sd("person"))
    bounds = {}
    for side, sign in (("low", -1), ("high", 1)):
        share = _absorbed([part.amount.value * getattr(part.share, side) for part in parts], offered)
        amount = _absorbed([getattr(part.amount, side) * part.share.value for part in parts], math.inf)
        width = math.hypot(fixed, _log_ratio(share, value), _log_ratio(amount, value))
        bounds[side] = value * math.exp(sign * width)
    most = sum(part.amount.high for part in parts)
    names = ("a_max", "study_sd_log", "person_sd_log")
    absorbed = Estimate(
        value=value,
        low=bounds["low"],
        high=max(value, min(bounds["high"], most)),
        unit="mg",
        sources=merge_sources(
            [*(part.share.sources for part in parts), *(parameter(f"absorption_{name}").sources for name in names)]
        ),
        verified=all(part.share.verified for part in parts) and parameter("absorption_a_max").verified,
    )
    fraction = absorbed.times(1 / offered if offered else 0.0).model_copy(update={"unit": "1"})
    fraction = fraction.model_copy(update={"high": max(fraction.value, min(1.0, fraction.high))})
    taken_in = Estimate.total((part.amount for part in parts), "mg", ("MAGNES-SUM",))
    sitting = Sitting(date=date, label=label, magnesium=taken_in, fraction=fraction, absorbed=absorbed)
    dissolved = [part.amount.value * part.share.value for part in parts]
    taken = sum(mg for mg, part in zip(dissolved, parts, strict=True) if part.supplement)
    return sitting, taken / sum(dissolved) if sum(dissolved) else 0.0


def _absorbed(dissolved_mg: list[float], most_mg: float) -> float:
    total = sum(dissolved_mg)
    return min(total, most_mg, float(absorbed_mg(total)))


def _log_ratio(bound: float, value: float) -> float:
    """Distance on the log scale; infinite to a bound of 0: perhaps nothing dissolves."""
    if value <= 0:
        return 0.0
    return abs(math.log(bound / value)) if bound > 0 else math.inf


def _sd(kind: str) -> float:
    return parameter(f"absorption_{kind}_sd_log").value


def _food_parts(eaten: Eaten | None) -> dict[dt.date, dict[str, list[_Part]]]:
    """Sittings of every complete day: by clock time, else by meal, else the day in three."""
    days: dict[dt.date, dict[str, list[_Part]]] = {}
    clocks: dict[dt.date, set[dt.time]] = defaultdict(set)
    for item in eaten.items if eaten else ():
        if item.entry.time:
            clocks[item.entry.date].add(item.entry.time)
    for item in eaten.items if eaten else ():
        date = item.entry.date
        if eaten and date in eaten.incomplete:
            continue
        groups = days.setdefault(date, defaultdict(list))
        magnesium, share = item_magnesium(item)[0], free_share(item)
        if not magnesium.verified:
            share = share.model_copy(update={"verified": False})
        if item.entry.time:
            groups[_clock_label(item.entry.time, clocks[date])].append(_Part(magnesium, share, False))
        elif item.entry.meal:
            groups[item.entry.meal].append(_Part(magnesium, share, False))
        else:
            for meal in range(1, MEALS_ASSUMED + 1):
                groups[f"{meal}/{MEALS_ASSUMED}"].append(_Part(magnesium.times(1 / MEALS_ASSUMED), share, False))
    return days


def _clock_label(time: dt.time, clocks: set[dt.time]) -> str:
    """Begin of the sitting that a time belongs to: everything within an hour of its first line is one sitting."""
    begin, *later = sorted(clock for clock in clocks if clock <= time)
    for clock in later:
        if _minutes(clock) - _minutes(begin) > 60 * SAME_SITTING_HOURS:
            begin = clock
    return begin.strftime("%H:%M")


def _minutes(time: dt.time) -> int:
    return 60 * time.hour + time.minute


def free_share(item: EatenItem) -> Estimate:
    """Share left by binders of the food itself; unknown for dishes that no everyday food describes."""
    basic = item.basic
    if basic and basic.oxalate:
        return parameter("oxalate_factor")
    if basic and basic.phytate:
        return parameter("phytate_factor")
    if basic or item.food.code.startswith("water:"):
        return Estimate.exact(1.0, "1", ("FINE91",), verified=True)
    bound = parameter("phytate_factor")
    return Estimate(value=1.0, low=bound.low, high=1.0, unit="1", sources=bound.sources, verified=bound.verified)


def _supplement_parts(person: Person) -> list[tuple[dt.time, _Part]]:
    """Every taking of magnesium from supplements and medicines."""
    takings = [
        (time, _Part(elemental_mg(supplement), _soluble(supplement.salt), True))
        for supplement in person.supplements
        for time in supplement.times
    ]
    for medicine in person.medicines:
        found = medicine_magnesium(medicine)
        if found and found != "unknown":
            each = found.magnesium.times(1 / found.takings_per_day)
            takings += [(time, _Part(each, _soluble(found.code), True)) for time in medicine.times]
    return takings


def _soluble(name: str) -> Estimate:
    """Share of a salt that dissolves. A product without a named salt can be anything between oxide and citrate."""
    if not name:
        rows = [salt for salt in table(Salt) if salt.family in ("oxide", "citrate") and salt.default_of_family]
        return Estimate.between(map(_dissolving, rows), "1").model_copy(update={"verified": False})
    return _dissolving(salts_named(name)[0])


def _dissolving(salt: Salt) -> Estimate:
    return Estimate(
        value=salt.soluble_fraction,
        low=salt.soluble_low,
        high=salt.soluble_high,
        unit="1",
        sources=salt.soluble_sources,
        verified=salt.soluble_verified,
    )


def _with_supplements(
    groups: dict[str, list[_Part]], supplements: Iterable[tuple[dt.time, _Part]]
) -> dict[str, list[_Part]]:
    """Join takings with a meal of the same hour, otherwise as sittings of their own."""
    sittings = {label: list(parts) for label, parts in groups.items()}
    for time, part in supplements:
        near = [label for label in sittings if _apart_hours(label, time) <= SAME_SITTING_HOURS]
        label = min(near, key=lambda name: _apart_hours(name, time), default=time.strftime("%H:%M"))
        sittings.setdefault(label, []).append(part)
    return sittings


def _apart_hours(label: str, time: dt.time) -> float:
    """Hours between a sitting label that is a clock time and a time of taking; infinite for other labels."""
    try:
        other = dt.time.fromisoformat(label)
    except ValueError:
        return math.inf
    apart = abs(_minutes(other) - _minutes(time))
    return min(apart, 24 * 60 - apart) / 60
