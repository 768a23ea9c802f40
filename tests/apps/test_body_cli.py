"""``magnes body``, run for real."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from magnes.apps.cli.main import cli
from magnes.body.export import antimony
from magnes.body.model import DAILY, MEALS
from magnes.body.resting import reference_body
from magnes.report.body_diagram import body_svg
from magnes.text import LANGUAGES, Language


def run(*args: str, lang: str = "nl") -> Result:
    return CliRunner().invoke(cli, ["body", *args], env={"MAGNES_LANG": lang})


@pytest.mark.parametrize("language", LANGUAGES)
def test_diagram_goes_to_a_file_or_out(language: Language, tmp_path: Path) -> None:
    # catches: a picture in the other language, a mode that is read and forgotten
    path = tmp_path / "body.svg"
    result = run("diagram", "--out", str(path), lang=language)
    assert result.exit_code == 0
    assert str(path) in result.output
    assert path.read_text(encoding="utf-8") == body_svg(language, MEALS)
    assert run("diagram", "--mode", "daily", lang=language).output == body_svg(language, DAILY)


def test_table_as_text_and_json() -> None:
    # catches: a table that only one of the two can show
    assert "uitscheiding met urine" in run("table").output
    assert "excretion with urine" in run("table", "--lang", "en").output
    assert {"states", "flows", "signals", "quantities", "parameters"} == set(json.loads(run("table", "--json").output))


def test_export_of_both_modes(tmp_path: Path) -> None:
    # catches: the wrong mode exported, a file that is announced and not written
    path = tmp_path / "body.ant"
    assert run("export", "--mode", "meals", "--out", str(path)).exit_code == 0
    assert path.read_text(encoding="utf-8") == antimony(MEALS, *reference_body())
    assert run("export").output == antimony(DAILY, *reference_body())


def test_sbml_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    # catches: a traceback for somebody with the base package
    monkeypatch.setitem(sys.modules, "antimony", None)
    for language in LANGUAGES:
        result = run("export", "--sbml", lang=language)
        assert result.exit_code == 1
        assert "pip install 'magnes[sbml]'" in result.output


@pytest.mark.parametrize("verb", ["diagram", "export"])
def test_places_that_cannot_be_written(verb: str, tmp_path: Path) -> None:
    # catches: a traceback, or silence
    for place in (" ", str(tmp_path), str(tmp_path / "none" / "x")):
        result = run(verb, "--out", place)
        assert result.exit_code == 1
        assert "Traceback" not in result.output


def test_wrong_use() -> None:
    # catches: a mode that does not exist taken for another
    assert run("export", "--mode", "weekly").exit_code == 2
    assert run("picture").exit_code == 2
