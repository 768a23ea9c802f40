"""The calibration as a PEtab problem: petab finds no error, and libRoadRunner measures what our experiments say."""

from __future__ import annotations

from pathlib import Path

import pytest
from exported.petab_check import complaints, differences, errors, nominal, others

from magnes.body.petab import write

ALIKE = 1e-4
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # petab 0.8 with pandas 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("petab")
    write(place)
    return place


def test_petab_and_libsbml_find_no_error(folder: Path) -> None:
    # catches: a column that PEtab does not know, a name that the model has not, a unit that does not fit
    assert errors(folder) == []
    assert complaints(folder) == []


def test_simulated_measurements_are_ours(folder: Path) -> None:
    # catches: a condition, dose, day or formula that is not that of our experiments
    assert max(differences(folder, nominal()).values()) < ALIKE


def test_gains_follow_other_parameters(folder: Path) -> None:
    # catches: gains and amounts that stay at the nominal values
    assert max(differences(folder, others()[0]).values()) < ALIKE
