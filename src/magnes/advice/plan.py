"""``plan``: how a person stands, what will happen, what to change, and when to take what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from magnes.advice.check import check
from magnes.advice.dose import plan_dose
from magnes.advice.dose_records import DosePlan, Option
from magnes.advice.finding import Finding
from magnes.advice.foods import FoodPlan, plan_foods
from magnes.advice.steps import Step, steps
from magnes.advice.timetable import NoTimetable, Timetable, timetable
from magnes.advice.timetable.demands import items_of
from magnes.diary import Diary, Eaten, resolve
from magnes.fit.forecast import Named, scenarios
from magnes.fit.individual import DRAWS, Individual, individual
from magnes.fit.standing import Standing, standing
from magnes.intake import intake
from magnes.labels import Product
from magnes.need import limit
from magnes.person import Person
from magnes.products import holds_magnesium
from magnes.reference import DEFAULT_AUTHORITY

__all__ = ["PARTS", "Part", "Plan", "plan", "stops", "without_magnesium"]

Part = Literal["fit", "foods", "dose", "timetable", "forecast", "steps"]
PARTS: tuple[Part, ...] = ("fit", "foods", "dose", "timetable", "forecast", "steps")


@dataclass(frozen=True)
class Plan:
    """The answer. ``foods`` is ``None`` without a diary; ``forecasts`` are empty when no fit can be shown.

    ``timetable`` places what is taken now and the first dose of the plan; where magnesium is taken that should not be,
    it is left out, and there are no forecasts.
    """

    person: Person
    findings: tuple[Finding, ...]
    individual: Individual
    standing: Standing
    foods: FoodPlan | None
    dose: DosePlan
    forecasts: tuple[Named, ...]
    timetable: Timetable | NoTimetable
    steps: tuple[Step, ...]

    @property
    def stopped(self) -> bool:
        """Whether no dose may be shown: a gate is closed, or magnesium is taken that should not be."""
        return self.dose.stopped or stops(self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON; forecasts without their draws."""
        return {
            "standing": self.standing.model_dump(mode="json"),
            "foods": self.foods.model_dump(mode="json") if self.foods else None,
            "dose": self.dose.model_dump(mode="json"),
            "forecasts": [{"code": named.code, **named.course.as_dict()} for named in self.forecasts],
            "timetable": self.timetable.model_dump(mode="json"),
            "steps": [step.model_dump(mode="json") for step in self.steps],
        }


def plan(
    person: Person,
    eaten: Diary | Eaten | None = None,
    *,
    authority: str | None = None,
    products: Iterable[Product] = (),
    cut_off_mmol_per_l: float | None = None,
    days: float = 180,
    draws: int = DRAWS,
    seed: int = 1,
    told: Callable[[Part], None] = lambda _part: None,
    fitted: Individual | None = None,
) -> Plan:
    """Plan for a person, with or without a diary; ``told`` is called as each part begins.

    ``authority`` goes before the person's own, which goes before the default; ``products`` bring prices;
    ``cut_off_mmol_per_l``: of serum, what a dose aims at (0.75 unless given);
    ``fitted``: the bodies of this person on this diet, when they are there already. Raises
    ``InputProblems`` for what cannot be read and for a body that finds no level.
    """
    known = resolve(eaten) if isinstance(eaten, Diary) else eaten
    name = authority or person.authority or DEFAULT_AUTHORITY
    told("fit")
    fitted = fitted or individual(person, known, draws=draws, seed=seed)
    stands = standing(fitted)
    told("foods")
    foods = plan_foods(person, known, authority=name) if known else None
    told("dose")
    dose = plan_dose(
        person, known, cut_off_mmol_per_l=cut_off_mmol_per_l, authority=name, products=products, fitted=fitted
    )
    daily = intake(person, known)
    limits = limit(person, daily, name)
    findings = check(person, daily, limits)
    stop = stops(findings)
    told("timetable")
    dose, placed = _placed(without_magnesium(person) if stop else person, dose)
    added = [dose.options[0].supplement] if dose.options else []
    told("forecast")
    later = foods.options[0].eaten if foods and foods.options else None
    forecasts = (
        () if fitted.refused or stop else tuple(scenarios(fitted, known, days=days, add=added, eaten_later=later))
    )
    told("steps")
    return Plan(
        person=person,
        findings=findings,
        individual=fitted,
        standing=stands,
        foods=foods,
        dose=dose,
        forecasts=forecasts,
        timetable=placed,
        steps=steps(person, stands, forecasts, foods, dose, findings, limits),
    )


def stops(findings: Iterable[Finding]) -> bool:
    """Whether magnesium is taken that should not be."""
    return any(finding.severity == "stop" for finding in findings)


def without_magnesium(person: Person) -> Person:
    """Return the person without supplements and without medicines that hold magnesium."""
    medicines = tuple(medicine for medicine in person.medicines if not holds_magnesium(medicine))
    return person.model_copy(update={"supplements": (), "medicines": medicines})


def _placed(person: Person, dose: DosePlan) -> tuple[DosePlan, Timetable | NoTimetable]:
    """Give each option the clock times that its day has room for; one that fits nowhere is left out.

    Returns the timetable of the first option that is left, or of what is taken now.
    """
    fitting: list[Option] = []
    first: Timetable | None = None
    for option in dose.options:
        found = timetable(person, [option.supplement])
        if isinstance(found, Timetable):
            (added,) = items_of(person.model_copy(update={"supplements": (), "medicines": ()}), [option.supplement])
            place = found.items.index(added)
            times = tuple(one.time for one in found.moments for taking in one.takings if taking.item == place)
            fitting.append(option.model_copy(update={"times": times, "place": len(fitting) + 1}))
            first = first or found
    if first is not None:
        return dose.model_copy(update={"options": tuple(fitting)}), first
    if dose.options:
        dose = dose.model_copy(update={"options": (), "remarks": (*dose.remarks, "no_clock_time")})
    return dose, timetable(person)
