"""Rows that nobody has verified, heaviest first: the weight says how much harm a wrong one could do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from magnes.knowledge import clinical, ledger, records
from magnes.knowledge.checks.common import label
from magnes.knowledge.load import located, place_of, table, tables

__all__ = ["Unverified", "unverified"]

LEVELS = {"stop": 5, "limit": 4}
SEVERITIES = {"avoid": 5, "major": 5, "moderate": 4, "minor": 3}
ADVICE = {"allowed": 3, "optional": 3, "supervised-only": 3}
OF_A_TABLE: dict[type, int] = {records.Parameter: 4, records.Retention: 2, clinical.Substance: 2, ledger.Cause: 2}


class Unverified(NamedTuple):
    """A row whose source was not read. ``weight`` 5: a dose or a stop rests on it; 1: background."""

    weight: int
    table: str
    name: str
    file: str
    line: int


def unverified() -> tuple[Unverified, ...]:
    """Every row with a verified flag that is not set, heaviest first."""
    return tuple(sorted(_rows(), key=lambda row: (-row.weight, row.table, row.line)))


def _rows() -> Iterator[Unverified]:
    shown = {row.id for row in table(records.Authority)} | {row.limit_authority for row in table(records.Authority)}
    for kind, _ in tables():
        if "verified" not in kind.model_fields:
            continue
        for at in located(kind):
            row: Any = at.row
            if not row.verified:
                yield Unverified(_weight(row, shown), place_of(kind), label(row), at.file, at.line)
            if not getattr(row, "soluble_verified", True):
                yield Unverified(3, place_of(kind), f"{label(row)} soluble_fraction", at.file, at.line)


def _weight(row: Any, shown: set[str]) -> int:
    if isinstance(row, clinical.Contraindication):
        return LEVELS.get(row.level, 3)
    if isinstance(row, clinical.Interaction):
        timed = row.hours_before_mg is not None or row.hours_after_mg is not None
        return SEVERITIES.get(row.severity, 1) - (0 if timed else 1)
    if isinstance(row, records.AgeBanded):
        return 4 if row.authority in shown and getattr(row, "until", None) is None else 1
    if isinstance(row, clinical.Indication):
        return ADVICE.get(row.advice, 1)
    if isinstance(row, ledger.Sign):
        return 3 if row.red_flag else 1
    return OF_A_TABLE.get(type(row), 1)
