"""The reference adult at rest: what flows in a day, and which signal or other element steers which flow, and how."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body.baseline import reference_values, solved, start
from magnes.body.formulas import quantities
from magnes.body.gut import Sittings
from magnes.body.model import LUMEN, MEALS, Mode
from magnes.body.solve import Bolus, run
from magnes.body.trace import Node, graph_of

__all__ = ["ABSORBED", "PTH", "amounts_at_rest", "flows_at_rest", "reference_body", "steering"]

PTH = "pth"  # follows within minutes, so no signal with a rate of its own
BOWEL = frozenset(state.name for state in LUMEN)
STEPS = 144  # of 10 minutes; meals fall on their borders
ABSORBED = "absorbed"
RAISED_BY = {PTH: "pth_factor", ABSORBED: "gut_active_factor"}
SETTLING_DAYS = 2  # the bowel begins empty
NUDGE = 1e-4


@cache
def reference_body() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Parameters of the reference adult, and its amounts and signals at rest."""
    parameters = solved(reference_values())
    return parameters, start(parameters)


@cache
def _day_of_meals() -> SimpleNamespace:
    """States of meal mode through a day of three meals, by name."""
    parameters, rest = reference_body()
    habit = Sittings.meals(parameters["reference_intake_mmol_per_day"])
    eaten = list(zip(habit.hours, habit.dissolved_mmol, strict=True))
    meals = [Bolus(day + hour / 24, "gut_upper", mmol) for day in range(SETTLING_DAYS + 1) for hour, mmol in eaten]
    times = SETTLING_DAYS + (np.arange(STEPS) + 0.5) / STEPS
    course = run(MEALS, parameters, rest, [0.0, *times], boluses=meals)[1:]
    return SimpleNamespace(**dict(zip(MEALS.names, course.T, strict=True)))


@cache
def amounts_at_rest(mode: Mode) -> Mapping[str, float]:
    """Amount [mmol] of every state at baseline; in the bowel the mean of a day of three meals."""
    _, rest = reference_body()
    names = [state.name for state in mode.states]
    return {name: float(np.mean(vars(_day_of_meals())[name] if name in BOWEL else rest[name])) for name in names}


@cache
def flows_at_rest(mode: Mode) -> Mapping[str, float]:
    """Rate [mmol/day] of every flow at baseline; of what leaves the bowel the mean of a day of three meals."""
    parameters, rest = reference_body()
    body, still = SimpleNamespace(**parameters), SimpleNamespace(**rest)
    return {
        flow.name: float(np.mean(flow.rate(_day_of_meals() if flow.source in BOWEL else still, body)))
        for flow in mode.flows
    }


@cache
def steering(mode: Mode) -> Mapping[str, Mapping[str, int]]:
    """For each flow, signal and PTH: what steers it, 1 for more and -1 for less when that rises a little from rest.

    Steered by a signal, by PTH, by ``absorbed`` magnesium, or by an element in the body other than its own (``Mg``,
    ``Ca``). What PTH does with its organs counts as PTH.
    """
    outputs = {f"flow {flow.name}": flow.rate for flow in mode.flows}
    traced = graph_of(mode, {**outputs, **quantities()})
    changes = dict(zip(traced.states, traced.derivatives, strict=True))
    kinds = {state.name: state.element for state in mode.states} | {one.name: one.name for one in mode.signals}
    hormone = {traced.outputs[name]: PTH for name in ("pth", "pth_effect")}
    taken_up = {traced.outputs[name]: ABSORBED for name in ("absorbed_in_meals", "absorbed_in_a_day")}
    found: dict[str, Mapping[str, int]] = {}
    for flow in mode.flows:
        own = kinds.get(flow.source) or kinds[flow.target]
        drivers = _drivers(traced.outputs[f"flow {flow.name}"], hormone, kinds) - {own}
        found[flow.name] = _signs(flow.rate, drivers, kinds)
    for signal in mode.signals:
        drivers = _drivers(changes[signal.name], hormone | taken_up, kinds) - {signal.name}
        found[signal.name] = _signs(signal.rate, drivers, kinds)
    inside = set().union(*(_drivers(part, {}, kinds) for part in traced.outputs[PTH].arguments))
    found[PTH] = _signs(quantities()[PTH], inside, kinds)
    return found


def _drivers(node: Node, stops: Mapping[Node, str], kinds: Mapping[str, str]) -> set[str]:
    """Signals, PTH and elements that a term rests on."""
    if node in stops:
        return {stops[node]}
    if node.name == "state":
        return {kinds[node.value]}
    return set().union(*(_drivers(part, stops, kinds) for part in node.arguments))


def _signs(rate: Any, drivers: set[str], kinds: Mapping[str, str]) -> Mapping[str, int]:
    """Sign of the change of a rate when a driver rises a little from rest, the bowel not being empty."""
    parameters, rest = reference_body()
    states = {**rest, **dict.fromkeys(BOWEL, 1.0)}
    at_rest = rate(SimpleNamespace(**states), SimpleNamespace(**parameters))
    found = {}
    for driver in sorted(drivers):
        s = {name: value * (1 + NUDGE * (kinds.get(name) == driver)) for name, value in states.items()}
        p = {**parameters}
        if driver in RAISED_BY:
            p[RAISED_BY[driver]] *= 1 + NUDGE
        change = rate(SimpleNamespace(**s), SimpleNamespace(**p)) - at_rest
        if change:
            found[driver] = 1 if change > 0 else -1
    return found
