"""People: facts as typed, revision, bin, restriction, grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from magnes.errors import InputProblems
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.scope import NotAllowed, NotFound, Role, Scope

ANNA = {"label": "Anna", "age_years": "67", "weight_kg": "71,5", "pregnant": False, "conditions": ["hypertensie"]}
LATER = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
Make = Callable[[Role], Scope]


def test_facts_stay_as_typed(session: Session, owner: Scope) -> None:
    # catches: "71,5" turned into 71.5, a list or flag turned into text, a key lost
    people = People(session, owner)
    made = people.add({**ANNA, "day": {"wakes": "07:00"}, "dislikes": ["crème fraîche ½"]})
    found = people.get(made.id)
    assert found == made
    assert found.facts == {**ANNA, "day": {"wakes": "07:00"}, "dislikes": ["crème fraîche ½"]}
    assert (found.label, found.revision, found.restricted, found.deleted_at) == ("Anna", 1, False, None)


def test_list_is_by_label_on_every_database(session: Session, owner: Scope) -> None:
    # catches: an order that differs between databases, capitals first
    people = People(session, owner)
    for label in ("bert", "Anna", "Émile", "Zoë", "carla"):
        people.add({"label": label})
    assert [row.label for row in people.list()] == ["Anna", "bert", "carla", "Zoë", "Émile"]


def test_change_raises_the_revision(session: Session, owner: Scope) -> None:
    # catches: results of before a change shown as those of after it
    people = People(session, owner)
    made = people.add(ANNA)
    changed = people.change(made.id, {**ANNA, "weight_kg": "72"})
    assert (changed.facts["weight_kg"], changed.revision) == ("72", 2)
    assert changed.changed_at >= made.changed_at
    assert people.get(made.id) == changed


def test_delete_and_restore(session: Session, owner: Scope) -> None:
    # catches: an undo that loses entries, a deleted person who can still be opened
    people = People(session, owner)
    made = people.add(ANNA)
    Entries(session, owner, made.id).add("medicine", {"name": "omeprazol"})
    people.delete(made.id)
    assert people.list() == []
    assert [row.id for row in people.list(deleted=True)] == [made.id]
    for use in (people.get, people.delete, lambda number: Entries(session, owner, number)):
        with pytest.raises(NotFound):
            use(made.id)
    back = people.restore(made.id)
    assert back.facts == ANNA
    assert [entry.facts for entry in Entries(session, owner, made.id).list("medicine")] == [{"name": "omeprazol"}]
    with pytest.raises(NotFound):
        people.restore(made.id)


def test_purge_empties_only_the_old_bin(session: Session, owner: Scope) -> None:
    # catches: people purged who were not deleted, or only just; entries left without a person
    people = People(session, owner)
    kept, gone = people.add(ANNA), people.add({"label": "Bert"})
    lines = Entries(session, owner, kept.id)
    first, second = lines.add("diary", {"food": "brood"}), lines.add("diary", {"food": "kaas"})
    Entries(session, owner, gone.id).add("diary", {"food": "melk"})
    lines.delete(first.id)
    people.delete(gone.id)
    assert people.purge(dt.datetime(2000, 1, 1, tzinfo=dt.UTC)) == 0
    assert people.purge(LATER) == 3
    assert people.list(deleted=True) == []
    assert [line.id for line in lines.list("diary")] == [second.id]
    with pytest.raises(NotFound):
        lines.restore(first.id)


def test_a_reader_reads_and_never_writes(session: Session, owner: Scope, colleague: Make) -> None:
    # catches: a role that is checked on one write and forgotten on another
    made = People(session, owner).add(ANNA)
    people = People(session, colleague("reader"))
    assert people.get(made.id).label == "Anna"
    writes: list[Callable[[], object]] = [
        lambda: people.add(ANNA),
        lambda: people.change(made.id, ANNA),
        lambda: people.delete(made.id),
        lambda: people.restrict(made.id, True),
        lambda: people.grant(made.id, owner.user_id, "read"),
        lambda: people.purge(LATER),
    ]
    for write in writes:
        with pytest.raises(NotAllowed):
            write()
    assert people.get(made.id) == made


def test_a_restricted_person_needs_a_grant(session: Session, owner: Scope, colleague: Make) -> None:
    # catches: a restriction that lists honour and direct access does not; a read grant that writes
    everyone = People(session, owner)
    made = everyone.add(ANNA)
    mine = colleague("practitioner")
    people = People(session, mine)
    assert people.change(made.id, ANNA).revision == 2
    everyone.restrict(made.id, True)
    everyone.grant(made.id, owner.user_id, "write")  # to somebody else
    assert people.list() == []
    with pytest.raises(NotFound):
        people.get(made.id)
    everyone.grant(made.id, mine.user_id, "read")
    assert people.get(made.id).restricted
    with pytest.raises(NotAllowed):
        people.change(made.id, ANNA)
    with pytest.raises(NotAllowed):
        people.restrict(made.id, False)
    everyone.grant(made.id, mine.user_id, "write")
    assert everyone.grants(made.id) == {mine.user_id: "write", owner.user_id: "write"}
    assert people.change(made.id, {"label": "A."}).label == "A."
    everyone.grant(made.id, mine.user_id, None)
    with pytest.raises(NotFound):
        people.get(made.id)


def test_a_grant_does_not_make_a_reader_write(session: Session, owner: Scope, colleague: Make) -> None:
    # catches: a grant that is stronger than the role
    made = People(session, owner).add(ANNA)
    reader = colleague("reader")
    People(session, owner).restrict(made.id, True)
    People(session, owner).grant(made.id, reader.user_id, "write")
    assert People(session, reader).get(made.id).id == made.id
    with pytest.raises(NotAllowed):
        People(session, reader).change(made.id, ANNA)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"label": "A\x00"}, "label"),
        ({"label": "\ud800"}, "label"),
        ({"label": "x" * 4001}, "label"),
        ({"Label": "A"}, ""),
        ({"label": None}, "label"),
        ({"n": float("nan")}, "n"),
        ({"n": 10**400}, "n"),
        ({"a": {"b": {"c": {"d": {"e": 1}}}}}, "a.b.c.d"),
        ({"conditions": ["a"] * 201}, "conditions"),
        ({f"a{number}": "x" * 3000 for number in range(30)}, ""),
        (["label"], ""),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_place(
    session: Session, owner: Scope, facts: dict, field: str
) -> None:
    # catches: signs that one database takes and the other refuses, facts without end
    with pytest.raises(InputProblems) as error:
        People(session, owner).add(facts)
    assert [problem.field for problem in error.value.problems] == [field]
    assert People(session, owner).list() == []


def test_dates_and_times_of_a_toml_file_become_text(session: Session, owner: Scope) -> None:
    # catches: a bare TOML date that JSON cannot hold
    made = People(session, owner).add({"birth_date": dt.date(1959, 1, 2), "day": {"wakes": dt.time(7, 30)}})
    assert People(session, owner).get(made.id).facts == {"birth_date": "1959-01-02", "day": {"wakes": "07:30:00"}}
