"""Analysis as such trials do it: ANCOVA on the first value (parallel), differences within people (crossover)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

__all__ = ["Effect", "ancova", "interval_of_mean", "within_people"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference with its standard error, 95 % interval, two-sided p and degrees of freedom; NaN: too few people."""

    value: float
    se: float
    low: float
    high: float
    p: float
    df: int


NOTHING = Effect(*(float("nan"),) * 5, 0)


def ancova(end: Array, first: Array, arm: Index, arms: int, strata: Array | None = None) -> list[Effect]:
    """Difference of each arm from arm 0 at the end, adjusted for the first value (and strata); who has both values.

    Ordinary least squares with one variance. Shapes (people,); returns ``arms`` - 1 effects.
    """
    known = np.isfinite(end) & np.isfinite(first)
    y, x, group = end[known], first[known], arm[known]
    columns = [np.ones(len(y)), *(1.0 * (group == k) for k in range(1, arms)), x - x.mean() if len(x) else x]
    if strata is not None and len(np.unique(strata[known])) > 1:
        columns.append(strata[known] - strata[known].mean())
    return _least_squares(y, np.column_stack(columns), range(1, arms))


def within_people(values: Array, arm: Index, arms: int) -> list[Effect]:
    """Difference of each arm from arm 0 within people, adjusted for period; values and arm (periods, people).

    Who has at least two periods counts. People are taken out by their own means.
    """
    known = np.isfinite(values)
    known &= known.sum(axis=0) > 1
    period, person = np.nonzero(known)
    if not len(person):
        return [NOTHING] * (arms - 1)
    group = arm[period, person]
    columns = [1.0 * (group == k) for k in range(1, arms)] + [1.0 * (period == k) for k in range(1, len(values))]
    everything = np.column_stack([values[period, person], *columns])
    number = np.bincount(person)
    means = np.column_stack([np.bincount(person, weights=column) for column in everything.T])
    centred = everything - (means / np.maximum(number, 1)[:, None])[person]
    return _least_squares(centred[:, 0], centred[:, 1:], range(arms - 1), lost=int((number > 0).sum()))


def _least_squares(y: Array, design: Array, wanted: range, lost: int = 0) -> list[Effect]:
    df = len(y) - design.shape[1] - lost
    if df < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        return [NOTHING] * len(wanted)
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ (design.T @ y)
    residual = y - design @ found
    ses = np.sqrt(np.diag(inverse) * (residual @ residual) / df)
    wide = float(student.ppf(0.975, df))
    effects = []
    for k in wanted:
        value, se = float(found[k]), float(ses[k])
        p = float(2 * student.sf(abs(value) / se, df)) if se > 0 else float("nan")
        effects.append(Effect(value, se, value - wide * se, value + wide * se, p, df))
    return effects


def interval_of_mean(values: Array) -> tuple[int, float, float, float, float]:
    """Count, mean, SD and 95 % interval of the mean of values that are known; NaN for fewer than two."""
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return len(known), *(float("nan"),) * 4
    mean, sd = float(known.mean()), float(known.std(ddof=1))
    wide = float(student.ppf(0.975, len(known) - 1)) * sd / math.sqrt(len(known))
    return len(known), mean, sd, mean - wide, mean + wide
