"""The ledger: conflicts both ways, a verdict with a source or none."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.errors import Problem
from magnes.knowledge.checks.common import wrong
from magnes.knowledge.ledger import Statement
from magnes.knowledge.load import located, table

__all__ = ["conflicts_are_symmetric", "verdicts_rest_on_sources"]

PAGES = ("P0", "P1", "P2", "P3", "P4", "MEM")  # the pages under examination are no evidence for themselves

ABOUT_ITSELF = "about_itself"  # what a page says of itself can be read on the page


def conflicts_are_symmetric() -> Iterator[Problem]:
    """Find a contradiction that is seen from one side only."""
    conflicts = {row.id: row.conflicts for row in table(Statement)}
    for at in located(Statement):
        for other in at.row.conflicts:
            if at.row.id not in conflicts.get(other, ()):
                yield wrong("one_sided", at, "conflicts", other)
            if other == at.row.id:
                yield wrong("one_sided", at, "conflicts", other)


def verdicts_rest_on_sources() -> Iterator[Problem]:
    """Find a verdict that nobody can check; a correction that is not given."""
    for at in located(Statement):
        row = at.row
        evidence = [key for key in row.sources if key not in PAGES]
        if row.verdict != "unverifiable" and not evidence and row.detail != ABOUT_ITSELF:
            yield wrong("verdict", at, "sources", " ".join(row.sources), "unverifiable")
        if row.verdict != "supported" and not row.better_nl:
            yield wrong("blank", at, "better_nl")
