"""Any long table of days (CSV or Parquet) -> ``DayRows``. A mapping tells which column holds what, else its own name.

CSV: comma, semicolon, tab or ``|``, found from the header; with a semicolon a number may have a decimal comma.
Blank is missing, never 0. Without ``day`` the days of a person are numbered by ``date``.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magnes.errors import Problems, nearest
from magnes.readers.columns import SHOWN, Column, check, missing_columns, need_polars
from magnes.readers.day_rows import PERSON_FACTS, REPLICATE, DayRows
from magnes.readers.days_mapping import FIELDS, SEXES, Mapped
from magnes.readers.textfile import delimiter_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["read_days_table"]

NUMBERS = {
    "day": Column(1, 1000, required=True),
    "intake_mg_per_day": Column(0, 50_000, whole=False),
    "weight": Column(0, 1e9, whole=False),
    "age_years": Column(0, 120, whole=False),
    "stratum": Column(0, 1e12),
    "psu": Column(0, 1e12),
    "supplement_mg_per_day": Column(0, 50_000, whole=False),
}
REPLICATE_WEIGHT = Column(-1e9, 1e9, whole=False)  # a bootstrap or a rescaled jackknife may go below 0
NEEDED = ("person", "intake_mg_per_day")
FLAGS = {
    "1": True, "true": True, "yes": True, "ja": True, "0": False, "false": False, "no": False, "nee": False,
}  # fmt: skip
DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y")
WEEKEND = (5, 6, 7)  # Friday to Sunday, as the NCI method has it; Monday is 1


def read_days_table(path: str | Path, mapped: Mapped | None = None) -> DayRows:
    """Read a table of days.

    Raises ``InputProblems`` with every problem of the file at once (of bad cells the first 20 of each column): a column
    that is not there with the nearest names that are, a day of a person twice, a person whose weight, sex, age, stratum
    or supplement differs between days.
    """
    need_polars()
    path, mapped = Path(path), mapped or Mapped()
    problems = Problems(str(path))
    parquet = path.suffix.lower() in (".parquet", ".pq")
    raw, comma = (_parquet(path, problems), False) if parquet else _csv(path, problems)
    problems.stop()
    names = _names(raw, mapped, problems, line=None if parquet else 1)
    problems.stop()
    frame = _canonical(raw, names, mapped, problems, decimal_comma=comma)
    _across_rows(frame, problems)
    problems.stop()
    return DayRows(frame, str(path))


def _csv(path: Path, problems: Problems) -> tuple[pl.DataFrame, bool]:
    """Return the cells as text; whether numbers may have a decimal comma."""
    import polars as pl

    empty = pl.DataFrame()
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(
            encoding="utf-8-sig"
        ) as handle:  # fmt: skip
            header = handle.readline()
        separator = delimiter_of(header)
        frame = pl.read_csv(path, separator=separator, infer_schema=False)
    except FileNotFoundError:
        near = nearest(path.name, (entry.name for entry in path.parent.iterdir())) if path.parent.is_dir() else ()
        problems.add("file_missing", nearest=near)
        return empty, False
    except UnicodeDecodeError:
        problems.add("file_encoding", accepted="UTF-8")
        return empty, False
    except pl.exceptions.NoDataError:
        problems.add("file_empty")
        return empty, False
    except (pl.exceptions.PolarsError, OSError, EOFError) as error:
        problems.add("csv_broken", found=str(error).splitlines()[0])
        return empty, False
    return frame.drop("line", strict=False).with_row_index("line", offset=2), separator == ";"


def _parquet(path: Path, problems: Problems) -> pl.DataFrame:
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except FileNotFoundError:
        near = nearest(path.name, (entry.name for entry in path.parent.iterdir())) if path.parent.is_dir() else ()
        problems.add("file_missing", nearest=near)
        return pl.DataFrame()
    except (pl.exceptions.PolarsError, OSError) as error:
        problems.add("file_unreadable", found=str(error).splitlines()[0])
        return pl.DataFrame()
    return frame.drop("line", strict=False).with_row_index("line", offset=1)


def _names(raw: pl.DataFrame, mapped: Mapped, problems: Problems, line: int | None) -> dict[str, str]:
    """Return field -> column of the file; replicate weights as ``replicate_1`` … in order of the file."""
    there = [name for name in raw.columns if name != "line"]
    unknown = [name for name in mapped.columns if name not in FIELDS]
    for name in unknown:
        problems.add("field_unknown", field=name, accepted=", ".join(FIELDS), nearest=nearest(name, FIELDS))
    asked = {name: column for name, column in mapped.columns.items() if name in FIELDS and name != "replicates"}
    own = {name: name for name in FIELDS if name in there and name not in asked and name != "replicates"}
    missing = [name for name in NEEDED if name not in asked and name not in own]
    if "day" not in asked | own and "date" not in asked | own:
        missing.append("day")
    missing_columns([*asked.values(), *missing], there, problems, line=line)
    prefix = mapped.columns.get("replicates", REPLICATE)
    weights = [name for name in there if name.startswith(prefix) and name not in asked.values()]
    if "replicates" in mapped.columns and not weights:
        problems.add(
            "column_missing", line=line, field=f"{prefix}…", found=",".join(there), nearest=nearest(prefix, there)
        )
    return asked | own | {f"{REPLICATE}{number}": name for number, name in enumerate(weights, start=1)}


def _canonical(
    raw: pl.DataFrame, names: dict[str, str], mapped: Mapped, problems: Problems, *, decimal_comma: bool
) -> pl.DataFrame:
    """Return the fields under their own names and with their own types; every cell that is no such value is told."""
    import polars as pl

    cells = []
    for name, column in names.items():
        cell = pl.col(column).cast(pl.String).str.strip_chars()
        cells.append(pl.when(cell != "").then(cell).alias(name))
    frame = raw.select("line", *cells)
    frame = _numbers(frame, names, problems, decimal_comma=decimal_comma)
    frame = _words(frame, "sex", names, {**SEXES, **mapped.sex}, problems)
    frame = _words(frame, "weekend", names, FLAGS, problems)
    frame = _dates(frame, names, problems)
    for line in frame.filter(pl.col("person").is_null())["line"].head(SHOWN):
        problems.add("cell_empty", line=line, field=names["person"])
    kinds: dict[str, Any] = {"weekend": pl.Boolean, "sex": pl.String, "group": pl.String}
    order = ("line", "person", "day", "intake_mg_per_day", "weekend", *PERSON_FACTS)
    absent = (pl.lit(None, dtype=kinds.get(name, pl.Float64)).alias(name) for name in order if name not in frame)
    frame = frame.with_columns(*absent).select(*order, *(name for name in names if name.startswith(REPLICATE)))
    return frame.with_columns(pl.col("day", "stratum", "psu").cast(pl.Int64))


def _numbers(frame: pl.DataFrame, names: dict[str, str], problems: Problems, *, decimal_comma: bool) -> pl.DataFrame:
    import polars as pl

    bounds = {
        name: NUMBERS.get(name, REPLICATE_WEIGHT) for name in names if name in NUMBERS or name.startswith(REPLICATE)
    }
    comma = "," if decimal_comma else "."
    read = frame.with_columns(
        pl.col(name).str.replace(comma, ".", literal=True).cast(pl.Float64, strict=False).fill_nan(None)
        for name in bounds
    )
    for name, column in bounds.items():
        no_number = frame[name].is_not_null() & (frame[name].str.to_lowercase() != "nan") & read[name].is_null()
        for line, found in frame.filter(no_number).select("line", name).head(SHOWN).iter_rows():
            problems.add("number_invalid", line=line, field=names[name], found=found, accepted=column.accepted)
    check(
        read.select("line", **{names[name]: name for name in bounds}),
        {names[name]: bounds[name] for name in bounds},
        problems,
    )
    return read


def _words(
    frame: pl.DataFrame, name: str, names: dict[str, str], known: Mapping[str, Any], problems: Problems
) -> pl.DataFrame:
    """Replace the words of a column by what they mean; each other word is told at its first line."""
    import polars as pl

    if name not in names:
        return frame
    word = pl.col(name).str.to_lowercase().str.strip_suffix(".0")
    other = frame.filter(word.is_not_null() & ~word.is_in(list(known))).unique(name, keep="first", maintain_order=True)
    for line, found in other.select("line", name).head(SHOWN).iter_rows():
        near = nearest(found, known)
        problems.add(
            "choice_unknown", line=line, field=names[name], found=found, accepted=", ".join(known), nearest=near
        )
    meant = pl.Boolean if set(known.values()) <= {True, False} else pl.String
    return frame.with_columns(word.replace_strict(dict(known), default=None, return_dtype=meant).alias(name))


def _dates(frame: pl.DataFrame, names: dict[str, str], problems: Problems) -> pl.DataFrame:
    """Give ``weekend`` and, where there is none, ``day`` from ``date``."""
    import polars as pl

    if "date" not in names:
        return frame
    text = pl.col("date").str.slice(0, 10)
    read = pl.coalesce(text.str.to_date(form, strict=False) for form in DATE_FORMATS)
    frame = frame.with_columns(read.alias("on"))
    wrong = frame.filter(pl.col("date").is_not_null() & pl.col("on").is_null())
    for line, found in wrong.select("line", "date").head(SHOWN).iter_rows():
        problems.add("date_invalid", line=line, field=names["date"], found=found, accepted="2026-11-22, 22-11-2026")
    if "day" not in names:
        for line in frame.filter(pl.col("date").is_null())["line"].head(SHOWN):
            problems.add("cell_empty", line=line, field=names["date"])
        frame = frame.with_columns(day=pl.col("on").rank("ordinal").over("person").cast(pl.Float64))
    if "weekend" not in names:
        frame = frame.with_columns(weekend=pl.col("on").dt.weekday().is_in(WEEKEND))
    return frame.drop("date", "on")


def _across_rows(frame: pl.DataFrame, problems: Problems) -> None:
    """Tell a day of a person that is there twice, and facts of a person that differ between days."""
    import polars as pl

    twice = frame.filter(pl.struct("person", "day").is_duplicated() & pl.col("person").is_not_null())
    twice = twice.filter(~pl.struct("person", "day").is_first_distinct())
    for line, person, day in twice.select("line", "person", "day").head(SHOWN).iter_rows():
        problems.add("day_twice", line=line, field="day", found=f"{person}, {day}")
    facts = [*PERSON_FACTS, *(name for name in frame.columns if name.startswith(REPLICATE))]
    for name in facts:
        values = pl.col(name)
        # a birthday may lie between two days
        differs = (values.max() - values.min() > 1) if name == "age_years" else values.n_unique() > 1
        rows = frame.filter(differs.over("person")).unique("person", keep="last", maintain_order=True)
        for line, person in rows.select("line", "person").head(SHOWN).iter_rows():
            problems.add("differs_within_person", line=line, field=name, found=person)
