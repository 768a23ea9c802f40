"""Load the tables: each once per process, every bad cell refused with file, line and column."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import TypeVar

from pydantic import ValidationError

from magnes.errors import Problems
from magnes.estimate import Record
from magnes.knowledge import records

__all__ = ["data_folder", "knowledge_hash", "plain_rows", "read_table", "rows_by_source", "table", "tables"]

Row = TypeVar("Row", bound=Record)

_FILES: dict[type[Record], str] = {
    records.Source: "sources.csv",
    records.Basic: "basics/basics.csv",
    records.Measure: "basics/measures.csv",
    records.Water: "waters.csv",
    records.Spread: "foods/spread.csv",
    records.Retention: "kitchen.csv",
    records.Salt: "salts.csv",
    records.Authority: "authorities.csv",
    records.ReferenceValue: "reference_values.csv",
    records.Limit: "limits.csv",
    records.LabReference: "lab_references.csv",
    records.WithinPersonSd: "within_person_sd.csv",
    records.Parameter: "model/parameters.csv",
    records.Substance: "medicines.csv",
    records.Condition: "conditions.csv",
    records.Interaction: "interactions.csv",
    records.Contraindication: "contraindications.csv",
}


def data_folder() -> Traversable:
    """Return the folder with the package's tables."""
    return files("magnes.knowledge") / "data"


def table(kind: type[Row]) -> tuple[Row, ...]:
    """Return all rows of the table that holds this kind of record, in file order; read once per process.

    Raises ``InputProblems`` with file, line and column of every cell that is not as the record says.
    """
    return _table(kind)  # type: ignore[return-value]  # the cache forgets which kind was asked


@cache
def _table(kind: type[Record]) -> tuple[Record, ...]:
    name = _FILES[kind]
    return read_table(data_folder() / name, name, kind)


def read_table(path: Traversable, name: str, kind: type[Row]) -> tuple[Row, ...]:
    """Read one CSV file into records; blank cells take the field's default (mostly ``None``: not available)."""
    problems = Problems(name)
    rows = []
    reader = csv.DictReader(StringIO(path.read_text(encoding="utf-8"), newline=""))
    for row in reader:
        if None in row or None in row.values():
            accepted = ",".join(reader.fieldnames or ())
            problems.add("row_width", line=reader.line_num, found=len(row), accepted=accepted)
            continue
        try:
            rows.append(kind.model_validate({key: value for key, value in row.items() if value != ""}))
        except ValidationError as error:
            for detail in error.errors():
                column = ".".join(map(str, detail["loc"]))
                found, accepted = row.get(column, ""), detail["msg"]
                problems.add("cell", line=reader.line_num, field=column, found=found, accepted=accepted)
    problems.stop()
    return tuple(rows)


def plain_rows(path: Traversable) -> list[list[str]]:
    """Return the rows of a table that needs no record (names, portions), without the header."""
    return list(csv.reader(StringIO(path.read_text(encoding="utf-8"), newline="")))[1:]


def tables() -> list[tuple[type[Record], str]]:
    """Record class and file of every table."""
    return list(_FILES.items())


def rows_by_source(key: str) -> dict[str, list[str]]:
    """File -> ids of the rows that rest on a source; food tables are left out (their source is their code)."""
    found: dict[str, list[str]] = {}
    for kind, name in _FILES.items():
        for number, row in enumerate(table(kind), start=2):
            keys = (
                *getattr(row, "sources", ()),
                *getattr(row, "soluble_sources", ()),
                getattr(row, "source", ""),
            )
            if key in keys:
                label = getattr(row, "id", "") or getattr(row, "name", "") or f"line {number}"
                found.setdefault(name, []).append(label)
    return found


@cache
def knowledge_hash() -> str:
    """First 12 hex digits of SHA-256 over all tables: names the state of the knowledge in every result."""
    digest = hashlib.sha256()
    for name, path in sorted(_walk(data_folder(), "")):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".csv"):
            yield f"{prefix}{entry.name}", entry
