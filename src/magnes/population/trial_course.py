"""The bodies of a trial over its days: what each person's serum, urine and balance truly are, under each sequence.

A person starts at rest on the own diet and medicines. A dose comes with the meals; a day is taken whole or not at all.
Everybody is followed under every sequence of arms: what allocation does not show is the effect without luck.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from magnes.body import batch, rates
from magnes.body.course import Quantity, observed
from magnes.body.diet import DAY_NUMBERS, Day, with_diet
from magnes.body.draws import stream
from magnes.body.model import DAILY
from magnes.body.scenario import CROWD_RTOL, Followed
from magnes.body.solve import Change, SolverError
from magnes.errors import InputProblems, Problem
from magnes.person import Supplement
from magnes.population.bodies import Taking, bodies, days_of, with_takings
from magnes.population.people import People
from magnes.population.trial_spec import Design, Dose, Endpoint
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["LEAST_INTAKE_MG", "UNITS", "Crowd", "followed", "sequences", "uniform_of"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
MORNING, NOON, EVENING, NIGHT = dt.time(8), dt.time(12, 30), dt.time(18), dt.time(22)
TIMES = {1: (MORNING,), 2: (MORNING, EVENING), 3: (MORNING, NOON, EVENING), 4: (MORNING, NOON, EVENING, NIGHT)}
LEAST_INTAKE_MG = 50.0  # below it the model was held against nobody (``anchors``: intake_below_50_mg); two bad days
PART = 2048  # people at a time: bounds memory, changes nothing
UNITS: dict[Endpoint, str] = {"serum": "mmol/L", "urine_24h": "mmol/(24.h)", "balance": "mg/d"}
QUANTITY: dict[Endpoint, tuple[Quantity, float]] = {
    "serum": ("serum", 1.0),
    "urine_24h": ("urine", 1 / MAGNESIUM_G_PER_MOL),
    "balance": ("balance", 1.0),
}


@dataclass(frozen=True)
class Crowd:
    """People as bodies at rest: parameters ``p`` with medicines and diet, ``days`` of that diet, states at ``start``.

    Values are numbers or arrays (people,). ``sex``: "female" or "male" of each. ``number``: place of each in the luck
    of a trial, which does not move when others are not let in.
    """

    p: Mapping[str, Any]
    days: tuple[Day, ...]
    start: Mapping[str, Any]
    sex: NDArray[np.str_]
    number: Index

    def __len__(self) -> int:
        return len(self.sex)

    @classmethod
    def of(cls, people: People) -> Crowd:
        """Give people their bodies; who finds no level is left out, and who recalls less than anybody lives on.

        Raises ``InputProblems`` when nobody remains.
        """
        try:
            found = bodies(people)
        except SolverError as error:
            raise InputProblems([Problem("body_no_level")]) from error
        sex = np.where(people.male[found.levelled], "male", "female")
        crowd = cls(found.present, found.days, found.start, sex, found.levelled)
        eats = people.intake_mg[found.levelled].mean(axis=1) >= LEAST_INTAKE_MG
        if not eats.any():
            raise InputProblems([Problem("body_no_level")])
        return crowd.some(np.flatnonzero(eats))

    def some(self, index: Any) -> Crowd:
        """Return these of the people."""
        p, start = (
            {name: value[index] if np.ndim(value) else value for name, value in values.items()}
            for values in (self.p, self.start)
        )
        return Crowd(p, days_of(self.days, index), start, self.sex[index], self.number[index])

    def taking(self, dose: Dose | None) -> dict[str, Any]:
        """Return the parameters that change with a dose, arrays (people,)."""
        p = self.p if dose is None else with_diet(self.p, with_takings(self.days, (Taking(_supplement(dose)),)), 1.0)
        return {name: np.broadcast_to(np.asarray(p[name], dtype=float), len(self)) for name in DAY_NUMBERS}


def sequences(design: Design) -> tuple[tuple[int, ...], ...]:
    """Arms in the order of the periods: one period each in a parallel trial, all of them in turn in a crossover."""
    arms = range(len(design.arms))
    if design.design == "parallel":
        return tuple((arm,) for arm in arms)
    return tuple(tuple((first + step) % len(arms) for step in arms) for first in arms)


def followed(crowd: Crowd, design: Design, progress: Callable[[float], None] | None = None) -> Array:
    """Return the true endpoint, shape (sequences, periods, visits, people), in the unit of ``UNITS``.

    ``progress`` is called with the share that is done. Raises ``InputProblems`` when a dose leaves a body no level.
    """
    plans = sequences(design)
    periods, visits = len(plans[0]), design.visits
    taken = _taken(crowd.number, design, (design.days + design.washout_days) * periods)
    out = np.empty((len(plans), periods, len(visits), len(crowd)))
    for begin in range(0, len(crowd), PART):
        index = np.arange(begin, min(begin + PART, len(crowd)))
        part, days = crowd.some(index), None if taken is None else taken[:, index]
        doses = [part.taking(dose) for dose in design.arms.values()]
        for number, plan in enumerate(plans):
            out[number][..., index] = _under(part, doses, plan, design, days)
            if progress is not None:
                progress((begin + len(part) * (number + 1) / len(plans)) / len(crowd))
    if not np.isfinite(out).all():
        raise InputProblems([Problem("body_no_level")])
    return out


def _adherence(number: Index, design: Design) -> Array:
    """Share of days on which each person takes the dose: a beta distribution, a named stream."""
    mean, sd = design.adherence, design.adherence_sd
    if not sd:
        return np.full(len(number), mean)
    size = mean * (1 - mean) / sd**2 - 1
    luck = uniform_of(design.seed, "trial adherence", number)
    return np.asarray(beta.ppf(luck, mean * size, (1 - mean) * size), dtype=float)


def _taken(number: Index, design: Design, days: int) -> NDArray[np.bool_] | None:
    """Whether the dose of a day is taken (days, people), a stream for each day; ``None`` when it always is."""
    share = _adherence(number, design)
    if np.all(share >= 1):
        return None
    return np.array([uniform_of(design.seed, f"trial day {day}", number) < share for day in range(days)])


def uniform_of(seed: int, decision: str, number: Index) -> Array:
    """Return the numbers between 0 and 1 of these people in the stream of a decision."""
    return np.asarray(stream(seed, decision).random(int(number.max()) + 1)[number])


def _under(
    crowd: Crowd, doses: list[dict[str, Any]], plan: tuple[int, ...], design: Design, taken: NDArray[np.bool_] | None
) -> Array:
    """Endpoint (periods, visits, people) under one sequence of arms."""
    span, nothing = design.days + design.washout_days, crowd.taking(None)
    places = [[period * span + visit for visit in design.visits] for period in range(len(plan))]
    days = np.array(sorted({0, *(day for row in places for visit in row for day in (visit, visit - 1) if day >= 0)}))
    changes = []
    for period, arm in enumerate(plan):
        changes.append(Change(float(period * span), {**crowd.p, **doses[arm]}))
        if design.washout_days:
            changes.append(Change(float(period * span + design.days), {**crowd.p, **nothing}))
    daily = {} if taken is None else _daily(doses, nothing, plan, design, taken)
    told: dict[str, Any] = {"changes": changes, "daily": daily, "rtol": CROWD_RTOL, "engine": "cpu"}
    values = batch.run(DAILY, crowd.p, crowd.start, days.astype(float), **told)
    absorbed = rates.absorbed_in_a_day(SimpleNamespace(**crowd.start), SimpleNamespace(**crowd.p))
    states = {name: values[:, i] for i, name in enumerate(DAILY.names)}
    name, factor = QUANTITY[design.endpoint]
    found = observed(Followed(days.astype(float), states, crowd.p, crowd.p, absorbed))[name] * factor
    return np.asarray(found[np.searchsorted(days, places)])


def _daily(
    doses: list[dict[str, Any]],
    nothing: dict[str, Any],
    plan: tuple[int, ...],
    design: Design,
    taken: NDArray[np.bool_],
) -> dict[str, Array]:
    """Numbers of each day (days, people): of the dose where it is taken."""
    span = design.days + design.washout_days
    found = {}
    for name in DAY_NUMBERS:
        rows = np.repeat(nothing[name][None, :], span * len(plan), axis=0)
        for period, arm in enumerate(plan):
            here = slice(period * span, period * span + design.days)
            rows[here] = np.where(taken[here], doses[arm][name], rows[here])
        found[name] = rows
    return found


def _supplement(dose: Dose) -> Supplement:
    return Supplement(salt=dose.salt, elemental_mg=dose.elemental_mg, times=TIMES[dose.times_per_day])
