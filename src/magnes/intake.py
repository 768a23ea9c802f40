"""Diary and products -> magnesium in mg per day by source, each with its interval.

Composition errors of different foods are independent; the same food on several days shares its error. Days with an
unmatched food are incomplete: they are shown as "at least" and do not enter the mean.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from magnes.diary import Eaten, EatenItem
from magnes.errors import Problem
from magnes.estimate import Estimate, Record, merge_sources
from magnes.knowledge.chemistry import magnesium_mass_fraction
from magnes.knowledge.foods import composition, food_table
from magnes.knowledge.load import table
from magnes.knowledge.names import salts_named, substance
from magnes.knowledge.records import Parameter, Retention, Salt
from magnes.matching import normalise, waters_of
from magnes.person import Medicine, Person, Supplement

__all__ = [
    "Contribution",
    "DayIntake",
    "Intake",
    "Unmatched",
    "elemental_mg",
    "intake",
    "item_magnesium",
    "medicine_magnesium",
    "parameter",
    "sum_by_day",
    "water_magnesium",
]

MG_PER_DAY = "mg/d"
MOSTLY_COOKED = ("boiled-drained",)  # cooked twins in the tables are boiled and drained
DRY_WATER_G = 25.0  # g per 100 g; grains, pasta and pulses as sold dry hold 5 to 15
INFUSION = "B05"  # not swallowed: neither absorbed from the gut nor meant by a limit for supplements
GIVEN_SPREAD = 1.2  # factor around a value that another programme printed; as wide as two tables usually differ

Kind = Literal["food", "water", "supplement", "medicine"]


class Contribution(Record):
    """What one food or product brings per day, averaged over the complete days."""

    kind: Kind
    name_nl: str
    name_en: str
    code: str = ""
    preparation: str = ""
    kitchen: Literal["", "as-entry", "cooked-entry", "retention-factor", "unknown"] = ""
    from_typo: str = ""
    takings_per_day: int = 0
    magnesium: Estimate


class DayIntake(Record):
    """Food and drink of one day; ``complete`` is false when something of that day could not be matched."""

    date: dt.date
    complete: bool
    magnesium: Estimate


class Unmatched(Record):
    """A diary line that came to no amount of magnesium: where it stands, what was written, why."""

    line: int | None
    code: str
    found: str


class Intake(Record):
    """Magnesium per day by source; ``None`` is unknown, not zero.

    ``food`` is ``None`` without a complete day, ``supplements`` and ``medicines`` when products were named but no
    amount is known of any. ``amount_unknown`` names products whose part is missing: totals are then "at least".
    """

    food: Estimate | None
    supplements: Estimate | None
    medicines: Estimate | None
    days: tuple[DayIntake, ...]
    missing_dates: tuple[dt.date, ...]
    contributions: tuple[Contribution, ...]
    unmatched: tuple[Unmatched, ...]
    amount_unknown: tuple[str, ...]

    @property
    def n_days(self) -> int:
        """Return the number of complete days."""
        return sum(day.complete for day in self.days)

    @property
    def not_food(self) -> Estimate:
        """Supplements and medicines together: the only amount that a supplement limit is compared with."""
        known = (part for part in (self.supplements, self.medicines) if part)
        return Estimate.total(known, MG_PER_DAY, ("MAGNES-SUM",))


def sum_by_day(day: NDArray[np.intp], magnesium_mg: NDArray[np.float64], n_days: int) -> NDArray[np.float64]:
    """Sum item magnesium [mg] per day index, shape (n_days,); a day with an unknown (NaN) item is NaN, never lower.

    >>> sum_by_day(np.array([0, 0, 1]), np.array([10.0, 5.0, np.nan]), 2).tolist()
    [15.0, nan]
    """
    return np.asarray(np.bincount(day, weights=magnesium_mg, minlength=n_days), dtype=np.float64)


@cache
def parameter(name: str) -> Estimate:
    """Return a model parameter as an estimate; ``KeyError`` for an unknown name."""
    row = {row.name: row for row in table(Parameter)}[name]
    return Estimate(
        value=row.value, low=row.low, high=row.high, unit=row.unit, sources=row.sources, verified=row.verified
    )


def intake(person: Person, eaten: Eaten | None) -> Intake:
    """Magnesium per day of a person: eaten (mean of the complete days), supplements, medicines."""
    items = eaten.items if eaten else ()
    incomplete = eaten.incomplete if eaten else frozenset()
    dates = eaten.diary.dates if eaten else ()
    complete = [date for date in dates if date not in incomplete]
    foods = _foods([item for item in items if item.entry.date not in incomplete], len(complete))
    supplements = [_supplement(supplement) for supplement in person.supplements if supplement.times]
    amounts = [(medicine.name, medicine_magnesium(medicine)) for medicine in person.medicines]
    medicines = [found for _, found in amounts if isinstance(found, Contribution)]
    unknown = [name for name, found in amounts if found == "unknown"]
    untimed = [supplement.product or supplement.salt for supplement in person.supplements if not supplement.times]
    return Intake(
        food=_total(foods) if complete else None,
        supplements=_total(supplements) if supplements or not untimed else None,
        medicines=_total(medicines) if medicines or not unknown else None,
        days=tuple(_day(date, items, date not in incomplete) for date in dates),
        missing_dates=tuple(_missing(dates)),
        contributions=tuple(sorted([*foods, *supplements, *medicines], key=lambda row: -row.magnesium.value)),
        unmatched=tuple(_unmatched(problem) for problem in eaten.unmatched) if eaten else (),
        amount_unknown=(*untimed, *unknown),
    )


def _unmatched(problem: Problem) -> Unmatched:
    return Unmatched(line=problem.line, code=problem.code, found=problem.found)


def _total(rows: Iterable[Contribution]) -> Estimate:
    return Estimate.total((row.magnesium for row in rows), MG_PER_DAY, ("MAGNES-SUM",))


def _missing(dates: tuple[dt.date, ...]) -> Iterable[dt.date]:
    """Days without any line between the first and the last; loose days, more gap than diary, have none missing."""
    span = (dates[-1] - dates[0]).days + 1 if dates else 0
    if span > 2 * len(dates):
        return []
    every = (dates[0] + dt.timedelta(days=step) for step in range(span))
    return [date for date in every if date not in dates]


def _foods(items: list[EatenItem], n_days: int) -> list[Contribution]:
    """One contribution per food and way of cooking."""
    groups: dict[tuple[str, str], list[EatenItem]] = defaultdict(list)
    for item in items:
        groups[item.food.code or item.entry.food, item.entry.preparation].append(item)
    result = []
    for (code, preparation), same in groups.items():
        parts, ways = zip(*(item_magnesium(item) for item in same), strict=True)
        result.append(
            Contribution(
                kind="water" if code.startswith("water:") else "food",
                name_nl=same[0].basic.name_nl if same[0].basic else same[0].food.name,
                name_en=same[0].basic.name_en if same[0].basic else same[0].food.name,
                code=same[0].food.code,
                preparation=preparation,
                kitchen=ways[0],
                from_typo=same[0].entry.food if same[0].typo else "",
                magnesium=_same_food(parts).times(1 / n_days),
            )
        )
    return result


def _same_food(parts: Sequence[Estimate]) -> Estimate:
    """Sum of one food: its composition error is the same every time, so bounds add up."""
    return Estimate(
        value=sum(part.value for part in parts),
        low=sum(part.low for part in parts),
        high=sum(part.high for part in parts),
        unit=MG_PER_DAY,
        sources=merge_sources(part.sources for part in parts),
        verified=all(part.verified for part in parts),
    )


def _day(date: dt.date, items: tuple[EatenItem, ...], complete: bool) -> DayIntake:
    today = [item for item in items if item.entry.date == date]
    foods = _foods(today, 1)
    return DayIntake(date=date, complete=complete, magnesium=_total(foods))


Kitchen = Literal["", "as-entry", "cooked-entry", "retention-factor", "unknown"]


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
    code, also, kitchen = item.food.code, item.basic.also if item.basic else (), "as-entry"
    if item.basic and item.basic.cooked and entry.preparation in MOSTLY_COOKED and not _dry(code):
        code, also, kitchen = item.basic.cooked, (), "cooked-entry"
    content = composition(code, tuple(also))
    if content is None:  # resolve() refuses such foods; a missing value is never zero
        raise ValueError(f"no magnesium value for {code}")
    grams = _with_portion(content.times(item.portion.grams / 100).model_copy(update={"unit": "mg"}), item)
    if kitchen == "cooked-entry" or entry.preparation in ("", "raw"):
        return grams, kitchen  # type: ignore[return-value]
    factor = _retention(item.basic.retention if item.basic else "", entry.preparation)
    if factor is None:
        return grams, "unknown"
    return grams.multiply(factor, "mg"), "retention-factor"


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


def elemental_mg(supplement: Supplement) -> Estimate:
    """Elemental magnesium in one taking [mg], with the label's inaccuracy.

    From a compound amount the hydration matters: a salt named without it gets the range of its hydrates.
    """
    label = parameter("supplement_label_ratio")
    if supplement.elemental_mg is None and supplement.compound_mg is None:
        raise ValueError("a supplement needs elemental_mg or compound_mg")
    if supplement.elemental_mg is not None:
        amount, sources, verified = supplement.elemental_mg, label.sources, label.verified
        low = high = 1.0
    else:
        salts = salts_named(supplement.salt)
        fractions = [_mass_fraction(salt) for salt in salts]
        known = [fraction for fraction in fractions if fraction is not None]
        if not known:
            raise ValueError(f"no formula for {supplement.salt}: elemental_mg is needed")
        amount = (supplement.compound_mg or 0.0) * known[0]
        low, high = min(known) / known[0], max(known) / known[0]
        sources = merge_sources((salts[0].sources, ("IUPAC",), label.sources))
        verified = label.verified
    return Estimate(
        value=amount,
        low=amount * low * label.low,
        high=amount * high * label.high,
        unit="mg",
        sources=sources,
        verified=verified,
    )


def _mass_fraction(salt: Salt) -> float | None:
    return magnesium_mass_fraction(salt.formula) if salt.formula else None


def _supplement(supplement: Supplement) -> Contribution:
    takings = len(supplement.times)
    magnesium = elemental_mg(supplement).times(takings).model_copy(update={"unit": MG_PER_DAY})
    salts = salts_named(supplement.salt) if supplement.salt else ()
    one = salts[0] if len(salts) == 1 else None  # a name that leaves the hydration open is shown as it was written
    return Contribution(
        kind="supplement",
        name_nl=one.name_nl if one else supplement.salt or supplement.product,
        name_en=one.name_en if one else supplement.salt or supplement.product,
        code=salts[0].id if salts else "",
        takings_per_day=takings,
        magnesium=magnesium,
    )


def medicine_magnesium(medicine: Medicine) -> Contribution | Literal["unknown"] | None:
    """Magnesium that a medicine brings per day; ``unknown`` when it has some but not how much; ``None`` without."""
    row = substance(medicine.atc) if medicine.atc else None
    if row is None or not row.salt:
        return None
    if row.salt == "unknown" or medicine.dose_mg is None or not medicine.times or row.atc.startswith(INFUSION):
        return "unknown"
    salt = next(salt for salt in table(Salt) if salt.id == row.salt)
    dose = Supplement(salt=salt.id, compound_mg=medicine.dose_mg, times=medicine.times)
    magnesium = elemental_mg(dose).times(len(medicine.times)).model_copy(update={"unit": MG_PER_DAY})
    return Contribution(
        kind="medicine",
        name_nl=row.name_nl,
        name_en=row.name_en,
        code=salt.id,
        takings_per_day=len(medicine.times),
        magnesium=magnesium,
    )
