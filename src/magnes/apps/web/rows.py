"""Entries of one kind as rows of a page: each a form that saves itself, with what is wrong at its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from magnes.apps.web.doors import PersonDesk
from magnes.apps.web.forms import Field, Typed, by_field, facts_of, texts_of
from magnes.errors import InputProblems, Problem
from magnes.store.entries import Entries, EntryRow, Kind
from magnes.store.scope import NotFound

__all__ = ["Attempt", "Row", "Sheet", "Wrong", "restored"]

Wrong = dict[str, list[Problem]]


@dataclass(frozen=True)
class Row:
    """A form for one entry (``id`` 0: a new one). ``more``: fields that only some entries need."""

    id: int
    kind: Kind
    name: str
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    typed: Typed
    wrong: Wrong

    @property
    def prefix(self) -> str:
        """Beginning of the ids of this form."""
        return f"{self.kind}-{self.id or 'new'}"

    @property
    def slots(self) -> str:
        """What a save puts anew on the page: what is wrong, never what somebody may be typing in."""
        places = [f"#{self.prefix}-{field.name}-wrong" for field in self.fields]
        return ",".join((*places, f"#{self.prefix}-more", f"#{self.prefix}-state"))


@dataclass(frozen=True)
class Attempt:
    """A form that could not be saved: what was typed, and what is wrong with it."""

    entry_id: int
    typed: Typed
    wrong: Wrong


@dataclass(frozen=True)
class Sheet:
    """The entries of one kind: their fields, which of them only some need (``asked``), and who judges them.

    ``judge`` raises ``InputProblems`` by the names of the fields. ``name_of``: fact that names an entry.
    """

    kind: Kind
    fields: tuple[Field, ...]
    judge: Callable[[Mapping[str, Any]], object]
    name_of: tuple[str, ...]
    asked: Mapping[str, Callable[[Mapping[str, Any], Wrong], bool]]

    def rows(self, entries: list[EntryRow], attempt: Attempt | None = None) -> list[Row]:
        """Return a form for each entry; what was typed in the one that could not be saved still stands in it."""
        return [self._row(entry, attempt) for entry in entries]

    def new(self, attempt: Attempt | None = None) -> Row:
        """Return the form for a new entry."""
        if attempt and not attempt.entry_id:
            return self._form(0, attempt.typed, attempt.wrong)
        return self._form(0, {}, {})

    def save(self, at: PersonDesk, typed: Typed, entry_id: int = 0) -> EntryRow | Attempt:
        """Save a new entry or a changed one as typed, or return what is wrong."""
        if entry_id:
            with at.begin(reading=True) as session:
                self.entry(session, at, entry_id)  # what is not here is not judged either
        facts = facts_of(self.fields, typed)
        wrong = self._judged(facts)
        if wrong:
            return Attempt(entry_id, typed, wrong)
        with at.begin() as session:
            entries = Entries(session, at.scope, at.person.id)
            if not entry_id:
                return entries.add(self.kind, facts)
            before = self.entry(session, at, entry_id)
            names = {field.name for field in self.fields}
            kept = {name: value for name, value in before.facts.items() if name not in names}
            return entries.change(entry_id, kept | facts)

    def entry(self, session: Session, at: PersonDesk, entry_id: int) -> EntryRow:
        """Return an entry of this kind; ``NotFound`` for one of another kind."""
        found = Entries(session, at.scope, at.person.id).get(entry_id)
        if found.kind != self.kind:
            raise NotFound(entry_id)
        return found

    def delete(self, at: PersonDesk, entry_id: int, page: str) -> Response:
        """Take an entry away; the page offers to bring it back."""
        with at.begin() as session:
            self.entry(session, at, entry_id)
            Entries(session, at.scope, at.person.id).delete(entry_id)
        return at.go(f"{page}?deleted={entry_id}")

    def _row(self, entry: EntryRow, attempt: Attempt | None) -> Row:
        if attempt and attempt.entry_id == entry.id:
            return self._form(entry.id, attempt.typed, attempt.wrong)
        return self._form(entry.id, texts_of(self.fields, entry.facts), self._judged(entry.facts))

    def _form(self, entry_id: int, typed: Typed, wrong: Wrong) -> Row:
        """Return the form; the hints stand at the empty one."""
        own = tuple(replace(field, hint=field.hint and not entry_id) for field in self.fields)
        more = tuple(field for field in own if field.name in self.asked and self._asks(field.name, typed, wrong))
        fields = tuple(field for field in own if field.name not in self.asked)
        name = next((typed[fact] for fact in self.name_of if typed.get(fact)), "")
        return Row(entry_id, self.kind, name, fields, more, typed, wrong)

    def _asks(self, name: str, typed: Typed, wrong: Wrong) -> bool:
        """Whether a field that only some entries need is shown: also when something stands in it, so that it stays."""
        return bool(typed.get(name) or wrong.get(name)) or self.asked[name](typed, wrong)

    def _judged(self, facts: Mapping[str, Any]) -> Wrong:
        try:
            self.judge(facts)
        except InputProblems as error:
            return by_field(error, self.fields)
        return {}


def restored(at: PersonDesk, entry_id: int, page: str) -> Response:
    """Bring a deleted entry back to its place, of whatever kind, and go on to a page."""
    with at.begin() as session:
        Entries(session, at.scope, at.person.id).restore(entry_id)
    return at.go(page)
