"""Many lines at once: paste a list, read a file, and the file to take away."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.apps.web.day import near_foods
from magnes.apps.web.doors import ForPerson, PersonDesk
from magnes.apps.web.downloads import download
from magnes.apps.web.forms import Field, Typed, body, read_form, read_upload, upload
from magnes.apps.web.hits import food_hit
from magnes.apps.web.pages.diary import LINE, day_address, read_day
from magnes.diary import Diary, resolve
from magnes.errors import InputProblems, Problems
from magnes.matching import matcher
from magnes.readers.diary_csv import COLUMNS, cells_of, diary_of
from magnes.readers.diary_text import PastedLine, read_list
from magnes.store.backup import diary_csv
from magnes.store.entries import Entries
from magnes.store.facts import Facts, clean_facts
from magnes.text import Language

__all__ = ["router"]

router = APIRouter(tags=["diary"])

LARGEST_MB, MOST_LINES, LINES_SHOWN, FILES_KEPT = 5, 20_000, 50, 4
FOOD_TROUBLE = ("food_unknown", "food_ambiguous", "food_without_magnesium")
PASTED = (Field("text", "long"), Field("day", "date"), Field("choose"), Field("act"))
Form = Annotated[Typed, Depends(read_form)]


@dataclass(frozen=True)
class Waiting:
    """A file that was read and shown, but not kept: whose it is, and its lines."""

    person_id: int
    user_id: int
    rows: tuple[tuple[Facts, dt.date], ...]


@router.get("/people/{person_id}/diary/paste")
def paste(at: ForPerson, day: str = "") -> Response:
    """Show the field for a list."""
    return _pasted(at, read_day(day), "")


@router.post("/people/{person_id}/diary/paste", openapi_extra=body(PASTED))
def pasted(at: ForPerson, typed: Form) -> Response:
    """Show what was understood; with ``act=save`` add that, and show the rest again. Nothing is lost.

    ``choose``: line number and food, of a button with a food that looks like what was typed.
    """
    day, text = read_day(typed.get("day", "")), typed.get("text", "").replace("\r\n", "\n")
    if typed.get("choose"):
        return _pasted(at, day, _chosen(text, typed["choose"]))
    if typed.get("act") != "save":
        return _pasted(at, day, text)
    read = read_list(text)
    facts = [line.facts for line in read if _understood(line)]
    with at.begin() as session:
        Entries(session, at.scope, at.person.id).add_many("diary", [(one, day) for one in facts])
    rest = _rest(read)
    if rest:
        return _pasted(at, day, rest, added=len(facts))
    return at.go(f"{day_address(at, day)}&added={len(facts)}")


@router.get("/people/{person_id}/diary/import")
def choose_file(at: ForPerson) -> Response:
    """Show the field for a file."""
    return _import(at)


@router.post("/people/{person_id}/diary/import", openapi_extra=upload("file"))
def read_file(at: ForPerson, content: Annotated[bytes, Depends(read_upload)]) -> Response:
    """Read a file and show what is in it, or each thing that is wrong with it, by line."""
    try:
        diary = _diary(content)
    except InputProblems as error:
        return _import(at, error)
    rows = tuple((cells_of(entry), entry.date) for entry in diary.entries)
    token = secrets.token_urlsafe(16)
    waiting = _waiting(at)
    waiting[token] = Waiting(at.person.id, at.scope.user_id, rows)
    while len(waiting) > FILES_KEPT:
        waiting.popitem(last=False)
    return at.page(
        "diary_import.html",
        problems=(),
        gone=False,
        columns="",
        largest_mb=LARGEST_MB,
        token=token,
        rows=rows[:LINES_SHOWN],
        count=len(rows),
        day_count=len(diary.dates),
        lacking=len(resolve(diary, allow_unmatched=True).unmatched),
        fields=[field.name for field in LINE],
    )


@router.post("/people/{person_id}/diary/import/{token}")
def keep_file(at: ForPerson, token: str) -> Response:
    """Add the lines of a file that was shown."""
    waiting = _waiting(at).pop(token, None)
    if waiting is None or (waiting.person_id, waiting.user_id) != (at.person.id, at.scope.user_id):
        return _import(at, gone=True)
    with at.begin() as session:
        Entries(session, at.scope, at.person.id).add_many("diary", waiting.rows)
    newest = max(day for _, day in waiting.rows)
    return at.go(f"{day_address(at, newest)}&added={len(waiting.rows)}")


@router.get("/people/{person_id}/diary/diary.csv")
def export(at: ForPerson) -> Response:
    """Return the whole diary as a file."""
    with at.begin(reading=True) as session:
        text = diary_csv(Entries(session, at.scope, at.person.id).list("diary"))
    return download("diary.csv", text, "text/csv; charset=utf-8")


def _pasted(at: PersonDesk, day: dt.date, text: str, *, added: int = 0) -> Response:
    read = read_list(text)
    near = {
        line.line: near_foods(line.facts["food"], at.language)
        for line in read
        if any(problem.code in FOOD_TROUBLE for problem in line.problems)
    }
    return at.page(
        "diary_paste.html",
        422 if added else 200,
        on=day,
        text=text,
        understood=[line for line in read if _understood(line)],
        unclear=[line for line in read if not line.heading and not _understood(line)],
        near=near,
        read_as={line.line: _read_as(line, at.language) for line in read if _understood(line)},
        added=added,
        fields=[field.name for field in LINE],
    )


def _understood(line: PastedLine) -> bool:
    """Whether a line can be kept as it was read."""
    if line.heading or line.problems:
        return False
    try:
        clean_facts(line.facts)
    except InputProblems:
        return False
    return True


def _read_as(line: PastedLine, language: Language) -> str:
    """Return the food that another word was taken for; ``""`` for its own name."""
    match = matcher().match(line.facts["food"])
    return food_hit(match.food, language).label if match.food and match.kind != "name" else ""


def _rest(read: tuple[PastedLine, ...]) -> str:
    """Return the lines that were not kept, under the meals that they belong to."""
    kept: list[str] = []
    heading = ""
    for line in read:
        if line.heading:
            heading = line.text
        elif not _understood(line):
            kept += [heading, line.text] if heading else [line.text]
            heading = ""
    return "\n".join(kept)


def _chosen(text: str, choice: str) -> str:
    """Return the text with the food of one line replaced."""
    number, _, food = choice.partition(" ")
    lines = text.splitlines()
    for line in read_list(text):
        if str(line.line) == number and line.facts.get("food"):
            lines[line.line - 1] = line.text.replace(line.facts["food"], food, 1)
    return "\n".join(lines)


def _import(at: PersonDesk, error: InputProblems | None = None, *, gone: bool = False) -> Response:
    return at.page(
        "diary_import.html",
        422 if error or gone else 200,
        problems=error.problems if error else (),
        gone=gone,
        columns=", ".join(COLUMNS[:-1]),
        largest_mb=LARGEST_MB,
        token="",
    )


def _diary(content: bytes) -> Diary:
    """Read the content of a file; the problems of lines that could not be stored are told as well."""
    problems = Problems()
    if not content:
        problems.add("file_empty")
    if len(content) > LARGEST_MB * 1_000_000:
        problems.add("file_too_large", found=f"> {LARGEST_MB} MB", accepted=f"{LARGEST_MB} MB")
    problems.stop()
    diary = diary_of(content)
    if len(diary.entries) > MOST_LINES:
        problems.add("diary_too_long", found=len(diary.entries), accepted=str(MOST_LINES))
    for entry in diary.entries:
        try:
            clean_facts(cells_of(entry))
        except InputProblems as error:
            problems.found += [replace(one, line=entry.line) for one in error.problems]
    problems.stop()
    return diary


def _waiting(at: PersonDesk) -> OrderedDict[str, Waiting]:
    """Files that were shown and not yet kept: a few, in the memory of this server."""
    state = at.request.app.state
    if not hasattr(state, "diary_files"):
        state.diary_files = OrderedDict()
    found: OrderedDict[str, Waiting] = state.diary_files
    return found
