"""All tables as a Frictionless Data Package: CSV files with a schema, licences and sources.

Rows that are nested in TOML become flat: measured effects are tables of their own that point to their parent.
Form: Data Package v1 with Table Schema, https://specs.frictionlessdata.io/
"""

from __future__ import annotations

import csv
import datetime as dt
import inspect
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from magnes.errors import InputProblems, Problem
from magnes.estimate import Record
from magnes.knowledge import body_effects, clinical, indications, records
from magnes.knowledge.checks.identity import IDENTITY
from magnes.knowledge.fields import Interval
from magnes.knowledge.foods import FOOD_TABLES
from magnes.knowledge.load import data_folder, knowledge_hash, read_table, table, tables

__all__ = ["export"]

NAME = "magnes-knowledge"
LICENCE = {"name": "Apache-2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0", "title": "Apache License 2.0"}
NAMES: dict[type[Record], str] = {  # else the name of the file
    clinical.Contraindication: "contraindications",
    body_effects.MedicineEffect: "medicine-body-effects",
    body_effects.ConditionEffect: "condition-body-effects",
}
# Tables without a record: names of foods, waters, tests and ways of cooking; household portions
PLAIN = ("names/nl", "names/en", "names/labs", "names/waters", "names/preparations", "foods/portions")
NUMBERS = ("amount", "grams")  # of the plain tables
TYPES: dict[object, str] = {str: "string", float: "number", int: "integer", bool: "boolean", dt.date: "date"}
NESTED: dict[type[Record], tuple[str, type[Record], str]] = {
    clinical.Interaction: ("interaction-effects", clinical.MeasuredEffect, "interactions"),
    indications.Indication: ("indication-effects", indications.Effect, "indications"),
}


class Resource(NamedTuple):
    """One table of the package."""

    name: str
    kind: type[Record]
    rows: Iterable[dict[str, Any]]
    primary_key: tuple[str, ...]
    parent: str = ""
    licence: str = ""


def export(folder: Path, version: str) -> list[Path]:
    """Write ``datapackage.json`` and one CSV file per table; returns the paths. Creates the folder.

    A folder with anything in it must hold an earlier export, which is replaced; nothing else is overwritten.

    Raises ``OSError`` when the folder cannot be written, ``InputProblems`` when it holds something else
    (``folder_not_empty``) or when a table is broken.
    """
    data = folder / "data"
    _clear(folder)
    data.mkdir(parents=True, exist_ok=True)
    made, described = [], []
    for resource in _resources():
        path = data / f"{resource.name}.csv"
        fields = _columns(resource.kind, parent=bool(resource.parent))
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(fields)
            writer.writerows([_cell(row.get(field)) for field in fields] for row in resource.rows)
        made.append(path)
        described.append(_described(resource))
    for name in PLAIN:
        header, *body = csv.reader(StringIO((data_folder() / f"{name}.csv").read_text(encoding="utf-8"), newline=""))
        path = data / f"{name.replace('/', '-')}.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows([header, *body])
        made.append(path)
        typed = [{"name": field, "type": "number" if field in NUMBERS else "string"} for field in header]
        described.append(_table(path.stem, f"Plain table {name}.", {"fields": typed, "missingValues": [""]}))
    package = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": "Magnes: magnesium in the human body",
        "description": "Facts with unit, interval, source and whether the source was read. Lists are joined by ';'.",
        "version": f"{version}+{knowledge_hash()}",
        "licenses": [LICENCE],
        "sources": [{"title": row.citation} | _link(row) for row in table(records.Source)],
        "resources": described,
    }
    path = folder / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [path, *made]


def _clear(folder: Path) -> None:
    """Remove the files of an earlier export; refuse a folder that holds something else."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    described = folder / "datapackage.json"
    package = json.loads(described.read_text(encoding="utf-8")) if described.is_file() else {}
    if package.get("name") != NAME:
        raise InputProblems([Problem("folder_not_empty", str(folder))])
    for resource in package["resources"]:
        (folder / resource["path"]).unlink(missing_ok=True)


def _resources() -> Iterator[Resource]:
    for kind, place in tables():
        name = NAMES.get(kind) or place.rpartition("#")[2].rpartition("/")[2].removesuffix(".csv").replace("_", "-")
        rows = (row.model_dump(by_alias=True) for row in table(kind))
        yield Resource(name, kind, rows, IDENTITY.get(kind, ("id",)))
        if kind in NESTED:
            nested, part, parent = NESTED[kind]
            yield Resource(nested, part, _effects(kind), (), parent)
    licence = {row.key: row.licence for row in table(records.Source)}
    for file, source in FOOD_TABLES.items():
        path = f"foods/{file}.csv"
        rows = (row.model_dump() for row in read_table(data_folder() / path, path, records.Food))
        yield Resource(f"foods-{file}", records.Food, rows, ("code",), licence=licence[source])


def _effects(kind: type[Record]) -> Iterator[dict[str, Any]]:
    for row in table(kind):
        for effect in getattr(row, "effects", ()):
            yield {"of_id": row.id, **effect.model_dump()}  # type: ignore[attr-defined]  # both kinds have an id


def _columns(kind: type[Record], *, parent: bool) -> list[str]:
    own = [field.alias or name for name, field in kind.model_fields.items() if name != "effects"]
    return ["of_id", *own] if parent else own


def _cell(value: object) -> object:
    if isinstance(value, tuple | list):
        return ";".join(str(_cell(part)) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _interval(Interval.model_validate(value))
    return "" if value is None else value


def _interval(value: Interval) -> str:
    label = f"{value.label}=" if value.label else ""
    low, high = ("" if side is None else f"{side:g}" for side in (value.low, value.high))
    return label + (low if low == high else f"{low}..{high}")


def _described(resource: Resource) -> dict[str, Any]:
    fields = [_field(name, field) for name, field in resource.kind.model_fields.items() if name != "effects"]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if resource.parent:
        fields.insert(0, {"name": "of_id", "type": "string", "constraints": {"required": True}})
        key = {"fields": "of_id", "reference": {"resource": resource.parent, "fields": "id"}}
        schema["foreignKeys"] = [key]
    elif "sources" not in resource.primary_key:
        schema["primaryKey"] = list(resource.primary_key)
    licence = {"licenses": [{"name": "other", "title": resource.licence}]} if resource.licence else {}
    return _table(resource.name, " ".join((inspect.getdoc(resource.kind) or "").split()), schema) | licence


def _table(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"data/{name}.csv",
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(name: str, field: Any) -> dict[str, Any]:
    """Table Schema of one field, from its type."""
    kind, codes = _plain(field.annotation)
    constraints: dict[str, Any] = {"enum": codes} if codes else {}
    if field.is_required() and kind != "string":
        constraints["required"] = True
    return {"name": field.alias or name, "type": kind} | ({"constraints": constraints} if constraints else {})


def _plain(annotation: Any) -> tuple[str, list[str]]:
    """Return Table Schema type and allowed codes of an annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _plain(get_args(annotation)[0])
    if origin is Literal:
        return "string", [code for code in get_args(annotation) if code]
    if origin in (UnionType, Union):
        return _plain(next(part for part in get_args(annotation) if part is not type(None)))
    return TYPES.get(annotation, "string"), []


def _link(row: records.Source) -> dict[str, str]:
    if row.doi:
        return {"path": f"https://doi.org/{row.doi}"}
    return {"path": f"https://pubmed.ncbi.nlm.nih.gov/{row.pmid}/"} if row.pmid else {}
