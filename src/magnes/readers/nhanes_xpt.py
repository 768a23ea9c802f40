"""NHANES as it is published: SAS transport files (``.xpt``) or CSV with the same variables -> ``Survey``.

A folder holds, of one or more cycles (the letter behind the name), ``DEMO`` and ``DR1TOT``; ``DR2TOT``, ``DR1IFF``,
``DR2IFF`` and ``DSQTOT`` when they are there. Files of a cycle belong together by that letter: ``DR1TOT_E.xpt`` goes
with ``DEMO_E.xpt``. The result has the shape of the stored survey, so that all that works on one works on the other,
with more columns in ``persons``:

- ``day1_magnesium_mg``, ``day2_magnesium_mg``: food and drink of the recall as the survey has summed it [mg];
- ``day1_weekday``, ``day2_weekday``: 1 is Sunday, 7 is Saturday;
- ``WTDRD1``: weight of the first recall; ``supplement_mg_per_day``: supplements and antacids of the 30-day
  questionnaire [mg/d], ``WTDR2D`` the weight of those with two recalls.

Blank, and every missing value of SAS (``.``, ``.A`` to ``.Z``, ``._``), is missing and never 0. Supplements are 0 only
for who answered that none were taken (``DSD010`` 2, or ``DSDCOUNT`` 0) and takes no antacids (``DSD010AN`` 1); blank
beside supplements that were taken stays missing: the file does not say whether they held no magnesium, or how much.

``P_DR1TOT.xpt`` and the others of 2017 to March 2020 are read alone: they hold people of ``_J`` and are a longer cycle.

Transport files are read by pyreadstat, the ReadStat library that R's haven uses, straight into Polars: no pandas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from magnes.errors import Problems, nearest
from magnes.readers.columns import SHOWN, Column, check, missing_columns, need_polars, read_numbers, whole
from magnes.readers.nhanes import FOODS, PERSONS, Survey

if TYPE_CHECKING:
    import polars as pl

__all__ = ["holds_nhanes_files", "read_nhanes"]

SEQN, STATUS, WEIGHT = PERSONS["SEQN"], PERSONS["day1_status"], PERSONS["WTDR2D"]
MAGNESIUM = Column(0, 50_000, whole=False)  # a typing error of a thousandfold goes beyond it
WEEKDAY = Column(1, 7)
KIND = "DEMO|DR[12]TOT|DR[12]IFF|DSQTOT"
NAME = re.compile(rf"(?:(?P<before>P)_)?(?P<kind>{KIND})(?:_(?P<cycle>[A-Z0-9]+))?\.(?:xpt|csv|csv\.gz)", re.I)
LONG_CYCLE = "P"  # 2017 to March 2020, in front of the name; its weights have names of their own
LONG_WEIGHTS = {"WTDRD1PP": "WTDRD1", "WTDR2DPP": "WTDR2D", "WTMECPRP": "WTMEC2YR"}
YES, NO = 1, 2  # DSD010, and DSD010AN of antacids


class _Kind(NamedTuple):
    """Variables of one kind of file: those that have to be there, and those used when they are."""

    must: Mapping[str, Column]
    may: Mapping[str, Column]


def _totals(day: int) -> _Kind:
    may = {f"DR{day}DAY": WEEKDAY, **dict.fromkeys(("WTDRD1", "WTDR2D", "WTDRD1PP", "WTDR2DPP"), WEIGHT)}
    return _Kind({"SEQN": SEQN, f"DR{day}DRSTZ": STATUS, f"DR{day}TMAGN": MAGNESIUM}, may)


def _foods(day: int) -> _Kind:
    must = {"SEQN": SEQN, f"DR{day}IFDCD": FOODS["food_code"], f"DR{day}IGRMS": FOODS["grams"]}
    return _Kind(must, {f"DR{day}_030Z": Column(1, 99)})


_who = ("SEQN", "RIAGENDR", "RIDAGEYR", "SDMVPSU", "SDMVSTRA")
KINDS = {
    "DEMO": _Kind(
        {name: PERSONS[name] for name in _who},
        {**{name: PERSONS[name] for name in ("RIDEXPRG", "WTMEC2YR")}, "WTMECPRP": WEIGHT},
    ),
    "DR1TOT": _totals(1),
    "DR2TOT": _totals(2),
    "DR1IFF": _foods(1),
    "DR2IFF": _foods(2),
    "DSQTOT": _Kind(
        {"SEQN": SEQN, "DSQTMAGN": MAGNESIUM},
        {"DSD010": Column(1, 9), "DSD010AN": Column(1, 9), "DSDCOUNT": Column(0, 999)},
    ),
}  # fmt: skip
NEEDED = ("DEMO", "DR1TOT")


def holds_nhanes_files(folder: str | Path) -> bool:
    """Whether a folder has a file of first recalls under the name that NHANES gives it."""
    folder = Path(folder)
    return folder.is_dir() and any(found["kind"].upper() == "DR1TOT" for _, found in _named(folder))


def read_nhanes(folder: str | Path) -> Survey:
    """Read all cycles of a folder.

    Without files of foods (``DR1IFF``) the ``foods`` of the survey are empty and only totals per day can be used.
    Raises ``InputProblems`` with every problem of all files at once (of bad cells the first 20 of each column), or
    with code ``extra_missing`` when Polars, or pyreadstat for a transport file, is not installed.
    """
    need_polars()
    import polars as pl

    folder = Path(folder)
    problems = Problems(str(folder))
    cycles = _cycles(folder, problems)
    problems.stop()
    read: dict[tuple[str, str], pl.DataFrame] = {}
    for cycle, files in cycles.items():
        for kind, path in files.items():
            frame = _read(path, KINDS[kind], problems)
            if frame is not None:
                read[cycle, kind] = frame
    problems.stop()
    persons = [_persons(cycle, {kind: read[cycle, kind] for kind in files}) for cycle, files in cycles.items()]
    foods = [_records(read[key], int(key[1][2])) for key in sorted(read) if key[1].endswith("IFF")]
    people = pl.concat(persons, how="diagonal")
    for row in people.filter(people["SEQN"].is_duplicated()).head(SHOWN).to_dicts():
        problems.file = str(folder)
        problems.add("person_twice", field="SEQN", found=row["SEQN"])
    problems.stop()
    eaten = pl.concat(foods) if foods else pl.DataFrame(schema=_record_types())
    return Survey(people, eaten, str(folder), str(folder))


def _named(folder: Path) -> Iterable[tuple[Path, re.Match[str]]]:
    for path in sorted(folder.iterdir()):
        found = NAME.fullmatch(path.name)
        if found and path.is_file():
            yield path, found


def _cycles(folder: Path, problems: Problems) -> dict[str, dict[str, Path]]:
    """Return the files by cycle and kind; a cycle without people or first recalls is told, and so is a file twice."""
    cycles: dict[str, dict[str, Path]] = {}
    try:
        for path, found in _named(folder):
            kind, cycle = found["kind"].upper(), (found["before"] or found["cycle"] or "").upper()
            if kind in cycles.setdefault(cycle, {}):
                problems.add("file_twice", field=kind, found=f"{cycles[cycle][kind].name}, {path.name}")
            cycles[cycle][kind] = path
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        problems.add("file_unreadable", found=error.strerror or str(error))
        return {}
    if LONG_CYCLE in cycles and len(cycles) > 1:
        problems.add("cycles_mixed", found=", ".join(sorted(cycles)))
    for cycle, files in cycles.items() or {"": dict[str, Path]()}.items():
        for kind in NEEDED:
            if kind not in files:
                wanted = f"{kind}_{cycle}.xpt" if cycle else f"{kind}.xpt"
                wanted = f"P_{kind}.xpt" if cycle == LONG_CYCLE else wanted
                problems.add("file_missing", field=wanted, nearest=nearest(wanted, names))
    return cycles


def _read(path: Path, kind: _Kind, problems: Problems) -> pl.DataFrame | None:
    """Read one file; a variable that is not there and may be absent is left out."""
    here = Problems(str(path))
    frame = _xpt(path, kind, here) if path.suffix.lower() == ".xpt" else _csv(path, kind, here)
    problems.found += here.found
    return frame


def _csv(path: Path, kind: _Kind, problems: Problems) -> pl.DataFrame | None:
    import polars as pl

    try:
        names = pl.read_csv(path, n_rows=0).columns
    except (pl.exceptions.PolarsError, OSError):
        names = []  # the full reading tells what is wrong
    there = {name: column for name, column in kind.may.items() if name in names}
    return read_numbers(path, {**kind.must, **there}, (), problems)


def _xpt(path: Path, kind: _Kind, problems: Problems) -> pl.DataFrame | None:
    import polars as pl

    try:
        import pyreadstat
    except ImportError:
        problems.add("extra_missing", found="pyreadstat", accepted="pip install 'magnes[xport]'")
        return None
    try:
        _, meta = pyreadstat.read_xport(str(path), metadataonly=True, output_format="polars")
        missing_columns(kind.must, meta.column_names, problems, line=None)
        if problems.found:
            return None
        columns = {name: column for name, column in {**kind.must, **kind.may}.items() if name in meta.column_names}
        frame, _ = pyreadstat.read_xport(str(path), usecols=list(columns), output_format="polars")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        problems.add("xpt_broken", found=str(error))
        return None
    for name, dtype in frame.schema.items():
        if not dtype.is_numeric() and dtype != pl.Null:  # a column of missing values only has no type
            problems.add("column_not_numbers", field=name, found=str(dtype))
    if problems.found:
        return None
    numbers = frame.select(pl.col(list(columns)).cast(pl.Float64).fill_nan(None)).with_row_index("line", offset=1)
    check(numbers, columns, problems)
    return None if problems.found else whole(numbers, columns)


def _persons(cycle: str, files: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Join the files of one cycle to the people of ``DEMO``; what nobody has in any file is null."""
    import polars as pl

    files = {kind: frame.rename(LONG_WEIGHTS, strict=False) for kind, frame in files.items()}
    frame = files["DEMO"].with_columns(cycle=pl.lit(cycle))
    for day in (1, 2):
        if f"DR{day}TOT" in files:
            names = {
                f"DR{day}DRSTZ": f"day{day}_status",
                f"DR{day}TMAGN": f"day{day}_magnesium_mg",
                f"DR{day}DAY": f"day{day}_weekday",
            }
            totals = files[f"DR{day}TOT"].drop("line").rename(names, strict=False)
            # both files carry the same weights; those of the first recall go first
            frame = frame.join(totals.drop(set(totals.columns) & set(frame.columns) - {"SEQN"}), on="SEQN", how="left")
    if "DSQTOT" in files:
        frame = frame.join(_supplements(files["DSQTOT"]), on="SEQN", how="left")
    absent = [name for name in (*PERSONS, *_MORE) if name not in frame.columns]
    kinds = {**PERSONS, **_MORE}
    empty = (pl.lit(None, dtype=pl.Int64 if kinds[name].whole else pl.Float64).alias(name) for name in absent)
    return frame.with_columns(*empty).select("line", "cycle", *PERSONS, *_MORE)


_MORE = {
    "day1_magnesium_mg": MAGNESIUM,
    "day2_magnesium_mg": MAGNESIUM,
    "day1_weekday": WEEKDAY,
    "day2_weekday": WEEKDAY,
    "WTDRD1": WEIGHT,
    "supplement_mg_per_day": MAGNESIUM,
}


def _supplements(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    def answered(name: str, code: int) -> pl.Expr:
        there = name in frame.columns
        return (pl.col(name) == code).fill_null(False) if there else pl.lit(False)

    none = (answered("DSD010", NO) | answered("DSDCOUNT", 0)) & ~answered("DSD010AN", YES)
    taken = pl.col("DSQTMAGN")
    return frame.select("SEQN", supplement_mg_per_day=pl.when(taken.is_null() & none).then(0.0).otherwise(taken))


def _record_types() -> dict[str, type[pl.DataType]]:
    import polars as pl

    return {
        "line": pl.UInt32, "day": pl.Int64, "SEQN": pl.Int64, "food_code": pl.Int64, "grams": pl.Float64,
        "occasion": pl.Int64,
    }  # fmt: skip


def _records(frame: pl.DataFrame, day: int) -> pl.DataFrame:
    import polars as pl

    occasion = f"DR{day}_030Z"
    return frame.select(
        pl.col("line").cast(pl.UInt32),
        day=pl.lit(day, dtype=pl.Int64),
        SEQN="SEQN",
        food_code=f"DR{day}IFDCD",
        grams=f"DR{day}IGRMS",
        occasion=pl.col(occasion) if occasion in frame.columns else pl.lit(None, dtype=pl.Int64),
    )
