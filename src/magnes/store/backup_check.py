"""Is this a backup? Every field of it is checked, with its place, before anything is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from magnes.errors import Problems, nearest
from magnes.store.facts import check_facts
from magnes.store.tables import KINDS
from magnes.store.users import SETTINGS

__all__ = ["FORMAT", "VERSION", "check_backup"]

FORMAT, VERSION = "magnes-backup", 1
MOST_PEOPLE, MOST_ENTRIES, MOST_USERS = 20_000, 100_000, 1000  # people and users of a practice, entries of one person
MOST_PROBLEMS = 100  # told at once: of a file of another kind every line is wrong
LARGEST_POSITION = 2**31 - 1

TOP = ("format", "version", "made_at", "practice", "people", "settings")
PERSON = ("facts", "restricted", "deleted_at", "grants", "entries")
ENTRY = ("kind", "day", "position", "facts", "deleted_at")

Checked = dict[str, Any]


def check_backup(data: object) -> Checked:
    """Return the backup with its dates as dates; ``InputProblems`` that name the place otherwise."""
    problems = Problems()
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        problems.add("store_backup", accepted=FORMAT)
    elif data.get("version") != VERSION:
        problems.add("store_backup_version", found=data.get("version"), accepted=str(VERSION))
    problems.stop()
    row = _fields(data, TOP, problems, "")
    people = _each(row["people"], MOST_PEOPLE, problems, "people", _person)
    settings = _each(row["settings"], MOST_USERS, problems, "settings", _settings)
    problems.stop()
    return {"people": people, "settings": settings}


def _person(data: object, problems: Problems, place: str) -> Checked:
    row = _fields(data, PERSON, problems, place)
    if not isinstance(row["restricted"], bool):
        problems.add("flag_invalid", field=f"{place}.restricted", found=row["restricted"], accepted="true, false")
    return {
        "facts": check_facts(row["facts"], problems, f"{place}.facts"),
        "restricted": row["restricted"],
        "deleted_at": _moment(row["deleted_at"], problems, f"{place}.deleted_at"),
        "grants": _each(row["grants"], MOST_USERS, problems, f"{place}.grants", _grant),
        "entries": _each(row["entries"], MOST_ENTRIES, problems, f"{place}.entries", _entry),
    }


def _entry(data: object, problems: Problems, place: str) -> Checked:
    row = _fields(data, ENTRY, problems, place)
    position = row["position"]
    if not isinstance(position, int) or isinstance(position, bool) or not 0 <= position <= LARGEST_POSITION:
        problems.add("store_facts", field=f"{place}.position", found=position)
    return {
        "kind": _choice(row["kind"], KINDS, problems, f"{place}.kind"),
        "day": _day(row["day"], problems, f"{place}.day"),
        "position": position,
        "facts": check_facts(row["facts"], problems, f"{place}.facts"),
        "deleted_at": _moment(row["deleted_at"], problems, f"{place}.deleted_at"),
    }


def _grant(data: object, problems: Problems, place: str) -> Checked:
    row = _fields(data, ("user", "level"), problems, place)
    level = _choice(row["level"], ("read", "write"), problems, f"{place}.level")
    return {"user": _user(row["user"], problems, f"{place}.user"), "level": level}


def _settings(data: object, problems: Problems, place: str) -> Checked:
    row = _fields(data, ("user", "settings"), problems, place)
    user = _user(row["user"], problems, f"{place}.user")
    settings = check_facts(row["settings"], problems, f"{place}.settings")
    _known(settings, SETTINGS, problems, f"{place}.settings")
    return {"user": user, "settings": settings}


def _fields(data: object, known: tuple[str, ...], problems: Problems, place: str) -> Checked:
    """Return the row with all known fields; a missing or unknown one is a problem: nothing is dropped in silence."""
    row = data if isinstance(data, dict) else {}
    for name in known:
        if name not in row:
            problems.add("field_missing", field=f"{place}.{name}".strip("."))
    _known(row, known, problems, place)
    return {name: row.get(name) for name in known}


def _known(row: Checked, known: tuple[str, ...], problems: Problems, place: str) -> None:
    for name in row:
        if name not in known:
            accepted, near = ", ".join(known), nearest(str(name), known)
            problems.add("field_unknown", field=f"{place}.{name}".strip("."), accepted=accepted, nearest=near)


def _each(
    data: object, most: int, problems: Problems, place: str, check: Callable[[object, Problems, str], Checked]
) -> list[Checked]:
    if not isinstance(data, list):
        problems.add("list_invalid", field=place, found=type(data).__name__, accepted="[…]")
        return []
    if len(data) > most:
        problems.add("too_many", field=place, found=len(data), accepted=str(most))
        return []
    rows = []
    for number, item in enumerate(data):
        if len(problems.found) >= MOST_PROBLEMS:
            break
        rows.append(check(item, problems, f"{place}.{number}"))
    return rows


def _choice(value: object, known: tuple[str, ...], problems: Problems, place: str) -> str:
    if not isinstance(value, str) or value not in known:
        problems.add("choice_unknown", field=place, found=value, accepted=", ".join(known))
    return str(value)


def _user(value: object, problems: Problems, place: str) -> str:
    if not isinstance(value, str):
        problems.add("text_invalid", field=place, found=value)
    return str(value)


def _day(value: object, problems: Problems, place: str) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        problems.add("date_invalid", field=place, found=value, accepted="2026-11-22")
        return None


def _moment(value: object, problems: Problems, place: str) -> dt.datetime | None:
    if value is None:
        return None
    try:
        return dt.datetime.fromisoformat(str(value)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        problems.add("date_invalid", field=place, found=value, accepted="2026-11-22T08:00:00+00:00")
        return None
