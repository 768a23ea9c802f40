"""Tables of days as researchers have them: other names, codes, separators; everything wrong at once."""

import polars as pl
import pytest

from magnes.errors import InputProblems
from magnes.readers.days_mapping import Mapped, read_mapping
from magnes.readers.days_table import read_days_table

DUTCH = """respnr;datum;mg;gewicht;geslacht;leeftijd;rep1;rep2
a;2026-11-20;310,5;1,25;1;44;1,0;1,5
a;2026-11-30;;1,25;1;45;1,0;1,5
b;22-11-2026;0;2;2;30;2,0;0,5
"""
MAPPING = """[columns]
person = "respnr"
date = "datum"
intake_mg_per_day = "mg"
weight = "gewicht"
sex = "geslacht"
age_years = "leeftijd"
replicates = "rep"

[sex]
1 = "man"
2 = "vrouw"
"""


def written(tmp_path, text, name="days.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def problems_of(read, *arguments):
    with pytest.raises(InputProblems) as caught:
        read(*arguments)
    return {(problem.code, problem.field, problem.line): problem for problem in caught.value.problems}


def test_a_dutch_file_with_codes_and_decimal_comma(tmp_path):
    # catches: a decimal comma as thousands, blank as 0, days out of order, Friday no weekend, replicates shifted
    rows = read_days_table(written(tmp_path, DUTCH), read_mapping(written(tmp_path, MAPPING, "map.toml")))
    frame = rows.frame
    assert rows.replicates == ["replicate_1", "replicate_2"]
    assert frame.select("line", "person", "day", "intake_mg_per_day", "weekend").rows() == [
        (2, "a", 1, 310.5, True),
        (3, "a", 2, None, False),
        (4, "b", 1, 0.0, True),
    ]
    assert frame["sex"].to_list() == ["male", "male", "female"]
    assert frame.select("weight", "age_years", "replicate_2").row(0) == (1.25, 44.0, 1.5)
    assert frame["psu"].null_count() == 3


def test_own_names_need_no_mapping_and_parquet_is_the_same(tmp_path):
    # catches: another result from Parquet than from CSV; an own column named line
    text = "line,person,day,intake_mg_per_day,sex,weekend,psu\n9,1,1,300.25,f,0,2\n9,1,2,250,f,1,2\n"
    by_csv = read_days_table(written(tmp_path, text)).frame
    pl.read_csv(tmp_path / "days.csv").write_parquet(tmp_path / "days.parquet")
    by_parquet = read_days_table(tmp_path / "days.parquet").frame
    assert by_parquet.drop("line").equals(by_csv.drop("line"))
    assert by_csv.select("person", "day", "intake_mg_per_day", "weekend", "psu").rows() == [
        ("1", 1, 300.25, False, 2),
        ("1", 2, 250.0, True, 2),
    ]


def test_all_wrong_cells_at_once(tmp_path):
    # catches: the first problem only; a day or person twice; facts of a person that change; a word that is no code
    text = (
        "person,day,intake_mg_per_day,sex,weight,weekend\n"
        "1,1,300,male,1.5,0\n"
        "1,1,310,female,1.5,0\n"
        "2,1,much,male,-2,0\n"
        "3,0,300,mael,1,maybe\n"
        ",1,300,male,1,\n"
    )
    found = problems_of(read_days_table, written(tmp_path, text))
    assert set(found) >= {
        ("day_twice", "day", 3),
        ("differs_within_person", "sex", 3),
        ("number_invalid", "intake_mg_per_day", 4),
        ("number_range", "weight", 4),
        ("number_range", "day", 5),
        ("choice_unknown", "sex", 5),
        ("choice_unknown", "weekend", 5),
        ("cell_empty", "person", 6),
    }
    assert found["choice_unknown", "sex", 5].nearest[0] == "male"


def test_a_birthday_between_two_days_is_no_problem(tmp_path):
    # catches: 44 and 45 years refused; 4 and 45 taken
    text = "person,day,intake_mg_per_day,age_years\n1,1,300,44\n1,2,300,{}\n"
    assert read_days_table(written(tmp_path, text.format(45))).frame.height == 2
    assert ("differs_within_person", "age_years", 3) in problems_of(read_days_table, written(tmp_path, text.format(4)))


def test_columns_that_are_not_there(tmp_path):
    # catches: a wrong name without the nearest one that is there; neither day nor date
    path = written(tmp_path, "respnr,magnesium_mg,rep1\n1,300,1\n")
    mapped = Mapped({"person": "respnummer", "intake_mg_per_day": "magnesium", "replicates": "repl", "wieght": "x"})
    found = problems_of(read_days_table, path, mapped)
    assert found["column_missing", "respnummer", 1].nearest == ("respnr",)
    assert found["column_missing", "magnesium", 1].nearest == ("magnesium_mg",)
    assert found["field_unknown", "wieght", None].nearest == ("weight",)
    assert ("column_missing", "day", 1) in found
    assert ("column_missing", "repl…", 1) in found


def test_a_mapping_with_mistakes(tmp_path):
    # catches: a misspelt field taken as nothing; the line of the mistake lost
    text = '[columns]\npersn = "a"\nday = 3\n[sex]\n1 = "mael"\n[colums]\n'
    found = problems_of(read_mapping, written(tmp_path, text, "map.toml"))
    assert found["field_unknown", "columns.persn", 2].nearest == ("person",)
    assert ("text_invalid", "columns.day", 3) in found
    assert found["choice_unknown", "sex.1", 5].nearest[0] == "male"
    assert found["field_unknown", "colums", 6].nearest == ("columns",)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("days.csv", "", "file_empty"),
        ("days.csv", "person,day,intake_mg_per_day\n", "file_empty"),
        ("days.csv", "person,day,intake_mg_per_day\n1,2,3,4,5\n", "csv_broken"),
        ("days.parquet", "no parquet", "file_unreadable"),
    ],
)
def test_files_that_are_no_table(tmp_path, name, content, code):
    # catches: an exception of a library instead of a problem
    assert code in {found for found, _, _ in problems_of(read_days_table, written(tmp_path, content, name))}


@pytest.mark.parametrize("name", ["days.csv", "days.parquet"])
def test_a_file_that_is_not_there(tmp_path, name):
    # catches: a missing file told as a broken one
    written(tmp_path, "x", f"dayz.{name[5:]}")
    found = problems_of(read_days_table, tmp_path / name)
    assert found["file_missing", "", None].nearest == (f"dayz.{name[5:]}",)
