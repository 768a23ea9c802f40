"""Opening a store, transactions, and the errors that people meet."""

from __future__ import annotations

import contextlib
import importlib.util
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from magnes.errors import InputProblems
from magnes.store.engine import Store, open_store
from magnes.store.entries import Entries
from magnes.store.faults import StoreUnavailable
from magnes.store.people import People
from magnes.store.scope import Scope
from magnes.store.users import first_practice
from magnes.text import LANGUAGES, problem_text

ENCRYPTED = importlib.util.find_spec("sqlcipher3") is not None


def refusal(address: str, **options: str) -> str:
    """Code of the problem that opening ends with; it can be told in both languages."""
    with pytest.raises(InputProblems) as error:
        open_store(address, **options)
    (problem,) = error.value.problems
    assert all(problem_text(problem, language) for language in LANGUAGES)
    return problem.code


def owner_of(store: Store) -> Scope:
    with store.begin() as session:
        return first_practice(session, "Een")


def labels(store: Store, scope: Scope) -> list[str]:
    with store.begin(reading=True) as session:
        return [row.label for row in People(session, scope).list()]


def test_what_was_stored_is_there_after_opening_again(url: str) -> None:
    # catches: a database made anew at each start
    for expected in ([], ["Anna"], ["Anna", "Anna"]):
        store = open_store(url)
        scope = owner_of(store)
        assert labels(store, scope) == expected
        with store.begin() as session:
            People(session, scope).add({"label": "Anna"})
        store.close()


def test_an_exception_undoes_all_of_it(store: Store) -> None:
    # catches: half of a change stored
    scope = owner_of(store)
    with contextlib.suppress(ZeroDivisionError), store.begin() as session:
        People(session, scope).add({"label": "Anna"})
        raise ZeroDivisionError
    assert labels(store, scope) == []


def test_a_reading_transaction_cannot_write(store: Store) -> None:
    # catches: a page that only shows and still changes something
    scope = owner_of(store)
    with pytest.raises(SQLAlchemyError if store.engine.name == "postgresql" else StoreUnavailable):  # noqa: SIM117
        with store.begin(reading=True) as session:
            People(session, scope).add({"label": "Anna"})
    with store.begin() as session:
        People(session, scope).add({"label": "Bert"})
    assert labels(store, scope) == ["Bert"]


def test_reading_goes_on_beside_a_write(store: Store) -> None:
    # catches: a page that waits for somebody else's save
    scope = owner_of(store)
    with store.begin() as session:
        People(session, scope).add({"label": "Anna"})
        assert labels(store, scope) == []
    assert labels(store, scope) == ["Anna"]


def test_writers_at_once_lose_nothing(store: Store) -> None:
    # catches: "database is locked", two lines in one place, a revision that missed a write
    scope = owner_of(store)
    with store.begin() as session:
        person = People(session, scope).add({"label": "Anna"}).id
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(10):
                with store.begin() as session:
                    Entries(session, scope, person).add("diary", {"food": f"{name} {number}"})
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with store.begin(reading=True) as session:
        lines = Entries(session, scope, person).list("diary")
        assert People(session, scope).get(person).revision == 41
    assert [line.position for line in lines] == list(range(1, 41))
    for name in "abcd":
        assert [line.facts["food"] for line in lines if line.facts["food"][0] == name] == [
            f"{name} {number}" for number in range(10)
        ]


def test_a_mistake_in_a_query_is_not_told_as_a_database_that_is_away(store: Store) -> None:
    # catches: our own mistakes hidden behind "try again in a minute"
    with pytest.raises(SQLAlchemyError), store.begin() as session:
        session.execute(text("SELECT * FROM no_such_table"))


def test_sqlite_keeps_what_it_confirmed_and_checks_keys(tmp_path: Path) -> None:
    # catches: settings that a later connection of the pool does not have
    store = open_store(str(tmp_path / "m.db"))
    with store.engine.connect() as one, store.engine.connect() as two:
        for connection in (one, two):
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
            assert settings == ["wal", 2, 1, 10_000]
            connection.rollback()
    store.close()


def test_the_file_is_for_its_user_only(tmp_path: Path) -> None:
    # catches: health data that other users of the computer can read
    path = tmp_path / "new" / "folder" / "m.db"
    store = open_store(str(path))
    owner_of(store)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    store.close()


def test_one_server_for_one_file(tmp_path: Path) -> None:
    # catches: two servers with two caches on one file; a lock that stays after closing
    path = str(tmp_path / "m.db")
    store = open_store(path)
    assert refusal(path) == "store_locked"
    assert refusal(f"sqlite:///{path}") == "store_locked"
    store.close()
    open_store(path).close()


def test_what_is_no_database_of_ours_is_left_alone(tmp_path: Path) -> None:
    # catches: somebody else's file filled with our tables
    letter, other = tmp_path / "letter.txt", tmp_path / "other.db"
    letter.write_text("Geachte heer, mevrouw, " * 100)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    for path in (letter, other):
        before = path.read_bytes()
        assert refusal(str(path)) == "store_not_database"
        assert path.read_bytes()[100:] == before[100:]  # the first page notes that it was opened
    assert refusal(str(tmp_path)) == "store_folder"
    assert refusal(str(letter / "m.db")) == "store_folder"


@pytest.mark.parametrize(
    "address", ["mysql://localhost/magnes", "sqlite://", "sqlite:///:memory:", "postgresql://host", "x://", "://"]
)
def test_an_address_that_cannot_be_is_refused(address: str) -> None:
    # catches: a stack trace for a misspelt address, a database in memory that forgets everything
    assert refusal(address) == "store_url"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_postgresql_that_is_not_there(tmp_path: Path, scheme: str) -> None:
    # catches: a stack trace, or the password, where people should read that the server is off
    pytest.importorskip("psycopg")
    with pytest.raises(InputProblems) as error:
        open_store(f"{scheme}://somebody:secret@/magnes?host={tmp_path}")
    (problem,) = error.value.problems
    assert problem.code == "store_unreachable"
    assert "secret" not in str(problem)


@pytest.mark.skipif(not ENCRYPTED, reason="sqlcipher3 is not installed")
def test_an_encrypted_file_opens_with_its_key_only(tmp_path: Path) -> None:
    # catches: a key that encrypts nothing; a wrong key that destroys
    path = tmp_path / "m.db"
    store = open_store(str(path), key="it's a key")
    scope = owner_of(store)
    with store.begin() as session:
        People(session, scope).add({"label": "Geheim"})
    store.close()
    content = path.read_bytes()
    assert b"Geheim" not in content
    assert not content.startswith(b"SQLite")
    assert refusal(str(path), key="another") == "store_wrong_key"
    assert refusal(str(path)) == "store_not_database"
    assert path.read_bytes() == content
    store = open_store(str(path), key="it's a key")
    assert labels(store, scope) == ["Geheim"]
    store.close()


@pytest.mark.skipif(ENCRYPTED, reason="sqlcipher3 is installed")
def test_a_key_without_the_program_for_it_is_told(tmp_path: Path) -> None:
    # catches: a key that is ignored, so that people believe that their file is encrypted
    assert refusal(str(tmp_path / "m.db"), key="key") == "extra_missing"
    assert (tmp_path / "m.db").read_bytes() == b""
