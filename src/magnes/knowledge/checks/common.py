"""What the rules share: going through rows with their place, and noting a problem there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from magnes.errors import Problem
from magnes.estimate import Record
from magnes.knowledge.clinical import Substance
from magnes.knowledge.load import located, table, tables
from magnes.knowledge.rows import Located

__all__ = ["atc_codes", "every_row", "label", "wrong"]

ATC_LENGTHS = (1, 3, 4, 5, 7)  # of the groups of the ATC, each inside the one before


def every_row() -> Iterator[Located[Any]]:
    """Return the rows of all tables with file and line."""
    for kind, _ in tables():
        yield from located(kind)


def atc_codes() -> set[str]:
    """Return the codes of the known substances and of every group that they are in."""
    return {row.atc[:length] for row in table(Substance) for length in ATC_LENGTHS}


def label(row: Record) -> str:
    """Return what a person calls a row: its id, key, name or code."""
    return next((str(getattr(row, name)) for name in ("id", "key", "name", "atc") if getattr(row, name, "")), "")


def wrong(
    code: str, at: Located[Any], field: str, found: object = "", accepted: str = "", nearest: tuple[str, ...] = ()
) -> Problem:
    """Return one problem at the place of a row; the field is named with the row it is in."""
    where = f"{label(at.row)} {field}".strip()
    line = at.line_of(field.partition(" ")[0])
    return Problem(f"knowledge_{code}", at.file, line, where, str(found)[:120], accepted, nearest)
