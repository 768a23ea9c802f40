"""Sources: identifiers of the right form, a licence on the allow-list, nothing verified that nobody read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from magnes.errors import Problem
from magnes.knowledge import records
from magnes.knowledge.checks.common import every_row, wrong
from magnes.knowledge.load import located, sources_of, table

__all__ = ["LICENCES", "sources_are_complete"]

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
    "url": re.compile(r"(https?://)?([\w-]+\.)+[a-z]{2,}\.?(:\d+)?(/\S*)?", re.ASCII),
    "key": re.compile(r"[A-Z0-9][A-Z0-9-]*", re.ASCII),
}
FROM_MEMORY = "MEM"
NEEDS_NO_SOURCE = (records.Spread, records.Authority, records.Basic)


def sources_are_complete() -> Iterator[Problem]:
    """Find a number that nobody can trace, an identifier that leads nowhere, a flag that nobody earned."""
    for at in located(records.Source):
        for name, form in FORMS.items():
            value = getattr(at.row, name)
            if value and not form.fullmatch(value):
                yield wrong("identifier", at, name, value, form.pattern)
        if at.row.licence not in LICENCES:
            yield wrong("licence", at, "licence", at.row.licence, "; ".join(sorted(LICENCES)))
        if not at.row.citation.strip():
            yield wrong("blank", at, "citation")
    seen = {row.key: row.seen for row in table(records.Source)}
    for at in every_row():
        keys = sources_of(at.row)
        if "sources" in type(at.row).model_fields and not keys:
            yield wrong("no_source", at, "sources")
        read = any(seen.get(key, False) and key != FROM_MEMORY for key in keys)
        if keys and getattr(at.row, "verified", False) and not read:
            yield wrong("not_read", at, "verified", ", ".join(keys))
