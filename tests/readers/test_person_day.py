"""``[day]`` of a person file: clock times in any hour, in order, all problems at once with their line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from magnes.errors import InputProblems, Problem
from magnes.person import Day, Person
from magnes.readers.person_toml import read_person

HEAD = 'age_years = 60\nsex = "female"\n'


def read(tmp_path: Path, text: str) -> Person:
    path = tmp_path / "p.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_person(path)


def problems(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputProblems) as caught:
        read(tmp_path, text)
    return caught.value.problems


def test_a_day_with_work(tmp_path: Path) -> None:
    # catches: a time that is read and lost, a bare and a quoted time read differently
    found = read(
        tmp_path, '[day]\nwakes = 06:30:00\nbreakfast = "7u"\nbedtime = "11:00 PM"\nwork = ["09:00", "17:00"]\n'
    )
    assert found.day == Day(
        wakes=dt.time(6, 30), breakfast=dt.time(7), bedtime=dt.time(23), work=(dt.time(9), dt.time(17))
    )


def test_no_day_is_nothing_told(tmp_path: Path) -> None:
    # catches: typical times put into the facts of a person
    assert read(tmp_path, "").day == Day()


def test_who_works_at_night_sleeps_by_day(tmp_path: Path) -> None:
    # catches: a day that must begin before midnight and end before midnight
    day = '[day]\nwakes = "15:00"\nlunch = "20:00"\ndinner = "02:00"\nbedtime = "07:30"\nwork = ["23:00", "07:00"]\n'
    assert read(tmp_path, day).day.bedtime == dt.time(7, 30)


def test_all_problems_at_once(tmp_path: Path) -> None:
    # catches: the second mistake told only when the first is repaired
    found = problems(tmp_path, '[day]\nwakes = "25:00"\nluch = "12:30"\nbedtime = 8.30\nwork = ["09:00"]\n')
    assert [(one.code, one.field) for one in found] == [
        ("field_unknown", "day.luch"),
        ("time_invalid", "day.wakes"),
        ("time_invalid", "day.bedtime"),
        ("work_hours", "day.work"),
    ]
    assert [one.line for one in found] == [5, 4, 6, 7]
    assert found[0].nearest == ("lunch",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[day]\nbreakfast = "12:30"\nlunch = "08:00"\ndinner = "18:00"\n', "day_order"),
        ('[day]\nwakes = "07:00"\nbreakfast = "07:00"\n', "day_order"),
        ('day = "07:30"\n', "table_invalid"),
        ('[day]\nwork = "09:00"\n', "list_invalid"),
        ('[day]\nwork = ["09:00", "09:00"]\n', "work_hours"),
        ('[[medicines]]\nname = "metoprolol"\nfixed = true\n', "fixed_without_times"),
        ('[[medicines]]\nname = "metoprolol"\nfixed = "yes"\n', "flag_invalid"),
    ],
)
def test_what_cannot_be(tmp_path: Path, text: str, code: str) -> None:
    # catches: a day out of order, a fixed time without a time, words where a list stands
    assert [one.code for one in problems(tmp_path, text)] == [code]


def test_fixed_times(tmp_path: Path) -> None:
    # catches: a wish not to move a medicine that is lost on the way
    text = '[[medicines]]\nname = "metoprolol"\ntimes = ["08:00"]\nfixed = true\n'
    text += '[[supplements]]\nsalt = "citrate"\nelemental_mg = 100\ntimes = ["08:00"]\nfixed = true\n'
    found = read(tmp_path, text)
    assert (found.medicines[0].fixed, found.supplements[0].fixed) == (True, True)
