"""Ninety days of the exported body model in other programs, and in ours."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from magnes.body.baseline import reference_values, solved, start
from magnes.body.export import sbml
from magnes.body.gut import Sittings, day_numbers
from magnes.body.model import DAILY, MEALS, Mode
from magnes.body.solve import Bolus, Change, run
from magnes.body.trace import rates

DAYS = 90
TOLERANCE = 1e-10
MEAL_MMOL = {8.0: 3.0, 12.5: 4.0, 18.0: 6.17}  # hour: amount
TABLET_HOUR, TABLET_MMOL, TABLET_FROM = 21.0, 12.3, 30  # 300 mg in the evening, half of it slow to dissolve


class Case(NamedTuple):
    """A body over ninety days, with all that happens to it."""

    mode: Mode
    parameters: Mapping[str, Any]
    start: Mapping[str, Any]
    boluses: tuple[Bolus, ...]
    changes: tuple[Change, ...]


class Run(NamedTuple):
    """Serum [mmol/L] and all states at the end of each day, and the seconds it took."""

    serum: np.ndarray
    states: np.ndarray
    seconds: float


def cases() -> dict[str, Case]:
    """Meals with tablets from day 30, fast transit from day 60; daily mode with half the diet, then a kidney loss."""
    p = solved(reference_values())
    rest = start(p)
    boluses = [Bolus(day + hour / 24, "gut_upper", mmol) for day in range(DAYS) for hour, mmol in MEAL_MMOL.items()]
    for day in range(TABLET_FROM, DAYS):
        when = day + TABLET_HOUR / 24
        boluses += [Bolus(when, state, TABLET_MMOL / 2) for state in ("gut_solid", "gut_upper")]
    faster = Change(60.0, {**p, "gut_transit_factor": 2.0})
    poor = {**p, **day_numbers(Sittings.meals(p["reference_intake_mmol_per_day"] / 2), p)}
    losing = Change(60.0, {**poor, "kidney_distal_factor": 0.6})
    dose = Bolus(15.5, "extracellular", 3.0)
    return {
        "meals": Case(MEALS, p, rest, tuple(boluses), (faster,)),
        "daily": Case(DAILY, p, rest, (dose,), (Change(30.0, poor), losing)),
    }


@cache
def text_of(name: str) -> str:
    """SBML of a case."""
    return sbml(*cases()[name])


def ours(name: str) -> Run:
    """Run a case in Magnes."""
    case = cases()[name]
    rates(case.mode)  # traced once
    begin = time.perf_counter()
    days = np.arange(DAYS + 1.0)
    states = run(
        case.mode,
        case.parameters,
        case.start,
        days,
        boluses=case.boluses,
        changes=case.changes,
        rtol=TOLERANCE,
    )
    seconds = time.perf_counter() - begin
    share = case.parameters["magnesium_volume_l"] * case.parameters["ultrafilterable_share"]
    return Run(states[:, case.mode.names.index("extracellular")] / share, states, seconds)


def roadrunner(name: str) -> Run:
    """Run a case in libRoadRunner with CVODE."""
    import roadrunner as program

    model = program.RoadRunner(text_of(name))
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = TOLERANCE, TOLERANCE / 10
    model.integrator.maximum_num_steps = 200_000
    model.timeCourseSelections = ["serum_mmol_per_l", *cases()[name].mode.names]
    begin = time.perf_counter()
    found = np.array(model.simulate(0, DAYS, DAYS + 1))
    return Run(found[:, 0], found[:, 1:], time.perf_counter() - begin)


def copasi(name: str) -> Run:
    """Run a case in COPASI with LSODA."""
    import basico as program

    model = program.load_model(text_of(name))
    begin = time.perf_counter()
    found = program.run_time_course(
        duration=DAYS,
        intervals=DAYS,
        r_tol=TOLERANCE,
        a_tol=TOLERANCE / 100,
        max_steps=1_000_000,
        use_sbml_id=True,
        model=model,
    )
    seconds = time.perf_counter() - begin
    states = found[list(cases()[name].mode.names)].to_numpy()
    return Run(found["serum_mmol_per_l"].to_numpy(), states, seconds)


PEERS: dict[str, Callable[[str], Run]] = {"libRoadRunner": roadrunner, "COPASI": copasi}


def furthest(one: Run, other: Run) -> tuple[float, float]:
    """Largest relative difference of serum; largest difference of a state, over the largest value of that state."""
    scale = np.maximum(np.abs(one.states).max(axis=0), 1e-6)
    serum = np.max(np.abs(other.serum / one.serum - 1))
    return float(serum), float(np.max(np.abs(other.states - one.states) / scale))


def right_hand_side(name: str, bodies: int = 20) -> float:
    """Largest difference of a rate of change in the SBML from ours, over disturbed bodies; relative above 1 a day."""
    import roadrunner as program

    case = cases()[name]
    traced, function = rates(case.mode)
    random.seed(1)
    worst = 0.0
    for _ in range(bodies):
        state = {key: case.start[key] * random.uniform(0.5, 1.5) + random.uniform(0, 0.1) for key in traced.states}
        model = program.RoadRunner(sbml(case.mode, case.parameters, state))
        found = {key: model[f"{key}'"] for key in traced.states}
        wanted = function([state[key] for key in traced.states], [case.parameters[key] for key in traced.parameters])
        differences = (abs(found[key] - rate) / max(1.0, abs(rate)) for key, rate in zip(found, wanted, strict=True))
        worst = max(worst, *differences)
    return worst


def complaints(name: str) -> list[str]:
    """All that libSBML has to say of a case: errors and warnings, units included."""
    import libsbml

    document = libsbml.readSBMLFromString(text_of(name))
    document.checkConsistency()
    return [document.getError(place).getMessage() for place in range(document.getNumErrors())]
