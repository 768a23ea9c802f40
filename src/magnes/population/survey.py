"""A whole survey through the science of one person: every row is what ``assess`` says of that participant.

Magnesium is recomputed from the food records and the package's food table. A record with an unknown code, a food
without a magnesium value or without grams makes its day missing, never lower. One computation for all people: intake
as arrays of food records, reference values once per sex, age and pregnancy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from magnes.intake import sum_by_day
from magnes.knowledge.foods import food_table
from magnes.need import adequacy_probability, reaches_probability
from magnes.person import Person, Sex
from magnes.population.written import provenance, write_table
from magnes.readers.nhanes import DATES, RELIABLE, Survey, egfr_from_mg_per_dl
from magnes.reference import SURVEY_AUTHORITY, check_authority, references, within_person_sd

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "PREFIX",
    "assess_survey",
    "day_totals",
    "food_magnesium",
    "magnesium_per_100g",
    "weighted_means",
    "write",
]

PREFIX = "fndds:"
ADULT_YEARS = 20  # as the survey's own tables
NAN = math.nan

Floats = NDArray[np.float64]
Progress = Callable[[float], None]


class _Group(NamedTuple):
    """Reference values of one sex, age and state; NaN where the authority has none."""

    ear_mg: float
    recommended_mg: float
    recommended_kind: str | None
    sd_within_mg: float


def assess_survey(survey: Survey, authority: str = SURVEY_AUTHORITY, progress: Progress | None = None) -> pl.DataFrame:
    """Assess all people; one row each, in the order of the file.

    Columns: who and weights; ``egfr_ml_min_1_73m2``; ``day1_magnesium_mg``, ``day2_magnesium_mg`` (null unless the
    recall is reliable and every food of it known), ``n_days``, ``magnesium_mg`` (mean of those days);
    ``sd_within_mg``, ``ear_mg``, ``recommended_mg``, ``recommended_kind``; ``p_adequate`` (only where there is an EAR),
    ``p_reaches_ai`` (only where there is an AI and no EAR), ``note`` (why both are null, codes as in ``Need.notes``).
    ``progress`` is called with the share that is done. Raises ``InputProblems`` for an unknown authority.
    """
    import polars as pl

    check_authority(authority)
    report = progress or _silent
    persons = survey.persons
    days = food_magnesium(survey)
    report(0.7)
    known = np.isfinite(days)
    n_days = known.sum(axis=1)
    mean = np.full(len(n_days), NAN)
    np.divide(np.where(known, days, 0.0).sum(axis=1), n_days, out=mean, where=n_days > 0)
    frame = _who(persons).with_columns(
        pl.Series("day1_magnesium_mg", days[:, 0]),
        pl.Series("day2_magnesium_mg", days[:, 1]),
        pl.Series("n_days", n_days, dtype=pl.Int32),
        pl.Series("magnesium_mg", mean),
    )
    frame = frame.with_columns(_reference_values(frame, authority))
    report(0.9)
    frame = frame.with_columns(_probabilities(frame)).with_columns(pl.col(pl.Float64).fill_nan(None))
    report(1.0)
    return frame


def _silent(_: float) -> None:
    pass


def food_magnesium(survey: Survey) -> Floats:
    """Magnesium of each recall [mg], shape (people, 2); NaN where it is not reliable, empty or not all known."""
    foods = survey.foods
    item = magnesium_per_100g(foods["food_code"].to_numpy()) * foods["grams"].to_numpy() / 100
    return day_totals(survey, foods["SEQN"].to_numpy(), foods["day"].to_numpy(), item)


def day_totals(survey: Survey, seqn: NDArray[np.int64], day: NDArray[np.int64], item_mg: Floats) -> Floats:
    """Sum food records (records,) to recalls [mg], shape (people, 2), under the rule of ``food_magnesium``."""
    persons = survey.persons
    numbers = persons["SEQN"].to_numpy()
    order = np.argsort(numbers)
    who = order[np.minimum(np.searchsorted(numbers, seqn, sorter=order), len(order) - 1)]
    ours = numbers[who] == seqn
    place = (who * len(DATES) + day - 1)[ours]
    total = sum_by_day(place, item_mg[ours], len(numbers) * len(DATES))
    empty = np.bincount(place, minlength=len(total)) == 0
    result = np.where(empty, NAN, total).reshape(-1, len(DATES))
    status = persons.select(f"day{day}_status" for day in DATES).fill_null(0).to_numpy()
    return np.where(status == RELIABLE, result, NAN)


def magnesium_per_100g(codes: NDArray[np.int64]) -> Floats:
    """Magnesium per 100 g of each code; NaN for a code that the table lacks or has no value for."""
    foods = food_table()
    distinct, inverse = np.unique(codes, return_inverse=True)
    places = (foods.index.get(f"{PREFIX}{code}") for code in distinct.tolist())
    values = np.array([NAN if place is None else foods.magnesium_mg[place] for place in places])
    return np.asarray(values[inverse], dtype=float)


def _who(persons: pl.DataFrame) -> pl.DataFrame:
    """Facts on the people. What was not asked or not clear is null; only a clear yes counts as pregnant or diabetes."""
    import polars as pl

    sex = pl.when(pl.col("RIAGENDR") == 1).then(pl.lit("male")).otherwise(pl.lit("female"))
    frame = persons.select(
        seqn="SEQN",
        cycle="cycle",
        sex=sex,
        age_years="RIDAGEYR",
        pregnant=pl.when(pl.col("RIAGENDR") == 1).then(False).otherwise(_yes("RIDEXPRG", yes=1, no=(2,))),
        weight_mec="WTMEC2YR",
        weight_two_days="WTDR2D",
        psu="SDMVPSU",
        stratum="SDMVSTRA",
        creatinine="LBXSCR",
        diabetes=_yes("DIQ010", yes=1, no=(2, 3)),  # 3 is borderline
    )
    rows = frame.select("creatinine", "age_years", "sex").iter_rows()
    egfr = pl.Series("egfr_ml_min_1_73m2", [egfr_from_mg_per_dl(*row) for row in rows], dtype=pl.Float64)
    return frame.with_columns(egfr).drop("creatinine")


def _yes(column: str, *, yes: int, no: tuple[int, ...]) -> pl.Expr:
    import polars as pl

    cell = pl.col(column)
    return pl.when(cell == yes).then(True).when(cell.is_in(no)).then(False)


def _reference_values(frame: pl.DataFrame, authority: str) -> list[pl.Series]:
    """Return the reference values of each person, looked up once per sex, age and pregnancy."""
    import polars as pl

    keys = frame.select("sex", "age_years", pl.col("pregnant").fill_null(False)).rows()
    found = {key: _group(authority, *key) for key in set(keys)}
    groups = [found[key] for key in keys]
    texts = [group.recommended_kind for group in groups]
    return [
        pl.Series("sd_within_mg", [group.sd_within_mg for group in groups]),
        pl.Series("ear_mg", [group.ear_mg for group in groups]),
        pl.Series("recommended_mg", [group.recommended_mg for group in groups]),
        pl.Series("recommended_kind", texts, dtype=pl.String),
    ]


def _group(authority: str, sex: Sex, age_years: int, pregnant: bool) -> _Group:
    person = Person(age_years=age_years, sex=sex, pregnant=pregnant, age_in_whole_years=True)
    found = references(authority, person)
    sd = within_person_sd(age_years, sex)
    return _Group(
        ear_mg=found.ear.mg_per_day if found.ear else NAN,
        recommended_mg=found.recommended.mg_per_day if found.recommended else NAN,
        recommended_kind=found.kind or None,
        sd_within_mg=sd.sd_mg if sd else NAN,
    )


def _probabilities(frame: pl.DataFrame) -> list[pl.Series]:
    """Probabilities under the same conditions as ``magnes.need.need``, and the reason where there is none."""
    import polars as pl

    names = ("magnesium_mg", "n_days", "ear_mg", "recommended_mg", "sd_within_mg")
    mean, n_days, ear, recommended, sd = (frame[name].to_numpy() for name in names)
    adequate_intake = (frame["recommended_kind"] == "AI").fill_null(False).to_numpy() & np.isnan(ear)
    conditions = {
        "no_complete_day": n_days == 0,
        "no_day_to_day_sd": np.isnan(sd),
        "no_reference_value_at_this_age": np.isnan(ear) & np.isnan(recommended),
        "no_average_requirement": np.isnan(ear) & ~adequate_intake,
    }
    note = np.select(list(conditions.values()), list(conditions), default="")
    days = np.maximum(n_days, 1)
    by_ear = np.where(note == "", adequacy_probability(mean, days, ear, sd), NAN)
    by_ai = np.where((note == "") & adequate_intake, reaches_probability(mean, days, recommended, sd), NAN)
    return [
        pl.Series("p_adequate", by_ear),
        pl.Series("p_reaches_ai", by_ai),
        pl.Series("note", [word or None for word in note.tolist()], dtype=pl.String),
    ]


def weighted_means(frame: pl.DataFrame) -> pl.DataFrame:
    """Weighted mean of the first recall by cycle and sex, 20 years and older: ``cycle, sex, n, mean_mg, se_mg``.

    Weight: examination weight. Standard error: Taylor linearisation over strata and sampling units, null where a
    stratum has one unit only. ``frame`` is what ``assess_survey`` returns.
    """
    import polars as pl

    people = frame.filter((pl.col("age_years") >= ADULT_YEARS) & pl.col("day1_magnesium_mg").is_not_null())
    people = people.filter(pl.col("weight_mec") > 0)
    groups = ["cycle", "sex"]
    weight, value = pl.col("weight_mec"), pl.col("day1_magnesium_mg")
    mean = (weight * value).sum() / weight.sum()
    means = people.group_by(groups).agg(n=pl.len(), mean_mg=mean)
    residual = weight * (value - mean) / weight.sum()
    units = (
        people.with_columns(residual=residual.over(groups))
        .group_by([*groups, "stratum", "psu"])
        .agg(pl.col("residual").sum())
    )
    strata = units.group_by([*groups, "stratum"]).agg(part=pl.len() * pl.col("residual").var(), units=pl.len())
    enough = pl.col("units").min() > 1
    errors = strata.group_by(groups).agg(se_mg=pl.when(enough).then(pl.col("part").sum().sqrt()))
    return means.join(errors, on=groups).sort(groups)


def write(frame: pl.DataFrame, path: str | Path, *, authority: str = SURVEY_AUTHORITY) -> None:
    """Write the rows, with engine, state of the knowledge and authority, as ``written.write_table``."""
    write_table(frame, path, provenance(authority=authority))
