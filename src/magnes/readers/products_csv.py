"""A table of supplements with label, daily use and price -> ``Product`` records.

Columns, in any order: product, label, units_per_day, units_per_pack, price_eur; Dutch names are accepted too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from magnes.errors import Problems, nearest
from magnes.labels import Product, read_label
from magnes.readers.fields import read_number
from magnes.readers.textfile import Line, decoded, header_and_rows, header_and_rows_of, whole_rows

__all__ = ["LARGEST_PER_DAY", "LONGEST_LABEL", "SMALLEST_PER_DAY", "product_from", "product_rows_of", "read_products"]

COLUMNS = ("product", "label", "units_per_day", "units_per_pack", "price_eur")
ALIASES = {
    "naam": "product",
    "name": "product",
    "etiket": "label",
    "per_dag": "units_per_day",
    "stuks_per_dag": "units_per_day",
    "per_day": "units_per_day",
    "per_verpakking": "units_per_pack",
    "stuks_per_verpakking": "units_per_pack",
    "per_pack": "units_per_pack",
    "prijs": "price_eur",
    "prijs_eur": "price_eur",
    "price": "price_eur",
}
DUTCH = {"label": "etiket", "units_per_day": "per dag", "units_per_pack": "per verpakking", "price_eur": "prijs"}
ACCEPTED = ", ".join(f"{name} ({DUTCH[name]})" if name in DUTCH else name for name in COLUMNS)
CURRENCY = re.compile(r"€|\beuro?\b|,-+$", re.IGNORECASE)  # beside the digits of a price: € 12,50; EUR 5; 5,-
LARGEST_PER_DAY, LARGEST_PACK, LARGEST_PRICE = 30.0, 5000.0, 1000.0  # pieces, pieces, EUR
SMALLEST_PER_DAY, SMALLEST_PRICE = 0.25, 0.01
LONGEST_LABEL = 2000  # signs

Row = tuple[dict[str, str], dict[str, str]]  # cells by column, and the names that the file gives to the columns


def read_products(path: str | Path) -> tuple[Product, ...]:
    """Read a table of products. A label that cannot be read is no problem of the file: its reading says so.

    Raises ``InputProblems`` with every problem of the file at once: line, field, what was found and is accepted.
    """
    problems = Problems(str(path))
    return tuple(product for product, _ in _read(*header_and_rows(Path(path), problems), problems))


def product_rows_of(content: bytes, *, most: int) -> tuple[dict[str, str], ...]:
    """Read the content of a table as ``read_products`` does; return its lines as typed, by the names of ``COLUMNS``.

    Raises ``InputProblems`` as ``read_products`` does, and for more than ``most`` lines.
    """
    problems = Problems()
    first, rows = header_and_rows_of(decoded(content, problems), problems)
    if len(rows) > most:
        problems.add("too_many", found=len(rows), accepted=str(most))
        problems.stop()
    return tuple(cells for _, cells in _read(first, rows, problems))


def product_from(cells: Mapping[str, str], problems: Problems, line: int = 1) -> Product | None:
    """Read one product as typed, by the names of ``COLUMNS``; what is wrong is added to ``problems``."""
    row = {name: cells.get(name, "") for name in COLUMNS}
    return _product(line, (row, {name: name for name in COLUMNS}), problems)


def _read(first: Line, rows: list[Line], problems: Problems) -> list[tuple[Product, dict[str, str]]]:
    line, header = first
    names = _header(line, header, problems)
    written = dict(zip(names, header, strict=True))
    found, named = [], []
    for number, cells in whole_rows(rows, header, problems):
        row = dict(zip(names, cells, strict=True))
        found.append((_product(number, (row, written), problems), row))
        named.append((number, row["product"]))
    if not rows and not problems.found:
        problems.add("product_without_rows", line=line)
    _twice(named, written["product"], problems)
    problems.found.sort(key=lambda problem: problem.line or 0)
    problems.stop()
    return [(product, row) for product, row in found if product]


def _header(line: int, header: list[str], problems: Problems) -> list[str]:
    """Names of the columns as this module knows them; stop at a header that cannot be read."""
    before = len(problems.found)
    plain = ["_".join(name.casefold().replace("(", " ").replace(")", " ").split()) for name in header]
    names = [ALIASES.get(name, name) for name in plain]
    dutch = any(name.replace("_", " ") in DUTCH.values() for name in plain)
    for name in COLUMNS:
        if name not in names:
            told = DUTCH.get(name, name) if dutch else name
            near = nearest(told, (other for other in plain if ALIASES.get(other, other) not in COLUMNS))
            problems.add("column_missing", line=line, field=told, found=", ".join(header), nearest=near)
        elif names.count(name) > 1:
            problems.add("column_twice", line=line, field=name)
    for name, written in zip(names, header, strict=True):
        if name not in COLUMNS:
            near = nearest(name, (*COLUMNS, *ALIASES))
            problems.add("column_unknown", line=line, field=written, accepted=ACCEPTED, nearest=near)
    if len(problems.found) > before:
        problems.stop()
    return names


def _product(line: int, row: Row, problems: Problems) -> Product | None:
    cells, written = row
    for field in ("product", "label"):
        if not cells[field]:
            problems.add("cell_empty", line=line, field=written[field])
    if len(cells["label"]) > LONGEST_LABEL:
        found, accepted = len(cells["label"]), str(LONGEST_LABEL)
        problems.add("product_label_long", line=line, field=written["label"], found=found, accepted=accepted)
        return None
    per_day = _number(line, row, "units_per_day", problems, SMALLEST_PER_DAY, LARGEST_PER_DAY)
    per_pack = _number(line, row, "units_per_pack", problems, 1.0, LARGEST_PACK)
    price = _number(line, row, "price_eur", problems, SMALLEST_PRICE, LARGEST_PRICE)
    if per_day is None or per_pack is None or price is None or not cells["product"] or not cells["label"]:
        return None
    return Product(
        line=line,
        product=cells["product"],
        label=cells["label"],
        reading=read_label(cells["label"]),
        units_per_day=per_day,
        units_per_pack=per_pack,
        price_eur=price,
    )


def _number(line: int, row: Row, field: str, problems: Problems, low: float, high: float) -> float | None:
    text, name = row[0][field], row[1][field]
    if field == "price_eur":
        text = CURRENCY.sub("", text).strip()
    if not text:
        problems.add("cell_empty", line=line, field=name)
        return None
    unit = "EUR" if field == "price_eur" else ""
    return read_number(text, problems, line=line, field=name, low=low, high=high, unit=unit)


def _twice(named: list[tuple[int, str]], field: str, problems: Problems) -> None:
    """Refuse a name that comes back: nobody could tell the two lines apart in the outcome."""
    first: dict[str, int] = {}
    for line, name in named:
        if name and first.setdefault(name.casefold(), line) != line:
            problems.add("product_twice", line=line, field=field, found=name, accepted=str(first[name.casefold()]))
