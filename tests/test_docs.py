"""The documentation works: its files are read by the readers, its verbs exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from magnes.apps.cli.main import VERBS, cli
from magnes.knowledge.clinical import Interaction, Substance
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import table
from magnes.knowledge.records import Authority

ROOT = Path(__file__).parents[1]
GUIDES = {"nl": ROOT / "docs" / "handleiding.md", "en": ROOT / "docs" / "guide.md"}


def block(text: str, kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", text, re.S)
    assert found, kind
    return found.group(1)


@pytest.mark.parametrize("language", GUIDES)
def test_the_files_of_the_guide_can_be_assessed(language: str, tmp_path: Path) -> None:
    # catches: a documented field, food or measure that the readers refuse
    text = GUIDES[language].read_text(encoding="utf-8")
    person, diary = tmp_path / "p.toml", tmp_path / "d.csv"
    person.write_text(block(text, "toml"), encoding="utf-8")
    diary.write_text(block(text, "csv"), encoding="utf-8")
    result = CliRunner().invoke(cli, ["assess", str(person), "--diary", str(diary), "--lang", language])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("language", GUIDES)
def test_every_verb_is_in_the_guide(language: str) -> None:
    # catches: a verb that nobody can find
    text = GUIDES[language].read_text(encoding="utf-8")
    for verb in VERBS:
        assert f"magnes {verb}" in text


def test_both_guides_have_the_same_sections() -> None:
    # catches: a section that exists in one language only
    counts = {language: path.read_text(encoding="utf-8").count("\n## ") for language, path in GUIDES.items()}
    assert counts["nl"] == counts["en"]


def test_the_readme_names_its_two_commands() -> None:
    # catches: a README that sends a new user somewhere else than the Makefile
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert f"\n{target}:" in makefile


def test_numbers_of_the_readme_are_those_of_the_tables() -> None:
    # catches: a count in the README that the tables left behind
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    counts = {"medicines": len(table(Substance)), "interactions": len(table(Interaction))}
    for name, count in counts.items():
        assert re.search(rf"\b{count}\s+{name}\b", readme), (name, count)
    assert len(table(Authority)) == 8
    assert "eight authorities" in readme
    assert f"{len(food_table().rows) // 1000},000 foods" in readme


def test_no_address_of_an_index_in_the_locks() -> None:
    # catches: a lock file that records where packages were fetched
    for path in (ROOT / "requirements").glob("*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
