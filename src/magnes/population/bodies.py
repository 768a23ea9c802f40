"""Virtual people as bodies at rest on what they eat and take, and their course over days.

    bodies(people) -> Bodies;  Bodies.follow(days, takings=...) -> Followed -> ``course.observed``

Nothing is computed a second way: ``anchors``, ``effects``, ``diet``, ``steady`` and ``batch`` are those of one person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from magnes.absorption import offers
from magnes.body import batch, rates
from magnes.body.anchors import anchors
from magnes.body.baseline import reference_values, solved
from magnes.body.diet import Day, boluses, with_diet
from magnes.body.draws import parameters_at, people_at, posterior
from magnes.body.effects import Modifiers, drawn, inputs, modifiers, with_factors
from magnes.body.gut import Sittings
from magnes.body.model import DAILY, MEALS
from magnes.body.scenario import RUN_IN_DAYS, Followed
from magnes.body.solve import Bolus, Change, SolverError
from magnes.body.steady import settled
from magnes.knowledge.body_parameters import Variability
from magnes.knowledge.load import table
from magnes.person import ADULT_YEARS, Person, Supplement
from magnes.population.people import People
from magnes.population.pool import HOURS
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["Bodies", "Taking", "bodies", "days_of", "with_takings"]

Array = NDArray[Any]
RTOL = 1e-4  # serum within 1e-4, urine of a day within 1e-3 of a ten times finer solution (docs/validation/scale.md)
NOTHING = (0.0,) * len(HOURS)


@dataclass(frozen=True)
class Taking:
    """A supplement, and how much of it is taken: a number, or arrays (people,) or (days, people); 1 is as said."""

    supplement: Supplement
    share: Any = 1.0


@dataclass(frozen=True)
class Bodies:
    """Bodies at rest with the present diet and medicines. ``levelled``: places in ``people`` of those with a level.

    Everything else is of these alone: parameters ``own`` without diet, ``present`` with it, states at ``start``, and
    the two ``days`` of food that come round in turn.
    """

    people: People
    levelled: Array
    own: Mapping[str, Any]
    present: Mapping[str, Any]
    start: Mapping[str, Any]
    days: tuple[Day, ...]

    def __len__(self) -> int:
        return len(self.levelled)

    def some(self, index: Array) -> Bodies:
        """Return these of the bodies."""
        own, present, start = (_some(values, index) for values in (self.own, self.present, self.start))
        return Bodies(self.people, self.levelled[index], own, present, start, days_of(self.days, index))

    def follow(
        self,
        days: int,
        *,
        mode: Literal["meals", "daily"] = "meals",
        takings: Sequence[Taking] = (),
        food: Any = 1.0,
        changes: Sequence[Change] = (),
        engine: str | None = None,
        threads: int | None = None,
    ) -> Followed:
        """Follow all bodies for ``days``, told at the end of each; day 0 is the state before.

        From day 0 on ``takings`` are taken and ``food`` times the food is eaten (a number, (people,), or (people, days)
        for each of the days that come round); shares and
        factors are those of the levelled, in order. ``daily`` takes the mean of the days of food and cannot take a
        share that differs by day. ``changes``: other parameters from a day on. Raises ``SolverError``.
        """
        when = np.arange(float(days + 1))
        eaten = tuple(
            Day(day.food.times(food[:, i] if np.ndim(food) > 1 else food), day.products)
            for i, day in enumerate(self.days)
        )
        used, first = DAILY, when
        given: tuple[Bolus, ...] = ()
        if mode == "daily":
            changes = (Change(0.0, with_diet(self.own, with_takings(eaten, takings), 1.0)), *changes)
        else:
            used, first = MEALS, np.concatenate(([float(-RUN_IN_DAYS)], when))
            given = (
                *boluses(self.days, -RUN_IN_DAYS, 0, 1.0),
                *boluses(eaten, 0, days, 1.0),
                *(bolus for taking in takings for bolus in _taken(taking, days)),
            )
        every = batch.run(
            used,
            self.present,
            self.start,
            first,
            boluses=given,
            changes=changes,
            rtol=RTOL,
            engine=engine,
            threads=threads,
        )[len(first) - len(when) :]
        absorbed = rates.absorbed_in_a_day(_space(self.start), _space(self.present))
        states = {name: every[:, i] for i, name in enumerate(used.names)}
        last = {**self.present, **{name: value for change in changes for name, value in change.parameters.items()}}
        return Followed(when, states, self.present, last, absorbed)


def bodies(people: People, takings: Sequence[Taking] = ()) -> Bodies:
    """Bodies of people, at rest with their medicines, food and ``takings`` (shares are numbers or (people,)).

    Differences between people, and the parameters that fit the published experiments, are drawn per person. Bodies that
    find no level are left out. Raises ``SolverError`` when none does.
    """
    who = people.persons()
    own = _healthy(people, who)
    varied = [row.name for row in table(Variability)]
    differences = people_at({name: people.normal(f"person {name}") for name in varied})
    own |= {name: own[name] * factor for name, factor in differences.items()}
    own = with_factors(own, _effects(people, who))
    days = with_takings(_food(people), takings)
    present = with_diet(own, days, 1.0)
    present = {name: np.broadcast_to(value, len(people)) for name, value in present.items()}
    start = settled(present)
    levelled = np.flatnonzero(np.isfinite(start["extracellular"]))
    if not len(levelled):
        raise SolverError("no body finds a level")
    every = Bodies(people, np.arange(len(people)), own, present, start, days)
    return every if len(levelled) == len(people) else every.some(levelled)


def _healthy(people: People, who: Sequence[Person]) -> dict[str, Any]:
    """Parameters of everybody's healthy body, with own kidneys over them; arrays (people,)."""
    middle = reference_values()
    number = len(people)
    if people.each_own_parameters:
        one = people.parameter_set
        found = posterior(number, people.seed, first=people.first) if one is None else posterior(1, first=one)
        fitted = parameters_at(found)
        sets = np.array([np.broadcast_to(fitted.get(name, value), number) for name, value in middle.items()]).T
    else:
        sets = np.tile(list(middle.values()), (number, 1))
    eaten = people.intake_mg.mean(axis=1) / MAGNESIUM_G_PER_MOL
    anchored = [
        anchors(person, habitual_intake_mmol_per_day=mmol, reference=dict(zip(middle, values, strict=True)))
        for person, mmol, values in zip(who, eaten.tolist(), sets.tolist(), strict=True)
    ]
    values = {name: np.array([one.values[name] for one in anchored]) for name in anchored[0].values}
    return {
        **solved(values),
        **{name: np.array([one.current[name] for one in anchored]) for name in anchored[0].current},
    }


def _effects(people: People, who: Sequence[Person]) -> dict[str, Any]:
    """Factors and inputs of medicines and conditions, each with its own place in its interval; arrays (people,)."""
    groups: dict[Any, list[int]] = {}
    for i, person in enumerate(who):
        groups.setdefault((person.conditions, person.medicines, person.egfr_ml_min_1_73m2 is None), []).append(i)
    found: dict[str, Any] = {}
    for places in groups.values():
        side: Modifiers = modifiers(who[places[0]])
        for name, factor in side.factors.items():
            nothing = 0.0 if name in inputs() else 1.0
            own = found.setdefault(name, np.full(len(people), nothing))
            own[places] = drawn(name, factor, people.normal(f"effect {name}")[places])
    return found


def _food(people: People) -> tuple[Day, ...]:
    """Return the days of food [mmol], amounts (people,)."""
    nothing = Sittings(HOURS, NOTHING, NOTHING)
    free, bound = people.free_mg / MAGNESIUM_G_PER_MOL, people.bound_mg / MAGNESIUM_G_PER_MOL
    return tuple(
        Day(Sittings(HOURS, tuple(free[:, day].T), NOTHING, bound[:, day]), nothing) for day in range(free.shape[1])
    )


def _doses(taking: Taking) -> list[tuple[float, float, float]]:
    """Return hour, free and bound magnesium [mmol] of each taking in a day."""
    if not taking.supplement.times:
        raise ValueError("a supplement without times is never taken")
    of_day = offers(Person(age_years=ADULT_YEARS, sex="male", supplements=(taking.supplement,)), None)[0]
    mg = MAGNESIUM_G_PER_MOL
    return [(o.hour, o.product_available_mg / mg, (o.product_mg - o.product_available_mg) / mg) for o in of_day]


def with_takings(days: Sequence[Day], takings: Sequence[Taking]) -> tuple[Day, ...]:
    """Return the days with products beside the food."""
    doses = [(taking.share, *dose) for taking in takings for dose in _doses(taking)]
    hours = tuple(sorted({*days[0].food.hours, *(hour for _, hour, _, _ in doses)}))

    def products(day: Day) -> Sittings:
        amounts: dict[float, Any] = dict.fromkeys(hours, 0.0)
        amounts |= dict(zip(day.products.hours, day.products.dissolved_mmol, strict=True))
        bound = day.products.bound_mmol
        for share, hour, free, held in doses:
            amounts[hour] = amounts[hour] + share * free
            bound = bound + share * held
        return Sittings(hours, tuple(amounts.values()), (0.0,) * len(hours), bound)

    def food(day: Day) -> Sittings:
        amounts = dict.fromkeys(hours, 0.0) | dict(zip(day.food.hours, day.food.dissolved_mmol, strict=True))
        return Sittings(hours, tuple(amounts.values()), (0.0,) * len(hours), day.food.bound_mmol)

    return tuple(Day(food(day), products(day)) for day in days)


def _taken(taking: Taking, days: int) -> list[Bolus]:
    """Return what enters the bowel, day by day; the share may differ by day."""
    share = np.asarray(taking.share, dtype=float)
    by_day = share if share.ndim > 1 else [share] * days
    found = []
    for day in range(days):
        for hour, free, bound in _doses(taking):
            found.append(Bolus(day + hour / 24, "gut_upper", by_day[day] * free))
            found.append(Bolus(day + hour / 24, "stool", by_day[day] * bound))
    return found


def _some(values: Mapping[str, Any], index: Array) -> dict[str, Any]:
    return {name: value[index] if np.ndim(value) else value for name, value in values.items()}


def days_of(days: tuple[Day, ...], index: Array) -> tuple[Day, ...]:
    """Return the days of these people."""

    def some(amount: Any) -> Any:
        return amount[index] if np.ndim(amount) else amount

    def sittings(of: Sittings) -> Sittings:
        return Sittings(of.hours, tuple(map(some, of.dissolved_mmol)), of.solid_mmol, some(of.bound_mmol))

    return tuple(Day(sittings(day.food), sittings(day.products)) for day in days)


def _space(values: Mapping[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**values)
