"""What must hold for every path: magnesium is kept, pools stay positive, more in means more in blood, modes agree."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_people import poor_diary

from magnes.body import rates
from magnes.body.baseline import reference_values, solved, start
from magnes.body.gut import Sittings, absorbed_per_day, day_numbers
from magnes.body.model import DAILY, LUMEN, MEALS
from magnes.body.scenario import Scenario
from magnes.body.solve import Bolus, Change, SolverError, run
from magnes.body.steady import settled
from magnes.person import Medicine, Person

P = solved(reference_values())
MAGNESIUM = {mode: [i for i, state in enumerate(mode.states) if state.element == "Mg"] for mode in (DAILY, MEALS)}
FEW = settings(max_examples=15, deadline=None)


def eating(mmol_per_day: float, **changes: float) -> dict[str, float]:
    p = {**P, **changes}
    return p | day_numbers(Sittings.meals(mmol_per_day), p)


def meals(days: int, mmol: tuple[float, ...], hours: tuple[float, ...] = (8.0, 12.5, 18.0)) -> list[Bolus]:
    return [Bolus(d + h / 24, "gut_upper", a) for d in range(days) for h, a in zip(hours, mmol, strict=True)]


def serum(states: dict[str, float], p: dict[str, float]) -> float:
    return float(rates.serum_mmol_per_l(SimpleNamespace(**states), SimpleNamespace(**p)))


def test_a_year_of_meals_loses_nothing() -> None:
    # catches: a solver or an event that makes or loses magnesium (bound: 1e-9 of the body)
    path = run(MEALS, P, start(P), np.arange(0.0, 366.0, 73.0), boluses=meals(365, (4.0, 5.0, 4.2)), rtol=1e-8)
    total = path[:, MAGNESIUM[MEALS]].sum(axis=1)
    eaten = 13.2 * np.arange(0.0, 366.0, 73.0)
    assert np.max(np.abs(total - total[0] - eaten)) / total[0] < 1e-9


@FEW
@given(st.floats(0.1, 60.0), st.floats(0.05, 1.3), st.sampled_from([0.0, 0.3, 1.0]))
def test_absorbed_is_between_nothing_and_all(mmol: float, strength: float, dissolved: float) -> None:
    # catches: the published rat model's fault, absorption above 100 % at low intake
    day = Sittings((8.0, 18.0), (mmol * dissolved / 2,) * 2, (mmol * (1 - dissolved) / 2,) * 2)
    assert 0 <= absorbed_per_day(day, P, strength) <= mmol


@FEW
@given(st.floats(1.0, 30.0), st.floats(0.2, 1.0), st.floats(0.3, 1.0), st.floats(0.5, 1.5))
def test_pools_stay_positive_and_urine_is_what_was_filtered_at_most(
    mmol: float, gut: float, kidney: float, filtered: float
) -> None:
    # catches: a pool that goes below zero in depletion, urine above the filtered load
    p = eating(mmol, gut_active_factor=gut, kidney_distal_factor=kidney)
    p |= {"gfr_l_per_day": p["gfr_l_per_day"] * filtered, "gfr_relative": filtered}
    path = run(DAILY, p, start(p), np.linspace(0.0, 200.0, 9))
    assert path.min() >= -1e-9
    at = SimpleNamespace(**dict(zip(DAILY.names, path.T, strict=True)))
    excreted = rates.fractional_excretion(at, SimpleNamespace(**p))
    assert np.all((excreted >= 0) & (excreted <= 1))


def test_more_eaten_is_more_in_blood() -> None:
    # catches: a feedback with the wrong sign
    levels = [serum(settled(eating(mmol)), P) for mmol in (4.0, 8.0, 13.0, 20.0, 40.0, 80.0)]
    assert levels == sorted(levels)
    assert levels[-1] > levels[0] + 0.1


def test_less_filtration_is_more_in_blood() -> None:
    # catches: a kidney whose loss does not fall with filtration
    levels = [
        serum(settled(eating(13.17, gfr_l_per_day=P["gfr_l_per_day"] * part, gfr_relative=part)), P)
        for part in (1.2, 1.0, 0.7, 0.4, 0.2, 0.1)
    ]
    assert levels == sorted(levels)


@pytest.mark.parametrize("mmol", [6.0, 13.17, 25.0])
def test_the_same_end_from_above_and_below(mmol: float) -> None:
    # catches: a second steady state, a pool that does not come back
    p = eating(mmol)
    pools = [name for name in start(p) if name not in {s.name for s in DAILY.states if s.element != "Mg" or s.sink}]
    ends = []
    for factor in (0.8, 1.15):
        begin = settled(p)
        begin |= {name: begin[name] * factor for name in pools if name in DAILY.names and name != "potassium"}
        ends.append(run(DAILY, p, begin, [0.0, 20_000.0])[-1])
    signals = [i for i, name in enumerate(DAILY.names) if name not in {s.name for s in DAILY.states if s.sink}]
    assert ends[0][signals] == pytest.approx(ends[1][signals], rel=2e-4)
    assert serum(dict(zip(DAILY.names, ends[0], strict=True)), p) == pytest.approx(serum(settled(p), p), rel=2e-4)


@pytest.mark.parametrize("mmol", [5.0, 13.17, 25.0])
def test_settled_is_a_steady_state(mmol: float) -> None:
    # catches: a pool that is not in balance where a person starts
    p = eating(mmol)
    begin = settled(p)
    path = run(DAILY, p, begin, [0.0, 365.0])
    for state, before, after in zip(DAILY.names, path[0], path[-1], strict=True):
        if state not in {s.name for s in DAILY.states if s.sink}:
            assert after == pytest.approx(before, rel=1e-5), state


@pytest.mark.parametrize(
    ("mmol", "changes"),
    [
        (13.17, {}),
        (6.0, {}),
        (25.0, {}),
        (13.17, {"gut_active_factor": 0.5}),
        (13.17, {"gfr_l_per_day": 60.0, "gfr_relative": 60 / 172.8}),
    ],
)
def test_meals_and_days_agree(mmol: float, changes: dict[str, float]) -> None:
    # catches: daily mode that drifts from the lumen it stands for (bound of the issue: 2 %)
    p = eating(mmol, **changes)
    hours = np.append(0.0, np.arange(30 * 24, 120 * 24) / 24)  # the mean of the day: blood at midnight is above it
    by_day = run(DAILY, p, settled(p), hours)
    by_meal = run(MEALS, p, settled(p), hours, boluses=meals(120, (mmol / 3,) * 3))
    for mode, path in ((DAILY, by_day), (MEALS, by_meal)):
        assert path.shape == (len(hours), len(mode.names))
    blood = [mode.names.index("extracellular") for mode in (DAILY, MEALS)]
    urine = [mode.names.index("urine") for mode in (DAILY, MEALS)]
    assert by_meal[1:, blood[1]].mean() == pytest.approx(by_day[1:, blood[0]].mean(), rel=0.005)
    assert by_meal[-1, urine[1]] - by_meal[1, urine[1]] == pytest.approx(
        by_day[-1, urine[0]] - by_day[1, urine[0]], rel=0.005
    )


def test_events_hold_from_their_time_on() -> None:
    # catches: a dose that is lost, counted twice or put on the wrong side of an output
    begin = start(P)
    doses = [Bolus(0.0, "gut_upper", 2.0), Bolus(0.5, "gut_upper", 3.0), Bolus(1.0, "gut_upper", 7.0)]
    path = run(MEALS, P, begin, [0.0, 0.25, 0.5, 0.75, 1.0], boluses=doses)
    total = path[:, MAGNESIUM[MEALS]].sum(axis=1) - path[0, MAGNESIUM[MEALS]].sum()
    assert total == pytest.approx([0.0, 2.0, 2.0, 5.0, 5.0], abs=1e-7)
    changed = run(DAILY, P, begin, [0.0, 1.0, 2.0], changes=[Change(1.0, eating(30.0))])
    assert changed[1] == pytest.approx(run(DAILY, P, begin, [0.0, 1.0])[1], rel=1e-9)
    assert changed[2, 0] > changed[1, 0] * 1.005


def test_one_answer_at_any_outputs() -> None:
    # catches: a result that depends on how often one looks
    p = eating(25.0)
    often, seldom = (run(DAILY, p, start(p), np.linspace(0.0, 50.0, n))[-1] for n in (501, 2))
    assert often == pytest.approx(seldom, rel=1e-6)


def test_a_path_that_cannot_be_solved_is_refused() -> None:
    # catches: a broken run that is shown as a result
    with pytest.raises(SolverError, match="day 0 to 10"):
        run(DAILY, {**P, "gfr_l_per_day": float("nan")}, start(P), [0.0, 10.0])


def test_the_bowel_is_empty_at_rest() -> None:
    # catches: a mode that starts with magnesium in the lumen which nobody ate
    assert all(start(P)[state.name] == 0 for state in LUMEN)


def test_bodies_that_newton_loses_are_followed_in_time() -> None:
    # catches: a body at the edge of what it can absorb that takes the level of its neighbour, or stops the crowd
    alone = [eating(mmol, kidney_loop_factor=factor) for mmol, factor in ((13.17, 1.0), (3.0, 0.7), (1.5, 0.5))]
    crowd = {name: np.array([p[name] for p in alone]) for name in alone[0]}
    together = settled(crowd)
    for i, p in enumerate(alone):
        one = settled(p)
        assert serum(one, p) == pytest.approx(
            serum({name: v[i] if np.ndim(v) else v for name, v in together.items()}, p), rel=1e-3
        )


def test_one_body_that_newton_loses_has_a_level_too() -> None:
    # catches: a man who gets no answer because his body alone is followed in time with another shape than a crowd
    man = Person(age_years=54, sex="male", weight_kg=70, height_cm=170, conditions=("chronic-diarrhoea",))
    losing = man.model_copy(update={"medicines": (Medicine(name="hydrochloorthiazide", atc="C03AA03"),)})
    p = Scenario.of(losing, poor_diary()).typical().before
    one = settled(p)
    two = settled({name: np.full(2, value) for name, value in p.items()})
    assert 0 < serum(one, p) < 0.5
    assert serum(one, p) == pytest.approx(
        float(two["extracellular"][1] / one["extracellular"]) * serum(one, p), rel=1e-3
    )
    assert np.ndim(one["extracellular"]) == 0
