"""Weights of replicates, and the standard error that they give: Fay-BRR, jackknife, bootstrap.

Replicates are made for the whole survey before a part of the people is taken, so that all groups and both diets of a
scenario share them. Variance = sum over replicates of ``scale`` times (estimate of the replicate - estimate)².
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from magnes.body.draws import stream
from magnes.errors import Problems

__all__ = ["FAY_K", "Replicates", "bootstrap", "fay_brr", "jackknife", "standard_error"]

FAY_K = 0.3  # the value of NHANES analyses with the NCI macros: factors 1.7 and 0.3
SHOWN = 20

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Replicates:
    """Factors on the weights of people.

    ``weights``: factors (people, replicates). ``scale``: what each squared difference counts for (replicates,).
    """

    weights: Floats
    scale: Floats

    @property
    def number(self) -> int:
        """Number of replicates."""
        return len(self.scale)


def standard_error(values: Floats, scale: Floats) -> Floats:
    """Return the standard error of estimates (..., 1 + replicates), whose first is that of the whole sample."""
    return np.asarray(np.sqrt(((values[..., 1:] - values[..., :1]) ** 2) @ scale))


def fay_brr(strata: ArrayLike, psu: ArrayLike, k: float = FAY_K) -> Replicates:
    """Balanced repeated replication by Fay's method; ``strata`` and ``psu`` of each person.

    Half of every stratum gets the factor 2 - k, the other half k, in the pattern of a Hadamard matrix; the number of
    replicates is the first power of two above that of strata (32 for the 31 strata of NHANES 2007-2010: the 64 of other
    work are these twice, with the same standard errors). With more than two sampling units (PSU) in a stratum the
    first stands against the others together. Raises ``InputProblems`` for a stratum with one.
    """
    unit, stratum_of_unit = _units(strata, psu)
    counts = np.bincount(stratum_of_unit)
    rank = np.arange(len(stratum_of_unit)) - (np.cumsum(counts) - counts)[stratum_of_unit]
    number = 2 ** (int(np.log2(len(counts))) + 1)
    signs = _hadamard(number)[:, 1 + stratum_of_unit] * np.where(rank == 0, 1, -1)
    factors = 1.0 + (1 - k) * signs
    return Replicates(np.ascontiguousarray(factors.T[unit]), np.full(number, 1 / (number * (1 - k) ** 2)))


def jackknife(strata: ArrayLike, psu: ArrayLike) -> Replicates:
    """Leave one sampling unit out at a time (JKn); the others of its stratum stand in for it.

    A stratum may have any number of units from two. Raises ``InputProblems`` for a stratum with one.
    """
    unit, stratum_of_unit = _units(strata, psu)
    counts = np.bincount(stratum_of_unit)[stratum_of_unit]
    same = stratum_of_unit[:, None] == stratum_of_unit[None, :]
    factors = np.where(same, (counts / (counts - 1))[None, :], 1.0)
    np.fill_diagonal(factors, 0.0)
    return Replicates(np.ascontiguousarray(factors[unit]), (counts - 1) / counts)


def bootstrap(strata: ArrayLike, psu: ArrayLike, number: int = 200, seed: int = 1) -> Replicates:
    """Draw the units of each stratum with replacement, one fewer than there are, and rescale (Rao and Wu).

    Raises ``InputProblems`` for a stratum with one unit.
    """
    unit, stratum_of_unit = _units(strata, psu)
    counts = np.bincount(stratum_of_unit)
    random = stream(seed, "bootstrap of sampling units")
    factors = np.empty((len(stratum_of_unit), number))
    start = 0
    for units in counts.tolist():
        drawn = random.multinomial(units - 1, np.full(units, 1 / units), size=number)
        factors[start : start + units] = drawn.T * (units / (units - 1))
        start += units
    return Replicates(factors[unit], np.full(number, 1 / number))


def _units(strata: ArrayLike, psu: ArrayLike) -> tuple[Places, Places]:
    """Return the unit of each person and the stratum of each unit; units lie in order of stratum, then name."""
    names, stratum = np.unique(np.asarray(strata), return_inverse=True)
    _, within = np.unique(np.asarray(psu), return_inverse=True)
    both: NDArray[Any] = stratum.astype(np.int64) * (int(within.max(initial=0)) + 1) + within
    pairs, unit = np.unique(both, return_inverse=True)
    stratum_of_unit = pairs // (int(within.max(initial=0)) + 1)
    problems = Problems()
    alone = names[np.bincount(stratum_of_unit, minlength=len(names)) < 2]
    for name in alone[:SHOWN].tolist():
        problems.add("stratum_one_unit", field="strata", found=name)
    problems.stop()
    return unit.astype(np.intp), stratum_of_unit.astype(np.intp)


def _hadamard(order: int) -> NDArray[np.int64]:
    """Sylvester's matrix of a power of two; its first column is all ones."""
    matrix = np.ones((1, 1), dtype=np.int64)
    while len(matrix) < order:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix
