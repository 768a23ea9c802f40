"""Behind the log-in pages: check a password, begin and end a session, keep its cookie."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from magnes.apps.web.doors import client_address, cookie_name, language_of
from magnes.apps.web.limits import TooManyTriesError
from magnes.apps.web.passwords import Busy, check_password, hashed, matches, outdated
from magnes.apps.web.words import render
from magnes.errors import Problem
from magnes.store.audit import record
from magnes.store.engine import Store
from magnes.store.sessions import end_session, start_session
from magnes.store.users import LogIn, Users, find_for_login, practice_name

__all__ = ["checked", "enter", "leave", "new_password_problems", "page", "refused", "try_of"]

LOG = logging.getLogger("magnes.web")
SESSION_HOURS, IDLE_MINUTES = 12.0, 30  # ASVS 3.3.2, level 2
BUSY_S = 10


def page(request: Request, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """Fill a template for somebody who is not known yet."""
    return HTMLResponse(
        render(template, language_of(request, {}), desk=None, path=request.url.path, **facts),
        status,
    )


def try_of(request: Request, account: str) -> None:
    """Count a try; raises ``HTTPException`` 429 with the seconds to wait when there were too many."""
    address = client_address(request.scope)
    try:
        request.app.state.limits.begin(account, address)
    except TooManyTriesError as error:
        LOG.warning("too many log-ins from %s", address)
        raise HTTPException(429, headers={"Retry-After": str(error.wait_s)}) from None


def checked(request: Request, name: str, password: str) -> LogIn | None:
    """Return who logs in with this name and password; ``None`` when nobody does, in the same time."""
    try_of(request, name)
    with _store(request).begin(reading=True) as session:
        found = find_for_login(session, name)
    try:
        right = matches(password, found.password_hash if found else None)
    except Busy:
        raise HTTPException(429, headers={"Retry-After": str(BUSY_S)}) from None
    if found and right:
        request.app.state.limits.was_right(name, client_address(request.scope))
        return found
    return None


def refused(request: Request, name: str, response: Response) -> Response:
    """Note a failed log-in after the answer went out, so that its time tells nothing about the name."""

    def note() -> None:
        address = client_address(request.scope)
        LOG.warning("log-in failed from %s", address)  # not the name: people type passwords in that field
        with _store(request).begin() as session:
            found = find_for_login(session, name)
            if found:
                record(session, found.scope, "login_failed", None, address)

    response.background = BackgroundTask(note)
    return response


def enter(request: Request, who: LogIn, password: str) -> Response:
    """Begin a session with a new token; one that the browser brought along ends."""
    config, now = request.app.state.config, request.app.state.clock()
    old = request.cookies.get(cookie_name(config), "")
    with _store(request).begin() as session:
        end_session(session, old)
        if outdated(who.password_hash):
            Users(session, who.scope).set_password(who.scope.user_id, hashed(password))
        token = start_session(session, who.scope.user_id, now, SESSION_HOURS, idle_minutes=IDLE_MINUTES)
        record(session, who.scope, "logged_in", None, client_address(request.scope))
    response = RedirectResponse("/", 303)
    response.set_cookie(cookie_name(config), token, path="/", secure=config.secure, httponly=True, samesite="strict")
    return response


def leave(request: Request, response: Response) -> Response:
    """Take the cookie back, and what the browser kept of the pages."""
    config = request.app.state.config
    response.delete_cookie(cookie_name(config), path="/", secure=config.secure, httponly=True, samesite="strict")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def new_password_problems(typed: dict[str, str], names: Sequence[str]) -> list[Problem]:
    """Return what is wrong with ``new_password`` and its repetition."""
    password = typed.get("new_password", "")
    found = check_password(password, tuple(names), "new_password")
    if password != typed.get("new_password_again", ""):
        found.append(Problem("password_differs", field="new_password_again"))
    return found


def practice_of(request: Request, who: LogIn) -> str:
    """Return the name of the practice of a user."""
    with _store(request).begin(reading=True) as session:
        return practice_name(session, who.scope)


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store
