"""The food tables as one: 23,000 entries in columns, records on demand, and how sure their magnesium is."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from magnes.errors import Problems
from magnes.estimate import Z90, Estimate
from magnes.knowledge.load import data_folder, table
from magnes.knowledge.records import Food, Spread

__all__ = ["FOOD_TABLES", "FoodTable", "composition", "food_table", "nevo_names_path", "nevo_path", "source_of"]

# file under data/foods/ -> key of its source
FOOD_TABLES = {
    "sr28": "USDA-SR28",
    "foundation": "USDA-FDC-2023-04",
    "fndds": "USDA-FNDDS",
    "ciqual": "CIQUAL2020",
}
# first part of a food code -> key of its source
_SOURCES = {
    "sr": FOOD_TABLES["sr28"],
    "fdc": FOOD_TABLES["foundation"],
    "fndds": FOOD_TABLES["fndds"],
    "ciqual": FOOD_TABLES["ciqual"],
    "nevo": "NEVO",
}
# Expected range of n normal values in units of their SD (Tippett 1925, usual control-chart constants)
_RANGE_IN_SD = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847, 9: 2.970, 10: 3.078}


@dataclass(frozen=True)
class FoodTable:
    """Foods in columns. ``magnesium_mg`` [mg/100 g] is NaN where the table has no value."""

    columns: tuple[str, ...]
    rows: tuple[list[str], ...]
    index: dict[str, int]
    magnesium_mg: NDArray[np.float64]

    def __contains__(self, code: object) -> bool:
        return code in self.index

    def food(self, code: str) -> Food:
        """Return the record of one code; ``KeyError`` when no table has it."""
        row = self.rows[self.index[code]]
        return Food.model_validate({key: value for key, value in zip(self.columns, row, strict=True) if value})

    def names(self) -> list[tuple[str, str, int]]:
        """(code, name, how often eaten) of every food that has a magnesium value."""
        name, common = self.columns.index("name"), self.columns.index("common")
        known = np.isfinite(self.magnesium_mg)
        return [(row[0], row[name], int(row[common])) for row, ok in zip(self.rows, known, strict=True) if ok]


def nevo_path() -> Path:
    """Where an imported NEVO table lives: ``$MAGNES_HOME`` or the user's data folder, never the package."""
    home = os.environ.get("MAGNES_HOME")
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return (Path(home) if home else Path(base) / "magnes") / "nevo.csv"


def nevo_names_path(table_path: Path) -> Path:
    """Return where synonyms and English names are kept, beside the imported table."""
    return table_path.with_name("nevo_names.csv")


@cache
def food_table() -> FoodTable:
    """All shipped food tables, and NEVO when the user imported it.

    Raises ``InputProblems`` naming file and line of a magnesium value that is not a number.
    """
    return _load(tuple(_sources_on_disk()))


def _sources_on_disk() -> Iterable[tuple[str, Traversable]]:
    for name in FOOD_TABLES:
        yield f"foods/{name}.csv", data_folder() / "foods" / f"{name}.csv"
    if nevo_path().is_file():
        yield str(nevo_path()), nevo_path()


def _load(paths: tuple[tuple[str, Traversable], ...]) -> FoodTable:
    rows: list[list[str]] = []
    values: list[float] = []
    columns: tuple[str, ...] = ()
    for name, path in paths:
        problems = Problems(name)
        reader = csv.reader(StringIO(path.read_text(encoding="utf-8"), newline=""))
        header = tuple(next(reader, ()))
        columns = columns or header
        if header != columns or "magnesium_mg" not in columns:
            problems.add("columns", line=1, found=",".join(header), accepted=",".join(columns))
            problems.stop()
        magnesium = columns.index("magnesium_mg")
        for row in reader:
            try:
                value = float(row[magnesium]) if row[magnesium] else math.nan
                if row[magnesium] and not 0 <= value < math.inf:
                    raise ValueError(row[magnesium])
            except (ValueError, IndexError):
                problems.add("cell", line=reader.line_num, field="magnesium_mg", found=",".join(row))
                continue
            rows.append(row)
            values.append(value)
        problems.stop()
    index = {row[0]: place for place, row in enumerate(rows)}
    return FoodTable(columns, tuple(rows), index, np.array(values))


def source_of(code: str) -> str:
    """Return the source key of a food code.

    >>> source_of("sr:11457")
    'USDA-SR28'
    """
    return _SOURCES[code.partition(":")[0]]


@cache
def composition(code: str, also: tuple[str, ...] = ()) -> Estimate | None:
    """Magnesium of a food [mg/100 g] with a 90 % interval, or ``None`` when no value is known.

    The interval reaches from the lowest to the highest table (``also`` names the same food in other tables), widened by
    the spread between laboratory samples: own analyses where there are at least three, else typical of the food group.
    """
    foods = food_table()
    food = foods.food(code)
    if food.magnesium_mg is None:
        return None
    value = food.magnesium_mg
    others = [foods.food(other).magnesium_mg for other in also]
    # An identical value is mostly borrowed, not a second measurement: it is no sign of agreement
    same = [other for other in others if other and other != value]
    sources = tuple(dict.fromkeys(source_of(name) for name in (code, *also)))
    verified = food.flag not in ("imputed",)
    if value == 0:
        high = max([0.0, *same])
        return Estimate(value=0, low=0, high=high, unit="mg/100 g", sources=sources, verified=verified)
    spread = math.exp(Z90 * min(1.0, _sample_cv(food)))
    return Estimate(
        value=value,
        low=min([value, *same]) / spread,
        high=max([value, *same]) * spread,
        unit="mg/100 g",
        sources=sources,
        verified=verified,
    )


def _sample_cv(food: Food) -> float:
    """Relative SD between samples: from the entry's own analyses or from its group."""
    n, value = food.mg_n or 0, food.magnesium_mg or 0
    if n >= 3 and food.mg_se:
        return food.mg_se * math.sqrt(n) / value
    if n >= 3 and food.mg_min is not None and food.mg_max is not None and food.mg_max > food.mg_min:
        return (food.mg_max - food.mg_min) / _RANGE_IN_SD[min(10, int(n))] / value
    origin = food.code.partition(":")[0]
    if food.flag == "imputed":
        return _group_cv("fndds-imputed", "")
    if origin == "fndds":
        return _group_cv("fndds", "")
    return _group_cv("sr", food.group)


@cache
def _group_cv(origin: str, group: str) -> float:
    rows = {(row.table, row.group): row.cv for row in table(Spread)}
    return float(rows.get((origin, group), rows[origin, ""]))
