"""The bodies of a trial over its days: what each person's serum, urine and balance truly are, under each sequence.

A person starts at rest on the own diet and medicines. A dose comes with the meals; a day is taken whole or not at all.
Everybody is followed under every sequence of arms: what allocation does not show is the effect without luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from magnes.body import batch, rates
from magnes.body.course import Quantity, observed
from magnes.body.diet import DAY_NUMBERS
from magnes.body.draws import stream
from magnes.body.gut import Sittings, day_numbers
from magnes.body.model import DAILY
from magnes.body.scenario import CROWD_RTOL, Followed, Scenario
from magnes.body.solve import Change
from magnes.body.steady import settled
from magnes.errors import InputProblems, Problem
from magnes.knowledge.names import salts_named
from magnes.person import Person
from magnes.population.trial_spec import Design, Dose, Endpoint
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["UNITS", "Crowd", "followed", "like_one", "sequences"]

Array = NDArray[np.float64]
HOURS = {1: (8.0,), 2: (8.0, 18.0), 3: (8.0, 12.5, 18.0), 4: (8.0, 12.5, 18.0, 22.0)}
PART = 2048  # people at a time: bounds memory, changes nothing
UNITS: dict[Endpoint, str] = {"serum": "mmol/L", "urine_24h": "mmol/(24.h)", "balance": "mg/d"}
QUANTITY: dict[Endpoint, tuple[Quantity, float]] = {
    "serum": ("serum", 1.0),
    "urine_24h": ("urine", 1 / MAGNESIUM_G_PER_MOL),
    "balance": ("balance", 1.0),
}


@dataclass(frozen=True)
class Crowd:
    """People as bodies: parameters ``p`` with medicines and the own diet, days of that ``diet``, and the ``start``.

    Values are numbers or arrays (people,). ``sex``: "female" or "male" of each.
    """

    p: Mapping[str, Any]
    diet: tuple[Sittings, ...]
    start: Mapping[str, Any]
    sex: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.sex)

    @classmethod
    def of(cls, p: Mapping[str, Any], diet: Sequence[Sittings], sex: NDArray[np.str_]) -> Crowd:
        """Build from parameters before the diet; people who find no level on it are left out."""
        fed = {**p, **day_numbers(list(diet), p)}
        found = cls(fed, tuple(diet), settled(fed), sex)
        return found.some(np.flatnonzero(np.isfinite(found.start["extracellular"])))

    def some(self, index: Any) -> Crowd:
        """Return these of the people."""
        days = tuple(
            Sittings(
                day.hours,
                tuple(_some(amount, index) for amount in day.dissolved_mmol),
                tuple(_some(amount, index) for amount in day.solid_mmol),
                _some(day.bound_mmol, index),
            )
            for day in self.diet
        )
        p, start = ({name: _some(value, index) for name, value in values.items()} for values in (self.p, self.start))
        return Crowd(p, days, start, self.sex[index])

    def taking(self, dose: Dose | None) -> dict[str, Any]:
        """Return the parameters that change with a dose: numbers of the day, arrays (people,)."""
        found = {name: self.p[name] for name in DAY_NUMBERS}
        if dose is not None:
            found = day_numbers([_with(day, dose) for day in self.diet], self.p)
        return {name: np.broadcast_to(np.asarray(value, dtype=float), len(self)) for name, value in found.items()}


def like_one(person: Person, number: int, seed: int = 1, *, world: int | None = None) -> Crowd:
    """People of one age, sex and size who differ as healthy people do; what they eat differs too.

    ``world``: number of a parameter set that fits the published experiments, the same for all; ``None``: the middle.
    """
    scenario = Scenario.of(person, None)
    drawn = scenario.scores(number, seed)
    every = scenario.scores(1 + (world or 0), seed)["parameters"]
    one = every[:, -1:] if world is not None else np.zeros_like(every[:, :1])
    bodies = scenario.draw({**drawn, "parameters": np.repeat(one, number, axis=1)})
    diet = tuple(day.with_food(bodies.eats) for day in bodies.days)
    crowd = Crowd(bodies.before, diet, bodies.start, np.full(number, person.sex))
    return crowd.some(np.flatnonzero(np.isfinite(bodies.start["extracellular"])))


def sequences(design: Design) -> tuple[tuple[int, ...], ...]:
    """Arms in the order of the periods: one period each in a parallel trial, all of them in turn in a crossover."""
    arms = range(len(design.arms))
    if design.design == "parallel":
        return tuple((arm,) for arm in arms)
    return tuple(tuple((first + step) % len(arms) for step in arms) for first in arms)


def followed(crowd: Crowd, design: Design, adherence: Array | None = None) -> Array:
    """True values of the endpoint, shape (sequences, periods, visits, people), in the unit of ``UNITS``.

    ``adherence``: share of days on which each person takes the dose; ``None``: ``design`` draws it.
    """
    share = adherence_of(design, len(crowd)) if adherence is None else adherence
    plans = sequences(design)
    periods, visits = len(plans[0]), design.visits
    span = design.days + design.washout_days
    taken = _taken(share, span * periods, design.seed)
    out = np.empty((len(plans), periods, len(visits), len(crowd)))
    for begin in range(0, len(crowd), PART):
        index = np.arange(begin, min(begin + PART, len(crowd)))
        part, days = crowd.some(index), None if taken is None else taken[:, index]
        doses = [part.taking(dose) for dose in design.arms.values()]
        for number, plan in enumerate(plans):
            out[number][..., index] = _under(part, doses, plan, design, days)
    if not np.isfinite(out).all():
        raise InputProblems([Problem("body_no_level")])
    return out


def adherence_of(design: Design, people: int) -> Array:
    """Share of days on which each person takes the dose: a beta distribution, a named stream."""
    mean, sd = design.adherence, design.adherence_sd
    if not sd:
        return np.full(people, mean)
    size = mean * (1 - mean) / sd**2 - 1
    luck = stream(design.seed, "trial adherence").random(people)
    return np.asarray(beta.ppf(luck, mean * size, (1 - mean) * size), dtype=float)


def _taken(share: Array, days: int, seed: int) -> NDArray[np.bool_] | None:
    """Whether the dose of a day is taken (days, people), a stream for each day; ``None`` when it always is."""
    if np.all(share >= 1):
        return None
    return np.array([stream(seed, f"trial day {day}").random(len(share)) < share for day in range(days)])


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
    values = batch.run(DAILY, crowd.p, crowd.start, days.astype(float), changes=changes, daily=daily, rtol=CROWD_RTOL)
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


def _with(day: Sittings, dose: Dose) -> Sittings:
    """Return a day with a dose beside its food; what does not dissolve goes with the stool."""
    mmol, free = dose.elemental_mg / MAGNESIUM_G_PER_MOL, salts_named(dose.salt)[0].soluble_fraction
    hours = HOURS[dose.times_per_day]
    every = tuple(sorted({*day.hours, *hours}))
    dissolved, solid = (
        dict(zip(day.hours, day.dissolved_mmol, strict=True)),
        dict(zip(day.hours, day.solid_mmol, strict=True)),
    )
    return Sittings(
        every,
        tuple(dissolved.get(hour, 0.0) + (mmol * free if hour in hours else 0.0) for hour in every),
        tuple(solid.get(hour, 0.0) for hour in every),
        day.bound_mmol + (1 - free) * mmol * len(hours),
    )


def _some(value: Any, index: Any) -> Any:
    return value[index] if np.ndim(value) else value
