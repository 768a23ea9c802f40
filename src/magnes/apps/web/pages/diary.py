"""The diary of a day: lines to add, change, copy, star and delete."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from markupsafe import Markup
from starlette.responses import Response

from magnes.apps.web.case import check_person
from magnes.apps.web.day import Day, day_of
from magnes.apps.web.day_picture import drawn, said
from magnes.apps.web.doors import ForPerson, Id, PersonDesk
from magnes.apps.web.forms import Field, Typed, body, by_field, facts_of, read_form, texts_of
from magnes.diary import preparation_code, preparations
from magnes.errors import InputProblems, Problems
from magnes.readers.diary_csv import diary_from
from magnes.readers.fields import read_date, read_time
from magnes.report.build import sources_in
from magnes.report.html_parts import Parts
from magnes.report.vega import NARROW, WIDE
from magnes.report.wording import authority_name, estimate_line
from magnes.store.entries import Entries, EntryRow, Kind
from magnes.store.facts import Facts, clean_facts
from magnes.store.scope import NotFound
from magnes.text import Language, translate

__all__ = ["LINE", "check_line", "day_address", "read_day", "router"]

router = APIRouter(tags=["diary"])

LINES: Kind = "diary"
FAVOURITES: Kind = "favourite"
LINE = (
    Field("food", search="foods", required=True),
    Field("amount", "number", required=True),
    Field("unit", search="units", required=True),
    Field("time", "time"),
    Field("meal"),
    Field("preparation", "choice", choices=preparations()),
)
DAY = Field("day", "date")
SAME = ("food", "amount", "unit", "preparation")  # what makes a line the same favourite
OF_THE_DAY = ("food", "amount", "unit")  # a change of these ends what another programme printed of the line
DAYS_OFFERED = 30
Form = Annotated[Typed, Depends(read_form)]


@router.get("/people/{person_id}/diary")
def show(at: ForPerson, day: str = "") -> Response:
    """Show one day; today without ``day``."""
    return _page(at, read_day(day))


@router.post("/people/{person_id}/diary", openapi_extra=body((*LINE, DAY)))
def add(at: ForPerson, typed: Form) -> Response:
    """Add a line, or show the form again with what is wrong."""
    day, facts = read_day(typed.get("day", "")), facts_of(LINE, typed)
    try:
        check_line(facts, day)
    except InputProblems as error:
        return _page(at, day, typed={0: typed}, wrong={0: error})
    with at.begin() as session:
        row = Entries(session, at.scope, at.person.id).add(LINES, facts, day)
    return at.go(day_address(at, day, row.id))


@router.post("/people/{person_id}/diary/lines/{entry_id}", openapi_extra=body(LINE))
def change(at: ForPerson, entry_id: Id, typed: Form) -> Response:
    """Save the fields that were sent of a line; fields that were not sent stay."""
    with at.begin(reading=True) as session:
        row = _row(at, Entries(session, at.scope, at.person.id), entry_id)
    sent = [field for field in LINE if field.name in typed]
    facts = {name: value for name, value in row.facts.items() if name not in typed} | facts_of(sent, typed)
    if any(facts.get(name) != row.facts.get(name) for name in OF_THE_DAY):
        facts.pop("magnesium_mg", None)
    day = row.day or dt.date.min
    try:
        check_line(facts, day)
    except InputProblems as error:
        return _page(at, day, typed={entry_id: texts_of(LINE, row.facts) | typed}, wrong={entry_id: error})
    if facts != row.facts:
        with at.begin() as session:
            Entries(session, at.scope, at.person.id).change(entry_id, facts)
    return at.go(day_address(at, day, entry_id))


@router.post("/people/{person_id}/diary/lines/{entry_id}/delete")
def delete(at: ForPerson, entry_id: Id) -> Response:
    """Delete a line; the day then offers to bring it back."""
    with at.begin() as session:
        store = Entries(session, at.scope, at.person.id)
        row = _row(at, store, entry_id)
        store.delete(entry_id)
    return at.go(f"{day_address(at, row.day)}&deleted={entry_id}")


@router.post("/people/{person_id}/diary/lines/{entry_id}/restore")
def restore(at: ForPerson, entry_id: Id) -> Response:
    """Bring a deleted line back."""
    with at.begin() as session:
        row = Entries(session, at.scope, at.person.id).restore(entry_id)
    return at.go(day_address(at, row.day, entry_id))


@router.post("/people/{person_id}/diary/lines/{entry_id}/copy")
def copy(at: ForPerson, entry_id: Id) -> Response:
    """Add the same line once more."""
    with at.begin() as session:
        store = Entries(session, at.scope, at.person.id)
        row = _row(at, store, entry_id)
        again = store.add(LINES, row.facts, row.day)
    return at.go(day_address(at, row.day, again.id))


@router.post("/people/{person_id}/diary/lines/{entry_id}/star")
def star(at: ForPerson, entry_id: Id) -> Response:
    """Make a line a favourite, or no longer."""
    with at.begin() as session:
        store = Entries(session, at.scope, at.person.id)
        row = _row(at, store, entry_id)
        same = [one for one in store.list(FAVOURITES) if _same(one.facts) == _same(row.facts)]
        for one in same:
            store.delete(one.id)
        if not same:
            store.add(FAVOURITES, row.facts)
    return at.go(day_address(at, row.day, entry_id))


@router.post("/people/{person_id}/diary/favourites/{entry_id}", openapi_extra=body((DAY,)))
def add_favourite(at: ForPerson, entry_id: Id, typed: Form) -> Response:
    """Add a favourite to a day."""
    day = read_day(typed.get("day", ""))
    with at.begin() as session:
        store = Entries(session, at.scope, at.person.id)
        row = store.add(LINES, _row(at, store, entry_id, FAVOURITES).facts, day)
    return at.go(day_address(at, day, row.id))


@router.post("/people/{person_id}/diary/favourites/{entry_id}/delete", openapi_extra=body((DAY,)))
def delete_favourite(at: ForPerson, entry_id: Id, typed: Form) -> Response:
    """Take a favourite away."""
    with at.begin() as session:
        store = Entries(session, at.scope, at.person.id)
        store.delete(_row(at, store, entry_id, FAVOURITES).id)
    return at.go(day_address(at, read_day(typed.get("day", ""))))


@router.post("/people/{person_id}/diary/copy", openapi_extra=body((DAY, Field("from", "date"))))
def copy_day(at: ForPerson, typed: Form) -> Response:
    """Add the lines of another day to this one."""
    day, other = read_day(typed.get("day", "")), read_day(typed.get("from", ""))
    with at.begin() as session:
        store = Entries(session, at.scope, at.person.id)
        added = store.add_many(LINES, [(row.facts, day) for row in store.list(LINES, other)])
    return at.go(f"{day_address(at, day)}&added={len(added)}")


@router.get("/people/{person_id}/diary/picture.svg")
def picture(at: ForPerson, day: str = "", narrow: bool = False) -> Response:
    """Draw the magnesium of a day by meal beside the recommendation."""
    with at.begin(reading=True) as session:
        rows = Entries(session, at.scope, at.person.id).list(LINES, read_day(day))
    found = _worked_out(at, read_day(day), rows)
    if found.total is None:
        raise NotFound(day)
    return Response(drawn(found, at.language, NARROW if narrow else WIDE), media_type="image/svg+xml")


def check_line(facts: Facts, day: dt.date) -> None:
    """Judge a line by itself; an unknown food is no reason to refuse it: the day then says what is missing."""
    clean_facts(facts)
    diary_from([(1, facts | {"date": day.isoformat()})])


def day_address(at: PersonDesk, day: dt.date | None, entry_id: int = 0) -> str:
    """Return the address of a day, at one of its lines."""
    place = f"&at={entry_id}#line-{entry_id}" if entry_id else ""
    return f"/people/{at.person.id}/diary?day={day.isoformat() if day else ''}{place}"


def _page(
    at: PersonDesk,
    day: dt.date,
    *,
    typed: dict[int, Typed] | None = None,
    wrong: dict[int, InputProblems] | None = None,
) -> Response:
    """Fill the page of a day; ``typed`` and ``wrong`` by line, 0 for the new one."""
    typed = typed or {}
    with at.begin(reading=True) as session:
        store = Entries(session, at.scope, at.person.id)
        rows, days, favourites = store.list(LINES, day), store.days(), store.list(FAVOURITES)
    found = _worked_out(at, day, rows)
    parts = Parts(at.language, sources_in((), found.sources))
    same = {_same(one.facts) for one in favourites}
    fields: dict[int, Typed] = {row.id: typed.get(row.id) or _shown(row.facts) for row in rows}
    wrong_fields = {place: by_field(error, LINE) for place, error in (wrong or {}).items()}
    recent = next((row for row in rows if str(row.id) == at.request.query_params.get("at")), None)
    kept = {name: _shown(recent.facts)[name] for name in ("meal", "time")} if recent else {}
    return at.page(
        "diary.html",
        422 if wrong else 200,
        on=day,
        today=read_day(""),
        found=found,
        days=days,
        others=[(other, count) for other, count in days if other != day][:DAYS_OFFERED],
        before=max((other for other, _ in days if other < day), default=None),
        favourites=favourites,
        starred={row.id for row in rows if _same(row.facts) in same},
        typed=fields | {0: typed.get(0, kept)},
        wrong=wrong_fields,
        ways=lambda chosen: _way_options(at.language, chosen if chosen in LINE[-1].choices else ""),
        number_of=lambda value: Markup(parts.line(estimate_line(value, at.language), 3)),  # noqa: S704 - escaped by Parts
        sources=Markup(parts.source_list()) if found.sources else "",  # noqa: S704
        said=said(found, at.language),
        authority=authority_name(found.authority, at.language),
        step=lambda days: dt.date.fromordinal(day.toordinal() + days),
    )


def _worked_out(at: PersonDesk, day: dt.date, rows: list[EntryRow]) -> Day:
    person = check_person(at.person.facts)
    return day_of(person, person.authority or at.settings.get("authority", ""), day, rows, at.language)


def _row(at: PersonDesk, store: Entries, entry_id: int, kind: Kind = LINES) -> EntryRow:
    """Return an entry of one kind: another kind is not found here."""
    row = store.get(entry_id)
    if row.kind != kind:
        raise NotFound(f"{at.person.id}/{entry_id}")
    return row


def read_day(text: str) -> dt.date:
    """Read a day as the date field sends it; blank is today."""
    if not text.strip():
        return dt.date.today()  # noqa: DTZ011 - the calendar day of this computer
    problems = Problems()
    day = read_date(text, problems, line=None, field="day")
    problems.stop()
    return day or dt.date.min


def _same(facts: Facts) -> tuple[Any, ...]:
    return tuple(facts.get(name, "") for name in SAME)


def _shown(facts: Facts) -> Typed:
    """Texts for the fields of a line; a clock time as the field for times wants it."""
    texts = texts_of(LINE, facts)
    time = read_time(texts["time"], Problems(), line=None, field="time") if texts["time"] else None
    shown = {"time": f"{time:%H:%M}"} if time else {}
    way = preparation_code(texts["preparation"])
    offered = next((word for word, code in _ways() if way and code == way), texts["preparation"])
    return texts | shown | {"preparation": offered}


@cache
def _ways() -> tuple[tuple[str, str], ...]:
    """Return a word to store and the code of each way of cooking."""
    return tuple((word, preparation_code(word)) for word in preparations())


@cache
def _way_options(language: Language, chosen: str) -> Markup:
    """Return the options of the way of cooking; once, for each line of each day has them."""
    option = Markup('<option value="{}"{}>{}</option>')
    made = (
        option.format(word, Markup(" selected") if word == chosen else "", translate(f"preparation.{code}", language))
        for word, code in _ways()
    )
    return Markup("").join(made)
