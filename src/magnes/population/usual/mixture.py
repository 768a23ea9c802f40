"""Mixture of normal distributions on the Box-Cox scale: what a group eats usually. Arrays over S sets of parameters.

Nothing is sampled: the mean over days is a fixed quadrature, thresholds and percentiles are roots.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from magnes.population.usual.boxcox import mean_over_days, transform, with_slope
from magnes.population.usual.design import WEEKEND
from magnes.population.usual.fit import ReplicateFits, UsualFit

__all__ = ["Parameters", "Roots", "gather", "percentile_places", "share_below", "usual_mean"]

WEEKEND_SHARE = 3 / 7  # Friday to Sunday
FEWEST_POINTS, POINTS_PER_SD, MOST_POINTS = 24, 8, 160  # points that stand for many people, see gather
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
    sd_weekend: Floats  # within, on weekend days

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
        return cls(
            lam, beta, weekend, np.sqrt(between), np.sqrt(within), np.sqrt(within * fitted.weekend_variance_ratio)
        )

    @property
    def one_kind_of_day(self) -> bool:
        """Whether weekend days are like other days."""
        return not self.weekend.any() and bool((self.sd_weekend == self.sd_within).all())

    def part(self, sets: slice) -> Parameters:
        """Return some of the sets."""
        return Parameters(*(values[sets] for values in self))


def gather(eta: Floats, share: Floats, sd: Floats) -> tuple[Floats, Floats]:
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


def share_below(eta: Floats, share: Floats, sd: Floats, z: Floats | None) -> Floats:
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
    sd, sd_weekend = (np.hypot(within, sd_person).reshape(shape) for within in (at.sd_within, at.sd_weekend))
    mean = mean_over_days(eta, lam, sd)
    if at.one_kind_of_day:
        return mean
    return (1 - WEEKEND_SHARE) * mean + WEEKEND_SHARE * mean_over_days(eta + weekend, lam, sd_weekend)


class Roots:
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
                value, slope = self.mean(z)
                step = (value - threshold_mg) / np.maximum(slope, FLAT)
                z = np.minimum(z - step, there)  # the root lies left of it; far left the function is flat
                if np.abs(step / self.at.sd_within).max() < CLOSE:
                    break
            self.found[threshold_mg] = z
            self.beside = z - there
        return self.found[threshold_mg][sets]

    def mean(self, z: Floats) -> tuple[Floats, Floats]:
        """Mean over days at places (S,) and its slope; of one set, places of any number."""
        at = self.at
        value, slope = with_slope(z, at.lam, at.sd_within)
        if at.one_kind_of_day:
            return value, slope
        more, steep = with_slope(z + at.weekend, at.lam, at.sd_weekend)
        return value + WEEKEND_SHARE * (more - value), slope + WEEKEND_SHARE * (steep - slope)


def percentile_places(eta: Floats, share: Floats, sd: Floats, asked: Floats) -> Iterator[Floats]:
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
