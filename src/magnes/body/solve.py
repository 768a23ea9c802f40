"""Solve the body model for one person: SciPy's LSODA on the traced rates, restarted at doses and changes.

LSODA is stiff-safe and adaptive; a year in daily mode takes about 10 ms, a week of meals about 25 ms, and nothing has
to be compiled. Many people at once: ``batch``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.body.model import Mode
from magnes.body.trace import rates

__all__ = ["Bolus", "Change", "SolverError", "follow", "in_crowd", "run"]

Array = NDArray[np.float64]
RTOL, ATOL = 1e-8, 1e-9


class SolverError(RuntimeError):
    """The solver stopped before the end; the message says where and why. ``person``: of many people the one."""

    def __init__(self, message: str, person: int | None = None) -> None:
        super().__init__(message)
        self.person = person


@dataclass(frozen=True, slots=True)
class Bolus:
    """An amount [mmol] that enters a state at a time [day]."""

    day: float
    state: str
    mmol: Any


@dataclass(frozen=True, slots=True)
class Change:
    """Parameters that hold from a day on."""

    day: float
    parameters: Mapping[str, Any]


def run(
    mode: Mode,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    days: Sequence[float] | Array,
    *,
    boluses: Sequence[Bolus] = (),
    changes: Sequence[Change] = (),
    rtol: float = RTOL,
) -> Array:
    """Values of all states and signals at ``days`` (rising, from the first on); shape (days, states).

    ``start`` holds at ``days[0]``. A bolus at an output time is counted after it, so that a day's end is not yet the
    next day's breakfast. Raises ``SolverError``.
    """
    traced, function = rates(mode)
    order = {name: i for i, name in enumerate(traced.states)}
    state = np.array([float(start[name]) for name in traced.states])
    wanted = np.asarray(days, dtype=float)
    every: list[Bolus | Change] = [*changes, *boluses]
    events = sorted((event for event in every if wanted[0] <= event.day < wanted[-1]), key=lambda event: event.day)
    values = [float(parameters[name]) for name in traced.parameters]
    out = np.empty((len(wanted), len(state)))
    out[0], done, now = state, 1, float(wanted[0])
    for event in (*events, None):
        until = event.day if event else float(wanted[-1])
        if until > now:
            last = int(np.searchsorted(wanted, until, side="right"))
            stops = np.concatenate(([now], wanted[done:last], [until]))
            path = _integrate(function, state, stops, values, rtol)
            out[done:last], state = path[1 : 1 + last - done], path[-1].copy()
            done, now = last, until
        if isinstance(event, Bolus):
            state[order[event.state]] += float(event.mmol)
        elif event is not None:
            values = [float(event.parameters[name]) for name in traced.parameters]
    return out


def in_crowd(parameters: Mapping[str, Any]) -> bool:
    """Whether parameters are arrays over many people or parameter sets."""
    return any(np.ndim(value) > 0 for value in parameters.values())


def follow(
    mode: Mode,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    days: Sequence[float] | Array,
    *,
    boluses: Sequence[Bolus] = (),
    changes: Sequence[Change] = (),
    crowd_rtol: float,
) -> Array:
    """``run`` for one body, ``batch.run`` at ``crowd_rtol`` for many; shape (days, states) or with people behind.

    Always on the processor: results that are made with it name no other device.
    """
    if not in_crowd(parameters):
        return run(mode, parameters, start, days, boluses=boluses, changes=changes)
    from magnes.body import batch  # only when there is a crowd

    told: dict[str, Any] = {"boluses": boluses, "changes": changes, "rtol": crowd_rtol, "engine": "cpu"}
    return batch.run(mode, parameters, start, days, **told)


def _integrate(function: Any, state: Array, stops: Array, values: list[float], rtol: float) -> Array:
    """LSODA over ``stops``; equal stops are one. The low-level call: its loop is not in Python."""
    from scipy.integrate import odeint  # heavy: only when something is solved

    kept = np.concatenate(([True], np.diff(stops) > 0))
    path, report = odeint(
        lambda _t, y: function(y.tolist(), values),
        state,
        stops[kept],
        tfirst=True,
        rtol=rtol,
        atol=ATOL,
        full_output=True,
        mxstep=50_000,
    )
    if report["message"] != "Integration successful." or not np.isfinite(path).all():
        raise SolverError(f"day {stops[0]:g} to {stops[-1]:g}: {report['message']}")
    result: Array = path[np.cumsum(kept) - 1]
    return result
