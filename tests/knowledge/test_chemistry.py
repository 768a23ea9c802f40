"""Salt arithmetic from formulas against IUPAC masses that stand here on their own."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.knowledge.chemistry import ATOMIC_WEIGHT, atoms, magnesium_mass_fraction, molar_mass_g_per_mol
from magnes.knowledge.load import table
from magnes.knowledge.records import Salt
from magnes.units import MAGNESIUM_G_PER_MOL

REFERENCE = Path(__file__).parents[1] / "reference"
with (REFERENCE / "salts.csv").open(encoding="utf-8") as handle:
    PUBLISHED = {row["id"]: row for row in csv.DictReader(handle)}
with (REFERENCE / "iupac_weights.csv").open(encoding="utf-8") as handle:
    IUPAC = {row["element"]: float(row["weight"]) for row in csv.DictReader(handle)}
SALTS = [salt for salt in table(Salt) if salt.formula]


def test_atomic_weights_are_iupac() -> None:
    # catches a mistyped atomic weight
    assert IUPAC == ATOMIC_WEIGHT
    assert IUPAC["Mg"] == MAGNESIUM_G_PER_MOL


@pytest.mark.parametrize("salt", SALTS, ids=lambda salt: salt.id)
def test_salt_masses_follow_from_the_atoms(salt: Salt) -> None:
    # catches a wrong formula, hydrate or bracket: counted by hand in the reference, to 0.1 %
    published = PUBLISHED[salt.id]
    counts = {part.split("=")[0]: int(part.split("=")[1]) for part in published["atoms"].split()}
    assert atoms(salt.formula) == counts
    mass = sum(IUPAC[element] * count for element, count in counts.items())
    fraction = counts["Mg"] * IUPAC["Mg"] / mass
    assert molar_mass_g_per_mol(salt.formula) == pytest.approx(mass, rel=1e-9)
    assert magnesium_mass_fraction(salt.formula) == pytest.approx(fraction, rel=1e-9)
    assert salt.molar_mass_g_per_mol == pytest.approx(mass, rel=1e-3)
    assert salt.magnesium_mass_fraction == pytest.approx(fraction, rel=1e-3)
    assert float(published["mg_per_100_mg"]) == pytest.approx(100 * fraction, rel=1e-3)


def test_every_salt_is_in_the_reference() -> None:
    # catches a new salt that nobody counted
    assert {salt.id for salt in SALTS} == set(PUBLISHED)
    assert len(SALTS) == 33


def test_every_family_has_one_default() -> None:
    # catches a family name that means no salt, or two
    for family in {salt.family for salt in table(Salt)}:
        members = [salt for salt in table(Salt) if salt.family == family]
        assert sum(salt.default_of_family for salt in members) == 1, family


def test_dissolved_shares_are_ordered_fractions() -> None:
    # catches an interval the wrong way round and a share above 1
    for salt in table(Salt):
        assert 0 <= salt.soluble_low <= salt.soluble_fraction <= salt.soluble_high <= 1, salt.id


@pytest.mark.parametrize(
    "formula",
    ["", "mgo", "Xx2", "MgO)", "(MgO", "Mg(OH", "MgO2-", "Mg O", "5", "MgCl2..6H2O", "MgCl2.", "Mg*6H2O", "MgU", "Mg+"],
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    # catches a parser that reads past what it does not know
    with pytest.raises(ValueError, match=r"formula|atomic weight"):
        atoms(formula)


def test_brackets_dots_and_factors_multiply() -> None:
    # catches a factor that reaches only the first element
    assert atoms("4MgCO3.Mg(OH)2.5H2O") == {"Mg": 5, "C": 4, "O": 19, "H": 12}
    assert atoms("Mg((OH)2)3") == {"Mg": 1, "O": 6, "H": 6}


@given(st.integers(1, 9), st.integers(1, 12))
def test_water_only_dilutes(count: int, more: int) -> None:
    # catches hydration water that is counted as magnesium or not at all
    wet, wetter = f"MgCl2.{count}H2O", f"MgCl2.{count + more}H2O"
    assert magnesium_mass_fraction(wetter) < magnesium_mass_fraction(wet) < magnesium_mass_fraction("MgCl2")
    assert molar_mass_g_per_mol(wetter) - molar_mass_g_per_mol(wet) == pytest.approx(more * 18.015, rel=1e-9)
