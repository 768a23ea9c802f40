"""A person before and after a change: parameters, diets and the path between them, for one body or many drawn ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from magnes.absorption import offers
from magnes.body import rates
from magnes.body.anchors import Anchored, anchors
from magnes.body.baseline import reference_values, solved
from magnes.body.draws import INTAKE_LOG_SD, parameters_at, people, people_at, posterior, stream
from magnes.body.effects import Modifiers, atc_of, drawn, inputs, modifiers, with_factors
from magnes.body.gut import Sittings, day_numbers
from magnes.body.model import DAILY, MEALS
from magnes.body.smooth import exp
from magnes.body.solve import Bolus, Change, SolverError, follow
from magnes.body.steady import settled
from magnes.diary import Eaten
from magnes.errors import InputProblems, Problem, Problems, nearest
from magnes.estimate import Z90, Estimate
from magnes.intake import Intake, intake
from magnes.knowledge.body_parameters import Variability
from magnes.knowledge.load import table
from magnes.person import Medicine, Person, Supplement
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["Followed", "Scenario", "Scores", "stopped"]

Array = NDArray[np.float64]
Scores = Mapping[str, Any]
RUN_IN_DAYS = 2
CROWD_RTOL = 1e-5  # a band does not show more
EFFECT_STEPS = 16  # an effect that goes away does so in steps of equal size


@dataclass(frozen=True)
class Bodies:
    """Parameters before and from day 0 on, and how much of the food is eaten; numbers, or arrays over draws."""

    before: Mapping[str, Any]
    after: tuple[Change, ...]
    eaten_times: Any = 1.0

    def some(self, index: Any) -> Bodies:
        """Return these of the drawn bodies."""
        after = tuple(Change(change.day, _some(change.parameters, index)) for change in self.after)
        return Bodies(_some(self.before, index), after, self.eaten_times[index])


@dataclass(frozen=True)
class _Uncertain:
    """What is not known of a person: parameters, differences from others (factors), how much is eaten, and effects."""

    anchored: Anchored
    differences: Mapping[str, Any]
    eats: Any
    effects: Mapping[str, Any]

    def body(self) -> dict[str, Any]:
        """Return the parameters without effects and diet."""
        own = {**solved(self.anchored.values), **self.anchored.current}
        return own | {name: own[name] * factor for name, factor in self.differences.items()}

    def side(self, own: Mapping[str, Any], side: Modifiers, diet: Sequence[Day]) -> dict[str, Any]:
        """Return the parameters with effects and diet, before or after."""
        return _with_diet(_with_effects(own, side, self.effects), diet, self.eats)


@dataclass(frozen=True)
class Followed:
    """States over days; ``first`` are the parameters that brought the body to its start, ``p`` those at the end."""

    days: Array
    states: Mapping[str, Any]
    first: Mapping[str, Any]
    p: Mapping[str, Any]
    absorbed_at_first: Any

    def some(self, index: Any) -> Followed:
        """Return the paths of these of the drawn bodies."""
        states = {name: values[:, index] for name, values in self.states.items()}
        absorbed = self.absorbed_at_first[index]
        return Followed(self.days, states, _some(self.first, index), _some(self.p, index), absorbed)


@dataclass(frozen=True)
class Scenario:
    """Who, eating what, with which medicines before and after day 0."""

    person: Person
    stopped: tuple[Medicine, ...]
    anchored: Anchored
    eats_mmol_per_day: float | None
    before: Modifiers
    after: Modifiers
    intake: Intake
    diet_before: tuple[Day, ...]
    diet_after: tuple[Day, ...]
    food_log_sd: float

    @classmethod
    def of(
        cls, person: Person, eaten: Eaten | None, *, stop: Sequence[str] = (), add: Sequence[Supplement] = ()
    ) -> Scenario:
        """Build from records; raises ``InputProblems`` for a medicine in ``stop`` that the person does not take."""
        gone = stopped(person, stop)
        later = _changed(person, gone, add)
        taken = intake(person, eaten)
        food = taken.food if eaten else None
        eats = food.value / MAGNESIUM_G_PER_MOL if food else None
        anchored = anchors(person, habitual_intake_mmol_per_day=eats)
        return cls(
            person=person,
            stopped=gone,
            anchored=anchored,
            eats_mmol_per_day=eats,
            intake=taken,
            before=modifiers(person),
            after=modifiers(later),
            diet_before=_diet(person, eaten if food else None, anchored),
            diet_after=_diet(later, eaten if food else None, anchored),
            food_log_sd=_log_sd(food) if food else INTAKE_LOG_SD,
        )

    def typical(self) -> Bodies:
        """Return the body in the middle of all draws."""
        one = _Uncertain(self.anchored, {}, 1.0, dict.fromkeys(self.effect_names, 0.0))
        own = one.body()
        first = one.side(own, self.before, self.diet_before)
        return Bodies(first, self._changes(first, one.side(own, self.after, self.diet_after)), one.eats)

    def scores(self, number: int, seed: int) -> Scores:
        """Draw standard scores of what is not known of this person; see ``at``."""
        return {
            "parameters": posterior(number, seed),
            "intake": stream(seed, "intake").standard_normal(number),
            **{f"person {name}": scores for name, scores in people(number, seed).items()},
            **{f"effect {name}": stream(seed, f"effect {name}").standard_normal(number) for name in self.effect_names},
        }

    def at(self, scores: Scores, *, typical_first: bool = False) -> Bodies:
        """Return bodies at standard scores, numbers or arrays over bodies.

        ``parameters`` (parameters, bodies) of the model; ``intake``; ``person NAME`` for what differs between people;
        ``effect NAME`` for medicines and conditions. ``typical_first`` puts the typical body before them.
        """
        one = self._uncertain(scores, typical_first=typical_first)
        own = one.body()
        first = one.side(own, self.before, self.diet_before)
        last = one.side(own, self.after, self.diet_after)
        return Bodies(first, self._changes(first, last), one.eats)

    def before_at(self, scores: Scores) -> dict[str, Any]:
        """Return parameters before day 0 at standard scores."""
        one = self._uncertain(scores, typical_first=False)
        return one.side(one.body(), self.before, self.diet_before)

    def _uncertain(self, scores: Scores, *, typical_first: bool) -> _Uncertain:
        fitted = parameters_at(scores["parameters"])
        differences = people_at({name: scores[f"person {name}"] for name in _varied()})
        eats = exp(self.food_log_sd * scores["intake"])
        effects = {name: scores[f"effect {name}"] for name in self.effect_names}
        middle = reference_values()
        if typical_first:
            fitted = _behind(middle, fitted)
            differences = _behind(dict.fromkeys(differences, 1.0), differences)
            eats = np.concatenate(([1.0], eats))
            effects = _behind(dict.fromkeys(effects, 0.0), effects)
        anchored = anchors(self.person, habitual_intake_mmol_per_day=self.eats_mmol_per_day, reference=middle | fitted)
        return _Uncertain(anchored, differences, eats, effects)

    def follow(self, days: Array, mode: Literal["daily", "meals"], scores: Scores) -> tuple[Followed, Followed | None]:
        """Follow the typical body and those at ``scores``; drawn bodies that find no level are left out.

        Raises ``InputProblems`` when the typical body finds no level on this diet with these losses.
        """
        bodies = self.at(scores, typical_first=True)
        try:
            every = self._follow(bodies, days, mode)
        except SolverError:
            typical = self.follow_typical(days, mode)
            kept = [i for i in range(1, len(scores["intake"]) + 1) if _finds_a_level(bodies.some(i))]
            return typical, self._follow(bodies.some(kept), days, mode) if kept else None
        return every.some(0), every.some(slice(1, None))

    def follow_typical(self, days: Array, mode: Literal["daily", "meals"]) -> Followed:
        """Follow the typical body. Raises ``InputProblems`` when it finds no level on this diet with these losses."""
        try:
            return self._follow(self.typical(), days, mode)
        except (SolverError, ValueError) as error:
            raise InputProblems([Problem("body_no_level")]) from error

    def _follow(self, bodies: Bodies, days: Array, mode: Literal["daily", "meals"]) -> Followed:
        """Solve from the steady state; in ``meals`` mode the days of the diary come round in turn."""
        start = settled(bodies.before)
        used, when = DAILY, days
        boluses: tuple[Bolus, ...] = ()
        if mode == "meals":  # two days before, so that the bowel holds what it holds in the morning
            used, when = MEALS, np.concatenate(([float(-RUN_IN_DAYS)], days))
            boluses = (
                *_boluses(self.diet_before, -RUN_IN_DAYS, 0, bodies.eaten_times),
                *_boluses(self.diet_after, 0, days[-1], bodies.eaten_times),
            )
        every = follow(used, bodies.before, start, when, boluses=boluses, changes=bodies.after, crowd_rtol=CROWD_RTOL)
        found = every[len(when) - len(days) :]
        absorbed = rates.absorbed_in_a_day(SimpleNamespace(**start), SimpleNamespace(**bodies.before))
        states = {name: found[:, i] for i, name in enumerate(used.names)}
        return Followed(days, states, bodies.before, bodies.after[-1].parameters, absorbed)

    @property
    def effect_names(self) -> tuple[str, ...]:
        """Parameters that medicines or conditions change, before or after."""
        return tuple(sorted({*self.before.factors, *self.after.factors}))

    def _changes(self, first: Mapping[str, Any], last: Mapping[str, Any]) -> tuple[Change, ...]:
        """Return the parameters from day 0 on; effects that go away slowly do so in steps."""
        tails = self._tails()
        edges = sorted({0.0, *(day for tail_days in tails.values() for day in _edges(tail_days))})
        changes = []
        for day in edges:
            p = dict(last)
            for name, tail_days in tails.items():
                left = _left(day, tail_days)
                if left:
                    p[name] = _between(name, first[name], last[name], left)
            changes.append(Change(day, p))
        return tuple(changes)

    def _tails(self) -> dict[str, float]:
        """Factors that change on day 0 and do not change at once: name -> time constant [day]."""
        found = {}
        for name in self.effect_names:
            stays = self.before.factors.get(name) == self.after.factors.get(name)
            days = max(self.before.tail_days(name), self.after.tail_days(name))
            if not stays and days > 0:
                found[name] = days
        return found


def _edges(tail_days: float) -> list[float]:
    """Days on which the next step of a fading effect begins; on the last it is gone."""
    steps = [-tail_days * math.log(1 - step / EFFECT_STEPS) for step in range(EFFECT_STEPS)]
    return [*steps, steps[-1] + 2 * tail_days]


def _left(day: float, tail_days: float) -> float:
    """Share of an effect in the step that a day begins or lies in: the middle of the step, so that the sum is right."""
    step = math.floor(EFFECT_STEPS * (1 - math.exp(-day / tail_days)) + 1e-9)
    return 1 - (step + 0.5) / EFFECT_STEPS if day < _edges(tail_days)[-1] - 1e-9 else 0.0


def stopped(person: Person, stop: Sequence[str]) -> tuple[Medicine, ...]:
    """Medicines that end, named as the person does, in the other language or by ATC code.

    Raises ``InputProblems`` with every name that the person does not take.
    """
    problems, found = Problems("--stop"), []
    for name in stop:
        code = atc_of(name)
        ends = [row for row in person.medicines if row.name.casefold() == name.casefold() or (code and row.atc == code)]
        if not ends:
            known = [medicine.name for medicine in person.medicines]
            problems.add("medicine_not_taken", found=name, accepted=", ".join(known), nearest=nearest(name, known))
        found += ends
    problems.stop()
    return tuple(found)


def _changed(person: Person, gone: Sequence[Medicine], add: Sequence[Supplement]) -> Person:
    """Return the person from day 0 on."""
    kept = tuple(medicine for medicine in person.medicines if medicine not in gone)
    return person.model_copy(update={"medicines": kept, "supplements": (*person.supplements, *add)})


@dataclass(frozen=True)
class Day:
    """A day of sittings, food and products apart: what is written of food is less certain than what a label says."""

    food: Sittings
    products: Sittings

    def with_food(self, eats: Any) -> Sittings:
        """Return the day with another amount of food."""
        food = self.food.times(eats)
        dissolved = tuple(a + b for a, b in zip(food.dissolved_mmol, self.products.dissolved_mmol, strict=True))
        return Sittings(food.hours, dissolved, food.solid_mmol, food.bound_mmol + self.products.bound_mmol)


def _diet(person: Person, eaten: Eaten | None, anchored: Anchored) -> tuple[Day, ...]:
    """Days of sittings; without a diary the reference meals stand in for food."""
    days = []
    for offers_of_day in offers(person, eaten):
        rows = [(offer.hour, offer.food_available_mg, offer.product_available_mg) for offer in offers_of_day]
        mmol = [(hour, food / MAGNESIUM_G_PER_MOL, product / MAGNESIUM_G_PER_MOL) for hour, food, product in rows]
        if eaten is None:
            meals = Sittings.meals(anchored.values["reference_intake_mmol_per_day"])
            mmol += [(hour, food, 0.0) for hour, food in zip(meals.hours, meals.dissolved_mmol, strict=True)]
        mmol.sort()
        hours, solid = tuple(row[0] for row in mmol), (0.0,) * len(mmol)
        bound = [sum(o.food_mg - o.food_available_mg for o in offers_of_day)]
        bound.append(sum(o.product_mg - o.product_available_mg for o in offers_of_day))
        food, products = (
            Sittings(hours, tuple(row[kind] for row in mmol), solid, bound[kind - 1] / MAGNESIUM_G_PER_MOL)
            for kind in (1, 2)
        )
        days.append(Day(food, products))
    return tuple(days)


def _log_sd(estimate: Estimate) -> float:
    """Width of an interval on the log scale, as a standard deviation."""
    if estimate.low <= 0 or estimate.value <= 0:
        return 0.0
    return float(np.log(estimate.high / estimate.low) / (2 * Z90))


def _with_effects(p: Mapping[str, Any], side: Modifiers, draw: Mapping[str, Any]) -> dict[str, Any]:
    """Put medicines and conditions on the flows: factors multiply, inputs add."""
    factors = {name: drawn(name, row, draw[name]) if name in draw else row.value for name, row in side.factors.items()}
    return with_factors(p, factors)


def _behind(first: Mapping[str, float], draws: Mapping[str, Array]) -> dict[str, Array]:
    """Put the value of the typical body before the draws."""
    return {name: np.concatenate(([first[name]], values)) for name, values in draws.items()}


def _varied() -> list[str]:
    return [row.name for row in table(Variability)]


def _finds_a_level(body: Bodies) -> bool:
    """Whether one body has a steady state: what leaves it does not exceed what it can absorb."""
    try:
        settled(body.before)
    except (SolverError, ValueError):
        return False
    return True


def _some(p: Mapping[str, Any], index: Any) -> dict[str, Any]:
    return {name: value[index] if np.ndim(value) else value for name, value in p.items()}


def _with_diet(p: Mapping[str, Any], diet: Sequence[Day], eats: Any) -> dict[str, Any]:
    return {**p, **day_numbers([day.with_food(eats) for day in diet], p)}


def _between(name: str, before: Any, after: Any, left: float) -> Any:
    """Share ``left`` of the way from after back to before; factors on the log scale."""
    if name in inputs():
        return after + (before - after) * left
    return np.exp(np.log(after) + (np.log(before) - np.log(after)) * left)


def _boluses(diet: Sequence[Day], begin: int, until: float, eats: Any) -> tuple[Bolus, ...]:
    """Sittings as amounts that enter the bowel; what is bound goes with the stool."""
    found = []
    for day in range(begin, math.ceil(until)):
        sittings = diet[day % len(diet)].with_food(eats)
        for hour, free in zip(sittings.hours, sittings.dissolved_mmol, strict=True):
            found.append(Bolus(day + hour / 24, "gut_upper", free))
        found.append(Bolus(day + sittings.hours[0] / 24 if sittings.hours else day, "stool", sittings.bound_mmol))
    return tuple(found)
