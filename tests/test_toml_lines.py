"""TOML with the line of every key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.errors import InputProblems, Problems
from magnes.toml_lines import Literal, line_of, load

TEXT = """\
# a comment
label = "A"
  'sex' = "male"

[[labs]]
test = "x" # = y
"value" = 0.710
dates.first = 1
[[labs]]
times = [
  "08:00",
]
[single]
label = "B"
"""


def test_lines_of_keys_in_tables_arrays_and_quotes() -> None:
    # catches: a line of the first table given for the second, quotes or dots hiding a key
    data, lines = load(TEXT, Problems())
    assert lines == {
        ("label",): 2, ("sex",): 3, ("labs", 0): 5, ("labs", 0, "test"): 6, ("labs", 0, "value"): 7,
        ("labs", 0, "dates"): 8, ("labs", 1): 9, ("labs", 1, "times"): 10, ("single",): 13, ("single", "label"): 14,
    }  # fmt: skip
    assert data["labs"][0]["value"] == Literal("0.710")
    assert isinstance(data["labs"][0]["value"], Literal)


def test_an_absent_key_is_placed_at_its_table() -> None:
    # catches: a message without line for a field that is missing or stands in an inline table
    _, lines = load(TEXT, Problems())
    assert line_of(("labs", 1, "value"), lines) == 9
    assert line_of(("labs", 0, "dates", "first"), lines) == 8
    assert line_of(("weight_kg",), lines) is None


def test_long_strings_hold_no_keys() -> None:
    # catches: text inside a long string taken for a key, lines behind it shifted
    quotes = "'" * 3
    text = f'a = """\nb = 1\n\\"""\n"""\nb = 2\nc = {quotes}\nd = 1\n{quotes}\nd = 3\n'
    _, lines = load(text, Problems())
    assert lines == {("a",): 1, ("b",): 5, ("c",): 6, ("d",): 9}


@given(st.lists(st.sampled_from(["", "# x", "# é\u2028\x85", 'a{} = "x\u2029"', "b{} = 1", "[[t]]"]), max_size=12))
def test_every_key_line_holds_the_key(parts: list[str]) -> None:
    # catches: lines counted at characters that end no line in TOML
    rows = [part.replace("{}", str(number)) for number, part in enumerate(parts)]
    _, lines = load("\n".join(rows), Problems())
    for path, line in lines.items():
        assert (str(path[-1]) if isinstance(path[-1], str) else f"[[{path[0]}]]") in rows[line - 1]


@pytest.mark.parametrize(
    ("text", "code", "line", "found"),
    [
        ("a = 1\nweight_kg = 0,75 # kg\n", "toml_comma", 2, "weight_kg = 0,75 # kg"),
        ("a = 1\n\nb = \n", "toml_broken", 3, "b ="),
        ("a = [1,\n", "toml_broken", 1, "a = [1,"),
        ("a = 1\na = 2\n", "toml_broken", 2, "a = 2"),
        (f"a = {'1' * 5000}", "toml_broken", None, ""),
        ("a = " + "[" * 50_000, "toml_broken", None, ""),
    ],
)
def test_broken_toml_is_one_problem(text: str, code: str, line: int | None, found: str) -> None:
    # catches: a traceback of the parser, a wrong line
    with pytest.raises(InputProblems) as caught:
        load(text, Problems("p.toml"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.file) == (code, line, "p.toml")
    assert problem.found.startswith(found)
