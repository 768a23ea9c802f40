"""The six steps that the pages advise, for one person: what each would bring, in order of that, with its source.

What a step brings is the change of usual serum magnesium at the end of the forecast, in the same bodies as the one
without it. A step that no equation covers (stress and sleep) has no number and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from magnes.advice.dose_records import DosePlan
from magnes.advice.evidence import applies
from magnes.advice.finding import Finding
from magnes.advice.foods.person_rules import limits_of
from magnes.advice.foods.records import FoodPlan
from magnes.advice.unknown import conditions_of
from magnes.body.course import Course, estimate_of
from magnes.body.size import number
from magnes.estimate import Estimate, Record, merge_sources
from magnes.fit.forecast import HOT_DAY_SWEAT_L, Named, medicines_that_matter
from magnes.fit.standing import Standing
from magnes.knowledge.indications import Indication
from magnes.knowledge.load import table
from magnes.need import LimitCheck
from magnes.person import Person
from magnes.statements import statement
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["Step", "StepCode", "steps"]

StepCode = Literal["food", "medicines", "stress", "sweat", "supplement", "measure"]
Verb = Literal["do", "ask", "keep", "not_now", "blocked", "no_number"]
# What the pages say of each step; the ledger has the verdict and the better words
STATEMENTS: dict[StepCode, tuple[str, ...]] = {
    "food": ("C3-027", "C3-028", "C3-033"),
    "medicines": ("C3-044",),
    "stress": ("C3-010", "C3-015"),
    "sweat": ("C3-014",),
    "supplement": ("C3-045",),
    "measure": ("C3-046",),
}
SALT_G = 1.0  # a pinch in a bottle of water
SALT_MG_PER_G = 5.03  # grey sea salt: 503 mg per 100 g (CIQUAL2020, statement C3-014)
FLUID_BOUND = {"dialysis", "kidney-failure", "anuria", "heart-failure"}  # may have to drink little
LOW_EGFR = 30
RISK = 0.1  # chance of low serum (0.75 mmol/L) from which measuring is advised: design choice
WORTH_NARROWING = 0.05


class Step(Record):
    """One step: whether it is for this person (``verb``), what it brings and the facts that its text needs.

    ``gain`` [mmol/L]: change of usual serum at the end of the forecast; ``None`` when no equation covers it.
    """

    code: StepCode
    verb: Verb
    gain: Estimate | None = None
    facts: dict[str, str | float] = Field(default_factory=dict)
    statements: tuple[str, ...]
    sources: tuple[str, ...]
    verified: bool = False


def steps(
    person: Person,
    standing: Standing,
    forecasts: Sequence[Named],
    foods: FoodPlan | None,
    dose: DosePlan,
    findings: Sequence[Finding],
    limit: LimitCheck,
) -> tuple[Step, ...]:
    """Put the six steps in order of what they bring this person; those without a number follow in the pages' order.

    ``forecasts`` are of the same bodies (``fit.scenarios``); there are none when the laboratory values contradict the
    model. ``foods`` is ``None`` without a diary.
    """
    unchanged = _course(forecasts, "unchanged")
    made = (
        _food(person, foods, _course(forecasts, "food"), unchanged),
        _medicines(person, forecasts, unchanged),
        _stress(),
        _sweat(person, forecasts, unchanged),
        _supplement(person, dose, forecasts, unchanged, findings, limit),
        _measure(standing),
    )
    return tuple(sorted(made, key=lambda step: -step.gain.value if step.gain else 0.0))


def _food(person: Person, foods: FoodPlan | None, course: Course | None, unchanged: Course | None) -> Step:
    if limits_of(person).blocks:
        return _step("food", "blocked")
    if foods is None:
        return _step("food", "ask", facts={"why": "no_diary"})
    if not foods.options:
        return _step("food", "keep" if foods.status == "no_gap" else "not_now", facts={"why": foods.status})
    best = foods.options[0]
    facts: dict[str, str | float] = {"gain_mg": best.gain.value, "closes": float(best.closes)}
    return _step("food", "do", _gain(course, unchanged), facts, best.gain.sources)


def _medicines(person: Person, forecasts: Sequence[Named], unchanged: Course | None) -> Step:
    """Return the medicine whose end would raise serum most: a question for the prescriber, never done alone."""
    if not forecasts:
        lowering = ", ".join(medicines_that_matter(person))
        return _step("medicines", "ask", None, {"name": lowering}) if lowering else _step("medicines", "keep")
    gains = [(_gain(named.course, unchanged), named.course.stopped) for named in forecasts if named.code == "stop"]
    raising = [(gain, names) for gain, names in gains if gain is not None and gain.value > 0]
    if not raising:
        return _step("medicines", "keep")
    gain, names = max(raising, key=lambda pair: pair[0].value)
    return _step("medicines", "ask", gain, {"name": ", ".join(names)}, gain.sources)


def _stress() -> Step:
    return _step("stress", "no_number")


def _sweat(person: Person, forecasts: Sequence[Named], unchanged: Course | None) -> Step:
    """Return what sweat takes, and what a pinch of salt gives back: next to nothing."""
    litres = (person.sport_hours_per_week or 0.0) / 7 * number("sweat_l_per_sport_hour")
    in_sweat = number("sweat_mmol_per_l") * MAGNESIUM_G_PER_MOL
    loss = _gain(_course(forecasts, "heat"), unchanged)
    facts: dict[str, str | float] = {
        "sweat_l_per_day": litres,
        "lost_mg": litres * in_sweat,
        "hot_mg": HOT_DAY_SWEAT_L * in_sweat,
        "salt_mg": SALT_MG_PER_G * SALT_G,
    }
    if loss is not None:
        facts["hot_mmol_per_l"] = loss.value
    if FLUID_BOUND & conditions_of(person) or (person.egfr_ml_min_1_73m2 or LOW_EGFR) < LOW_EGFR:
        return _step("sweat", "ask", None, facts, ("SWEAT75", "CIQUAL2020"))
    return _step("sweat", "do" if litres else "keep", None, facts, ("SWEAT75", "CIQUAL2020"))


def _supplement(
    person: Person,
    dose: DosePlan,
    forecasts: Sequence[Named],
    unchanged: Course | None,
    findings: Sequence[Finding],
    limit: LimitCheck,
) -> Step:
    """Return what the best dose brings, or why there is none; and the indications whose evidence holds."""
    holding = _holding(person, findings, limit)
    facts: dict[str, str | float] = {
        "indications_nl": ", ".join(row.name_nl for row in holding),
        "indications_en": ", ".join(row.name_en for row in holding),
    }
    if dose.gates.blocked:
        return _step("supplement", "blocked", None, facts | {"why": dose.gates.blocked[0].code})
    if not dose.options:
        return _step("supplement", "not_now", None, facts)
    best = dose.options[0]
    facts |= {"salt_nl": best.name_nl, "salt_en": best.name_en, "dose_mg": best.dose.value}
    return _step("supplement", "do", _gain(_course(forecasts, "add"), unchanged), facts, best.dose.sources)


def _holding(person: Person, findings: Sequence[Finding], limit: LimitCheck) -> list[Indication]:
    """Return indications that a condition of this person brings, and whose trials hold for them."""
    return [
        row
        for row in table(Indication)
        if set(row.applies_conditions) & conditions_of(person)
        and row.effect in ("benefit", "small-benefit", "established-use")
        and applies(row, person, findings, limit).holds in ("yes", "supervised")
    ]


def _measure(standing: Standing) -> Step:
    """Return the measurement that narrows most, advised when the chance of low serum is not small."""
    if not standing.next_measurements or not standing.chances:
        return _step("measure", "do" if standing.contradicts is not None else "ask", None, {"why": standing.basis})
    best, row = standing.next_measurements[0], standing.chances[1]
    facts: dict[str, str | float] = {"test": best.test, "narrower": best.narrower, "low": row.low, "high": row.high}
    advised = max(row.low, row.high) >= RISK and best.narrower >= WORTH_NARROWING
    return _step("measure", "do" if advised else "not_now", None, facts, row.cut_off.sources)


def _course(forecasts: Sequence[Named], code: str) -> Course | None:
    return next((named.course for named in forecasts if named.code == code), None)


def _gain(course: Course | None, unchanged: Course | None) -> Estimate | None:
    """Change of serum at the end, body by body [mmol/L]."""
    if course is None or unchanged is None or course.serum_draws is None or unchanged.serum_draws is None:
        return None
    return estimate_of(course.serum_draws[-1] - unchanged.serum_draws[-1], "mmol/L", course.sources)


def _step(
    code: StepCode,
    verb: Verb,
    gain: Estimate | None = None,
    facts: dict[str, str | float] | None = None,
    sources: Sequence[str] = (),
) -> Step:
    rows = [statement(row) for row in STATEMENTS[code]]
    return Step(
        code=code,
        verb=verb,
        gain=gain,
        facts=facts or {},
        statements=STATEMENTS[code],
        sources=merge_sources((sources, *(row.sources for row in rows))),
    )
