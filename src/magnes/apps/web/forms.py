"""Forms: fields by name and kind. A form becomes facts as typed; the problems of a reader go back to their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.datastructures import UploadFile
from starlette.requests import Request

from magnes.errors import InputProblems, Problem, Problems

__all__ = ["Field", "Typed", "body", "by_field", "facts_of", "read_form", "read_upload", "texts_of", "upload"]

Kind = Literal["text", "number", "date", "time", "times", "flag", "choice", "list", "long", "password"]
LONGEST_VALUE = 20_000  # signs in one field; a pasted list is the longest


@dataclass(frozen=True)
class Field:
    """One field: its name as in the file formats (a dot: a table within), its kind, its unit.

    ``words``: whose label and hint it has, where two pages give one name to different things.
    """

    name: str
    kind: Kind = "text"
    unit: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    search: str = ""
    hint: bool = False
    words: str = ""

    @property
    def said(self) -> str:
        """Return the end of the ids of its texts."""
        return self.words or self.name


Typed = dict[str, str]


async def read_form(request: Request) -> Typed:
    """Read the texts of a posted form; uploads are read where a page asks for them.

    Raises ``InputProblems`` for a field that is longer than anything a person types, or that holds a NUL.
    """
    async with request.form() as form:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
    problems = Problems()
    for name, value in typed.items():
        if len(value) > LONGEST_VALUE or "\x00" in value:
            problems.add("text_invalid", field=name, found=value)
    problems.stop()
    return typed


async def read_upload(request: Request) -> bytes:
    """Read the ``file`` of a posted form, no larger than the guard lets in; nothing of a form without one."""
    async with request.form(max_files=1) as form:
        file = form.get("file")
        return await file.read() if isinstance(file, UploadFile) else b""


def facts_of(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, Any]:
    """Turn what was typed into the facts of the file formats: blank is absent, lists are lists, flags true."""
    facts: dict[str, Any] = {}
    for field in fields:
        text = typed.get(field.name, "").strip()
        value: Any = text
        if field.kind == "flag":
            value = True if text else None
        elif field.kind in ("list", "times"):
            value = _parts(text, ";\n" if field.kind == "list" else ";,\n ")
        if not value:
            continue
        table, _, name = field.name.rpartition(".")
        (facts.setdefault(table, {}) if table else facts)[name] = value
    return facts


def texts_of(fields: Sequence[Field], facts: Mapping[str, Any]) -> Typed:
    """Turn facts into what stands in the fields: the way back from ``facts_of``."""
    typed = {}
    for field in fields:
        table, _, name = field.name.rpartition(".")
        value = (facts.get(table) or {}).get(name) if table else facts.get(name)
        if isinstance(value, bool):
            typed[field.name] = "on" if value else ""
        elif isinstance(value, list):
            typed[field.name] = (" " if field.kind == "times" else "\n").join(map(str, value))
        else:
            typed[field.name] = "" if value is None else str(value)
    return typed


def by_field(error: InputProblems, fields: Iterable[Field]) -> dict[str, list[Problem]]:
    """Sort problems by field; those of no field of the form stand under ``""``."""
    names = {field.name for field in fields}
    found: dict[str, list[Problem]] = {}
    for problem in error.problems:
        found.setdefault(problem.field if problem.field in names else "", []).append(problem)
    return found


def body(fields: Sequence[Field]) -> dict[str, Any]:
    """Describe a form for the OpenAPI document."""
    properties = {field.name: {"type": "string", "maxLength": LONGEST_VALUE} for field in fields}
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}}


def upload(name: str) -> dict[str, Any]:
    """Describe a form with one file for the OpenAPI document."""
    schema = {"type": "object", "properties": {name: {"type": "string", "format": "binary"}}}
    return {"requestBody": {"content": {"multipart/form-data": {"schema": schema}}}}


def _parts(text: str, signs: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{re.escape(signs)}]", text) if part.strip()]
