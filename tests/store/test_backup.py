"""Backup and back: the same facts, nothing lost, nothing stored of a file that is wrong."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from magnes.errors import InputProblems
from magnes.store.audit import Audit
from magnes.store.backup import Restored, backup, restore
from magnes.store.backup_check import check_backup
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.scope import NotAllowed, Role, Scope
from magnes.store.users import Users
from magnes.text import LANGUAGES, problem_text

MONDAY = dt.date(2026, 10, 5)
Backup = dict[str, Any]
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
SIMPLE = TEXTS | st.booleans() | st.integers(-(10**14), 10**14) | st.floats(-1e14, 1e14)
FACTS = st.dictionaries(
    KEYS, SIMPLE | st.lists(TEXTS, max_size=3) | st.dictionaries(KEYS, SIMPLE, max_size=2), max_size=4
)


def filled(session: Session, scope: Scope) -> Backup:
    """A practice with everything in it, and its backup as it comes back from a file."""
    everyone = People(session, scope)
    anna, bert, _ = (everyone.add({"label": label, "weight_kg": "71,5"}) for label in ("Anna", "Bert", "Zoë"))
    lines = Entries(session, scope, anna.id)
    made = lines.add_many("diary", [({"food": food, "amount": "0,75"}, MONDAY) for food in ("brood", "kaas")])
    lines.add("lab", {"test": "serum magnesium", "value": "0,71", "unit": "mmol/L"})
    lines.delete(made[0].id)
    everyone.restrict(anna.id, True)
    everyone.grant(anna.id, scope.user_id, "read")
    everyone.delete(bert.id)
    Users(session, scope).change_settings(scope.user_id, {"language": "nl", "authority": "GR"})
    return json.loads(json.dumps(backup(session, scope)))


def without_moment(data: Backup) -> Backup:
    return {key: value for key, value in data.items() if key not in ("made_at", "practice")}


def test_back_in_another_practice_it_is_the_same(session: Session, owner: Scope, other_practice: Scope) -> None:
    # catches: a deleted line, position, restriction, grant or fact lost on the way
    data = filled(session, owner)
    for rows in (data["settings"], data["people"][0]["grants"]):
        rows[0]["user"] = "ander"  # the name of the owner there
    assert restore(session, other_practice, data) == Restored(people=3, entries=3, settings=1)
    assert without_moment(backup(session, other_practice)) == without_moment(data)
    assert [row.action for row in Audit(session, other_practice).list()] == ["backup_made", "backup_restored"]


def test_what_was_there_stays(session: Session, owner: Scope) -> None:
    # catches: a restore that replaces people, or the settings that a user chose since
    data = filled(session, owner)
    before = People(session, owner).list()
    Users(session, owner).change_settings(owner.user_id, {"language": "en"})
    restore(session, owner, data)
    after = People(session, owner).list()
    assert [row for row in after if row in before] == before
    assert [row.label for row in after] == ["Anna", "Anna", "Zoë", "Zoë"]
    assert Users(session, owner).settings(owner.user_id) == {"language": "en", "authority": "GR"}


def test_an_undo_works_after_coming_back(session: Session, owner: Scope, other_practice: Scope) -> None:
    # catches: deleted people and lines that come back as living ones, or never
    restore(session, other_practice, filled(session, owner))
    people = People(session, other_practice)
    assert [row.label for row in people.list()] == ["Anna", "Zoë"]
    (bert,) = people.list(deleted=True)
    assert people.restore(bert.id).label == "Bert"
    anna = people.list()[0]
    assert [line.facts["food"] for line in Entries(session, other_practice, anna.id).list("diary")] == ["kaas"]


@given(facts=FACTS)
def test_any_facts_survive_the_check(facts: dict[str, Any]) -> None:
    # catches: facts that could be typed but never come back out of their backup
    person = {"facts": facts, "restricted": False, "deleted_at": None, "grants": [], "entries": []}
    data = {"format": "magnes-backup", "version": 1, "made_at": "", "practice": "", "people": [person], "settings": []}
    assert check_backup(json.loads(json.dumps(data)))["people"][0]["facts"] == facts


def test_only_an_owner_takes_or_puts_back_everything(
    session: Session, owner: Scope, colleague: Callable[[Role], Scope]
) -> None:
    # catches: a backup as a way around restrictions
    data = filled(session, owner)
    for role in ("practitioner", "reader"):
        scope = colleague(role)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            backup(session, scope)
        with pytest.raises(NotAllowed):
            restore(session, scope, data)


# where -> what stands there instead, and the code and place that are told
WRONG: list[tuple[tuple[str | int, ...], object, str, str]] = [
    ((), ["magnes-backup"], "store_backup", ""),
    (("format",), "other", "store_backup", ""),
    (("version",), 2, "store_backup_version", ""),
    (("people",), {}, "list_invalid", "people"),
    (("people",), [{}] * 20_001, "too_many", "people"),
    (("people", 0, "facts"), "text", "store_facts", "people.0.facts"),
    (("people", 0, "facts", "label"), "a\x00", "store_text", "people.0.facts.label"),
    (("people", 1, "deleted_at"), "gisteren", "date_invalid", "people.1.deleted_at"),
    (("people", 1, "deleted_at"), "0001-01-01T00:00:00+14:00", "date_invalid", "people.1.deleted_at"),
    (("people", 0, "restricted"), "nee", "flag_invalid", "people.0.restricted"),
    (("people", 0, "surname"), "x", "field_unknown", "people.0.surname"),
    (("people", 0, "entries", 0, "kind"), "poem", "choice_unknown", "people.0.entries.0.kind"),
    (("people", 0, "entries", 0, "kind"), ["diary"], "choice_unknown", "people.0.entries.0.kind"),
    (("people", 0, "entries", 1, "day"), "5-10-2026", "date_invalid", "people.0.entries.1.day"),
    (("people", 0, "entries", 1, "position"), -1, "store_facts", "people.0.entries.1.position"),
    (("people", 0, "entries", 1, "position"), 10**30, "store_facts", "people.0.entries.1.position"),
    (("people", 0, "entries", 1, "position"), True, "store_facts", "people.0.entries.1.position"),
    (("people", 0, "grants", 0, "level"), "own", "choice_unknown", "people.0.grants.0.level"),
    (("people", 0, "grants", 0, "user"), 3, "text_invalid", "people.0.grants.0.user"),
    (("settings", 0, "settings"), {"colour": "red"}, "field_unknown", "settings.0.settings.colour"),
]


@pytest.mark.parametrize(("where", "value", "code", "place"), WRONG)
def test_a_wrong_backup_is_refused_with_its_place(
    session: Session, owner: Scope, where: tuple[str | int, ...], value: object, code: str, place: str
) -> None:
    # catches: half of a wrong file stored, an error without a place, a stack trace
    data = filled(session, owner)
    before = backup(session, owner)["people"]
    changed: Any = copy.deepcopy(data)
    target = changed
    for key in where[:-1]:
        target = target[key]
    if where:
        target[where[-1]] = value
    with pytest.raises(InputProblems) as error:
        restore(session, owner, changed if where else value)
    assert [(problem.code, problem.field) for problem in error.value.problems] == [(code, place)]
    assert all(problem_text(problem, language) for problem in error.value.problems for language in LANGUAGES)
    assert backup(session, owner)["people"] == before


def test_every_missing_field_is_told_and_no_more_than_a_hundred(session: Session, owner: Scope) -> None:
    # catches: a default in place of what is missing; an answer as long as the file
    data = filled(session, owner)
    del data["people"][0]["deleted_at"], data["settings"]
    with pytest.raises(InputProblems) as error:
        restore(session, owner, data)
    told = {(problem.code, problem.field) for problem in error.value.problems}
    assert {("field_missing", "settings"), ("field_missing", "people.0.deleted_at")} <= told
    with pytest.raises(InputProblems) as error:
        restore(session, owner, {**filled(session, owner), "people": [{}] * 10_000})
    assert len(error.value.problems) < 120
