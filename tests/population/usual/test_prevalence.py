"""The probability approach on gamma distributions that another package has published with its answers."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy.stats import gamma, lognorm, norm
from usual_days import REFERENCE

from magnes.population.usual.prevalence import probability_approach

with (REFERENCE / "nutrir_us_magnesium.csv").open(encoding="utf-8") as handle:
    ROWS = list(csv.DictReader(handle))


def test_there_are_34_groups() -> None:
    # catches: a file cut short, which would leave nothing to compare
    assert len(ROWS) == 34


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['sex']} {row['age']}")
def test_agrees_with_nutrir(row: dict[str, str]) -> None:
    # catches: another CV of the requirement, too few nodes, the EAR itself taken as everybody's requirement
    distribution = gamma(float(row["shape"]), scale=1 / float(row["rate"]))
    ear = float(row["ear"])
    # their integral is numeric, 1e-9 is what its own tolerance leaves
    assert 100 * probability_approach(distribution.cdf, ear) == pytest.approx(float(row["sev_stored"]), abs=1e-9)
    assert 100 * distribution.cdf(ear) == pytest.approx(float(row["cut_stored"]), abs=1e-11)


def test_normal_intake_has_a_closed_form() -> None:
    # catches: weights that do not add up, a requirement with another spread
    found = probability_approach(norm(300, 80).cdf, 265.0)
    assert found == pytest.approx(norm.cdf((265 - 300) / np.hypot(80, 26.5)), abs=1e-12)


def test_several_distributions_at_once() -> None:
    # catches: an answer that mixes sets of parameters
    sets = (lognorm(0.3, scale=300), lognorm(0.3, scale=400))
    both = probability_approach(lambda mg: np.stack([one.cdf(mg) for one in sets]), 350.0)
    assert both == pytest.approx([float(probability_approach(one.cdf, 350.0)) for one in sets], abs=1e-15)


def test_a_wide_requirement_never_falls_below_zero() -> None:
    # catches: a negative requirement in a distribution that has no value there
    def cdf(mg: np.ndarray) -> np.ndarray:
        assert (mg >= 0).all()
        return lognorm(0.3, scale=300).cdf(mg)

    assert 0 < probability_approach(cdf, 100.0, cv=0.5) < 1
