"""What is stored of a person -> the ``Person`` and ``Diary`` of the engine, through the readers of the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from magnes.diary import Diary
from magnes.errors import InputProblems, Problem, Problems
from magnes.labels.product import Product
from magnes.person import Person
from magnes.readers.diary_csv import diary_from
from magnes.readers.person_toml import person_from
from magnes.readers.products_csv import product_from
from magnes.store.entries import Entries, EntryRow, Kind
from magnes.store.files import TABLES
from magnes.store.people import PersonRow
from magnes.store.scope import Scope

__all__ = ["Case", "case_of", "check_person", "check_row", "diary_line", "person_of", "products_of"]

ANYBODY = {"age_years": "40", "sex": "female"}  # a row is judged by itself; who it belongs to is judged elsewhere


@dataclass(frozen=True)
class Case:
    """A person and diary for the engine; ``key`` changes with every write. ``diary`` is ``None`` without lines.

    ``cut_off_mmol_per_l``: of serum magnesium, when the user chose one.
    """

    person: Person
    diary: Diary | None
    products: tuple[Product, ...]
    cut_off_mmol_per_l: float | None
    key: tuple[int, int, str]


def case_of(session: Session, scope: Scope, row: PersonRow, settings: dict[str, Any]) -> Case:
    """Build the case of a person.

    Raises ``InputProblems`` when stored facts no longer pass the readers (an older version accepted them).
    """
    store = Entries(session, scope, row.id)
    person = person_of(store, row, settings)
    diary = diary_from([(entry.id, diary_line(entry)) for entry in store.list("diary")], row.label)
    chosen = settings.get("cut_off")
    today = dt.date.today().isoformat()  # noqa: DTZ011 - ages and laboratory dates count from the local calendar day
    key = (row.id, row.revision, f"{person.authority}|{chosen}|{today}")
    cut_off = float(chosen) if chosen else None
    return Case(person, diary if diary.entries else None, products_of(store), cut_off, key)


def person_of(store: Entries, row: PersonRow, settings: dict[str, Any]) -> Person:
    """Build the person of a case; a chosen authority of the user holds where the person has none. Raises as a case."""
    tables = {table: [entry.facts for entry in store.list(kind)] for kind, table in TABLES.items()}
    person = person_from(row.facts | tables, Problems(row.label))
    authority = settings.get("authority")
    if person.authority is None and authority:
        person = person.model_copy(update={"authority": authority})
    return person


def products_of(store: Entries) -> tuple[Product, ...]:
    """Return the stored products that pass the reader; their page says what is wrong with the others."""
    rows = enumerate(store.list("product"), start=1)
    read = (product_from(entry.facts, Problems(), line) for line, entry in rows)
    return tuple(product for product in read if product)


def diary_line(entry: EntryRow) -> dict[str, str]:
    """Return a stored line of the diary as a row of ``diary.csv``."""
    return entry.facts | {"date": entry.day.isoformat() if entry.day else ""}


def check_person(facts: dict[str, Any]) -> Person:
    """Judge the facts of a person without what is taken or measured; raises ``InputProblems``."""
    return person_from(facts, Problems())


def check_row(kind: Kind, facts: dict[str, Any]) -> None:
    """Judge one medicine, supplement or laboratory value; raises ``InputProblems`` by the bare names of its fields."""
    table = TABLES[kind]
    known: Sequence[Problem] = ()
    try:
        person_from(ANYBODY | {table: [facts]}, Problems())
    except InputProblems as error:
        known = error.problems
    prefix = f"{table}.0"
    mine = [problem for problem in known if problem.field.startswith(prefix)]
    if mine:
        raise InputProblems(_renamed(problem, prefix) for problem in mine)


def _renamed(problem: Problem, prefix: str) -> Problem:
    field = problem.field.removeprefix(prefix).removeprefix(".")
    return replace(problem, line=None, field=field)
