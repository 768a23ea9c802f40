"""Text of a CSV or TOML file -> records with the line where each begins; bad cells become problems, all of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from magnes import toml_lines
from magnes.errors import InputProblems, Problem, Problems
from magnes.estimate import Record

__all__ = ["Located", "csv_rows", "plain_rows", "toml_rows"]

Row = TypeVar("Row", bound=Record)


class Located(NamedTuple, Generic[Row]):
    """A row with the file and line where it begins."""

    row: Row
    file: str
    line: int


def csv_rows(text: str, name: str, kind: type[Row], problems: Problems) -> Iterator[Located[Row]]:
    """Read CSV into records; blank cells take the field's default (mostly ``None``: not available)."""
    reader = csv.DictReader(StringIO(text, newline=""))
    before = 1
    for row in reader:
        first, before = before + 1, reader.line_num
        if None in row or None in row.values():
            accepted = ",".join(reader.fieldnames or ())
            problems.found.append(Problem("row_width", name, first, found=str(len(row)), accepted=accepted))
            continue
        data = {key: value for key, value in row.items() if value != ""}
        yield from _validated(data, name, kind, problems, first, {})


def toml_rows(
    text: str, name: str, kind: type[Row], problems: Problems, *, inside: str, without: tuple[str, ...]
) -> Iterator[Located[Row]]:
    """Read one TOML file: the rows of its list ``inside``, or the whole file as one row."""
    own = Problems(name)
    try:
        data, lines = toml_lines.load(text, own)
    except InputProblems as error:
        problems.found += error.problems
        return
    if inside:
        for place, entry in enumerate(data.get(inside, ())):
            path = (inside, place)
            yield from _validated(entry, name, kind, problems, lines.get(path, 1), lines, path)
        return
    whole = {key: value for key, value in data.items() if key not in without}
    if whole:  # a file that holds rules only (age, kidney function) names no condition
        yield from _validated(whole, name, kind, problems, 1, lines)


def _validated(
    data: Mapping[str, Any],
    name: str,
    kind: type[Row],
    problems: Problems,
    line: int,
    lines: dict[toml_lines.Path, int],
    path: toml_lines.Path = (),
) -> Iterator[Located[Row]]:
    try:
        yield Located(kind.model_validate(data), name, line)
    except ValidationError as error:
        for detail in error.errors():
            place = detail["loc"]
            found = "" if detail["type"] == "missing" else detail["input"]
            where = toml_lines.line_of((*path, *place), lines) or line
            field = ".".join(map(str, place))
            own = Problems(name)
            own.add("cell", line=where, field=field, found=found, accepted=detail["msg"])
            problems.found += own.found


def plain_rows(path: Traversable) -> list[list[str]]:
    """Return the rows of a table that needs no record (names, portions), without the header."""
    return list(csv.reader(StringIO(path.read_text(encoding="utf-8"), newline="")))[1:]
