"""Weights of replicates: balanced, and right for a total, whose variance is known."""

import numpy as np
import pytest

from magnes.errors import InputProblems
from magnes.population.replicates import bootstrap, fay_brr, jackknife, standard_error

STRATA = np.repeat([61, 62, 63, 64, 65], 2)
PSU = np.tile([1, 2], 5)
VALUES = np.array([3.0, 5, 2, 2.5, 9, 7, 1, 0, 4, 8])


def total_se(replicates, values=VALUES):
    totals = np.r_[values.sum(), values @ replicates.weights]
    return standard_error(totals, replicates.scale)


def linear_se(strata, values):
    """Taylor: between the units of each stratum."""
    parts = [values[strata == stratum] for stratum in np.unique(strata)]
    return np.sqrt(sum(len(part) * part.var(ddof=1) for part in parts))


@pytest.mark.parametrize("k", [0.0, 0.3, 0.5])
def test_fay_brr_is_exact_for_a_total(k):
    # catches: a matrix that is not balanced, a scale without (1 - k)²
    replicates = fay_brr(STRATA, PSU, k)
    assert replicates.weights.shape == (10, 8)
    assert sorted(set(replicates.weights.round(12).ravel())) == [k, 2 - k]
    assert total_se(replicates) == pytest.approx(linear_se(STRATA, VALUES), rel=1e-12)


def test_fay_brr_sets_the_first_unit_against_the_others():
    # catches: a third unit that stays as it is, or that goes with the first
    weights = fay_brr(np.r_[STRATA, 65], np.r_[PSU, 3]).weights
    assert (weights[10] == weights[9]).all()
    assert (weights[8] + weights[9] == 2).all()


@pytest.mark.parametrize("strata", [1, 7, 8, 31])
def test_fay_brr_is_balanced_for_any_number_of_strata(strata):
    # catches: two strata with the same pattern, a stratum on the column of ones
    weights = fay_brr(np.repeat(np.arange(strata), 2), np.tile([1, 2], strata), 0.0).weights[::2] - 1
    assert np.array_equal(weights @ weights.T, weights.shape[1] * np.eye(strata))
    assert (weights.sum(axis=1) == 0).all()


def test_jackknife_is_exact_for_a_total():
    # catches: units per stratum that count as if there were two
    strata, psu = np.r_[STRATA, 65, 65], np.r_[PSU, 3, 4]
    values = np.r_[VALUES, 6.0, 5.0]
    assert total_se(jackknife(strata, psu), values) == pytest.approx(linear_se(strata, values), rel=1e-12)


def test_bootstrap_is_near_for_a_total_and_keeps_its_draws():
    # catches: draws of n instead of n - 1 units, a seed that does nothing
    strata, psu = np.r_[STRATA, 65, 65], np.r_[PSU, 3, 4]
    values = np.r_[VALUES, 6.0, 5.0]
    replicates = bootstrap(strata, psu, 4000, seed=3)
    assert total_se(replicates, values) == pytest.approx(linear_se(strata, values), rel=0.05)
    assert np.array_equal(replicates.weights, bootstrap(strata, psu, 4000, seed=3).weights)
    assert not np.array_equal(replicates.weights, bootstrap(strata, psu, 4000, seed=4).weights)
    assert replicates.weights.mean() == pytest.approx(1, abs=0.02)


def test_people_of_one_unit_share_a_factor():
    # catches: people resampled instead of units; the same name of a unit in another stratum taken for the same unit
    strata, psu = np.repeat(STRATA, 3), np.repeat(PSU, 3)
    for replicates in (fay_brr(strata, psu), jackknife(strata, psu), bootstrap(strata, psu, 50)):
        assert (replicates.weights.reshape(10, 3, -1).std(axis=1) == 0).all()
        assert len(np.unique(replicates.weights[::3], axis=0)) == 10


@pytest.mark.parametrize("make", [fay_brr, jackknife, bootstrap])
def test_stratum_with_one_unit_is_told(make):
    # catches: no spread taken for no uncertainty
    with pytest.raises(InputProblems, match="stratum_one_unit; found '77'"):
        make(np.r_[STRATA, 77], np.r_[PSU, 1])
