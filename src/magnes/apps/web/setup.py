"""The first start of a practice: who reads the terminal of the server makes the first owner, nobody else."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import secrets
from collections.abc import Callable

__all__ = ["SetUp"]

CODE_BYTES = 10  # 80 bits, 16 signs without look-alikes
VALID = dt.timedelta(hours=1)


class SetUp:
    """A code that makes one owner, within an hour of the start of the server."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock, self._begun, self._open = clock, clock(), True
        letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
        self.code = "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))

    @property
    def open(self) -> bool:
        """Whether the code still works."""
        return self._open and self._clock() - self._begun < VALID

    def fits(self, code: str) -> bool:
        """Whether this is the code; spaces, dashes and small letters do not matter."""
        typed, own = (text.replace("-", "").replace(" ", "").upper().encode() for text in (code, self.code))
        return self.open and hmac.compare_digest(typed, own)

    def close(self) -> None:
        """Take no code any more: the owner is made."""
        self._open = False
