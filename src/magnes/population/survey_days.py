"""Surveys as rows of days for the model of usual intake: weights, sampling units, weekend, sex-age groups, EARs.

Groups and models are those of the published tables of NHANES: eight age groups for each sex; one model for children of
1 to 18 years, one for men and one for women, because their days vary differently.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from magnes.errors import Problems
from magnes.person import Person, Sex
from magnes.population.survey import food_magnesium
from magnes.readers.day_rows import DayRows
from magnes.readers.nhanes import DATES, RELIABLE, Survey, read_survey
from magnes.readers.nhanes_xpt import holds_nhanes_files, read_nhanes
from magnes.reference import check_authority, references

if TYPE_CHECKING:
    import polars as pl

__all__ = ["AGES", "GROUPS", "MODELS", "Group", "Weights", "group_ears", "grouped", "open_survey", "rows_of_survey"]

Floats = NDArray[np.float64]
Weights = Literal["two-days", "first-day"]

AGES = ((1, 3), (4, 8), (9, 13), (14, 18), (19, 30), (31, 50), (51, 70), (71, None))
ADULT_FROM = 19
MODELS = ("children", "men", "women")
WEEKEND = (6, 7, 1)  # Friday, Saturday, Sunday in the survey's own numbers, as the NCI method has it


class Group(NamedTuple):
    """A sex-age group; ``high_years`` is the last whole year in it."""

    name: str
    sex: Sex
    low_years: int
    high_years: int | None
    model: str


def _groups() -> Iterable[Group]:
    sexes: tuple[tuple[Sex, str, str], ...] = (("male", "M", "men"), ("female", "F", "women"))
    for sex, letter, adults in sexes:
        for low, high in AGES:
            name = f"{letter} {low}+" if high is None else f"{letter} {low}-{high}"
            yield Group(name, sex, low, high, adults if low >= ADULT_FROM else "children")


GROUPS = tuple(_groups())


def rows_of_survey(survey: Survey, intake_mg: Floats | None = None, weights: Weights = "two-days") -> DayRows:
    """Return the counted recalls of a survey, one row for each person and day.

    ``intake_mg`` (people, 2) [mg/d], NaN where not known; without it what the survey itself summed where its files have
    that, else the sum of the foods. ``two-days``: people with two known recalls and ``WTDR2D``; ``first-day``: all with
    a first recall and ``WTDRD1``. Weights are divided by the number of cycles, as the survey's guide asks. Raises
    ``InputProblems`` for a survey without that weight.
    """
    import polars as pl

    people = survey.persons
    if intake_mg is None:
        recorded = "day1_magnesium_mg" in people.columns
        intake_mg = _recorded(people) if recorded else food_magnesium(survey)
    weight = "WTDR2D" if weights == "two-days" else "WTDRD1"
    problems = Problems(survey.persons_file)
    if weight not in people.columns or people[weight].null_count() == people.height:
        problems.add("survey_without_weight", field=weight)
    problems.stop()
    known = np.isfinite(intake_mg)
    counted = known.all(axis=1) if weights == "two-days" else known[:, 0]
    cycles = max(people["cycle"].n_unique(), 1)

    def column(name: str) -> pl.Expr:
        return pl.col(name) if name in people.columns else pl.lit(None, dtype=pl.Float64)

    facts = people.select(
        "line",
        person=pl.col("SEQN").cast(pl.String),
        weight=column(weight) / cycles,
        sex=pl.when(pl.col("RIAGENDR") == 1).then(pl.lit("male")).otherwise(pl.lit("female")),
        age_years=pl.col("RIDAGEYR").cast(pl.Float64),
        group=pl.lit(None, dtype=pl.String),
        stratum="SDMVSTRA",
        psu="SDMVPSU",
        supplement_mg_per_day=column("supplement_mg_per_day"),
    )
    parts = [
        facts.with_columns(
            pl.Series("intake_mg_per_day", intake_mg[:, day - 1]).fill_nan(None),
            day=pl.lit(day, dtype=pl.Int64),
            weekend=_weekend(people, day),
        ).filter(pl.Series(counted))
        for day in DATES
    ]
    return DayRows(pl.concat(parts).sort("line", "day"), survey.persons_file)


def open_survey(folder: str | Path) -> Survey:
    """Read a folder in the layout of the stored survey, or with files as NHANES publishes them."""
    return read_nhanes(folder) if holds_nhanes_files(folder) else read_survey(folder)


def _recorded(people: pl.DataFrame) -> Floats:
    """Return the totals that the survey gives with its recalls (people, 2); NaN unless the recall is reliable."""
    days = []
    for day in DATES:
        total = people[f"day{day}_magnesium_mg"].fill_null(math.nan).to_numpy()
        status = people[f"day{day}_status"].fill_null(0).to_numpy()
        days.append(np.where(status == RELIABLE, total, math.nan))
    return np.column_stack(days)


def _weekend(people: pl.DataFrame, day: int) -> pl.Series:
    import polars as pl

    name = f"day{day}_weekday"
    if name not in people.columns:
        return pl.Series("weekend", [None] * people.height, dtype=pl.Boolean)
    return people[name].is_in(WEEKEND).alias("weekend")


def grouped(rows: DayRows) -> pl.DataFrame:
    """Return the rows with ``model`` and ``sex_age`` beside them; null for infants and unknown sex or age."""
    import polars as pl

    age, sex = pl.col("age_years"), pl.col("sex")
    name, model = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for group in GROUPS:
        above = pl.lit(True) if group.high_years is None else age < group.high_years + 1
        here = (sex == group.sex) & (age >= group.low_years) & above
        name = pl.when(here).then(pl.lit(group.name)).otherwise(name)
        model = pl.when(here).then(pl.lit(group.model)).otherwise(model)
    # the age on the first day: a birthday may lie between two days
    first = rows.frame.with_columns(age_years=age.first().over("person", order_by="day"))
    return first.with_columns(sex_age=name, model=model)


def group_ears(authority: str) -> dict[str, float]:
    """Return the EAR [mg/d] of each sex-age group, outside pregnancy and lactation.

    A group is left out when the authority has no EAR for it (an AI is never one), or more than one. Raises
    ``InputProblems`` for an unknown authority.
    """
    check_authority(authority)
    found: dict[str, float] = {}
    for group in GROUPS:
        last = group.high_years or 120
        rows = {_ear(authority, group.sex, age) for age in range(group.low_years, last + 1)}
        if len(rows) == 1:
            (ear,) = rows
            if ear is not None:
                found[group.name] = ear
    return found


def _ear(authority: str, sex: Sex, age_years: int) -> float | None:
    person = Person(age_years=age_years, sex=sex, age_in_whole_years=True)
    ear = references(authority, person).ear
    return ear.mg_per_day if ear else None
