"""``magnes fit`` from file to answer; ``magnes simulate`` with laboratory values."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.main import cli
from magnes.text import number

ANNA = """age_years = 67
sex = "female"
weight_kg = 71
height_cm = 165
egfr_ml_min_1_73m2 = 60

[[medicines]]
name = "omeprazol"
times = ["08:00"]
"""
SERUM = """
[[labs]]
test = "serum-magnesium"
value = {}
unit = "mmol/L"
confirmed = true
"""


def run(*args: str, lang: str = "nl", verb: str = "fit") -> Result:
    return CliRunner().invoke(cli, [verb, *args], env={"MAGNES_LANG": lang})


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    path = tmp_path / "anna.toml"
    path.write_text(ANNA + SERUM.format(0.71))
    return path


def test_text_and_json_say_the_same(anna: Path, tmp_path: Path) -> None:
    # catches: numbers for people that a program does not get, a picture without words
    picture = tmp_path / "fan.svg"
    text = run(str(anna), "--draws", "80", "--days", "60", "--svg", str(picture))
    assert text.exit_code == 0, text.output
    answer = json.loads(run(str(anna), "--draws", "80", "--days", "60", "--json", lang="en").stdout)
    assert answer["basis"] == "fitted"
    assert number(answer["serum"]["value"], "nl", 2) in text.output
    assert [one["scenario"] for one in answer["forecasts"]] == ["unchanged", "stop", "heat"]
    assert answer["forecasts"][1]["stopped"] == ["omeprazol"]
    for one in answer["forecasts"]:
        assert {row["day"] for row in one["rows"]} == {0, 30, 60}
        last = next(row for row in one["rows"] if row["quantity"] == "serum" and row["day"] == 60)
        assert f"{number(last['value'], 'nl', 2)} ({number(last['low'], 'nl', 2)}" in text.output
    assert text.output.count("Aangenomen:") == 1
    root = ElementTree.fromstring(picture.read_text())  # noqa: S314 - our own picture
    assert root.find("{http://www.w3.org/2000/svg}title") is not None


def test_without_laboratory_values_it_is_people_like_you(anna: Path) -> None:
    # catches: an error, or a person of whom nothing was measured shown as fitted
    anna.write_text(ANNA)
    result = run(str(anna), "--draws", "50", "--days", "30", lang="en")
    assert result.exit_code == 0
    assert "There is no laboratory value of yours" in result.output
    assert "Look ahead" in result.output


def test_values_that_contradict_the_model_have_no_look_ahead(anna: Path, tmp_path: Path) -> None:
    # catches: a look ahead from bodies that are not this person's; a picture that is silently missing
    anna.write_text(ANNA + SERUM.format(1.9))
    picture = tmp_path / "fan.svg"
    result = run(str(anna), "--draws", "50", "--svg", str(picture), lang="en")
    assert result.exit_code == 0
    assert "do not fit the model" in result.stdout
    assert "measured 1.90" in result.stdout
    assert "Look ahead" not in result.stdout
    assert "There is no look ahead" in result.stderr
    assert "do not fit the model" in picture.read_text()
    assert json.loads(run(str(anna), "--draws", "50", "--json").stdout)["forecasts"] == []


def test_a_dose_behind_a_stop_stops(anna: Path) -> None:
    # catches: a look ahead for a person who takes what the safety rules forbid
    dose = '\n[[supplements]]\nsalt = "citrate"\nelemental_mg = 400\ntimes = ["08:00"]\n'
    anna.write_text(ANNA.replace("= 60", "= 10") + SERUM.format(0.9) + dose)
    result = run(str(anna), "--draws", "50")
    assert result.exit_code == 3
    assert "Vooruitblik" not in result.output


def test_a_body_without_a_level_is_told(anna: Path, tmp_path: Path) -> None:
    # catches: a traceback for a breastfeeding woman with one poor day in her diary
    anna.write_text('age_years = 30\nsex = "female"\nweight_kg = 65\nlactating = true\n' + SERUM.format(0.8))
    diary = tmp_path / "d.csv"
    diary.write_text("date;food;amount;unit\n2026-11-20;witbrood;200;g\n")
    for verb in ("fit", "simulate"):
        result = run(str(anna), "--diary", str(diary), "--draws", "50", verb=verb)
        assert result.exit_code == 1
        assert "geen peil" in result.stderr


def test_simulate_starts_from_the_laboratory_values(anna: Path) -> None:
    # catches: a measured serum that is left out though the model can use it
    answers = {}
    for value in (0.71, 0.9):
        anna.write_text(ANNA + SERUM.format(value))
        answers[value] = json.loads(run(str(anna), "--days", "5", "--draws", "60", "--json", verb="simulate").stdout)
        assert "measured_serum_not_used" not in answers[value]["assumed"]
    low, high = (next(row["value"] for row in one["rows"] if row["quantity"] == "serum") for one in answers.values())
    assert low + 0.05 < high


@pytest.mark.parametrize(("value", "draws", "told"), [(1.9, "50", True), (0.71, "0", False)])
def test_simulate_says_when_the_values_are_not_used(anna: Path, value: float, draws: str, told: bool) -> None:
    # catches: a course that leaves a measured value out without a word
    anna.write_text(ANNA + SERUM.format(value))
    result = run(str(anna), "--days", "5", "--draws", draws, "--json", verb="simulate")
    assert result.exit_code == 0
    assert "measured_serum_not_used" in json.loads(result.stdout)["assumed"]
    assert ("passen niet bij het model" in result.stderr) == told
