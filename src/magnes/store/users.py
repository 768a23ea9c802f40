"""Users of a practice: roles, passwords (only their hash), settings. Log-in sessions stand in ``sessions``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from magnes.errors import InputProblems, Problem, nearest
from magnes.store.audit import record
from magnes.store.facts import CONTROL, Facts, clean_facts
from magnes.store.scope import ROLES, NotFound, Role, Scope, utc_now
from magnes.store.sessions import end_all, end_session, session_scope, start_session
from magnes.store.tables import practices, users

__all__ = [
    "SETTINGS",
    "LogIn",
    "UserRow",
    "Users",
    "anybody",
    "end_all",
    "end_session",
    "find_for_login",
    "first_practice",
    "practice_name",
    "session_scope",
    "start_session",
]

SETTINGS = ("language", "authority", "cut_off", "units")
LONGEST_NAME = 80


@dataclass(frozen=True)
class UserRow:
    """A user as shown in lists."""

    id: int
    name: str
    role: Role
    has_password: bool
    made_at: dt.datetime
    disabled_at: dt.datetime | None


@dataclass(frozen=True)
class LogIn:
    """What a log-in needs: the hash to check, and the scope that follows."""

    scope: Scope
    name: str
    password_hash: str


UserRows = list[UserRow]


class Users:
    """The users of a practice. Owners change them; anybody changes the own password and settings."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self.session, self.scope = session, scope

    def list(self) -> UserRows:
        """Return all users by name, also the disabled ones."""
        rows = self.session.execute(select(users).where(users.c.practice_id == self.scope.practice_id))
        return sorted(map(_user, rows), key=lambda row: row.name.casefold())

    def get(self, user_id: int) -> UserRow:
        """Return one user of this practice; ``NotFound`` otherwise."""
        return _user(self._row(user_id))

    def add(self, name: str, password_hash: str | None, role: Role) -> UserRow:
        """Add a user; a name stands once in the whole database, because people log in with it."""
        self.scope.must_own()
        name, role = _name(name), _role(role)
        taken = select(users.c.id).where(users.c.name_key == name.casefold())
        if self.session.execute(taken).first():
            raise InputProblems([Problem("user_name_taken", field="name", found=name)])
        made = _add(self.session, self.scope.practice_id, name, password_hash, role)
        record(self.session, self.scope, "user_added", None, f"user {made.id}: {role}")
        return made

    def disable(self, user_id: int) -> None:
        """Close an account and end its sessions; what the user did stays in the audit log."""
        self._owned(user_id)
        self._keep_an_owner(user_id)
        self._update(user_id, disabled_at=utc_now())
        record(self.session, self.scope, "user_disabled", None, f"user {user_id}")

    def change_role(self, user_id: int, role: Role) -> None:
        """Give another role; sessions end, because they carry the old one."""
        self._owned(user_id)
        if _role(role) != "owner":
            self._keep_an_owner(user_id)
        self._update(user_id, role=role)
        record(self.session, self.scope, "user_role", None, f"user {user_id}: {role}")

    def set_password(self, user_id: int, password_hash: str) -> None:
        """Store the hash of a new password; all sessions of that user end."""
        self._own_or_owned(user_id)
        self._update(user_id, password_hash=password_hash)
        record(self.session, self.scope, "user_password", None, f"user {user_id}")

    def settings(self, user_id: int) -> Facts:
        """Return the settings that this user chose; what was never chosen is absent."""
        self._own_or_owned(user_id)
        return dict(self._row(user_id).settings)

    def change_settings(self, user_id: int, settings: Mapping[str, Any]) -> Facts:
        """Change some settings, keep the others."""
        cleaned = clean_facts(settings)
        for name in cleaned:
            if name not in SETTINGS:
                near = nearest(name, SETTINGS)
                raise InputProblems([Problem("field_unknown", field=name, accepted=", ".join(SETTINGS), nearest=near)])
        changed = {**self.settings(user_id), **cleaned}
        self.session.execute(self._one(user_id).values(settings=changed))
        record(self.session, self.scope, "settings_changed", None, f"user {user_id}: {', '.join(sorted(cleaned))}")
        return changed

    def _one(self, user_id: int) -> Any:
        return update(users).where(users.c.practice_id == self.scope.practice_id, users.c.id == user_id)

    def _row(self, user_id: int) -> Row[Any]:
        where = (users.c.practice_id == self.scope.practice_id, users.c.id == user_id)
        row = self.session.execute(select(users).where(*where)).first()
        if row is None:
            raise NotFound(user_id)
        return row

    def _owned(self, user_id: int) -> None:
        self._row(user_id)
        self.scope.must_own()

    def _own_or_owned(self, user_id: int) -> None:
        self._row(user_id)
        if user_id != self.scope.user_id:
            self.scope.must_own()

    def _update(self, user_id: int, **values: Any) -> None:
        self.session.execute(self._one(user_id).values(values))
        end_all(self.session, user_id)

    def _keep_an_owner(self, user_id: int) -> None:
        """Refuse the change that leaves a practice without an owner: nobody could undo it."""
        owners = (users.c.practice_id == self.scope.practice_id, users.c.role == "owner", users.c.disabled_at.is_(None))
        locked = select(users.c.id).where(*owners).with_for_update()  # two owners who remove each other take turns
        if not set(self.session.execute(locked).scalars()) - {user_id}:
            raise InputProblems([Problem("user_last_owner", field="role", found=self._row(user_id).name)])


def find_for_login(session: Session, name: str) -> LogIn | None:
    """Return the user who logs in with this name; ``None`` when nobody does, or the account is closed."""
    key = name.strip().casefold()
    row = session.execute(select(users).where(users.c.name_key == key, users.c.disabled_at.is_(None))).first()
    if row is None or row.password_hash is None:
        return None
    return LogIn(Scope(row.practice_id, row.id, row.role), row.name, row.password_hash)


def first_practice(session: Session, name: str, *, owner: str = "local") -> Scope:
    """Return the scope of the local owner without a password; an empty database first gets a practice and that owner.

    Raises ``InputProblems`` when the database has users with passwords: nobody enters there without one.
    """
    if session.execute(select(users.c.id).where(users.c.password_hash.is_not(None))).first():
        raise InputProblems([Problem("store_has_passwords")])
    found = session.execute(select(users).where(users.c.role == "owner").order_by(users.c.id)).first()
    if found:
        return Scope(found.practice_id, found.id, "owner")
    made = insert(practices).values(name=_name(name), made_at=utc_now()).returning(practices.c.id)
    practice_id = session.execute(made).scalar_one()
    return Scope(practice_id, _add(session, practice_id, _name(owner), None, "owner").id, "owner")


def anybody(session: Session) -> bool:
    """Whether somebody can log in: a user with a password in an open account."""
    can = (users.c.password_hash.is_not(None), users.c.disabled_at.is_(None))
    return session.execute(select(users.c.id).where(*can)).first() is not None


def practice_name(session: Session, scope: Scope) -> str:
    """Return the name of the practice of a scope."""
    return str(session.execute(select(practices.c.name).where(practices.c.id == scope.practice_id)).scalar_one())


def _add(session: Session, practice_id: int, name: str, password_hash: str | None, role: Role) -> UserRow:
    values = {
        "practice_id": practice_id,
        "name": name,
        "name_key": name.casefold(),
        "password_hash": password_hash,
        "role": role,
        "settings": {},
        "made_at": utc_now(),
    }
    return _user(session.execute(insert(users).values(values).returning(users)).one())


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or CONTROL.search(name):
        raise InputProblems(
            [Problem("store_text", field="name", found=name[:LONGEST_NAME], accepted=str(LONGEST_NAME))]
        )
    return name


def _role(role: str) -> Role:
    if role not in ROLES:
        problem = Problem("choice_unknown", field="role", found=role, accepted=", ".join(get_args(Role)))
        raise InputProblems([problem])
    return role


def _user(row: Row[Any]) -> UserRow:
    return UserRow(row.id, row.name, row.role, row.password_hash is not None, row.made_at, row.disabled_at)
