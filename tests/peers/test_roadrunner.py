"""The exported body model in libRoadRunner: the same course as ours; libSBML has nothing to say of it."""

from __future__ import annotations

import pytest
from exported.runs import cases, complaints, furthest, ours, right_hand_side, roadrunner

ALIKE = 1e-5


@pytest.mark.parametrize("name", cases())
def test_libsbml_finds_no_error_and_no_warning(name: str) -> None:
    # catches: a unit that does not fit, a name that SBML reserves, a number without a unit
    assert complaints(name) == []


@pytest.mark.parametrize("name", cases())
def test_rates_of_change_are_ours(name: str) -> None:
    # catches: a formula written with wrong brackets, a flow from the wrong place
    assert right_hand_side(name) < 1e-12


@pytest.mark.parametrize("name", cases())
def test_ninety_days_run_alike(name: str) -> None:
    # catches: a dose lost among events of the same time, a change that starts early or late
    serum, state = furthest(ours(name), roadrunner(name))
    assert serum < ALIKE
    assert state < ALIKE
