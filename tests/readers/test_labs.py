"""Laboratory values of a person file: every test, unit and name is read, and what cannot be right is asked about."""

import datetime as dt
from pathlib import Path

import pytest

from magnes.errors import InputProblems
from magnes.knowledge.load import table
from magnes.knowledge.names import lab_test, lab_test_code, lab_test_names
from magnes.knowledge.records import LabTest
from magnes.person import LabResult
from magnes.readers.person_toml import read_person
from magnes.text import LANGUAGES, problem_text
from magnes.units import LAB_UNITS

TODAY = dt.date(2026, 11, 22)


def read(folder: Path, *rows: str) -> tuple[LabResult, ...]:
    """Read values whose fields are written with semicolons."""
    path = folder / "person.toml"
    tables = "".join("[[labs]]\n" + row.replace("; ", "\n") + "\n" for row in rows)
    path.write_text(f'age_years = 60\nsex = "male"\n{tables}', encoding="utf-8")
    return read_person(path, today=TODAY).labs


def row(test: str, value: object, unit: str, more: str = "") -> str:
    return f'test = "{test}"; value = {value}; unit = "{unit}"' + (f"; {more}" if more else "")


def dose(test: LabTest) -> str:
    return "load_mg = 300" if test.quantity == "load_urine" else ""


UNITS = [(test, unit) for test in table(LabTest) for unit in LAB_UNITS[test.unit]]


@pytest.mark.parametrize(("test", "unit"), UNITS, ids=lambda part: getattr(part, "id", part))
def test_every_unit_of_every_test_goes_there_and_back(tmp_path: Path, test: LabTest, unit: str) -> None:
    # catches: a unit that is offered but refused, a factor of another quantity, a value kept in another unit
    middle = (test.usual_low * test.usual_high) ** 0.5
    typed = round(middle / LAB_UNITS[test.unit][unit], 3)
    (found,) = read(tmp_path, row(test.id.replace("-", " "), f'"{typed:.2f}"', unit, dose(test)))
    assert (found.value, found.unit) == (float(f"{typed:.2f}"), unit)
    assert test.in_unit(found.value, found.unit) == pytest.approx(middle, rel=0.1)


@pytest.mark.parametrize("name", lab_test_names())
def test_every_name_means_its_test(tmp_path: Path, name: str) -> None:
    # catches: a Dutch name or LOINC code that leads to another test
    test = lab_test(lab_test_code(name) or "")
    (found,) = read(tmp_path, row(name, (test.usual_low + test.usual_high) / 2, test.unit, dose(test)))
    assert found.test == test.id


@pytest.mark.parametrize("typed", ["0.75", '"0.75"', '"0,75"'])
def test_comma_and_point_are_both_decimal(tmp_path: Path, typed: str) -> None:
    # catches: 0,75 read as 75
    assert read(tmp_path, row("serum magnesium", typed, "mmol/L"))[0].value == 0.75


@pytest.mark.parametrize(("value", "unit"), [(1.9, "mmol/L"), (0.8, "mg/dL"), (9.9, "mmol/L")])
def test_an_unlikely_value_is_taken_when_it_is_confirmed(tmp_path: Path, value: float, unit: str) -> None:
    # catches: a person with failing kidneys, or a very low value, who cannot give the true result
    with pytest.raises(InputProblems):
        read(tmp_path, row("serum magnesium", value, unit, "confirmed = false"))
    assert read(tmp_path, row("serum magnesium", value, unit, "confirmed = true"))[0].value == value


@pytest.mark.parametrize("value", [0.3, 0.4, 1.5, 4.5])
def test_an_unusual_value_that_no_other_unit_explains_is_taken(tmp_path: Path, value: float) -> None:
    # catches: severe illness refused as a typing error
    assert read(tmp_path, row("serum magnesium", value, "mmol/L"))[0].value == value


def test_bounds_are_possible_and_beyond_is_not(tmp_path: Path) -> None:
    # catches: < for <=, a bound in the wrong unit
    for test in table(LabTest):
        for value in (test.lowest, test.highest):
            assert read(tmp_path, row(test.id, value, test.unit, f"confirmed = true; {dose(test)}"))
        for value in (round(test.lowest * 0.9, 3), test.highest + 1):
            with pytest.raises(InputProblems) as caught:
                read(tmp_path, row(test.id, value, test.unit, f"confirmed = true; {dose(test)}"))
            (problem,) = caught.value.problems
            assert problem.code in ("lab_impossible", "number_range")
            assert problem.accepted == f"{test.lowest:g} … {test.highest:g} {test.unit}"


def test_two_values_of_one_day_are_both_kept(tmp_path: Path) -> None:
    # catches: the second blood sample of a day that replaces the first
    rows = [row("serum magnesium", value, "mmol/L", "date = 2026-11-01") for value in (0.71, 0.78)]
    assert [found.value for found in read(tmp_path, *rows)] == [0.71, 0.78]


def test_a_value_of_today_is_taken_and_has_its_dose(tmp_path: Path) -> None:
    # catches: today in the future, the dose of a load test lost
    (found,) = read(tmp_path, row("oral magnesium load test", 9.5, "mmol/24h", "load_mg = 450; date = 2026-11-22"))
    assert found == LabResult(test="magnesium-load", value=9.5, unit="mmol/24h", date=TODAY, load_mg=450)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_names_the_likely_unit(tmp_path: Path, language: str) -> None:
    # catches: a refusal that leaves a person to guess what was meant, one unit where two fit
    with pytest.raises(InputProblems) as caught:
        read(tmp_path, row("serum magnesium", 1.9, "mmol/L"))
    said = problem_text(caught.value.problems[0], language)
    bounds = {"nl": "0,4 … 1,5", "en": "0.4 … 1.5"}[language]
    for part in ("1.9 mmol/L", "1.9 mg/dL = 0.78 mmol/L; 1.9 mEq/L = 0.95 mmol/L", bounds, "confirmed = true"):
        assert part in said


def test_errors_of_measurement_are_there_for_every_test() -> None:
    # catches: a fit that trusts a day of urine like a blood value, percentages taken for fractions
    relative = {test.id: test.cv for test in table(LabTest)}
    assert all(0.01 < found < 0.5 for found in relative.values())
    assert relative["ionised-magnesium"] == pytest.approx(0.04, rel=0.01)  # as measured, within a person
    assert relative["serum-magnesium"] < relative["red-cell-magnesium"] < relative["urine-magnesium-24h"]
    assert len({test.quantity for test in table(LabTest)}) == len(table(LabTest))
