"""Crowds of healthy adults against the reference intervals of a survey."""

import numpy as np
import pytest

from magnes.body.baseline import reference_values
from magnes.body.experiments.base import Body
from magnes.body.experiments.crowd import crowd
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target

NUMBER = 400


@pytest.fixture(scope="module")
def adults() -> dict[str, np.ndarray]:
    return crowd(Body(reference_values()), number=NUMBER)


def test_serum_spreads_as_in_the_survey(adults: dict[str, np.ndarray]) -> None:
    # catches: variability that is too small or too large for the interval it was sized on (NHANES 2021-23)
    rows = {row.id: row for row in table(Target)}
    men, women = rows["MG015"], rows["MG016"]
    width = np.mean([row.high - row.low for row in (men, women)])  # type: ignore[operator]
    low, middle, high = np.percentile(adults["serum"], (2.5, 50, 97.5))
    assert high - low == pytest.approx(width, rel=0.2)
    assert middle == pytest.approx(np.mean([men.value, women.value]), abs=0.04)  # type: ignore[arg-type]


def test_urine_spreads_as_people_do(adults: dict[str, np.ndarray]) -> None:
    # catches: people who are all alike in what they lose (metabolic wards: 40 to 160 mg a day)
    low, high = np.percentile(adults["urine"] * 24.305, (2.5, 97.5))
    assert 20 < low < 50
    assert 120 < high < 200


def test_a_crowd_comes_again_with_its_seed(adults: dict[str, np.ndarray]) -> None:
    # catches: numbers that differ from run to run
    again = crowd(Body(reference_values()), number=NUMBER)
    assert np.array_equal(again["serum"], adults["serum"])
