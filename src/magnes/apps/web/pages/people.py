"""The list of people, and the facts of one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.apps.web.case import check_person
from magnes.apps.web.doors import AtDesk, Desk, ForPerson, Id
from magnes.apps.web.forms import Field, Typed, body, by_field, facts_of, read_form, texts_of
from magnes.errors import InputProblems
from magnes.store.people import People

__all__ = ["PERSON", "router"]

router = APIRouter(tags=["people"])

PERSON = (
    Field("label", required=True, hint=True),
    Field("age_years", "number", hint=True),
    Field("birth_date", "date"),
    Field("sex", "choice", choices=("female", "male"), required=True),
    Field("weight_kg", "number", "kg"),
    Field("height_cm", "number", "cm"),
    Field("pregnant", "flag"),
    Field("trimester", "choice", choices=("1", "2", "3")),
    Field("lactating", "flag"),
    Field("egfr_ml_min_1_73m2", "number", "mL/min/1,73 m²"),
    Field("serum_creatinine_umol_l", "number", "µmol/L", hint=True),
    Field("conditions", "list", search="conditions", hint=True),
    Field("sport_hours_per_week", "number"),
    Field("diet", "list", hint=True),
    Field("allergies", "list", hint=True),
    Field("dislikes", "list", hint=True),
    Field("day.wakes", "time"),
    Field("day.breakfast", "time"),
    Field("day.lunch", "time"),
    Field("day.dinner", "time"),
    Field("day.bedtime", "time"),
    Field("day.work", "times", hint=True),
)
Form = Annotated[Typed, Depends(read_form)]


@router.get("/")
def people(at: AtDesk) -> Response:
    """Show all people in scope; the first time, how to begin."""
    with at.begin(reading=True) as session:
        listed = People(session, at.scope).list()
    return at.page("people.html", people=listed)


@router.get("/people/new")
def new(at: AtDesk) -> Response:
    """Show the empty form."""
    return _form(at, {})


@router.post("/people", openapi_extra=body(PERSON))
def add(at: AtDesk, typed: Form) -> Response:
    """Save a new person, or show the form again with what is wrong beside each field."""
    facts = facts_of(PERSON, typed)
    try:
        check_person(facts)
    except InputProblems as error:
        return _form(at, typed, error)
    with at.begin() as session:
        row = People(session, at.scope).add({**facts, "supplements_known": False})  # nobody asked yet
    return at.go(f"/people/{row.id}/diary")


@router.get("/people/{person_id}")
def edit(at: ForPerson) -> Response:
    """Show the facts of a person."""
    return _form(at, texts_of(PERSON, at.person.facts))


@router.post("/people/{person_id}", openapi_extra=body(PERSON))
def change(at: ForPerson, typed: Form) -> Response:
    """Save the facts of a person, or say what is wrong."""
    facts = facts_of(PERSON, typed)
    try:
        check_person(facts)
    except InputProblems as error:
        return _form(at, typed, error)
    with at.begin() as session:
        People(session, at.scope).change(at.person.id, _elsewhere(at.person.facts) | facts)
    return at.go(f"/people/{at.person.id}?saved=1")


@router.post("/people/{person_id}/delete")
def delete(at: ForPerson) -> Response:
    """Put a person aside; the list offers to bring the person back."""
    with at.begin() as session:
        People(session, at.scope).delete(at.person.id)
    return at.go(f"/?deleted={at.person.id}")


@router.post("/people/{person_id}/restore")
def restore(person_id: Id, at: AtDesk) -> Response:
    """Bring a deleted person back with everything."""
    with at.begin() as session:
        People(session, at.scope).restore(person_id)
    return at.go("/")


def _elsewhere(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that another page or file gave: a save of this form keeps them."""
    mine = {field.name.partition(".")[0] for field in PERSON}
    return {name: value for name, value in facts.items() if name not in mine}


def _form(at: Desk, typed: Typed, error: InputProblems | None = None) -> Response:
    wrong = by_field(error, PERSON) if error else {}
    template = "person.html" if hasattr(at, "person") else "person_new.html"
    return at.page(template, 422 if wrong else 200, fields=PERSON, typed=typed, wrong=wrong)
