"""The ledger: all 326 statements, each with a verdict and a source or an explicit unverifiable."""

from __future__ import annotations

import pytest

from magnes.errors import InputProblems
from magnes.knowledge.ledger import Statement
from magnes.knowledge.load import table
from magnes.statements import PAGES, claims, conflicts, statement, verdicts

ROWS = table(Statement)
PER_PAGE = {0: 86, 1: 59, 2: 82, 3: 47, 4: 52}


def test_all_statements_are_there() -> None:
    # catches: a statement lost, or one counted for another page
    assert {page: len(claims(page=page)) for page in PAGES} == PER_PAGE
    assert len({row.id for row in claims()}) == 326 == sum(verdicts(claims()).values())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_statement_has_a_verdict_with_a_source_or_says_that_it_has_none(row: Statement) -> None:
    # catches: a verdict from memory shown as a finding
    assert row.sources
    assert row.verified or row.verdict == "unverifiable" or row.detail == "about_itself"
    assert row.verdict == "supported" or (row.better_nl and row.better_en)


def test_conflicts_go_both_ways() -> None:
    # catches: a contradiction seen from one side
    pairs = {(row.id, other.id) for row in ROWS for other in conflicts(row)}
    assert pairs == {(second, first) for first, second in pairs}
    assert len(pairs) > 60
    assert all(first != second for first, second in pairs)


def test_filters_combine() -> None:
    # catches: a filter that widens the list
    both = claims(page=2, conflicts=True)
    assert both
    assert set(both) == set(claims(page=2)) & set(claims(conflicts=True))
    assert {row.verdict for row in claims(verdict="wrong")} == {"wrong"}


@pytest.mark.parametrize("name", ["C2-015", "c2-015", " C2-015 "])
def test_a_statement_by_its_id(name: str) -> None:
    # catches: ids that must be typed just so
    assert statement(name).id == "C2-015"


def test_an_unknown_id_names_the_nearest() -> None:
    # catches: a KeyError instead of a message
    with pytest.raises(InputProblems) as caught:
        statement("C2-0150")
    assert "C2-015" in caught.value.problems[0].nearest


def test_traps_of_the_pages() -> None:
    # catches: a known mistake of a page that is called supported (OPEN.md)
    wrong = {"C2-015": "wrong", "C1-017": "wrong", "C4-009": "wrong", "C4-015": "wrong", "C0-022": "wrong"}
    assert {name: statement(name).verdict for name in wrong} == wrong
