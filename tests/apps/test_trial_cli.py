"""``magnes trial`` from file to table, picture and files."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

import magnes
from magnes.apps.cli.main import cli

SPEC = """
days = 14

[people]
number = 12
each_own_parameters = false

[arms.control]

[arms.citrate]
salt = "citrate"
elemental_mg = 150

[power]
pool = 50
trials = 50
people = 20
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "trial.toml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def told(*words: object) -> Result:
    return CliRunner().invoke(cli, ["trial", *map(str, words)])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_trial_from_a_file(spec: Path, tmp_path: Path, language: str) -> None:
    # catches: a verb that shows one thing and writes another
    out, svg = tmp_path / "out.json", tmp_path / "out.svg"
    result = told(spec, "--lang", language, "--out", out, "--svg", svg)
    assert result.exit_code == 0, result.output
    assert {"nl": "Virtuele proef met 12 mensen", "en": "Virtual trial with 12 people"}[language] in result.output
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["enrolled"] == 12
    assert found["provenance"]["seed"] == "1"
    assert found["people"]["number"] == 12
    assert found["survey"] in result.output
    assert svg.read_text(encoding="utf-8").startswith("<svg")


def test_people_of_a_survey_folder(spec: Path) -> None:
    # catches: an option that is read and not used
    result = told(spec, "--survey", Path(magnes.__file__).parent / "examples")
    assert result.exit_code == 0, result.output
    assert "nhanes_2007_2010_persons.csv" in result.output


def test_single_people_to_parquet(spec: Path, tmp_path: Path) -> None:
    # catches: a table without its provenance
    out = tmp_path / "out.parquet"
    assert told(spec, "--out", out).exit_code == 0
    assert pl.read_parquet(out).columns == ["person", "period", "arm", "day", "value"]
    assert pl.read_parquet_metadata(out)["seed"] == "1"


def test_power_and_sample_size(spec: Path, tmp_path: Path) -> None:
    # catches: --power that runs one trial; a number of people that is not that of the file
    out = tmp_path / "out.json"
    result = told(spec, "--power", "--lang", "en", "--out", out)
    assert result.exit_code == 0, result.output
    assert "With 20 people" in result.output
    assert json.loads(out.read_text(encoding="utf-8"))["at"][0]["people"] == 20
    spec.write_text(SPEC.replace("people = 20\n", ""), encoding="utf-8")
    result = told(spec, "--power", "--lang", "en", "--out", tmp_path / "out.parquet")
    assert "the usual formula says" in result.output


def test_what_is_wrong_is_told_with_its_line(spec: Path) -> None:
    # catches: a traceback, or one problem at a time
    spec.write_text(SPEC.replace("days = 14", "dayz = 14").replace('"citrate"', '"citrat"'), encoding="utf-8")
    result = told(spec, "--lang", "en")
    assert result.exit_code == 1
    assert "trial.toml:2: dayz" in result.output
    assert "trial.toml:11: arms.citrate.salt" in result.output
    assert "2 problems; nothing was computed." in result.output


@pytest.mark.parametrize("words", [("--out", "out.txt"), ("--survey", " "), ("--out", "/nowhere/at/all.json")])
def test_options_that_cannot_be(spec: Path, words: tuple[str, str]) -> None:
    # catches: a run of minutes before a file name is refused with a traceback
    result = told(spec, *words)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_no_picture_of_a_power(spec: Path) -> None:
    # catches: an option that is taken and not used
    assert told(spec, "--power", "--svg", "x.svg").exit_code == 2
