"""Practice A never reads or changes anything of practice B, through any method, with any ids."""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
import itertools
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
from magnes.store.scope import NotAllowed, NotFound, Role, Scope
from magnes.store.tables import audit, entries, grants, people, practices, users
from magnes.store.users import Users

MARK = "geheim van A"
Ids = tuple[list[int], list[int], list[int], int]  # people, entries, users, practice
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
        "get": ("user",),
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


class RolledBackError(Exception):
    """Ends an example: the next one begins with the same database."""


def call(session: Session, scope: Scope, kind: type, name: str, of: list[int], arguments: list[Any]) -> object:
    try:
        return getattr(kind(session, scope, *of), name)(*arguments)
    except (NotFound, NotAllowed, InputProblems) as error:
        return error


def check(session: Session, kind: type, name: str, seen: object, of_a: Ids, before: list[tuple[Any, ...]]) -> None:
    assert MARK not in repr(seen), (kind, name)
    levels = [found for found in (seen if isinstance(seen, list) else [seen]) if isinstance(found, dict)]
    assert not set(of_a[2]) & {user for found in levels for user in found}, (kind, name)
    assert rows_of(session, of_a[3]) == before, (kind, name)


@pytest.mark.parametrize("role", ["owner", "practitioner"])
def test_no_method_reaches_a_with_any_of_its_ids(
    session: Session, owner: Scope, other_practice: Scope, role: Role
) -> None:
    # catches: a query without the practice in it; each method once with each kind of id
    of_a, of_b = (*fill(session, owner, MARK), owner.practice_id), fill(session, other_practice, "van B")
    scope = Scope(other_practice.practice_id, other_practice.user_id if role == "owner" else of_b[2][1], role)
    before = rows_of(session, owner.practice_id)
    of = {"person": [*of_a[0], of_b[0][2]], "entry": [*of_a[1][-2:], of_b[1][-2]], "user": [*of_a[2], of_b[2][0]]}
    for kind, name in CALLS:
        choices = [of.get(value, [value]) if isinstance(value, str) else [value] for value in METHODS[kind][name]]
        with contextlib.suppress(RolledBackError), session.begin_nested():
            seen = [
                call(session, scope, kind, name, [person] if person else [], list(arguments))
                for person in (of["person"] if kind is Entries else [0])
                for arguments in itertools.product(*choices)
            ]
            check(session, kind, name, seen, of_a, before)
            raise RolledBackError


@pytest.mark.parametrize("role", ["owner", "practitioner", "reader"])
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_of_a_is_read_or_changed_by_b(
    session: Session, owner: Scope, other_practice: Scope, role: Role, data: st.DataObject
) -> None:
    # catches: a way to A that needs several steps
    with contextlib.suppress(RolledBackError), session.begin_nested():
        of_a, of_b = (*fill(session, owner, MARK), owner.practice_id), fill(session, other_practice, "van B")
        user = other_practice.user_id if role == "owner" else of_b[2][1]
        if role == "reader":
            Users(session, other_practice).change_role(user, "reader")
        scope = Scope(other_practice.practice_id, user, role)
        before = rows_of(session, owner.practice_id)
        pools = {name: [*a, *b, 10**6] for name, a, b in zip(("person", "entry", "user"), of_a, of_b, strict=False)}
        for kind, name in data.draw(st.lists(st.sampled_from(CALLS), min_size=1, max_size=15)):
            arguments = [
                data.draw(st.sampled_from(pools[value])) if isinstance(value, str) and value in pools else value
                for value in METHODS[kind][name]
            ]
            of = [data.draw(st.sampled_from(pools["person"]))] if kind is Entries else []
            check(session, kind, name, call(session, scope, kind, name, of, arguments), of_a, before)
        raise RolledBackError


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
