"""The NHANES reader, on the 25 participants that the package ships."""

import builtins
import gzip
import shutil

import pytest

from magnes.diary import resolve
from magnes.errors import InputProblems
from magnes.examples import example_folder, example_ids, example_survey
from magnes.intake import intake
from magnes.knowledge.names import condition_id
from magnes.readers.diary_csv import read_diary
from magnes.readers.nhanes import DIABETES, egfr_from_mg_per_dl, person_and_diary, read_survey
from magnes.readers.person_toml import read_person

PERSONS, FOODS = "nhanes_2007_2010_persons.csv", "nhanes_2007_2010_foods.csv"


@pytest.fixture
def folder(tmp_path):
    for name in (PERSONS, FOODS):
        shutil.copy(example_folder() / name, tmp_path / name)
    return tmp_path


def change(path, line, old, new):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def problems_of(folder):
    with pytest.raises(InputProblems) as caught:
        read_survey(folder)
    return caught.value.problems


def test_reads_the_shipped_people_and_the_same_compressed(folder):
    """Catches: a reader that knows only one of the two file forms."""
    plain = read_survey(folder)
    assert plain.persons.height == len(example_ids()) == 25
    assert plain.foods_without_person == 0
    for name in (PERSONS, FOODS):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    packed = read_survey(folder)
    assert packed.persons.equals(plain.persons)
    assert packed.foods.equals(plain.foods)


def test_misspelt_column_is_refused_with_the_nearest(folder):
    """Catches: reading on with a column of nulls."""
    change(folder / PERSONS, 1, "RIDAGEYR", "RIDAGEY")
    change(folder / FOODS, 1, "grams", "gram")
    found = problems_of(folder)
    assert [(p.code, p.line, p.field, p.nearest) for p in found] == [
        ("column_missing", 1, "RIDAGEYR", ("RIDAGEY",)),
        ("column_missing", 1, "grams", ("gram",)),
    ]
    assert found[0].file.endswith(PERSONS)
    assert "RIDAGEYR" in found[0].accepted


def test_every_bad_cell_is_told_with_its_line(folder):
    """Catches: stopping at the first bad cell, a line number off by one, a code that is silently missing."""
    change(folder / PERSONS, 2, "41475,2,", "41475,3,")
    change(folder / FOODS, 3, "92101500", "")
    change(folder / FOODS, 4, "4.0", "-4.0")
    places = {(p.code, p.line, p.field, p.found) for p in problems_of(folder)}
    assert places == {
        ("number_range", 2, "RIAGENDR", "3"),
        ("cell_empty", 3, "food_code", ""),
        ("number_range", 4, "grams", "-4"),
    }


@pytest.mark.parametrize("word", ["a lot", "7,5x", "1.2.3"])
def test_word_for_a_number_is_told_with_its_line(folder, word):
    """Catches: text becoming null, which would read as "not known"."""
    change(folder / FOODS, 4, "4.0", f'"{word}"')
    assert [(p.code, p.line, p.field, p.found) for p in problems_of(folder)] == [("number_invalid", 4, "grams", word)]


def test_infinite_or_fractional_number_is_refused(folder):
    """Catches: infinity passing as a weight, a code of food that is cut to another one."""
    change(folder / FOODS, 2, "160.0", "inf")
    change(folder / FOODS, 3, "92101500", "92101500.5")
    assert {(p.line, p.field, p.code) for p in problems_of(folder)} == {
        (2, "grams", "number_range"),
        (3, "food_code", "number_range"),
    }


def test_participant_twice_is_refused(folder):
    """Catches: counting a person twice."""
    path = folder / PERSONS
    path.write_text(path.read_text(encoding="utf-8") + path.read_text(encoding="utf-8").splitlines()[1] + "\n")
    assert {(p.code, p.line, p.found) for p in problems_of(folder)} == {
        ("person_twice", 2, "41475"),
        ("person_twice", 27, "41475"),
    }


def test_missing_empty_and_broken_files(folder):
    """Catches: a traceback instead of the name of the file."""
    (folder / PERSONS).rename(folder / "nhanes_2007_2010_person.csv")
    (folder / FOODS).write_bytes(b"")
    missing, empty = problems_of(folder)
    assert (missing.code, missing.nearest[0]) == ("file_missing", "nhanes_2007_2010_person.csv")
    assert empty.code == "file_empty"
    (folder / FOODS).write_bytes(b"\xff\xfe\x00\x01")
    assert problems_of(folder)[1].code == "file_encoding"
    (folder / FOODS).unlink()
    packed = gzip.compress((example_folder() / FOODS).read_bytes())
    (folder / f"{FOODS}.gz").write_bytes(packed[: len(packed) // 2])
    assert problems_of(folder)[1].code in ("csv_broken", "file_unreadable")
    (folder / f"{FOODS}.gz").write_bytes(b"not gzip")
    assert problems_of(folder)[1].code == "file_unreadable"
    assert [p.code for p in problems_of(folder / "nowhere")] == ["file_missing", "file_missing"]


def test_header_without_rows_is_empty(folder):
    """Catches: an assessment of nobody."""
    path = folder / FOODS
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert [p.code for p in problems_of(folder)] == ["file_empty"]


def test_without_polars_the_extra_is_named(monkeypatch):
    """Catches: an ImportError with a traceback."""
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "polars":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputProblems) as caught:
        example_survey()
    problem = caught.value.problems[0]
    assert (problem.code, problem.found, problem.accepted) == (
        "extra_missing",
        "polars",
        "pip install 'magnes[survey]'",
    )
    assert len(example_ids()) == 25


def test_person_has_the_facts_of_the_survey():
    """Catches: sex codes swapped, creatinine in the wrong unit, type of diabetes made up."""
    person, diary = person_and_diary(example_survey(), 41483)
    assert (person.label, person.sex, person.age_years, person.weight_kg) == ("NHANES 41483", "male", 66, 133.1)
    assert person.egfr_ml_min_1_73m2 == 57.4
    assert person.conditions == (DIABETES,)
    assert condition_id(DIABETES) == "diabetes"
    assert [date.isoformat() for date in diary.dates] == ["2000-01-01", "2000-01-08"]
    assert {entry.meal for entry in diary.entries} == {"breakfast", "lunch", "supper", "snack", "drink"}
    pregnant, _ = person_and_diary(example_survey(), 42134)
    assert pregnant.pregnant
    child = next(p for n in example_ids() if (p := person_and_diary(example_survey(), n)[0]).age_years < 18)
    assert (child.egfr_ml_min_1_73m2, child.egfr_from_creatinine) == (None, False)
    assert pregnant.sex == "female"


def test_egfr_only_for_adults_with_creatinine():
    """Catches: an equation for adults used on children; 0 for a missing value. 1.5 mg/dL, man of 70: CKD-EPI 2021."""
    assert egfr_from_mg_per_dl(1.5, 70, "male") == 49.8
    assert egfr_from_mg_per_dl(0.5, 17, "male") is None
    assert egfr_from_mg_per_dl(None, 70, "male") is None


def test_recall_that_is_not_reliable_is_left_out():
    """Catches: days with breast milk, which nobody weighed, counted as the little that was eaten besides."""
    person, diary = person_and_diary(example_survey(), 41580)
    assert person.age_years == 0
    assert diary.entries == ()
    assert intake(person, resolve(diary)).food is None


def test_food_without_grams_makes_the_day_incomplete(folder):
    """Catches: missing grams counted as nothing eaten. Line 2 is a food of the first recall of 41475."""
    change(folder / FOODS, 2, "160.0", "")
    person, diary = person_and_diary(read_survey(folder), 41475)
    with pytest.raises(InputProblems) as caught:
        resolve(diary)
    assert [(p.code, p.line) for p in caught.value.problems] == [("unit_unknown", 2)]
    eaten = intake(person, resolve(diary, allow_unmatched=True))
    assert [(day.date.isoformat(), day.complete) for day in eaten.days] == [("2000-01-01", False), ("2000-01-08", True)]
    whole = intake(*_resolved(41475))
    assert eaten.food.value == pytest.approx(whole.days[1].magnesium.value, rel=1e-12)


def _resolved(seqn):
    person, diary = person_and_diary(example_survey(), seqn)
    return person, resolve(diary)


def test_unknown_number_comes_with_the_nearest():
    """Catches: an empty assessment for a number that does not exist."""
    with pytest.raises(InputProblems) as caught:
        person_and_diary(example_survey(), 41581)
    problem = caught.value.problems[0]
    assert (problem.code, problem.found, problem.nearest[0]) == ("seqn_unknown", "41581", "41580")
    assert len(problem.nearest) == 3


@pytest.mark.parametrize("seqn", [41483, 41489])
def test_shipped_person_and_diary_files_say_the_same(seqn):
    """Catches: example files that drifted from the survey they were made from."""
    person, eaten = _resolved(seqn)
    assert person.age_in_whole_years
    assert person.egfr_from_creatinine
    assert not person.supplements_known
    no_field = {"age_in_whole_years": False, "egfr_from_creatinine": False}  # a person file has no such fields
    assert read_person(example_folder() / f"nhanes-{seqn}.toml") == person.model_copy(update=no_field)
    diary = read_diary(example_folder() / f"nhanes-{seqn}.csv")
    same = ("date", "meal", "food", "amount", "unit")
    assert [entry.model_dump(include=same) for entry in diary.entries] == [
        entry.model_dump(include=same) for entry in eaten.diary.entries
    ]
    assert intake(person, resolve(diary)) == intake(person, eaten)
