"""``what_if``: a change that somebody tries on the bodies of a plan. A dose passes every gate of a dose plan first.

The gates judge the person as now, with all medicines: that one may stop opens none of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from magnes.advice.check import check
from magnes.advice.chosen import Chosen
from magnes.advice.dose import closed_by_salt, gates_with, high_serum
from magnes.advice.dose_ways import OFFERED, SITTINGS, spread_of_serum
from magnes.advice.finding import Finding
from magnes.advice.gates import LEAST_DOSE_MG, Gate, contradiction_gate, serum_gate
from magnes.advice.plan import Plan, stops
from magnes.diary import Eaten
from magnes.errors import Problems, nearest
from magnes.fit.data import recent
from magnes.fit.forecast import Named, forecast
from magnes.fit.individual import BOUND, Individual
from magnes.intake import intake
from magnes.need import limit
from magnes.person import Supplement

__all__ = ["QUICK_DRAWS", "WhatIf", "what_if"]

QUICK_DRAWS = 100  # bodies: enough for a band that follows a slider
DAYS = (0.0, 1.0, 2.0, 4.0, 7.0, 14.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0)


@dataclass(frozen=True)
class WhatIf:
    """``courses``: as it is and as it would be; none when ``blocked`` or ``stopped`` say why. ``cautions``: beside."""

    blocked: tuple[Gate, ...] = ()
    stopped: tuple[Finding, ...] = ()
    cautions: tuple[Finding, ...] = ()
    courses: tuple[Named, ...] = ()


def what_if(
    plan: Plan,
    eaten: Eaten | None,
    chosen: Chosen,
    *,
    unchanged: Named | None = None,
    today: dt.date | None = None,
) -> WhatIf:
    """Try a change on the bodies of a plan made of the same diary, or say why not and to whom to go.

    ``unchanged``: the first course of an earlier answer of this plan, which need not be worked out again. Raises
    ``InputProblems`` for a dose beyond what the gates leave, and for a salt, number of takings, change of food or
    medicine that this plan does not have.
    """
    _known(plan, chosen)
    contradicted = contradiction_gate(plan.individual.chance, BOUND)
    if stops(plan.findings):
        return WhatIf(stopped=tuple(one for one in plan.findings if one.severity == "stop"))
    if contradicted:
        return WhatIf(blocked=(contradicted,))
    if not chosen.dose_mg:
        return WhatIf(courses=_courses(plan, eaten, chosen, unchanged))
    if plan.dose.gates.blocked:
        return WhatIf(blocked=plan.dose.gates.blocked)
    _bounded(plan, chosen)
    person, authority = plan.person, plan.dose.authority
    closed = closed_by_salt(gates_with(person, eaten, authority, _supplement(chosen)))
    if closed:
        return WhatIf(blocked=closed)
    later = person.model_copy(update={"supplements": (*person.supplements, _supplement(chosen))})
    daily = intake(later, eaten)
    findings = check(later, daily, limit(later, daily, authority))
    if stops(findings):
        return WhatIf(stopped=tuple(one for one in findings if one.severity == "stop"))
    courses = _courses(plan, eaten, chosen, unchanged)
    serum = courses[-1].course.serum_draws
    today = today or dt.date.today()  # noqa: DTZ011 - the calendar day of this computer
    gate = None if serum is None else serum_gate(high_serum(serum, spread_of_serum(recent(person, today))))
    if gate or serum is None:
        return WhatIf(blocked=(gate,) if gate else ())
    return WhatIf(cautions=tuple(one for one in findings if one.severity == "major"), courses=courses)


def _known(plan: Plan, chosen: Chosen) -> None:
    """Refuse what is not among the choices of this plan."""
    problems = Problems()
    offered = len(plan.foods.options) if plan.foods else 0
    if chosen.salt not in OFFERED:
        accepted, near = ", ".join(OFFERED), nearest(chosen.salt, OFFERED)
        problems.add("choice_unknown", field="salt", found=chosen.salt, accepted=accepted, nearest=near)
    if chosen.takings not in SITTINGS:
        accepted = ", ".join(map(str, SITTINGS))
        problems.add("choice_unknown", field="takings", found=chosen.takings, accepted=accepted)
    if not 0 <= chosen.food <= offered:
        problems.add("number_range", field="food", found=chosen.food, accepted=f"0 … {offered}")
    problems.stop()


def _bounded(plan: Plan, chosen: Chosen) -> None:
    """Refuse a dose beyond what the gates leave, or in fewer takings than the limit wants."""
    problems, gates = Problems(), plan.dose.gates
    if not LEAST_DOSE_MG <= chosen.dose_mg <= gates.most_mg_per_day:
        accepted = f"0; {LEAST_DOSE_MG:g} … {gates.most_mg_per_day:g}"
        problems.add("number_range", field="dose_mg", found=f"{chosen.dose_mg:g}", accepted=accepted)
    if chosen.takings < gates.fewest_takings:
        accepted = f"{gates.fewest_takings} … {max(SITTINGS)}"
        problems.add("number_range", field="takings", found=chosen.takings, accepted=accepted)
    problems.stop()


def _courses(plan: Plan, eaten: Eaten | None, chosen: Chosen, unchanged: Named | None) -> tuple[Named, ...]:
    """Follow fewer bodies on fewer days: a slider waits for this."""
    few = _few(plan.individual)
    unchanged = unchanged or Named("unchanged", forecast(few, eaten, on=DAYS))
    if not chosen.anything:
        return (unchanged,)
    options = plan.foods.options if plan.foods else ()
    later = options[chosen.food - 1].eaten if chosen.food else None
    add = [_supplement(chosen)] if chosen.dose_mg else []
    course = forecast(few, eaten, on=DAYS, stop=chosen.stop, add=add, eaten_later=later)
    return unchanged, Named("together", course, food=later is not None)


def _supplement(chosen: Chosen) -> Supplement:
    """Return the dose as a supplement at meals."""
    per_taking_mg = chosen.dose_mg / chosen.takings
    return Supplement(salt=chosen.salt, elemental_mg=per_taking_mg, times=SITTINGS[chosen.takings])


def _few(found: Individual) -> Individual:
    return replace(found, drawn=found.drawn.some(np.arange(min(QUICK_DRAWS, len(found.drawn.eats)))))
