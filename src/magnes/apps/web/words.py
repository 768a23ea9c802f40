"""Templates with the texts, numbers and dates of one language. Everything that enters a page is escaped."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from typing import Any

from babel.dates import format_date, format_time
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from magnes.errors import Problem
from magnes.text import Language, catalogue, date, in_language, number, problem_text, translate

__all__ = ["render", "static_bytes", "static_path"]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("magnes.apps.web", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: Language, **facts: Any) -> str:
    """Fill a template; ``t`` is a text by id; ``num``, ``day``, ``weekday``, ``clock`` write numbers, dates, times.

    ``in_language`` takes a field of a record in the language of the page.
    """
    return (
        _environment()
        .get_template(template)
        .render(
            t=partial(_text, language),
            num=lambda value, digits=0: number(value, language, digits),
            day=lambda value: date(value, language),
            weekday=lambda value: format_date(value, "EEEE d MMMM y", locale=language),
            clock=lambda value: format_time(value, "HH:mm", locale=language),
            iso=dt.date.isoformat,
            in_language=lambda row, field: in_language(row, field, language),
            problem=lambda found: _problem(found, language),
            static=static_path,
            language=language,
            **facts,
        )
    )


def _text(language: Language, text_id: str, **facts: object) -> str:
    return translate(text_id, language, **facts)


def _problem(found: Problem, language: Language) -> str:
    """Return what is wrong without the place, which stands beside the field, and without the signs of a file."""
    accepted = found.accepted.removeprefix('["').removesuffix('"]')
    labels = [catalogue(language).get(f"web.field.{name}", "") for name in accepted.split(", ")]
    if all(labels):
        accepted = ", ".join(f"‘{label}’" for label in labels)
    return problem_text(replace(found, file="", line=None, field="", accepted=accepted), language, form=True)


@cache
def static_path(name: str) -> str:
    """Return the address of a static file; a change of the file changes it, so that browsers may keep it for ever."""
    return f"/static/{name}?v={hashlib.sha256(static_bytes(name)).hexdigest()[:12]}"


def static_bytes(name: str) -> bytes:
    """Return a static file; the style of the report is the report's own."""
    report = files("magnes.report") / "page.css"
    return (report if name == "report.css" else files("magnes.apps.web") / "static" / name).read_bytes()
