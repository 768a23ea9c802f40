"""Dutch and English: codes and facts of the science become sentences, numbers and dates here and nowhere else."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from pydantic import BaseModel

from magnes.advice.finding import Finding
from magnes.advice.labs import VERY_LOW
from magnes.errors import Problem
from magnes.knowledge.names import lab_test
from magnes.status import CUT_OFFS, WITH_LOW_SERUM

__all__ = [
    "LANGUAGES",
    "Language",
    "action_text",
    "catalogue",
    "date",
    "finding_text",
    "hours_text",
    "in_language",
    "number",
    "problem_text",
    "translate",
]

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
NUMBERS_KEPT = 20_000  # a page of the web app writes hundreds, mostly the same ones
DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
HOURS = ("hours", "needed", "hours_before", "hours_after")
# Row of a laboratory finding -> its test
LABS = {VERY_LOW: "serum-magnesium"} | {
    row: test for cut_offs in (CUT_OFFS, WITH_LOW_SERUM) for test, rows in cut_offs.items() for _, row in rows
}


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All texts of a language by id."""
    with (files("magnes.text") / f"{language}.po").open("rb") as handle:
        return {str(entry.id): str(entry.string) for entry in read_po(handle) if entry.id}


def translate(text_id: str, language: Language, **facts: object) -> str:
    """Return the text with this id, its placeholders filled; ``KeyError`` for an id that the language lacks."""
    return catalogue(language)[text_id].format(**facts)


@lru_cache(maxsize=NUMBERS_KEPT)
def number(value: float, language: Language, digits: int = 0) -> str:
    """Return a number with the decimal sign of the language, no thousands sign.

    >>> number(0.71, "nl", 2), number(1234.4, "en")
    ('0,71', '1234')
    """
    pattern = "0" if digits == 0 else "0." + "0" * digits
    return format_decimal(value, format=pattern, locale=language, group_separator=False)


def date(value: dt.date, language: Language) -> str:
    """Return a date in words of the language."""
    return format_date(value, "d MMM y", locale=language)


def problem_text(problem: Problem, language: Language, *, form: bool = False) -> str:
    """Return what is wrong with an input, where, what is accepted and what is nearest.

    ``form``: in the words of a form, where those of a file would not help.
    """
    texts = catalogue(language)
    place = ":".join(filter(None, (problem.file, str(problem.line or ""))))
    accepted = _range(problem.accepted, language)
    facts = {"found": problem.found, "accepted": accepted, "field": problem.field}
    template = texts[f"problem.{problem.code}"]
    of_form = texts.get(f"problem_form.{problem.code}", "") if form else ""
    if of_form:
        template, accepted = of_form, ""
    parts = [f"{place}: " if place else "", f"{problem.field}: " if problem.field else "", template.format(**facts)]
    if accepted and "{accepted}" not in template:
        parts.append(" " + translate("problem.accepted", language, accepted=accepted))
    if problem.nearest:
        parts.append(" " + translate("problem.nearest", language, nearest="; ".join(problem.nearest)))
    return "".join(parts)


def _range(accepted: str, language: Language) -> str:
    """Return a range with the decimal sign of the language; a list of names or codes stays as it is."""
    if language == "en" or "…" not in accepted:
        return accepted
    return DECIMAL_POINT.sub(",", accepted)


def in_language(row: BaseModel, field: str, language: Language) -> str:
    """Return the text of a field that a record has in both languages (``name`` for ``name_nl`` and ``name_en``)."""
    return str(getattr(row, f"{field}_{language}"))


def finding_text(finding: Finding, language: Language) -> str:
    """Return one sentence on what was found, its facts in words."""
    subject = in_language(finding, "subject", language)
    facts = {name: _fact(name, value, language) for name, value in finding.facts.items()}
    if finding.code.startswith("lab_"):
        test = LABS[finding.rule]
        subject = translate(f"lab.{test}", language)
        facts["unit"] = translate(f"unit.{lab_test(test).unit}", language)
    return translate(f"finding.{finding.code}", language, subject=subject, **facts)


def _fact(name: str, value: str | float, language: Language) -> str:
    """One fact of a finding as words: whole mg, hours as people say them, laboratory values with two decimals."""
    if isinstance(value, str):
        known = name != "product" or "magnesium" in value.casefold()
        return value if known else f"{value} (magnesium)"
    if name.endswith("_mg"):
        return number(value, language)
    if name in HOURS:
        return hours_text(value, language)
    if name in ("value", "bound"):
        return number(value, language, 2 if value == round(value, 2) else 3)
    return _short(value, language)


def hours_text(hours: float, language: Language) -> str:
    """Hours as people say them; two decimals at most, so that 2.97 does not become 3."""
    words = {0.0: "none", 0.5: "half", 1.0: "one"}
    return translate(f"hours.{words.get(hours, 'number')}", language, number=_short(hours, language))


def _short(value: float, language: Language) -> str:
    """Return a number with at most two decimals and none that say nothing."""
    return format_decimal(value, format="0.##", locale=language, group_separator=False)


def action_text(finding: Finding, language: Language) -> str:
    """Return what to do about a finding: from the table, else the text of its code."""
    action = in_language(finding, "action", language)
    return action or translate(f"action.{finding.code}", language)
