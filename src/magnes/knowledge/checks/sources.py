"""Sources: identifiers of the right form, a licence on the allow-list, nothing verified that nobody read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from magnes.errors import Problem
from magnes.estimate import Record
from magnes.knowledge import records
from magnes.knowledge.checks.common import every_row, wrong
from magnes.knowledge.load import located, sources_of, table
from magnes.knowledge.rows import Located

__all__ = ["LICENCES", "Flagged", "flags", "malformed_identifiers", "sources_are_complete"]

# What may be shipped: facts with a citation, and tables under these terms
LICENCES = {
    "citation",
    "public domain",
    "Apache-2.0",
    "CC0",
    "CC BY 4.0 compatible",
    "CC BY-NC-SA 4.0 and WHO terms; only the codes used here",
    "Licence Ouverte / Etalab",
    "OGL-Canada",
    "label facts",
    "not redistributed",
    "user data",
}
FORMS = {
    "pmid": re.compile(r"\d{1,8}", re.ASCII),
    "doi": re.compile(r"10\.\d{4,9}/[^\s;,]*[^\s:;,.)]", re.ASCII),
    "pmc": re.compile(r"PMC\d{1,8}", re.ASCII),
    "url": re.compile(r"(https?://)?([\w-]+\.)+[a-z]{2,}\.?(:\d+)?(/\S*)?", re.ASCII),
    "key": re.compile(r"[A-Z0-9][A-Z0-9-]*", re.ASCII),
}
FROM_MEMORY = "MEM"
SUFFIX = "verified"


class Flagged(NamedTuple):
    """A verified flag of a row or of one of its effects, with the source keys that it rests on."""

    name: str
    is_set: bool
    sources: tuple[str, ...]


def sources_are_complete() -> Iterator[Problem]:
    """Find a number that nobody can trace, an identifier that leads nowhere, a flag that nobody earned."""
    for at in located(records.Source):
        yield from malformed_identifiers(at)
        if at.row.licence not in LICENCES:
            yield wrong("licence", at, "licence", at.row.licence, "; ".join(sorted(LICENCES)))
        if not at.row.citation.strip():
            yield wrong("blank", at, "citation")
    read = {row.key for row in table(records.Source) if row.seen and row.key != FROM_MEMORY}
    for at in every_row():
        if "sources" in type(at.row).model_fields and not sources_of(at.row):
            yield wrong("no_source", at, "sources")
        for flag in flags(at.row):
            if flag.is_set and flag.sources and not read & set(flag.sources):
                yield wrong("not_read", at, flag.name, ", ".join(flag.sources))


def malformed_identifiers(at: Located[Any]) -> Iterator[Problem]:
    """Find an identifier of a row that cannot lead anywhere: a DOI with its prefix, a PMID with a letter."""
    for name, form in FORMS.items():
        value = getattr(at.row, name, "")
        if value and not form.fullmatch(value):
            yield wrong("identifier", at, name, value, form.pattern)


def flags(row: Record) -> Iterator[Flagged]:
    """Return every verified flag of a row and of its effects; each rests on its own list of sources."""
    fields: Any = type(row).model_fields
    for name in fields:
        if name.endswith(SUFFIX):
            own = getattr(row, name.removesuffix(SUFFIX) + "sources", ())
            single = getattr(row, "source", "")
            yield Flagged(name, getattr(row, name), own or ((single,) if single else ()))
    for place, effect in enumerate(getattr(row, "effects", ()), start=1):
        yield Flagged(f"effects {place} {SUFFIX}", effect.verified, effect.sources)
