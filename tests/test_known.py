"""The lines of ``cases/known.py``: what people type leads where it must."""

from __future__ import annotations

import pytest
from known import FOODS, INTERACTIONS, MEDICINES, REFERENCE_VALUES, SALTS

from magnes.advice.check import interactions_of
from magnes.computed import elemental_of, recommended_intake
from magnes.knowledge.names import medicine_atc, salts_named
from magnes.matching import matcher


@pytest.mark.parametrize(("name", "food"), FOODS)
def test_foods(name: str, food: str) -> None:
    # catches: a food that cannot be found by its everyday name
    found = matcher().match(name).food
    assert found is not None
    assert found.basic == food


@pytest.mark.parametrize(("name", "salt", "magnesium_mg"), SALTS)
def test_salts(name: str, salt: str, magnesium_mg: float) -> None:
    # catches: a name that leads to another salt, a formula with an atom too many
    assert salts_named(name)[0].id == salt
    assert elemental_of(name, "1000").value == pytest.approx(magnesium_mg, abs=0.1)


@pytest.mark.parametrize(("name", "atc"), MEDICINES)
def test_medicines(name: str, atc: str) -> None:
    # catches: a brand or short name that is not known
    assert medicine_atc(name) == atc


@pytest.mark.parametrize(("name", "expected"), INTERACTIONS)
def test_interactions(name: str, expected: set[str]) -> None:
    # catches: a code that the medicine does not have
    assert expected <= {row.id for row in interactions_of(medicine_atc(name) or "")}


@pytest.mark.parametrize(("authority", "kind", "age_years", "sex", "mg_per_day"), REFERENCE_VALUES)
def test_reference_values(authority: str, kind: str, age_years: float, sex: str, mg_per_day: float) -> None:
    # catches: a value in the wrong age band, or superseded and still chosen
    assert recommended_intake(authority, kind, str(age_years), sex).value == mg_per_day
