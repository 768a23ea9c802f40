"""Names in questions: the longest name speaks, plurals are one word, nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.errors import InputProblems
from magnes.knowledge.ledger import Function, Sign
from magnes.knowledge.load import table
from magnes.knowledge.search import find, plain

SIGNS = table(Sign)


@pytest.mark.parametrize("row", SIGNS, ids=lambda row: row.id)
def test_every_name_finds_its_row(row: Sign) -> None:
    # catches: a name that another row took away
    for name in (row.id, row.name_nl, row.name_en, *row.names):
        assert row in find(name, SIGNS), name


def test_a_short_name_inside_a_longer_one_does_not_count() -> None:
    # catches: "blood pressure" answered with everything about blood
    found = find("wat doet magnesium met mijn bloeddruk?", table(Function))
    assert [row.id for row in found] == ["FN15"]


@pytest.mark.parametrize(("typed", "name"), [("TINTELINGEN!", "tintelingen"), ("  trémor ", "tremor")])
def test_capitals_accents_and_signs_make_no_difference(typed: str, name: str) -> None:
    # catches: a question mark that hides a word
    assert find(typed, SIGNS) == find(name, SIGNS)


@given(st.text(max_size=40))
def test_any_text_is_answered_or_refused(text: str) -> None:
    # catches: a crash on what people paste
    try:
        found = find(text, SIGNS)
    except InputProblems as error:
        found, codes = (), {problem.code for problem in error.problems}
    assert found or codes == {"name_unknown"}


def test_plain() -> None:
    # catches: underscores and digits lost or kept by accident
    assert plain("B12_vitamine – één!") == "b12 vitamine een"
