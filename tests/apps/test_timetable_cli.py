"""``magnes timetable``: the table, the files, the conflict, the refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.main import cli

PERSON = """age_years = 60
sex = "female"
egfr_ml_min_1_73m2 = {egfr}

[day]
breakfast = "07:30"

[[medicines]]
name = "{medicine}"
times = ["08:00"]
"""


def run(*args: str, lang: str = "nl") -> Result:
    return CliRunner().invoke(cli, ["timetable", *args], env={"MAGNES_LANG": lang})


def person(tmp_path: Path, medicine: str = "levothyroxine", egfr: int = 80) -> str:
    path = tmp_path / "p.toml"
    path.write_text(PERSON.format(medicine=medicine, egfr=egfr), encoding="utf-8")
    return str(path)


def test_the_table_in_both_languages(tmp_path: Path) -> None:
    # catches: words of the other language, an added supplement that is not placed
    dutch = run(person(tmp_path), "--add", "citraat:150@08:00")
    english = run(person(tmp_path), "--add", "citrate:150@08:00", lang="en")
    assert dutch.exit_code == english.exit_code == 0, dutch.output
    assert "2 momenten" in dutch.output
    assert "magnesium (citraat), 150 mg magnesium" in dutch.output
    assert "2 moments" in english.output


def test_calendar_and_picture_are_written(tmp_path: Path) -> None:
    # catches: an option that is read and not done, line ends that a calendar refuses
    ics, svg = tmp_path / "day.ics", tmp_path / "day.svg"
    result = run(person(tmp_path), "--ics", str(ics), "--svg", str(svg), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["kind"] == "timetable"
    assert ics.read_bytes().count(b"BEGIN:VEVENT\r\n") == 1
    assert b"\r\r\n" not in ics.read_bytes()
    assert svg.read_text(encoding="utf-8").startswith("<svg")


def test_a_conflict_is_named_and_ends_with_1(tmp_path: Path) -> None:
    # catches: an impossible day that looks like a good one to a script
    result = run(person(tmp_path, "raltegravir"), "--add", "citrate:150@20:00", "--ics", str(tmp_path / "no.ics"))
    assert result.exit_code == 1
    assert "raltegravir" in result.output
    assert "niet samen met" in result.output
    assert not (tmp_path / "no.ics").exists()
    as_json = run(person(tmp_path, "raltegravir"), "--add", "citrate:150@20:00", "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["kind"] == "conflict"


def test_a_dose_behind_a_stop_is_not_placed(tmp_path: Path) -> None:
    # catches: clock times for magnesium that this person must not take
    result = run(person(tmp_path, egfr=12), "--add", "citrate:150@08:00")
    assert result.exit_code == 3
    assert "momenten" not in result.output


def test_an_added_dose_above_the_limit_is_told(tmp_path: Path) -> None:
    # catches: a dose above the limit that gets its clock time and no word
    result = run(person(tmp_path), "--add", "citrate:600@08:00", lang="en")
    assert result.exit_code == 0
    assert result.output.startswith("Serious")
    assert "250 mg" in result.output
    assert "Serious" not in run(person(tmp_path), "--add", "citrate:100@08:00", lang="en").output


@pytest.mark.parametrize("add", ["citrat:150@08:00", "citrate@08:00"])
def test_a_mistyped_supplement_is_refused(tmp_path: Path, add: str) -> None:
    # catches: a supplement left out because its name is misspelt
    assert run(person(tmp_path), "--add", add).exit_code == 1


def test_help_loads_no_solver() -> None:
    # catches: half a second of imports for a line of help
    code = (
        "import sys; from magnes.apps.cli.main import cli; cli(['timetable', '--help'], standalone_mode=False);"
        "print('ortools' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip().endswith("False")
