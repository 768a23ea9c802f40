"""Everything of a person on one page for print, and the same numbers as JSON."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from magnes.apps.web.doors import ForPerson
from magnes.apps.web.downloads import download
from magnes.apps.web.work import LONGEST_WAIT_S, case_at, start, wait_for
from magnes.errors import InputProblems

__all__ = ["router"]

router = APIRouter(tags=["report"])


@router.get("/people/{person_id}/report")
def report(at: ForPerson) -> Response:
    """Show all sections of assessment and plan in reading order."""
    job = start(at, case_at(at), "plan")
    wait_for(at, job)
    return at.page("report.html", job=job, shown=job, sections=tuple(job.result.get("sections", ())))


@router.get("/people/{person_id}/report.json")
def as_json(at: ForPerson) -> Response:
    """Return assessment and plan as the command line prints them."""
    job = start(at, case_at(at), "export")
    job.finished.wait(LONGEST_WAIT_S)
    if job.problems:
        raise InputProblems(job.problems)
    if job.state != "done":
        raise HTTPException(503)
    return download("magnes.json", job.result["json"], "application/json")
