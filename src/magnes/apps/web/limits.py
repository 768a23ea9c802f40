"""How often somebody may try to log in, and what was noted already. In memory: a restart forgets it."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from threading import Lock

__all__ = ["MOST_KEYS", "LogInLimits", "Once", "TooManyTriesError", "Tries"]

MOST_KEYS = 10_000
QUARTER_S, HOUR_S = 900.0, 3600.0

Clock = Callable[[], float]


class TooManyTriesError(Exception):
    """Wait so many seconds before the next try."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(str(wait_s))


class Tries:
    """At most ``most`` tries of one key in ``within_s``; the keys that tried longest ago are forgotten first."""

    def __init__(self, most: int, within_s: float, clock: Clock) -> None:
        self.most, self.within_s, self._clock = most, within_s, clock
        self._seen: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait_s(self, key: Hashable) -> int:
        """Return the seconds until this key may try again; 0: now."""
        with self._lock:
            seen, now = self._recent(key), self._clock()
            return math.ceil(seen[0] + self.within_s - now) if len(seen) >= self.most else 0

    def add(self, key: Hashable) -> None:
        """Count a try."""
        with self._lock:
            seen = self._recent(key)
            seen.append(self._clock())
            self._seen[key] = seen
            self._seen.move_to_end(key)
            while len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)

    def take_back(self, key: Hashable) -> None:
        """Forget the last try: it was right."""
        with self._lock:
            seen = self._recent(key)
            if seen:
                seen.pop()

    def _recent(self, key: Hashable) -> deque[float]:
        seen = self._seen.get(key, deque())
        while seen and seen[0] <= self._clock() - self.within_s:
            seen.popleft()
        return seen


class LogInLimits:
    """Tries of a log-in: by account from one address, by account from anywhere, by address whatever the account.

    The account limits hold for names that nobody has too, so that a refusal does not tell who exists.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._pairs = Tries(8, QUARTER_S, clock)
        self._accounts = Tries(60, HOUR_S, clock)
        self._addresses = Tries(30, QUARTER_S, clock)
        self._lock = Lock()

    def begin(self, account: str, address: str) -> None:
        """Count a try before the password is looked at; raises ``TooManyTriesError``."""
        kept = self._kept(account, address)
        with self._lock:  # many at once may not all find the last place free
            wait_s = max(tries.wait_s(key) for tries, key in kept)
            if wait_s:
                raise TooManyTriesError(wait_s)
            for tries, key in kept:
                tries.add(key)

    def was_right(self, account: str, address: str) -> None:
        """Do not count a try that was right; the wrong ones before it still count."""
        for tries, key in self._kept(account, address):
            tries.take_back(key)

    def _kept(self, account: str, address: str) -> tuple[tuple[Tries, Hashable], ...]:
        account = " ".join(account.split()).casefold()
        return (
            (self._pairs, (account, address)),
            (self._accounts, account),
            (self._addresses, address),
        )


class Once:
    """Says of a key whether it is new within an hour."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._tries = Tries(1, HOUR_S, clock)

    def is_new(self, key: Hashable) -> bool:
        """Whether this key was not here in the last hour; it is now."""
        if self._tries.wait_s(key):
            return False
        self._tries.add(key)
        return True
