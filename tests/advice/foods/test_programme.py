"""The mixed-integer programme against brute force, and what must hold whatever the numbers."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_diaries import DISLIKES, day_of, days

from magnes.advice.foods.candidates import Candidates, Step, candidates
from magnes.advice.foods.person_rules import limits_of
from magnes.advice.foods.programme import TOLERANCE_MG, Bounds, burden_of, solve
from magnes.diary import Eaten
from magnes.person import Person

WOMAN = Person(age_years=40, sex="female")
DAY = [
    ("fdc:325871", 105.0),
    ("sr:14411", 600.0),
    ("ciqual:31004", 40.0),
    ("ciqual:4004", 50.0),
    ("ciqual:18018", 330.0),
]


def allowed(found: Candidates, counts: tuple[int, ...], bounds: Bounds) -> bool:
    """Whether these steps keep every bound, written without a programme."""
    used = [(step, count) for step, count in zip(found.steps, counts, strict=True) if count]
    energy = sum(step.energy_kcal * count for step, count in used)
    groups: dict[str, float] = defaultdict(float)
    choices: dict[str, float] = defaultdict(float)
    for step, count in used:
        groups[step.choice.group] += step.grams_in * count
        choices[step.choice.id] += step.grams_in * count
        if step.old and step.old.use:
            groups[step.old.use.group] -= step.grams_out * count
    olds = [step.old.key for step, _ in used if step.old]
    added = [step.choice.group for step, _ in used if not step.old]
    return (
        len(used) <= bounds.most_changes
        and bounds.energy_low_kcal <= energy <= bounds.energy_high_kcal
        and all(grams <= found.group_room_g[name] + 1e-6 for name, grams in groups.items() if name)
        and all(grams <= found.choice_room_g[name] + 1e-6 for name, grams in choices.items())
        and len(olds) == len(set(olds))
        and len(added) == len(set(added))
    )


def brute_force(found: Candidates, bounds: Bounds) -> tuple[float, float]:
    """Least magnesium missing, and the least burden among all that miss no more (but for the tolerance)."""
    every = itertools.product(*(range(step.most_steps + 1) for step in found.steps))
    kept = [counts for counts in every if allowed(found, counts, bounds)]

    def missing(counts: tuple[int, ...]) -> float:
        gain = sum(step.gain_mg * count for step, count in zip(found.steps, counts, strict=True))
        return max(0.0, bounds.gap_mg - gain)

    least = min(map(missing, kept))
    good = [counts for counts in kept if missing(counts) <= least + (TOLERANCE_MG if least else 0.0) + 1e-9]
    return least, min(sum(map(burden_of, found.steps, counts)) for counts in good)


@pytest.mark.parametrize("gap_mg", [20.0, 80.0, 140.0, 400.0])
@pytest.mark.parametrize("begin", [0, 5, 11, 18])
def test_the_optimum_is_that_of_brute_force(begin: int, gap_mg: float) -> None:
    # catches: a constraint lost, doubled or of the wrong sign; a tightened row that cuts off the best plan
    whole = candidates(WOMAN, day_of(DAY), limits_of(WOMAN), {"almonds": 12.0})
    few = tuple(replace(step, most_steps=min(2, step.most_steps)) for step in whole.steps[begin : begin + 8])
    found = Candidates(few, whole.group_room_g, whole.choice_room_g)
    bounds = Bounds(gap_mg, -100.0, 150.0, 3)
    solution = solve(found, bounds)
    assert solution is not None
    assert allowed(found, solution.steps, bounds)
    least, burden = brute_force(found, bounds)
    assert solution.missing_mg == pytest.approx(least, abs=TOLERANCE_MG + 1e-6)
    assert solution.burden == pytest.approx(burden, abs=1e-6)


@given(days(), st.lists(st.sampled_from(DISLIKES), min_size=1, max_size=3, unique=True), st.floats(5, 250))
@settings(max_examples=8)
def test_more_dislikes_never_give_a_better_plan(eaten: Eaten, dislikes: list[str], gap_mg: float) -> None:
    # catches: a dislike that adds a food, or changes what it should not
    bounds = Bounds(gap_mg, -100.0, 150.0, 4)
    before = math.inf, math.inf
    for count in range(len(dislikes), -1, -1):  # from all dislikes to none: never worse on the way
        person = WOMAN.model_copy(update={"dislikes": tuple(dislikes[:count])})
        solution = solve(candidates(person, eaten, limits_of(person), {}), bounds)
        now = (solution.missing_mg, solution.burden) if solution else (gap_mg, 0.0)
        assert now[0] <= before[0] + TOLERANCE_MG + 1e-6
        if abs(now[0] - before[0]) < 1e-9 and now[0] == 0:
            assert now[1] <= before[1] + 1e-6
        before = now


@given(days(), st.floats(5, 300))
@settings(max_examples=8)
def test_a_larger_gap_never_takes_less(eaten: Eaten, gap_mg: float) -> None:
    # catches: a burden that falls where more must change
    found = candidates(WOMAN, eaten, limits_of(WOMAN), {})
    small, large = (solve(found, Bounds(gap, -100.0, 150.0, 4)) for gap in (gap_mg, 1.5 * gap_mg))
    assert small is not None
    assert large is not None
    if large.missing_mg == 0:
        assert small.missing_mg == 0
        assert small.burden <= large.burden + 1e-6


def test_without_candidates_there_is_no_solution() -> None:
    # catches: an empty programme handed to the solver
    assert solve(Candidates((), {}, {}), Bounds(50.0, -100.0, 150.0, 4)) is None


def test_a_later_solution_shares_at_most_half_of_its_moves() -> None:
    # catches: a cut on the wrong columns
    found = candidates(WOMAN, day_of(DAY), limits_of(WOMAN), {})
    bounds = Bounds(150.0, -100.0, 150.0, 4)
    first = solve(found, bounds)
    assert first is not None
    second = solve(found, bounds, [first], by_family=False)
    assert second is not None
    assert len(set(first.used) & set(second.used)) <= len(first.used) // 2
    assert (second.missing_mg, second.burden) >= (first.missing_mg, first.burden)


def steps_of(found: Candidates) -> dict[str, Step]:
    return {step.id.partition("/")[0]: step for step in found.steps}


def test_a_swap_is_measured_in_what_is_eaten() -> None:
    # catches: more of a food replaced than is eaten, and a gain that forgets the food that goes
    step = steps_of(candidates(WOMAN, day_of(DAY), limits_of(WOMAN), {}))["bread-white-to-bread-wholemeal"]
    assert step.most_steps == 3
    assert step.grams_out == pytest.approx(35)
    assert step.gain_mg == pytest.approx(35 * (76.6 - 26.9) / 100, rel=0.02)


def test_a_price_of_a_swap_is_the_difference() -> None:
    # catches: the price of the new food alone, and a price where one of the two is not known
    prices = {"bread-wholemeal": 4.0, "bread-white": 3.0}
    name = "bread-white-to-bread-wholemeal"
    both = steps_of(candidates(WOMAN, day_of(DAY), limits_of(WOMAN), prices))[name]
    one = steps_of(candidates(WOMAN, day_of(DAY), limits_of(WOMAN), {"bread-wholemeal": 4.0}))[name]
    assert both.cost_euro == pytest.approx(0.035)
    assert one.cost_euro is None
