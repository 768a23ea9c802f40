"""``magnes simulate``: the table, the picture, the refusals; cold start."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.main import cli

ANNA = """age_years = 67
sex = "female"
weight_kg = 71
height_cm = 165
egfr_ml_min_1_73m2 = {egfr}
conditions = ["type 2 diabetes"]

[[medicines]]
name = "omeprazol"
times = ["08:00"]
"""


def run(*args: str, lang: str = "nl") -> Result:
    return CliRunner().invoke(cli, ["simulate", *args], env={"MAGNES_LANG": lang})


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    path = tmp_path / "anna.toml"
    path.write_text(ANNA.format(egfr=60))
    return path


def test_the_table_in_both_languages(anna: Path) -> None:
    # catches: a label or number in the wrong language, a change that is not said
    dutch = run(str(anna), "--stop", "omeprazol", "--add", "citraat:150@08:00,20:00", "--draws", "50")
    english = run(str(anna), "--stop", "omeprazole", "--draws", "0", lang="en")
    assert dutch.exit_code == english.exit_code == 0
    assert "Stopt op dag 0: omeprazol." in dutch.output
    assert "citraat, 150 mg magnesium per keer om 08:00, 20:00" in dutch.output
    assert "serum, totaal (mmol/L)" in dutch.output
    assert " 0,7" in dutch.output
    assert "geen diagnose" in dutch.output
    assert "serum, total (mmol/L)" in english.output
    assert " 0.7" in english.output
    assert " (0." not in english.output  # no bands were asked for
    assert "-0 " not in english.output


def test_json_and_picture(anna: Path, tmp_path: Path) -> None:
    # catches: a table without its bounds, a picture without a text alternative
    picture = tmp_path / "course.svg"
    result = run(str(anna), "--days", "10", "--draws", "50", "--json", "--svg", str(picture), lang="en")
    answer = json.loads(result.stdout)
    serum = [row for row in answer["rows"] if row["quantity"] == "serum"]
    assert len(serum) == 11
    assert all(row["low"] <= row["value"] <= row["high"] for row in serum)
    assert answer["assumed"]
    root = ElementTree.fromstring(picture.read_text())  # noqa: S314 - our own picture
    assert root.get("role") == "img"
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert "Course of magnesium over 10 days" in (title.text or "")


def test_everything_wrong_is_told_at_once(anna: Path) -> None:
    # catches: a second mistake that shows only when the first is mended
    result = run(
        str(anna), "--stop", "omeprasol", "--add", "citrte:150@08:00", "--add", "citraat:1.234@25:00", "--add", "x"
    )
    assert result.exit_code == 1
    for part in ("omeprasol", "omeprazol", "citrte", "citrate", "1.234", "25:00", "‘x’", "5 fouten"):
        assert part in result.stderr, part


def test_doses_that_overlap_are_refused(anna: Path) -> None:
    # catches: a dose that is counted twice
    result = run(str(anna), "--add", "citraat:150@08:00,08:00")
    assert result.exit_code == 1
    assert "twee keer" in result.stderr


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("weight_kg = 71|weight_kg = 0.5", "weight_kg"),
        ("egfr_ml_min_1_73m2 = 60|egfr_ml_min_1_73m2 = 0", "egfr_ml_min_1_73m2"),
        ("height_cm = 165|height_cm = 60", "weight_kg"),
    ],
)
def test_a_body_that_cannot_be_is_refused(anna: Path, line: str, found: str) -> None:
    # catches: a simulation of an impossible person
    old, new = line.split("|")
    anna.write_text(anna.read_text().replace(old, new))
    result = run(str(anna), "--draws", "0")
    assert result.exit_code == 1
    assert found in result.stderr


def test_an_intake_that_cannot_be_is_refused(anna: Path, tmp_path: Path) -> None:
    # catches: 10,000 mg a day that is simulated as if it were food
    diary = tmp_path / "d.csv"
    diary.write_text("date;food;amount;unit\n2026-11-20;pompoenpitten;2500;g\n")
    result = run(str(anna), "--diary", str(diary), "--draws", "0")
    assert result.exit_code == 1
    assert "10000" in result.stderr.replace(".", "").replace(" ", "") or "411" in result.stderr


def test_a_dose_behind_a_stop_is_not_simulated(anna: Path) -> None:
    # catches: numbers for a dose that the safety rules forbid
    anna.write_text(ANNA.format(egfr=22))
    result = run(str(anna), "--add", "citraat:150@08:00")
    assert result.exit_code == 3
    assert "Stop" in result.output
    assert "serum, totaal" not in result.output
    assert run(str(anna), "--draws", "0").exit_code == 0  # without the dose there is nothing to stop


def test_a_dose_that_is_taken_already_stops_too(anna: Path) -> None:
    # catches: a table for a person who takes what the safety rules forbid
    anna.write_text(
        ANNA.format(egfr=10) + '\n[[supplements]]\nsalt = "citrate"\nelemental_mg = 400\ntimes = ["08:00"]\n'
    )
    result = run(str(anna), "--draws", "0")
    assert result.exit_code == 3
    assert "serum, totaal" not in result.output


def test_a_dose_above_the_limit_is_told(anna: Path) -> None:
    # catches: 3 g of magnesium shown as if it were nothing
    result = run(str(anna), "--add", "citraat:1000@08:00,12:00,20:00", "--draws", "0")
    assert result.output.startswith("Ernstig")


def test_losses_beyond_what_is_absorbed_are_told(anna: Path, tmp_path: Path) -> None:
    # catches: a traceback for a breastfeeding woman with one poor day in her diary
    anna.write_text('age_years = 30\nsex = "female"\nweight_kg = 65\nlactating = true\n')
    diary = tmp_path / "d.csv"
    diary.write_text("date;food;amount;unit\n2026-11-20;witbrood;200;g\n")
    result = run(str(anna), "--diary", str(diary), "--draws", "50")
    assert result.exit_code == 1
    assert "geen peil" in result.stderr


def test_meals_have_a_band_and_a_long_run_says_so(anna: Path) -> None:
    # catches: meal by meal without the interval that daily mode gives; seconds of silence
    short = run(str(anna), "--mode", "meals", "--days", "2", "--draws", "50", "--json")
    rows = json.loads(short.stdout)["rows"]
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    assert any(row["low"] < row["high"] for row in rows if row["quantity"] == "serum")
    assert short.stderr == ""
    assert "maaltijd voor maaltijd" in run(str(anna), "--mode", "meals", "--days", "31", "--draws", "50").stderr


def test_bad_options_end_with_usage(anna: Path) -> None:
    # catches: an option that is silently taken as something else
    assert run(str(anna), "--days", "0").exit_code == 2
    assert run(str(anna), "--mode", "hourly").exit_code == 2
    assert run(str(anna), "--mode", "meals", "--days", "400").exit_code == 2
    assert run(str(anna), "--draws", "3").exit_code == 2


def _cpu_seconds() -> float:
    """Processor time of child processes that ended: what else runs on the computer does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_new_process_answers_in_three_seconds_without_jax(anna: Path) -> None:
    # catches: a heavy import or a compile on the way to a first answer; best of six on a busy machine
    code = (
        "import sys; from magnes.apps.cli.main import cli\n"
        f"cli(['simulate', {str(anna)!r}, '--stop', 'omeprazol'], standalone_mode=False)\n"
        "assert not {'jax', 'numba', 'heyoka'} & set(sys.modules)"
    )
    seconds: list[float] = []
    while len(seconds) < 6 and min(seconds, default=3.0) >= 3.0:
        begin = _cpu_seconds()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        seconds.append(_cpu_seconds() - begin)
        assert done.returncode == 0, done.stderr
    assert min(seconds) < 3.0, seconds
