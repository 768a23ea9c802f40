"""Who may see one person: the whole practice, or only owners and those who are named."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.apps.web.doors import AtUserDesk, ForPerson
from magnes.apps.web.forms import Field, Typed, body, read_form
from magnes.errors import InputProblems, Problem
from magnes.store.people import People
from magnes.store.scope import Level
from magnes.store.users import UserRow, Users

__all__ = ["router"]

router = APIRouter(tags=["access"])

RESTRICTED = Field("restricted", "flag", hint=True)
LEVELS = get_args(Level)
Form = Annotated[Typed, Depends(read_form)]


@router.get("/people/{person_id}/access")
def access(at: ForPerson, users: AtUserDesk) -> Response:
    """Show who may see this person."""
    users.scope.must_own()
    with at.begin() as session:
        others, levels = _others(Users(session, at.scope)), People(session, at.scope).grants(at.person.id)
    return at.page("access.html", others=others, levels=levels, choices=LEVELS, field=RESTRICTED)


@router.post("/people/{person_id}/access", openapi_extra=body((RESTRICTED, Field("user_1"))))
def change_access(at: ForPerson, users: AtUserDesk, typed: Form) -> Response:
    """Save who may see this person: all of the form or nothing."""
    users.scope.must_own()
    with at.begin() as session:
        people = People(session, at.scope)
        levels = people.grants(at.person.id)
        for user in _others(Users(session, at.scope)):
            chosen = typed.get(f"user_{user.id}", "")
            if chosen not in ("", *LEVELS):
                problem = Problem("choice_unknown", field=user.name, found=chosen, accepted=", ".join(LEVELS))
                raise InputProblems([problem])
            if chosen != levels.get(user.id, ""):
                people.grant(at.person.id, user.id, chosen or None)  # type: ignore[arg-type]
        if bool(typed.get("restricted")) != at.person.restricted:
            people.restrict(at.person.id, not at.person.restricted)
    return at.go(f"/people/{at.person.id}/access?saved=1")


def _others(users: Users) -> list[UserRow]:
    """Users for whom a grant means something: owners see everybody."""
    return [user for user in users.list() if user.role != "owner" and user.disabled_at is None]
