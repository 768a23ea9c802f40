"""Who did what: of the practice for its owners, of one person for who may see that person."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from magnes.apps.web.doors import AtDesk, ForPerson
from magnes.store.audit import Audit

__all__ = ["router"]

router = APIRouter(tags=["audit"])


@router.get("/audit")
def audit(at: AtDesk) -> Response:
    """Show what was done in the practice, the newest first."""
    with at.begin() as session:
        rows = Audit(session, at.scope).list()
    return at.page("audit.html", rows=rows)


@router.get("/people/{person_id}/audit")
def audit_of_person(at: ForPerson) -> Response:
    """Show what was done with one person, the newest first."""
    with at.begin() as session:
        rows = Audit(session, at.scope).list(at.person.id)
    return at.page("audit.html", rows=rows)
