"""Dutch and English: codes and facts of the science become sentences, numbers and dates here and nowhere else."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Literal

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from magnes.advice.finding import Finding
from magnes.errors import Problem

__all__ = [
    "LANGUAGES",
    "Language",
    "action_text",
    "catalogue",
    "date",
    "finding_text",
    "number",
    "problem_text",
    "translate",
]

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All texts of a language by id."""
    with (files("magnes.text") / f"{language}.po").open("rb") as handle:
        return {str(entry.id): str(entry.string) for entry in read_po(handle) if entry.id}


def translate(text_id: str, language: Language, **facts: object) -> str:
    """Return the text with this id, its placeholders filled; ``KeyError`` for an id that the language lacks."""
    return catalogue(language)[text_id].format(**facts)


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


def problem_text(problem: Problem, language: Language) -> str:
    """Return what is wrong with an input, where, what is accepted and what is nearest."""
    place = ":".join(filter(None, (problem.file, str(problem.line or ""))))
    facts = {"found": problem.found, "accepted": problem.accepted, "field": problem.field}
    template = catalogue(language)[f"problem.{problem.code}"]
    parts = [f"{place}: " if place else "", f"{problem.field}: " if problem.field else "", template.format(**facts)]
    if problem.accepted and "{accepted}" not in template:
        parts.append(" " + translate("problem.accepted", language, accepted=problem.accepted))
    if problem.nearest:
        parts.append(" " + translate("problem.nearest", language, nearest="; ".join(problem.nearest)))
    return "".join(parts)


def finding_text(finding: Finding, language: Language) -> str:
    """Return one sentence on what was found; hours keep two decimals, so that 2.97 does not become 3."""
    subject = finding.subject_nl if language == "nl" else finding.subject_en
    facts = {
        name: number(value, language, 0 if value == int(value) else 2) if isinstance(value, float) else value
        for name, value in finding.facts.items()
    }
    return translate(f"finding.{finding.code}", language, subject=subject, **facts)


def action_text(finding: Finding, language: Language) -> str:
    """Return what to do about a finding: from the table, else the text of its code."""
    action = finding.action_nl if language == "nl" else finding.action_en
    return action or translate(f"action.{finding.code}", language)
