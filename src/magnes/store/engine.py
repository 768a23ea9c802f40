"""Open the store: SQLite beside this program, or PostgreSQL by a URL; one transaction per ``begin``."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.orm import Session

from magnes.errors import InputProblems, Problem
from magnes.store.faults import fault_of, is_fault
from magnes.store.lock import FileLock
from magnes.store.migrate import FOLDER, upgrade

__all__ = ["Store", "open_store"]

BUSY_MS = 10_000  # how long a write waits for another
POOL = {"pool_size": 20, "max_overflow": 20, "pool_timeout": 15.0}
AGAIN_S = 0.5  # pause before the one second try to reach PostgreSQL


class Store:
    """An open database. ``begin`` gives a session in one transaction: all of it is stored, or nothing."""

    def __init__(self, engine: Engine, lock: FileLock | None) -> None:
        self.engine, self._lock = engine, lock

    @contextmanager
    def begin(self, *, reading: bool = False) -> Iterator[Session]:
        """Give a session; leaving commits, an exception undoes. ``reading``: many at once, and no write gets through.

        Raises ``StoreUnavailable`` (``StoreFull``) when the database fails: then nothing is to be taken as stored.
        """
        with Session(self.engine, info={"reading": reading}) as session:
            try:
                self._connect(session, reading)
                yield session
                session.commit()
            except exc.SQLAlchemyError as error:
                if is_fault(error):
                    raise fault_of(error) from error
                raise

    def _connect(self, session: Session, reading: bool) -> None:
        """Begin the transaction; a PostgreSQL that was restarted gets one second try."""
        options = {"reading": reading}
        try:
            session.connection(execution_options=options)
        except exc.OperationalError:
            if self.engine.dialect.name != "postgresql":
                raise
            session.rollback()
            time.sleep(AGAIN_S)
            session.connection(execution_options=options)

    def close(self) -> None:
        """Close all connections and let another process in."""
        self.engine.dispose()
        if self._lock:
            self._lock.release()


def open_store(url_or_path: str, *, key: str | None = None, migrations: Path = FOLDER) -> Store:
    """Open the database, make or upgrade its tables. ``key`` opens an encrypted SQLite file (needs ``sqlcipher3``).

    Raises ``InputProblems`` that say what is wrong and what to do.
    """
    url = _url(url_or_path)
    if url.drivername == "postgresql+psycopg":
        return _open_postgresql(url, migrations)
    return _open_sqlite(url, key, migrations)


def _url(text: str) -> URL:
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except exc.ArgumentError:
        raise InputProblems([Problem("store_url", accepted="postgresql://…")]) from None
    kind = url.get_backend_name().replace("postgresql", "postgres")  # both names are in use
    if kind not in ("sqlite", "postgres") or not url.database or url.database == ":memory:":
        raise InputProblems([Problem("store_url", found=url.get_backend_name(), accepted="postgresql://…")])
    return url.set(drivername="postgresql+psycopg" if kind == "postgres" else "sqlite")


def _open_postgresql(url: URL, migrations: Path) -> Store:
    place = f"{url.host or ''}:{url.port or 5432}/{url.database}"
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5}, **POOL)
    except ModuleNotFoundError:
        raise InputProblems([Problem("extra_missing", found="psycopg", accepted="magnes[postgres]")]) from None
    event.listen(engine, "begin", _begin_postgresql)
    with _told(engine, lambda error: _unreachable(error, place)):
        upgrade(engine, place, folder=migrations)
    return Store(engine, None)


def _unreachable(error: exc.DBAPIError, place: str) -> Problem:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else ""
    return Problem("store_unreachable", file=place, found=reason)


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _open_sqlite(url: URL, key: str | None, migrations: Path) -> Store:
    path = Path(str(url.database))
    lock = _prepare(path)
    try:
        engine = create_engine(url, module=_driver(key), connect_args={"check_same_thread": False}, **POOL)
        event.listen(engine, "connect", lambda connection, _: _connected(connection, key))
        event.listen(engine, "begin", _begin_sqlite)
        with _told(engine, lambda error: _unopened(error, path, key)):
            upgrade(engine, str(path), folder=migrations, keep=lambda revision: _copy(engine, path, revision))
        return Store(engine, lock)
    except BaseException:
        lock.release()
        raise


def _prepare(path: Path) -> FileLock:
    """Make folder and file, readable by this user only, and take the lock."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(path)
    except OSError as error:
        raise InputProblems([Problem("store_folder", file=str(path), found=error.strerror or str(error))]) from None
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        lock.release()
        raise InputProblems([Problem("store_folder", file=str(path), found=error.strerror or str(error))]) from None
    return lock


def _driver(key: str | None) -> ModuleType | None:
    """Return the module that opens an encrypted file; ``None`` for the one of Python."""
    if key is None:
        return None
    try:
        from sqlcipher3 import dbapi2
    except ModuleNotFoundError:
        raise InputProblems([Problem("extra_missing", found="sqlcipher3", accepted="magnes[encrypted]")]) from None
    module: ModuleType = dbapi2
    return module


def _connected(connection: Any, key: str | None) -> None:
    connection.isolation_level = None  # transactions begin where ``_begin_sqlite`` says, also for changes of tables
    if key is not None:
        quoted = key.replace("'", "''")
        connection.execute(f"PRAGMA key = '{quoted}'")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"busy_timeout = {BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _begin_sqlite(connection: Connection) -> None:
    """Let a transaction that writes take its turn at its beginning: once it has read, it could no longer wait."""
    reading = bool(connection.get_execution_options().get("reading"))
    connection.exec_driver_sql(f"PRAGMA query_only = {int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _unopened(error: exc.DBAPIError, path: Path, key: str | None) -> Problem:
    fault = fault_of(error).problem
    if fault.code == "store_damaged":
        file = str(path)
        return Problem("store_wrong_key", file=file) if key is not None else Problem("store_not_database", file=file)
    return Problem(fault.code, file=str(path))


@contextmanager
def _told(engine: Engine, tell: Callable[[exc.DBAPIError], Problem]) -> Iterator[None]:
    """Turn what the driver says while a database is opened into a problem; leave no connection behind."""
    try:
        yield
    except exc.DBAPIError as error:
        engine.dispose()
        raise InputProblems([tell(error)]) from error
    except BaseException:
        engine.dispose()
        raise


def _copy(engine: Engine, path: Path, revision: str) -> None:
    """Copy the file to beside it, named after the revision that it has."""
    copy = path.with_name(f"{path.stem}.before-upgrade-from-{revision}{path.suffix}")
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_RDWR | os.O_CREAT, 0o600))
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(copy),))
    finally:
        connection.close()
