"""A scenario applied to the food records of a survey: the magnesium of each recalled day before and after.

Each record has a code, grams and magnesium per 100 g. Changes are applied in order to all records; a swap splits a
record in two, so that a later change sees both parts. A food without a magnesium value has none afterwards either, and
its day counts in neither diet. Supplements never enter the food.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from magnes.population.scenario_spec import Fortify, Reformulate, Scenario, SupplementPolicy, Swap
from magnes.population.survey import day_totals, magnesium_per_100g
from magnes.readers.nhanes import Survey

__all__ = ["Applied", "Diets", "apply", "assign"]

PER_100_G_OF_A_LITRE = 0.1  # a litre of what is drunk as a kilogram

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Applied(NamedTuple):
    """What one change met: number of food records (``None`` for supplements), and the people who ate them."""

    do: str
    records: int | None
    people: int | None


@dataclass(frozen=True)
class Diets:
    """Magnesium of food of each recall [mg], (people, 2); NaN where it is not known, in both diets alike."""

    before_mg: Floats
    after_mg: Floats
    applied: tuple[Applied, ...]
    policies: tuple[SupplementPolicy, ...]


class _Records(NamedTuple):
    """Food records in columns (records,)."""

    seqn: Ints
    day: Ints
    code: Ints
    grams: Floats
    per_100g: Floats


def apply(survey: Survey, scenario: Scenario) -> Diets:
    """Apply all changes in order; food values are those of the package's table."""
    foods = survey.foods
    code = foods["food_code"].to_numpy()
    seqn, day, grams = (foods[name].to_numpy() for name in ("SEQN", "day", "grams"))
    records = _Records(seqn, day, code, grams, magnesium_per_100g(code))
    before = _totals(survey, records)
    applied: list[Applied] = []
    policies: list[SupplementPolicy] = []
    for change in scenario.change:
        if isinstance(change, SupplementPolicy):
            policies.append(change)
            applied.append(Applied(change.do, None, None))
            continue
        met = _matches(records.code, change.foods)
        applied.append(Applied(change.do, int(met.sum()), len(np.unique(records.seqn[met]))))
        records = _swapped(records, met, change) if isinstance(change, Swap) else _changed(records, met, change)
    after = _totals(survey, records)
    known = np.isfinite(before) & np.isfinite(after)
    return Diets(np.where(known, before, np.nan), np.where(known, after, np.nan), tuple(applied), tuple(policies))


def _totals(survey: Survey, records: _Records) -> Floats:
    return day_totals(survey, records.seqn, records.day, records.per_100g * records.grams / 100)


def _matches(code: Ints, foods: tuple[str, ...]) -> NDArray[np.bool_]:
    """Whether each code is one of these, or begins as one of these; looked up once per code."""
    distinct, inverse = np.unique(code, return_inverse=True)
    begins = np.array([str(one).startswith(foods) for one in distinct.tolist()], dtype=bool)
    return np.asarray(begins[inverse])


def _changed(records: _Records, met: NDArray[np.bool_], change: Fortify | Reformulate) -> _Records:
    """Return the records with another content; one that is not known stays so."""
    if isinstance(change, Reformulate):
        new = np.full(len(met), change.mg_per_100g)
    elif change.add_mg_per_100g is not None:
        new = records.per_100g + change.add_mg_per_100g
    else:
        new = records.per_100g + (change.add_mg_per_litre or 0.0) * PER_100_G_OF_A_LITRE
    return records._replace(per_100g=np.where(met & np.isfinite(records.per_100g), new, records.per_100g))


def _swapped(records: _Records, met: NDArray[np.bool_], change: Swap) -> _Records:
    """Return the records with a share of the grams as another food; the grams together stay the same."""
    code = int(change.to)
    content = float(magnesium_per_100g(np.array([code]))[0])
    part = _Records._make(column[met] for column in records)
    moved = part._replace(
        code=np.full(len(part.code), code),
        grams=part.grams * change.share,
        per_100g=np.where(np.isfinite(part.per_100g), content, np.nan),
    )
    kept = records._replace(grams=np.where(met, records.grams * (1 - change.share), records.grams))
    return _Records._make(np.concatenate(columns) for columns in zip(kept, moved, strict=True))


def assign(
    policies: tuple[SupplementPolicy, ...], sex: NDArray[np.str_], age_years: Floats, taken_mg: Floats
) -> list[tuple[Floats, Floats]]:
    """Return (share of people, supplement magnesium [mg/d]), each (people,), for combinations of policies.

    Those that nobody follows are left out. Exact, without draws: who is meant by a policy of share p is split into p
    who take it beside ``taken_mg`` and 1 - p who do not; policies are taken as independent of each other. The shares
    of a person add up to 1.
    """
    parts = [(np.ones(len(sex)), np.asarray(taken_mg, dtype=float))]
    for policy in policies:
        meant = (age_years >= policy.age_from_years) & (age_years < policy.age_to_years + 1)
        if policy.sex is not None:
            meant &= sex == policy.sex
        taking = np.where(meant, policy.share, 0.0)
        parts = [
            split
            for share, dose in parts
            for split in ((share * (1 - taking), dose), (share * taking, dose + policy.mg_per_day))
            if split[0].any()  # policies for different people do not multiply
        ]
    return parts
