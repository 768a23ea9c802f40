"""Data out and in: everything as one backup, one person as files, and the way back through the same checks."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile
from starlette.responses import Response

from magnes.apps.web.doors import AtDesk, Desk, ForPerson
from magnes.apps.web.downloads import download
from magnes.apps.web.guard import UPLOAD_MB
from magnes.apps.web.importing import BACKUP, DIARY, PERSON, Sent, packed, read_backup, read_files, save
from magnes.errors import InputProblems, Problem
from magnes.store.audit import record
from magnes.store.backup import backup, diary_csv, person_backup, person_toml, restore
from magnes.store.entries import Entries
from magnes.store.files import TABLES
from magnes.store.people import People
from magnes.store.scope import utc_now
from magnes.text import problem_text

__all__ = ["router"]

router = APIRouter(tags=["data"])

LARGEST_PLAIN = (UPLOAD_MB - 1) * 1_000_000  # a larger backup goes out packed: it must be able to come back
Upload = Annotated[UploadFile | None, File()]


@router.get("/backup")
def show(at: AtDesk, people: int | None = None, entries: int = 0, settings: int = 0) -> Response:
    """Show what can go out and in; after a restore how much came back."""
    back = None if people is None else {"people": people, "entries": entries, "settings": settings}
    return _page(at, back=back)


@router.post("/backup/file")
def save_all(at: AtDesk) -> Response:
    """Give everything that people entered as one file."""
    with at.begin() as session:
        data = _json(backup(session, at.scope))
    name = f"magnes-{utc_now():%Y-%m-%d}"
    if len(data) > LARGEST_PLAIN:
        return download(f"{name}.zip", packed({BACKUP: data}), "application/zip")
    return download(f"{name}.json", data, "application/json")


@router.post("/backup/restore")
def bring_back(at: AtDesk, file: Upload = None) -> Response:
    """Add what is in a backup; checked whole before anything is written, nothing is replaced."""
    at.scope.must_own()
    try:
        data = read_backup(_needed(file, "file"))
        with at.begin() as session:
            back = restore(session, at.scope, data)
    except InputProblems as error:
        return _page(at, wrong={"file": _told(at, error)})
    return at.go(f"/backup?people={back.people}&entries={back.entries}&settings={back.settings}")


@router.get("/people/{person_id}/export.zip")
def as_files(at: ForPerson) -> Response:
    """Give one person as the files of the command line."""
    with at.begin() as session:
        store = Entries(session, at.scope, at.person.id)
        entries = [entry for kind in (*TABLES, "diary") for entry in store.list(kind)]
        record(session, at.scope, "exported", at.person.id, "zip")
    members: dict[str, str | bytes] = {PERSON: person_toml(at.person, entries)}
    if any(entry.kind == "diary" for entry in entries):
        members[DIARY] = diary_csv(entries)
    return download(f"magnes-{at.person.label}.zip", packed(members), "application/zip")


@router.get("/people/{person_id}/export.json")
def as_json(at: ForPerson) -> Response:
    """Give one person with everything as a file that a restore takes."""
    with at.begin() as session:
        data = person_backup(session, at.scope, at.person.id)
    return download(f"magnes-{at.person.label}.json", _json(data), "application/json")


@router.post("/import")
def bring_in(at: AtDesk, person: Upload = None, diary: Upload = None) -> Response:
    """Add a person from files, or say what is wrong in them, by line and field."""
    at.scope.must_write()
    try:
        return _imported(at, _needed(person, "person"), Sent.of(diary.filename, diary.file) if diary else None)
    except InputProblems as error:
        return _page(at, wrong={"person": _told(at, error)})


@router.post("/import/anna")
def try_out(at: AtDesk) -> Response:
    """Add Anna, who is invented, from the files of the examples."""
    at.scope.must_write()
    folder = files("magnes.examples")
    person, diary = (Sent(f"anna.{kind}", (folder / f"anna.{kind}").read_bytes()) for kind in ("toml", "csv"))
    return _imported(at, person, diary)


def _imported(at: Desk, person: Sent, diary: Sent | None) -> Response:
    read = read_files(person, diary)
    with at.begin() as session:
        person_id = save(session, at.scope, read)
    return at.go(f"/people/{person_id}/diary")


def _needed(upload: UploadFile | None, field: str) -> Sent:
    sent = Sent.of(upload.filename, upload.file) if upload else None
    if sent is None:
        raise InputProblems([Problem("field_missing", field=field)])
    return sent


def _told(at: Desk, error: InputProblems) -> list[str]:
    """Return problems with file, line and field: they are in a file, not beside a field of the page."""
    return [problem_text(problem, at.language) for problem in error.problems]


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _page(at: Desk, *, back: dict[str, int] | None = None, wrong: dict[str, list[str]] | None = None) -> Response:
    with at.begin() as session:
        listed = People(session, at.scope).list()
    return at.page("backup.html", 422 if wrong else 200, people=listed, back=back, wrong=wrong or {})
