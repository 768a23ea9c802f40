"""The ledger of what the five pages state: every statement with verdict, better figure and conflicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import get_args

from magnes.errors import InputProblems, Problem, nearest
from magnes.knowledge.ledger import Computation, Statement
from magnes.knowledge.load import table

__all__ = ["PAGES", "VERDICTS", "claims", "conflicts", "is_open", "statement", "verdicts"]

PAGES = range(5)
VERDICTS: tuple[str, ...] = get_args(Statement.model_fields["verdict"].annotation)  # best first


def claims(
    *, page: int | None = None, verdict: str | None = None, conflicts: bool = False, still_open: bool = False
) -> tuple[Statement, ...]:
    """Statements in order of id: of one page, with one verdict, with a conflict, still to be computed."""
    return tuple(
        row
        for row in table(Statement)
        if (page is None or row.page == page)
        and (verdict is None or row.verdict == verdict)
        and (not conflicts or row.conflicts)
        and (not still_open or is_open(row))
    )


def statement(statement_id: str) -> Statement:
    """Return one statement; raises ``InputProblems`` (``name_unknown``) with the nearest ids."""
    known = {row.id: row for row in table(Statement)}
    found = known.get(statement_id.strip().upper())
    if found is None:
        near = nearest(statement_id, known)
        raise InputProblems([Problem("name_unknown", found=statement_id, nearest=near)])
    return found


def conflicts(row: Statement) -> tuple[Statement, ...]:
    """Return the statements that contradict this one."""
    return tuple(map(statement, row.conflicts))


def is_open(row: Statement) -> bool:
    """Whether the engine could compute this statement and does not yet."""
    return row.computable and all(entry.statement != row.id for entry in table(Computation))


def verdicts(rows: Iterable[Statement]) -> Counter[str]:
    """How many statements have each verdict."""
    return Counter(row.verdict for row in rows)
