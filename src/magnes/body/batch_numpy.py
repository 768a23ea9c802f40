"""The NumPy engine of ``batch``: traced rates on arrays over people, each person with an own step.

Every operation is element by element, so a person's numbers do not depend on who else is in the block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from magnes.body.batch_terms import sources, split
from magnes.body.model import Mode
from magnes.body.solve import SolverError
from magnes.body.trace import compiled, graph_of

__all__ = ["Pair", "advance", "functions", "pair_for"]

Array = NDArray[np.float64]
LARGEST_GROWTH, LARGEST_FALL, SAFETY = 5.0, 0.2, 0.9
FLOOR = 0.1  # [mmol, or of a signal]: below this size an error counts as absolute
MOST_TRIES = 100_000
SMALLEST_STEP = 1e-9  # [day]; a wish for less means that something is not a number
NUMBERS = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}


@dataclass(frozen=True)
class Pair:
    """An explicit embedded Runge-Kutta pair whose last stage is the first of the next step."""

    order: int
    rows: tuple[tuple[float, ...], ...]
    error: tuple[float, ...]


BOGACKI_SHAMPINE = Pair(
    3,
    ((1 / 2,), (0.0, 3 / 4), (2 / 9, 1 / 3, 4 / 9)),
    (2 / 9 - 7 / 24, 1 / 3 - 1 / 4, 4 / 9 - 1 / 3, -1 / 8),
)
DORMAND_PRINCE = Pair(
    5,
    (
        (1 / 5,),
        (3 / 40, 9 / 40),
        (44 / 45, -56 / 15, 32 / 9),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
        (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
    ),
    (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40),
)


def pair_for(rtol: float) -> Pair:
    """Few evaluations where stability sets the step, high order where accuracy does."""
    return BOGACKI_SHAMPINE if rtol >= 1e-5 else DORMAND_PRINCE


@cache
def functions(mode: Mode) -> tuple[Callable[..., tuple[Array, ...]], Callable[..., tuple[Array, ...]]]:
    """Return ``fixed(p)``, terms of parameters alone, and ``rates(s, fixed)`` of a mode, both on arrays."""
    source = sources(split(graph_of(mode)))
    return compiled(source, "fixed", NUMBERS), compiled(source, "rates", NUMBERS)


def advance(
    rates: Callable[..., tuple[Array, ...]],
    y: Array,
    fixed: tuple[Array, ...],
    span: float,
    step: Array,
    rtol: float,
    pair: Pair,
) -> tuple[Array, Array]:
    """Return ``y`` (states, people) after ``span`` days, and the step that each person would take next."""
    now, k = np.zeros(y.shape[1]), [np.array(np.broadcast_arrays(*rates(y, fixed)))]
    exponent = -1 / pair.order
    with np.errstate(all="ignore"):  # a try that overflows is refused by its error
        for _ in range(MOST_TRIES):
            h = np.minimum(step, span - now)
            for row in pair.rows:
                moved = y + h * _sum(row, k)
                k.append(np.array(np.broadcast_arrays(*rates(moved, fixed))))
            size = np.maximum(np.abs(y), np.abs(moved)) + FLOOR
            error = np.max(np.abs(h * _sum(pair.error, k)) / size, axis=0) / rtol
            good = error <= 1  # false for what is not a number
            change = np.clip(SAFETY * error**exponent, LARGEST_FALL, LARGEST_GROWTH)
            wanted = h * np.where(np.isfinite(change), change, LARGEST_FALL)
            step = np.where(good & (h < step), np.maximum(step, wanted), wanted)  # a cut step says little
            y, now = np.where(good, moved, y), np.where(good, now + h, now)
            k = [np.where(good, k[-1], k[0])]
            if (lost := ~good & (h < SMALLEST_STEP)).any():
                break
            if (left := span - now).max() <= 1e-12 * span:
                return y, step
            now = np.where(left <= 1e-12 * span, span, now)
    raise SolverError(f"no step is small enough for {int(lost.sum())} people")


def _sum(weights: tuple[float, ...], k: list[Array]) -> Array:
    terms = [weight * slope for weight, slope in zip(weights, k, strict=False) if weight]
    total = terms[0]
    for term in terms[1:]:
        total += term
    return total
