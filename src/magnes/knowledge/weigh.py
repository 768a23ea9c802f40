"""Rows that nobody has verified, heaviest first: the weight says how much harm a wrong one could do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from magnes.knowledge import clinical, indications, ledger, records
from magnes.knowledge.checks.common import every_row, label
from magnes.knowledge.checks.sources import flags
from magnes.knowledge.load import place_of, table

__all__ = ["Unverified", "unverified"]

LEVELS = {"stop": 5, "limit": 4}
SEVERITIES = {"avoid": 5, "major": 5, "moderate": 4, "minor": 3}
ADVICE = {"allowed": 3, "optional": 3, "supervised-only": 3}
OF_A_TABLE: dict[type, int] = {records.Parameter: 4, records.Retention: 2, clinical.Substance: 2, ledger.Cause: 2}
OF_A_FLAG = {"soluble_verified": 3, "bioavailability_verified": 1}


class Unverified(NamedTuple):
    """A row whose source was not read. ``weight`` 5: a dose or a stop rests on it; 1: background."""

    weight: int
    table: str
    name: str
    file: str
    line: int


def unverified() -> tuple[Unverified, ...]:
    """Every verified flag that is not set, of rows and of their effects, heaviest first."""
    return tuple(sorted(_rows(), key=lambda row: (-row.weight, row.table, row.line)))


def _rows() -> Iterator[Unverified]:
    shown = {row.id for row in table(records.Authority)} | {row.limit_authority for row in table(records.Authority)}
    for at in every_row():
        for flag in flags(at.row):
            if not flag.is_set:
                weight = OF_A_FLAG.get(flag.name, _weight(at.row, shown))
                name = label(at.row) if flag.name == "verified" else f"{label(at.row)} {flag.name}"
                yield Unverified(weight, place_of(type(at.row)), name, at.file, at.line)


def _weight(row: Any, shown: set[str]) -> int:
    if isinstance(row, clinical.Contraindication):
        return LEVELS.get(row.level, 3)
    if isinstance(row, clinical.Interaction):
        timed = row.hours_before_mg is not None or row.hours_after_mg is not None
        return max(1, SEVERITIES.get(row.severity, 1) - (0 if timed else 1))
    if isinstance(row, records.AgeBanded):
        return 4 if row.authority in shown and getattr(row, "until", None) is None else 1
    if isinstance(row, indications.Indication):
        return ADVICE.get(row.advice, 1)
    if isinstance(row, ledger.Sign):
        return 3 if row.red_flag else 1
    return OF_A_TABLE.get(type(row), 1)
