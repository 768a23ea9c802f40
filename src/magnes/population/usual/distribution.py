"""Distribution of usual intake in groups: a finite sum of normal distributions, so nothing is sampled.

T = H(x'b + u), u ~ N(0, between), where H is the mean over days (weekend days 3 of 7). Of a group F(t) = weighted mean
of Phi((H^-1(t) - x'b) / sd_u); percentiles by Newton's method on it. All sets of weights (the sample first, then the
replicates) are computed together, so standard errors and differences between two diets use the same replicates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from magnes.errors import Problems
from magnes.population.days import Days
from magnes.population.replicates import standard_error
from magnes.population.usual.design import design
from magnes.population.usual.fit import ReplicateFits, UsualFit
from magnes.population.usual.groups import Cells, cells_of, ears_of, groups_of, one_ear
from magnes.population.usual.mixture import Parameters, Roots, gather, percentile_places, share_below, usual_mean
from magnes.population.usual.prevalence import probability_approach

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PERCENTILES", "Distribution", "difference", "distribution"]

PERCENTILES = (5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0)
AT_ONCE = 100_000  # people times sets of weights; bounds the memory

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Distribution:
    """Results of groups: ``values`` by column name (groups, 1 + replicates), in mg/d or percent.

    ``groups`` and ``n`` (people) in the same order; ``ear_mg`` is NaN in a group of people with different EARs.
    """

    by: str
    groups: tuple[str, ...]
    n: tuple[int, ...]
    ear_mg: tuple[float, ...] | None
    values: dict[str, Floats]
    scale: Floats | None

    def frame(self) -> pl.DataFrame:
        """Return a table, one row per group; ``<column>_se`` beside each column when there are replicates."""
        import polars as pl

        columns: dict[str, object] = {self.by: self.groups, "n": self.n}
        if self.ear_mg is not None:
            columns["EAR"] = self.ear_mg
        for name, values in self.values.items():
            columns[name] = values[:, 0]
            if self.scale is not None:
                columns[f"{name}_se"] = standard_error(values, self.scale)
        return pl.DataFrame(columns).with_columns(pl.selectors.float().fill_nan(None))


def difference(after: Distribution, before: Distribution) -> Distribution:
    """Return after minus before, paired: the standard error is that of the difference in the same replicates.

    Raises ``InputProblems`` when the groups or the replicates are not the same.
    """
    problems = Problems()
    sets = {values.shape[1] for part in (after, before) for values in part.values.values()}
    if after.groups != before.groups or after.values.keys() != before.values.keys() or len(sets) != 1:
        problems.add("distributions_differ", field=after.by)
    problems.stop()
    values = {name: after.values[name] - before.values[name] for name in after.values}
    return Distribution(after.by, after.groups, after.n, after.ear_mg, values, after.scale)


def distribution(
    days: Days,
    fitted: UsualFit,
    replicates: ReplicateFits | None = None,
    *,
    by: str | None = None,
    ear: str | float | Mapping[str, float] | None = None,
    percentiles: Sequence[float] = PERCENTILES,
) -> Distribution:
    """Compute mean, percentiles and shares below the EAR of each group of people.

    ``by``: a covariate, groups in the order of their names; everybody in one group ``all`` without it. ``ear`` [mg/d]:
    a number, a value for each group, or a covariate that holds that of each person. Two shares [%]: ``pct_below_EAR``
    (cut-point) and ``pct_inadequate_prob`` (probability approach, requirement normal with CV 10 %).
    Raises ``InputProblems`` for unknown covariates, groups and an EAR that is not above 0.
    """
    names, group = groups_of(days, by)
    ears = ears_of(days, names, group, ear, by or "all")
    made = design(days, fitted.terms, fitted.beta)
    parameters = Parameters.of(fitted, replicates)
    weights = days.weight_sets if replicates is not None else days.weight[:, None]
    roots = Roots(parameters, fitted.min_amount_mg / 2)
    asked = np.asarray(percentiles, dtype=float) / 100
    labels = ["mean", *(f"p{value:g}" for value in percentiles)]
    labels += ["pct_below_EAR", "pct_inadequate_prob"] if ears is not None else []
    values = {name: np.empty((len(names), weights.shape[1])) for name in labels}
    for number in range(len(names)):
        people = np.flatnonzero(group == number)
        cells = cells_of(made.person[people], None if ears is None else ears[people], weights[people])
        for sets in _parts(len(cells.weights), weights.shape[1]):
            found = _of_group(cells, parameters.part(sets), sets, asked, roots)
            for name, part in zip(labels, found, strict=True):
                values[name][number, sets] = part
    return Distribution(
        by=by or "group",
        groups=tuple(names),
        n=tuple(np.bincount(group, minlength=len(names)).tolist()),
        ear_mg=None if ears is None else tuple(one_ear(ears[group == number]) for number in range(len(names))),
        values=values,
        scale=None if replicates is None else replicates.scale,
    )


def _parts(cells: int, sets: int) -> Iterator[slice]:
    size = max(1, AT_ONCE // max(cells, 1))
    for begin in range(0, sets, size):
        yield slice(begin, min(begin + size, sets))


def _of_group(cells: Cells, at: Parameters, sets: slice, asked: Floats, roots: Roots) -> list[Floats]:
    """Return mean, percentiles and shares below the EAR [%] of one group, each (S,)."""
    eta = np.einsum("sp,cp->sc", at.beta[:, : cells.person.shape[1]], cells.person)
    weights = np.ascontiguousarray(cells.weights[:, sets].T)
    whole = weights.sum(axis=1, keepdims=True)
    share = np.divide(weights, whole, out=np.full_like(weights, np.nan), where=whole > 0)  # nobody of the group left
    everybody = gather(eta, share, at.sd_between)
    found = [(everybody[1] * usual_mean(everybody[0], at, at.sd_between)).sum(axis=1)]
    found += [
        np.maximum(usual_mean(z, at), roots.floor_mg) for z in percentile_places(*everybody, at.sd_between, asked)
    ]
    if cells.ear is None:
        return found
    below, inadequate = np.zeros(len(share)), np.zeros(len(share))
    ears = np.unique(cells.ear).tolist()
    for ear in ears:
        these = cells.ear == ear
        some = everybody if len(ears) == 1 else gather(eta[:, these], share[:, these], at.sd_between)
        cdf = partial(_below, some, at.sd_between, roots, sets)
        below += cdf(np.array([ear]))[:, 0]
        inadequate += probability_approach(cdf, ear)
    return [*found, 100 * below, 100 * inadequate]


def _below(some: tuple[Floats, Floats], sd: Floats, roots: Roots, sets: slice, thresholds_mg: Floats) -> Floats:
    """Share below each threshold (K,): (S, K)."""
    return np.stack([share_below(*some, sd, roots.of(mg, sets)) for mg in thresholds_mg.tolist()], axis=1)
