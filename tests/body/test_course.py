"""``simulate``: the course that a person gets to see."""

import datetime as dt

import numpy as np
import pytest

from magnes.body.course import UNITS, Course, simulate
from magnes.body.draws import ensemble, parameters_at, people, posterior, stream
from magnes.body.scenario import Scenario
from magnes.diary import Eaten, resolve
from magnes.errors import InputProblems
from magnes.examples import example_folder
from magnes.intake import intake
from magnes.person import Medicine, Person, Supplement
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person

ANNA = Person(
    label="A",
    age_years=67,
    sex="female",
    weight_kg=71,
    height_cm=165,
    egfr_ml_min_1_73m2=80,
    medicines=(Medicine(name="omeprazol", atc="A02BC01", dose_mg=20, times=(dt.time(8),)),),
)
CITRATE = Supplement(salt="citrate", elemental_mg=150, times=(dt.time(8), dt.time(20)))


def participant() -> tuple[Person, Eaten]:
    """A real survey participant with two recalled days."""
    file = example_folder() / "nhanes-41483"
    return read_person(file.with_suffix(".toml")), resolve(read_diary(file.with_suffix(".csv")))


def end(course: Course, name: str) -> float:
    return float(course.series[name].value[-1])  # type: ignore[index]


def test_nothing_changes_when_nothing_changes() -> None:
    # catches: a start that is not where diet, medicines and kidneys have brought the body
    course = simulate(ANNA, days=365, draws=0)
    for name, series in course.series.items():
        assert series.value == pytest.approx(series.value[0], rel=1e-4, abs=1e-3), name


def test_stopping_a_ppi_raises_serum_within_days() -> None:
    # catches: an effect that does not go, goes the wrong way, or goes at once
    course = simulate(ANNA, days=60, stop=["Omeprazole"], draws=0)
    serum = course.series["serum"].value
    assert 0.005 < serum[-1] - serum[0] < 0.03
    assert serum[1] - serum[0] < 0.5 * (serum[-1] - serum[0])
    assert serum[14] - serum[0] > 0.8 * (serum[-1] - serum[0])
    assert course.stopped == ("omeprazol",)


def test_a_supplement_raises_absorption_urine_and_serum() -> None:
    # catches: a dose that does not arrive, or arrives in full
    before, after = simulate(ANNA, days=90, draws=0), simulate(ANNA, days=90, add=[CITRATE], draws=0)
    gained = end(after, "absorbed") - end(before, "absorbed")
    assert 20 < gained < 150
    assert end(after, "urine") - end(before, "urine") == pytest.approx(gained, rel=0.2)
    assert end(after, "serum") > end(before, "serum") + 0.01


@pytest.mark.parametrize("mode", ["daily", "meals"])
def test_what_is_eaten_is_somewhere(mode: str) -> None:
    # catches: a diary whose bound part or second day gets lost on the way into the body
    person, diary = participant()
    course = simulate(person, diary, days=28, mode=mode, draws=0)  # type: ignore[arg-type]
    days = slice(1, None)
    absorbed, stool, urine = (course.series[name].value[days] for name in ("absorbed", "stool", "urine"))
    balance = course.series["balance"].value[days]
    food = intake(person, diary).food
    assert food is not None
    loss = 4.0  # sweat [mg/day] of this person is small
    assert (stool + urine + balance).mean() == pytest.approx(food.value, abs=loss + 0.005 * food.value)
    assert np.all(absorbed > 0)


def test_daily_and_meals_agree_for_a_person() -> None:
    # catches: sittings that mean one thing by day and another by meal
    person, diary = participant()
    daily, meals = (simulate(person, diary, days=28, mode=mode, draws=0) for mode in ("daily", "meals"))  # type: ignore[arg-type]
    for name in ("urine", "absorbed"):
        by_day, by_meal = (course.series[name].value[8:].mean() for course in (daily, meals))  # type: ignore[index]
        assert by_meal == pytest.approx(by_day, rel=0.03), name


def test_bands_hold_the_value_and_come_again_with_the_seed() -> None:
    # catches: bands beside the line, numbers that change from run to run
    one, again, other = (simulate(ANNA, days=20, draws=40, seed=seed) for seed in (1, 1, 2))
    for name, series in one.series.items():
        assert series.low is not None
        assert series.high is not None
        assert np.all(series.low <= series.value), name
        assert np.all(series.value <= series.high), name
        assert np.array_equal(series.low, again.series[name].low), name  # type: ignore[arg-type]
    serum = one.series["serum"]
    assert not np.array_equal(serum.low, other.series["serum"].low)  # type: ignore[arg-type]
    assert 0.06 < serum.high[-1] - serum.low[-1] < 0.3  # type: ignore[index]


def test_the_table_is_tidy() -> None:
    # catches: a quantity without unit, a day that is missing
    course = simulate(ANNA, days=10, draws=0)
    rows = course.rows()
    assert {row["quantity"] for row in rows} == set(UNITS)
    assert len(rows) == len(UNITS) * 11
    assert course.frame().columns == ["day", "quantity", "unit", "value", "low", "high"]
    assert course.as_dict()["rows"] == rows


def test_a_medicine_that_is_not_taken_is_refused_with_the_nearest() -> None:
    # catches: a typing error that silently stops nothing
    with pytest.raises(InputProblems) as error:
        simulate(ANNA, stop=["omeprasol", "furosemide"])
    codes = [(problem.code, problem.found, problem.nearest) for problem in error.value.problems]
    assert codes == [
        ("medicine_not_taken", "omeprasol", ("omeprazol",)),
        ("medicine_not_taken", "furosemide", ()),
    ]


def test_a_person_outside_the_studied_range_is_told() -> None:
    # catches: a number for a child that looks as sure as one for an adult
    child = Person(label="C", age_years=9, sex="male", weight_kg=30, height_cm=135)
    assert "age_under_18" in simulate(child, days=5, draws=0).flags
    assert "reference_intake" in simulate(child, days=5, draws=0).assumed


def test_each_decision_has_its_own_luck() -> None:
    # catches: a new draw that shifts all others
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() == stream(1, "a").random()
    few, many = people(5, seed=3), people(50, seed=3)
    for name, values in few.items():
        assert np.array_equal(values, many[name][:5]), name


def test_shipped_draws_are_enough_and_whole() -> None:
    # catches: a posterior that is cut off, a parameter without draws
    draws = parameters_at(posterior(500))
    assert all(np.all(np.isfinite(values)) and np.all(values > 0) for values in draws.values())
    rows = set(zip(*draws.values(), strict=True))
    assert len(rows) >= 500
    assert posterior(2000).shape == (len(draws), 2000)


def test_scores_give_the_shipped_sets_and_their_correlations() -> None:
    # catches: sets that change when written as scores; a normal approximation that loses what goes together
    shipped = dict(zip(ensemble().names, ensemble().rows.T, strict=True))
    again = parameters_at(posterior(len(ensemble().rows)))
    smooth = parameters_at(stream(1, "test").standard_normal((len(shipped), 4000)))
    for name, values in shipped.items():
        assert np.allclose(np.sort(again[name]), np.sort(values), rtol=1e-9), name
        assert np.log(smooth[name]).std() == pytest.approx(np.log(values).std(), rel=0.1), name
    most, half = "absorption_max_mmol_per_day", "absorption_half_mmol"
    assert np.corrcoef(smooth[most], smooth[half])[0, 1] > 0.6


def test_an_ended_effect_is_gone() -> None:
    # catches: a remnant of a medicine that stays for ever
    scenario = Scenario.of(ANNA, None, stop=["omeprazol"])
    typical = scenario.typical()
    ended = scenario.changes(typical)
    without = Scenario.of(ANNA.model_copy(update={"medicines": ()}), None).typical().before
    assert ended[-1].parameters["gut_active_factor"] == without["gut_active_factor"]
    left = [change.parameters["gut_active_factor"] for change in ended]
    assert left == sorted(left)
    assert left[0] < 0.9


def test_a_label_is_surer_than_a_diary() -> None:
    # catches: the width of what was eaten put on a tablet
    more, plain = (Scenario.of(ANNA, None, add=add) for add in ([CITRATE], []))
    drawn = plain.draw(plain.scores(200, 1))
    last = [scenario.changes(drawn)[-1].parameters["intake_mmol_per_day"] for scenario in (more, plain)]
    extra = last[0] - last[1]
    assert extra == pytest.approx(2 * 150 / 24.305, rel=1e-6)


def test_one_lost_draw_does_not_end_the_run() -> None:
    # catches: a woman who gets no answer because one of two hundred bodies finds no level
    woman = Person(age_years=30, sex="female", weight_kg=65, lactating=True, conditions=("malabsorption",))
    course = simulate(woman, days=5, draws=100)
    assert 20 < course.draws < 100


def test_drawn_serum_is_what_the_band_is_made_of() -> None:
    # catches: draws of another quantity, or of another run
    course = simulate(ANNA, days=10, add=[CITRATE], draws=60)
    series = course.series["serum"]
    assert course.serum_draws is not None
    assert course.serum_draws.shape == (11, course.draws)
    low, high = np.percentile(course.serum_draws, (5, 95), axis=1)
    assert np.minimum(low, series.value) == pytest.approx(series.low)
    assert np.maximum(high, series.value) == pytest.approx(series.high)
    assert simulate(ANNA, days=2, draws=0).serum_draws is None
