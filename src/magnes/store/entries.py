"""What belongs to a person, line by line: diary, medicines, supplements, laboratory values, products, favourites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from magnes.store.audit import Action, record
from magnes.store.facts import Facts, changed_fields, clean_facts
from magnes.store.people import People, level_of, raise_revision
from magnes.store.scope import NotAllowed, NotFound, Scope, utc_now
from magnes.store.tables import entries

__all__ = ["Entries", "EntryRow", "Kind"]

Kind = Literal["diary", "medicine", "supplement", "lab", "product", "favourite"]


@dataclass(frozen=True)
class EntryRow:
    """One entry. ``facts``: the keys of its file format; the date of a diary line is ``day``, not a fact."""

    id: int
    person_id: int
    kind: Kind
    day: dt.date | None
    position: int
    facts: Facts
    changed_at: dt.datetime


EntryRows = list[EntryRow]
Days = list[tuple[dt.date, int]]


class Entries:
    """The entries of one person; ``NotFound`` when the scope does not see the person."""

    def __init__(self, session: Session, scope: Scope, person_id: int) -> None:
        self.session, self.scope, self.person_id = session, scope, person_id
        self.level = level_of(session, scope, People(session, scope).get(person_id))

    def list(self, kind: Kind, day: dt.date | None = None) -> EntryRows:
        """Return the entries of a kind (of one day) in the order in which they were added."""
        wanted = [*self._mine(), entries.c.kind == kind, entries.c.deleted_at.is_(None)]
        if day is not None:
            wanted.append(entries.c.day == day)
        rows = self.session.execute(select(entries).where(*wanted).order_by(entries.c.position, entries.c.id))
        return list(map(_entry, rows))

    def days(self) -> Days:
        """Return each day of the diary with the number of its lines, newest first."""
        wanted = [*self._mine(), entries.c.kind == "diary", entries.c.deleted_at.is_(None), entries.c.day.is_not(None)]
        counted = select(entries.c.day, func.count()).where(*wanted).group_by(entries.c.day)
        return [(day, count) for day, count in self.session.execute(counted.order_by(entries.c.day.desc()))]

    def get(self, entry_id: int) -> EntryRow:
        """Return one entry that is not deleted."""
        return self._row(entry_id)

    def add(self, kind: Kind, facts: Mapping[str, Any], day: dt.date | None = None) -> EntryRow:
        """Add one entry at the end."""
        return self.add_many(kind, [(facts, day)])[0]

    def add_many(self, kind: Kind, rows: Iterable[tuple[Mapping[str, Any], dt.date | None]]) -> EntryRows:
        """Add entries at the end, all of them or none."""
        cleaned = [(clean_facts(facts), day) for facts, day in rows]
        if not cleaned:
            return []
        self._write()  # takes the row of the person, so that two writers never share a position
        last = self.session.execute(
            select(func.max(entries.c.position)).where(*self._mine(), entries.c.kind == kind)
        ).scalar()
        values = [
            {
                "practice_id": self.scope.practice_id,
                "person_id": self.person_id,
                "kind": kind,
                "day": day,
                "position": number,
                "facts": facts,
                "changed_at": utc_now(),
            }
            for number, (facts, day) in enumerate(cleaned, start=(last or 0) + 1)
        ]
        made = self.session.execute(insert(entries).returning(entries, sort_by_parameter_order=True), values)
        found = list(map(_entry, made))
        ids = ", ".join(str(entry.id) for entry in found[:20])
        self._record("entry_added", f"{kind} {ids}{', …' if len(found) > 20 else ''}")
        return found

    def change(self, entry_id: int, facts: Mapping[str, Any], day: dt.date | None = None) -> EntryRow:
        """Replace the facts of an entry, and its day when one is given."""
        before, cleaned = self._row(entry_id), clean_facts(facts)
        after = self._update(entry_id, facts=cleaned, day=day or before.day)
        fields = [changed_fields(before.facts, cleaned), "day" if after.day != before.day else ""]
        self._record("entry_changed", f"{before.kind} {entry_id}: {', '.join(filter(None, fields))}")
        return after

    def delete(self, entry_id: int) -> None:
        """Take an entry away; ``restore`` brings it back."""
        before = self._row(entry_id)
        self._update(entry_id, deleted_at=utc_now())
        self._record("entry_deleted", f"{before.kind} {entry_id}")

    def restore(self, entry_id: int) -> EntryRow:
        """Bring a deleted entry back to its place."""
        self._row(entry_id, deleted=True)
        back = self._update(entry_id, deleted_at=None)
        self._record("entry_restored", f"{back.kind} {entry_id}")
        return back

    def purge(self, before: dt.datetime) -> int:
        """Remove for good what was deleted before this moment."""
        old = delete(entries).where(*self._mine(), entries.c.deleted_at < before).returning(entries.c.id)
        self._write()
        count = len(self.session.execute(old).all())
        self._record("purged", f"entries: {count}")
        return count

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return entries.c.practice_id == self.scope.practice_id, entries.c.person_id == self.person_id

    def _row(self, entry_id: int, *, deleted: bool = False) -> EntryRow:
        gone = entries.c.deleted_at.is_not(None) if deleted else entries.c.deleted_at.is_(None)
        row = self.session.execute(select(entries).where(*self._mine(), entries.c.id == entry_id, gone)).first()
        if row is None:
            raise NotFound(entry_id)
        return _entry(row)

    def _write(self) -> None:
        if self.level != "write":
            raise NotAllowed(self.person_id)
        raise_revision(self.session, self.scope, self.person_id)

    def _update(self, entry_id: int, **values: Any) -> EntryRow:
        self._write()
        changed = {"changed_at": utc_now(), **values}
        query = update(entries).where(*self._mine(), entries.c.id == entry_id).values(changed).returning(entries)
        return _entry(self.session.execute(query).one())

    def _record(self, action: Action, what: str) -> None:
        record(self.session, self.scope, action, self.person_id, what)


def _entry(row: Row[Any]) -> EntryRow:
    return EntryRow(row.id, row.person_id, row.kind, row.day, row.position, row.facts, row.changed_at)
