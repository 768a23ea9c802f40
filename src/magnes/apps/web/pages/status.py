"""How a person stands: intake, need, limit and findings at once; chances, the day and the course when fitted."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from magnes.apps.web.doors import ForPerson
from magnes.apps.web.work import case_at, start, wait_for

__all__ = ["router"]

router = APIRouter(tags=["status"])

SECTIONS = (
    "summary", "findings", "standing", "flow", "intake", "need", "limit", "absorbed", "labs", "forecast", "gaps",
    "sources",
)  # fmt: skip


@router.get("/people/{person_id}/status")
def status(at: ForPerson) -> Response:
    """Show what is there, and the progress of what is not."""
    case = case_at(at)
    whole = start(at, case, "status")
    if wait_for(at, whole, quick_s=0):
        return at.page("status.html", shown=whole, job=whole, sections=SECTIONS)
    quick = start(at, case, "assess")
    wait_for(at, quick)
    job = whole if quick.state == "done" else quick
    return at.page("status.html", shown=quick, job=job, sections=SECTIONS)
