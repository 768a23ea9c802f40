"""Log in, choose a password of one's own the first time, log out; and the first start of a practice."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from magnes.apps.web.doors import AtUserDesk, cookie_name
from magnes.apps.web.entrance import checked, enter, leave, new_password_problems, page, practice_of, refused, try_of
from magnes.apps.web.forms import Field, Typed, body, by_field, read_form
from magnes.apps.web.passwords import hashed, is_first
from magnes.apps.web.setup import SetUp
from magnes.errors import InputProblems, Problem
from magnes.store.audit import record
from magnes.store.sessions import end_session
from magnes.store.users import Users, find_for_login, first_practice

__all__ = ["router"]

router = APIRouter(tags=["login"])

NAME = Field("user_name", required=True)
PASSWORD = Field("password", "password", required=True)
NEW = (
    Field("new_password", "password", required=True, hint=True),
    Field("new_password_again", "password", required=True),
)
LOG_IN = (NAME, PASSWORD)
FIRST = (NAME, PASSWORD, *NEW)
SET_UP = (Field("setup_code", required=True, hint=True), Field("practice_name", required=True), NAME, *NEW)
Form = Annotated[Typed, Depends(read_form)]


@router.get("/login")
def login(request: Request) -> Response:
    """Show the log-in form; the first time the set-up."""
    if request.app.state.local_scope:
        return RedirectResponse("/", 303)
    if request.app.state.setup:
        return RedirectResponse("/setup", 303)
    return _form(request, "login.html", LOG_IN, {})


@router.post("/login", openapi_extra=body(LOG_IN))
def log_in(request: Request, typed: Form) -> Response:
    """Begin a session, or say that name and password do not belong together."""
    if request.app.state.local_scope or request.app.state.setup:
        return RedirectResponse("/login", 303)
    name, password = typed.get("user_name", ""), typed.get("password", "")
    who = checked(request, name, password)
    if who is None:
        return refused(request, name, _form(request, "login.html", LOG_IN, typed, [Problem("login_wrong")]))
    if is_first(who.password_hash):
        return RedirectResponse("/login/first", 303)
    return enter(request, who, password)


@router.get("/login/first")
def first(request: Request) -> Response:
    """Show the form to replace a first password."""
    if request.app.state.local_scope:
        return RedirectResponse("/", 303)
    return _form(request, "login_first.html", FIRST, {})


@router.post("/login/first", openapi_extra=body(FIRST))
def choose(request: Request, typed: Form) -> Response:
    """Replace the password that an owner gave, once, and begin a session."""
    if request.app.state.local_scope:
        return RedirectResponse("/", 303)
    name, password = typed.get("user_name", ""), typed.get("new_password", "")
    who = checked(request, name, typed.get("password", ""))
    if who is None or not is_first(who.password_hash):
        wrong = [Problem("login_wrong")]
        return refused(request, name, _form(request, "login_first.html", FIRST, typed, wrong))
    problems = new_password_problems(typed, (who.name, practice_of(request, who)))
    if password == typed.get("password"):
        problems.append(Problem("password_same", field="new_password"))
    if problems:
        return _form(request, "login_first.html", FIRST, typed, problems)
    with request.app.state.store.begin() as session:
        Users(session, who.scope).set_password(who.scope.user_id, hashed(password))
        changed = find_for_login(session, name)
    return enter(request, changed or who, password)


@router.post("/logout")
def log_out(request: Request, at: AtUserDesk) -> Response:
    """End this session."""
    with at.begin() as session:
        end_session(session, request.cookies.get(cookie_name(at.config), ""))
        record(session, at.scope, "logged_out")
    return leave(request, RedirectResponse("/login", 303))


@router.get("/setup")
def setup(request: Request) -> Response:
    """Show the form that makes the first owner, while there is none."""
    made: SetUp | None = request.app.state.setup
    if made is None:
        return RedirectResponse("/", 303)
    return _form(request, "setup.html", SET_UP, {}, closed=not made.open)


@router.post("/setup", openapi_extra=body(SET_UP))
def set_up(request: Request, typed: Form) -> Response:
    """Make the first owner for who knows the code from the terminal. People from before log-in come along."""
    made: SetUp | None = request.app.state.setup
    if made is None:
        return RedirectResponse("/", 303)
    try_of(request, "")
    if not made.fits(typed.get("setup_code", "")):
        problem = Problem("setup_code", field="setup_code")
        return _form(request, "setup.html", SET_UP, typed, [problem], closed=not made.open)
    name, practice = typed.get("user_name", ""), typed.get("practice_name", "")
    problems = new_password_problems(typed, (name, practice))
    problems += [
        Problem("field_missing", field=field.name) for field in SET_UP if not typed.get(field.name, "").strip()
    ]
    if problems:
        return _form(request, "setup.html", SET_UP, typed, problems)
    password = typed["new_password"]
    stored = hashed(password)
    try:
        with request.app.state.store.begin() as session:
            _make_owner(Users(session, first_practice(session, practice, owner=name)), name, stored)
            who = find_for_login(session, name)
    except InputProblems as error:
        return _form(request, "setup.html", SET_UP, typed, list(error.problems))
    made.close()
    request.app.state.setup = None
    return enter(request, who, password) if who else RedirectResponse("/login", 303)


def _make_owner(users: Users, name: str, stored: str) -> None:
    """Give the owner of a new practice the password; where one worked without, the new owner comes in that place."""
    local = users.get(users.scope.user_id)
    if local.name == " ".join(name.split()):
        users.set_password(local.id, stored)
    else:
        users.add(name, stored, "owner")
        users.disable(local.id)


def _form(
    request: Request,
    template: str,
    fields: tuple[Field, ...],
    typed: Typed,
    problems: list[Problem] | None = None,
    **facts: object,
) -> Response:
    wrong = by_field(InputProblems(problems), fields) if problems else {}
    return page(request, template, 422 if wrong else 200, fields=fields, typed=typed, wrong=wrong, **facts)
