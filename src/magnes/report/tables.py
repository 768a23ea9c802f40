"""Tables of lines: the twin of a picture, and the same in columns for a terminal."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from magnes.report.wording import Line
from magnes.text import Language, number

__all__ = ["Table", "aligned", "figure", "wrapped"]

WIDTH = 110  # letters of a line in a terminal


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


def figure(value: float | None, digits: int, language: Language) -> str:
    """Return a number without a minus before a zero; a dash for what is not known.

    >>> figure(-0.04, 1, "en"), figure(None, 1, "en")
    ('0.0', '–')
    """
    return "–" if value is None or math.isnan(value) else number(round(value, digits) + 0.0, language, digits)


def wrapped(texts: Iterable[str]) -> list[str]:
    """Break each text into lines for a terminal, words kept whole."""
    return [line for text in texts for line in textwrap.wrap(text, WIDTH, break_on_hyphens=False)]
