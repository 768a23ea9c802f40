"""What the body model says a laboratory should find, and how far one value strays."""

import math

import numpy as np
import pytest

from magnes.body.baseline import reference_values, solved, start
from magnes.body.model import MEALS
from magnes.body.solve import Bolus, run
from magnes.fit.data import MEASURABLE, data_of, log_predicted, method_log_sd, relative_sd
from magnes.knowledge.names import lab_test
from magnes.person import LabResult, Person

P = solved(reference_values())
REST = start(P)


def predicted(test: str, load_mg: float | None = None) -> float:
    return math.exp(log_predicted(test, REST, P, load_mg))


def test_a_healthy_body_shows_what_laboratories_call_normal() -> None:
    # catches: a wrong unit (mg for mmol, a fraction for percent), a wrong space
    for test in MEASURABLE:
        row = lab_test(test)
        assert row.usual_low < predicted(test) < row.usual_high, test
    assert predicted("serum-magnesium") == pytest.approx(0.83, abs=0.01)
    assert 2 < predicted("fractional-excretion") < 5
    assert 2.0 < predicted("red-cell-magnesium") < 2.4


def test_a_load_raises_urine_of_that_day_alone_by_a_part_of_the_dose() -> None:
    # catches: a dose in mg taken for mmol, a dose that never reaches the kidney or all of it
    plain, loaded = predicted("urine-magnesium-24h"), predicted("magnesium-load", 400)
    assert predicted("magnesium-load", 800) > loaded > plain
    assert 0.02 < (loaded - plain) / (400 / 24.305) < 0.5


def test_the_load_of_fixed_steps_is_that_of_the_solver() -> None:
    # catches: a day whose meals or steps differ from the model that everything else uses
    meal = P["intake_mmol_per_day"] / 3
    boluses = [
        Bolus(hour / 24, "gut_upper", mmol) for hour, mmol in ((0, 400 / 24.305), (1, meal), (5.5, meal), (11, meal))
    ]
    path = run(MEALS, P, REST, [0.0, 1.0], boluses=boluses)
    assert predicted("magnesium-load", 400) == pytest.approx(path[-1][MEALS.names.index("urine")], rel=1e-3)


def test_units_reach_the_fit_in_that_of_the_test() -> None:
    # catches: 1.9 mg/dL fitted as 1.9 mmol/L
    labs = (
        LabResult(test="serum-magnesium", value=1.9, unit="mg/dL"),
        LabResult(test="serum-albumin", value=40, unit="g/L"),
    )
    (datum,) = data_of(Person(age_years=40, sex="male", labs=labs))
    assert datum.value == pytest.approx(0.782, abs=1e-3)
    assert datum.log_sd == relative_sd("serum-magnesium") == pytest.approx(0.036, abs=1e-3)


def test_methods_differ_more_than_one_method_does() -> None:
    # catches: red cells of another laboratory read as a finding
    assert method_log_sd("serum-magnesium") == 0
    assert method_log_sd("red-cell-magnesium") > 2 * relative_sd("red-cell-magnesium")


def test_an_unknown_test_is_refused() -> None:
    with pytest.raises(ValueError, match="hair"):
        log_predicted("hair-magnesium", REST, P)


def test_arrays_give_what_single_bodies_give() -> None:
    # catches: a body that takes its neighbour's value
    factors = np.array([0.9, 1.0, 1.1])
    together = log_predicted("urine-magnesium-24h", REST, {**P, "kidney_setpoint_factor": factors})
    alone = [log_predicted("urine-magnesium-24h", REST, {**P, "kidney_setpoint_factor": float(one)}) for one in factors]
    assert together.tolist() == pytest.approx(alone)
    assert alone[0] > alone[1] > alone[2]
