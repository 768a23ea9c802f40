"""Food and supplements together: the usual intake of food is fitted first, then what a person takes is added.

Added to the usual intake of food T of a person, never to single days: the chance that T + S stays below the requirement
is that of T below requirement - S. Supplements alone are compared with the upper limit; the sum never is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from magnes.person import Person
from magnes.population.days import Days
from magnes.population.scenario import assign
from magnes.population.scenario_spec import SupplementPolicy
from magnes.population.usual.distribution import Distribution, distribution
from magnes.population.usual.fit import ReplicateFits, UsualFit
from magnes.reference import limit_value

if TYPE_CHECKING:
    import polars as pl

__all__ = ["supplement_limits", "with_supplements"]

COLUMNS = (
    "mean_food", "mean_supplement", "mean_total", "pct_users", "pct_total_below_EAR", "pct_supplement_above_limit",
)  # fmt: skip
NEVER_BELOW_MG = 1e-6  # requirement left for food when supplements cover all of it

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
    ``None`` when nothing is known of anybody. Policies are exact, without draws, as ``scenario.assign``.
    """
    known = np.isfinite(taken_mg)
    if not known.any():
        return None
    some = days.take(known)
    sex, age = some.covariates["sex"].to_numpy(), some.covariates["age_years"].to_numpy()
    parts = assign(policies, sex, age, taken_mg[known])
    sums: dict[str, Floats] = {}
    for share, dose in parts:
        if not (share > 0).any():
            continue
        part = _part(some, fitted, replicates, by, share, dose, ear_mg[known], limit_mg[known])
        sums = {name: sums[name] + values if sums else values for name, values in part.items()}
    weight = sums.pop("weight")
    for name, bound in (("pct_supplement_above_limit", limit_mg), ("pct_total_below_EAR", ear_mg)):
        if np.isnan(bound[known]).any():
            del sums[name]
    whole = distribution(some, fitted, replicates, by=by, percentiles=())
    nobody = np.full_like(weight, np.nan)  # of a group that a replicate leaves empty
    means = {name: np.divide(total, weight, out=nobody.copy(), where=weight > 0) for name, total in sums.items()}
    means["mean_total"] = means["mean_food"] + means["mean_supplement"]
    return replace(whole, values={name: means[name] for name in COLUMNS if name in means})


def _part(
    days: Days,
    fitted: UsualFit,
    replicates: ReplicateFits | None,
    by: str | None,
    share: Floats,
    dose: Floats,
    ear_mg: Floats,
    limit_mg: Floats,
) -> dict[str, Floats]:
    """Return weighted sums (groups, sets) over the people of one combination of policies, each with its share."""
    weights = days.weight[:, None]
    if replicates is not None and days.replicate_weights is not None:
        weights = np.concatenate([weights, days.replicate_weights], axis=1)
    weights = weights * share[:, None]
    names = [str(name) for name in days.covariates[by].to_list()] if by else ["all"] * days.n_persons
    order, group = np.unique(names, return_inverse=True)
    member = (group[:, None] == np.arange(len(order))).astype(float)  # (people, groups)
    found = {
        "weight": member.T @ weights,
        "mean_supplement": member.T @ (weights * dose[:, None]),
        "pct_users": member.T @ (weights * (100.0 * (dose > 0))[:, None]),
        "pct_supplement_above_limit": member.T @ (weights * (100.0 * (dose > limit_mg))[:, None]),
    }
    here = share > 0
    left: pl.DataFrame = days.covariates.with_columns(food_ear_mg=np.fmax(ear_mg - dose, NEVER_BELOW_MG))
    part = replace(
        days,
        covariates=left,
        weight=days.weight * share,
        replicate_weights=None if days.replicate_weights is None else days.replicate_weights * share[:, None],
    ).take(here)
    shape = distribution(part, fitted, replicates, by=by, ear="food_ear_mg", percentiles=())
    places = np.searchsorted(order, shape.groups)
    for name, column in (("mean_food", "mean"), ("pct_total_below_EAR", "pct_below_EAR")):
        whole = np.zeros_like(found["weight"])
        whole[places] = np.nan_to_num(shape.values[column]) * found["weight"][places]
        found[name] = whole
    return found
