"""Dates and clock times as people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.errors import Problems
from magnes.readers.fields import read_date, read_number, read_time


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_iso_and_dutch_dates_read_back(date: dt.date) -> None:
    # catches: day and month swapped
    problems = Problems()
    forms = [date.isoformat(), f"{date:%d-%m-%Y}", f"{date.day}-{date.month}-{date.year}", f" {date} "]
    assert {read_date(form, problems, line=1, field="date") for form in forms} == {date}
    assert not problems.found


@given(st.text(max_size=12) | st.text("0123456789-/", max_size=11))
def test_any_other_date_is_one_problem(text: str) -> None:
    # catches: an exception, or None without a word
    problems = Problems()
    date = read_date(text, problems, line=7, field="date")
    assert (date is None) == (len(problems.found) == 1)
    assert all(problem.line == 7 and problem.field == "date" for problem in problems.found)


@pytest.mark.parametrize(
    "text", ["31-02-2026", "2026-02-30", "2026-13-01", "29-02-2025", "0000-01-01", "1899-12-31", "2100-01-02"]
)
def test_days_that_never_were(text: str) -> None:
    # catches: a date rolled over to the next month, a year out of reach
    problems = Problems()
    assert read_date(text, problems, line=None, field="date") is None
    assert problems.found[0].code == "date_impossible"


@given(st.times())
def test_clock_times_read_back(time: dt.time) -> None:
    # catches: minutes and hours swapped, a time after noon moved
    problems = Problems()
    whole = time.replace(second=0, microsecond=0)
    twelve = f"{(time.hour - 1) % 12 + 1}:{time.minute:02d} {'AM' if time.hour < 12 else 'pm'}"
    forms = [f"{time:%H:%M}", f"{time:%H:%M:%S}", f"{time.hour}:{time.minute:02d}", twelve]
    assert {read_time(form, problems, line=1, field="time") for form in forms} == {whole}
    assert not problems.found


@pytest.mark.parametrize(
    "text",
    [
        "25:00",
        "24:00",
        "8",
        "0800",
        "08.60",
        "7u60",
        "25u",
        "7u3",
        "7u30 pm",
        "8.3",
        "08:60",
        "08:00:60",
        "0:00 pm",
        "13:00 am",
        "８:00",
        "",
        "8:5",
    ],
)
def test_times_that_never_were(text: str) -> None:
    # catches: an hour wrapped around midnight, half a time completed
    problems = Problems()
    assert read_time(text, problems, line=2, field="time") is None
    assert [(problem.code, problem.line) for problem in problems.found] == [("time_invalid", 2)]


@pytest.mark.parametrize(
    ("text", "time"),
    [("7u00", (7, 0)), ("7u", (7, 0)), ("7h30", (7, 30)), ("08.00", (8, 0)), ("8.30", (8, 30)), ("8:00", (8, 0)),
     ("08:00 PM", (20, 0)), ("8.15pm", (20, 15)), ("23U59", (23, 59))],
)  # fmt: skip
def test_times_as_people_write_them(text: str, time: tuple[int, int]) -> None:
    # catches: a Dutch time refused, 8.30 read as a part of an hour
    problems = Problems()
    assert read_time(text, problems, line=1, field="time") == dt.time(*time)
    assert not problems.found


def test_number_bounds_belong_to_the_range() -> None:
    # catches: an exclusive bound, a bound that is not told
    problems = Problems()
    assert read_number("1", problems, line=1, field="x", low=1, high=5) == 1
    assert read_number("5", problems, line=1, field="x", low=1, high=5) == 5
    assert read_number("5,1", problems, line=1, field="x", low=1, high=5, unit="kg") is None
    assert [(problem.code, problem.accepted) for problem in problems.found] == [("number_range", "1 … 5 kg")]
