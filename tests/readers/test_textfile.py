"""Files as people hand them over; what cannot be read is in the malformed table too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.errors import InputProblems, Problems
from magnes.readers.textfile import delimiter_of, read_rows, read_text


def test_byte_order_mark_is_taken_off(tmp_path: Path) -> None:
    # catches: an invisible sign before the first column name
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfdate\r\n")
    assert read_text(path) == "date\r\n"


def test_a_missing_file_offers_its_neighbours(tmp_path: Path) -> None:
    # catches: a typing error in a file name left without help
    (tmp_path / "dagboek.csv").touch()
    with pytest.raises(InputProblems) as caught:
        read_text(tmp_path / "dagbok.csv")
    assert caught.value.problems[0].nearest == ("dagboek.csv",)


@pytest.mark.parametrize("name", ["no/such/folder/a.csv", "a\0b", "x" * 5000])
def test_impossible_names_are_problems(name: str) -> None:
    # catches: an exception of the operating system
    with pytest.raises(InputProblems) as caught:
        read_text(Path(name))
    assert caught.value.problems[0].code in ("file_missing", "file_unreadable")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    # catches: a programme that hangs on something that is no file
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputProblems) as caught:
        read_text(tmp_path / "pipe")
    assert caught.value.problems[0].code == "file_not_regular"


def test_the_size_limit_is_the_callers(tmp_path: Path) -> None:
    # catches: a limit that is ignored, or counted before the file is looked at
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 2001)
    assert len(read_text(path, largest_mb=0.0021)) == 2001
    with pytest.raises(InputProblems) as caught:
        read_text(path, largest_mb=0.002)
    assert caught.value.problems[0].code == "file_too_large"


@pytest.mark.parametrize(
    ("header", "sign"), [("a,b;c,d", ","), ("a;b;c,d", ";"), ("a\tb", "\t"), ("a|b|c;d,e", "|"), ("a", ",")]
)
def test_the_separator_is_the_commonest(header: str, sign: str) -> None:
    # catches: a separator taken from a name that holds another sign
    assert delimiter_of(header) == sign


CELL = st.text(st.characters(codec="utf-8", exclude_characters='\r\n"\0', exclude_categories=("Cs",)), max_size=8)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6), st.sampled_from([",", ";", "\t", "|"]),
       st.sampled_from(["\n", "\r\n", "\r"]))  # fmt: skip
def test_quoted_cells_come_back_with_their_line(cells: list[list[str]], sign: str, end: str) -> None:
    # catches: cells split at a sign inside quotes, lines counted at form feeds, blank lines not counted
    rows = [["h1", "h2"], *cells]
    text = end.join(f'"{left}"{sign}"{right}"' for left, right in rows) + end
    problems = Problems()
    expected = [
        (line, [left.strip(), right.strip()])
        for line, (left, right) in enumerate(rows, start=1)
        if left.strip() or right.strip()
    ]
    assert list(read_rows(text, problems)) == expected
    assert not problems.found


def test_a_line_end_in_quotes_is_counted() -> None:
    # catches: every later line number one too low
    rows = list(read_rows('a,b\n"x\ny",1\n\n,,\nc,d\n', Problems()))
    assert rows == [(1, ["a", "b"]), (2, ["x\ny", "1"]), (6, ["c", "d"])]


def test_a_broken_quote_ends_with_its_line() -> None:
    # catches: the rest of a file swallowed as one cell without a word
    problems = Problems()
    assert list(read_rows('a,b\n1,2\n"x,1\n3,4\n', problems)) == [(1, ["a", "b"]), (2, ["1", "2"])]
    assert [(problem.code, problem.line, problem.found) for problem in problems.found] == [("csv_broken", 3, '"x,1')]
