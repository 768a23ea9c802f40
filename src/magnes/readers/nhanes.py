"""NHANES in the layout of the stored survey: persons and food records -> ``Survey``, ``Person``, ``Diary``.

The folder holds ``nhanes_2007_2010_persons`` and ``nhanes_2007_2010_foods``, as ``.csv.gz`` or ``.csv``. Food values
come from the package's own table, so a file with values per code may lie beside them and is not read.

Conventions: the survey gives no dates, so the first recall is 2000-01-01 and the second 2000-01-08 (it came 3 to 10
days later). A recall counts when its status is 1 (complete and reliable); status 4 (breast milk, never weighed) does
not. Ages are whole years; 80 means 80 or older. Lactation, medicines and supplements are not in these files.
"""

from __future__ import annotations

import datetime as dt
import gzip
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magnes.diary import Diary, DiaryEntry
from magnes.errors import Problems, nearest
from magnes.person import ADULT_YEARS, CREATININE_UMOL_PER_L_IN_MG_PER_DL, Person, Sex, egfr_ckd_epi_2021

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "DATES",
    "MEALS",
    "NO_GRAMS",
    "Survey",
    "egfr_from_mg_per_dl",
    "person_and_diary",
    "read_survey",
]

PERSONS_FILE, FOODS_FILE = "nhanes_2007_2010_persons", "nhanes_2007_2010_foods"
DATES = {1: dt.date(2000, 1, 1), 2: dt.date(2000, 1, 8)}
RELIABLE = 1  # dayN_status
NO_GRAMS = "unknown"  # unit of a record without a weight: no food has it, so the day counts as incomplete
DIABETES = "diabetes"  # DIQ010 does not tell type 1 from type 2
SHOWN = 20  # bad cells told per column; a wrong file would have thousands

# DR1_030Z; the Spanish names as the interview has them
MEALS = {
    1: "breakfast", 2: "lunch", 3: "dinner", 4: "supper", 5: "brunch", 6: "snack", 7: "drink", 8: "infant feeding",
    9: "extended consumption", 10: "desayuno", 11: "almuerzo", 12: "comida", 13: "merienda", 14: "cena",
    15: "entre comida", 16: "botana", 17: "bocadillo", 18: "tentempie", 19: "bebida", 91: "other",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Column:
    """What a number in a column may be."""

    low: float
    high: float
    whole: bool = True
    required: bool = False


PERSONS = {
    "SEQN": _Column(1, 999_999_999, required=True),
    "RIAGENDR": _Column(1, 2, required=True),
    "RIDAGEYR": _Column(0, 120, required=True),
    "RIDEXPRG": _Column(1, 3),
    "BMXWT": _Column(0.5, 400, whole=False),
    "BMXHT": _Column(21, 260, whole=False),
    "LBXSCR": _Column(0.1, 35, whole=False),
    "DIQ010": _Column(1, 9),
    "WTMEC2YR": _Column(0, 10_000_000, whole=False),
    "WTDR2D": _Column(0, 10_000_000, whole=False),
    "SDMVPSU": _Column(1, 99),
    "SDMVSTRA": _Column(1, 9999),
    "day1_status": _Column(1, 5),
    "day2_status": _Column(1, 5),
}
FOODS = {
    "day": _Column(1, 2, required=True),
    "SEQN": PERSONS["SEQN"],
    "food_code": _Column(1, 99_999_999, required=True),
    "grams": _Column(0, 20_000, whole=False),
    "occasion": _Column(1, 99, required=True),
}


@dataclass(frozen=True)
class Survey:
    """Persons and food records, checked; ``line`` is the line in the file. Missing is null."""

    persons: pl.DataFrame
    foods: pl.DataFrame
    persons_file: str
    foods_file: str

    @cached_property
    def foods_without_person(self) -> int:
        """Number of food records of people that the persons file does not have; they are left out."""
        return self.foods.join(self.persons, on="SEQN", how="anti").height


def need_polars() -> None:
    """Raise ``InputProblems`` when Polars is not installed."""
    problems = Problems()
    try:
        import polars  # noqa: F401
    except ImportError:
        problems.add("extra_missing", found="polars", accepted="pip install 'magnes[survey]'")
    problems.stop()


def egfr_from_mg_per_dl(creatinine_mg_per_dl: float | None, age_years: float, sex: Sex) -> float | None:
    """Return eGFR [mL/min/1.73 m²], one decimal as in a person file; ``None`` without creatinine and below 18 years.

    >>> egfr_from_mg_per_dl(1.5, 70, "male")
    49.8
    """
    if creatinine_mg_per_dl is None or age_years < ADULT_YEARS:
        return None
    return round(egfr_ckd_epi_2021(creatinine_mg_per_dl * CREATININE_UMOL_PER_L_IN_MG_PER_DL, age_years, sex), 1)


def read_survey(folder: str | Path) -> Survey:
    """Read both files of a folder.

    Raises ``InputProblems`` with every problem of both files at once (of bad cells the first 20 of each column), or
    with code ``extra_missing`` when Polars is not installed.
    """
    need_polars()
    folder = Path(folder)
    problems = Problems()
    frames, paths = [], []
    for name, columns, texts in ((PERSONS_FILE, PERSONS, ("cycle",)), (FOODS_FILE, FOODS, ())):
        here = Problems()
        path = _find(folder, name, here)
        frames.append(_read(path, columns, texts, here) if path else None)
        paths.append(str(path))
        problems.found += here.found
    persons, foods = frames
    if persons is not None and not problems.found:
        problems.file = paths[0]
        for row in persons.filter(persons["SEQN"].is_duplicated()).head(SHOWN).to_dicts():
            problems.add("person_twice", line=row["line"], field="SEQN", found=row["SEQN"])
    problems.stop()
    assert persons is not None  # noqa: S101 - a missing frame comes with a problem
    assert foods is not None  # noqa: S101
    return Survey(persons, foods, *paths)


def _find(folder: Path, name: str, problems: Problems) -> Path | None:
    """Return the file of this name; the compressed one when there are two."""
    accepted = [f"{name}.csv.gz", f"{name}.csv"]
    for path in (folder / file for file in accepted):
        if path.is_file():
            return path
    problems.file = str(folder / accepted[0])
    try:
        near = nearest(accepted[0], sorted(entry.name for entry in folder.iterdir()))
    except OSError:
        near = ()
    problems.add("file_missing", accepted=", ".join(accepted), nearest=near)
    return None


def _read(path: Path, columns: dict[str, _Column], texts: tuple[str, ...], problems: Problems) -> pl.DataFrame | None:
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
    if not frame.height:
        problems.add("file_empty")
    for name, column in columns.items():
        _check(frame, name, column, problems)
    for name in texts:
        for line in frame.filter(pl.col(name).is_null())["line"].head(SHOWN):
            problems.add("cell_empty", line=line, field=name)
    if problems.found:
        return None
    whole = [name for name, column in columns.items() if column.whole]
    return frame.with_columns(pl.col(*whole).cast(pl.Int64))


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
    names = [name.strip('"') for name in line.split(",")]
    for name in columns:
        if name not in names:
            near = nearest(name, (other for other in names if other not in columns))
            problems.add("column_missing", line=1, field=name, found=line, accepted=", ".join(columns), nearest=near)
        elif names.count(name) > 1:
            problems.add("column_twice", line=1, field=name)
    return not problems.found


def _not_numbers(path: Path, wanted: list[str], columns: dict[str, _Column], problems: Problems, told: str) -> None:
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
            problems.add("number_invalid", line=line, field=name, found=text, accepted=_accepted(column))
    if not problems.found:
        problems.add("csv_broken", found=told.splitlines()[0])


def _check(frame: pl.DataFrame, name: str, column: _Column, problems: Problems) -> None:
    import polars as pl

    cell = pl.col(name)
    wrong = ~cell.is_between(column.low, column.high)
    wrong = wrong | (cell != cell.floor()) if column.whole else wrong
    for line, value in frame.filter(wrong).select("line", name).head(SHOWN).iter_rows():
        problems.add("number_range", line=line, field=name, found=f"{value:g}", accepted=_accepted(column))
    if column.required:
        for line in frame.filter(cell.is_null())["line"].head(SHOWN):
            problems.add("cell_empty", line=line, field=name, accepted=_accepted(column))


def _accepted(column: _Column) -> str:
    return f"{column.low:.10g} … {column.high:.10g}"


def person_and_diary(survey: Survey, seqn: int) -> tuple[Person, Diary]:
    """Return one participant as a person and a diary; their food lines carry the line numbers of the survey's file.

    A record without grams becomes a line that ``resolve`` cannot weigh: assess with ``allow_unmatched`` and its day is
    incomplete. Raises ``InputProblems`` with the nearest numbers for one that the survey does not have.
    """
    import polars as pl

    rows = survey.persons.filter(pl.col("SEQN") == seqn).to_dicts()
    if not rows:
        distance = (survey.persons["SEQN"] - seqn).abs()
        near = survey.persons["SEQN"].gather(distance.arg_sort().head(3)).to_list()
        problems = Problems(survey.persons_file)
        problems.add("seqn_unknown", field="SEQN", found=seqn, nearest=map(str, near))
        problems.stop()
    row = rows[0]
    sex: Sex = "male" if row["RIAGENDR"] == 1 else "female"
    egfr = egfr_from_mg_per_dl(row["LBXSCR"], row["RIDAGEYR"], sex)
    person = Person(
        label=f"NHANES {seqn}",
        age_years=row["RIDAGEYR"],
        age_in_whole_years=True,
        sex=sex,
        weight_kg=row["BMXWT"],
        height_cm=row["BMXHT"],
        pregnant=row["RIDEXPRG"] == 1,
        egfr_ml_min_1_73m2=egfr,
        egfr_from_creatinine=egfr is not None,
        conditions=(DIABETES,) if row["DIQ010"] == 1 else (),
        supplements_known=False,
    )
    days = [day for day in DATES if row[f"day{day}_status"] == RELIABLE]
    foods = survey.foods.filter((pl.col("SEQN") == seqn) & pl.col("day").is_in(days)).sort("day", maintain_order=True)
    return person, Diary(file=survey.foods_file, entries=tuple(map(_entry, foods.to_dicts())))


def _entry(record: dict[str, Any]) -> DiaryEntry:
    grams = record["grams"]
    return DiaryEntry(
        line=record["line"],
        date=DATES[record["day"]],
        meal=MEALS.get(record["occasion"], ""),
        food=f"fndds:{record['food_code']}",
        amount=float("nan") if grams is None else grams,
        unit=NO_GRAMS if grams is None else "g",
    )
