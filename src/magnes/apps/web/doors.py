"""Who asks: every page works at a ``Desk`` with the scope, the language and the settings of one user."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Annotated, Any

from fastapi import Depends, Path
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import Scope as AsgiScope

from magnes.apps.web.config import ServeConfig
from magnes.apps.web.words import render
from magnes.store.audit import record
from magnes.store.engine import Store
from magnes.store.people import People, PersonRow
from magnes.store.scope import NotFound, Scope
from magnes.store.sessions import session_scope
from magnes.store.users import Users
from magnes.text import LANGUAGES, Language

__all__ = [
    "AtDesk",
    "AtUserDesk",
    "Desk",
    "ForPerson",
    "Id",
    "PersonDesk",
    "client_address",
    "cookie_name",
    "language_of",
    "own_path",
]

IPV6_HOME = 64  # bits of the network that one household or office has: its addresses count as one
LONGEST_PATH = 2000  # signs
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]  # what the database can hold


@dataclass(frozen=True)
class Desk:
    """One request of one user. ``settings`` as stored: language, authority, cut_off, units. ``user``: the name."""

    request: Request
    store: Store
    config: ServeConfig
    scope: Scope
    settings: dict[str, Any]
    user: str

    @property
    def language(self) -> Language:
        """Language of the user."""
        return language_of(self.request, self.settings)

    def begin(self, *, reading: bool = False) -> AbstractContextManager[Session]:
        """Work in one transaction: what was saved is on disk when this ends. ``reading``: nothing will be written."""
        return self.store.begin(reading=reading)

    def page(self, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
        """Fill a template of this user."""
        path, here = self.request.url.path, openable(self.request)
        text = render(template, self.language, desk=self, path=path, here_again=here, **facts)
        return HTMLResponse(text, status)

    def go(self, path: str) -> Response:
        """Go on to another page of this app after a write."""
        return RedirectResponse(own_path(path), 303)


@dataclass(frozen=True)
class PersonDesk(Desk):
    """A desk with one person on it, who is in the scope of the user."""

    person: PersonRow

    def page(self, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
        """Fill a template about this person."""
        return super().page(template, status, person=self.person, base=f"/people/{self.person.id}", **facts)


def language_of(request: Request, settings: dict[str, Any]) -> Language:
    """Return the language that was chosen, else the first one of the browser that there is, else Dutch."""
    chosen = settings.get("language")
    for language in LANGUAGES:
        if language == chosen:
            return language
    wanted = request.headers.get("accept-language", "").replace(" ", "").split(",")
    for tag in wanted:
        for language in LANGUAGES:
            if tag.lower().startswith(language):
                return language
    return "nl"


def own_path(path: str) -> str:
    r"""Return a path of this app unchanged; that of the first page for anything that could lead elsewhere.

    >>> own_path("/people/3?saved=1"), own_path("//example.org"), own_path("/\\example.org")
    ('/people/3?saved=1', '/', '/')
    """
    local = re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", path, re.ASCII) and len(path) <= LONGEST_PATH
    return path if local else "/"


def openable(request: Request) -> str:
    """Return where the page of a request can be opened again: its address, or after a form the nearest page above."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    path = request.url.path
    while path:
        asked = {**request.scope, "method": "GET", "path": path, "root_path": ""}
        if any(route.matches(asked)[0] is Match.FULL for route in request.app.routes):
            return path
        path = path.rpartition("/")[0]
    return "/"


def cookie_name(config: ServeConfig) -> str:
    """Return the name of the session cookie; by https one that no other host can set."""
    return "__Host-magnes_session" if config.secure else "magnes_session"


def client_address(scope: AsgiScope) -> str:
    """Return the address of who asks, ``""`` when unknown. Behind the trusted proxy: the one that the proxy names."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    return str(ip_network((address, IPV6_HOME), strict=False) if address.version == 6 else address)


def desk(request: Request) -> Desk:
    """Return the desk of who asks; who is not logged in goes to the log-in page (401 for a script)."""
    state = request.app.state
    store: Store = state.store
    with store.begin(reading=state.local_scope is not None) as session:
        token = request.cookies.get(cookie_name(state.config), "")
        scope = state.local_scope or session_scope(session, token, state.clock())
        if scope is None:
            raise HTTPException(401)
        users = Users(session, scope)
        user, settings = users.get(scope.user_id).name, users.settings(scope.user_id)
    return Desk(request, store, state.config, scope, settings, user)


AtDesk = Annotated[Desk, Depends(desk)]


def user_desk(at: AtDesk) -> Desk:
    """Return the desk where users are: there are none but the local one without practice mode."""
    if not at.config.practice:
        raise NotFound("no users without practice mode")
    return at


AtUserDesk = Annotated[Desk, Depends(user_desk)]


def person_desk(person_id: Id, at: AtDesk) -> PersonDesk:
    """Return the desk with this person on it; a person out of scope is not found.

    In practice mode the first look of a user at a person in an hour goes into the audit log.
    """
    with at.begin(reading=True) as session:
        person = People(session, at.scope).get(person_id)
    if at.config.practice and at.request.app.state.opened.is_new((at.scope.user_id, person_id)):
        with at.begin() as session:
            record(session, at.scope, "person_opened", person_id)
    return PersonDesk(at.request, at.store, at.config, at.scope, at.settings, at.user, person)


ForPerson = Annotated[PersonDesk, Depends(person_desk)]
