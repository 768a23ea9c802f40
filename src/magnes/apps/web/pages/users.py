"""The users of a practice, for its owners; and the own account, for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from magnes.apps.web.doors import AtUserDesk, Desk, Id, cookie_name
from magnes.apps.web.entrance import checked, enter, leave, new_password_problems
from magnes.apps.web.forms import Field, Typed, body, by_field, read_form
from magnes.apps.web.passwords import check_password, hashed
from magnes.errors import InputProblems, Problem
from magnes.store.audit import record
from magnes.store.scope import ROLES
from magnes.store.sessions import end_all, end_other, sessions_of
from magnes.store.users import Users, find_for_login, practice_name

__all__ = ["router"]

router = APIRouter(tags=["users"])

ROLE = Field("role", "choice", choices=ROLES, required=True, hint=True)
GIVEN = Field("new_password", "password", required=True, hint=True)
ADD = (Field("user_name", required=True), ROLE, GIVEN)
OWN = (Field("password", "password", required=True), GIVEN, Field("new_password_again", "password", required=True))
END = (Field("session"),)
Form = Annotated[Typed, Depends(read_form)]


def owner(at: AtUserDesk) -> Desk:
    """Let owners only in."""
    at.scope.must_own()
    return at


AtOwnerDesk = Annotated[Desk, Depends(owner)]


@router.get("/users")
def users(at: AtOwnerDesk) -> Response:
    """Show the users, and the form to add one."""
    return _list(at, {})


@router.post("/users", openapi_extra=body(ADD))
def add(at: AtOwnerDesk, typed: Form) -> Response:
    """Add a user with a first password, which the user replaces at the first log-in."""
    name, password = typed.get("user_name", ""), typed.get("new_password", "")
    try:
        stored = _given(at, name, password)
        with at.begin() as session:
            Users(session, at.scope).add(name, stored, typed.get("role", ""))  # type: ignore[arg-type]
    except InputProblems as error:
        return _list(at, typed, error)
    return at.go("/users?saved=1")


@router.post("/users/{user_id}/role", openapi_extra=body((ROLE,)))
def change_role(user_id: Id, at: AtOwnerDesk, typed: Form) -> Response:
    """Give another role; the last owner stays one."""
    try:
        with at.begin() as session:
            Users(session, at.scope).change_role(user_id, typed.get("role", ""))  # type: ignore[arg-type]
    except InputProblems as error:
        return _list(at, {}, error)
    return at.go("/users?saved=1")


@router.post("/users/{user_id}/disable")
def disable(user_id: Id, at: AtOwnerDesk) -> Response:
    """Close an account; the last owner stays."""
    try:
        with at.begin() as session:
            Users(session, at.scope).disable(user_id)
    except InputProblems as error:
        return _list(at, {}, error)
    return at.go("/users?saved=1")


@router.post("/users/{user_id}/password", openapi_extra=body((GIVEN,)))
def give_password(user_id: Id, at: AtOwnerDesk, typed: Form) -> Response:
    """Give a user who forgot the password a new first one."""
    with at.begin() as session:
        name = Users(session, at.scope).get(user_id).name
    try:
        stored = _given(at, name, typed.get("new_password", ""))
    except InputProblems as error:
        return _list(at, {}, error)
    with at.begin() as session:
        Users(session, at.scope).set_password(user_id, stored)
    return at.go("/users?saved=1")


@router.get("/account")
def account(at: AtUserDesk) -> Response:
    """Show the own account: password and open sessions."""
    return _account(at)


@router.post("/account/password", openapi_extra=body(OWN))
def change_password(request: Request, at: AtUserDesk, typed: Form) -> Response:
    """Change the own password; all other sessions end, this one goes on with a new token."""
    new = typed.get("new_password", "")
    who = checked(request, at.user, typed.get("password", ""))
    with at.begin() as session:
        practice = practice_name(session, at.scope)
    problems = new_password_problems(typed, (at.user, practice))
    if who is None or who.scope.user_id != at.scope.user_id:
        problems.append(Problem("password_wrong", field="password"))
    if problems:
        return _account(at, InputProblems(problems))
    stored = hashed(new)
    with at.begin() as session:
        Users(session, at.scope).set_password(at.scope.user_id, stored)
        changed = find_for_login(session, at.user)
    return enter(request, changed, new) if changed else at.go("/login")


@router.post("/account/sessions/end", openapi_extra=body(END))
def end_sessions(request: Request, at: AtUserDesk, typed: Form) -> Response:
    """End one session, or without a choice all of them, this one too."""
    chosen = typed.get("session", "")
    with at.begin() as session:
        if chosen:
            end_other(session, at.scope.user_id, chosen)
        else:
            end_all(session, at.scope.user_id)
        record(session, at.scope, "logged_out", None, "one" if chosen else "everywhere")
    return at.go("/account") if chosen else leave(request, RedirectResponse("/login", 303))


def _given(at: Desk, name: str, password: str) -> str:
    """Judge a password that an owner gives, and return its hash."""
    with at.begin() as session:
        practice = practice_name(session, at.scope)
    problems = check_password(password, (name, practice), "new_password")
    if problems:
        raise InputProblems(problems)
    return hashed(password, first=True)


def _list(at: Desk, typed: Typed, error: InputProblems | None = None) -> Response:
    with at.begin() as session:
        rows = Users(session, at.scope).list()
    wrong = by_field(error, ADD) if error else {}
    facts = {"users": rows, "roles": ROLES, "fields": ADD, "typed": typed, "wrong": wrong}
    return at.page("users.html", 422 if wrong else 200, **facts)


def _account(at: Desk, error: InputProblems | None = None) -> Response:
    token = at.request.cookies.get(cookie_name(at.config), "")
    with at.begin() as session:
        open_ones = sessions_of(session, at.scope.user_id, token, at.request.app.state.clock())
        role = Users(session, at.scope).get(at.scope.user_id).role
    wrong = by_field(error, OWN) if error else {}
    facts = {"sessions": open_ones, "role": role, "fields": OWN, "typed": {}, "wrong": wrong}
    return at.page("account.html", 422 if wrong else 200, **facts)
