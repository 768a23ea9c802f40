"""The NumPy engine of ``batch``: rewritten rates on arrays over people, each person with an own step.

Every operation is element by element, so a person's numbers do not depend on who else is in the block.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.body.batch_pair import ERROR, FLOOR, GROWTH, ORDER, ROWS, SAFETY, SHRINK, SMALLEST_STEP
from magnes.body.batch_terms import fixed_source, rates_source, split_of
from magnes.body.model import Mode
from magnes.body.trace import compiled

__all__ = ["FixedTerms", "NumpyEngine", "fixed_terms"]

Array = NDArray[np.float64]
SPACE = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}


class FixedTerms:
    """Terms of parameters alone, for any of them."""

    def __init__(self, mode: Mode) -> None:
        self.parts = split_of(mode)
        self.functions: dict[frozenset[str] | None, tuple[tuple[int, ...], Callable[..., Sequence[Array]]]] = {}

    def __len__(self) -> int:
        return len(self.parts.fixed)

    def of(self, values: Mapping[str, Array], names: Collection[str] | None) -> tuple[tuple[int, ...], Sequence[Array]]:
        """Return which terms rest on the parameters ``names`` (None: all terms), and these terms."""
        key = None if names is None else frozenset(names)
        if key not in self.functions:
            which = tuple(range(len(self))) if key is None else self.parts.resting_on(key)
            self.functions[key] = which, compiled(fixed_source(self.parts, which), "fixed", SPACE)
        which, function = self.functions[key]
        return which, function([values[name] for name in self.parts.parameters])


@cache
def fixed_terms(mode: Mode) -> FixedTerms:
    """Return the terms of a mode; their functions are compiled once."""
    return FixedTerms(mode)


@cache
def _rates(mode: Mode) -> Callable[..., tuple[Array, ...]]:
    return compiled(rates_source(split_of(mode)), "rates", SPACE)


class NumpyEngine:
    """Steps of a block of people in NumPy."""

    lanes = 8  # a block of one person would be summed in another order
    block = 512  # people whose values stay in the cache of a core
    threads = 1  # calls are too short to gain from more

    def __init__(self, mode: Mode, rtol: float) -> None:
        self.rtol, self.terms, self.rates = rtol, fixed_terms(mode), _rates(mode)

    def fixed(self, people: int) -> list[Any]:
        """Return room for the terms of parameters alone of so many people."""
        del people
        return [None] * len(self.terms)

    def renew(self, fixed: list[Any], values: Mapping[str, Array], names: Collection[str] | None) -> None:
        """Work out again what rests on the parameters ``names``."""
        which, rows = self.terms.of(values, names)
        for i, row in zip(which, rows, strict=True):
            fixed[i] = row

    def advance(self, y: Array, fixed: list[Any], step: Array, first: Array, fresh: bool, span: float) -> int:
        """Bring ``y`` (states, people) ``span`` days further.

        ``step`` is each person's next step; ``first`` is kept for steps after a jump (``fresh``). Return the number of
        a person who fails, else minus the number of tries.
        """
        rates, now, k = self.rates, np.zeros(y.shape[1]), np.empty((len(ROWS) + 1, *y.shape))
        waiting = np.full(len(now), fresh)
        if fresh:
            step[:] = first
        with np.errstate(all="ignore"):  # a try that overflows is refused by its error
            _store(rates(y, fixed), k[0])
            for tries in count(1):
                h = np.minimum(step, span - now)
                for j, row in enumerate(ROWS):
                    moved = _sum(row, k)
                    moved *= h
                    moved += y
                    _store(rates(moved, fixed), k[j + 1])
                miss = _sum(ERROR, k)
                miss /= np.abs(moved) + FLOOR
                error = h * np.sqrt(np.square(miss, out=miss).sum(axis=0)) / self.rtol
                good = error <= 1  # false for what is not a number
                want = h * np.where(error < np.inf, np.clip(SAFETY * error ** (-1 / ORDER), SHRINK, GROWTH), SHRINK)
                if (lost := ~good & (h < SMALLEST_STEP) & (h > 0)).any():
                    return int(np.argmax(lost))
                longer = np.where(h < step, np.maximum(step, want), want)  # a step cut short says little
                first[:] = np.where(good & waiting, np.where(h < step, np.maximum(first, want), want), first)
                step[:] = np.where(good, longer, np.where(h > 0, want, step))
                waiting &= ~good
                np.copyto(y, moved, where=good)
                np.copyto(k[0], k[-1], where=good)
                now += np.where(good, h, 0)
                now[span - now <= 1e-12 * span] = span
                if now.min() >= span:
                    return -tries
        raise AssertionError  # never: it counts without end


def _store(rows: Sequence[Any], target: Array) -> None:
    for row, place in zip(rows, target, strict=True):
        place[:] = row


def _sum(weights: Sequence[float], k: Array) -> Array:
    total: Array = weights[0] * k[0]
    term = np.empty_like(total)
    for weight, slope in zip(weights[1:], k[1 : len(weights)], strict=True):
        total += np.multiply(slope, weight, out=term)
    return total
