"""A person before and after a change: parameters, diets and the path between them, for one body or many drawn ones."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from magnes.body import rates
from magnes.body.anchors import Anchored, anchors
from magnes.body.baseline import reference_values, solved
from magnes.body.diet import DAY_NUMBERS, OF_THE_BOWEL, Day, diet, with_diet
from magnes.body.diet import boluses as diet_boluses
from magnes.body.draws import INTAKE_LOG_SD, parameters_at, people, people_at, posterior, stream
from magnes.body.effects import Modifiers, atc_of, drawn, inputs, modifiers, with_factors
from magnes.body.model import DAILY, MEALS
from magnes.body.size import number
from magnes.body.smooth import exp
from magnes.body.solve import Bolus, Change, SolverError, follow
from magnes.body.steady import settled
from magnes.diary import Eaten
from magnes.errors import InputProblems, Problem, Problems, nearest
from magnes.estimate import Z90, Estimate
from magnes.intake import Intake, intake
from magnes.knowledge.body_parameters import Variability
from magnes.knowledge.load import table
from magnes.knowledge.names import lab_test
from magnes.person import Medicine, Person, Supplement
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["ALBUMIN", "Drawn", "Followed", "Scenario", "Scores", "stopped"]

Array = NDArray[np.float64]
Scores = Mapping[str, Any]
ALBUMIN = "serum-albumin"
RUN_IN_DAYS = 2
CROWD_RTOL = 1e-5  # a band does not show more
EFFECT_STEPS = 16  # an effect that goes away does so in steps of equal size


@dataclass(frozen=True)
class Drawn:
    """Bodies that a person may have, one or many: before effects and diet (``own``), with them, and at rest with them.

    ``eats``: how much of the food of ``days``; ``effects``: standard scores of the factors of medicines and conditions.
    """

    own: Mapping[str, Any]
    eats: Any
    effects: Mapping[str, Any]
    days: tuple[Day, ...]
    before: Mapping[str, Any]
    start: Mapping[str, Any]

    def side(self, modifiers: Modifiers, days: tuple[Day, ...]) -> dict[str, Any]:
        """Return the parameters with other effects and another diet."""
        p = _with_effects(self.own, modifiers, self.effects)
        if days == self.days and all(np.array_equal(p[name], self.before[name]) for name in OF_THE_BOWEL):
            return {**p, **{name: self.before[name] for name in DAY_NUMBERS}}  # the same day in the same bowel
        return with_diet(p, days, self.eats)

    def some(self, index: Any) -> Drawn:
        """Return these of the bodies."""
        return Drawn(
            _some(self.own, index),
            self.eats[index],
            _some(self.effects, index),
            self.days,
            _some(self.before, index),
            _some(self.start, index),
        )


@dataclass(frozen=True)
class Followed:
    """States over days; ``first`` are the parameters that brought the body to its start, ``p`` those at the end."""

    days: Array
    states: Mapping[str, Any]
    first: Mapping[str, Any]
    p: Mapping[str, Any]
    absorbed_at_first: Any


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
    more_sweat_mmol_per_day: float = 0.0

    @classmethod
    def of(
        cls,
        person: Person,
        eaten: Eaten | None,
        *,
        stop: Sequence[str] = (),
        add: Sequence[Supplement] = (),
        sweat_l_per_day: float = 0.0,
        eaten_later: Eaten | None = None,
    ) -> Scenario:
        """Build from records; ``eaten_later``: another diary from day 0 on.

        Raises ``InputProblems`` for a medicine in ``stop`` that the person does not take.
        """
        gone = stopped(person, stop)
        later = _changed(person, gone, add)
        taken = intake(person, eaten)
        food = taken.food if eaten else None
        eats = food.value / MAGNESIUM_G_PER_MOL if food else None
        anchored = anchors(person, habitual_intake_mmol_per_day=eats, albumin_g_per_l=_albumin_g_per_l(person))
        return cls(
            person=person,
            stopped=gone,
            anchored=anchored,
            eats_mmol_per_day=eats,
            intake=taken,
            before=modifiers(person),
            after=modifiers(later),
            diet_before=diet(person, eaten if food else None, anchored),
            diet_after=diet(later, (eaten_later or eaten) if food else None, anchored),
            food_log_sd=_log_sd(food) if food else INTAKE_LOG_SD,
            more_sweat_mmol_per_day=sweat_l_per_day * number("sweat_mmol_per_l"),
        )

    def scores(self, number: int, seed: int) -> Scores:
        """Draw standard scores of what is not known of this person; see ``draw``."""
        return {
            "parameters": posterior(number, seed),
            "intake": stream(seed, "intake").standard_normal(number),
            **{f"person {name}": scores for name, scores in people(number, seed).items()},
            **{f"effect {name}": stream(seed, f"effect {name}").standard_normal(number) for name in self.effect_names},
        }

    def typical(self) -> Drawn:
        """Return the body in the middle. Raises ``InputProblems`` when it finds no level on this diet."""
        own = {**solved(self.anchored.values), **self.anchored.current}
        try:
            return self._drawn(own, 1.0, dict.fromkeys(self.effect_names, 0.0))
        except (SolverError, ValueError) as error:
            raise InputProblems([Problem("body_no_level")]) from error

    def draw(self, scores: Scores, *, typical_first: bool = False) -> Drawn:
        """Return bodies at standard scores, numbers or arrays over bodies; ``typical_first``: one more, before them.

        ``parameters`` (parameters, bodies) of the model; ``intake``; ``person NAME`` for what differs between people;
        ``effect NAME`` for medicines and conditions. Bodies that find no level start at not a number.
        """
        return self._drawn(*self.uncertain(scores, typical_first=typical_first))

    def levelled(self, scores: Scores) -> tuple[Drawn, Drawn | None]:
        """Return the typical body and those at ``scores`` that find a level; the others are left out."""
        every = self.draw(scores, typical_first=True)
        levels = np.isfinite(every.start["extracellular"])
        kept = np.flatnonzero(levels[1:]) + 1
        return every.some(0) if levels[0] else self.typical(), every.some(kept) if len(kept) else None

    def uncertain(self, scores: Scores, *, typical_first: bool = False) -> tuple[dict[str, Any], Any, dict[str, Any]]:
        """Return bodies at standard scores before effects and diet, how much they eat, and scores of their effects."""
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
        anchored = anchors(
            self.person,
            habitual_intake_mmol_per_day=self.eats_mmol_per_day,
            albumin_g_per_l=_albumin_g_per_l(self.person),
            reference=middle | fitted,
        )
        own = {**solved(anchored.values), **anchored.current}
        return own | {name: own[name] * factor for name, factor in differences.items()}, eats, effects

    def present(self, own: Mapping[str, Any], eats: Any, effects: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of bodies with their present medicines, conditions and diet."""
        return with_diet(_with_effects(own, self.before, effects), self.diet_before, eats)

    def follow(self, drawn: Drawn, days: Array, mode: Literal["daily", "meals"] = "daily") -> Followed:
        """Follow bodies from their steady state; in ``meals`` mode the days of the diary come round in turn."""
        changes = self.changes(drawn)
        used, when = DAILY, days
        boluses: tuple[Bolus, ...] = ()
        if mode == "meals":  # two days before, so that the bowel holds what it holds in the morning
            used, when = MEALS, np.concatenate(([float(-RUN_IN_DAYS)], days))
            boluses = (
                *diet_boluses(self.diet_before, -RUN_IN_DAYS, 0, drawn.eats),
                *diet_boluses(self.diet_after, 0, days[-1], drawn.eats),
            )
        every = follow(used, drawn.before, drawn.start, when, boluses=boluses, changes=changes, crowd_rtol=CROWD_RTOL)
        found = every[len(when) - len(days) :]
        absorbed = rates.absorbed_in_a_day(SimpleNamespace(**drawn.start), SimpleNamespace(**drawn.before))
        states = {name: found[:, i] for i, name in enumerate(used.names)}
        return Followed(days, states, drawn.before, changes[-1].parameters, absorbed)

    @property
    def effect_names(self) -> tuple[str, ...]:
        """Parameters that medicines or conditions change, before or after."""
        return tuple(sorted({*self.before.factors, *self.after.factors}))

    def changes(self, drawn: Drawn) -> tuple[Change, ...]:
        """Return the parameters from day 0 on; effects that go away slowly do so in steps."""
        first, last = drawn.before, drawn.side(self.after, self.diet_after)
        last["sweat_mmol_per_day"] = last["sweat_mmol_per_day"] + self.more_sweat_mmol_per_day
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

    def _drawn(self, own: Mapping[str, Any], eats: Any, effects: Mapping[str, Any]) -> Drawn:
        before = self.present(own, eats, effects)
        return Drawn(own, eats, effects, self.diet_before, before, settled(before))

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


def _albumin_g_per_l(person: Person) -> float | None:
    """Return the newest albumin; ``None`` when there is none."""
    found = [result for result in person.labs if result.test == ALBUMIN]
    newest = max(found, key=lambda result: result.date or dt.date.max, default=None)
    return None if newest is None else lab_test(ALBUMIN).in_unit(newest.value, newest.unit)


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


def _some(p: Mapping[str, Any], index: Any) -> dict[str, Any]:
    return {name: value[index] if np.ndim(value) else value for name, value in p.items()}


def _between(name: str, before: Any, after: Any, left: float) -> Any:
    """Share ``left`` of the way from after back to before; factors on the log scale."""
    if name in inputs():
        return after + (before - after) * left
    return np.exp(np.log(after) + (np.log(before) - np.log(after)) * left)
