"""Inputs that people hand over by mistake: each is refused with code, line and field, all problems in one go."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import malformed
import pytest

from magnes.diary import resolve
from magnes.errors import InputProblems
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person


def test_the_table_is_as_large_as_promised_and_names_are_unique() -> None:
    # catches: cases dropped on the way, or one case hiding another under the same name
    names = [case.name for case in malformed.CASES]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


def _read(kind: str, path: Path) -> object:
    return read_person(path, today=dt.date(2026, 11, 22)) if kind == "person" else resolve(read_diary(path))


@pytest.mark.parametrize("case", malformed.CASES, ids=lambda case: case.name)
def test_refused_with_every_problem_at_its_place(case, tmp_path: Path) -> None:
    # catches: a wrong value taken silently, a traceback, a wrong line or field, a problem left out or told twice
    path = tmp_path / ("person.toml" if case.kind == "person" else "diary.csv")
    case.write(path)
    with pytest.raises(InputProblems) as caught:
        _read(case.kind, path)
    problems = caught.value.problems
    told = [(problem.code, problem.line, problem.field) for problem in problems]
    assert sorted(told, key=str) == sorted(case.expected, key=str)
    assert {problem.file for problem in problems} == {str(path)}
    first = next(problem for problem in problems if problem.code == case.expected[0][0])
    assert case.found in first.found
    assert not case.nearest or any(case.nearest in near for near in first.nearest)
    assert all(len(problem.found) <= 80 and problem.found.isprintable() for problem in problems)
