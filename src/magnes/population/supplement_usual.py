"""Food and supplements together: the usual intake of food is fitted first, then what a person takes is added.

Added to the usual intake of food T of a person, never to single days: the chance that T + S stays below the requirement
is that of T below requirement - S. Supplements alone are compared with the upper limit; the sum never is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from magnes.person import Person
from magnes.population.days import Days
from magnes.population.scenario import assign
from magnes.population.scenario_spec import SupplementPolicy
from magnes.population.usual.distribution import Distribution, distribution
from magnes.population.usual.fit import ReplicateFits, UsualFit
from magnes.population.usual.supplements import SupplementDose, share_above_limit, total_distribution
from magnes.reference import limit_value

__all__ = ["supplement_limits", "with_supplements"]

Floats = NDArray[np.float64]


def supplement_limits(authority: str, sex: NDArray[np.str_], age_years: Floats) -> Floats:
    """Return the upper limit on supplements of each person [mg/d], outside pregnancy; NaN where there is none."""
    known: dict[tuple[str, int], float] = {}
    for key in set(zip(sex.tolist(), age_years.astype(int).tolist(), strict=True)):
        person = Person(age_years=key[1], sex="male" if key[0] == "male" else "female", age_in_whole_years=True)
        _, limit = limit_value(authority, person)
        known[key] = limit.mg_per_day if limit is not None and limit.kind == "UL" else np.nan
    return np.array([known[key] for key in zip(sex.tolist(), age_years.astype(int).tolist(), strict=True)])


def with_supplements(
    days: Days,
    fitted: UsualFit,
    replicates: ReplicateFits | None,
    *,
    by: str | None,
    taken_mg: Floats,
    ear_mg: Floats,
    limit_mg: Floats,
    policies: tuple[SupplementPolicy, ...] = (),
) -> Distribution | None:
    """Return, for each group, mean intake of food and supplements, users, and shares below EAR and above the limit.

    ``taken_mg`` (people,) usual supplements [mg/d], NaN where not known: who has none known is left out. ``ear_mg``,
    ``limit_mg`` (people,). ``days`` has the covariates ``sex`` and ``age_years``. Columns [mg/d, %]: ``mean_food``,
    ``mean_supplement``, ``mean_total``, ``pct_users`` and, where all have an EAR or a limit,
    ``pct_total_below_EAR`` and ``pct_supplement_above_limit``.
    ``None`` when nothing is known of anybody. Policies are exact, without draws, as ``scenario.assign``: whoever may
    follow one counts once with it and once without, each with its share of the weight.
    """
    import polars as pl

    known = np.isfinite(taken_mg)
    if not known.any():
        return None
    some = days.take(known)
    parts = assign(
        policies, some.covariates["sex"].to_numpy(), some.covariates["age_years"].to_numpy(), taken_mg[known]
    )
    share, mg = (np.concatenate(values) for values in zip(*parts, strict=True))
    here = np.flatnonzero(share > 0)
    person, dose = here % some.n_persons, SupplementDose(mg[here])
    each, shares = some.take(person), share[here]
    bounds = {"ear_mg": ear_mg[known][person], "limit_mg": limit_mg[known][person]}
    sets = None if replicates is None else each.replicate_weights
    each = replace(
        each,
        covariates=each.covariates.with_columns(**{name: pl.Series(values) for name, values in bounds.items()}),
        weight=each.weight * shares,
        replicate_weights=None if sets is None else sets * shares[:, None],
    )
    ear, limit = (name if np.isfinite(values).all() else None for name, values in bounds.items())
    food = distribution(some, fitted, replicates, by=by, percentiles=())
    both = total_distribution(each, fitted, dose, replicates, by=by, ear=ear, percentiles=())
    alone = share_above_limit(each, dose, limit, by=by)
    found = {
        "mean_food": food.values["mean"],
        "mean_supplement": alone.values["mean"],
        "mean_total": both.values["mean"],
        "pct_users": alone.values["pct_users"],
        "pct_total_below_EAR": both.values.get("pct_below_EAR"),
        "pct_supplement_above_limit": alone.values.get("pct_above_limit"),
    }
    return replace(food, values={name: values for name, values in found.items() if values is not None})
