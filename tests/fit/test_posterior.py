"""The posterior: against a grid, a linear answer that is known, and the prior."""

import numpy as np
import pytest

from magnes.body.scenario import Scenario
from magnes.fit.data import data_of
from magnes.fit.posterior import Problem, laplace, resampled
from magnes.fit.standing import serum_of
from magnes.person import LabResult, Medicine, Person

WOMAN = Person(age_years=60, sex="female", weight_kg=70, height_cm=168)
PPI = (Medicine(name="omeprazol", atc="A02BC01"),)


def serum(*values: float) -> tuple[LabResult, ...]:
    return tuple(LabResult(test="serum-magnesium", value=value, unit="mmol/L") for value in values)


def problem_of(person: Person) -> Problem:
    return Problem(Scenario.of(person, None), data_of(person))


def test_weights_of_the_prior_give_the_same_answer() -> None:
    # catches: weights that leave out the proposal or the prior, slopes with a wrong sign
    problem = problem_of(WOMAN.model_copy(update={"labs": serum(0.76), "medicines": PPI}))
    sample = resampled(laplace(problem), 1500, 1)
    z = np.random.default_rng(5).standard_normal((len(problem.names), 3000))
    predicted, drawn = problem.at(z)
    weights = np.exp(-problem.misfit(predicted))
    weights /= weights.sum()
    levels = serum_of(drawn)
    mean = float(levels @ weights)
    sd = float(np.sqrt((levels - mean) ** 2 @ weights))
    found = serum_of(sample.drawn)
    assert found.mean() == pytest.approx(mean, abs=0.15 * sd)
    assert found.std() == pytest.approx(sd, rel=0.15)
    assert sample.effective > 300


def test_more_values_narrow_and_a_value_pulls() -> None:
    # catches: repeated values counted once, or a fit that ignores them
    def spread(*values: float) -> tuple[float, float]:
        problem = problem_of(WOMAN.model_copy(update={"labs": serum(*values)}))
        levels = serum_of(resampled(laplace(problem), 600, 1).drawn)
        return float(levels.mean()), float(levels.std())

    (low, one), (high, _), (_, four) = spread(0.75), spread(0.9), spread(0.75, 0.75, 0.75, 0.75)
    assert low < 0.80 < high
    assert four < 0.7 * one


def test_a_surprise_is_that_of_the_datum_that_is_off() -> None:
    # catches: the wrong datum named when values contradict each other
    labs = (*serum(0.84, 0.85), LabResult(test="ionised-magnesium", value=0.30, unit="mmol/L"))
    found = laplace(problem_of(WOMAN.model_copy(update={"labs": labs})))
    assert int(np.argmax(np.abs(found.surprises))) == 2
    assert found.surprises[2] < -4


def test_what_the_data_do_not_touch_stays_as_it_was() -> None:
    # catches: a covariance that shrinks everything
    found = laplace(problem_of(WOMAN.model_copy(update={"labs": serum(0.8)})))
    left = dict(zip(found.problem.names, np.diag(found.covariance), strict=True))
    assert left["parameter bone_crystal_per_day"] == pytest.approx(1, abs=1e-6)
    assert left["person kidney_setpoint_factor"] < 0.9
    assert all(0 < value <= 1 + 1e-9 for value in left.values())


def test_the_same_seed_gives_the_same_bodies() -> None:
    found = laplace(problem_of(WOMAN.model_copy(update={"labs": serum(0.8)})))
    one, same, other = (resampled(found, 60, seed).z for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_body_without_a_level_agrees_with_nothing() -> None:
    # catches: not-a-number taken for the best of all bodies
    problem = problem_of(WOMAN.model_copy(update={"labs": serum(0.8)}))
    halves = problem.misfit(np.array([[np.log(0.8), np.nan]]))
    assert halves[0] == 0
    assert halves[1] == np.inf
