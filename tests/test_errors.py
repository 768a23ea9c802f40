"""Problems: data that a message can be made of, all of an input together."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.errors import InputProblems, Problem, Problems, nearest


def test_a_problem_tells_place_found_accepted_and_nearest() -> None:
    # catches: a part of the problem left out of its plain form
    text = str(Problem("cell", "d.csv", 3, "amount", "x", "a number", ("1", "2")))
    assert text == "d.csv:3; amount; cell; found 'x'; accepted a number; nearest 1, 2"
    assert str(Problem("file_empty")) == "file_empty"
    assert str(Problem("file_empty", "d.csv")) == "d.csv; file_empty"


def test_stop_raises_all_or_nothing() -> None:
    # catches: a stop on an input without problems, or only the first problem told
    problems = Problems("d.csv")
    problems.stop()
    problems.add("one", line=1)
    problems.add("two", field="x", nearest=["y"])
    with pytest.raises(InputProblems) as caught:
        problems.stop()
    assert [problem.code for problem in caught.value.problems] == ["one", "two"]
    assert str(caught.value) == "d.csv:1; one\nd.csv; x; two; nearest y"


@given(st.text(max_size=300))
def test_what_is_found_is_short_and_printable(text: str) -> None:
    # catches: control characters of a file sent to a terminal, a message of megabytes
    problems = Problems()
    problems.add("cell", found=text)
    found = problems.found[0].found
    assert found.isprintable()
    assert len(found) <= 80
    if text.isprintable() and len(text) <= 80:
        assert found == text


def test_what_cannot_be_printed_is_named_by_its_type() -> None:
    # catches: a traceback while telling about a number of 5,000 digits or a list in a list in a list
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    problems = Problems()
    problems.add("cell", found=16**5000)
    problems.add("cell", found=deep)
    assert [problem.found for problem in problems.found] == ["int", "list"]
    while deep:  # taken apart by hand: Python itself may not survive it
        deep = deep[0]  # type: ignore[assignment]


def test_nearest_is_ordered_short_and_in_the_spelling_that_is_known() -> None:
    # catches: the worst match first, lower-cased suggestions, suggestions that look like nothing
    assert nearest("FMALE", ["Male", "Female", "unknown"]) == ("Female", "Male")
    assert len(nearest("aaaa", ["aaab", "aaac", "aaad", "aaae"], 2)) == 2
    assert nearest("qqq", ["female", "male"]) == ()


def test_problems_survive_the_way_from_another_process() -> None:
    # catches: a worker's problems that arrive as letters of their text
    told = InputProblems([Problem("file_missing", "a.csv", 3, "grams", nearest=("b", "c"))])
    assert pickle.loads(pickle.dumps(told)).problems == told.problems  # noqa: S301 - our own
