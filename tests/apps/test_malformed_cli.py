"""The malformed inputs through the command itself: exit code 1, no traceback, every line told, in two languages."""

from __future__ import annotations

from pathlib import Path

import malformed
import pytest
from click.testing import CliRunner

from magnes.apps.cli import main

GOOD_PERSON = b'age_years = 40\nsex = "female"\n'
GOOD_DIARY = b"date,food,amount,unit\n2026-11-01,volkorenbrood,2,snee\n"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("case", malformed.CASES, ids=lambda case: case.name)
def test_exit_one_and_every_place_told(case, language: str, tmp_path: Path) -> None:
    # catches: an exception that escapes, an exit code 0, a problem that is found but not shown or not translated
    person, diary = tmp_path / "person.toml", tmp_path / "diary.csv"
    bad, good = (person, diary) if case.kind == "person" else (diary, person)
    good.write_bytes(GOOD_DIARY if good == diary else GOOD_PERSON)
    case.write(bad)
    result = CliRunner().invoke(main.cli, ["assess", str(person), "--diary", str(diary), "--lang", language])
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    told = result.stderr.splitlines()
    assert len(told) == len(case.expected) + 1  # the last line says how many
    for _, line, _ in case.expected:
        place = f"{bad}:{line}: " if line else f"{bad}: "
        assert any(text.startswith(place) for text in told), (place, told)
    if case.found:
        assert case.found in result.stderr


def test_both_files_are_told_in_one_go(tmp_path: Path) -> None:
    # catches: a wrong person file that hides what is wrong with the diary
    person, diary = tmp_path / "person.toml", tmp_path / "diary.csv"
    person.write_bytes(b'age_years = 300\nsex = "female"\n')
    diary.write_bytes(b"date,food,amount,unit\n2026-11-01,volkorenbrood,-2,snee\n")
    result = CliRunner().invoke(main.cli, ["assess", str(person), "--diary", str(diary), "--lang", "en"])
    assert result.exit_code == 1
    assert f"{person}:1: " in result.stderr
    assert f"{diary}:2: " in result.stderr
