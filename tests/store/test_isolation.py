"""Practice A never reads or changes anything of practice B, through any method, with any ids."""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from magnes.errors import InputProblems
from magnes.store.audit import Audit
from magnes.store.backup import backup, restore
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.scope import NotAllowed, NotFound, Scope
from magnes.store.tables import audit, entries, grants, people, practices, users
from magnes.store.users import Users

MARK = "geheim van A"
LATER = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
FACTS = {"label": "B", "food": "brood"}

# method -> what its arguments are: ids are drawn, of both practices and of nobody
METHODS: dict[type, dict[str, tuple[Any, ...]]] = {
    People: {
        "list": (True,),
        "get": ("person",),
        "add": (FACTS,),
        "change": ("person", FACTS),
        "delete": ("person",),
        "restore": ("person",),
        "restrict": ("person", True),
        "grant": ("person", "user", "write"),
        "grants": ("person",),
        "purge": (LATER,),
    },
    Entries: {
        "list": ("diary",),
        "days": (),
        "get": ("entry",),
        "add": ("diary", FACTS),
        "add_many": ("diary", [(FACTS, None)]),
        "change": ("entry", FACTS),
        "delete": ("entry",),
        "restore": ("entry",),
        "purge": (LATER,),
    },
    Users: {
        "list": (),
        "add": ("nieuw", "hash", "owner"),
        "disable": ("user",),
        "change_role": ("user", "reader"),
        "set_password": ("user", "stolen"),
        "settings": ("user",),
        "change_settings": ("user", {"language": "en"}),
    },
    Audit: {"list": ("person",)},
}
CALLS = [(kind, name) for kind, methods in METHODS.items() for name in methods]


@pytest.mark.parametrize("kind", METHODS)
def test_every_method_of_a_repository_is_tried(kind: type) -> None:
    # catches: a new method that the property below does not know
    public = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
    assert public == set(METHODS[kind])


def rows_of(session: Session, practice_id: int) -> list[tuple[Any, ...]]:
    """Everything that a practice has in the database."""
    found = [tuple(row) for row in session.execute(select(practices).where(practices.c.id == practice_id))]
    for table in (users, people, entries, grants, audit):
        query = select(table).where(table.c.practice_id == practice_id).order_by(*table.primary_key.columns)
        found += [tuple(row) for row in session.execute(query)]
    return found


def fill(session: Session, scope: Scope, word: str) -> tuple[list[int], list[int], list[int]]:
    """People, entries and users of a practice: living, deleted and restricted ones."""
    everyone = People(session, scope)
    user = Users(session, scope).add(word, "hash", "practitioner").id
    Users(session, scope).change_settings(scope.user_id, {"authority": word})
    ids, lines = [], []
    for number in range(3):
        person = everyone.add({"label": f"{word} {number}"})
        mine = Entries(session, scope, person.id)
        made = mine.add_many("diary", [({"food": word}, dt.date(2026, 10, 5))] * 2)
        mine.delete(made[1].id)
        ids.append(person.id)
        lines += [line.id for line in made]
    everyone.restrict(ids[0], True)
    everyone.grant(ids[0], user, "write")
    everyone.delete(ids[1])
    return ids, lines, [scope.user_id, user]


@pytest.mark.parametrize("role", ["owner", "practitioner", "reader"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_of_a_is_read_or_changed_by_b(
    session: Session, owner: Scope, other_practice: Scope, role: str, data: st.DataObject
) -> None:
    # catches: a query without the practice in it
    with contextlib.suppress(RolledBackError), session.begin_nested():
        of_a, of_b = fill(session, owner, MARK), fill(session, other_practice, "van B")
        user = other_practice.user_id if role == "owner" else of_b[2][1]
        if role == "reader":
            Users(session, other_practice).change_role(user, "reader")
        scope = Scope(other_practice.practice_id, user, role)  # type: ignore[arg-type]
        before = rows_of(session, owner.practice_id)
        pools = {name: [*a, *b, 10**6] for name, a, b in zip(("person", "entry", "user"), of_a, of_b, strict=True)}
        for kind, name in data.draw(st.lists(st.sampled_from(CALLS), min_size=1, max_size=15)):
            seen = call(session, scope, kind, name, pools, data)
            assert MARK not in repr(seen), (kind, name)
        assert rows_of(session, owner.practice_id) == before
        raise RolledBackError


class RolledBackError(Exception):
    """Ends an example: the next one begins with the same database."""


def call(
    session: Session, scope: Scope, kind: type, name: str, pools: dict[str, list[int]], data: st.DataObject
) -> object:
    arguments = [
        data.draw(st.sampled_from(pools[value])) if isinstance(value, str) and value in pools else value
        for value in METHODS[kind][name]
    ]
    try:
        of = [data.draw(st.sampled_from(pools["person"]))] if kind is Entries else []
        return getattr(kind(session, scope, *of), name)(*arguments)
    except (NotFound, NotAllowed, InputProblems) as error:
        return error


def test_ids_of_a_work_for_a(session: Session, owner: Scope, other_practice: Scope) -> None:
    # catches: a property above that passes because nothing ever is found
    ids, lines, _ = fill(session, owner, MARK)
    fill(session, other_practice, "van B")
    assert MARK in repr(People(session, owner).list())
    assert MARK in repr(Entries(session, owner, ids[0]).get(lines[0]))


def test_a_backup_holds_one_practice_and_comes_back_in_one(
    session: Session, owner: Scope, other_practice: Scope
) -> None:
    # catches: a backup with people of another practice; a restore that touches another practice or its users
    fill(session, owner, MARK)
    fill(session, other_practice, "van B")
    before = rows_of(session, owner.practice_id)
    mine = backup(session, other_practice)
    assert MARK not in repr(mine)
    mine["settings"] = [{"user": "local", "settings": {"language": "en"}}]  # a user of practice A
    mine["people"][0]["grants"] = [{"user": "local", "level": "write"}]
    restore(session, other_practice, mine)
    assert rows_of(session, owner.practice_id) == before


def test_the_database_refuses_an_entry_of_another_practice(
    session: Session, owner: Scope, other_practice: Scope
) -> None:
    # catches: foreign keys that SQLite does not check, or without the practice
    from sqlalchemy import insert
    from sqlalchemy.exc import IntegrityError

    made = People(session, owner).add({"label": "Anna"})
    row = {"practice_id": other_practice.practice_id, "person_id": made.id, "kind": "diary", "position": 1, "facts": {}}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(entries).values(**row, changed_at=LATER))
