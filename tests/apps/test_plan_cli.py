"""``magnes plan``: everything in one answer, stops with exit code 3, files and progress."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.main import cli

ANNA, DIARY = (str(files("magnes.examples") / f"anna.{kind}") for kind in ("toml", "csv"))


def run(*args: str, lang: str = "nl") -> Result:
    return CliRunner().invoke(cli, ["plan", *args, "--lang", lang, "--draws", "60"])


@pytest.fixture(scope="module")
def dutch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, str]:
    page = tmp_path_factory.mktemp("plan") / "plan.html"
    result = run(ANNA, "--diary", DIARY, "--html", str(page))
    return result, page.read_text(encoding="utf-8")


def test_every_part_is_there(dutch: tuple[Result, str]) -> None:
    # catches: a part that is left out, a plan that ends with an error
    result, page = dutch
    assert result.exit_code == 0, result.output
    for words in ("Zes stappen", "risico-indicatie", "Eten eerst", "Plan voor magnesium", "Tijdschema", "Vooruitblik"):
        assert words in result.stdout
    assert "geen diagnose" in result.stdout
    assert result.stderr.count("…") >= 6
    assert page.startswith("<!DOCTYPE html>")
    assert "Magnesiumplan" in page


def test_a_closed_gate_ends_with_three(tmp_path: Path) -> None:
    # catches: a dose behind a closed gate, a stop that a script does not notice
    file = tmp_path / "p.toml"
    file.write_text('age_years = 70\nsex = "male"\negfr_ml_min_1_73m2 = 25\n', encoding="utf-8")
    result = run(str(file))
    assert result.exit_code == 3
    assert "nierarts" in result.stdout
    assert "keer x mg" not in result.stdout


def test_json_is_json_and_says_the_same(tmp_path: Path) -> None:
    # catches: progress or words in the JSON, a part that cannot be written
    result = run(ANNA, "--diary", DIARY, "--json", lang="en")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert set(answer) == {"standing", "foods", "dose", "forecasts", "timetable", "steps"}
    assert answer["dose"]["options"][0]["per_taking_mg"] > 0
    assert {row["code"] for row in answer["forecasts"]} == {"unchanged", "stop", "food", "add", "heat"}
    assert next(step["code"] for step in answer["steps"]) in ("supplement", "food")


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    # catches: one error at a time over three files
    person, diary, prices = tmp_path / "p.toml", tmp_path / "d.csv", tmp_path / "x.csv"
    person.write_text('age_years = "old"\nsex = "male"\n', encoding="utf-8")
    diary.write_text("date,food,amount,unit\n2026-10-05,zzzz,1,g\n", encoding="utf-8")
    result = run(str(person), "--diary", str(diary), "--prices", str(prices), lang="en")
    assert result.exit_code == 1
    for name in ("p.toml", "d.csv", "x.csv"):
        assert name in result.stderr
