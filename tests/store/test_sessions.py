"""Log-in sessions: sliding and absolute end, tokens, and a clock that goes back."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from magnes.store.engine import Store
from magnes.store.scope import Scope
from magnes.store.sessions import CLOCK_SLACK
from magnes.store.tables import sessions
from magnes.store.users import end_all, end_session, first_practice, session_scope, start_session

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def after(**time: float) -> dt.datetime:
    return NOW + dt.timedelta(**time)


def test_only_the_hash_of_a_token_is_kept(session: Session, owner: Scope) -> None:
    # catches: tokens that a copy of the database gives away; two equal tokens
    tokens = {start_session(session, owner.user_id, NOW, 8) for _ in range(20)}
    assert len(tokens) == 20
    kept = " ".join(session.execute(select(sessions.c.token_sha256)).scalars())
    assert not any(token in kept for token in tokens)
    assert min(map(len, tokens)) >= 43  # 256 bits
    assert session_scope(session, next(iter(tokens)), NOW) == owner


@pytest.mark.parametrize("token", ["", "x", "é", "' OR 1=1 --"])
def test_an_unknown_token_is_nobody(session: Session, owner: Scope, token: str) -> None:
    # catches: an error, or a session, for a token that nobody was given
    start_session(session, owner.user_id, NOW, 8)
    assert session_scope(session, token, NOW) is None


def test_use_keeps_a_session_alive_until_its_absolute_end(session: Session, owner: Scope) -> None:
    # catches: an end that slides without end; one that does not slide
    token = start_session(session, owner.user_id, NOW, 2, idle_minutes=30)
    for minutes in (25, 50, 75, 100, 119):
        assert session_scope(session, token, after(minutes=minutes)) == owner, minutes
    assert session_scope(session, token, after(minutes=120)) is None
    assert session_scope(session, token, after(minutes=119)) is None  # it does not come back


def test_an_unused_session_ends(session: Session, owner: Scope) -> None:
    # catches: a computer left alone that stays logged in
    token = start_session(session, owner.user_id, NOW, 8, idle_minutes=30)
    assert session_scope(session, token, after(minutes=29.9)) == owner
    assert session_scope(session, token, after(minutes=60)) is None


def test_log_out_ends_one_and_all(session: Session, owner: Scope) -> None:
    # catches: a log-out of one session that leaves it, or takes the others
    one, two, three = (start_session(session, owner.user_id, NOW, 8) for _ in range(3))
    end_session(session, one)
    assert [session_scope(session, token, NOW) for token in (one, two, three)] == [None, owner, owner]
    end_all(session, owner.user_id)
    assert [session_scope(session, token, NOW) for token in (two, three)] == [None, None]


def test_a_clock_set_back_ends_every_session(session: Session, owner: Scope) -> None:
    # catches: a session that lives longer because the clock of the computer went back
    quiet = start_session(session, owner.user_id, NOW, 8, idle_minutes=30)
    busy = start_session(session, owner.user_id, after(hours=4), 8)
    back = after(minutes=10)  # for ``quiet`` alone this looks like ten minutes later
    assert session_scope(session, quiet, back) is None
    assert session_scope(session, busy, back) is None
    again = start_session(session, owner.user_id, back, 8)
    assert session_scope(session, again, back) == owner


def test_small_corrections_of_the_clock_pass(session: Session, owner: Scope) -> None:
    # catches: everybody logged out by a time server; a correction that moves the last use back
    token = start_session(session, owner.user_id, NOW, 8, idle_minutes=30)
    assert session_scope(session, token, NOW - CLOCK_SLACK) == owner
    assert session_scope(session, token, after(minutes=29)) == owner
    assert session_scope(session, token, NOW - CLOCK_SLACK) is None


def test_old_sessions_are_cleared_away(session: Session, owner: Scope) -> None:
    # catches: a table of sessions that grows for ever
    for hours in range(5):
        start_session(session, owner.user_id, after(hours=hours * 3), 2)
    assert len(session.execute(select(sessions)).all()) == 1


def test_a_reading_request_knows_its_user_too(store: Store) -> None:
    # catches: a page that only reads and fails because the last use cannot be written
    with store.begin() as session:
        scope = first_practice(session, "Een")
        token = start_session(session, scope.user_id, NOW, 8, idle_minutes=30)
    with store.begin(reading=True) as session:
        assert session_scope(session, token, after(minutes=29)) == scope
        assert session_scope(session, token, after(minutes=30)) is None
