"""Dose plan: salt x amount x takings x duration, only what passes the gates, simulated and put in order.

First come the ways that reach the target with the smallest dose, then those that leave least in the bowel, then the
fewest takings, the mildest salt, the lowest price of what is absorbed. Every way shown was simulated by itself, with
bands, and its predicted serum magnesium stays below the bound.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from magnes.advice.dose_besides import apart, rechecks
from magnes.advice.dose_records import DosePlan, Option, Remark, Target, TargetKind
from magnes.advice.dose_ways import (
    OFFERED,
    SITTINGS,
    Case,
    Way,
    cheapest,
    curves,
    possible_ways,
    rank_of,
    way_of,
)
from magnes.advice.gates import Gate, Gates, contradiction_gate, gates, serum_gate
from magnes.advice.unknown import conditions_of
from magnes.body.course import Course, estimate_of
from magnes.diary import Diary, Eaten, resolve
from magnes.errors import InputProblems, Problem, Problems, nearest
from magnes.estimate import Estimate
from magnes.fit.data import recent
from magnes.fit.forecast import forecast, place_of_effect
from magnes.fit.individual import BOUND, Individual, individual
from magnes.fit.standing import at_normal_albumin, serum_of
from magnes.intake import intake
from magnes.knowledge.names import salts_named
from magnes.labels import Product
from magnes.need import Need, need
from magnes.person import Person, Supplement
from magnes.products import MG_PER_DAY, elemental_mg
from magnes.reference import DEFAULT_AUTHORITY
from magnes.status import lab_bound, lab_reference
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["CHANCE", "DEFAULT_DURATIONS", "closed_by_salt", "gates_with", "high_serum", "plan_dose"]

Array = NDArray[np.float64]

DEFAULT_DURATIONS = (30, 90)
CUT_OFF = "LAB01"  # low end of the usual interval: 0.75 mmol/L
FLOOR = 0.2  # chance of an aim below which a dose is not shown: it is a reason to look for the cause (design choice)
CHANCE = 0.8  # of a serum value at or above the cut-off that counts as reached (design choice)
HIGH_PERCENT = 97.5
MOST_RUNS, MOST_OPTIONS = 3, 5


def plan_dose(
    person: Person,
    eaten: Diary | Eaten | None = None,
    *,
    targets: Sequence[TargetKind] = ("intake", "serum"),
    durations: Sequence[int] = DEFAULT_DURATIONS,
    cut_off_mmol_per_l: float | None = None,
    chance: float = CHANCE,
    salts: Sequence[str] = OFFERED,
    products: Iterable[Product] = (),
    authority: str | None = None,
    draws: int = 200,
    seed: int = 1,
    fitted: Individual | None = None,
    today: dt.date | None = None,
) -> DosePlan:
    """Plan a dose of magnesium by mouth for a person, or say why not and to whom to go.

    ``targets``: the recommended intake, a serum magnesium of ``cut_off_mmol_per_l`` (0.75 unless given) with this
    ``chance``, or both; each counts only where it is not reached already. ``durations`` [day]: the shortest that
    reaches the same is taken. ``salts``: of those offered, these only. ``products`` bring prices. ``draws``: at least
    50 bodies for the bands; those of ``fitted`` when the person has been fitted already.
    A serum value older than a year before ``today`` (default: the date of this computer) counts as not measured.

    Raises ``KeyError`` for an unknown authority; ``InputProblems`` for a salt that is not offered (nothing for a vein
    is), a diary that cannot be read or a body that finds no level; ``ValueError`` for ``draws``, ``salts``,
    ``durations`` or ``chance`` outside their range.
    """
    if draws < 50 or not salts or not durations or min(durations) < 1 or not 0 < chance < 1:
        raise ValueError("draws of at least 50, a salt, durations of at least a day and a chance in (0, 1) are needed")
    _check_salts(salts)
    found = resolve(eaten) if isinstance(eaten, Diary) else eaten
    name = authority or person.authority or DEFAULT_AUTHORITY
    daily = intake(person, found)
    allowed = gates(person, daily, name)
    last = max(durations)
    plan = DosePlan(authority=name, gates=allowed, days=last, draws=len(fitted.drawn.eats) if fitted else draws)
    if allowed.blocked:
        return plan
    cut_off = _cut_off(cut_off_mmol_per_l)
    wanted, remarks = _intake_target(need(person, daily, name)) if "intake" in targets else (None, ())
    case = Case(
        person=recent(person, today or dt.date.today()),  # noqa: DTZ011 - the calendar day of this computer
        eaten=found,
        authority=name,
        gates=allowed,
        salts=tuple(salts),
        targets=(wanted,) if wanted else (),
        durations=tuple(sorted(durations)),
        cut_off=cut_off.value,
        chance=chance,
        fitted=fitted or individual(person, found, draws=draws, seed=seed),
        prices=cheapest(products, name),
    )
    contradicted = contradiction_gate(case.fitted.chance, BOUND)
    if contradicted:
        return _closed(plan, contradicted, remarks)
    return _planned(case, plan, cut_off if "serum" in targets else None, remarks)


def _check_salts(salts: Sequence[str]) -> None:
    problems = Problems()
    for salt in salts:
        if salt not in OFFERED:
            problems.add(
                "choice_unknown", field="salts", found=salt, accepted=", ".join(OFFERED), nearest=nearest(salt, OFFERED)
            )
    problems.stop()


def _planned(case: Case, plan: DosePlan, cut_off: Estimate | None, remarks: tuple[Remark, ...]) -> DosePlan:
    """Simulate the likeliest candidate, screen the others on its course, then simulate the best by themselves."""
    if cut_off is not None and case.measured is None:
        remarks = (*remarks, "serum_not_measured")
    serum, why_not = _serum_target(case, cut_off) if cut_off is not None else (None, ())
    remarks = (*remarks, *why_not)
    sought = (*case.targets, serum) if serum else case.targets
    if not sought:
        return _nothing(plan, remarks)
    ways = possible_ways(case)
    first = _first(case, ways)
    course = _predicted(case, first)
    closed = serum_gate(_high(case, _serum_draws(course)[0]))
    if closed:
        return _closed(plan, closed, remarks)
    options, gate = _options(case, sought, ways, (first, course))
    if not options and gate:
        return _closed(plan, gate, remarks)
    if not case.targets and all(option.chance is None or option.chance.value < FLOOR for option in options):
        return plan.model_copy(update={"targets": sought, "remarks": (*remarks, "too_far")})
    if not any(len(option.reached) == len(sought) for option in options):
        remarks = (*remarks, "target_not_reached")
    return plan.model_copy(
        update={
            "targets": sought,
            "options": options,
            "curves": curves(case, ways, len(options[0].times) if options else 1),
            "keep_apart": apart(case.person),
            "rechecks": rechecks(case, options, sought),
            "remarks": remarks,
            "outside": course.flags,
        }
    )


def _first(case: Case, ways: list[Way]) -> Way:
    """Return the candidate to simulate first: the best for the intake, or the one that the blood will see most of."""
    if case.targets:
        return min(ways, key=lambda way: rank_of(case, way, int(way.amount_mg >= case.targets[0].gap)))
    return max(ways, key=lambda way: (way.absorbed_mg, way.takings))


def _nothing(plan: DosePlan, remarks: tuple[Remark, ...]) -> DosePlan:
    """Return a plan without a dose; what is not known is not called enough."""
    enough: tuple[Remark, ...] = ("no_reason",) if "intake_unknown" in remarks else ("nothing_needed",)
    return plan.model_copy(update={"remarks": (*remarks, *enough)})


def _closed(plan: DosePlan, gate: Gate, remarks: tuple[Remark, ...]) -> DosePlan:
    shut = plan.gates.model_copy(update={"blocked": (gate,), "most_mg_per_day": 0.0})
    return plan.model_copy(update={"gates": shut, "remarks": remarks})


def _cut_off(given: float | None) -> Estimate:
    if given is not None:
        return Estimate.exact(given, "mmol/L", ("USER",), verified=True)
    return lab_bound("low", lab_reference(CUT_OFF))


def _intake_target(found: Need) -> tuple[Target | None, tuple[Remark, ...]]:
    """Return the recommended intake when the usual one lies below it; an AI is a mark to reach, never a requirement."""
    if found.usual is None or found.recommended is None:
        return None, ("intake_unknown",)
    if found.usual.value >= found.recommended.value:
        return None, ()
    target = Target(kind="intake", wanted=found.recommended, now=found.usual)
    return target, ("target_is_ai",) if found.recommended_kind == "AI" else ()


def _serum_target(case: Case, cut_off: Estimate) -> tuple[Target | None, tuple[Remark, ...]]:
    """Return the cut-off when serum was measured below it and is more likely than not below it at normal albumin.

    A prediction asks for a test, not a dose; in pregnancy serum lies lower in health, and no cut-off holds.
    """
    if case.measured is None or case.measured >= cut_off.value:
        return None, ()
    if "pregnancy" in conditions_of(case.person):
        return None, ("pregnant_cut_off",)
    if float(np.mean(serum_of(case.fitted.drawn) < cut_off.value)) <= 1 / 2:
        return None, ("probably_not_low",)
    now = Estimate.exact(case.measured, "mmol/L", ("USER",), verified=True)
    return Target(kind="serum", wanted=cut_off, now=now), ()


def _options(
    case: Case, sought: tuple[Target, ...], ways: list[Way], first: tuple[Way, Course]
) -> tuple[tuple[Option, ...], Gate | None]:
    """Return the best way of each salt, in order; the closed gate when a predicted serum value stops them all."""
    simulated, course = first
    draws = _serum_draws(course)
    screened, closed = [], None
    for way in ways:
        scaled = draws[0] + (draws - draws[0]) * (way.absorbed_mg / simulated.absorbed_mg)
        gate = serum_gate(_high(case, scaled))
        closed = closed or gate
        if gate is None:
            screened.append((way, len(_reached(case, sought, way.amount_mg, scaled[-1]))))
    screened.sort(key=lambda pair: rank_of(case, *pair))
    courses, found = {simulated.key: course}, dict[str, Option]()
    for way, reaches in screened:
        if len(found) == MOST_OPTIONS and all(len(option.reached) == len(sought) for option in found.values()):
            break
        same = found.get(way.salt)
        if same and rank_of(case, way_of(same), len(same.reached)) <= rank_of(case, way, reaches):
            continue
        if way.key not in courses:
            if len(courses) > MOST_RUNS:
                continue
            courses[way.key] = _predicted(case, way)
        gate = serum_gate(_high(case, _serum_draws(courses[way.key])))
        option = None if gate else _option(case, sought, way, courses[way.key])
        closed = closed or gate
        if option and (same is None or _before(case, option, same)):
            found[way.salt] = option
    best = sorted(found.values(), key=lambda option: rank_of(case, way_of(option), len(option.reached)))
    placed = (option.model_copy(update={"place": place}) for place, option in enumerate(best[:MOST_OPTIONS], start=1))
    return tuple(placed), closed


def _before(case: Case, one: Option, other: Option) -> bool:
    """Whether an option stands before another."""
    ranks = [rank_of(case, way_of(option), len(option.reached)) for option in (one, other)]
    return ranks[0] < ranks[1]


def _option(case: Case, sought: tuple[Target, ...], way: Way, course: Course) -> Option | None:
    """Return a simulated way as the plan shows it; ``None`` when the salt itself meets a stop for this person."""
    after = gates_with(case.person, case.eaten, case.authority, way.supplement)
    if closed_by_salt(after):
        return None
    draws = _serum_draws(course)
    last = _reached(case, sought, way.amount_mg, draws[-1])
    days = next(day for day in case.durations if _reached(case, sought, way.amount_mg, draws[day]) == last)
    salt = salts_named(way.salt)[0]
    absorbed = _absorbed(course, days)
    per_taking = [
        max(0.0, way.amount_mg - part) / way.takings / MAGNESIUM_G_PER_MOL
        for part in (absorbed.value, absorbed.high, absorbed.low)
    ]
    left, low, high = per_taking
    price = case.prices.get(way.salt)
    asks_serum = any(target.kind == "serum" for target in sought)
    return Option(
        place=0,
        salt=way.salt,
        name_nl=salt.name_nl,
        name_en=salt.name_en,
        times=SITTINGS[way.takings],
        per_taking_mg=way.amount_mg / way.takings,
        dose=_labelled(way),
        days=days,
        absorbed=absorbed,
        unabsorbed=Estimate(
            value=left, low=low, high=high, unit="mmol", sources=absorbed.sources, verified=absorbed.verified
        ),
        serum=_serum(course, days),
        serum_high=Estimate.exact(_high(case, draws), "mmol/L", course.sources, verified=False),
        chance=Estimate.exact(_chance(case, draws[days]), "1", course.sources, verified=False) if asks_serum else None,
        reached=last,
        settled_days=place_of_effect(course.series["serum"].value),
        laxative_risk=salt.laxative_risk,
        price=price.price_per_100_mg if price else None,
        product=price.product if price else "",
        cautions=tuple(gate for gate in after.cautions if gate not in case.gates.cautions),
    )


def _absorbed(course: Course, days: int) -> Estimate:
    """Return what is absorbed on that day more than before the dose, body by body [mg/d]."""
    if course.absorbed_draws is None:
        raise InputProblems([Problem("body_no_level")])
    more = np.maximum(course.absorbed_draws[days] - course.absorbed_draws[0], 0.0)
    return estimate_of(more, MG_PER_DAY, course.sources)


def _labelled(way: Way) -> Estimate:
    """Return the dose a day: the label, with its inaccuracy."""
    return elemental_mg(way.supplement).times(way.takings).model_copy(update={"unit": MG_PER_DAY})


def gates_with(person: Person, eaten: Eaten | None, authority: str, supplement: Supplement) -> Gates:
    """Return the gates of the person who takes this too: a salt may meet a rule of its own."""
    later = person.model_copy(update={"supplements": (*person.supplements, supplement)})
    return gates(later, intake(later, eaten), authority)


def closed_by_salt(after: Gates) -> tuple[Gate, ...]:
    """Return what closes ``gates_with`` beside the room, which the dose itself has taken."""
    return tuple(gate for gate in after.blocked if gate.code != "no_room")


def _reached(case: Case, sought: tuple[Target, ...], amount_mg: float, serum: Array) -> tuple[TargetKind, ...]:
    """Return which targets a dose reaches, ``serum`` being the drawn values of one day."""
    return tuple(target.kind for target in sought if _reaches(case, target, amount_mg, serum))


def _reaches(case: Case, target: Target, amount_mg: float, serum: Array) -> bool:
    if target.kind == "intake":
        return amount_mg >= target.gap
    return _chance(case, serum) >= case.chance


def _chance(case: Case, serum: Array) -> float:
    """Chance that serum at normal albumin reaches the cut-off: the scale of ``fit.standing``."""
    return float(np.mean(serum * at_normal_albumin(case.fitted.drawn) >= case.cut_off))


def _high(case: Case, serum: Array) -> float:
    return high_serum(serum, case.measured_spread)


def high_serum(serum: Array, spread: float) -> float:
    """Return the highest 97.5 % point of the days [mmol/L]; of several values measured the highest one counts here."""
    return float(np.max(np.percentile(serum, HIGH_PERCENT, axis=-1))) + spread


def _serum(course: Course, day: int) -> Estimate:
    """Return serum magnesium on a day with its 90 % band."""
    return estimate_of(_serum_draws(course)[day], "mmol/L", course.sources)


def _serum_draws(course: Course) -> Array:
    """Serum magnesium of the drawn bodies, (days, draws)."""
    if course.serum_draws is None:
        raise InputProblems([Problem("body_no_level")])
    return course.serum_draws


def _predicted(case: Case, way: Way) -> Course:
    """Follow the person on this dose: the one place where the body is simulated."""
    return forecast(case.fitted, case.eaten, days=case.durations[-1], add=[way.supplement])
