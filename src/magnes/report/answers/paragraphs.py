"""The pieces of an answer, and how they read as text: labelled paragraphs wrapped to the width, sources under them.

``page.py`` writes the same pieces as HTML.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from magnes.report.wording import marked
from magnes.text import Language, translate

__all__ = [
    "GAP",
    "WIDTH",
    "Cited",
    "Claim",
    "Drawn",
    "Gap",
    "Heading",
    "Item",
    "Name",
    "Piece",
    "Plain",
    "Said",
    "See",
    "cited",
    "labelled",
    "liner",
    "lines",
    "titled",
]

WIDTH = 88
LABEL_CELLS = 22
ID_CELLS, VERDICT_CELLS = 8, 20
NAME_CELLS = (9, 40)


class Heading(NamedTuple):
    """What an answer is about, with its id."""

    text: str
    id: str = ""


class Said(NamedTuple):
    """A text with its label; without a label it goes on with what was said before. An empty text is left out."""

    label: str
    text: str


class Item(NamedTuple):
    """One item of a list that goes with what was said before."""

    text: str


class Plain(NamedTuple):
    """A line over what follows."""

    text: str


class Drawn(NamedTuple):
    """A picture of letters; a page has a real one."""

    text: str


class Claim(NamedTuple):
    """One statement of the pages in short; ``others`` are the ids that it contradicts."""

    id: str
    verdict: str
    text: str
    others: tuple[str, ...] = ()


class Name(NamedTuple):
    """One of a list of names, with its code and what is known of it."""

    code: str
    text: str
    more: str


class See(NamedTuple):
    """Where the rest of an indication stands: on a page a link, in text the command."""

    id: str
    name: str
    command: str


class Cited(NamedTuple):
    """The source keys of an answer; ``mark`` says when they were not all read."""

    label: str
    keys: tuple[str, ...]
    mark: str


class Gap(NamedTuple):
    """An empty line between parts."""


GAP = Gap()
Piece = Heading | Said | Item | Plain | Drawn | Claim | Name | See | Cited | Gap


def lines(pieces: Iterable[Piece]) -> Iterator[str]:
    """Write an answer as lines of text."""
    for piece in pieces:
        match piece:
            case Heading(text, row_id):
                yield from titled(text, row_id)
            case Said(label, text):
                yield from labelled(label, text)
            case Item(text):
                yield from labelled("", f"• {text}")
            case Plain(text):
                yield text
            case Drawn(text):  # in the column of the text; wrapping would tear it
                yield " " * LABEL_CELLS + text
            case Claim():
                yield from _claim(piece)
            case Name(code, text, more):
                yield f"  {code:<{NAME_CELLS[0]}} {text:<{NAME_CELLS[1]}} {more}"
            case See():
                yield from labelled("", piece.command)
            case Cited(label, keys, mark):
                yield from labelled(label, " ".join(filter(None, (", ".join(keys), mark))))
            case Gap():
                yield ""


def _claim(piece: Claim) -> Iterator[str]:
    head = f"{piece.id:<{ID_CELLS}}{piece.verdict:<{VERDICT_CELLS}}"
    text = piece.text + (f" ↔ {' '.join(piece.others)}" if piece.others else "")
    first, *rest = textwrap.wrap(text, WIDTH - len(head), break_long_words=False, break_on_hyphens=False)
    yield head + first
    yield from (" " * len(head) + line for line in rest)


def titled(title: str, right: str = "", width: int = WIDTH) -> Iterator[str]:
    """Return a title with an id at the right margin, underlined."""
    yield f"{title}{right:>{max(len(right) + 2, width - len(title))}}".rstrip()
    yield "─" * width


def labelled(label: str, text: str, width: int = WIDTH) -> Iterator[str]:
    """Return a text with its label in front, wrapped in a column of its own; nothing for an empty text."""
    if not text:
        return
    indent = " " * LABEL_CELLS
    wrapped = textwrap.wrap(text, width - LABEL_CELLS, break_long_words=False, break_on_hyphens=False) or [""]
    fits = len(label) < LABEL_CELLS
    yield f"{label:<{LABEL_CELLS}}{wrapped[0]}" if fits else label
    yield from (indent + line for line in (wrapped[1:] if fits else wrapped))


def liner(language: Language) -> Callable[[str, str], Said]:
    """Return what makes a labelled text; its label is named by the end of its text id."""
    return lambda name, text: Said(translate(f"answer.{name}", language), text)


def cited(keys: Iterable[str], language: Language, *, verified: bool) -> Cited:
    """Return the source keys; says so when they were not read."""
    shown = tuple(dict.fromkeys(keys))
    mark = marked("·", language, verified=verified)[2:] if shown else ""
    return Cited(translate("answer.sources", language), shown, mark)
