"""Find rows by what a person types: a name, an id, or a question with a name in it. Never by guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, TypeVar

from magnes.errors import InputProblems, Problem, nearest
from magnes.estimate import Record

__all__ = ["find", "plain"]

Row = TypeVar("Row", bound=Record)
SHORTEST = 3  # letters of a name that may be found inside a question


def plain(text: str) -> str:
    """Letters and digits in lower case, without accents, one space between words.

    >>> plain("Waarom heb ik 's nachts krampen?")
    'waarom heb ik s nachts krampen'
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", letters))


def find(text: str, rows: Iterable[Row], *, field: str = "NAME") -> tuple[Row, ...]:
    """Return rows whose id or name is the text; else those whose name stands in it, longest names first.

    A short name inside a longer one that was found does not count: "blood pressure" is not "blood". Only when nothing
    is found, singular and plural are the same word.

    Raises ``InputProblems`` (``name_unknown``) with the nearest names when there is none.
    """
    known: dict[str, list[Row]] = {}
    shown: dict[str, str] = {}
    for row in rows:
        for name in _names(row):
            key = plain(name)
            shown.setdefault(key, name)
            if row not in known.setdefault(key, []):
                known[key].append(row)
    asked = plain(text)
    found = _inside(asked, known) or _inside(_singular(asked), _folded(known))
    if found:
        return found
    near = list(nearest(asked, shown, likeness=0.7)) or _by_word(asked, shown)
    raise InputProblems([Problem("name_unknown", field=field, found=text, nearest=tuple(shown[key] for key in near))])


def _inside(asked: str, known: dict[str, list[Row]]) -> tuple[Row, ...]:
    """Return the rows of the whole text, else of every name in it, the longest first."""
    if asked in known:
        return tuple(known[asked])
    found: dict[int, Row] = {}
    rest = f" {asked} "
    for key in sorted(known, key=len, reverse=True):
        if len(key) >= SHORTEST and f" {key} " in rest:
            rest = rest.replace(f" {key} ", "  ")
            found |= {id(row): row for row in known[key]}
    return tuple(found.values())


def _folded(known: dict[str, list[Row]]) -> dict[str, list[Row]]:
    folded: dict[str, list[Row]] = {}
    for key, rows in known.items():
        folded.setdefault(_singular(key), []).extend(rows)
    return folded


def _singular(text: str) -> str:
    """Words without the ending of a Dutch or English plural.

    >>> _singular("plaspillen tablets bijwerkingen"), _singular("plaspil")
    ('plaspil tablet bijwerking', 'plaspil')
    """
    return " ".join(re.sub(r"(?<=\w{3})(?:(\w)\1en|en|s)$", r"\1", word) for word in text.split())


def _names(row: Any) -> tuple[str, ...]:
    return (row.id, row.name_nl, row.name_en, *row.names)


def _by_word(asked: str, known: Iterable[str]) -> list[str]:
    """Return known names that share the start of a word with what was asked."""
    starts = {word[:5] for word in asked.split() if len(word) > 4}
    hits = [name for name in known if any(word[:5] in starts for word in name.split())]
    return sorted(hits, key=len)[:3]
