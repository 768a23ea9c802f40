"""NHANES as published: transport files written by two writers that are not the reader, and CSV."""

import polars as pl
import pyreadstat
import pytest
from nhanes_files import CYCLE, DEMO, DR1TOT, folder_of, transport_file

from magnes.errors import InputProblems
from magnes.readers.nhanes_xpt import holds_nhanes_files, read_nhanes


def by_pyreadstat(path, name, columns):
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Float64))
    pyreadstat.write_xport(frame, str(path), file_format_version=5, table_name=name)


def by_csv(path, name, columns):
    pl.DataFrame(columns).write_csv(path.with_suffix(".csv"))


@pytest.mark.parametrize("write", [transport_file, by_pyreadstat, by_csv])
def test_every_variable_of_a_cycle(tmp_path, write):
    # catches: a variable of the wrong file or day, 0 read as 5e-79 or missing, blank as 0, people lost in a join
    survey = read_nhanes(folder_of(tmp_path, write, {"E": CYCLE}))
    rows = {row["SEQN"]: row for row in survey.persons.to_dicts()}
    assert list(rows) == [31, 32, 33, 34]
    assert rows[31] == rows[31] | {
        "cycle": "E", "RIAGENDR": 1, "RIDAGEYR": 45, "RIDEXPRG": None, "SDMVPSU": 1, "SDMVSTRA": 59,
        "WTMEC2YR": 1000.5, "WTDRD1": 1500.25, "WTDR2D": 1700.0, "day1_status": 1, "day2_status": 1, "day1_weekday": 1,
        "day2_weekday": 4, "day1_magnesium_mg": 312.0, "day2_magnesium_mg": 250.5, "supplement_mg_per_day": 100.0,
    }  # fmt: skip
    assert rows[32]["day1_magnesium_mg"] == 0.0
    assert rows[33]["day1_magnesium_mg"] is None
    assert rows[34]["day1_status"] is None
    assert rows[34]["WTMEC2YR"] == pytest.approx(5.4e-3, rel=1e-12)
    # 32 answered that none were taken; 33 took something without a figure, 34 did not answer
    assert [rows[seqn]["supplement_mg_per_day"] for seqn in (32, 33, 34)] == [0.0, None, None]
    assert survey.foods.select("day", "SEQN", "food_code", "grams", "occasion").rows() == [
        (1, 31, 51101000, 100.0, 1),
        (1, 31, 94000100, None, 2),
        (1, 32, 11111000, 244.5, None),
    ]


def test_all_missing_values_of_sas(tmp_path):
    # catches: .A or ._ (refused, unknown) read as a number
    cycle = CYCLE | {"DR1TOT": DR1TOT | {"DR1TMAGN": ["A", "_", "Z"]}}
    survey = read_nhanes(folder_of(tmp_path, transport_file, {"E": cycle}))
    assert survey.persons["day1_magnesium_mg"].null_count() == 4


def test_cycles_go_together_by_letter(tmp_path):
    # catches: recalls of one cycle joined to people of another; the first recall's weight overwritten by DR2TOT
    later = {name: columns | {"SEQN": [seqn + 100 for seqn in columns["SEQN"]]} for name, columns in CYCLE.items()}
    del later["DR2TOT"]
    survey = read_nhanes(folder_of(tmp_path, by_pyreadstat, {"E": CYCLE, "F": later}))
    assert dict(survey.persons["cycle"].value_counts().rows()) == {"E": 4, "F": 4}
    rows = {row["SEQN"]: row for row in survey.persons.to_dicts()}
    assert (rows[131]["day1_magnesium_mg"], rows[131]["day2_magnesium_mg"]) == (312.0, None)
    assert survey.foods.height == 6


def test_antacids_are_no_nothing(tmp_path):
    # catches: who takes no supplements but antacids counted as taking no magnesium
    antacids = {"SEQN": [31.0, 32.0], "DSD010": [2.0, 2.0], "DSD010AN": [1.0, 2.0], "DSQTMAGN": [None, None]}
    survey = read_nhanes(folder_of(tmp_path, transport_file, {"E": CYCLE | {"DSQTOT": antacids}}))
    assert survey.persons["supplement_mg_per_day"].to_list()[:2] == [None, 0.0]


def test_the_long_cycle_has_other_names(tmp_path):
    # catches: P_DR1TOT not found; its weights lost; its people counted beside the same people of J
    renamed = {
        "P_DEMO": {("WTMECPRP" if name == "WTMEC2YR" else name): column for name, column in DEMO.items()},
        "P_DR1TOT": {f"{name}PP" if name.startswith("WT") else name: column for name, column in DR1TOT.items()},
    }
    for name, columns in renamed.items():
        transport_file(tmp_path / f"{name}.xpt", name, columns)
    row = read_nhanes(tmp_path).persons.to_dicts()[0]
    assert (row["cycle"], row["WTDRD1"], row["WTDR2D"], row["WTMEC2YR"]) == ("P", 1500.25, 1700.0, 1000.5)
    folder_of(tmp_path, by_pyreadstat, {"E": CYCLE})
    assert {problem.code for problem in problems_of(tmp_path)} == {"cycles_mixed"}


def test_totals_alone_are_a_survey(tmp_path):
    # catches: individual foods demanded of who has totals only
    survey = read_nhanes(folder_of(tmp_path, by_pyreadstat, {"E": {"DEMO": DEMO, "DR1TOT": DR1TOT}}))
    assert survey.foods.height == 0
    assert holds_nhanes_files(tmp_path)


def problems_of(folder):
    with pytest.raises(InputProblems) as caught:
        read_nhanes(folder)
    return caught.value.problems


def test_all_problems_of_all_files_at_once(tmp_path):
    # catches: stopping at the first file; a wrong name told without the nearest one; a bad cell without its row
    wrong = {"SEQN": DR1TOT["SEQN"], "DR1DRSTZ": [1.0, 9.0, 1.0], "DR1TMGN": DR1TOT["DR1TMAGN"]}
    folder_of(tmp_path, by_pyreadstat, {"E": {"DEMO": DEMO | {"RIAGENDR": [1.0, 3.0, None, 1.0]}, "DR1TOT": wrong}})
    (tmp_path / "DR2TOT_E.xpt").write_bytes(b"no transport file" * 20)
    found = {(problem.code, problem.field, problem.line): problem for problem in problems_of(tmp_path)}
    assert found["column_missing", "DR1TMAGN", None].nearest == ("DR1TMGN",)
    assert found["number_range", "RIAGENDR", 2].found == "3"
    assert ("cell_empty", "RIAGENDR", 3) in found
    assert any(code == "xpt_broken" for code, _, _ in found)
    assert found["number_range", "RIAGENDR", 2].file.endswith("DEMO_E.xpt")


@pytest.mark.parametrize("missing", ["DEMO", "DR1TOT"])
def test_a_file_that_is_needed(tmp_path, missing):
    # catches: a cycle without people or without first recalls read as empty
    folder_of(tmp_path, by_pyreadstat, {"E": {name: CYCLE[name] for name in CYCLE if name != missing}})
    (problem,) = problems_of(tmp_path)
    assert (problem.code, problem.field) == ("file_missing", f"{missing}_E.xpt")


def test_other_refusals(tmp_path):
    # catches: an empty folder or the same file as xpt and csv taken silently; one person in two cycles
    assert {problem.code for problem in problems_of(tmp_path)} == {"file_missing"}
    assert not holds_nhanes_files(tmp_path)
    folder_of(tmp_path, by_pyreadstat, {"E": CYCLE, "F": CYCLE})
    assert {problem.code for problem in problems_of(tmp_path)} == {"person_twice"}
    folder_of(tmp_path, by_csv, {"E": CYCLE})
    assert "file_twice" in {problem.code for problem in problems_of(tmp_path)}
