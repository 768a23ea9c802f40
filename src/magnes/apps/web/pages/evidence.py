"""Evidence: for what magnesium was studied, what was found, how sure that is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from magnes.advice.evidence import evidence
from magnes.apps.web.doors import AtDesk
from magnes.apps.web.known import LONGEST_QUESTION, divided, nearest_names, numbered, written
from magnes.errors import InputProblems
from magnes.knowledge.indications import Indication
from magnes.knowledge.load import table
from magnes.report.answers.evidence import evidence_in_full
from magnes.report.answers.names import indication_groups, indication_name
from magnes.report.answers.page import effects_figure, effects_sources

__all__ = ["router"]

router = APIRouter(tags=["knowledge"])


@router.get("/evidence")
def listed(at: AtDesk, q: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "") -> Response:
    """List all indications by what was found, or those that a question names."""
    question, wrong, near = q.strip(), {}, []
    found: tuple[Indication, ...] = ()
    if question:
        try:
            found = evidence(question)
        except InputProblems as error:
            wrong, near = {"q": error.problems}, nearest_names(error)
    groups = [
        (heading, [(row, indication_name(row, at.language)) for row in rows if not found or row in found])
        for heading, rows in indication_groups(at.language)
    ]
    facts = {"q": question, "wrong": wrong, "near": near, "groups": [group for group in groups if group[1]]}
    return at.page("evidence.html", 422 if wrong else 200, **facts)


@router.get("/evidence/{indication_id}")
def one(at: AtDesk, indication_id: str) -> Response:
    """Show one indication in full, with its effects as dots and as a table."""
    row = next((row for row in table(Indication) if row.id == indication_id.upper()), None)
    if row is None:
        raise HTTPException(404)
    parts = numbered(effects_sources(row), at.language)
    sources = parts.section("sources", parts.source_list()) if parts.sources else ""
    itself, pages = divided(evidence_in_full(row, at.language))
    return at.page(
        "evidence_one.html",
        name=indication_name(row, at.language),
        answer=written(itself, at.language, level=1),
        pages=written(pages, at.language, level=1),
        figure=Markup(effects_figure(row, parts)),  # noqa: S704 - Parts escapes
        sources=Markup(sources),  # noqa: S704 - Parts escapes
    )
