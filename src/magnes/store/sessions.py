"""Log-in sessions: a random token that is shown once and kept as SHA-256.

A session ends ``idle_minutes`` after its last use and, whatever happens, ``hours`` after log-in. A clock that goes back
would make both last longer: when the time is more than ``CLOCK_SLACK`` before the last use of any session, every
session ends and people log in again (small corrections by a time server pass).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from magnes.store.scope import Scope
from magnes.store.tables import sessions, users

__all__ = [
    "CLOCK_SLACK",
    "SessionRow",
    "end_all",
    "end_other",
    "end_session",
    "session_scope",
    "sessions_of",
    "start_session",
]

CLOCK_SLACK = dt.timedelta(minutes=5)
SEEN_EVERY = dt.timedelta(minutes=1)  # how often the last use is written: not at every request
IDLE_MINUTES = 60


SHOWN = 16  # signs of the digest that name a session in a list: enough to choose, too little to be of use


@dataclass(frozen=True)
class SessionRow:
    """One open session as shown in a list; ``own``: the one that asks."""

    id: str
    seen_at: dt.datetime
    expires_at: dt.datetime
    own: bool


def start_session(
    session: Session, user_id: int, now: dt.datetime, hours: float, *, idle_minutes: int = IDLE_MINUTES
) -> str:
    """Begin a session and return its token; sessions that are over are cleared away."""
    _end_after_clock_change(session, now)
    session.execute(delete(sessions).where(sessions.c.expires_at <= now))
    token = secrets.token_urlsafe(32)
    values = {"user_id": user_id, "idle_minutes": idle_minutes, "seen_at": now}
    expires_at = now + dt.timedelta(hours=hours)
    session.execute(insert(sessions).values(token_sha256=_digest(token), expires_at=expires_at, **values))
    return token


def session_scope(session: Session, token: str, now: dt.datetime) -> Scope | None:
    """Return on whose behalf a request with this token runs; ``None`` when its session is over."""
    if _end_after_clock_change(session, now):
        return None
    mine = sessions.c.token_sha256 == _digest(token)
    joined = select(sessions, users.c.practice_id, users.c.role, users.c.disabled_at).join(
        users, users.c.id == sessions.c.user_id
    )
    row = session.execute(joined.where(mine)).first()
    if row is None:
        return None
    idle = row.seen_at + dt.timedelta(minutes=row.idle_minutes)
    if now >= min(idle, row.expires_at) or row.disabled_at is not None:
        _write(session, delete(sessions).where(mine))
        return None
    if now - row.seen_at >= SEEN_EVERY:
        _write(session, update(sessions).where(mine).values(seen_at=now))
    return Scope(row.practice_id, row.user_id, row.role)


def end_session(session: Session, token: str) -> None:
    """Log out."""
    session.execute(delete(sessions).where(sessions.c.token_sha256 == _digest(token)))


def end_all(session: Session, user_id: int) -> None:
    """End every session of a user."""
    session.execute(delete(sessions).where(sessions.c.user_id == user_id))


def sessions_of(session: Session, user_id: int, token: str, now: dt.datetime) -> list[SessionRow]:
    """Return the open sessions of a user, the last used first. ``token``: of the session that asks."""
    rows = session.execute(select(sessions).where(sessions.c.user_id == user_id).order_by(sessions.c.seen_at.desc()))
    return [
        SessionRow(row.token_sha256[:SHOWN], row.seen_at, row.expires_at, row.token_sha256 == _digest(token))
        for row in rows
        if now < min(row.expires_at, row.seen_at + dt.timedelta(minutes=row.idle_minutes))
    ]


def end_other(session: Session, user_id: int, session_id: str) -> None:
    """End one session of a user, named as in the list."""
    named = sessions.c.token_sha256.startswith(session_id, autoescape=True)
    if len(session_id) == SHOWN:
        session.execute(delete(sessions).where(sessions.c.user_id == user_id, named))


def _end_after_clock_change(session: Session, now: dt.datetime) -> bool:
    """End every session when the clock went back; return whether it did."""
    latest = session.execute(select(func.max(sessions.c.seen_at))).scalar()
    if latest is None or now >= latest - CLOCK_SLACK:
        return False
    _write(session, delete(sessions))
    return True


def _write(session: Session, statement: Any) -> None:
    """Write where the transaction may write; one that only reads gives the same answer without."""
    if not session.info.get("reading"):
        session.execute(statement)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
