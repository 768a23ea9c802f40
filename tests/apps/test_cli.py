"""The verbs of the command line, run for real in process; exit codes 0, 1, 2, 3."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.helptext import _TEXT
from magnes.apps.cli.main import VERBS, cli
from magnes.knowledge.load import table
from magnes.knowledge.records import Authority

HEALTHY = 'age_years = 40\nsex = "female"\negfr_ml_min_1_73m2 = 95\n'
WITH_CITRATE = '\n[[supplements]]\nsalt = "citrate"\nelemental_mg = 150\ntimes = ["08:00"]\n'
DIARY = "date;food;amount;unit\n2026-11-20;volkorenbrood;2;snee\n2026-11-20;pindakaas;20;g\n"


def run(*args: str, lang: str = "nl") -> Result:
    return CliRunner().invoke(cli, list(args), env={"MAGNES_LANG": lang})


@pytest.fixture
def person(tmp_path: Path) -> Path:
    path = tmp_path / "person.toml"
    path.write_text(HEALTHY + WITH_CITRATE)
    return path


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    path = tmp_path / "diary.csv"
    path.write_text(DIARY)
    return path


def test_help_names_every_verb_and_loads_no_numpy() -> None:
    # catches: a verb left out of the list; a heavy import that makes --help slow
    code = "import sys; from magnes.apps.cli.main import cli; cli(['--help'], standalone_mode=False);"
    code += "print([m for m in ('numpy', 'pydantic', 'babel', 'rapidfuzz', 'polars') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip().endswith("[]")
    for verb in VERBS:
        assert f"  {verb} " in out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_own_help(verb: str) -> None:
    # catches: a verb whose module does not load, or without help text
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert _TEXT[verb][0].split(":")[0] in " ".join(result.output.split())


def test_help_texts_exist_in_both_languages() -> None:
    # catches: an English text forgotten behind a Dutch one
    for dutch, english in _TEXT.values():
        assert dutch
        assert english
        assert dutch != english


def test_assess_prints_json_that_parses(person: Path, diary: Path) -> None:
    # catches: words mixed into the JSON output
    result = run("assess", str(person), "--diary", str(diary), "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["limit"]["amount"]["value"] == 150


def test_assess_same_numbers_in_both_languages(person: Path, diary: Path) -> None:
    # catches: a language that changes the default authority or a number
    outputs = [run("assess", str(person), "--diary", str(diary), "--json", lang=lang).stdout for lang in ("nl", "en")]
    assert json.loads(outputs[0]) == json.loads(outputs[1])


def test_assess_writes_html(person: Path, diary: Path, tmp_path: Path) -> None:
    # catches: a report that is not written, or not in the language asked
    for lang in ("nl", "en"):
        out = tmp_path / f"{lang}.html"
        result = run("assess", str(person), "--diary", str(diary), "--html", str(out), "--lang", lang)
        assert result.exit_code == 0, result.output
        assert f'lang="{lang}"' in out.read_text(encoding="utf-8")


def test_html_to_a_folder_that_is_not_there_is_an_input_error(person: Path, tmp_path: Path) -> None:
    # catches: a traceback when the place cannot be written
    result = run("assess", str(person), "--html", str(tmp_path / "no" / "x.html"))
    assert result.exit_code == 1
    assert "x.html" in result.output


def test_contraindication_ends_with_three(tmp_path: Path) -> None:
    # catches: a stop that a script cannot see
    path = tmp_path / "p.toml"
    path.write_text(HEALTHY.replace("95", "20") + WITH_CITRATE)
    for verb in ("assess", "check"):
        assert run(verb, str(path)).exit_code == 3


def test_no_supplement_no_stop(tmp_path: Path) -> None:
    # catches: exit 3 for a person who takes nothing
    path = tmp_path / "p.toml"
    path.write_text(HEALTHY.replace("95", "20"))
    assert run("check", str(path)).exit_code == 0


def test_unknown_authority_lists_the_nearest(person: Path) -> None:
    # catches: a typing error in --authority that falls back to the default silently
    result = run("assess", str(person), "--authority", "iom-1979")
    assert result.exit_code == 1
    assert "iom-1997" in result.output


def test_problems_of_person_and_diary_come_together(tmp_path: Path) -> None:
    # catches: stopping at the first file
    (tmp_path / "p.toml").write_text("age_years = 300\nsex = 'female'\n")
    (tmp_path / "d.csv").write_text("date,food,amount,unit\n2026-11-20,xyzzy,1,g\n")
    result = run("assess", str(tmp_path / "p.toml"), "--diary", str(tmp_path / "d.csv"), lang="en")
    assert result.exit_code == 1
    assert "p.toml:1" in result.output
    assert "d.csv:2" in result.output


def test_allow_unmatched_goes_on(person: Path, tmp_path: Path) -> None:
    # catches: an unmatched food that becomes zero instead of an incomplete day
    path = tmp_path / "d.csv"
    path.write_text(DIARY + "2026-11-21;xyzzy;1;g\n2026-11-21;banaan;1;stuk\n")
    assert run("assess", str(person), "--diary", str(path)).exit_code == 1
    result = run("assess", str(person), "--diary", str(path), "--allow-unmatched", "--json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert [day["complete"] for day in data["intake"]["days"]] == [True, False]
    assert [(row["line"], row["found"]) for row in data["intake"]["unmatched"]] == [(4, "xyzzy")]


def test_food_known_ambiguous_unknown() -> None:
    # catches: an ambiguous name that is answered with one food, an unknown one with exit 0
    known = run("food", "spinazie")
    assert known.exit_code == 0
    assert "sr:11457" in known.output
    ambiguous = run("food", "brood")
    assert ambiguous.exit_code == 0
    assert len(ambiguous.stdout.splitlines()) >= 4
    nothing = run("food", "qqqqqqqq")
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr


def test_food_that_is_unknown_ends_with_one_beside_its_suggestions() -> None:
    # catches: a script that takes the suggestions for the answer
    result = run("food", "bosbessenkwark")
    assert result.exit_code == 1
    assert "bosbessenkwark" in result.stderr
    assert "bosbessenkwark" not in result.stdout
    assert result.stdout.strip()


def test_food_that_is_nearly_one_food_shows_all_of_them() -> None:
    # catches: whole and skimmed milk hidden behind the commonest
    result = run("food", "melk")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in ("magere melk", "halfvolle melk", "volle melk"))


@pytest.mark.parametrize("option", ["--diary", "--html"])
def test_an_empty_path_is_an_input_error(person: Path, option: str) -> None:
    # catches: a script with an empty variable that gets an assessment without its diary or report
    result = run("assess", str(person), option, "")
    assert result.exit_code == 1
    assert option in result.stderr
    assert result.stdout == ""


def test_an_empty_path_is_an_input_error_in_the_other_verbs(tmp_path: Path) -> None:
    # catches: the shipped participants shown for a folder that was not given, the folder "." read as a file
    for args in (("survey", ""), ("survey", "--out", ""), ("survey", "--html", ""), ("check", ""), ("assess", ""),
                 ("import", "nevo", "")):  # fmt: skip
        result = run(*args)
        assert (result.exit_code, result.stdout) == (1, ""), args


def test_cite_known_and_near() -> None:
    # catches: a key that cannot be cited, or a typing error without suggestion
    assert "13(7):4186" in run("cite", "EFSA15").output
    result = run("cite", "EFSA16")
    assert result.exit_code == 1
    assert "EFSA15" in result.output


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_about_lists_every_authority(lang: str) -> None:
    # catches: an authority that a user cannot find
    out = run("about", lang=lang).output
    for row in table(Authority):
        assert row.id in out


def test_wrong_use_is_two() -> None:
    # catches: a usage error that looks like an input error
    assert run("assess").exit_code == 2
    assert run("assess", "x.toml", "--lang", "fr").exit_code == 2
    assert run("nonsense").exit_code == 2
    for seqn in ("0", "-1", "1000000000", "9" * 30):
        assert run("survey", "--person", seqn).exit_code == 2


def test_a_table_of_an_unknown_kind_is_refused_before_it_is_computed(tmp_path) -> None:
    """Catches: a survey assessed for seconds, and then nowhere to write it."""
    result = run("survey", "--out", str(tmp_path / "out.txt"), lang="en")
    assert result.exit_code == 1
    assert ".parquet" in result.stderr


def test_survey_of_the_shipped_participants() -> None:
    # catches: a survey verb that needs a folder the user does not have
    result = run("survey", lang="en")
    assert result.exit_code == 0, result.output
    assert "25 participants" in result.output


def test_survey_person_is_assessed() -> None:
    # catches: one participant that cannot be shown as a person
    from magnes.examples import example_ids

    result = run("survey", "--person", str(example_ids()[0]), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["need"]["authority"] == "iom-1997"
