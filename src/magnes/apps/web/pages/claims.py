"""The statements of the five pages: each with its verdict, what was computed, its sources and what it contradicts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.responses import Response

from magnes.apps.web.doors import AtDesk
from magnes.apps.web.known import LONGEST_QUESTION, holds, written
from magnes.errors import InputProblems, Problem
from magnes.knowledge.ledger import Statement
from magnes.knowledge.search import plain
from magnes.report.answers.claims import claim_in_full, claims_list, totals
from magnes.statements import PAGES, VERDICTS, claims, statement

__all__ = ["router"]

router = APIRouter(tags=["knowledge"])


@router.get("/claims")
def listed(
    at: AtDesk,
    page: str = "",
    verdict: str = "",
    conflicts: str = "",
    q: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "",
) -> Response:
    """List statements, all of them or those of a page, with a verdict, with a conflict, with some words."""
    numbers = tuple(map(str, PAGES))
    chosen = {"page": page, "verdict": verdict, "conflicts": conflicts, "q": q.strip()}
    wrong = {}
    for name, known in (("page", numbers), ("verdict", VERDICTS)):
        if chosen[name] and chosen[name] not in known:
            wrong[name] = [Problem("choice_unknown", field=name, found=chosen[name], accepted=", ".join(known))]
    of_page = int(page) if page in numbers else None
    rows = claims(page=of_page, verdict=verdict or None, conflicts=bool(conflicts)) if not wrong else ()
    words = plain(q).split()
    rows = tuple(row for row in rows if not words or holds(_searched(row), words))
    return at.page(
        "claims.html",
        422 if wrong else 200,
        chosen=chosen,
        wrong=wrong,
        pages=numbers,
        verdicts=VERDICTS,
        total=totals(rows, at.language) if rows else "",
        items=written(claims_list(rows, at.language, with_conflicts=True), at.language),
    )


@router.get("/claims/{statement_id}")
def one(at: AtDesk, statement_id: str) -> Response:
    """Show one statement in full."""
    try:
        row = statement(statement_id)
    except InputProblems:
        raise HTTPException(404) from None
    answer = written(claim_in_full(row, at.language), at.language, level=1)
    return at.page("claim.html", row=row, answer=answer)


def _searched(row: Statement) -> str:
    """Return the words in which a search looks: both languages, because the pages and the trials mix them."""
    texts = (row.id, row.text_nl, row.text_en, row.section_nl, row.section_en, row.better_nl, row.better_en)
    return " ".join((*texts, *row.sources))
