"""There and back, and the mean over days."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from magnes.population.usual.boxcox import inverse, mean_over_days, transform, with_slope

LAMBDAS = st.one_of(st.just(0.0), st.floats(1e-9, 1.0))


@given(st.floats(0.1, 5000), LAMBDAS)
def test_back_is_the_inverse(intake, lam):
    # catches: a branch for lambda 0 that is missing, cancellation near it
    assert inverse(transform(intake, lam), lam) == pytest.approx(intake, rel=1e-7)


@given(st.floats(1, 2000))
def test_small_lambda_goes_over_into_the_logarithm(intake):
    # catches: a jump at lambda 0
    assert transform(intake, 1e-9) == pytest.approx(transform(intake, 0.0), rel=1e-7)


@given(st.floats(-50, 50), st.floats(0.05, 1.0))
def test_below_the_end_of_the_scale_is_zero(g, lam):
    # catches: a NaN from the root of a negative number
    value = inverse(g, lam)
    assert (value == 0) == (lam * g + 1 <= 0)


@pytest.mark.parametrize("lam", [0.0, 0.17, 0.3, 1.0])
def test_mean_over_days_is_the_integral(lam):
    # catches: too few nodes, weights that do not add up to 1
    g, sd = transform(300.0, lam), {0.0: 0.4, 0.17: 0.9, 0.3: 1.7, 1.0: 60.0}[lam]
    density = lambda e: float(inverse(g + sd * e, lam)) * np.exp(-0.5 * e * e) / np.sqrt(2 * np.pi)  # noqa: E731
    assert mean_over_days(g, lam, sd) == pytest.approx(quad(density, -9, 9, epsabs=1e-10)[0], abs=1e-6)


@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0])
def test_slope(lam):
    # catches: a slope of another function, so that Newton's method wanders
    g, step = transform(250.0, lam), 1e-5
    rise = (mean_over_days(g + step, lam, 0.8) - mean_over_days(g - step, lam, 0.8)) / (2 * step)
    value, slope = with_slope(g, lam, 0.8)
    assert value == pytest.approx(mean_over_days(g, lam, 0.8), rel=1e-14)
    assert slope == pytest.approx(rise, rel=1e-7)
