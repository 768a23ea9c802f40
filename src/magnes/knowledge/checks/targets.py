"""Targets of the body model: a citation that leads somewhere, numbers that a model can be held against."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.errors import Problem
from magnes.knowledge.checks.common import wrong
from magnes.knowledge.checks.sources import malformed_identifiers
from magnes.knowledge.load import located
from magnes.knowledge.targets import Target

__all__ = ["targets_are_complete"]

NUMBERS = ("value", "low", "high")


def targets_are_complete() -> Iterator[Problem]:
    """Find a target that nobody can look up, half an interval, a number without unit, a verified nothing."""
    for at in located(Target):
        row = at.row
        if not row.citation.strip():
            yield wrong("blank", at, "citation")
        yield from malformed_identifiers(at)
        blank = [name for name in NUMBERS if getattr(row, name) is None]
        if row.verified or len(blank) < len(NUMBERS):
            blank += [] if row.unit.strip() else ["unit"]
            yield from (wrong("blank", at, name) for name in blank)
