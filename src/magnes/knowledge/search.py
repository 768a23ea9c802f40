"""Find rows by what a person types: a name, an id, or a question with a name in it. Never by guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, TypeVar

from magnes.errors import InputProblems, Problem, nearest
from magnes.estimate import Record

__all__ = ["find", "name_key", "plain"]

Row = TypeVar("Row", bound=Record)
SHORTEST = 3  # letters of a name that may be found inside a question
OPPOSITES = {"laag", "lage", "low", "geen", "no", "not", "niet", "zonder", "without"}
TOO_MUCH = {("te", "veel"), ("too", "much")}
TAKEN = "|"  # stands where a name was found, so that two words apart do not become neighbours


def plain(text: str) -> str:
    """Letters and digits in lower case, without accents, one space between words.

    >>> plain("Waarom heb ik 's nachts krampen?")
    'waarom heb ik s nachts krampen'
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", letters))


def name_key(name: str) -> str:
    """Spelling of a medicine, condition or salt: lower case, hyphens as spaces; signs stay, strengths have some.

    >>> name_key("AV-blok  Graad 2")
    'av blok graad 2'
    """
    return " ".join(name.casefold().replace("-", " ").split())


def find(text: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows whose id or name is the text; else those whose name stands in it, longest names first.

    A short name inside a longer one that was found does not count: "blood pressure" is not "blood". Singular and plural
    are the same word. A name behind a word that turns it round ("low blood pressure") is not meant.

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
    found = _inside(asked, known)
    if found:
        return found
    near = list(nearest(asked, shown, likeness=0.7)) or _by_word(asked, shown)
    raise InputProblems([Problem("name_unknown", found=text, nearest=tuple(shown[key] for key in near))])


def _inside(asked: str, known: dict[str, list[Row]]) -> tuple[Row, ...]:
    """Return the rows of the whole text, else of every name in it, the longest first; then of plurals in the rest."""
    if asked in known:
        return tuple(known[asked])
    found: dict[int, Row] = {}
    rest = _taken(f" {asked} ", known, found)
    folded: dict[str, list[Row]] = {}
    for key, rows in known.items():
        folded.setdefault(_singular(key), []).extend(rows)
    _taken(f" {_singular(rest)} ", folded, found)
    return tuple(found.values())


def _taken(text: str, known: dict[str, list[Row]], found: dict[int, Row]) -> str:
    """Note the rows of the names in a text, once each, and return what is left of it."""
    for key in sorted(known, key=len, reverse=True):
        place = text.find(f" {key} ") if len(key) >= SHORTEST else -1
        if place >= 0:
            if not _turned_round(text[:place]):
                found |= {id(row): row for row in known[key]}
            text = text.replace(f" {key} ", f" {TAKEN} ")
    return text


def _turned_round(before: str) -> bool:
    """Whether the words before a name say the opposite of it: low, no, too much."""
    words = before.split()
    return words[-1:] != [] and (words[-1] in OPPOSITES or tuple(words[-2:]) in TOO_MUCH)


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
