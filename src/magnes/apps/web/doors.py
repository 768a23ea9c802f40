"""Who asks: every page works at a ``Desk`` with the scope, the language and the settings of one user."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from magnes.apps.web.config import ServeConfig
from magnes.apps.web.words import render
from magnes.store.engine import Store
from magnes.store.people import People, PersonRow
from magnes.store.scope import Scope
from magnes.store.sessions import session_scope
from magnes.store.users import Users
from magnes.text import LANGUAGES, Language

__all__ = ["COOKIE", "AtDesk", "Desk", "ForPerson", "PersonDesk", "language_of"]

COOKIE = "magnes_session"


@dataclass(frozen=True)
class Desk:
    """One request of one user. ``settings`` as stored: language, authority, cut_off, units."""

    request: Request
    store: Store
    config: ServeConfig
    scope: Scope
    settings: dict[str, Any]

    @property
    def language(self) -> Language:
        """Language of the user."""
        return language_of(self.request, self.settings)

    @contextmanager
    def begin(self, *, reading: bool = False) -> Iterator[Session]:
        """Work in one transaction: what was saved is on disk when this ends. ``reading``: nothing will be written."""
        with self.store.begin(reading=reading) as session:
            yield session

    def page(self, template: str, status: int = 200, **facts: Any) -> HTMLResponse:
        """Fill a template of this user."""
        text = render(template, self.language, desk=self, path=self.request.url.path, **facts)
        return HTMLResponse(text, status)

    def go(self, path: str) -> Response:
        """Go on to another page after a write."""
        return RedirectResponse(path, 303)


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


def desk(request: Request) -> Desk:
    """Return the desk of who asks; who is not logged in goes to the log-in page (401 for a script)."""
    state = request.app.state
    store: Store = state.store
    with store.begin() as session:
        scope = state.local_scope or session_scope(session, request.cookies.get(COOKIE, ""), now())
        if scope is None:
            raise HTTPException(401)
        settings = Users(session, scope).settings(scope.user_id)
    return Desk(request, store, state.config, scope, settings)


AtDesk = Annotated[Desk, Depends(desk)]


def person_desk(person_id: int, at: AtDesk) -> PersonDesk:
    """Return the desk with this person on it; a person out of scope is not found."""
    with at.begin(reading=True) as session:
        person = People(session, at.scope).get(person_id)
    return PersonDesk(at.request, at.store, at.config, at.scope, at.settings, person)


ForPerson = Annotated[PersonDesk, Depends(person_desk)]


def now() -> dt.datetime:
    """Return the time of this computer, with its zone."""
    return dt.datetime.now(dt.UTC)
