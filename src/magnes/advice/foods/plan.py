"""``plan_foods``: the gap of a person, and the smallest different ways to close it with food."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from magnes.absorption import absorb
from magnes.advice.foods.candidates import Candidates, Step, candidates, measure_names
from magnes.advice.foods.change import changed
from magnes.advice.foods.person_rules import limits_of
from magnes.advice.foods.programme import Bounds, Solution, solve
from magnes.advice.foods.records import FoodMove, FoodOption, FoodPlan, PlanStatus
from magnes.advice.unknown import interactions_of
from magnes.diary import Eaten, EatenItem
from magnes.estimate import Estimate, merge_sources
from magnes.intake import Intake, intake
from magnes.kitchen import item_magnesium
from magnes.knowledge.foods import source_of
from magnes.need import Need, need
from magnes.person import Person
from magnes.products import MG_PER_DAY
from magnes.reference import DEFAULT_AUTHORITY, check_authority

__all__ = ["plan_foods"]

ENERGY_KCAL = (-100.0, 150.0)  # change a day; design choice
MOST_CHANGES = 4
CLOSED_MG = 0.5  # what rounding may leave
DESIGN = "MAGNES-DESIGN"


def plan_foods(
    person: Person,
    eaten: Eaten,
    *,
    authority: str | None = None,
    number: int = 5,
    energy_kcal: tuple[float, float] = ENERGY_KCAL,
    most_changes: int = MOST_CHANGES,
    prices: Mapping[str, float] | None = None,
) -> FoodPlan:
    """Plan the smallest acceptable changes of this diary that close the gap to the recommended value.

    ``authority`` goes before the person's own, which goes before the default. ``energy_kcal``: lowest and highest
    change of energy [kcal/d], around 0. ``prices`` [euro/kg] by id of an everyday food, water or food code; without
    one a cost is not known and does not count. Usual intake counts food, supplements and medicines. The same input
    gives the same plan.

    Raises ``InputProblems`` for an unknown authority, diet or allergy; ``ValueError`` when 0 is no allowed change of
    energy, or for fewer than one alternative or change.
    """
    name = authority or person.authority or DEFAULT_AUTHORITY
    check_authority(name)
    if not energy_kcal[0] <= 0 <= energy_kcal[1] or min(number, most_changes) < 1:
        raise ValueError("energy_kcal must hold 0, number and most_changes must be at least 1")
    limits = limits_of(person)
    daily = intake(person, eaten)
    now = need(person, daily, name)
    target = now.recommended or now.ear
    plan = FoodPlan(
        status="planned",
        authority=name,
        target_kind=now.recommended_kind or ("EAR" if now.ear else ""),
        target=target,
        usual=now.usual,
        absorbed=absorb(person, eaten).per_day,
        contributions=daily.contributions,
        blocks=limits.blocks,
        left_out=limits.left_out,
        energy_low_kcal=energy_kcal[0],
        energy_high_kcal=energy_kcal[1],
    )
    if limits.blocks:
        return _as(plan, "blocked")
    if target is None:
        return _as(plan, "no_reference_value")
    if now.usual is None:
        return _as(plan, "no_complete_day")
    gap = _gap(target, now.usual)
    plan = plan.model_copy(update={"gap": gap, "notes": _notes(person, daily, now)})
    if gap.value <= CLOSED_MG:
        return _as(plan, "no_gap")
    found = candidates(person, eaten, limits, prices or {})
    solutions = _alternatives(found, Bounds(gap.value, *energy_kcal, most_changes), number)
    options = tuple(_option(person, eaten, found, solution, plan) for solution in solutions)
    status: PlanStatus = "nothing_fits" if not options else "planned" if options[0].closes else "partial"
    return plan.model_copy(update={"status": status, "options": options})


def _as(plan: FoodPlan, status: PlanStatus) -> FoodPlan:
    return plan.model_copy(update={"status": status})


def _gap(target: Estimate, usual: Estimate) -> Estimate:
    """Target less usual intake; below 0 when it is met."""
    return Estimate(
        value=target.value - usual.value,
        low=target.low - usual.high,
        high=target.high - usual.low,
        unit=MG_PER_DAY,
        sources=merge_sources((target.sources, usual.sources)),
        verified=target.verified and usual.verified,
    )


def _notes(person: Person, daily: Intake, now: Need) -> tuple[str, ...]:
    """Return what a reader must know with the plan."""
    notes = []
    if now.recommended_kind == "AI":
        notes.append("target_is_ai")
    if daily.at_least:
        notes.append("products_not_known")
    if any(
        row.direction != "none" for medicine in person.medicines for row in interactions_of(medicine.atc, medicine.name)
    ):
        notes.append("water_away_from_medicines")
    return tuple(notes)


def _alternatives(found: Candidates, bounds: Bounds, number: int) -> list[Solution]:
    """Return the best solution, then each best one that differs from all before in at least half of its moves.

    Other kinds of moves first; another food of the same kind where those are worn out or close less of the gap.
    """
    made: list[Solution] = []
    other_kinds = True
    while len(made) < number:
        other = solve(found, bounds, made) if other_kinds else None
        if other is None or (made and other.missing_mg > made[0].missing_mg + CLOSED_MG):
            other_kinds = False  # every further cut leaves less
            same = solve(found, bounds, made, by_family=False)
            both = [solution for solution in (other, same) if solution]
            if not both:
                break
            other = min(both, key=lambda solution: solution.missing_mg)
        made.append(other)
    return made


def _option(person: Person, eaten: Eaten, found: Candidates, solution: Solution, plan: FoodPlan) -> FoodOption:
    moves = [(found.steps[place], solution.steps[place]) for place in solution.used]
    after = changed(eaten, moves)
    daily = intake(person, after)
    usual = need(person, daily, plan.authority).usual
    if usual is None or plan.usual is None or plan.target is None:
        raise ValueError("an option needs a complete day and a target")
    remaining = _gap(plan.target, usual)
    zero = {"value": max(0.0, remaining.value), "low": max(0.0, remaining.low), "high": max(0.0, remaining.high)}
    costs = [step.cost_euro * count for step, count in moves if step.cost_euro is not None]
    told = tuple(_move(step, count) for step, count in moves)
    return FoodOption(
        moves=told,
        usual=usual,
        gain=_gain(moves),
        remaining=remaining.model_copy(update=zero),
        closes=remaining.value <= CLOSED_MG,
        absorbed=absorb(person, after).per_day,
        energy=_energy(told),
        cost_euro=sum(costs) if costs else None,
        contributions=daily.contributions,
        eaten=after,
    )


def _gain(moves: Sequence[tuple[Step, int]]) -> Estimate:
    """Magnesium that the moves bring: new foods less old ones, errors of different foods independent."""
    ins = [item_magnesium(step.new)[0].times(count) for step, count in moves]
    outs = [
        Estimate.same_error((item_magnesium(item)[0] for item in step.old.items), MG_PER_DAY).times(
            step.grams_out * count / sum(item.portion.grams for item in step.old.items)
        )
        for step, count in moves
        if step.old
    ]
    value = sum(part.value for part in ins) - sum(part.value for part in outs)
    down = math.hypot(*(part.value - part.low for part in ins), *(part.high - part.value for part in outs))
    up = math.hypot(*(part.high - part.value for part in ins), *(part.value - part.low for part in outs))
    return Estimate(
        value=value,
        low=value - down,
        high=value + up,
        unit=MG_PER_DAY,
        sources=merge_sources(part.sources for part in (*ins, *outs)),
        verified=all(part.verified for part in (*ins, *outs)),
    )


def _energy(moves: Sequence[FoodMove]) -> Estimate:
    """Return the change of energy of all moves together."""
    parts = [move.energy for move in moves]
    sources = merge_sources(part.sources for part in parts)
    verified = all(part.verified for part in parts)
    return Estimate.exact(sum(part.value for part in parts), "kcal/d", sources, verified=verified)


def _move(step: Step, count: int) -> FoodMove:
    measure_nl, measure_en = measure_names(step.choice)
    new, old = step.new, step.old
    codes = [new.food.code, *([old.key[0]] if old else [])]
    sources = merge_sources([(_source(code),) for code in codes])
    portion = new.portion
    return FoodMove(
        kind="swap" if old else "add",
        rule=step.id.partition("/")[0],
        choice=step.choice.id,
        from_code=old.key[0] if old else "",
        from_nl=_named(old.items[0], "nl") if old else "",
        from_en=_named(old.items[0], "en") if old else "",
        to_code=new.food.code,
        to_nl=_named(new, "nl"),
        to_en=_named(new, "en"),
        portions=step.portions * count * step.choice.amount,
        measure_nl=measure_nl,
        measure_en=measure_en,
        grams_out=Estimate.exact(step.grams_out * count, "g/d", ("USER",), verified=True),
        grams_in=Estimate.exact(
            step.grams_in * count, "g/d", (DESIGN, *filter(None, (portion.source,))), verified=False
        ),
        energy=Estimate.exact(step.energy_kcal * count, "kcal/d", sources, verified=True),
        cost_euro=None if step.cost_euro is None else step.cost_euro * count,
    )


def _named(item: EatenItem, language: str) -> str:
    return str(getattr(item.basic, f"name_{language}")) if item.basic else item.food.name


def _source(code: str) -> str:
    """Source of an energy value; that water has none needs no table."""
    return DESIGN if code.startswith("water:") else source_of(code)
