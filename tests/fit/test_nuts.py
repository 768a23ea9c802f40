"""The differentiable model under JAX: the same numbers and slopes as the crowd of the fit; sampling runs by hand."""

import datetime as dt

import numpy as np
import pytest

from magnes.body.scenario import Scenario
from magnes.diary import Diary, DiaryEntry, resolve
from magnes.fit.data import data_of
from magnes.fit.posterior import Problem, laplace
from magnes.person import LabResult, Person


def test_jax_gives_the_numbers_and_slopes_of_the_fit() -> None:
    # catches: a second model behind NUTS, a derivative that misses the root of the steady state
    import jax

    from magnes.fit import nuts

    with jax.enable_x64(True):
        labs = (LabResult(test="serum-magnesium", value=0.75, unit="mmol/L"),)
        person = Person(age_years=50, sex="male", weight_kg=80, height_cm=180, labs=labs)
        problem = Problem(Scenario.of(person, None), data_of(person))
        found = laplace(problem)
        value, slopes = jax.jit(jax.value_and_grad(lambda z: nuts._log_predicted(problem, z)[0]))(found.mode)
    assert float(value) == pytest.approx(found.predicted[0], abs=1e-7)
    assert np.allclose(slopes, found.slopes[0], atol=2e-4)


def test_a_body_without_a_level_is_no_draw() -> None:
    # catches: the point where Newton's method gave up taken for a steady state, one draw of which doubles a spread
    import jax

    from magnes.fit import nuts

    labs = (LabResult(test="serum-magnesium", value=0.75, unit="mmol/L"),)
    person = Person(age_years=30, sex="female", weight_kg=65, lactating=True, labs=labs)
    bread = DiaryEntry(line=1, date=dt.date(2026, 11, 20), food="witbrood", amount=200, unit="g")
    problem = Problem(Scenario.of(person, resolve(Diary(file="", entries=(bread,)))), data_of(person))
    with jax.enable_x64(True):
        (predicted,) = nuts._log_predicted(problem, np.zeros(len(problem.names)))
    assert np.isnan(float(predicted))
