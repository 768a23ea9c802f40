"""Entries: order, days, undo, and a revision that every write raises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from magnes.store.audit import Audit
from magnes.store.engine import open_store
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.scope import NotAllowed, NotFound, Role, Scope
from magnes.store.users import first_practice

MONDAY, TUESDAY = dt.date(2026, 10, 5), dt.date(2026, 10, 6)
BREAD = {"food": "brood", "amount": "0,75", "unit": "portie"}
LATER = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def lines(session: Session, owner: Scope) -> Entries:
    return Entries(session, owner, People(session, owner).add({"label": "Anna"}).id)


def test_order_days_and_kinds(lines: Entries) -> None:
    # catches: lines in the order of the database, days of other kinds counted, deleted ones counted
    made = lines.add_many("diary", [({**BREAD, "food": str(n)}, TUESDAY if n % 2 else MONDAY) for n in range(5)])
    lines.add("lab", {"test": "serum magnesium"}, MONDAY)
    assert [line.facts["food"] for line in lines.list("diary")] == ["0", "1", "2", "3", "4"]
    assert [line.facts["food"] for line in lines.list("diary", TUESDAY)] == ["1", "3"]
    assert [line.position for line in made] == [1, 2, 3, 4, 5]
    assert lines.days() == [(TUESDAY, 2), (MONDAY, 3)]
    lines.delete(made[1].id)
    assert lines.days() == [(TUESDAY, 1), (MONDAY, 3)]
    assert [line.facts["test"] for line in lines.list("lab")] == ["serum magnesium"]


def test_each_write_raises_the_revision_once(session: Session, owner: Scope, lines: Entries) -> None:
    # catches: a change of an entry that leaves a computed plan valid
    def revision() -> int:
        return People(session, owner).get(lines.person_id).revision

    line = lines.add("diary", BREAD, MONDAY)
    assert revision() == 2
    lines.change(line.id, {**BREAD, "amount": "1"})
    assert revision() == 3
    lines.delete(line.id)
    assert revision() == 4
    lines.restore(line.id)
    assert revision() == 5
    lines.add_many("diary", [(BREAD, MONDAY)] * 3)
    assert revision() == 6
    assert lines.add_many("diary", []) == []
    assert revision() == 6


def test_change_keeps_or_moves_the_day(lines: Entries) -> None:
    # catches: a day lost by a change of the amount
    line = lines.add("diary", BREAD, MONDAY)
    assert lines.change(line.id, {**BREAD, "amount": "1"}).day == MONDAY
    assert lines.change(line.id, BREAD, TUESDAY).day == TUESDAY
    assert lines.get(line.id).facts == BREAD


def test_undo_puts_a_line_back_in_its_place(lines: Entries) -> None:
    # catches: an undone delete that lands at the end
    made = lines.add_many("diary", [({**BREAD, "food": name}, MONDAY) for name in "abc"])
    lines.delete(made[1].id)
    with pytest.raises(NotFound):
        lines.get(made[1].id)
    assert [line.facts["food"] for line in lines.list("diary")] == ["a", "c"]
    assert lines.restore(made[1].id).position == 2
    assert [line.facts["food"] for line in lines.list("diary")] == ["a", "b", "c"]


def test_purge_takes_only_what_was_deleted(lines: Entries) -> None:
    # catches: a purge of living lines; an undo after it that half works
    kept, gone = lines.add("diary", BREAD, MONDAY), lines.add("diary", BREAD, MONDAY)
    lines.delete(gone.id)
    assert lines.purge(LATER) == 1
    assert lines.list("diary") == [kept]
    with pytest.raises(NotFound):
        lines.restore(gone.id)


def test_a_reader_changes_no_entry(
    session: Session, owner: Scope, lines: Entries, colleague: Callable[[Role], Scope]
) -> None:
    # catches: entries without the check that people have
    line = lines.add("diary", BREAD, MONDAY)
    lines.delete(lines.add("diary", BREAD).id)
    mine = Entries(session, colleague("reader"), lines.person_id)
    assert mine.list("diary") == [line]
    writes: list[Callable[[], object]] = [
        lambda: mine.add("diary", BREAD),
        lambda: mine.change(line.id, BREAD),
        lambda: mine.delete(line.id),
        lambda: mine.restore(line.id + 1),
        lambda: mine.purge(LATER),
    ]
    for write in writes:
        with pytest.raises(NotAllowed):
            write()
    assert mine.list("diary") == [line]


def test_an_entry_of_another_person_is_not_found(session: Session, owner: Scope, lines: Entries) -> None:
    # catches: an entry changed through the address of another person
    line = lines.add("diary", BREAD)
    other = Entries(session, owner, People(session, owner).add({"label": "Bert"}).id)
    for use in (other.get, other.delete, other.restore, lambda number: other.change(number, {})):
        with pytest.raises(NotFound):
            use(line.id)


def test_the_audit_names_fields_and_never_what_was_said(session: Session, owner: Scope, lines: Entries) -> None:
    # catches: health data in the audit log
    line = lines.add("medicine", {"name": "lithium", "dose_mg": "400"}, MONDAY)
    lines.change(line.id, {"name": "lithium", "dose_mg": "800"}, TUESDAY)
    lines.delete(line.id)
    rows = Audit(session, owner).list(lines.person_id)
    assert [(row.action, row.what) for row in rows] == [
        ("entry_deleted", f"medicine {line.id}"),
        ("entry_changed", f"medicine {line.id}: dose_mg, day"),
        ("entry_added", f"medicine {line.id}"),
        ("person_added", "label"),
    ]
    assert {row.user for row in rows} == {"local"}
    assert len(Audit(session, owner).list(limit=2)) == 2


def test_many_lines_at_once_keep_their_order(tmp_path: Path) -> None:
    # catches: rows of one big insert that come back in another order
    store = open_store(str(tmp_path / "m.db"))
    with store.begin() as session:
        owner = first_practice(session, "Een")
        lines = Entries(session, owner, People(session, owner).add({"label": "Anna"}).id)
        made = lines.add_many("diary", [({"food": str(n)}, MONDAY) for n in range(3000)])
        assert [line.facts["food"] for line in made] == [str(n) for n in range(3000)]
        assert lines.list("diary") == made
    store.close()
