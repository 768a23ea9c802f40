"""Labelled paragraphs wrapped to the width, and the line with sources under them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator

from magnes.report.wording import marked
from magnes.text import Language, translate

__all__ = ["WIDTH", "labelled", "liner", "sources_line", "titled"]

WIDTH = 88
LABEL_CELLS = 22


def titled(title: str, right: str = "", width: int = WIDTH) -> Iterator[str]:
    """Return a title with an id at the right margin, underlined."""
    yield f"{title}{right:>{max(len(right) + 2, width - len(title))}}".rstrip()
    yield "─" * width


def labelled(label: str, text: str, width: int = WIDTH) -> Iterator[str]:
    """Return a text with its label in front, wrapped in a column of its own; nothing for an empty text."""
    if not text:
        return
    indent = " " * LABEL_CELLS
    lines = textwrap.wrap(text, width - LABEL_CELLS, break_long_words=False, break_on_hyphens=False) or [""]
    fits = len(label) < LABEL_CELLS
    yield f"{label:<{LABEL_CELLS}}{lines[0]}" if fits else label
    yield from (indent + line for line in (lines[1:] if fits else lines))


def liner(language: Language) -> Callable[[str, str], Iterator[str]]:
    """Return ``labelled`` whose label is named by the end of its text id."""
    return lambda name, text: labelled(translate(f"answer.{name}", language), text)


def sources_line(keys: Iterable[str], language: Language, *, verified: bool, width: int = WIDTH) -> Iterator[str]:
    """Return the source keys; says so when they were not read."""
    shown = ", ".join(dict.fromkeys(keys))
    yield from labelled(translate("answer.sources", language), marked(shown, language, verified=verified), width)
