"""The differentiable model under JAX: the same numbers and slopes as the crowd of the fit; sampling runs by hand."""

import numpy as np
import pytest

from magnes.body.scenario import Scenario
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
