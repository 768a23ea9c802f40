"""Tables of lines: the twin of a picture, and the same in columns for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from magnes.report.wording import Line

__all__ = ["Table", "aligned"]


class Table(NamedTuple):
    """What a picture shows, as words: the first cell of a row is its heading."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]

    def text(self) -> list[str]:
        """Return title and columns for a terminal."""
        return [self.title, *aligned([self.header, *([cell.text for cell in row] for row in self.rows)])]


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Pad cells so that columns stand under one another.

    >>> aligned([("", "now"), ("serum", "0.8")])
    ['       now', 'serum  0.8']
    """
    found = list(rows)
    widths = [max(len(row[column]) for row in found) for column in range(len(found[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in found]
