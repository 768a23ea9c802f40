"""What a database can do to a request: not there, full, locked, damaged. Each becomes one problem with a code."""

from __future__ import annotations

from sqlalchemy import exc

from magnes.errors import Problem

__all__ = ["StoreFull", "StoreUnavailable", "fault_of", "is_fault"]


class StoreUnavailable(Exception):  # noqa: N818 - the web answers 503 with its problem
    """The database does not answer now; what was not confirmed is not stored."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class StoreFull(StoreUnavailable):
    """No room left: reading still works, writing does not."""


FULL = ("SQLITE_FULL", "53100", "database or disk is full")
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "database is locked")
READ_ONLY = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "25006", "readonly database", "unable to open database file")
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "malformed", "not a database")


def is_fault(error: BaseException) -> bool:
    """Whether this is the database failing, not a mistake in a query."""
    if (
        getattr(getattr(error, "orig", None), "sqlite_errorname", "") == "SQLITE_ERROR"
    ):  # as of a table that is not there
        return False
    if isinstance(error, (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)):
        return True
    return isinstance(error, exc.DBAPIError) and (error.connection_invalidated or _says(error, DAMAGED))


def fault_of(error: Exception) -> StoreUnavailable:
    """Return what to tell about a failing database; the text of the error itself may hold what was typed."""
    if _says(error, FULL):
        return StoreFull(Problem("store_full"))
    if _says(error, READ_ONLY):
        return StoreUnavailable(Problem("store_read_only"))
    if _says(error, BUSY) or isinstance(error, exc.TimeoutError):
        return StoreUnavailable(Problem("store_busy"))
    if _says(error, DAMAGED):
        return StoreUnavailable(Problem("store_damaged"))
    return StoreUnavailable(Problem("store_unavailable"))


def _says(error: BaseException, signs: tuple[str, ...]) -> bool:
    """Whether the driver names one of these: by its code, or (SQLCipher gives no code) by its words."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    return name.startswith(signs) if name else any(sign in str(cause) for sign in signs)
