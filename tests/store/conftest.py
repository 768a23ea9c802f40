"""The same store tests on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import postgres_server
import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from magnes.store.engine import Store, open_store
from magnes.store.scope import Role, Scope, utc_now
from magnes.store.tables import practices, users
from magnes.store.users import Users, first_practice

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.PostgresServer]:
    missing = postgres_server.missing()
    if missing:
        pytest.skip(missing)
    server = postgres_server.PostgresServer()
    yield server
    server.close()


def make_url(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    return str(folder / "magnes.db") if kind == "sqlite" else request.getfixturevalue("postgres").new_database()


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of its own."""
    return make_url(request.param, tmp_path, request)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=BOTH)
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(make_url(request.param, tmp_path_factory.mktemp("store"), request))
    yield opened
    opened.close()


class UndoneError(Exception):
    """Ends a transaction without storing it."""


@pytest.fixture
def session(shared_store: Store) -> Iterator[Session]:
    """A transaction in an empty database; nothing of it stays."""
    with contextlib.suppress(UndoneError), shared_store.begin() as session:
        yield session
        raise UndoneError


@pytest.fixture
def owner(session: Session) -> Scope:
    return first_practice(session, "Praktijk Een")


@pytest.fixture
def colleague(session: Session, owner: Scope) -> Callable[[Role], Scope]:
    """Make another user of the same practice."""

    def make(role: Role) -> Scope:
        user = Users(session, owner).add(f"een {role}", "hash", role)
        return Scope(owner.practice_id, user.id, role)

    return make


@pytest.fixture
def other_practice(session: Session, owner: Scope) -> Scope:
    return second_practice(session)


def second_practice(session: Session) -> Scope:
    """A second practice in the same database, made by hand: the app makes one."""
    made = insert(practices).values(name="Praktijk Twee", made_at=utc_now()).returning(practices.c.id)
    practice = session.execute(made).scalar_one()
    values = {"practice_id": practice, "name": "ander", "name_key": "ander", "role": "owner", "settings": {}}
    user = session.execute(insert(users).values(**values, made_at=utc_now()).returning(users.c.id)).scalar_one()
    return Scope(practice, user, "owner")
