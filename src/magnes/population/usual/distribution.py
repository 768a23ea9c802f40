"""Distribution of usual intake in groups: a finite sum of normal distributions, so nothing is sampled.

T = H(x'b + u), u ~ N(0, between), where H is the mean over days (weekend days 3 of 7). Of a group F(t) = weighted mean
of Phi((H^-1(t) - x'b) / sd_u); percentiles by Newton's method on it. All sets of weights (the sample first, then the
replicates) are computed together, so standard errors and differences between two diets use the same replicates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from magnes.errors import Problems, nearest
from magnes.population.days import Days
from magnes.population.replicates import standard_error
from magnes.population.usual.boxcox import gauss_hermite, mean_over_days, transform, with_slope
from magnes.population.usual.design import WEEKEND, design
from magnes.population.usual.fit import ReplicateFits, UsualFit

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PERCENTILES", "REQUIREMENT_CV", "Distribution", "Parameters", "difference", "distribution", "usual_mean"]

PERCENTILES = (5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0)
REQUIREMENT_CV = 0.10  # of the requirement around the EAR: IOM 2000
REQUIREMENT_NODES = 12
WEEKEND_SHARE = 3 / 7  # Friday to Sunday
AT_ONCE = 100_000  # people times sets of weights; bounds the memory
FEWEST_POINTS, POINTS_PER_SD, MOST_POINTS = 24, 8, 160  # points that stand for many people, see _gather
STEPS = 50
CLOSE = 1e-10  # on the Box-Cox scale, of its standard deviation
FLAT = 1e-300

Floats = NDArray[np.float64]


class Parameters(NamedTuple):
    """Parameters of S fits on the Box-Cox scale: the whole sample first, then the replicates. ``beta`` (S, p)."""

    lam: Floats
    beta: Floats
    weekend: Floats
    sd_between: Floats
    sd_within: Floats

    @classmethod
    def of(cls, fitted: UsualFit, replicates: ReplicateFits | None = None) -> Parameters:
        """Stack the fit and its replicates; ``weekend`` is 0 in a model without it."""
        names = list(fitted.beta)
        lam, between, within = (np.array([value]) for value in (fitted.lam, fitted.var_between, fitted.var_within))
        beta = np.array([list(fitted.beta.values())])
        if replicates is not None:
            lam = np.concatenate([lam, replicates.lam])
            beta = np.concatenate([beta, replicates.beta])
            between = np.concatenate([between, replicates.var_between])
            within = np.concatenate([within, replicates.var_within])
        weekend = beta[:, names.index(WEEKEND)] if WEEKEND in names else np.zeros(len(lam))
        return cls(lam, beta, weekend, np.sqrt(between), np.sqrt(within))

    def part(self, sets: slice) -> Parameters:
        """Return some of the sets."""
        return Parameters(*(values[sets] for values in self))


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
    names, group = _groups(days, by)
    ears = _ears(days, names, group, ear, by or "all")
    made = design(days, fitted.terms)
    parameters = Parameters.of(fitted, replicates)
    weights = days.weight[:, None]
    if replicates is not None and days.replicate_weights is not None:
        weights = np.concatenate([weights, days.replicate_weights], axis=1)
    roots = _Roots(parameters, fitted.min_amount_mg / 2)
    asked = np.asarray(percentiles, dtype=float) / 100
    labels = ["mean", *(f"p{value:g}" for value in percentiles)]
    labels += ["pct_below_EAR", "pct_inadequate_prob"] if ears is not None else []
    values = {name: np.empty((len(names), weights.shape[1])) for name in labels}
    for number in range(len(names)):
        people = np.flatnonzero(group == number)
        cells = _cells(made.person[people], None if ears is None else ears[people], weights[people])
        for sets in _parts(len(cells.weights), weights.shape[1]):
            found = _of_group(cells, parameters.part(sets), sets, asked, roots)
            for name, part in zip(labels, found, strict=True):
                values[name][number, sets] = part
    return Distribution(
        by=by or "group",
        groups=tuple(names),
        n=tuple(np.bincount(group, minlength=len(names)).tolist()),
        ear_mg=None if ears is None else tuple(_one(ears[group == number]) for number in range(len(names))),
        values=values,
        scale=None if replicates is None else replicates.scale,
    )


def _one(values: Floats) -> float:
    return float(values[0]) if (values == values[0]).all() else np.nan


def _groups(days: Days, by: str | None) -> tuple[list[str], NDArray[np.intp]]:
    if by is None:
        return ["all"], np.zeros(days.n_persons, dtype=np.intp)
    texts = _covariate(days, by, "by").cast(str).to_numpy()
    names, group = np.unique(texts.astype(str), return_inverse=True)
    return names.tolist(), group.astype(np.intp)


def _covariate(days: Days, name: str, field: str) -> pl.Series:
    known = days.covariates.columns
    problems = Problems()
    if name not in known:
        near = nearest(name, known)
        problems.add("term_unknown", field=field, found=name, accepted=", ".join(known), nearest=near)
    problems.stop()
    return days.covariates[name]


def _ears(
    days: Days, names: list[str], group: NDArray[np.intp], ear: str | float | Mapping[str, float] | None, by: str
) -> Floats | None:
    """Return the EAR of each person (people,)."""
    if ear is None:
        return None
    problems = Problems()
    if isinstance(ear, str):
        values = _covariate(days, ear, "ear").to_numpy().astype(float)
    elif isinstance(ear, Mapping):
        for name in names:
            if name not in ear:
                problems.add("ear_missing", field=by, found=name, accepted=", ".join(ear))
        problems.stop()
        values = np.array([float(ear[name]) for name in names])[group]
    else:
        values = np.full(days.n_persons, float(ear))
    if not (np.isfinite(values) & (values > 0)).all():
        problems.add("cell", field="ear", found=values.min(), accepted="1 … 10000 mg")
    problems.stop()
    return values


class _Cells(NamedTuple):
    """People of a group with the same columns and the same EAR taken together."""

    person: Floats  # (cells, p1)
    ear: Floats | None  # (cells,)
    weights: Floats  # (cells, S)


def _cells(person: Floats, ear: Floats | None, weights: Floats) -> _Cells:
    keys = person if ear is None else np.column_stack([person, ear])
    distinct, first, cell = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    if len(distinct) == len(keys):
        return _Cells(person, ear, weights)
    order = np.argsort(cell.ravel(), kind="stable")
    starts = np.searchsorted(cell.ravel()[order], np.arange(len(distinct)))
    return _Cells(person[first], None if ear is None else ear[first], np.add.reduceat(weights[order], starts))


def _parts(cells: int, sets: int) -> Iterator[slice]:
    size = max(1, AT_ONCE // max(cells, 1))
    for begin in range(0, sets, size):
        yield slice(begin, min(begin + size, sets))


def _of_group(cells: _Cells, at: Parameters, sets: slice, asked: Floats, roots: _Roots) -> list[Floats]:
    """Return mean, percentiles and shares below the EAR [%] of one group, each (S,)."""
    eta = at.beta[:, : cells.person.shape[1]] @ cells.person.T  # (S, cells)
    weights = np.ascontiguousarray(cells.weights[:, sets].T)
    share = weights / weights.sum(axis=1, keepdims=True)
    everybody = _gather(eta, share, at.sd_between)
    found = [(everybody[1] * usual_mean(everybody[0], at, at.sd_between)).sum(axis=1)]
    found += [np.maximum(usual_mean(z, at), roots.floor_mg) for z in _percentiles(*everybody, at.sd_between, asked)]
    if cells.ear is None:
        return found
    points, mass = gauss_hermite(REQUIREMENT_NODES)
    needs = 1 + REQUIREMENT_CV * points
    below, inadequate = np.zeros(len(share)), np.zeros(len(share))
    ears = np.unique(cells.ear).tolist()
    for ear in ears:
        these = cells.ear == ear
        some = everybody if len(ears) == 1 else _gather(eta[:, these], share[:, these], at.sd_between)
        below += _below(*some, at.sd_between, roots.of(ear, sets))
        for need, part in zip(needs.tolist(), mass.tolist(), strict=True):
            inadequate += part * _below(*some, at.sd_between, roots.of(ear * need, sets))
    return [*found, 100 * below, 100 * inadequate]


def _gather(eta: Floats, share: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Return few places (S, K) with shares (S, K) that stand for all of ``eta`` (S, people) and their shares.

    All that is asked of people are weighted means of functions of ``eta`` that bend no sooner than a normal
    distribution with ``sd``. On Chebyshev points between the lowest and the highest these are polynomials to machine
    precision, so the means of the polynomials are enough. Shares may be below 0; they add up to the same.
    """
    low, high = eta.min(axis=1), eta.max(axis=1)
    half = np.maximum((high - low) / 2, np.finfo(float).tiny)
    number = FEWEST_POINTS + int(np.ceil(POINTS_PER_SD * min((half / np.maximum(sd, FLAT)).max(), MOST_POINTS)))
    if number > MOST_POINTS or 2 * number > eta.shape[1]:
        return eta, share
    t = (eta - ((low + high) / 2)[:, None]) / half[:, None]
    mean = np.empty((number, len(eta)))
    before, now = np.ones_like(t), t
    for order in range(number):
        mean[order] = np.einsum("sc,sc->s", share, before)
        before, now = now, 2 * t * now - before
    points = chebyshev.chebpts2(number)
    shares = np.linalg.solve(chebyshev.chebvander(points, number - 1).T, mean).T
    return ((low + high) / 2)[:, None] + half[:, None] * points, np.ascontiguousarray(shares)


def _below(eta: Floats, share: Floats, sd: Floats, z: Floats | None) -> Floats:
    """Share below a threshold that lies at places ``z`` (S,); nobody is below a threshold under the floor."""
    if z is None:
        return np.zeros(len(share))
    return np.asarray((share * ndtr((z - eta.T).T / sd[:, None])).sum(axis=1))


def usual_mean(eta: Floats, at: Parameters, sd_person: Floats | float = 0.0) -> Floats:
    """Usual intake [mg/d] at places (S, ...) on the Box-Cox scale of a weekday, first recall; weekend days 3 of 7.

    ``sd_person`` (S,): standard deviation between people to take the mean over as well.
    """
    shape = (-1,) + (1,) * (eta.ndim - 1)
    lam, weekend = at.lam.reshape(shape), at.weekend.reshape(shape)
    sd = np.hypot(at.sd_within, sd_person).reshape(shape)
    mean = mean_over_days(eta, lam, sd)
    if not at.weekend.any():
        return mean
    return (1 - WEEKEND_SHARE) * mean + WEEKEND_SHARE * mean_over_days(eta + weekend, lam, sd)


class _Roots:
    """Places whose mean over days is a threshold, for all sets; each threshold once, for groups that share an EAR."""

    def __init__(self, at: Parameters, floor_mg: float) -> None:
        self.at = at
        self.floor_mg = floor_mg
        self.found: dict[float, Floats] = {}
        self.beside: Floats | float = 0.0  # how far the last root lay from the threshold itself

    def of(self, threshold_mg: float, sets: slice) -> Floats | None:
        """Return the places (S,) by Newton's method on a convex, rising function; ``None`` under the floor."""
        if threshold_mg <= self.floor_mg:
            return None
        if threshold_mg not in self.found:
            there = transform(threshold_mg, self.at.lam) + np.maximum(0.0, -self.at.weekend)
            z = there + self.beside
            for _ in range(STEPS):
                value, slope = self._mean(z)
                step = (value - threshold_mg) / np.maximum(slope, FLAT)
                z = np.minimum(z - step, there)  # the root lies left of it; far left the function is flat
                if np.abs(step / self.at.sd_within).max() < CLOSE:
                    break
            self.found[threshold_mg] = z
            self.beside = z - there
        return self.found[threshold_mg][sets]

    def _mean(self, z: Floats) -> tuple[Floats, Floats]:
        at = self.at
        value, slope = with_slope(z, at.lam, at.sd_within)
        if not at.weekend.any():
            return value, slope
        more, steep = with_slope(z + at.weekend, at.lam, at.sd_within)
        return value + WEEKEND_SHARE * (more - value), slope + WEEKEND_SHARE * (steep - slope)


def _percentiles(eta: Floats, share: Floats, sd: Floats, asked: Floats) -> Iterator[Floats]:
    """Places (S,) below which the asked shares of the people lie: Halley's method within a bracket."""
    centre = (share * eta).sum(axis=1)
    width = np.sqrt(sd**2 + (share * (eta - centre[:, None]) ** 2).sum(axis=1))
    for target in asked.tolist():
        near = ndtri(target) * sd
        low, high = eta.min(axis=1) + near, eta.max(axis=1) + near  # no person's own percentile lies beyond
        z = np.clip(centre + ndtri(target) * width, low, high)
        for _ in range(STEPS):
            t = (z[:, None] - eta) / sd[:, None]
            excess = (share * ndtr(t)).sum(axis=1) - target
            density = share * np.exp(-0.5 * t**2)
            slope = density.sum(axis=1) / (sd * np.sqrt(2 * np.pi))
            curve = -(density * t).sum(axis=1) / (sd**2 * np.sqrt(2 * np.pi))
            low, high = np.where(excess < 0, z, low), np.where(excess < 0, high, z)
            bottom = 2 * slope**2 - excess * curve
            new = z - 2 * excess * slope / np.where(bottom > FLAT, bottom, np.inf)
            new = np.where((new >= low) & (new <= high) & (bottom > FLAT), new, (low + high) / 2)
            moved = np.abs(new - z).max()
            z = new
            if moved < CLOSE * float(sd.max()):
                break
        yield z
