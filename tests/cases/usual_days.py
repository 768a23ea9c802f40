"""Men of NHANES 2007-2010, and days drawn from the model itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from magnes.population.days import Days
from magnes.population.usual.boxcox import inverse

REFERENCE = Path(__file__).parents[1] / "reference" / "usual"
EAR_MG = {"M 19-30": 330, "M 31-50": 350, "M 51-70": 350, "M 71+": 350}  # IOM 1997
CYCLES = 2  # the weight of two cycles is half of that of one


def men_table() -> pl.DataFrame:
    """One row per recall."""
    people = pl.read_csv(REFERENCE / "nhanes_2007_2010_men.csv.gz")
    people = people.with_columns(weight=pl.col("weight_two_days") / CYCLES)
    keep = ("seqn", "group", "stratum", "psu", "weight")
    return pl.concat([people.select(*keep, day=pl.lit(day), intake_mg=f"day{day}_mg") for day in (1, 2)])


def lme4_table(which: str) -> pl.DataFrame:
    """Days of the men for ``lme4_fit.R``, a column for each coefficient; ``all`` of them or ``unbalanced``."""
    table = men_table().select(person="seqn", day="day", intake_mg="intake_mg", group="group").sort("person", "day")
    if which == "unbalanced":
        table = table.filter(~((pl.col("person") % 3 == 0) & (pl.col("day") == 2)))
    groups = [(pl.col("group") == group).cast(int).alias(group) for group in list(EAR_MG)[1:]]
    return table.select("person", "day", "intake_mg", *groups, later_day=(pl.col("day") > 1).cast(int))


def men_days() -> Days:
    """With survey weights, strata and PSU, the age group and its EAR."""
    table = men_table().with_columns(ear=pl.col("group").replace_strict(EAR_MG, return_dtype=pl.Float64))
    names = {"person": "seqn", "weight": "weight", "strata": "stratum", "psu": "psu"}
    return Days.from_frame(table, covariates=["group", "ear"], **names)


def drawn(people: int, days: int = 2, *, lam: float = 0.3, weekend: float = 0.0, seed: int = 1) -> pl.DataFrame:
    """Days of people drawn from the model: variances 2 between and 2.5 within, mean 14 on the Box-Cox scale."""
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(people), days)
    is_weekend = random.random(len(place)) < 3 / 7
    usual = 14 + np.sqrt(2.0) * random.standard_normal(people)
    g = usual[place] + weekend * is_weekend + np.sqrt(2.5) * random.standard_normal(len(place))
    return pl.DataFrame(
        {
            "person": place,
            "day": np.tile(np.arange(1, days + 1), people),
            "intake_mg": np.maximum(inverse(g, lam), 1.0),
            "weekend": is_weekend,
            "age": random.integers(19, 80, people)[place].astype(float),
        }
    )
