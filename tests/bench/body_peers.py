"""The body model in libRoadRunner and in heyoka, each used as it is fastest at the accuracy that is asked.

libRoadRunner gets our own SBML; a meal is one event that sets its next time itself, a day's intake one event with the
values in parameters, so that one compiled model serves all people. heyoka gets the rewritten rates, eight people at a
time.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magnes.body import export
from magnes.body.batch_numpy import FixedTerms
from magnes.body.batch_terms import split_of

PROCESSES = 2
LANES = 8
SERUM = "extracellular"
Work = dict[str, Any]  # mode, p, start, hours of meals, meal, daily, days


def person(values: Any, i: int) -> Any:
    """Return the value of one person of a crowd."""
    return values if np.ndim(values) == 0 else np.asarray(values)[..., i]


@dataclass(frozen=True)
class Took:
    """Seconds of all cores together, and by the clock."""

    cores: float
    clock: float


def fastest(run: Callable[[], Any], times: int = 3) -> tuple[Took, Any]:
    """Least time of several runs (others use the machine too), and what the last returned."""
    cores, clock, found = np.inf, np.inf, None
    for _ in range(times):
        began = time.process_time(), time.perf_counter()
        found = run()
        cores, clock = min(cores, time.process_time() - began[0]), min(clock, time.perf_counter() - began[1])
    return Took(cores, clock), found


def in_two(peer: Callable[..., Any], work: Work, people: int, **settings: Any) -> tuple[Took, float, Any]:
    """Time, seconds to load and daily serum, from two processes at once."""
    parts = np.array_split(np.arange(people), PROCESSES)
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        started = [pool.apply_async(peer, (work, part), settings) for part in parts]
        found = [one.get() for one in started]
    took = Took(sum(one[0].cores for one in found), max(one[0].clock for one in found))
    return took, found[0][1], np.concatenate([one[2] for one in found], axis=1)


def roadrunner(work: Work, part: Any, *, rtol: float, atol: float, stiff: bool) -> tuple[Took, float, Any]:
    """Time to solve, seconds to load, and serum (days, people) of a part of the crowd."""
    import roadrunner as library

    library.Config.setValue(library.Config.LLVM_BACKEND, library.Config.LLJIT)
    library.Config.setValue(library.Config.LLJIT_OPTIMIZATION_LEVEL, library.Config.AGGRESSIVE)
    began = time.perf_counter()
    model = library.RoadRunner(_sbml(work))
    load = time.perf_counter() - began
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = rtol, atol
    model.integrator.stiff = stiff
    model.integrator.maximum_num_steps = 1_000_000
    model.timeCourseSelections = ["time", SERUM]
    inner = model.model
    places = {name: i for i, name in enumerate(inner.getGlobalParameterIds())}
    species = {name: i for i, name in enumerate(inner.getFloatingSpeciesIds())}
    rows = [_values(work, int(i)) for i in part]
    serum = np.empty((work["days"] + 1, len(part)))

    def solve() -> None:
        for column, row in enumerate(rows):
            model.reset()
            known = [name for name in row if name in places]
            inner.setGlobalParameterValues([places[name] for name in known], [row[name] for name in known])
            known = [name for name in row if name in species]
            inner.setFloatingSpeciesAmounts([species[name] for name in known], [row[name] for name in known])
            serum[:, column] = model.simulate(0, work["days"], work["days"] + 1)[:, 1]

    took, _none = fastest(solve)
    return took, load, serum


def _sbml(work: Work) -> str:
    import antimony

    text = export.antimony(
        work["mode"],
        {name: float(person(value, 0)) for name, value in work["p"].items()},
        {name: float(person(value, 0)) for name, value in work["start"].items()},
    )
    lines = []
    for i, hour in enumerate(work["hours"]):
        lines.append(f"meal_{i} = 1; next_{i} = {hour};")
        what = f"gut_upper = gut_upper + meal_{i}, next_{i} = next_{i} + 1"
        lines.append(f"at (time >= next_{i}), t0=false: {what};")
    for day in range(1, work["days"] if work["daily"] else 0):
        lines += [f"{name}_{day} = 1;" for name in work["daily"]]
        what = ", ".join(f"{name} = {name}_{day}" for name in work["daily"])
        lines.append(f"at (time >= {day}), t0=false: {what};")
    antimony.clearPreviousLoads()
    whole = text.replace("\nend\n", "\n" + "\n".join(lines) + "\nend\n")
    if antimony.loadAntimonyString(whole) < 0:
        raise RuntimeError(antimony.getLastError())
    return str(antimony.getSBMLString(f"magnes_{work['mode'].name}"))


def _values(work: Work, i: int) -> dict[str, float]:
    names = (*split_of(work["mode"]).parameters, *work["mode"].names)
    values = {name: float(person((work["p"] | work["start"])[name], i)) for name in names}
    for number, hour in enumerate(work["hours"]):
        values |= {f"meal_{number}": float(person(work["meal"], i)), f"next_{number}": hour}
    for name, rows in work["daily"].items():
        values |= {f"{name}_{day}": float(rows[day, i]) for day in range(1, work["days"])}
        values[name] = float(rows[0, i])
    return values


def heyoka(work: Work, part: Any, *, rtol: float) -> tuple[Took, float, Any]:
    """Time to solve, seconds to compile, and serum (days, people) of a part of the crowd."""
    import heyoka as library

    parts = split_of(work["mode"])
    began = time.perf_counter()
    system = _heyoka_system(library, parts)
    size = (len(parts.states), LANES)
    solver = library.taylor_adaptive_batch(system, np.ones(size), tol=rtol, pars=np.ones((len(parts.fixed), LANES)))
    load = time.perf_counter() - began
    fixed = FixedTerms(work["mode"])
    if len(part) % LANES:
        raise ValueError(f"{len(part)} people are not groups of {LANES}")

    def terms(day: int) -> Any:
        p = work["p"] | {name: rows[day] for name, rows in work["daily"].items()}
        values = {name: np.atleast_1d(np.asarray(person(p[name], part), dtype=float)) for name in parts.parameters}
        _which, rows = fixed.of(values, None)
        return np.array([np.broadcast_to(row, len(part)) for row in rows])

    all_terms = [terms(day) for day in range(work["days"] if work["daily"] else 1)]  # not counted: NumPy does it
    start = np.array([np.broadcast_to(person(work["start"][name], part), len(part)) for name in parts.states])
    meal = np.broadcast_to(person(work["meal"], part), len(part))
    where, serum = parts.states.index(SERUM), np.empty((work["days"] + 1, len(part)))
    upper = parts.states.index("gut_upper") if work["hours"] else -1

    def solve() -> None:
        for first in range(0, len(part), LANES):
            here = slice(first, first + LANES)
            solver.set_time(np.zeros(LANES))
            solver.state[:], solver.pars[:] = start[:, here], all_terms[0][:, here]
            serum[0, here] = solver.state[where]
            for day in range(work["days"]):
                if work["daily"]:
                    solver.pars[:] = all_terms[day][:, here]
                for hour in work["hours"]:
                    solver.propagate_until(np.full(LANES, day + hour))
                    solver.state[upper] += meal[here]
                solver.propagate_until(np.full(LANES, day + 1.0))
                serum[day + 1, here] = solver.state[where]

    took, _none = fastest(solve)
    return took, load, serum


def _heyoka_system(library: Any, parts: Any) -> list[Any]:
    known = {id(node): library.par[i] for i, node in enumerate(parts.fixed)}
    variables = {name: library.make_vars(name) for name in parts.states}
    for node in parts.nodes:
        if node.name == "constant":
            known[id(node)] = library.expression(node.value)
        elif node.name == "state":
            known[id(node)] = variables[node.value]
        elif id(node) in parts.moving:
            a, *others = (known[id(part)] for part in node.arguments)
            operations: dict[str, Callable[..., Any]] = {
                "add": lambda a, b: a + b,
                "sub": lambda a, b: a - b,
                "mul": lambda a, b: a * b,
                "div": lambda a, b: a / b,
            }
            known[id(node)] = operations[node.name](a, *others) if others else getattr(library, node.name)(a)
    return [(variables[name], known[id(node)]) for name, node in zip(parts.states, parts.derivatives, strict=True)]
