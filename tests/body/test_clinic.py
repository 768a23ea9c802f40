"""Experiments with effects, sizes and supplements: every row of the targets has an answer or a reason."""

from __future__ import annotations

import numpy as np
import pytest

from magnes.body.baseline import reference_values
from magnes.body.experiments import of_effects, predictions
from magnes.body.experiments.base import Body
from magnes.body.experiments.clinic import crossing, filtering
from magnes.body.experiments.outside import OUTSIDE, POPULATION
from magnes.body.experiments.pregnancy import ionised_ratio
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target


@pytest.fixture(scope="module")
def said() -> dict[str, float]:
    found = predictions(Body(reference_values()), [row.id for row in table(Target)])
    return {key: float(value) for key, value in found.items()}


def test_every_row_has_an_answer_or_a_reason(said: dict[str, float]) -> None:
    # catches: a published number that is passed over in silence, or told twice
    rows = {row.id for row in table(Target)}
    assert rows == {*said, *OUTSIDE, *POPULATION}
    assert not set(said) & {*OUTSIDE, *POPULATION}
    assert not set(OUTSIDE) & set(POPULATION)
    assert all(np.isfinite(value) for value in said.values())


def test_rows_without_a_number_are_the_only_ones_without_a_number() -> None:
    # catches: a row that was found since and still counts as lost
    lost = {row.id for row in table(Target) if row.value is None}
    assert {key for key, why in OUTSIDE.items() if why.startswith("the row has no number")} == lost


# What the model must not get wrong, whatever it is fitted to: signs and orders
def test_signs_and_orders(said: dict[str, float]) -> None:
    # catches: a condition that works the other way after a new fit
    assert said["MG153"] < 0 < said["MG156"]
    assert said["MG152"] < said["MG153"]
    assert said["MG148"] < said["MG151"] < 0
    assert said["MG172"] < said["MG171"] < 0.8
    assert said["MG167"] > said["MG239"] > 0.85
    assert said["MG219"] < 0.7 < said["MG230"]
    assert said["MG221"] > 1.05
    assert said["MG264"] > said["MG265"]
    assert said["MG254"] > said["MG255"]
    assert said["MG182"] < said["MG184"] < 0
    assert said["MG065"] == said["MG098"] == said["MG108"] == 1


def test_effects_are_not_part_of_the_fit_of_the_body() -> None:
    # catches: body parameters bent to a factor that was solved from them
    assert {"MG148", "MG152", "MG156", "MG161", "MG162", "MG174", "MG264"} <= of_effects()
    assert not {"MG088", "MG053", "MG123"} & of_effects()


def test_crowds_get_the_answers_of_single_bodies() -> None:
    # catches: an experiment that takes the first of many parameter sets
    labile = reference_values()["labile_mmol"]
    keys = ("MG216", "MG060", "MG210")
    crowd = predictions(Body(reference_values() | {"labile_mmol": np.array([labile, labile * 1.2])}), keys)
    for place, factor in enumerate((1.0, 1.2)):
        single = predictions(Body(reference_values() | {"labile_mmol": labile * factor}), keys)
        for key in keys:
            assert np.broadcast_to(crowd[key], 2)[place] == pytest.approx(single[key], rel=5e-3), key


def test_the_pregnant_factor_can_be_tried() -> None:
    # catches: a calibration that reads the factor of the table whatever it tries
    body = Body(reference_values())
    assert ionised_ratio(body, 0.6) < ionised_ratio(body) < ionised_ratio(body, 1.0)


def test_helpers() -> None:
    # catches: a crossing read from the wrong axis; a filtration that is not of the reference adult
    assert crossing([0.0, 1.0, 2.0], np.array([0.0, 1.0, 4.0]), 2.5) == 1.5
    two = np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]])
    assert crossing([0.0, 1.0, 2.0], two, np.array([1.0, 1.0])).tolist() == [1.0, 0.5]
    assert filtering(112.6, Body(reference_values()))["gfr_relative"] == pytest.approx(1, abs=2e-3)
