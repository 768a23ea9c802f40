"""Statements that the engine computes: every entry runs, and the numbers are those of the tables."""

from __future__ import annotations

from inspect import signature

import pytest

from magnes.computed import FUNCTIONS, compute
from magnes.knowledge.ledger import Computation
from magnes.knowledge.load import table
from magnes.statements import claims, is_open, statement


@pytest.mark.parametrize("entry", table(Computation), ids=lambda entry: f"{entry.statement} {';'.join(entry.inputs)}")
def test_every_computation_runs(entry: Computation) -> None:
    # catches: a function or input that does not exist, a food or salt that was renamed
    assert entry.function in FUNCTIONS
    names = {part.partition("=")[0] for part in entry.inputs}
    assert names <= set(signature(FUNCTIONS[entry.function]).parameters)
    assert statement(entry.statement).computable
    assert compute(statement(entry.statement))


def results(statement_id: str) -> list[float]:
    return [found.result.value for found in compute(statement(statement_id))]


def test_numbers() -> None:
    # catches: a unit lost on the way, a limit taken for a recommendation, salt mass taken for magnesium
    assert results("C2-007") == [300, 350]
    assert results("C0-006") == [250, 350]
    assert results("C0-007") == [65, 110, 250]
    assert results("C1-034") == [pytest.approx(98.61, abs=0.01)]  # 1 g of Epsom salt
    assert results("C2-054") == [pytest.approx(200.8, abs=0.1)]
    assert results("C2-012") == [pytest.approx(2 / 3)]
    assert results("C0-014") == [250, 0]


def test_absorption_falls_with_the_dose_and_rises_with_parts() -> None:
    # catches: status taken for dose; a day's amount counted once for each part
    shares = results("C2-015")
    assert shares == sorted(shares, reverse=True)
    at_once, in_two = results("C3-039")
    assert at_once < in_two < 2 * at_once


def test_open_statements_are_those_without_a_computation() -> None:
    # catches: a list of open work that forgets or repeats
    answered = {entry.statement for entry in table(Computation)}
    still = {row.id for row in claims(still_open=True)}
    assert still == {row.id for row in claims() if row.computable} - answered
    assert "C1-002" in still  # the body model comes later
    assert not is_open(statement("C2-007"))
    assert not is_open(next(row for row in claims() if not row.computable))


def test_the_design_choice_of_the_kidney_tiers_is_never_called_read() -> None:
    # catches: 250 and 100 mg, which no source gives, shown as verified
    caps = compute(statement("C0-014"))
    assert [found.result.verified for found in caps] == [False, True]
