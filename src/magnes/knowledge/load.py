"""Load the tables: each once per process, every bad cell refused with file, line and field."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple, TypeVar

from magnes.errors import Problems
from magnes.estimate import Record
from magnes.knowledge import (
    body_effects,
    body_parameters,
    clinical,
    eating,
    indications,
    ledger,
    people,
    records,
    targets,
    timing,
)
from magnes.knowledge.rows import Located, csv_rows, plain_rows, toml_rows

__all__ = [
    "data_folder",
    "knowledge_hash",
    "located",
    "place_of",
    "plain_rows",
    "read_table",
    "rows_by_source",
    "table",
    "tables",
]

Row = TypeVar("Row", bound=Record)


SOURCE_FIELDS = (
    "sources",
    "soluble_sources",
    "bioavailability_sources",
    "analytical_sources",
    "within_person_sources",
)


class Place(NamedTuple):
    """Where a table lives: a CSV file, or a folder of files; in TOML files, the list that holds the rows.

    ``inside`` blank: each TOML file is one row. Lists of tables in ``without`` belong to another record.
    ``alone``: the files hold that list, or those lists, and nothing else.
    """

    path: str
    inside: str = ""
    without: tuple[str, ...] = ()
    alone: bool = False

    @property
    def name(self) -> str:
        """Path for people, with the list inside the files."""
        return f"{self.path}#{self.inside}" if self.inside else self.path


_PLACES: dict[type[Record], Place] = {
    records.Source: Place("sources.csv"),
    records.Basic: Place("basics/basics.csv"),
    records.Measure: Place("basics/measures.csv"),
    records.Water: Place("waters.csv"),
    records.Spread: Place("foods/spread.csv"),
    records.Retention: Place("kitchen.csv"),
    eating.Allergen: Place("foods/allergens.csv"),
    eating.Diet: Place("foods/diets.csv"),
    eating.FoodUse: Place("foods/uses.csv"),
    eating.GroupLimit: Place("foods/group_limits.csv"),
    eating.FoodChoice: Place("foods/choices.csv"),
    eating.FoodSwap: Place("foods/swaps.csv"),
    eating.FoodRule: Place("foods/food_rules.csv"),
    records.Salt: Place("salts.csv"),
    records.Authority: Place("authorities.csv"),
    records.ReferenceValue: Place("reference_values.csv"),
    records.Limit: Place("limits.csv"),
    records.LabReference: Place("lab_references.csv"),
    records.LabTest: Place("lab_tests.csv"),
    records.WithinPersonSd: Place("within_person_sd.csv"),
    records.Parameter: Place("model/parameters.csv"),
    targets.Target: Place("model/targets.csv"),
    body_parameters.BodyParameter: Place("model/body.csv"),
    body_parameters.Variability: Place("model/variability.csv"),
    people.PersonParameter: Place("model/people.csv"),
    people.BodySize: Place("model/sizes.csv"),
    ledger.Term: Place("model/terms.csv"),
    clinical.Substance: Place("names/medicines.csv"),
    clinical.Brand: Place("names/brands.csv"),
    clinical.Ingredient: Place("names/rxnorm.csv"),
    clinical.RxnormProduct: Place("names/rxnorm_products.csv"),
    clinical.Interaction: Place("medicines", inside="interactions", without=("body",), alone=True),
    body_effects.MedicineEffect: Place("medicines", inside="body"),
    timing.Separation: Place("timing/separations.csv"),
    timing.MealRule: Place("timing/meals.csv"),
    clinical.Condition: Place("conditions", without=("rules", "body")),
    clinical.Contraindication: Place("conditions", inside="rules"),
    body_effects.ConditionEffect: Place("conditions", inside="body"),
    indications.Indication: Place("indications"),
    ledger.Statement: Place("statements"),
    ledger.Computation: Place("computations.csv"),
    ledger.Function: Place("graph/functions.csv"),
    ledger.Sign: Place("graph/signs.csv"),
    ledger.Cause: Place("graph/causes.csv"),
    ledger.Link: Place("graph/links.csv"),
    ledger.EuClaim: Place("graph/eu_claims.csv"),
    ledger.FoodClaim: Place("graph/food_claims.csv"),
    ledger.LabInterference: Place("graph/lab_interference.csv"),
}


def data_folder() -> Traversable:
    """Return the folder with the package's tables."""
    return files("magnes.knowledge") / "data"


def table(kind: type[Row]) -> tuple[Row, ...]:
    """Return all rows of the table that holds this kind of record; read once per process.

    Rows of a file stand in file order, rows of a folder in the order of their ids.

    Raises ``InputProblems`` with file, line and field of every cell that is not as the record says.
    """
    return _table(kind)  # type: ignore[return-value]  # the cache forgets which kind was asked


@cache
def _table(kind: type[Record]) -> tuple[Record, ...]:
    return tuple(entry.row for entry in located(kind))


@cache
def located(kind: type[Row]) -> tuple[Located[Row], ...]:
    """Rows with the file and line where each begins; raises as ``table``."""
    place, problems = _PLACES[kind], Problems()
    where = data_folder() / place.path
    if where.is_dir():
        found = [
            entry
            for name in sorted(entry.name for entry in where.iterdir() if entry.name.endswith((".csv", ".toml")))
            for entry in _file(where / name, f"{place.path}/{name}", kind, place, problems)
        ]
        found.sort(key=lambda entry: getattr(entry.row, "id", ""))
    else:
        found = list(_file(where, place.path, kind, place, problems))
    problems.stop()
    return tuple(found)


def _file(path: Traversable, name: str, kind: type[Row], place: Place, problems: Problems) -> Iterator[Located[Row]]:
    text = path.read_text(encoding="utf-8")
    if name.endswith(".csv"):
        return csv_rows(text, name, kind, problems)
    return toml_rows(text, name, kind, problems, inside=place.inside, without=place.without, alone=place.alone)


def read_table(path: Traversable, name: str, kind: type[Row]) -> tuple[Row, ...]:
    """Read one CSV file outside the package into records; raises as ``table``."""
    problems = Problems()
    rows = [entry.row for entry in csv_rows(path.read_text(encoding="utf-8"), name, kind, problems)]
    problems.stop()
    return tuple(rows)


def tables() -> list[tuple[type[Record], str]]:
    """Record class and place of every table."""
    return [(kind, place.name) for kind, place in _PLACES.items()]


def place_of(kind: type[Record]) -> str:
    """Return file or folder of the table that holds this kind of record."""
    return _PLACES[kind].name


def rows_by_source(key: str) -> dict[str, list[str]]:
    """File -> ids of the rows that rest on a source; food tables are left out (their source is their code)."""
    return {name: list(labels) for name, labels in _index_of_sources().get(key, {}).items()}


@cache
def _index_of_sources() -> dict[str, dict[str, list[str]]]:
    index: dict[str, dict[str, list[str]]] = {}
    for kind, place in _PLACES.items():
        for number, row in enumerate(table(kind), start=2):
            label = getattr(row, "id", "") or getattr(row, "name", "") or f"line {number}"
            for key in dict.fromkeys(sources_of(row)):
                index.setdefault(key, {}).setdefault(place.name, []).append(label)
    return index


def sources_of(row: Record) -> tuple[str, ...]:
    """All source keys that a row names, those of its effects among them."""
    single = getattr(row, "source", "")
    named = (getattr(row, field, ()) for field in SOURCE_FIELDS)
    keys = [*(key for group in named for key in group), *((single,) if single else ())]
    return (*keys, *(key for effect in getattr(row, "effects", ()) for key in effect.sources))


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
        elif entry.name.endswith((".csv", ".toml")):
            yield f"{prefix}{entry.name}", entry
