"""One server process for one SQLite file: a lock that ends with the process, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from magnes.errors import InputProblems, Problem

__all__ = ["FileLock"]


class FileLock:
    """Holds ``<database>.lock``; raises ``InputProblems`` when another process holds it."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError:
            os.close(self._handle)
            raise InputProblems([Problem("store_locked", file=str(database))]) from None

    def release(self) -> None:
        """Let another process in."""
        os.close(self._handle)


if sys.platform == "win32":  # pragma: no cover - another system
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
