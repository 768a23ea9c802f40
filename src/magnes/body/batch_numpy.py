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

__all__ = ["FixedTerms", "NumpyEngine", "fixed_terms", "seconds"]

Array = NDArray[np.float64]
SPACE = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
SECONDS_PER_DAY, SECONDS_PER_PERSON_DAY = 0.0045, 1.4e-5  # in daily mode
CALLS = SPACE | {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}


def seconds(people: int, days: float) -> float:
    """Return about how long this engine takes."""
    return days * (SECONDS_PER_DAY + people * SECONDS_PER_PERSON_DAY)


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
def _rates(mode: Mode) -> tuple[Callable[..., tuple[Array, ...]], int]:
    source, rows = rates_source(split_of(mode))
    return compiled(source, "rates", CALLS), rows


class _Block:
    """Terms of parameters alone of some people, and room for what a step works out."""

    def __init__(self, terms: int, states: int, rows: int, people: int) -> None:
        self.terms: list[Any] = [None] * terms
        self.room, self.k = np.empty((rows, people)), np.empty((len(ROWS) + 1, states, people))
        self.moved, self.part = np.empty((states, people)), np.empty((states, people))

    def sum(self, weights: Sequence[float]) -> Array:
        """Sum of slopes, in ``moved``."""
        np.multiply(self.k[0], weights[0], out=self.moved)
        for weight, slope in zip(weights[1:], self.k[1:], strict=False):
            self.moved += np.multiply(slope, weight, out=self.part)
        return self.moved


class NumpyEngine:
    """Steps of a block of people in NumPy."""

    lanes = 8  # a block of one person would be summed in another order
    block = 2048  # more people at once make calls longer, until their values leave the cache of a core
    threads = 1  # calls are too short to gain from more

    def __init__(self, mode: Mode, rtol: float) -> None:
        self.rtol, self.terms, self.states = rtol, fixed_terms(mode), len(mode.names)
        self.rates, self.rows = _rates(mode)

    def fixed(self, people: int) -> _Block:
        """Return room for the terms of parameters alone of so many people."""
        return _Block(len(self.terms), self.states, self.rows, people)

    def renew(self, fixed: _Block, values: Mapping[str, Array], names: Collection[str] | None) -> None:
        """Work out again what rests on the parameters ``names``."""
        which, rows = self.terms.of(values, names)
        for i, row in zip(which, rows, strict=True):
            fixed.terms[i] = row

    def _slope(self, y: Array, fixed: _Block, number: int) -> None:
        for row, place in zip(self.rates(y, fixed.terms, fixed.room), fixed.k[number], strict=True):
            place[:] = row

    def advance(self, y: Array, fixed: _Block, step: Array, first: Array, fresh: bool, span: float) -> int:
        """Bring ``y`` (states, people) ``span`` days further.

        ``step`` is each person's next step; ``first`` is kept for steps after a jump (``fresh``). Return the number of
        a person who fails, else minus the number of tries.
        """
        now, waiting = np.zeros(y.shape[1]), np.full(y.shape[1], fresh)
        if fresh:
            step[:] = first
        with np.errstate(all="ignore"):  # a try that overflows is refused by its error
            self._slope(y, fixed, 0)
            for tries in count(1):
                h = np.minimum(step, span - now)
                for number, weights in enumerate(ROWS, start=1):
                    moved = fixed.sum(weights)
                    moved *= h
                    moved += y
                    self._slope(moved, fixed, number)
                size = np.abs(moved) + FLOOR
                new = moved.copy()
                miss = fixed.sum(ERROR)
                miss /= size
                error = h * np.sqrt(np.square(miss, out=miss).sum(axis=0)) / self.rtol
                good = error <= 1  # false for what is not a number
                want = h * np.where(error < np.inf, np.clip(SAFETY * error ** (-1 / ORDER), SHRINK, GROWTH), SHRINK)
                if (lost := ~good & (h < SMALLEST_STEP) & (h > 0)).any():
                    return int(np.argmax(lost))
                longer = np.where(h < step, np.maximum(step, want), want)  # a step cut short says little
                first[:] = np.where(good & waiting, np.where(h < step, np.maximum(first, want), want), first)
                step[:] = np.where(good, longer, np.where(h > 0, want, step))
                waiting &= ~good
                np.copyto(y, new, where=good)
                np.copyto(fixed.k[0], fixed.k[-1], where=good)
                now += np.where(good, h, 0)
                now[span - now <= 1e-12 * span] = span
                if now.min() >= span:
                    return -tries
        raise AssertionError  # never: it counts without end
