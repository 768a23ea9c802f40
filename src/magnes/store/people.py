"""The people of a practice: facts as typed, a revision that every write raises, soft delete, grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from magnes.store.audit import record
from magnes.store.facts import Facts, changed_fields, clean_facts
from magnes.store.scope import Level, NotAllowed, NotFound, Scope, utc_now, visible
from magnes.store.tables import entries, grants, people, users

__all__ = ["People", "PersonRow", "level_of", "raise_revision"]


@dataclass(frozen=True)
class PersonRow:
    """One person as stored. ``facts``: keys and values of ``person.toml`` without its lists of tables."""

    id: int
    facts: Facts
    revision: int
    restricted: bool
    changed_at: dt.datetime
    deleted_at: dt.datetime | None

    @property
    def label(self) -> str:
        """What the person is called in lists."""
        return str(self.facts.get("label", ""))


PersonRows = list[PersonRow]


class People:
    """The people that a scope may see."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self.session, self.scope = session, scope

    def list(self, deleted: bool = False) -> PersonRows:
        """Return the people by label; ``deleted``: those in the bin instead."""
        gone = people.c.deleted_at.is_not(None) if deleted else people.c.deleted_at.is_(None)
        rows = self.session.execute(select(people).where(visible(self.scope), gone))
        return sorted(map(_person, rows), key=lambda row: (row.label.casefold(), row.id))

    def get(self, person_id: int) -> PersonRow:
        """Return one person who is not deleted; ``NotFound`` otherwise."""
        return self._row(person_id)

    def add(self, facts: Mapping[str, Any]) -> PersonRow:
        """Add a person."""
        self.scope.must_write()
        values = {
            "practice_id": self.scope.practice_id,
            "facts": clean_facts(facts),
            "revision": 1,
            "restricted": False,
            "changed_at": utc_now(),
        }
        made = self.session.execute(insert(people).values(values).returning(people)).one()
        record(self.session, self.scope, "person_added", made.id, ", ".join(made.facts))
        return _person(made)

    def change(self, person_id: int, facts: Mapping[str, Any]) -> PersonRow:
        """Replace the facts of a person."""
        before, cleaned = self._writable(person_id), clean_facts(facts)
        after = self._update(person_id, facts=cleaned)
        record(self.session, self.scope, "person_changed", person_id, changed_fields(before.facts, cleaned))
        return after

    def delete(self, person_id: int) -> None:
        """Put a person in the bin, with all entries."""
        self._writable(person_id)
        self._update(person_id, deleted_at=utc_now())
        record(self.session, self.scope, "person_deleted", person_id)

    def restore(self, person_id: int) -> PersonRow:
        """Take a person out of the bin."""
        self._writable(person_id, deleted=True)
        back = self._update(person_id, deleted_at=None)
        record(self.session, self.scope, "person_restored", person_id)
        return back

    def restrict(self, person_id: int, restricted: bool) -> PersonRow:
        """Show a person to owners and to those with a grant only; or to the whole practice again. Owners only."""
        self._owned(person_id)
        row = self._update(person_id, restricted=restricted)
        record(self.session, self.scope, "person_restricted", person_id, str(restricted).lower())
        return row

    def grant(self, person_id: int, user_id: int, level: Level | None) -> None:
        """Let a user of this practice see (``read``) or change (``write``) a restricted person; ``None`` takes it back.

        Owners only. A reader stays a reader, whatever the grant.
        """
        self._owned(person_id)
        here = users.c.practice_id == self.scope.practice_id
        if self.session.execute(select(users.c.id).where(here, users.c.id == user_id)).first() is None:
            raise NotFound(user_id)
        if level not in ("read", "write", None):
            raise ValueError(level)
        self.session.execute(delete(grants).where(*self._grants(person_id), grants.c.user_id == user_id))
        if level is not None:
            values = {"practice_id": self.scope.practice_id, "person_id": person_id, "user_id": user_id}
            self.session.execute(insert(grants).values(**values, level=level))
        record(self.session, self.scope, "person_granted", person_id, f"user {user_id}: {level or '-'}")

    def grants(self, person_id: int) -> dict[int, Level]:
        """Return user id -> level of a person."""
        self._row(person_id)
        rows = self.session.execute(select(grants.c.user_id, grants.c.level).where(*self._grants(person_id)))
        return {row.user_id: row.level for row in rows}

    def purge(self, before: dt.datetime) -> int:
        """Empty the bin for good: people and entries deleted before this moment. Owners only."""
        self.scope.must_own()
        here = people.c.practice_id == self.scope.practice_id
        old = select(people.c.id).where(here, people.c.deleted_at < before)
        gone = list(self.session.execute(old).scalars())
        of_them = [entries.c.person_id.in_(gone), entries.c.deleted_at < before]
        lines = self.session.execute(
            delete(entries)
            .where(entries.c.practice_id == self.scope.practice_id, or_(*of_them))
            .returning(entries.c.id)
        )
        count = len(lines.all())
        self.session.execute(
            delete(grants).where(grants.c.practice_id == self.scope.practice_id, grants.c.person_id.in_(gone))
        )
        self.session.execute(delete(people).where(here, people.c.id.in_(gone)))
        if gone or count:
            record(self.session, self.scope, "purged", None, f"people: {len(gone)}, entries: {count}")
        return len(gone) + count

    def _grants(self, person_id: int) -> tuple[Any, ...]:
        return grants.c.practice_id == self.scope.practice_id, grants.c.person_id == person_id

    def _row(self, person_id: int, *, deleted: bool = False) -> PersonRow:
        gone = people.c.deleted_at.is_not(None) if deleted else people.c.deleted_at.is_(None)
        row = self.session.execute(select(people).where(visible(self.scope), people.c.id == person_id, gone)).first()
        if row is None:
            raise NotFound(person_id)
        return _person(row)

    def _writable(self, person_id: int, *, deleted: bool = False) -> PersonRow:
        row = self._row(person_id, deleted=deleted)
        if level_of(self.session, self.scope, row) != "write":
            raise NotAllowed(person_id)
        return row

    def _owned(self, person_id: int) -> None:
        self._row(person_id)
        self.scope.must_own()

    def _update(self, person_id: int, **values: Any) -> PersonRow:
        return raise_revision(self.session, self.scope, person_id, **values)


def raise_revision(session: Session, scope: Scope, person_id: int, **values: Any) -> PersonRow:
    """Write to a person, or to something of a person: everything computed from before is then out of date."""
    where = (people.c.practice_id == scope.practice_id, people.c.id == person_id)
    changed = {"revision": people.c.revision + 1, "changed_at": utc_now(), **values}
    return _person(session.execute(update(people).where(*where).values(changed).returning(people)).one())


def level_of(session: Session, scope: Scope, person: PersonRow) -> Level:
    """Return what this scope may do with a person whom it sees."""
    if scope.role == "reader":
        return "read"
    if scope.role == "owner" or not person.restricted:
        return "write"
    mine = (grants.c.practice_id == scope.practice_id, grants.c.user_id == scope.user_id)
    level = session.execute(select(grants.c.level).where(*mine, grants.c.person_id == person.id)).scalar_one()
    return "write" if level == "write" else "read"


def _person(row: Row[Any]) -> PersonRow:
    return PersonRow(row.id, row.facts, row.revision, row.restricted, row.changed_at, row.deleted_at)
