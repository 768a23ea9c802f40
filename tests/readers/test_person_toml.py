"""Person files that are right; what is wrong is in the malformed table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magnes.errors import InputProblems
from magnes.person import Person, egfr_ckd_epi_2021
from magnes.readers.person_fields import MOST_ROWS, MOST_TIMES, NUMBERS
from magnes.readers.person_toml import read_person

TODAY = dt.date(2026, 11, 22)
# The example of ARCHITECTURE.md
FULL = """\
label = "A"
age_years = 67
sex = "female"
weight_kg = 71
height_cm = 165
pregnant = false
lactating = false
egfr_ml_min_1_73m2 = 52
conditions = ["type 2 diabetes", "iets zeldzaams"]
sport_hours_per_week = 2
authority = "gezondheidsraad-2018"

[[medicines]]
name = "omeprazol"
dose_mg = 20
times = ["08:00"]

[[supplements]]
salt = "citrate"
elemental_mg = 150
times = ["08:00", 20:00:00]

[[supplements]]
product = "Merk X"
elemental_mg = 0.5
times = ["8:00 pm"]

[[labs]]
test = "19123-9"
value = 0.71
unit = "mmol/L"
date = 2026-10-01
"""


def _read(tmp_path: Path, text: str) -> Person:
    path = tmp_path / "person.toml"
    path.write_bytes(text.encode())
    return read_person(path, today=TODAY)


def test_every_field_arrives(tmp_path: Path) -> None:
    # catches: a field that is read but not kept, or kept under another name
    person = _read(tmp_path, FULL)
    assert (person.label, person.age_years, person.sex, person.weight_kg) == ("A", 67, "female", 71)
    assert (person.height_cm, person.egfr_ml_min_1_73m2, person.sport_hours_per_week) == (165, 52, 2)
    assert (person.pregnant, person.lactating, person.trimester) == (False, False, None)
    assert person.conditions == ("diabetes-type-2", "iets zeldzaams")
    assert person.authority == "gezondheidsraad-2018"
    (medicine,) = person.medicines
    assert (medicine.name, medicine.atc, medicine.dose_mg) == ("omeprazol", "A02BC01", 20)
    assert medicine.times == (dt.time(8),)
    citrate, brand = person.supplements
    assert (citrate.salt, citrate.elemental_mg, citrate.compound_mg) == ("citrate", 150, None)
    assert citrate.times == (dt.time(8), dt.time(20))
    assert (brand.product, brand.salt, brand.elemental_mg, brand.times) == ("Merk X", "", 0.5, (dt.time(20),))
    (lab,) = person.labs
    assert (lab.test, lab.value, lab.unit, lab.date) == ("serum-magnesium", 0.71, "mmol/L", dt.date(2026, 10, 1))


def test_what_is_not_told_is_not_known(tmp_path: Path) -> None:
    # catches: a missing value read as 0 or false conclusions from absence
    person = _read(tmp_path, 'age_years = 30\nsex = "v"\nmedicines = []\nconditions = []\n')
    assert person == Person(age_years=30, sex="female")
    assert person.egfr_ml_min_1_73m2 is None
    assert person.weight_kg is None


@pytest.mark.parametrize(
    ("text", "sex"),
    [(text, "female") for text in ("Vrouw", "f", "FEMALE", "v", "Meisje", "girl", "Woman")]
    + [(text, "male") for text in ("man", "M", "male", "jongen", "BOY")],
)
def test_sex_in_two_languages(tmp_path: Path, text: str, sex: str) -> None:
    # catches: "v" or a capital refused, or taken for the other sex
    assert _read(tmp_path, f'age_years = 30\nsex = "{text}"\n').sex == sex


@pytest.mark.parametrize(
    ("born", "years"), [("1976-11-22", 50), ('"22-11-1976"', 50), ("2026-11-22", 0), ("1980-02-29", 46.73)]
)
def test_age_from_birth_date(tmp_path: Path, born: str, years: float) -> None:
    # catches: an age off by a year, a bare and a quoted date that differ
    assert _read(tmp_path, f'birth_date = {born}\nsex = "male"\n').age_years == pytest.approx(years, abs=0.01)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.integers(1000, 400_000), st.integers(0, 2))
def test_bare_and_quoted_comma_and_point_are_one_weight(tmp_path: Path, grams: int, digits: int) -> None:
    # catches: a weight that depends on how it was typed
    typed = f"{grams / 1000:.{digits}f}"
    forms = [typed, f'"{typed}"', f'"{typed.replace(".", ",")}"']
    start = 'age_years = 30\nsex = "male"\nweight_kg = '
    weights = {_read(tmp_path, start + form + "\n").weight_kg for form in forms}
    assert weights == {float(typed)}


IN_TABLES = {"trimester", "dose_mg", "elemental_mg", "compound_mg", "load_mg"}


@pytest.mark.parametrize("name", sorted(set(NUMBERS) - IN_TABLES))
def test_bounds_of_every_number_are_accepted_and_beyond_refused(tmp_path: Path, name: str) -> None:
    # catches: a bound of the reader outside that of the record (a traceback), or a bound not applied
    low, high, _ = NUMBERS[name]
    rest = "" if name == "age_years" else "age_years = 30\n"
    for value in (low, high):
        _read(tmp_path, f'sex = "male"\n{rest}{name} = {value}\n')
    for value in (low - 1, high + 1):
        with pytest.raises(InputProblems) as caught:
            _read(tmp_path, f'sex = "male"\n{rest}{name} = {value}\n')
        assert [(problem.code, problem.field) for problem in caught.value.problems] == [("number_range", name)]


def test_creatinine_becomes_egfr(tmp_path: Path) -> None:
    # catches: creatinine ignored, the equation of the other sex
    values = {
        sex: _read(tmp_path, f'age_years = 50\nsex = "{sex}"\nserum_creatinine_umol_l = 80\n').egfr_ml_min_1_73m2
        for sex in ("female", "male")
    }
    assert values == {sex: round(egfr_ckd_epi_2021(80, 50, sex), 1) for sex in ("female", "male")}
    assert values["female"] < values["male"]


def test_a_computed_kidney_function_is_told_from_a_given_one(tmp_path: Path) -> None:
    # catches: an eGFR of the laboratory called computed, or the other way round
    start = 'age_years = 50\nsex = "male"\n'
    flags = [
        _read(tmp_path, start + line).egfr_from_creatinine
        for line in ("serum_creatinine_umol_l = 80\n", "egfr_ml_min_1_73m2 = 80\n", "")
    ]
    assert flags == [True, False, False]


def test_supplements_that_nobody_asked_about(tmp_path: Path) -> None:
    # catches: "not asked" read as "none taken", or an absent field as "not asked"
    start = 'age_years = 50\nsex = "male"\n'
    flags = [
        _read(tmp_path, start + line).supplements_known
        for line in ("", "supplements_known = true\n", "supplements_known = false\n")
    ]
    assert flags == [True, True, False]


def test_magnesium_of_a_medicine_beside_its_dose(tmp_path: Path) -> None:
    # catches: the magnesium on the label of an antacid lost, or taken for the dose
    rows = '[[medicines]]\nname = "magnesiumhydroxide"\ndose_mg = 724\nelemental_mg = 301\n'
    (medicine,) = _read(tmp_path, f'age_years = 30\nsex = "male"\n{rows}').medicines
    assert (medicine.dose_mg, medicine.elemental_mg) == (724, 301)


def test_as_many_rows_and_times_as_allowed(tmp_path: Path) -> None:
    # catches: a limit that is one too low
    rows = '[[medicines]]\nname = "xqzzy"\n' * (MOST_ROWS - 1)
    times = ", ".join(f'"{hour}:00"' for hour in range(MOST_TIMES))
    last = f'[[medicines]]\nname = "xqzzy"\ntimes = [{times}]\n'
    conditions = f"conditions = {['xqzzy'] * MOST_ROWS}\n"
    person = _read(tmp_path, f'age_years = 30\nsex = "male"\n{conditions}{rows}{last}')
    assert (len(person.medicines), len(person.conditions)) == (MOST_ROWS, MOST_ROWS)
    assert len(person.medicines[-1].times) == MOST_TIMES


def test_trimester_of_a_pregnancy(tmp_path: Path) -> None:
    # catches: the trimester lost or kept as a fraction
    person = _read(tmp_path, 'age_years = 30\nsex = "female"\npregnant = true\ntrimester = 3\n')
    assert (person.pregnant, person.trimester) == (True, 3)


@pytest.mark.parametrize(("unit", "value"), [("mmol/L", 0.8), ("µmol/L", 800), ("mg/dL", 1.94), ("mEq/L", 1.6)])
def test_lab_units(tmp_path: Path, unit: str, value: float) -> None:
    # catches: a unit that can be converted but is refused here (the micro sign)
    labs = f'[[labs]]\ntest = "serum magnesium"\nvalue = {value}\nunit = "{unit}"\n'
    person = _read(tmp_path, f'age_years = 30\nsex = "male"\n{labs}')
    assert (person.labs[0].unit, person.labs[0].value) == (unit, value)


def test_an_unknown_medicine_stays_without_code(tmp_path: Path) -> None:
    # catches: a vitamin or a made-up name that becomes an ATC code
    rows = '[[medicines]]\nname = "B12"\n[[medicines]]\nname = "xqzzy"\n'
    person = _read(tmp_path, f'age_years = 30\nsex = "male"\n{rows}')
    assert [medicine.atc for medicine in person.medicines] == ["", ""]


def test_compound_of_a_salt(tmp_path: Path) -> None:
    # catches: the mass of a salt taken for the mass of magnesium
    rows = '[[supplements]]\nsalt = "magnesium citrate"\ncompound_mg = 900\ntimes = ["08:00"]\n'
    (supplement,) = _read(tmp_path, f'age_years = 30\nsex = "male"\n{rows}').supplements
    assert (supplement.elemental_mg, supplement.compound_mg) == (None, 900)


def test_diet_allergies_and_dislikes_in_either_language(tmp_path: Path) -> None:
    # catches: a word of people that no plan understands, an allergen lost where a word means several
    base = 'age_years = 40\nsex = "female"\n'
    person = _read(
        tmp_path, base + 'diet = ["Veganistisch"]\nallergies = ["noten", "melk"]\ndislikes = [" spruitjes "]\n'
    )
    assert person.diet == ("vegan",)
    assert set(person.allergies) == {"peanut", "tree-nut", "milk"}
    assert person.dislikes == ("spruitjes",)


def test_unknown_words_for_food_are_refused_with_the_nearest(tmp_path: Path) -> None:
    # catches: a misspelt allergy taken in silence
    base = 'age_years = 40\nsex = "female"\n'
    with pytest.raises(InputProblems) as caught:
        _read(tmp_path, base + 'diet = ["vegann"]\nallergies = ["gluteen"]\ndislikes = ["xylofoon"]\n')
    found = {problem.field: problem for problem in caught.value.problems}
    assert [found[name].code for name in ("diet", "allergies", "dislikes")] == ["choice_unknown"] * 2 + ["food_unknown"]
    assert "vegan" in found["diet"].nearest
    assert "gluten" in found["allergies"].nearest
    assert "sesam" in found["allergies"].accepted
    assert [problem.line for problem in caught.value.problems] == [3, 4, 5]
