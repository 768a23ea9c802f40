"""Box-Cox scale: there, back, and the mean over days on the way back. Arrays in, arrays out."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["gauss_hermite", "inverse", "mean_over_days", "transform", "with_slope"]

NODES = 40  # the nine points of NCI give the same to 1e-4 mg

Floats = NDArray[np.float64]


@cache
def gauss_hermite(number: int) -> tuple[Floats, Floats]:
    """Points and weights for the mean of a function of a standard normal; the weights add up to 1."""
    points, weights = np.polynomial.hermite_e.hermegauss(number)
    return points, weights / weights.sum()


def transform(intake: ArrayLike, lam: ArrayLike) -> Floats:
    """(intake^lam - 1) / lam; the logarithm at lam = 0."""
    log, lam = np.broadcast_arrays(np.log(intake), np.asarray(lam, dtype=float))
    safe = np.where(lam == 0, 1.0, lam)
    return np.asarray(np.where(lam == 0, log, np.expm1(safe * log) / safe))


def inverse(g: ArrayLike, lam: ArrayLike) -> Floats:
    """Intake at a place on the Box-Cox scale; 0 below the end of the scale, as NCI does."""
    g, lam = np.broadcast_arrays(np.asarray(g, dtype=float), np.asarray(lam, dtype=float))
    safe = np.where(lam == 0, 1.0, lam)
    base = np.maximum(safe * g, -1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.where(lam == 0, g, np.log1p(base) / safe)))


def with_slope(g: ArrayLike, lam: ArrayLike, sd: ArrayLike) -> tuple[Floats, Floats]:
    """``mean_over_days`` and its slope in ``g``; that of ``inverse`` is intake^(1 - lam) = intake / (1 + lam g)."""
    points, weights = gauss_hermite(NODES)
    g, lam, sd = (np.asarray(part, dtype=float)[..., None] for part in (g, lam, sd))
    places = g + sd * points
    intake = inverse(places, lam)
    base = 1.0 + lam * places
    slope = np.divide(intake, base, out=np.zeros_like(intake), where=base > 0)
    return _mean(intake, weights), _mean(slope, weights)


def mean_over_days(g: ArrayLike, lam: ArrayLike, sd: ArrayLike) -> Floats:
    """Mean intake when days lie normally around ``g`` with standard deviation ``sd``; all three broadcast."""
    points, weights = gauss_hermite(NODES)
    g, lam, sd = (np.asarray(part, dtype=float)[..., None] for part in (g, lam, sd))
    return _mean(inverse(g + sd * points, lam), weights)


def _mean(values: Floats, weights: Floats) -> Floats:
    """Sum over the last axis without the threads of BLAS, which wait for each other on a busy machine."""
    return np.asarray(np.einsum("...k,k->...", values, weights))
