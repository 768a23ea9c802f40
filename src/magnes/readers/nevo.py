"""The NEVO-online file that a user downloads from RIVM -> our food columns, kept on the user's own machine.

NEVO may not be passed on, so Magnes ships none of it: ``import_nevo`` writes next to ``nevo_path()``, never in the
package. A blank cell is "not available" and stays blank; it is never 0.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from magnes.errors import Problems, nearest
from magnes.knowledge.foods import nevo_names_path
from magnes.readers.textfile import header_and_rows
from magnes.units import NumberRefusedError

__all__ = ["NevoFood", "import_nevo", "read_nevo"]

LARGEST_MB = 60
FOOD_COLUMNS = (
    "code", "name", "group", "energy_kcal", "water_g", "fibre_g", "calcium_mg", "phosphorus_mg", "potassium_mg",
    "magnesium_mg", "mg_n", "mg_se", "mg_min", "mg_max", "flag", "common",
)  # fmt: skip
# our column -> NEVO's, and the highest value per 100 g or 100 ml that can be
VALUES = {
    "energy_kcal": ("ENERCC (kcal)", 950.0),
    "water_g": ("WATER (g)", 100.0),
    "fibre_g": ("FIBT (g)", 100.0),
    "calcium_mg": ("CA (mg)", 40_000.0),
    "phosphorus_mg": ("P (mg)", 40_000.0),
    "potassium_mg": ("K (mg)", 40_000.0),
    "magnesium_mg": ("MG (mg)", 10_000.0),
}
# what a text column is called: any of these, alone or as one half of "Dutch/English"
TEXTS = {
    "code": ("nevo-code",),
    "name": ("voedingsmiddelnaam", "dutch food name"),
    "group": ("voedingsmiddelgroep",),
}
OPTIONAL = {
    "synonyms": ("synoniem", "synonym"),
    "english": ("engelse naam", "food name"),
    "quantity": ("hoeveelheid", "quantity"),
}
SHOWN = {"code": "NEVO-code", "name": "Voedingsmiddelnaam/Dutch food name", "group": "Voedingsmiddelgroep"}
# A printed table: the comma is decimal, whatever the number of decimals; a point is too, but never as in "1.234"
_DECIMAL = re.compile(r"\d{1,7}(?:[.,]\d{1,6})?", re.ASCII)
_THOUSANDS_LIKE = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NevoFood:
    """One food, per 100 g, or per 100 ml when ``flag`` says so; a value that NEVO lacks is ``None``."""

    code: str
    name: str
    group: str
    values: dict[str, float | None]
    flag: str = ""
    names: tuple[str, ...] = ()

    def cells(self) -> list[str]:
        """Return the food as a row of ``FOOD_COLUMNS``."""
        known = {"code": self.code, "name": self.name, "group": self.group, "flag": self.flag, "common": "0"}
        shown = {column: "" if value is None else f"{value:.10g}" for column, value in self.values.items()}
        return [{**known, **shown}.get(column, "") for column in FOOD_COLUMNS]


def read_nevo(path: str | Path) -> list[NevoFood]:
    """Read a NEVO-online file: UTF-8, separated by ``|`` or ``;``, columns in any order, others ignored.

    Raises ``InputProblems`` with every missing column, or else every bad cell, with line and column.
    """
    path = Path(path)
    problems = Problems(str(path))
    (line, header), rows = header_and_rows(path, problems, largest_mb=LARGEST_MB)
    place = _places(header, line, problems)
    foods: dict[str, NevoFood] = {}
    for number, cells in rows:
        if len(cells) != len(header):
            problems.add("row_width", line=number, found=len(cells), accepted=str(len(header)))
            continue
        food = _food(number, {name: cells[column] for name, column in place.items()}, problems)
        if food and food.code in foods:
            problems.add("code_twice", line=number, field=SHOWN["code"], found=food.code)
        elif food:
            foods[food.code] = food
    if not rows:
        problems.add("diary_without_rows", line=line)
    problems.stop()
    return list(foods.values())


def import_nevo(path: str | Path, target: Path) -> int:
    """Write the foods of a NEVO file to ``target`` (see ``nevo_path``) and their other names beside it.

    Returns the number of foods. An import that fails half-way leaves the earlier table as it was.
    """
    foods = read_nevo(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    names = [[name, food.code] for food in foods for name in food.names]
    _replace(nevo_names_path(target), [["name", "code"], *names])
    _replace(target, [list(FOOD_COLUMNS), *(food.cells() for food in foods)])
    return len(foods)


def _replace(target: Path, rows: list[list[str]]) -> None:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _places(header: list[str], line: int, problems: Problems) -> dict[str, int]:
    """Return where each column that we read stands; every missing one becomes a problem."""
    found: dict[str, int] = {}
    for ours, (theirs, _) in VALUES.items():
        same = [place for place, name in enumerate(header) if _plain(name) == _plain(theirs)]
        _note(ours, theirs, same, found, header, line, problems)
    for ours, words in (TEXTS | OPTIONAL).items():
        same = [place for place, name in enumerate(header) if set(words) & {_plain(part) for part in name.split("/")}]
        if same or ours in TEXTS:
            _note(ours, SHOWN.get(ours, ours), same, found, header, line, problems)
    problems.stop()
    return found


def _note(
    ours: str, theirs: str, same: list[int], found: dict[str, int], header: list[str], line: int, problems: Problems
) -> None:
    if not same:
        near = nearest(theirs, header)
        problems.add("column_missing", line=line, field=theirs, found=", ".join(header), nearest=near)
    elif len(same) > 1:
        problems.add("column_twice", line=line, field=theirs)
    else:
        found[ours] = same[0]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _food(line: int, row: dict[str, str], problems: Problems) -> NevoFood | None:
    before = len(problems.found)
    code = row["code"]
    if not re.fullmatch(r"\d{1,6}", code, re.ASCII):
        problems.add("cell", line=line, field=SHOWN["code"], found=code, accepted="123")
    if not row["name"]:
        problems.add("cell_empty", line=line, field=SHOWN["name"])
    values = {ours: _value(row[ours], theirs, high, line, problems) for ours, (theirs, high) in VALUES.items()}
    quantity = _plain(row.get("quantity", "")).replace(" ", "")
    if quantity not in ("", "per100g", "per100ml"):
        problems.add("cell", line=line, field="Quantity", found=row["quantity"], accepted="per 100g, per 100ml")
    if len(problems.found) > before:
        return None
    names = [part.strip() for part in re.split(r"[;,]", row.get("synonyms", ""))]
    other = tuple(dict.fromkeys(name for name in (*names, row.get("english", "")) if name and name != row["name"]))
    flag = "per-100-ml" if quantity == "per100ml" else ""
    return NevoFood(f"nevo:{int(code)}", row["name"], row["group"], values, flag, other)


def _value(text: str, column: str, high: float, line: int, problems: Problems) -> float | None:
    if not text:
        return None
    accepted = f"0 … {high:g}"
    try:
        value = _decimal(text)
    except NumberRefusedError as error:
        problems.add(error.code, line=line, field=column, found=text, accepted=accepted)
        return None
    if value > high:
        problems.add("number_range", line=line, field=column, found=text, accepted=accepted)
        return None
    return value


def _decimal(text: str) -> float:
    if _THOUSANDS_LIKE.fullmatch(text):
        raise NumberRefusedError("number_ambiguous")
    if not _DECIMAL.fullmatch(text):
        raise NumberRefusedError("number_invalid")
    return float(text.replace(",", "."))
