"""Power and sample size: against formulas, and right when there is nothing to find."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from magnes.errors import InputProblems
from magnes.population.power import power_of, size_of
from magnes.population.trial_course import Crowd
from magnes.population.trial_people import people_of
from magnes.population.trial_spec import Dose, PeopleSpec, design_of

ARMS = {"control": None, "citrate": Dose("citrate", 150, 2)}
SAME = {"control": None, "nothing": None}


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd.of(people_of(PeopleSpec(number=120, each_own_parameters=False)))


def test_power_is_that_of_the_t_distribution(crowd: Crowd) -> None:
    # catches: luck that is shared between simulated trials, a test of another size, an interval of another level
    said: list[float] = []
    (found,) = power_of(crowd, design_of(ARMS, days=42), number=40, trials=600, alpha=0.05, progress=said.append)
    df, shift = 40 - 3, found.without_luck / found.se
    edge = stats.t.isf(0.025, df)
    exact = stats.nct.sf(edge, df, shift) + stats.nct.cdf(-edge, df, shift)
    assert found.power == pytest.approx(exact, abs=0.06)
    assert found.low < found.power < found.high
    assert found.effect == pytest.approx(found.without_luck, abs=4 * found.se / np.sqrt(600))
    assert 0.92 < found.covered < 0.98
    assert said[-1] == 1.0
    assert said == sorted(said)


def test_nothing_is_found_where_there_is_nothing(crowd: Crowd) -> None:
    # catches: a test that finds too often
    (found,) = power_of(crowd, design_of(SAME, days=14), number=30, trials=600, alpha=0.05)
    assert found.without_luck == 0
    assert found.low < 0.05 < found.high


def test_sample_size_agrees_with_the_normal_formula(crowd: Crowd) -> None:
    # catches: a search that stops on the wrong side, people of one arm told as people in all
    found = size_of(crowd, design_of(ARMS, days=42, assay_error=0.12), target=0.8, trials=400, alpha=0.05)
    assert found.formula > 40
    assert found.people == pytest.approx(found.formula, rel=0.2)
    assert found.people % 2 == 0
    assert found.at[0].power >= 0.8
    (fewer,) = power_of(
        crowd, design_of(ARMS, days=42, assay_error=0.12), number=found.people // 2, trials=400, alpha=0.05
    )
    assert fewer.power < 0.75


def test_no_number_is_enough_for_no_difference(crowd: Crowd) -> None:
    # catches: a search without end
    with pytest.raises(InputProblems, match="trial_no_size"):
        size_of(crowd, design_of(SAME, days=1), target=0.9, trials=50, alpha=0.05)
