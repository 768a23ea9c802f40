"""Everything that a practice typed as one JSON document, and back again: as new people, so that nothing is lost.

Users, passwords and the audit log are not in it. Settings and grants go by the name of the user; on the way back they
count for a user of that name and never replace what that user chose.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.orm import Session

from magnes.store.audit import record
from magnes.store.backup_check import FORMAT, VERSION, check_backup
from magnes.store.files import diary_csv, person_toml
from magnes.store.people import People
from magnes.store.scope import Scope, utc_now
from magnes.store.tables import entries, grants, people, practices, users

__all__ = ["Restored", "backup", "diary_csv", "person_backup", "person_toml", "restore"]

AT_ONCE = 1000  # rows in one statement
ORDER = (entries.c.person_id, entries.c.kind, entries.c.position, entries.c.id)


@dataclass(frozen=True)
class Restored:
    """How much came back, deleted ones included."""

    people: int
    entries: int
    settings: int


def backup(session: Session, scope: Scope) -> dict[str, Any]:
    """Return people, entries (deleted ones too), grants and settings of the practice. Owners only."""
    scope.must_own()
    names = {row.id: row for row in session.execute(select(users).where(users.c.practice_id == scope.practice_id))}
    found: dict[int, dict[str, Any]] = {}
    for row in session.execute(select(people).where(people.c.practice_id == scope.practice_id).order_by(people.c.id)):
        found[row.id] = {"facts": row.facts, "restricted": row.restricted, "deleted_at": _text(row.deleted_at)}
        found[row.id] |= {"grants": [], "entries": []}
    mine = select(entries).where(entries.c.practice_id == scope.practice_id).order_by(*ORDER)
    for line in session.execute(mine).mappings():
        found[line["person_id"]]["entries"].append(_entry(line))
    for row in session.execute(select(grants).where(grants.c.practice_id == scope.practice_id)):
        found[row.person_id]["grants"].append({"user": names[row.user_id].name, "level": row.level})
    practice = session.execute(select(practices.c.name).where(practices.c.id == scope.practice_id)).scalar_one()
    if not session.info.get("reading"):
        record(session, scope, "backup_made", None, f"people: {len(found)}")
    settings = [{"user": row.name, "settings": row.settings} for row in names.values() if row.settings]
    return _document(practice, list(found.values()), settings)


def person_backup(session: Session, scope: Scope, person_id: int) -> dict[str, Any]:
    """Return one person with all entries as a backup of that person alone: ``restore`` takes it, here or elsewhere."""
    person = People(session, scope).get(person_id)
    wanted = [entries.c.practice_id == scope.practice_id, entries.c.person_id == person_id]
    mine = select(entries).where(*wanted, entries.c.deleted_at.is_(None)).order_by(*ORDER)
    lines = [_entry(line) for line in session.execute(mine).mappings()]
    record(session, scope, "exported", person_id, "json")
    facts = {"facts": person.facts, "restricted": person.restricted, "deleted_at": None}
    return _document("", [facts | {"grants": [], "entries": lines}], [])


def _document(practice: str, found: list[dict[str, Any]], settings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": _text(utc_now()),
        "practice": practice,
        "people": found,
        "settings": settings,
    }


def restore(session: Session, scope: Scope, data: object) -> Restored:
    """Add everything of a backup to the practice. Owners only.

    Raises ``InputProblems`` with the place of each thing that is wrong, before anything is written.
    """
    scope.must_own()
    checked = check_backup(data)
    mine = users.c.practice_id == scope.practice_id
    named = {row.name_key: row for row in session.execute(select(users).where(mine))}
    ids = {name: row.id for name, row in named.items()}
    count = sum(_restore_person(session, scope, person, ids) for person in checked["people"])
    chosen = [row for row in checked["settings"] if row["user"].casefold() in named]
    for row in chosen:
        user = named[row["user"].casefold()]
        settings = {**row["settings"], **user.settings}
        session.execute(update(users).where(mine, users.c.id == user.id).values(settings=settings))
    back = Restored(len(checked["people"]), count, len(chosen))
    record(session, scope, "backup_restored", None, f"people: {back.people}, entries: {back.entries}")
    return back


def _restore_person(session: Session, scope: Scope, person: dict[str, Any], named: dict[str, int]) -> int:
    now = utc_now()
    own = {name: person[name] for name in ("facts", "restricted", "deleted_at")}
    values = {"practice_id": scope.practice_id, "revision": 1, "changed_at": now, **own}
    person_id = session.execute(insert(people).values(values).returning(people.c.id)).scalar_one()
    shared = {"practice_id": scope.practice_id, "person_id": person_id}
    lines = [{**shared, "changed_at": now, **entry} for entry in person["entries"]]
    for start in range(0, len(lines), AT_ONCE):
        session.execute(insert(entries), lines[start : start + AT_ONCE])
    levels = {
        named[row["user"].casefold()]: row["level"] for row in person["grants"] if row["user"].casefold() in named
    }
    for user_id, level in levels.items():
        session.execute(insert(grants).values(**shared, user_id=user_id, level=level))
    return len(lines)


def _entry(line: RowMapping) -> dict[str, Any]:
    own = {name: line[name] for name in ("kind", "position", "facts")}
    return {**own, "day": _text(line["day"]), "deleted_at": _text(line["deleted_at"])}


def _text(moment: dt.date | None) -> str | None:
    return moment.isoformat() if moment else None
