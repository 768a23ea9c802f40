"""Solve the body model for many people at once; the same meaning as ``solve.run``.

    batch.run(mode, parameters, start, days) -> values (days, states, people)

Values may be numbers or arrays over people. Times of boluses and changes hold for everybody; amounts and parameters are
each person's own. Every person has an own step, so nobody's result depends on who else is there.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from magnes.body import batch_jax, batch_numba
from magnes.body.batch_numpy import NumpyEngine
from magnes.body.batch_pair import FIRST_STEP
from magnes.body.batch_terms import split_of
from magnes.body.model import Mode
from magnes.body.solve import Bolus, Change, SolverError

__all__ = ["ENGINES", "RTOL", "run"]

Array = NDArray[np.float64]
RTOL = 1e-5
ENGINES = ("cpu", "numpy", "numba", "jax")


class Engine(Protocol):
    """Steps of a block of people; see ``batch_numpy``. Of people at once: ``lanes`` in one instruction."""

    lanes: int
    block: int
    threads: int

    def fixed(self, people: int) -> Any:
        """Return room for the terms of parameters alone."""

    def renew(self, fixed: Any, values: Mapping[str, Array], names: Collection[str] | None) -> None:
        """Work out again what rests on the parameters ``names``."""

    def advance(self, y: Array, fixed: Any, step: Array, first: Array, fresh: bool, span: float) -> int:
        """Bring ``y`` further; return the number of a person who fails, else one below 0."""


@dataclass(frozen=True)
class _Plan:
    """What is asked of all people. An event that is a number is a row of ``daily``."""

    mode: Mode
    parameters: Mapping[str, Any]
    start: Mapping[str, Any]
    days: Array
    events: tuple[tuple[float, Bolus | Change | int], ...]
    daily: Mapping[str, Array]


def run(
    mode: Mode,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    days: Sequence[float] | Array,
    *,
    boluses: Sequence[Bolus] = (),
    changes: Sequence[Change] = (),
    daily: Mapping[str, Any] | None = None,
    rtol: float = RTOL,
    engine: str | None = None,
    keep: Sequence[str] | None = None,
    threads: int | None = None,
    block: int | None = None,
) -> Array:
    """Values of states and signals at ``days`` for all people; shape (days, states, people).

    ``parameters`` and ``start`` hold at ``days[0]``, as in ``solve.run``. A change may name only some parameters:
    others stay. ``daily`` gives parameters that differ from day to day as arrays (days, people) or (days, 1): row i
    holds from ``days[0] + i`` for one day, whatever ``changes`` say of them. ``keep``: names of the values that are
    wanted, in that order. ``rtol`` is the accepted error of a step, and about the relative error of the result.
    ``engine``: "numpy", "numba" or "jax" (extras), or the quicker one; with "cpu" the quicker one of the first two. For
    when a graphics processor is used see ``batch_jax``. ``block``: people at a time, ``threads``: at most so many
    cores; neither changes a result. Raises ``SolverError``, and ``InputProblems`` when the extra is missing.
    """
    rows = {name: np.atleast_2d(np.asarray(values, dtype=float)) for name, values in (daily or {}).items()}
    wanted = np.asarray(days, dtype=float)
    plan = _Plan(mode, parameters, start, wanted, _events(wanted, boluses, changes, rows), rows)
    people = _count(plan)
    worker = _engine(mode, rtol, engine, people, float(wanted[-1] - wanted[0]))
    cores = min(threads or _cores(), worker.threads)
    size = block or min(worker.block, -(-people // cores))
    size = -(-size // worker.lanes) * worker.lanes
    kept = [mode.names.index(name) for name in (mode.names if keep is None else keep)]
    out = np.empty((len(wanted), len(kept), people))

    def follow(begin: int) -> None:
        end = min(begin + size, people)
        filled = -(-(end - begin) // worker.lanes) * worker.lanes  # the last person fills lanes that are left
        part = np.minimum(np.arange(begin, begin + filled), people - 1)
        for number, y in _course(plan, worker, part):
            out[number, :, begin:end] = y[kept, : end - begin]

    if cores == 1 or people <= size:
        for begin in range(0, people, size):
            follow(begin)
    else:
        with ThreadPoolExecutor(cores) as pool:
            list(pool.map(follow, range(0, people, size)))
    return out


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _engine(mode: Mode, rtol: float, name: str | None, people: int, days: float) -> Engine:
    if name not in (None, *ENGINES):
        raise ValueError(f"engine {name!r} is none of {', '.join(ENGINES)}")
    if name == "jax" or (name is None and batch_jax.is_worth_it(people, days)):
        return batch_jax.JaxEngine(mode, rtol)
    if name == "numba" or (name != "numpy" and batch_numba.is_worth_it(mode, rtol, people, days)):
        return batch_numba.NumbaEngine(mode, rtol)
    return NumpyEngine(mode, rtol)


def _events(
    wanted: Array, boluses: Sequence[Bolus], changes: Sequence[Change], daily: Mapping[str, Array]
) -> tuple[tuple[float, Bolus | Change | int], ...]:
    """Return what happens, in time; at one time changes, then rows of ``daily``, then boluses."""
    rows = range(int(np.ceil(wanted[-1] - wanted[0]))) if daily else range(0)
    if short := [name for name, values in daily.items() if len(values) < len(rows)]:
        raise ValueError(f"daily {short[0]} has fewer rows than the {len(rows)} days")
    told: list[tuple[float, Bolus | Change | int]] = [(change.day, change) for change in changes]
    told += [(float(wanted[0]) + row, row) for row in rows]
    told += [(bolus.day, bolus) for bolus in boluses]
    return tuple(sorted((one for one in told if wanted[0] <= one[0] < wanted[-1]), key=lambda one: one[0]))


def _count(plan: _Plan) -> int:
    """Return the number of people: the length that all arrays share."""
    names = split_of(plan.mode).parameters
    shapes = {np.shape(plan.parameters[name]) for name in names}
    shapes |= {np.shape(plan.start[name]) for name in plan.mode.names}
    shapes |= {values.shape[1:] for values in plan.daily.values()}
    for _day, event in plan.events:
        if isinstance(event, Bolus):
            shapes.add(np.shape(event.mmol))
        elif isinstance(event, Change):
            shapes |= {np.shape(event.parameters[name]) for name in names if name in event.parameters}
    shape = np.broadcast_shapes((1,), *shapes)
    if len(shape) != 1:
        raise ValueError(f"one axis of people, not {shape}")
    return int(shape[0])


def _course(plan: _Plan, engine: Engine, part: NDArray[np.intp]) -> Iterator[tuple[int, Array]]:
    """Yield the number of an output day and the values of a block of people then."""
    names, states = split_of(plan.mode).parameters, plan.mode.names
    y = np.empty((len(states), len(part)))
    for row, name in zip(y, states, strict=True):
        row[:] = _of(plan.start[name], part)
    values = {name: _of(plan.parameters[name], part) for name in names}
    fixed, step, first = engine.fixed(len(part)), np.full(len(part), FIRST_STEP), np.full(len(part), FIRST_STEP)
    engine.renew(fixed, values, None)
    now, done, fresh, days = float(plan.days[0]), 1, True, plan.days
    yield 0, y
    for until, event in (*plan.events, (float(days[-1]), None)):
        while now < until:
            stop = min(until, float(days[done]))
            if (lost := engine.advance(y, fixed, step, first, fresh, stop - now)) >= 0:
                person = int(part[lost])
                raise SolverError(f"day {now:g} to {stop:g}: no step is small enough for person {person}", person)
            now, fresh = stop, False
            while done < len(days) and days[done] <= now:
                yield done, y
                done += 1
        if event is not None:
            fresh = True
        if isinstance(event, Bolus):
            y[states.index(event.state)] += _of(event.mmol, part)
        elif isinstance(event, Change):
            changed = [name for name in names if name in event.parameters and name not in plan.daily]
            values |= {name: _of(event.parameters[name], part) for name in changed}
            engine.renew(fixed, values, changed)
        elif event is not None:
            values |= {name: _of(rows[event], part) for name, rows in plan.daily.items()}
            engine.renew(fixed, values, plan.daily.keys())
    for number in range(done, len(days)):  # a last day that is asked for more than once
        yield number, y


def _of(value: Any, part: NDArray[np.intp]) -> Array:
    """Return the values of a block of people; a value for all stays one value."""
    array = np.atleast_1d(np.asarray(value, dtype=float))
    return array[part] if len(array) > 1 else array
