"""Does the model describe these people? Two looks at what it leaves over.

1. Levels and days. One transformation has to make both normal: the levels of people and their days around them. When
   they ask for different ones (usual intake gamma, days log-normal), lambda is a compromise: levels come out skew one
   way and the spread of days follows the level the other way. Tested with the moment ``z^3 - 3 z`` minus its part that
   the scores of lambda, the mean and the two variances explain: one degree of freedom, weighted, no model for the
   variance of the moment (MAGNES-DESIGN).
2. Two humps. Levels from two normal groups instead of one, at the same variance: twice the gain in log-likelihood,
   lambda fitted again, against a bound for two more parameters.

How often both speak, under the model and not, is measured in docs/validation/usual_coverage.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from magnes.population.days import Days
from magnes.population.usual.boxcox import transform
from magnes.population.usual.design import design
from magnes.population.usual.fit import LAMBDA_BOUNDS, UsualFit, day_precision, fit
from magnes.population.usual.guards import Guard, guard

__all__ = ["Humps", "levels_against_days", "shape_guards", "two_humps"]

LEVELS_P = 0.02  # two-sided chance of a false alarm of the first look, aimed at (MAGNES-DESIGN)
HUMPS_GAIN = 9.21  # twice the log-likelihood: 1 % of chi-squared with two degrees of freedom (MAGNES-DESIGN)
LAMBDA_STEPS = (-0.3, -0.2, -0.1, 0.0, 0.1)  # lambdas tried with two groups, from that of one
STARTS = ((0.3, 1.5), (0.7, 1.5))  # share of the upper group, distance of the groups in SD of levels
LEAST_SHARE, LEAST_WITHIN = 0.02, 0.1  # smaller groups and tighter ones (of the variance of levels) are not looked for
EM_STEPS, EM_CLOSE = 80, 1e-3
ROUNDED = 9  # decimals of sums of precision
BIN = 0.02  # SD of levels: people whose means lie closer are taken together
LAMBDA_STEP = 1e-4  # of the numerical score

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Humps:
    """Two groups instead of one: ``gain`` is twice the log-likelihood (at the effective number of people).

    ``share_upper`` of the people in the upper group; ``distance``: of the groups, in SD of levels within a group.
    """

    gain: float
    share_upper: float
    distance: float
    lam: float


def shape_guards(days: Days, fitted: UsualFit) -> tuple[Guard, ...]:
    """Return the warnings of both looks; none where lambda was given or somebody's variance is 0."""
    if fitted.var_between <= 0 or fitted.var_within <= 0 or fitted.n_repeated == 0:
        return ()
    found = []
    z = levels_against_days(days, fitted)
    if abs(z) > -ndtri(LEVELS_P / 2):
        found.append(guard("levels_and_days_differ", f"{z:.1f}"))
    humps = two_humps(days, fitted)
    if humps.gain > HUMPS_GAIN:
        found.append(guard("two_humps", f"{humps.gain:.1f}"))
    return tuple(found)


def levels_against_days(days: Days, fitted: UsualFit) -> float:
    """Return the skewness of levels that lambda could not take away, as a standard normal score under the model.

    The variance is that of sums over sampling units, of people where there are none.
    """
    at = _Residuals(days, fitted, fitted.lam)
    rho = fitted.var_between / fitted.var_within
    reliable = (at.n * rho / (1 + at.n * rho)) ** 1.5  # skewness of levels that shows in the mean of n days
    z = at.sum / np.sqrt(at.n * fitted.var_within * (1 + at.n * rho))
    moment = reliable * (z**3 - 3 * z)
    scores = _scores(days, fitted, at)
    w = days.weight / days.weight.mean()
    weighted = w[:, None] * scores
    along = np.linalg.lstsq(weighted, w * moment, rcond=None)[0]
    own = w * (moment - scores @ along)
    if days.psu is not None:
        own = np.bincount(_units(days.psu, days.strata), own)
    return float((w * moment).sum() / np.sqrt((own**2).sum()))


def _units(psu: NDArray[Any], strata: NDArray[Any] | None) -> NDArray[np.intp]:
    """Return the number of each person's sampling unit; units of two strata may have the same name."""
    names = np.unique(psu, return_inverse=True)[1]
    within = np.zeros_like(names) if strata is None else np.unique(strata, return_inverse=True)[1]
    return np.unique(within * (names.max() + 1) + names, return_inverse=True)[1]


class _Residuals:
    """Residuals of days at one lambda; by person (people,) their sums, sums of squares and days ``n``.

    Days are counted by their precision, so a weekend day that varies more is less than one.
    """

    def __init__(self, days: Days, fitted: UsualFit, lam: float) -> None:
        self.x = design(days, fitted.terms, fitted.beta).columns(days)
        self.v = day_precision(days, fitted)
        self.n = np.add.reduceat(self.v, days.starts)
        self.of_day = transform(days.intake_mg, lam) - self.x @ np.array(list(fitted.beta.values()))
        self.sum = np.add.reduceat(self.v * self.of_day, days.starts)
        self.squares = np.add.reduceat(self.v * self.of_day**2, days.starts)


def _scores(days: Days, fitted: UsualFit, at: _Residuals) -> Floats:
    """Slope of each person's log-likelihood in coefficients, both variances and lambda: (people, p + 3)."""
    su2, se2 = fitted.var_between, fitted.var_within
    total = se2 + at.n * su2
    c = su2 / total
    sx = np.add.reduceat(at.x * at.v[:, None], days.starts)
    beta = np.add.reduceat(at.x * (at.v * at.of_day)[:, None], days.starts) - (c * at.sum)[:, None] * sx
    between = at.sum**2 / total**2 - at.n / total
    inside = at.squares - at.sum**2 / at.n
    within = inside / se2**2 - (days.days_of_person - 1) / se2 + at.sum**2 / at.n / total**2 - 1 / total
    log = np.add.reduceat(np.log(days.intake_mg), days.starts)
    slope = (
        transform(days.intake_mg, fitted.lam + LAMBDA_STEP) - transform(days.intake_mg, fitted.lam - LAMBDA_STEP)
    ) / (2 * LAMBDA_STEP)
    pulled = at.v * (at.of_day - (c * at.sum)[days.place]) * slope
    lam = log - np.add.reduceat(pulled, days.starts) / se2
    return np.column_stack([beta / se2, between / 2, within / 2, lam])


def two_humps(days: Days, fitted: UsualFit) -> Humps:
    """Fit levels from two normal groups of one variance, lambda again, and compare with one group."""
    scale = days.weight.sum() / (days.weight**2).sum()  # to the effective number of people (Kish)
    w = days.weight * scale
    best: Humps | None = None
    low, high = LAMBDA_BOUNDS
    for lam in sorted({float(np.clip(fitted.lam + step, low, high)) for step in LAMBDA_STEPS}):
        one = fit(days, fitted.terms, lam, weekend_variance=fitted.weekend_variance_ratio != 1)
        if one.var_between <= 0:
            continue
        gained, share, distance = _two_groups(_Residuals(days, one, lam), w, one.var_between, one.var_within)
        gain = 2 * (gained + scale * (one.loglik - fitted.loglik))
        if best is None or gain > best.gain:
            best = Humps(gain, share, distance, lam)
    return best or Humps(0.0, 0.0, 0.0, fitted.lam)


def _two_groups(at: _Residuals, w: Floats, su2: float, se2: float) -> tuple[float, float, float]:
    """Return gain in log-likelihood over one group, share of the upper group and distance in SD within a group.

    By EM: the group and the level of each person are what is not seen.
    """
    mean, n, w = _binned(at.sum / at.n, at.n, w, BIN * np.sqrt(su2))
    error = se2 / n
    alone = float(w @ _normal(mean, error + su2))
    best = (-np.inf, 0.0, 0.0)
    for share, distance in STARTS:
        own = su2 * max(1 - share * (1 - share) * distance**2, LEAST_WITHIN)
        low, high = -share * distance * np.sqrt(su2), (1 - share) * distance * np.sqrt(su2)
        before = -np.inf
        for _ in range(EM_STEPS):
            lower = np.log1p(-share) + _normal(mean - low, error + own)
            upper = np.log(share) + _normal(mean - high, error + own)
            both = np.logaddexp(lower, upper)
            reached = float(w @ both)
            if reached - before < EM_CLOSE:
                break
            before = reached
            in_upper = np.exp(upper - both)
            pull = own / (own + error)  # of a level from its group towards the mean of the days
            level_low, level_high = low + pull * (mean - low), high + pull * (mean - high)
            w_upper, w_lower = w * in_upper, w * (1 - in_upper)
            share = float(np.clip(w_upper.sum() / w.sum(), LEAST_SHARE, 1 - LEAST_SHARE))
            low, high = float(w_lower @ level_low / w_lower.sum()), float(w_upper @ level_high / w_upper.sum())
            spread = w_lower @ (level_low - low) ** 2 + w_upper @ (level_high - high) ** 2 + w @ (pull * error)
            own = max(float(spread / w.sum()), LEAST_WITHIN * su2)
        if reached > best[0]:
            best = (reached, share, abs(high - low) / float(np.sqrt(own)))
    return best[0] - alone, best[1], best[2]


def _binned(mean: Floats, n: Floats, w: Floats, width: float) -> tuple[Floats, Floats, Floats]:
    """Take people with as many days and nearly the same mean together: means, days, weights."""
    place = np.round((mean - mean.min()) / width)
    kind = np.unique(n.round(ROUNDED), return_inverse=True)[1]
    bins = np.unique(kind * (place.max() + 1) + place, return_inverse=True)[1]
    weight = np.bincount(bins, w).astype(float)
    return np.bincount(bins, w * mean) / weight, np.bincount(bins, w * n) / weight, weight


def _normal(residual: Floats, variance: Floats) -> Floats:
    return np.asarray(-0.5 * (np.log(2 * np.pi * variance) + residual**2 / variance))
