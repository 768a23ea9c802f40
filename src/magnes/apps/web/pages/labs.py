"""Laboratory values of a person: as reported, by date, beside every cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.apps.web.case import check_row, person_of
from magnes.apps.web.doors import ForPerson, Id, PersonDesk
from magnes.apps.web.forms import Field, Typed, body, read_form
from magnes.apps.web.rows import Attempt, Sheet, Wrong, restored
from magnes.errors import InputProblems
from magnes.knowledge.names import NearNameError, lab_test, lab_test_code
from magnes.person import Person
from magnes.readers.labs import LOADED
from magnes.report.build import assess, sources_in
from magnes.report.charts import NARROW
from magnes.report.html import Report
from magnes.report.preferred import in_units
from magnes.report.serum_picture import serum_chart
from magnes.store.entries import Entries, EntryRow
from magnes.text import translate

__all__ = ["LABS", "router"]

router = APIRouter(prefix="/people/{person_id}/labs", tags=["labs"])

UNLIKELY = "lab_unlikely"  # the reader asks to look at the report again
Form = Annotated[Typed, Depends(read_form)]


def _needs_load(typed: Mapping[str, Any], wrong: Wrong) -> bool:
    """Whether a test begins with a dose of magnesium."""
    del wrong
    try:
        code = lab_test_code(typed.get("test", ""))
    except NearNameError:
        return False
    return code is not None and lab_test(code).quantity == LOADED


def _asks(typed: Mapping[str, Any], wrong: Wrong) -> bool:
    """Whether the reader asks to confirm a value that is usual in another unit."""
    del typed
    return any(problem.code == UNLIKELY for problem in wrong.get("value", ()))


LABS = Sheet(
    "lab",
    (
        Field("test", required=True, search="tests", words="lab_test", hint=True),
        Field("value", "number", required=True, words="lab_value"),
        Field("unit", required=True, words="lab_unit", hint=True),
        Field("date", "date", words="lab_date"),
        Field("load_mg", "number", "mg"),
        Field("confirmed", "flag"),
    ),
    lambda facts: check_row("lab", dict(facts)),
    ("test",),
    {"load_mg": _needs_load, "confirmed": _asks},
)


@router.get("")
def labs(at: ForPerson) -> Response:
    """Show all values, newest first."""
    return _page(at)


@router.post("", openapi_extra=body(LABS.fields))
def add(at: ForPerson, typed: Form) -> Response:
    """Add a value, or say what is wrong: the unit that is likely meant, too."""
    return _done(at, LABS.save(at, typed))


@router.post("/{entry_id}", openapi_extra=body(LABS.fields))
def change(entry_id: Id, at: ForPerson, typed: Form) -> Response:
    """Save a row."""
    return _done(at, LABS.save(at, typed, entry_id))


@router.post("/{entry_id}/delete")
def delete(entry_id: Id, at: ForPerson) -> Response:
    """Take a value away; the page offers to bring it back."""
    return LABS.delete(at, entry_id, _path(at))


@router.post("/{entry_id}/restore")
def restore(entry_id: Id, at: ForPerson) -> Response:
    """Bring a deleted value back."""
    return restored(at, entry_id, _path(at))


def _path(at: PersonDesk) -> str:
    return f"/people/{at.person.id}/labs"


def _done(at: PersonDesk, saved: EntryRow | Attempt) -> Response:
    return _page(at, saved) if isinstance(saved, Attempt) else at.go(f"{_path(at)}?saved={saved.id}")


def _page(at: PersonDesk, attempt: Attempt | None = None) -> Response:
    with at.begin(reading=True) as session:
        entries = Entries(session, at.scope, at.person.id)
        stored = entries.list("lab")
        try:
            person = person_of(entries, at.person, at.settings)
        except InputProblems:  # a row that an older version accepted: its problems stand at its fields
            person = None
    newest = sorted(stored, key=lambda entry: (str(entry.facts.get("date", "")), entry.position), reverse=True)
    return at.page(
        "labs.html",
        422 if attempt else 200,
        rows=LABS.rows(newest, attempt),
        new=LABS.new(attempt),
        unreadable=person is None,
        **_values(at, stored, person),
    )


def _values(at: PersonDesk, stored: list[EntryRow], person: Person | None) -> dict[str, Any]:
    """Return the sides of all cut-offs by entry, the picture over time, and the sources."""
    if person is None or not person.labs:
        return {"sides": {}, "picture": "", "sources": ""}
    found = in_units(assess(person), at.settings.get("units", ""))
    cited = found.model_copy(update={"sources": tuple(sources_in((found.status,)))})
    writer = Report(cited, at.language, None)
    wide, narrow = serum_chart(found, at.language), serum_chart(found, at.language, NARROW)
    return {
        "sides": {entry.id: writer.lab(place) for place, entry in enumerate(stored)},
        "picture": writer.figure(wide, narrow, translate("lab.meaning", at.language)) if wide and narrow else "",
        "sources": writer.folded(translate("report.sources", at.language), writer.source_list()),
    }
