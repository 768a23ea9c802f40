"""Who did what, and when. Ids and names of fields only: what was said about a person never stands here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import and_, insert, select
from sqlalchemy.orm import Session

from magnes.store.scope import NotAllowed, NotFound, Scope, utc_now, visible
from magnes.store.tables import audit, people, users

__all__ = ["ACTIONS", "Action", "Audit", "AuditRow", "record"]

Action = Literal[
    "person_added", "person_changed", "person_deleted", "person_restored", "person_restricted", "person_granted",
    "person_opened", "entry_added", "entry_changed", "entry_deleted", "entry_restored", "purged",
    "user_added", "user_disabled", "user_role", "user_password", "settings_changed",
    "logged_in", "login_failed", "logged_out", "exported", "backup_made", "backup_restored",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True)
class AuditRow:
    """One thing that was done."""

    id: int
    at: dt.datetime
    user_id: int
    user: str
    person_id: int | None
    action: str
    what: str


AuditRows = list[AuditRow]


def record(session: Session, scope: Scope, action: Action, person_id: int | None = None, what: str = "") -> None:
    """Write down that this user did this; ``what`` holds ids and names of fields."""
    session.execute(
        insert(audit).values(
            practice_id=scope.practice_id,
            at=utc_now(),
            user_id=scope.user_id,
            person_id=person_id,
            action=action,
            what=what,
        )
    )


class Audit:
    """The audit log of a practice: owners read all of it, others that of a person whom they may see."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self.session, self.scope = session, scope

    def list(self, person_id: int | None = None, limit: int = 200) -> AuditRows:
        """Return the newest rows first."""
        if person_id is None:
            self.scope.must_own()
        elif self.scope.role == "reader":
            raise NotAllowed("a reader does not read the audit log")
        wanted = [audit.c.practice_id == self.scope.practice_id]
        if person_id is not None:
            seen = select(people.c.id).where(visible(self.scope), people.c.id == person_id)
            if self.session.execute(seen).first() is None:
                raise NotFound(person_id)
            wanted.append(audit.c.person_id == person_id)
        named = audit.outerjoin(users, and_(users.c.id == audit.c.user_id, users.c.practice_id == audit.c.practice_id))
        rows = self.session.execute(
            select(audit, users.c.name).select_from(named).where(*wanted).order_by(audit.c.id.desc()).limit(limit)
        )
        return [
            AuditRow(row.id, row.at, row.user_id, row.name or "", row.person_id, row.action, row.what) for row in rows
        ]
