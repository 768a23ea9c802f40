"""Fit, standing and forecast of one person."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from magnes.diary import resolve
from magnes.examples import example_folder
from magnes.fit.forecast import days_to_effect, forecast
from magnes.fit.individual import Individual, individual
from magnes.fit.standing import Standing, next_measurements, serum_of, standing
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person

MEDICINES = (Medicine(name="omeprazol", atc="A02BC01"), Medicine(name="furosemide", atc="C03CA01"))
ANNA = Person(age_years=67, sex="female", weight_kg=71, height_cm=165, medicines=MEDICINES)
CITRATE = Supplement(salt="citrate", elemental_mg=100, times=(dt.time(8), dt.time(20)))


def with_labs(person: Person, *labs: tuple[str, float, str]) -> Person:
    return person.model_copy(update={"labs": tuple(LabResult(test=t, value=v, unit=u) for t, v, u in labs)})


@pytest.fixture(scope="module")
def fitted() -> Individual:
    return individual(with_labs(ANNA, ("serum-magnesium", 0.65, "mmol/L")), draws=300)


@pytest.fixture(scope="module")
def stands(fitted: Individual) -> Standing:
    return standing(fitted)


def test_without_values_a_person_is_like_others_of_this_kind() -> None:
    # catches: a medicine that the prior leaves out, a value where there is none
    plain = standing(individual(ANNA.model_copy(update={"medicines": ()}), draws=200))
    taking = standing(individual(ANNA, draws=200))
    assert plain.basis == taking.basis == "people_like_this"
    assert not plain.data
    assert plain.chance == 1
    assert taking.serum.value < plain.serum.value
    assert taking.chances[1].low > plain.chances[1].low


def test_a_low_value_raises_the_chance_but_does_not_decide_alone(stands: Standing) -> None:
    # catches: the measured value repeated as the truth, regression to the mean left out
    assert stands.basis == "fitted"
    assert 0.65 < stands.serum.value < 0.72
    lows = [row.low for row in stands.chances]
    assert lows == sorted(lows)
    for row in stands.chances:
        assert row.low + row.marginal + row.adequate + row.high == pytest.approx(1)
    assert [row.cut_off.value for row in stands.chances] == [0.70, 0.75, 0.85]
    assert stands.chances[2].marginal == 0


def test_values_that_no_body_of_this_kind_has_are_refused_and_named() -> None:
    # catches: a wrong unit explained by a strange kidney
    person = with_labs(ANNA, ("serum-magnesium", 0.72, "mmol/L"), ("ionised-magnesium", 1.4, "mmol/L"))
    found = individual(person, draws=100)
    stands = standing(found)
    assert found.refused
    assert stands.contradicts == 1
    assert stands.basis == "measured_alone"
    assert stands.serum.low < 0.72 < stands.serum.high
    assert stands.absorbed is None
    assert not stands.next_measurements
    with pytest.raises(ValueError, match="contradict"):
        forecast(found)


def test_a_contradiction_without_serum_gives_no_chances() -> None:
    # catches: chances from people of this kind shown as those of a person whose values do not fit
    stands = standing(individual(with_labs(ANNA, ("ionised-magnesium", 1.4, "mmol/L")), draws=100))
    assert stands.basis == "contradicted"
    assert stands.chances == ()


def test_little_albumin_explains_a_low_total() -> None:
    # catches: albumin not used, or used the wrong way round
    labs = ("serum-magnesium", 0.70, "mmol/L")
    plain = standing(individual(with_labs(ANNA, labs), draws=300))
    aware = standing(individual(with_labs(ANNA, labs, ("serum-albumin", 22, "g/L")), draws=300))
    assert aware.at_normal_albumin
    assert not plain.at_normal_albumin
    assert aware.chances[0].low < plain.chances[0].low
    assert aware.serum.value > plain.serum.value + 0.02


def test_one_more_value_of_serum_tells_most_and_falls_with_each(fitted: Individual) -> None:
    # catches: an order upside down, bits that do not fall
    first = next_measurements(individual(ANNA, draws=300))
    then = next_measurements(fitted)
    assert first[0].test == then[0].test == "serum-magnesium"
    assert first[0].bits > then[0].bits > 0
    assert all(0 <= row.narrower < 1 for row in first)


def test_the_forecast_begins_where_the_fit_ends(fitted: Individual) -> None:
    # catches: a forecast of people of this kind in place of this person
    course = forecast(fitted, days=60)
    assert course.series["serum"].value[0] == pytest.approx(float(np.median(serum_of(fitted.drawn))), rel=1e-6)
    assert course.series["serum"].value[-1] == pytest.approx(course.series["serum"].value[0], abs=2e-3)
    assert "measured_serum_not_used" not in course.assumed
    assert days_to_effect(course) is None


def test_changes_go_the_way_they_should(fitted: Individual) -> None:
    # catches: sweat or a stop with the wrong sign, an effect that is there at once
    more = forecast(fitted, days=120, add=[CITRATE])
    without = forecast(fitted, days=120, stop=["omeprazol"])
    hot = forecast(fitted, days=120, sweat_l_per_day=2.0)
    now = more.series["serum"].value[0]
    assert more.series["serum"].value[-1] > now + 0.01
    assert without.series["serum"].value[-1] > now
    assert hot.series["serum"].value[-1] < now
    effect = days_to_effect(more)
    assert effect is not None
    assert 1 <= effect < 120


def test_shrinkage_is_told_for_what_differs_between_people(stands: Standing) -> None:
    # catches: parameters of the model shown as facts about a person
    assert {name.split()[0] for name in stands.shrinkage} == {"person", "intake"}
    assert stands.shrinkage["person kidney_setpoint_factor"] < 0.9


def test_another_diary_from_day_zero_shows_in_absorption() -> None:
    # catches: a change of food that the body never sees, or that was there before day 0
    eaten = resolve(read_diary(example_folder() / "nhanes-41483.csv"))
    person = read_person(example_folder() / "nhanes-41483.toml")
    found = individual(person, eaten, draws=60)
    half = replace(eaten, items=eaten.items[::2])
    same, less = (forecast(found, eaten, days=20, eaten_later=later) for later in (None, half))
    assert less.series["absorbed"].value[0] == same.series["absorbed"].value[0]
    assert less.series["absorbed"].value[-1] < 0.9 * same.series["absorbed"].value[-1]
