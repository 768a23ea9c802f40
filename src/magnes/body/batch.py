"""Solve the body model for many people at once; the same meaning as ``solve.run``.

    batch.run(mode, parameters, start, days) -> values (days, states, people)

Values may be numbers or arrays over people. Times of boluses and changes hold for everybody; amounts and parameters are
each person's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.body import batch_numpy
from magnes.body.model import Mode
from magnes.body.solve import Bolus, Change
from magnes.body.trace import Traced, graph_of

__all__ = ["RTOL", "run"]

Array = NDArray[np.float64]
RTOL = 1e-5
BLOCK = 512  # people whose values stay in the cache of a core
FIRST_STEP = 0.01  # [day]


@dataclass(frozen=True)
class _Plan:
    """What happens when, for all people: stops are outputs, boluses, changes and new rows of ``daily``."""

    days: Array
    events: tuple[tuple[float, Bolus | Change | int], ...]


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
    block: int = BLOCK,
) -> Array:
    """Values of states and signals at ``days`` for all people; shape (days, states, people).

    ``parameters`` and ``start`` hold at ``days[0]``, as in ``solve.run``. A change may name only some parameters: others
    stay. ``daily`` gives parameters that differ from day to day as arrays (days, people) or (days, 1): row i holds from
    ``days[0] + i`` for one day, whatever ``changes`` say of them. ``keep``: names of the values that are wanted, in that
    order. ``rtol`` is the accepted error of a step. Raises ``SolverError``.
    """
    del engine
    traced = graph_of(mode)
    wanted = np.asarray(days, dtype=float)
    daily = {name: np.atleast_2d(np.asarray(rows, dtype=float)) for name, rows in (daily or {}).items()}
    events = _events(wanted, boluses, changes, daily)
    people = _count(traced, parameters, start, boluses, changes, daily)
    rows = [traced.states.index(name) for name in (keep if keep is not None else traced.states)]
    out = np.empty((len(wanted), len(rows), people))
    for first in range(0, people, block):
        part = slice(first, min(first + block, people))
        for number, y in _course(traced, parameters, start, _Plan(wanted, events), daily, part, rtol):
            out[number, :, part] = y[rows]
    return out


def _events(
    wanted: Array, boluses: Sequence[Bolus], changes: Sequence[Change], daily: Mapping[str, Array]
) -> tuple[tuple[float, Bolus | Change | int], ...]:
    """In time; at one time changes, then rows of ``daily``, then boluses."""
    rows: range | list[int] = []
    if daily:
        rows = range(int(np.ceil(wanted[-1] - wanted[0])))
        short = [name for name, values in daily.items() if len(values) < len(rows)]
        if short:
            raise ValueError(f"daily {short[0]} has fewer rows than the {len(rows)} days")
    told: list[tuple[float, Bolus | Change | int]] = [(change.day, change) for change in changes]
    told += [(wanted[0] + row, row) for row in rows]
    told += [(bolus.day, bolus) for bolus in boluses]
    return tuple(sorted((one for one in told if wanted[0] <= one[0] < wanted[-1]), key=lambda one: one[0]))


def _count(
    traced: Traced,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    boluses: Sequence[Bolus],
    changes: Sequence[Change],
    daily: Mapping[str, Array],
) -> int:
    """Number of people: the length that all arrays share."""
    shapes = {np.shape(parameters[name]) for name in traced.parameters}
    shapes |= {np.shape(start[name]) for name in traced.states} | {np.shape(bolus.mmol) for bolus in boluses}
    shapes |= {np.shape(change.parameters[name]) for change in changes for name in change.parameters}
    shapes |= {values.shape[1:] for values in daily.values()}
    shape = np.broadcast_shapes((1,), *shapes)
    if len(shape) != 1:
        raise ValueError(f"one axis of people, not {shape}")
    return int(shape[0])


def _course(
    traced: Traced,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    plan: _Plan,
    daily: Mapping[str, Array],
    part: slice,
    rtol: float,
) -> Iterator[tuple[int, Array]]:
    """Yield the number of an output day and the values of a block of people then."""
    fixed_of, rates = batch_numpy.functions(traced.mode)
    pair = batch_numpy.pair_for(rtol)
    count = part.stop - part.start
    y = np.array([np.broadcast_to(_of(start[name], part), count) for name in traced.states])
    values = {name: _of(parameters[name], part) for name in traced.parameters}
    step = np.full(count, FIRST_STEP)
    now, done, fixed = float(plan.days[0]), 1, None
    yield 0, y
    for until, event in [*plan.events, (float(plan.days[-1]), None)]:
        while now < until:
            stop = min(until, float(plan.days[done]))
            if fixed is None:
                fixed = fixed_of([values[name] for name in traced.parameters])
            y, step = batch_numpy.advance(rates, y, fixed, stop - now, step, rtol, pair)
            now = stop
            while done < len(plan.days) and plan.days[done] <= now:
                yield done, y
                done += 1
        if isinstance(event, Bolus):
            y = y.copy()
            y[traced.states.index(event.state)] += _of(event.mmol, part)
        elif event is not None:
            fixed = None
            if isinstance(event, Change):
                values |= {name: _of(event.parameters[name], part) for name in values if name in event.parameters}
                row = int(np.floor(event.day - plan.days[0]))
            else:
                row = event
            values |= {name: _of(table[row], part) for name, table in daily.items()}
    while done < len(plan.days):  # output days that are the last day once more
        yield done, y
        done += 1


def _of(value: Any, part: slice) -> Array:
    """Return the values of a block of people; a value for all stays one value."""
    array = np.atleast_1d(np.asarray(value, dtype=float))
    return array[part] if len(array) > 1 else array
