"""Passwords: Argon2id, and what a password must be. Long is what counts; no rules about kinds of signs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from magnes.errors import Problem

__all__ = ["LONGEST", "SHORTEST", "Busy", "check_password", "hashed", "is_first", "matches", "outdated", "prepare"]

SHORTEST, LONGEST = 12, 128
FEWEST_SIGNS = 5  # different ones: "abcabcabcabc" is long and still guessed
# OWASP's minimum for Argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane; a small computer takes it
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
FIRST = "first:"  # before the hash of a password that an owner gave: its user replaces it at the first log-in
AT_ONCE, WAIT_S = 2, 10.0  # hashes at one time, so that log-ins cannot fill the memory
_turns = BoundedSemaphore(AT_ONCE)


class Busy(Exception):  # noqa: N818 - what the web answers with 429
    """More log-ins at once than this computer can check."""


def hashed(password: str, *, first: bool = False) -> str:
    """Return the hash of a password with a salt of its own; ``first``: it serves once, to choose another."""
    return (FIRST if first else "") + _in_turn(_same(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password of a stored hash. Nobody's hash (``None``) takes the same time and never matches."""
    if len(password) > LONGEST:
        return False
    if not _turns.acquire(timeout=WAIT_S):
        raise Busy
    try:
        return HASHER.verify((stored or prepare()).removeprefix(FIRST), _same(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _turns.release()


def is_first(stored: str) -> bool:
    """Whether a hash is of a password that an owner gave and its user has not yet replaced."""
    return stored.startswith(FIRST)


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(stored)


@cache
def prepare() -> str:
    """Return the hash that is checked for a name that nobody has; made before the first log-in."""
    return HASHER.hash("nobody has this password")


def check_password(password: str, names: tuple[str, ...], field: str = "password") -> list[Problem]:
    """Return what is wrong with a new password. ``names``: of user and practice, which it may not lean on."""
    length = len(re.sub(r"\s+", " ", password))
    if length < SHORTEST:
        return [Problem("password_short", field=field, accepted=str(SHORTEST))]
    if len(password) > LONGEST:
        return [Problem("password_long", field=field, accepted=str(LONGEST))]
    plain = _plain(password)
    known = {_plain(name) for name in names} | {"magnes", "magnesium"}
    if plain in known or any(len(name) >= 4 and plain.replace(name, "") == "" for name in known):
        return [Problem("password_name", field=field)]
    if plain in _common() or len(set(password.casefold())) < FEWEST_SIGNS or _is_row(password.casefold()):
        return [Problem("password_common", field=field)]
    return []


def _in_turn(password: str) -> str:
    if not _turns.acquire(timeout=WAIT_S):
        raise Busy
    try:
        return HASHER.hash(password)
    finally:
        _turns.release()


def _same(password: str) -> str:
    """Write signs one way: keyboards differ in how they compose é."""
    return unicodedata.normalize("NFKC", password)


def _plain(text: str) -> str:
    """Bare letters, common swaps undone: ``W@chtw00rd-2024!`` -> ``wachtwoord``; all digits stay digits."""
    text = text.casefold()
    if not re.search(r"[^\W\d_]", text):
        return re.sub(r"\W", "", text)
    text = text.strip("0123456789!?.*#-_ ").translate(str.maketrans("@03145$7!", "aoelassti"))
    return re.sub(r"[\W\d_]", "", text)


@cache
def _common() -> frozenset[str]:
    lines = (files("magnes.apps.web") / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if line and not line.startswith("#"))


def _is_row(text: str) -> bool:
    """Whether it walks along the alphabet, the digits or a row of keys, forward or back."""
    rows = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn")
    return any(text in row * 12 or text[::-1] in row * 12 for row in rows)
