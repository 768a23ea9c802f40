"""Medicines and supplements of a person, and at once what the engine finds about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.apps.web.case import check_row, person_of
from magnes.apps.web.doors import ForPerson, Id, PersonDesk
from magnes.apps.web.forms import Field, Typed, body, read_form
from magnes.apps.web.rows import Attempt, Sheet, Wrong, restored
from magnes.errors import InputProblems
from magnes.knowledge.names import NearNameError, medicine_atc
from magnes.person import Medicine, Person
from magnes.products import holds_magnesium
from magnes.report.build import assess, sources_in
from magnes.report.html import Report
from magnes.report.wording import counted
from magnes.store.entries import Entries, EntryRow
from magnes.store.people import People
from magnes.store.scope import NotFound

__all__ = ["MEDICINES", "SUPPLEMENTS", "router"]

router = APIRouter(prefix="/people/{person_id}/taking", tags=["taking"])

TIMES = Field("times", "times", hint=True)
FIXED = Field("fixed", "flag")
ELEMENTAL = Field("elemental_mg", "number", "mg")
ASKED = Field("asked", "choice", choices=("no", "yes"))
Form = Annotated[Typed, Depends(read_form)]


def _needs_magnesium(typed: Mapping[str, Any], wrong: Wrong) -> bool:
    """Whether a medicine holds magnesium, so that the label says how much."""
    del wrong
    try:
        atc = medicine_atc(typed.get("name", "")) or ""
    except NearNameError:
        return False
    return holds_magnesium(Medicine(name=typed.get("name", ""), atc=atc))


def _supplement(facts: Mapping[str, Any]) -> None:
    """Judge a supplement; a missing amount is told at the amount of magnesium."""
    try:
        check_row("supplement", dict(facts))
    except InputProblems as error:
        raise InputProblems(
            replace(problem, field=problem.field or "elemental_mg") for problem in error.problems
        ) from None


MEDICINES = Sheet(
    "medicine",
    (
        Field("name", required=True, search="medicines", words="medicine", hint=True),
        Field("dose_mg", "number", "mg"),
        ELEMENTAL,
        TIMES,
        FIXED,
    ),
    lambda facts: check_row("medicine", dict(facts)),
    ("name",),
    {"elemental_mg": _needs_magnesium},
)
SUPPLEMENTS = Sheet(
    "supplement",
    (
        Field("salt", search="salts", hint=True),
        Field("product"),
        ELEMENTAL,
        Field("compound_mg", "number", "mg", hint=True),
        TIMES,
        FIXED,
    ),
    _supplement,
    ("salt", "product"),
    {},
)
SHEETS = {sheet.kind: sheet for sheet in (MEDICINES, SUPPLEMENTS)}


@router.get("")
def taking(at: ForPerson) -> Response:
    """Show what is taken and what follows from it."""
    return _page(at)


@router.post("/medicines", openapi_extra=body(MEDICINES.fields))
def add_medicine(at: ForPerson, typed: Form) -> Response:
    """Add a medicine."""
    return _done(at, MEDICINES, MEDICINES.save(at, typed))


@router.post("/supplements", openapi_extra=body(SUPPLEMENTS.fields))
def add_supplement(at: ForPerson, typed: Form) -> Response:
    """Add a supplement."""
    return _done(at, SUPPLEMENTS, SUPPLEMENTS.save(at, typed))


@router.post("/asked", openapi_extra=body((ASKED,)))
def asked(at: ForPerson, typed: Form) -> Response:
    """Keep whether somebody asked about supplements: only then is nothing on the list nothing taken."""
    with at.begin() as session:
        facts = {**at.person.facts, "supplements_known": typed.get("asked") == "yes"}
        People(session, at.scope).change(at.person.id, facts)
    return at.go(_path(at))


@router.post("/{entry_id}", openapi_extra=body(MEDICINES.fields + SUPPLEMENTS.fields))
def change(entry_id: Id, at: ForPerson, typed: Form) -> Response:
    """Save a row."""
    sheet = _sheet(at, entry_id)
    return _done(at, sheet, sheet.save(at, typed, entry_id))


@router.post("/{entry_id}/delete")
def delete(entry_id: Id, at: ForPerson) -> Response:
    """Take a row away; the page offers to bring it back."""
    return _sheet(at, entry_id).delete(at, entry_id, _path(at))


@router.post("/{entry_id}/restore")
def restore(entry_id: Id, at: ForPerson) -> Response:
    """Bring a deleted row back."""
    return restored(at, entry_id, _path(at))


def _path(at: PersonDesk) -> str:
    return f"/people/{at.person.id}/taking"


def _sheet(at: PersonDesk, entry_id: int) -> Sheet:
    with at.begin(reading=True) as session:
        kind = Entries(session, at.scope, at.person.id).get(entry_id).kind
    if kind not in SHEETS:
        raise NotFound(entry_id)
    return SHEETS[kind]


def _done(at: PersonDesk, sheet: Sheet, saved: EntryRow | Attempt) -> Response:
    if isinstance(saved, Attempt):
        return _page(at, {sheet.kind: saved})
    return at.go(f"{_path(at)}?saved={saved.id}")


def _page(at: PersonDesk, attempts: Mapping[str, Attempt] | None = None) -> Response:
    attempts = attempts or {}
    with at.begin(reading=True) as session:
        entries = Entries(session, at.scope, at.person.id)
        stored = {kind: entries.list(kind) for kind in SHEETS}
        try:
            person = person_of(entries, at.person, at.settings)
        except InputProblems:  # a row that an older version accepted: its problems stand at its fields
            person = None
    return at.page(
        "taking.html",
        422 if attempts else 200,
        rows={kind: sheet.rows(stored[kind], attempts.get(kind)) for kind, sheet in SHEETS.items()},
        new={kind: sheet.new(attempts.get(kind)) for kind, sheet in SHEETS.items()},
        known=at.person.facts.get("supplements_known", True),
        **_findings(at, person),
    )


def _findings(at: PersonDesk, person: Person | None) -> dict[str, Any]:
    """Return what the report says about safety, in its words; ``None`` while a row cannot be read."""
    if person is None:
        return {"counted": None, "writer": None, "findings": ()}
    found = assess(person)
    mine = found.model_copy(update={"sources": tuple(sources_in((found.findings,)))})
    writer = Report(mine, at.language, None)
    return {"counted": counted(found.findings, at.language), "writer": writer, "findings": list(writer.findings())}
