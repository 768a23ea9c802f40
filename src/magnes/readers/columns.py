"""Columns of numbers in large tables: the fast reading, and every cell that is wrong with its line.

Polars loads late: it is an extra of the package.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magnes.errors import Problems, nearest

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SHOWN", "Column", "check", "missing_columns", "need_polars", "read_numbers", "whole"]

SHOWN = 20  # bad cells told per column; a wrong file would have thousands


@dataclass(frozen=True, slots=True)
class Column:
    """What a number in a column may be."""

    low: float
    high: float
    whole: bool = True
    required: bool = False

    @property
    def accepted(self) -> str:
        """The bounds as a refusal says them."""
        return f"{self.low:.10g} … {self.high:.10g}"


def need_polars() -> None:
    """Raise ``InputProblems`` with code ``extra_missing`` when Polars is not installed."""
    problems = Problems()
    try:
        import polars  # noqa: F401
    except ImportError:
        problems.add("extra_missing", found="polars", accepted="pip install 'magnes[survey]'")
    problems.stop()


def read_numbers(
    path: Path, columns: Mapping[str, Column], texts: tuple[str, ...], problems: Problems
) -> pl.DataFrame | None:
    """Read these columns of a CSV file (plain or gzip) and check every cell; ``None`` when anything is wrong.

    ``line`` is the line in the file. A blank cell is null.
    """
    import polars as pl

    problems.file = str(path)
    if not _header(path, (*texts, *columns), problems):
        return None
    numbers: dict[str, Any] = dict.fromkeys(columns, pl.Float64)
    wanted = [*texts, *columns]
    try:
        frame = pl.read_csv(path, columns=wanted, schema_overrides=numbers | dict.fromkeys(texts, pl.String))
    except (pl.exceptions.PolarsError, OSError) as error:
        _not_numbers(path, wanted, columns, problems, str(error))
        return None
    frame = frame.select(wanted).with_row_index("line", offset=2).with_columns(pl.col(*columns).fill_nan(None))
    check(frame, columns, problems)
    for name in texts:
        for line in frame.filter(pl.col(name).is_null())["line"].head(SHOWN):
            problems.add("cell_empty", line=line, field=name)
    return None if problems.found else whole(frame, columns)


def check(frame: pl.DataFrame, columns: Mapping[str, Column], problems: Problems) -> None:
    """Note an empty table, and cells outside the bounds of their column, not whole or empty where that may not be."""
    if not frame.height:
        problems.add("file_empty")
    for name, column in columns.items():
        _check(frame, name, column, problems)


def whole(frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return the frame with whole numbers as integers."""
    import polars as pl

    return frame.with_columns(pl.col(name).cast(pl.Int64) for name, column in columns.items() if column.whole)


def missing_columns(wanted: Iterable[str], names: list[str], problems: Problems, *, line: int | None = 1) -> None:
    """Note every column that is not there, with the nearest names that are, and every one that is there twice."""
    wanted = tuple(wanted)
    found = ",".join(names)
    for name in wanted:
        if name not in names:
            near = nearest(name, (other for other in names if other not in wanted))
            problems.add("column_missing", line=line, field=name, found=found, accepted=", ".join(wanted), nearest=near)
        elif names.count(name) > 1:
            problems.add("column_twice", line=line, field=name)


def _header(path: Path, columns: tuple[str, ...], problems: Problems) -> bool:
    """Check the first line; a wrong name is told with the nearest one that is there."""
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(
            encoding="utf-8-sig"
        ) as handle:  # fmt: skip
            line = handle.readline().strip()
    except UnicodeDecodeError:
        problems.add("file_encoding", accepted="UTF-8")
        return False
    except (OSError, EOFError) as error:
        problems.add("file_unreadable", found=getattr(error, "strerror", None) or str(error))
        return False
    if not line:
        problems.add("file_empty")
        return False
    missing_columns(columns, [name.strip('"') for name in line.split(",")], problems)
    return not problems.found


def _not_numbers(path: Path, wanted: list[str], columns: Mapping[str, Column], problems: Problems, told: str) -> None:
    """Find the cells that stopped the fast reading; ``told`` stands in when the file is broken in another way."""
    import polars as pl

    try:
        frame = pl.read_csv(path, columns=wanted, infer_schema=False).with_row_index("line", offset=2)
    except (pl.exceptions.PolarsError, OSError) as error:
        problems.add("csv_broken", found=str(error).splitlines()[0])
        return
    for name, column in columns.items():
        bad = frame.filter(pl.col(name).is_not_null() & pl.col(name).cast(pl.Float64, strict=False).is_null())
        for line, text in bad.select("line", name).head(SHOWN).iter_rows():
            problems.add("number_invalid", line=line, field=name, found=text, accepted=column.accepted)
    if not problems.found:
        problems.add("csv_broken", found=told.splitlines()[0])


def _check(frame: pl.DataFrame, name: str, column: Column, problems: Problems) -> None:
    import polars as pl

    cell = pl.col(name)
    wrong = ~cell.is_between(column.low, column.high)
    wrong = wrong | (cell != cell.floor()) if column.whole else wrong
    for line, value in frame.filter(wrong).select("line", name).head(SHOWN).iter_rows():
        problems.add("number_range", line=line, field=name, found=f"{value:g}", accepted=column.accepted)
    if column.required:
        for line in frame.filter(cell.is_null())["line"].head(SHOWN):
            problems.add("cell_empty", line=line, field=name, accepted=column.accepted)
