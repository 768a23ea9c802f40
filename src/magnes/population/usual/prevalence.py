"""Share of people whose intake is below a requirement, from any distribution of usual intake."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from magnes.need import REQUIREMENT_CV
from magnes.population.usual.boxcox import gauss_hermite

__all__ = ["Cdf", "probability_approach", "requirements"]

NODES = 12  # 8 already give a smooth distribution to 1e-9

Floats = NDArray[np.float64]
Cdf = Callable[[Floats], Floats]  # thresholds (K,) [mg/d] -> shares below (..., K)


def requirements(ear_mg: float, cv: float = REQUIREMENT_CV) -> tuple[Floats, Floats]:
    """Return requirements [mg/d] and their weights: normal around the average requirement, as IOM 2000 has it.

    Requirements below 0 do not exist: those nodes stand at 0 (with a CV of 10 % their weight is below 1e-15).

    >>> at, weight = requirements(350.0)
    >>> round(float(at @ weight), 6)
    350.0
    """
    points, weights = gauss_hermite(NODES)
    return np.maximum(ear_mg * (1 + cv * points), 0.0), weights


def probability_approach(cdf: Cdf, ear_mg: float, cv: float = REQUIREMENT_CV) -> Floats:
    """Share with an intake below the own requirement, intake and requirement independent (IOM 2000).

    ``cdf`` gives the share below each threshold: (K,) -> (..., K); the cut-point method is ``cdf`` at the EAR itself.
    Only an average requirement has this meaning: see ``guards.reference_guards`` for an adequate intake.
    """
    at, weights = requirements(ear_mg, cv)
    return np.asarray(cdf(at) @ weights)
