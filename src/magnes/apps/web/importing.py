"""Files that somebody sends: ``person.toml`` and ``diary.csv`` through the readers of the files, a backup as JSON.

Nothing is stored here, and nothing is unpacked to disk.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy.orm import Session

from magnes import toml_lines
from magnes.errors import InputProblems, Problem, Problems
from magnes.readers.diary_csv import cells_of, diary_of
from magnes.readers.person_toml import person_from
from magnes.readers.textfile import LARGEST_MB, decoded
from magnes.store.entries import Entries, Kind
from magnes.store.files import TABLES
from magnes.store.people import People
from magnes.store.scope import Scope

__all__ = ["BACKUP", "DIARY", "PERSON", "Imported", "Sent", "packed", "read_backup", "read_files", "save"]

PERSON, DIARY, BACKUP = "person.toml", "diary.csv", "backup.json"
LONGEST_NAME = 80
LARGEST_BACKUP_MB = 150  # unpacked
MOST_PARTS = 1_000_000  # tables and lists in a backup: more is no backup, and would fill the memory


@dataclass(frozen=True)
class Sent:
    """A file as it was sent; ``name`` is shown, never used as a path."""

    name: str
    data: bytes

    @classmethod
    def of(cls, name: str | None, file: BinaryIO) -> Sent | None:
        """Read an upload; ``None`` when no file was chosen."""
        data = file.read()
        return cls((name or "")[-LONGEST_NAME:], data) if name or data else None


@dataclass(frozen=True)
class Imported:
    """A person as typed in a file, with the rows of the tables and the lines of the diary."""

    facts: dict[str, Any]
    rows: list[tuple[Kind, dict[str, Any]]] = field(default_factory=list)
    diary: list[tuple[dict[str, Any], dt.date]] = field(default_factory=list)


def packed(members: dict[str, str | bytes]) -> bytes:
    """Return a zip of files by name."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return data.getvalue()


def read_files(person: Sent, diary: Sent | None) -> Imported:
    """Read a person file (or a zip that an export made) and perhaps a diary.

    Raises ``InputProblems`` with all problems of both, each with file, line and field.
    """
    if person.data.startswith(b"PK"):
        unpacked, beside = _unpacked(person, PERSON, DIARY)
        person, diary = unpacked or person, diary or beside
    problems: list[Problem] = []
    read = Imported({})
    for reader, sent in ((_person, person), (_diary, diary)):
        if sent is None or (reader is _diary and not sent.data.strip()):
            continue
        try:
            part = reader(sent)
            read = Imported(read.facts | part.facts, read.rows + part.rows, read.diary + part.diary)
        except InputProblems as error:
            problems += error.problems
    if problems:
        raise InputProblems(problems)
    return read


def save(session: Session, scope: Scope, read: Imported) -> int:
    """Store an imported person as a new one; return the id."""
    person_id = People(session, scope).add(read.facts).id
    store = Entries(session, scope, person_id)
    for kind in TABLES:
        store.add_many(kind, [(facts, None) for of, facts in read.rows if of == kind])
    store.add_many("diary", read.diary)
    return person_id


def read_backup(sent: Sent) -> object:
    """Return the data of a backup file; what is in it the store checks. Raises ``InputProblems``."""
    if sent.data.startswith(b"PK"):
        sent = _unpacked(sent, BACKUP, largest_mb=LARGEST_BACKUP_MB)[0] or sent
    problems = Problems(sent.name)
    text = decoded(sent.data, problems)
    parts = text.count("[") + text.count("{")
    if parts > MOST_PARTS:
        problems.add("too_many", found=parts, accepted=str(MOST_PARTS))
    problems.stop()
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        wrong = Problem("json_broken", sent.name, error.lineno, found=error.doc[error.pos : error.pos + 40])
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists in lists in lists
        wrong = Problem("json_broken", sent.name, found=str(error)[:LONGEST_NAME])
    raise InputProblems([wrong])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: one of the two would be lost in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(next(key for key in keys if keys.count(key) > 1))
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _unpacked(sent: Sent, first: str, *others: str, largest_mb: int = LARGEST_MB) -> list[Sent | None]:
    """Return files of a zip that are known by name, ``first`` at least; whatever else is in it stays packed."""
    problems = Problems(sent.name)
    found: dict[str, Sent] = {}
    try:
        with ZipFile(BytesIO(sent.data)) as sealed:
            for name in {first, *others} & set(sealed.namelist()):
                with sealed.open(name) as file:
                    data = file.read(largest_mb * 1_000_000 + 1)  # what the header says of the size may be a lie
                if len(data) > largest_mb * 1_000_000:
                    problems.add("file_too_large", field=name, found=f"> {largest_mb} MB", accepted=f"{largest_mb} MB")
                found[name] = Sent(name, data)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        problems.add("zip_broken", accepted=first)
    problems.stop()
    if first not in found:
        problems.add("zip_broken", accepted=first)
    problems.stop()
    return [found.get(name) for name in (first, *others)]


def _person(sent: Sent) -> Imported:
    problems = Problems(sent.name)
    data, lines = toml_lines.load(decoded(sent.data, problems), problems)
    person_from(data, problems, lines=lines)
    facts = {name: value for name, value in data.items() if name not in TABLES.values()}
    facts.setdefault("label", sent.name.rpartition(".")[0] or sent.name)
    rows: list[tuple[Kind, dict[str, Any]]] = [
        (kind, row) for kind, table in TABLES.items() for row in data.get(table, ())
    ]
    return Imported(facts, rows)


def _diary(sent: Sent) -> Imported:
    diary = diary_of(sent.data, sent.name)
    return Imported({}, diary=[(dict(cells_of(entry)), entry.date) for entry in diary.entries])
