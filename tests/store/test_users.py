"""Users: who may change whom, names, the last owner, settings, the local owner without a password."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from magnes.errors import InputProblems
from magnes.store.audit import Audit
from magnes.store.people import People
from magnes.store.scope import NotAllowed, NotFound, Role, Scope
from magnes.store.users import Users, find_for_login, first_practice, session_scope, start_session

Make = Callable[[Role], Scope]
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def codes(error: pytest.ExceptionInfo[InputProblems]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_log_in_finds_a_name_in_any_case(session: Session, owner: Scope) -> None:
    # catches: a second account "marie" beside "Marie"; a log-in without password into the local account
    made = Users(session, owner).add(" Marie  de Wit ", "hash", "practitioner")
    found = find_for_login(session, "MARIE DE WIT")
    assert found is not None
    assert (found.scope, found.name, found.password_hash) == (
        Scope(owner.practice_id, made.id, "practitioner"),
        "Marie de Wit",
        "hash",
    )
    assert find_for_login(session, "local") is None
    assert find_for_login(session, "nobody") is None
    with pytest.raises(InputProblems) as error:
        Users(session, owner).add("marie de wit", "hash", "reader")
    assert codes(error) == ["user_name_taken"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_a_name_that_cannot_be_is_refused(session: Session, owner: Scope, name: str) -> None:
    # catches: an empty name, a sign that PostgreSQL refuses
    with pytest.raises(InputProblems) as error:
        Users(session, owner).add(name, "hash", "reader")
    assert codes(error) == ["store_text"]


def test_an_unknown_role_is_refused(session: Session, owner: Scope) -> None:
    # catches: a role out of a form that ends in an error of the database
    with pytest.raises(InputProblems) as error:
        Users(session, owner).add("A", "hash", "admin")  # type: ignore[arg-type]
    assert codes(error) == ["choice_unknown"]


def test_only_owners_change_other_users(session: Session, owner: Scope, colleague: Make) -> None:
    # catches: a practitioner who makes herself owner, or resets the password of another
    mine = colleague("practitioner")
    users = Users(session, mine)
    writes: list[Callable[[], object]] = [
        lambda: users.add("B", "hash", "owner"),
        lambda: users.disable(owner.user_id),
        lambda: users.change_role(mine.user_id, "owner"),
        lambda: users.set_password(owner.user_id, "stolen"),
        lambda: users.settings(owner.user_id),
        lambda: users.change_settings(owner.user_id, {"language": "en"}),
    ]
    for write in writes:
        with pytest.raises(NotAllowed):
            write()
    users.set_password(mine.user_id, "new")
    found = find_for_login(session, "een practitioner")
    assert found is not None
    assert (found.scope, found.password_hash) == (mine, "new")


def test_the_last_owner_stays(session: Session, owner: Scope) -> None:
    # catches: a practice that nobody can manage any more
    users = Users(session, owner)
    for change in (lambda: users.disable(owner.user_id), lambda: users.change_role(owner.user_id, "reader")):
        with pytest.raises(InputProblems) as error:
            change()
        assert codes(error) == ["user_last_owner"]
    second = users.add("B", "hash", "owner")
    users.change_role(owner.user_id, "reader")
    assert [(row.name, row.role) for row in users.list()] == [("B", "owner"), ("local", "reader")]
    assert second.has_password


def test_a_closed_account_is_out_at_once(session: Session, owner: Scope, colleague: Make) -> None:
    # catches: a session that outlives its account, or keeps an old role or password
    mine = colleague("practitioner")
    users = Users(session, owner)
    for change in (
        lambda: users.set_password(mine.user_id, "other"),
        lambda: users.change_role(mine.user_id, "reader"),
        lambda: users.disable(mine.user_id),
    ):
        token = start_session(session, mine.user_id, NOW, 8)
        assert session_scope(session, token, NOW) is not None
        change()
        assert session_scope(session, token, NOW) is None
    late = start_session(session, mine.user_id, NOW, 8)  # a log-in that was under way when the account was closed
    assert session_scope(session, late, NOW) is None
    assert find_for_login(session, "een practitioner") is None
    assert [row.disabled_at is None for row in users.list()] == [False, True]


def test_settings_are_kept_one_by_one(session: Session, owner: Scope) -> None:
    # catches: a change of the language that forgets the authority; a misspelt setting kept in silence
    users = Users(session, owner)
    assert users.settings(owner.user_id) == {}
    users.change_settings(owner.user_id, {"language": "nl", "authority": "GR"})
    assert users.change_settings(owner.user_id, {"language": "en"}) == {"language": "en", "authority": "GR"}
    assert users.settings(owner.user_id) == {"language": "en", "authority": "GR"}
    with pytest.raises(InputProblems) as error:
        users.change_settings(owner.user_id, {"langauge": "nl"})
    assert error.value.problems[0].nearest == ("language",)


def test_the_local_owner_comes_back(session: Session, owner: Scope) -> None:
    # catches: a second practice at the next start, in which nobody's people are
    People(session, owner).add({"label": "Anna"})
    again = first_practice(session, "Praktijk Een")
    assert again == owner
    assert [row.label for row in People(session, again).list()] == ["Anna"]


def test_without_log_in_nobody_enters_a_practice_with_passwords(session: Session, owner: Scope) -> None:
    # catches: starting without practice mode to get past the passwords
    Users(session, owner).add("B", "hash", "reader")
    with pytest.raises(InputProblems) as error:
        first_practice(session, "x")
    assert codes(error) == ["store_has_passwords"]


def test_users_of_another_practice_do_not_exist(session: Session, owner: Scope, other_practice: Scope) -> None:
    # catches: an owner who manages the users of another practice
    users = Users(session, other_practice)
    assert [row.name for row in users.list()] == ["ander"]
    for use in (users.disable, users.settings, lambda user: users.set_password(user, "x")):
        with pytest.raises(NotFound):
            use(owner.user_id)
    made = People(session, other_practice).add({"label": "Zoë"})
    with pytest.raises(NotFound):
        People(session, other_practice).grant(made.id, owner.user_id, "read")


def test_who_reads_the_audit(session: Session, owner: Scope, colleague: Make, other_practice: Scope) -> None:
    # catches: an audit log of the practice shown to everybody, or of a person of elsewhere
    made = People(session, owner).add({"label": "Anna"})
    practitioner = Audit(session, colleague("practitioner"))
    assert [row.action for row in practitioner.list(made.id)] == ["person_added"]
    with pytest.raises(NotAllowed):
        practitioner.list()
    with pytest.raises(NotAllowed):
        Audit(session, colleague("reader")).list(made.id)
    with pytest.raises(NotFound):
        Audit(session, other_practice).list(made.id)
    assert Audit(session, other_practice).list() == []
    assert [row.action for row in Audit(session, owner).list()] == ["user_added", "user_added", "person_added"]
