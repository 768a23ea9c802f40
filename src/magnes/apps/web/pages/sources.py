"""The sources: what each is, whether it was read, and what rests on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from magnes.apps.web.doors import AtDesk
from magnes.apps.web.known import LONGEST_QUESTION, holds, numbered
from magnes.errors import InputProblems
from magnes.knowledge.cite import as_bibtex, asked_source, year_of
from magnes.knowledge.load import rows_by_source, table
from magnes.knowledge.records import Source
from magnes.knowledge.search import plain

__all__ = ["router"]

router = APIRouter(tags=["knowledge"])

LINKED = {"statements": "claims", "indications": "evidence"}  # tables whose rows have a page of their own


@router.get("/sources")
def listed(at: AtDesk, q: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "") -> Response:
    """List the sources, all of them or those with some words in key, citation, title or identifiers."""
    words = plain(q).split()
    rows = [row for row in table(Source) if not words or holds(_searched(row), words)]
    parts = numbered((), at.language)
    shown = [(row, year_of(row), Markup(parts.source(row))) for row in rows]  # noqa: S704 - Parts escapes
    return at.page("sources.html", q=q.strip(), rows=shown, all=len(table(Source)))


@router.get("/sources/{key:path}")
def one(at: AtDesk, key: str) -> Response:
    """Show one source with the rows that rest on it."""
    try:
        row = asked_source(key)
    except InputProblems:
        raise HTTPException(404) from None
    used = [(name, LINKED.get(name), ids) for name, ids in rows_by_source(row.key).items()]
    written = Markup(numbered((), at.language).source(row))  # noqa: S704 - Parts escapes
    return at.page("source.html", row=row, year=year_of(row), written=written, used=used, bibtex=as_bibtex(row))


def _searched(row: Source) -> str:
    return " ".join((row.key, row.citation, row.title, row.doi, row.pmid))
