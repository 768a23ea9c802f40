"""Text for people stands in Dutch and English, with the same numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from magnes.errors import Problem
from magnes.estimate import Record
from magnes.knowledge import clinical, records
from magnes.knowledge.checks.common import every_row, wrong

__all__ = ["numbers_in", "texts_in_both_languages"]

# Names of foods, salts and medicines keep the numbers of their own language (halfvolle melk, 2 % milk)
NAMES_ONLY = (records.Basic, records.Measure, records.Salt, clinical.Substance)


def texts_in_both_languages() -> Iterator[Problem]:
    """Find a text in one language only, or a number that was lost or mistyped in translation."""
    for at in every_row():
        for field, dutch, english in _pairs(at.row):
            if bool(dutch.strip()) != bool(english.strip()):
                yield wrong("language", at, field, dutch or english)
            elif not isinstance(at.row, NAMES_ONLY) and numbers_in(dutch, "nl") != numbers_in(english, "en"):
                yield wrong("numbers", at, field, dutch, english)


def _pairs(row: Record) -> Iterator[tuple[str, str, str]]:
    """Return field, Dutch and English text of a row and of its effects."""
    for name in type(row).model_fields:
        if name.endswith("_nl"):
            english = name[:-3] + "_en"
            yield name[:-3], getattr(row, name), getattr(row, english)
    for place, effect in enumerate(getattr(row, "effects", ())):
        for field, dutch, english in _pairs(effect):
            yield f"effects {place + 1} {field}", dutch, english


def numbers_in(text: str, language: str) -> Counter[str]:
    """Return the numbers of a text with a point as decimal sign, each as often as it stands there.

    >>> numbers_in("1,5 tot 9090 mg", "nl") == numbers_in("1.5 to 9,090 mg", "en")
    True
    """
    thousands, decimal = (",", ".") if language == "en" else (".", ",")
    plain = re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d{{3}}\b)", "", text)
    plain = re.sub(rf"(?<=\d){re.escape(decimal)}(?=\d)", ".", plain)
    found: Any = re.findall(r"\d+(?:\.\d+)?", plain)
    return Counter(found)
