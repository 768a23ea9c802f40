"""Text of a CSV or TOML file -> records with the line where each begins; bad cells become problems, all of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from io import StringIO
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from magnes import toml_lines
from magnes.errors import InputProblems, Problem, Problems, nearest
from magnes.estimate import Record

__all__ = ["Located", "csv_rows", "plain_rows", "toml_rows"]

# beginning of pydantic's error type -> what is accepted
FORMS = {
    "float": "0.5",
    "int": "12",
    "bool": "yes, no (CSV); true, false (TOML)",
    "greater_than": ">= 0",
    "finite": "0.5",
    "date": "2026-11-22",
    "tuple": '["a", "b"] (TOML); a;b (CSV)',
    "string": '"…"',
}

Row = TypeVar("Row", bound=Record)


class Located(NamedTuple, Generic[Row]):
    """A row with the file and line where it begins; in TOML every field has a line of its own."""

    row: Row
    file: str
    line: int
    lines: Mapping[str, int] = MappingProxyType({})

    def line_of(self, field: str) -> int:
        """Line of a field, else of the row."""
        return self.lines.get(field, self.line)


def csv_rows(text: str, name: str, kind: type[Row], problems: Problems) -> Iterator[Located[Row]]:
    """Read CSV into records; blank cells take the field's default (mostly ``None``: not available)."""
    reader = csv.reader(StringIO(text, newline=""))
    header = next(reader, [])
    own = Problems(name)
    for column in {column for column in header if header.count(column) > 1}:
        own.add("field_unknown", line=1, field=column, found=column, accepted=",".join(dict.fromkeys(header)))
    problems.found += own.found
    before = reader.line_num
    for cells in reader:
        first, before = before + 1, reader.line_num
        if len(cells) != len(header):
            found = str(len(cells))
            problems.found.append(Problem("row_width", name, first, found=found, accepted=str(len(header))))
            continue
        data = {key: value for key, value in zip(header, cells, strict=True) if value != ""}
        yield from _validated(data, name, kind, problems, first, {})


def toml_rows(
    text: str, name: str, kind: type[Row], problems: Problems, *, inside: str, without: tuple[str, ...], alone: bool
) -> Iterator[Located[Row]]:
    """Read one TOML file: the rows of its list ``inside``, or the whole file as one row.

    ``alone``: a file without that list (and without those in ``without``), or with anything beside them, is refused: a
    misspelt name would lose its rows.
    """
    own = Problems(name)
    try:
        data, lines = toml_lines.load(text, own)
    except InputProblems as error:
        problems.found += error.problems
        return
    if not inside:
        whole = {key: value for key, value in data.items() if key not in without}
        if whole:  # a file that holds rules only (age, kidney function) names no condition
            yield from _validated(whole, name, kind, problems, 1, lines)
        return
    lists = (inside, *without)
    for key in data if alone else ():
        if key not in lists:
            line = lines.get((key,), lines.get((key, 0)))
            accepted = ", ".join(f"[[{name}]]" for name in lists)
            own.add("field_unknown", line=line, field=key, accepted=accepted, nearest=nearest(key, lists))
    entries = data.get(inside, [])
    empty = alone and not any(data.get(name) for name in lists)
    if empty or not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        own.add("field_missing", line=lines.get((inside,), 1), field=f"[[{inside}]]")
        entries = []
    problems.found += own.found
    for place, entry in enumerate(entries):
        path = (inside, place)
        yield from _validated(entry, name, kind, problems, lines.get(path, 1), lines, path)


def _validated(
    data: Mapping[str, Any],
    name: str,
    kind: type[Row],
    problems: Problems,
    line: int,
    lines: dict[toml_lines.Path, int],
    path: toml_lines.Path = (),
) -> Iterator[Located[Row]]:
    own_lines = {str(key[-1]): number for key, number in lines.items() if key[:-1] == path}
    try:
        yield Located(kind.model_validate(data), name, line, own_lines)
    except ValidationError as error:
        own = Problems(name)
        for detail in error.errors():
            place = detail["loc"]
            where = toml_lines.line_of((*path, *place), lines) or line
            _explain(own, detail, kind, where, ".".join(map(str, place)))
        problems.found += own.found


def _explain(own: Problems, detail: Any, kind: type[Record], line: int, field: str) -> None:
    """Say what is accepted in words that need no translation: codes, a form, the names of the columns."""
    found, code = detail["input"], detail["type"]
    if code == "missing":
        own.add("field_missing", line=line, field=field)
    elif code == "extra_forbidden":
        known = [one.alias or name for name, one in kind.model_fields.items()]
        own.add("field_unknown", line=line, field=field, accepted=", ".join(known), nearest=nearest(field, known))
    elif code == "literal_error":
        codes = re.findall(r"'([^']+)'", detail["ctx"]["expected"])
        own.add(
            "cell", line=line, field=field, found=found, accepted=", ".join(codes), nearest=nearest(str(found), codes)
        )
    else:
        accepted = next((form for begin, form in FORMS.items() if code.startswith(begin)), detail["msg"])
        own.add("cell", line=line, field=field, found=found, accepted=accepted)


def plain_rows(path: Traversable) -> list[list[str]]:
    """Return the rows of a table that needs no record (names, portions), without the header."""
    return list(csv.reader(StringIO(path.read_text(encoding="utf-8"), newline="")))[1:]
