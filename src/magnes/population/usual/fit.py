"""Fit of usual intake: lambda, coefficients and variances, for the whole sample and for all replicates at once.

Lambda is searched over seven Chebyshev nodes, between which the profiled log-likelihood is a polynomial; the nodes
close in on the optimum of the whole sample. In replicates the same nodes serve all, and those whose optimum lies
outside are done again around where they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from magnes.errors import InputProblems, Problem, Problems
from magnes.estimate import Record
from magnes.population.days import Days
from magnes.population.usual.boxcox import transform
from magnes.population.usual.design import LATER_DAY, WEEKEND, Design, default_terms, design
from magnes.population.usual.likelihood import RATIO_BOUNDS, Profile, products, profile

__all__ = [
    "FEW_REPEATS",
    "LAMBDA_BOUNDS",
    "ReplicateFits",
    "UsualFit",
    "day_precision",
    "fit",
    "fit_replicates",
    "linear_predictor",
]

LAMBDA_BOUNDS = (0.0, 1.0)  # 0: log-normal, 1: normal; outside, the mean over days has no finite value or no sense
FEW_REPEATS = 50  # people with two days or more: below it the variance within is hardly known
WEEKEND_RATIO_BOUND = 5.0  # variance of weekend days to that of weekdays, or the other way round
SPREAD = 1e-9  # of the logarithm of the intake, beyond rounding
NODES = 7
WIDE, CLOSE, FINE = 0.3, 0.04, 0.004  # half-widths of the nodes in lambda while they close in
REPLICATE_WIDTH = 0.15
ROUNDS = 12
REFINEMENTS = 30
TOLERANCE = 1e-12

Floats = NDArray[np.float64]


class UsualFit(Record):
    """What was fitted, on the Box-Cox scale of mg/d.

    ``var_within`` is that of weekdays, and of weekend days times ``weekend_variance_ratio`` (1 unless it was asked).
    ``beta`` by name, ``intercept`` first; ``loglik`` weighted, of the intakes; ``min_amount_mg`` the smallest intake;
    ``warnings`` are codes: ``few_repeats``, ``lambda_at_bound``, ``no_variance_between``, ``no_variance_within``.
    """

    lam: float
    lam_free: bool
    terms: tuple[str, ...]
    beta: dict[str, float]
    var_between: float
    var_within: float
    loglik: float
    min_amount_mg: float
    n_persons: int
    n_days: int
    n_repeated: int
    weekend_variance_ratio: float = 1.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReplicateFits:
    """The same of each replicate (R,); ``beta`` (R, p) in the order of ``UsualFit.beta``; ``scale`` as in ``Days``."""

    lam: Floats
    beta: Floats
    var_between: Floats
    var_within: Floats
    loglik: Floats
    scale: Floats


class _Fitted(NamedTuple):
    """Fits of S sets of weights on the scale of ``_Task.y``; ``at`` is lambda."""

    at: Floats
    profile: Profile  # with K = 1


class _Task:
    """The sample prepared: intakes relative to their geometric mean, so that lambda hardly moves their scale."""

    def __init__(self, days: Days, made: Design, weekend_ratio: float = 1.0) -> None:
        log = np.log(days.intake_mg)
        self.log_centre = float(log.mean())
        self.relative = np.exp(log - self.log_centre)
        self.days = days
        self.x = np.ascontiguousarray(made.columns(days).T)
        self.log_of_person = np.add.reduceat(log - self.log_centre, days.starts)
        self.v: Floats | None = None
        self.log_v_of_person = np.zeros(days.n_persons)
        if days.weekend is not None and weekend_ratio != 1:
            self.v = np.where(days.weekend, 1 / weekend_ratio, 1.0)
            self.log_v_of_person = np.add.reduceat(np.log(self.v), days.starts)

    def has_spread(self) -> bool:
        """Whether days differ in more than the terms explain; without it there is nothing to fit."""
        log = np.log(self.relative)
        explained = np.linalg.lstsq(self.x.T, log, rcond=None)[0] @ self.x
        return bool(np.abs(log - explained).max() > SPREAD)

    def profiles(self, lams: Floats, weights: Floats, log_ratio: Floats | float = 0.0) -> Profile:
        """Profile at each lambda (K,) and set of weights (people, S), with the Jacobian of the relative intakes."""
        y = transform(self.relative, lams[:, None])
        found = profile(products(self.x, y, self.days.starts, weights, self.v), log_ratio)
        jacobian = (weights.T @ self.log_of_person)[:, None] * (lams - 1)
        jacobian += (weights.T @ self.log_v_of_person)[:, None] / 2
        return Profile(found.ratio, found.beta, found.within, found.loglik + jacobian)

    def natural(self, found: _Fitted, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return beta (S, p), variance between and within and log-likelihood (S,) of the intakes in mg."""
        lam, scale = found.at, np.exp(found.at * self.log_centre)
        beta = found.profile.beta[:, 0] * scale[:, None]
        beta[:, 0] += transform(np.exp(self.log_centre), lam)
        within = found.profile.within[:, 0] * scale**2
        between = within * found.profile.ratio[:, 0]
        days = weights.T @ self.days.days_of_person
        return beta, between, within, found.profile.loglik[:, 0] - days * self.log_centre


def fit(
    days: Days, terms: Sequence[str] | None = None, lam: float | None = None, *, weekend_variance: bool = False
) -> UsualFit:
    """Fit the whole sample by weighted maximum likelihood; lambda too unless it is given.

    ``terms``: names of covariates, ``later_day``, ``weekend``; all that these days can tell unless given.
    ``weekend_variance``: weekend days vary in their own way around the usual intake; needs days with ``weekend``.
    Raises ``InputProblems`` when nobody has two days, when the terms explain all days, for a
    lambda out of bounds and for unknown terms.
    """
    problems = Problems()
    repeated = int((days.days_of_person > 1).sum())
    if repeated == 0:
        problems.add("usual_single_day", field="day", found=days.n_days)
    low, high = LAMBDA_BOUNDS
    if lam is not None and not low <= lam <= high:
        problems.add("cell", field="lam", found=lam, accepted=f"{low:g} … {high:g}")
    if weekend_variance and days.weekend is None:
        problems.add("term_unknown", field=WEEKEND, accepted=", ".join([*days.covariates.columns, LATER_DAY]))
    problems.stop()
    used = default_terms(days) if terms is None else tuple(terms)
    made = design(days, used)
    weights = days.weight[:, None]
    task = _Task(days, made)
    if not task.has_spread():
        problems.add("usual_no_spread", field="intake_mg", found=", ".join(made.names))
    problems.stop()
    ratio = 1.0
    if weekend_variance:
        ratio = _best_weekend_ratio(days, made, weights, lam)
        task = _Task(days, made, ratio)
    at = np.array([_best_lambda(task, weights) if lam is None else lam])
    found = _Fitted(at, task.profiles(at, weights))
    beta, between, within, loglik = (part[0] for part in task.natural(found, weights))
    warnings = {
        "few_repeats": repeated < FEW_REPEATS,
        "lambda_at_bound": lam is None and bool(at[0] in LAMBDA_BOUNDS),
        "no_variance_between": found.profile.ratio[0, 0] < RATIO_BOUNDS[0] * 2,
        "no_variance_within": found.profile.ratio[0, 0] > RATIO_BOUNDS[1] / 2,
    }
    return UsualFit(
        lam=float(at[0]),
        lam_free=lam is None,
        terms=used,
        beta=dict(zip(made.names, beta.tolist(), strict=True)),
        var_between=float(between),
        var_within=float(within),
        loglik=float(loglik),
        min_amount_mg=float(days.intake_mg.min()),
        n_persons=days.n_persons,
        n_days=days.n_days,
        n_repeated=repeated,
        weekend_variance_ratio=ratio,
        warnings=tuple(code for code, holds in warnings.items() if holds),
    )


def fit_replicates(days: Days, fitted: UsualFit) -> ReplicateFits | None:
    """Fit all replicates of these days, lambda again in each unless it was given; ``None`` without replicates.

    The ratio of variances of weekend days stays that of the whole sample.

    Raises ``InputProblems`` when a replicate leaves nobody of some group, so that its coefficient has no value.
    """
    if days.replicate_weights is None or days.replicate_scale is None:
        return None
    task = _Task(days, design(days, fitted.terms, fitted.beta), fitted.weekend_variance_ratio)
    weights = days.replicate_weights
    start = float(np.log(np.clip(fitted.var_between / fitted.var_within, *RATIO_BOUNDS)))
    try:
        if fitted.lam_free:
            found = _each_lambda(task, weights, fitted.lam, start)
        else:
            at = np.array([fitted.lam])
            found = _Fitted(np.full(weights.shape[1], fitted.lam), task.profiles(at, weights, start))
    except np.linalg.LinAlgError:
        raise InputProblems([Problem("replicate_singular", field="terms", found=", ".join(fitted.beta))]) from None
    beta, between, within, loglik = task.natural(found, weights)
    return ReplicateFits(found.at, beta, between, within, loglik, days.replicate_scale)


def linear_predictor(days: Days, fitted: UsualFit, *, all_days: bool = False) -> Floats:
    """Return x'b of each person on a first recall and a weekday (people,), or of each day as recalled (days,)."""
    made = design(days, fitted.terms, fitted.beta)
    beta = np.array([fitted.beta[name] for name in made.names])
    if all_days:
        return np.asarray(made.columns(days) @ beta)
    return np.asarray(made.person @ beta[: made.person.shape[1]])


def day_precision(days: Days, fitted: UsualFit) -> Floats:
    """Return ``var_within`` over the variance of each day (days,): other than 1 on weekend days that vary otherwise."""
    if days.weekend is None:
        return np.ones(days.n_days)
    return np.where(days.weekend, 1 / fitted.weekend_variance_ratio, 1.0)


def _nodes(centre: float, width: float) -> Floats:
    return centre + width * chebyshev.chebpts1(NODES)


def _best_weekend_ratio(days: Days, made: Design, weights: Floats, lam: float | None) -> float:
    """Variance within of weekend days, relative to weekdays, with the highest profiled likelihood."""

    def loss(log_ratio: float) -> float:
        task = _Task(days, made, float(np.exp(log_ratio)))
        at = np.array([_best_lambda(task, weights) if lam is None else lam])
        return -float(task.profiles(at, weights).loglik[0, 0])

    bound = np.log(WEEKEND_RATIO_BOUND)
    return float(np.exp(minimize_scalar(loss, bounds=(-bound, bound), method="bounded", options={"xatol": 1e-5}).x))


def _best_lambda(task: _Task, weights: Floats) -> float:
    """Lambda of the whole sample: nodes wide, then close, then fine around the optimum."""
    low, high = LAMBDA_BOUNDS
    centre = WIDE
    for width in (WIDE, CLOSE, FINE):
        for _ in range(ROUNDS):
            values = task.profiles(_nodes(centre, width), weights).loglik
            t = _top(values)[0]
            centre, before = float(np.clip(centre + width * t, low, high)), centre
            if abs(t) < 1 or centre == before:
                break
    return centre


def _top(values: Floats) -> Floats:
    """Place on -1 … 1 of the highest point of the polynomial through values (S, NODES) at the nodes; at most ±1."""
    points = chebyshev.chebpts1(NODES)
    height = values - values.mean(axis=1, keepdims=True)
    height /= np.maximum(np.abs(height).max(axis=1, keepdims=True), np.finfo(float).tiny)
    coefficients = np.linalg.solve(chebyshev.chebvander(points, NODES - 1), height.T)
    slope = chebyshev.chebder(coefficients)
    curve = chebyshev.chebder(slope)
    low, high = np.full(len(values), -1.0), np.full(len(values), 1.0)
    t = points[values.argmax(axis=1)]
    for _ in range(REFINEMENTS):
        first, second = (chebyshev.chebval(t, part, tensor=False) for part in (slope, curve))
        low, high = np.where(first > 0, t, low), np.where(first > 0, high, t)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = t - first / second
        new = np.where((second < 0) & (step > low) & (step < high), step, (low + high) / 2)
        moved = np.abs(new - t).max()
        t = new
        if moved < TOLERANCE:
            break
    return np.where(t > 1 - 1e-6, 1.0, np.where(t < -1 + 1e-6, -1.0, t))


def _each_lambda(task: _Task, weights: Floats, centre: float, log_ratio: float) -> _Fitted:
    """Lambda of each set of weights and the profile there, both interpolated between nodes."""
    sets = weights.shape[1]
    lam = np.full(sets, centre)
    ratio, within, loglik = (np.empty((sets, 1)) for _ in range(3))
    beta = np.empty((sets, 1, len(task.x)))
    todo = np.arange(sets)
    for _ in range(ROUNDS):
        outside = []
        for middle in np.unique(lam[todo]).tolist():
            these = todo[lam[todo] == middle]
            found = task.profiles(_nodes(middle, REPLICATE_WIDTH), weights[:, these], log_ratio)
            top = middle + REPLICATE_WIDTH * _top(found.loglik)
            lam[these] = np.clip(top, *LAMBDA_BOUNDS)
            t = (lam[these] - middle) / REPLICATE_WIDTH
            ratio[these, 0] = np.exp(_between_nodes(np.log(found.ratio), t))
            within[these, 0] = np.exp(_between_nodes(np.log(found.within), t))
            loglik[these, 0] = _between_nodes(found.loglik, t)
            beta[these, 0] = _between_nodes(found.beta, t)
            outside.append(these[(np.abs(t) == 1) & (lam[these] != middle)])
        todo = np.concatenate(outside)
        if not len(todo):
            break
    return _Fitted(lam, Profile(ratio, beta, within, loglik))


def _between_nodes(values: Floats, t: Floats) -> Floats:
    """Values (S, NODES, ...) at the nodes, interpolated at one place ``t`` (S,) each: (S, ...)."""
    at_nodes = chebyshev.chebvander(chebyshev.chebpts1(NODES), NODES - 1)
    share = np.linalg.solve(at_nodes.T, chebyshev.chebvander(t, NODES - 1).T)
    return np.asarray(np.einsum("ks,sk...->s...", share, values))
