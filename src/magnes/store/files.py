"""Stored rows -> the files that ``magnes`` reads: ``person.toml``, ``diary.csv``, ``products.csv``; values as typed.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``. Unless it is a plain number, such a cell gets
an apostrophe in front, also behind a semicolon, tab or line end inside a cell (a Dutch spreadsheet splits there).
Reading the file back keeps that apostrophe: it is part of the name then.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from magnes.readers.diary_csv import COLUMNS
from magnes.store.entries import EntryRow, Kind
from magnes.store.people import PersonRow

__all__ = ["TABLES", "diary_csv", "person_toml", "products_csv"]

# kind of entry -> table of person.toml
TABLES: dict[Kind, str] = {"medicine": "medicines", "supplement": "supplements", "lab": "labs"}
SELDOM = "magnesium_mg"  # a column only where some line has it
PRODUCT_COLUMNS = ("product", "label", "units_per_day", "units_per_pack", "price_eur")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
FORMULA = re.compile(r"(^|[;|\t\r\n])([\s\"]*)(?=[=+\-@＝＋－＠])")


def person_toml(person: PersonRow, entries: Iterable[EntryRow]) -> str:
    """Return ``person.toml``; of the entries the medicines, supplements and laboratory values."""
    entries = list(entries)
    plain = {key: value for key, value in person.facts.items() if not isinstance(value, dict)}
    parts = [_lines(plain)]
    for kind, name in TABLES.items():
        parts += [f"[[{name}]]\n{_lines(entry.facts)}" for entry in entries if entry.kind == kind]
    parts += [f"[{key}]\n{_lines(value)}" for key, value in person.facts.items() if isinstance(value, dict)]
    return "\n".join(parts)


def diary_csv(entries: Iterable[EntryRow]) -> str:
    """Return ``diary.csv`` of the diary lines among the entries, by day and in their order."""
    lines = [entry for entry in entries if entry.kind == "diary"]
    lines.sort(key=lambda line: (str(line.day or ""), line.position, line.id))
    dated = [{**line.facts, "date": line.day.isoformat()} if line.day else line.facts for line in lines]
    columns = [name for name in COLUMNS if name != SELDOM or any(name in facts for facts in dated)]
    return _csv(columns, dated)


def products_csv(entries: Iterable[EntryRow]) -> str:
    """Return ``products.csv`` of the products among the entries, in their order."""
    return _csv(PRODUCT_COLUMNS, [entry.facts for entry in entries if entry.kind == "product"])


def _csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(facts.get(column, "")) for column in columns] for facts in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return text if PLAIN_NUMBER.fullmatch(text) else FORMULA.sub(r"\1\2'", text)


def _lines(facts: dict[str, Any]) -> str:
    return "".join(f"{key} = {_toml(value)}\n" for key, value in facts.items())


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_toml(item)}' for key, item in value.items())}}}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
