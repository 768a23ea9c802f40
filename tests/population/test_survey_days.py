"""Surveys as rows of days: which recalls count, with which weight, in which group."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from synthetic_survey import write_survey

from magnes.errors import InputProblems
from magnes.examples import example_survey
from magnes.population.survey import food_magnesium
from magnes.population.survey_days import GROUPS, group_ears, grouped, open_survey, rows_of_survey
from magnes.readers.day_rows import DayRows


def test_two_days_are_those_of_people_with_both():
    # catches: a person with one known recall counted with the weight of two; days of different people mixed
    survey = example_survey()
    totals = food_magnesium(survey)
    frame = rows_of_survey(survey).frame
    both = np.isfinite(totals).all(axis=1)
    assert frame.height == 2 * both.sum()
    assert (
        frame["person"].unique(maintain_order=True).to_list()
        == survey.persons["SEQN"].filter(both).cast(pl.String).to_list()
    )
    assert frame.filter(pl.col("day") == 2)["intake_mg_per_day"].to_list() == totals[both, 1].tolist()
    assert frame["weekend"].null_count() == frame.height
    assert frame["supplement_mg_per_day"].null_count() == frame.height


def published(survey):
    """The survey with what the published files have beside it."""
    size = survey.persons.height
    more = {"day1_magnesium_mg": [100.0] * size, "day2_magnesium_mg": [200.0] * size, "WTDRD1": [5.0] * size}
    more |= {"day1_weekday": [1] * size, "day2_weekday": [2] * size, "supplement_mg_per_day": [0.0] * size}
    return dataclasses.replace(survey, persons=survey.persons.with_columns(pl.Series(k, v) for k, v in more.items()))


def test_totals_of_the_survey_go_before_sums_of_foods():
    # catches: totals of an unreliable recall taken; Sunday (1) no weekend; a weekday one; Friday is 6
    survey = published(example_survey())
    frame = rows_of_survey(survey).frame
    assert set(frame["intake_mg_per_day"].to_list()) == {100.0, 200.0}
    assert frame.filter(pl.col("day") == 1)["weekend"].all()
    assert not frame.filter(pl.col("day") == 2)["weekend"].any()
    assert frame["supplement_mg_per_day"].to_list() == [0.0] * frame.height
    reliable = survey.persons.filter((pl.col("day1_status") == 1) & (pl.col("day2_status") == 1)).height
    assert frame.height == 2 * reliable


def test_first_day_takes_all_first_recalls_with_their_weight():
    # catches: the weight of two days for people with one; second days lost
    survey = published(example_survey())
    frame = rows_of_survey(survey, weights="first-day").frame
    first = survey.persons.filter(pl.col("day1_status") == 1).height
    assert frame["person"].n_unique() == first
    cycles = survey.persons["cycle"].n_unique()
    assert frame["weight"].unique().to_list() == [5.0 / cycles]
    with pytest.raises(InputProblems, match="survey_without_weight"):
        rows_of_survey(example_survey(), weights="first-day")


@pytest.mark.parametrize(
    ("age", "sex", "name", "model"),
    [
        (0.0, "male", None, None),
        (1.0, "male", "M 1-3", "children"),
        (3.9, "female", "F 1-3", "children"),
        (18.0, "female", "F 14-18", "children"),
        (18.99, "male", "M 14-18", "children"),
        (19.0, "male", "M 19-30", "men"),
        (70.0, "female", "F 51-70", "women"),
        (85.0, "female", "F 71+", "women"),
        (None, "female", None, None),
        (40.0, None, None, None),
    ],
)
def test_groups_at_their_bounds(age, sex, name, model):
    # catches: 18 years and 11 months an adult; someone without sex or age put in a group
    frame = pl.DataFrame(
        {"person": ["a", "a"], "day": [1, 2], "age_years": [age, age and age + 1], "sex": [sex, sex]},
        schema={"person": pl.String, "day": pl.Int64, "age_years": pl.Float64, "sex": pl.String},
    )
    found = grouped(DayRows(frame, "f"))
    assert found.select("sex_age", "model").rows() == [(name, model)] * 2  # of the first day, on both


def test_requirements_of_groups():
    # catches: a recommended or adequate intake taken as EAR; an authority without one given numbers
    iom = group_ears("iom-1997")
    assert set(iom) == {group.name for group in GROUPS}
    assert (iom["M 14-18"], iom["F 14-18"], iom["M 19-30"], iom["F 71+"]) == (340, 300, 330, 265)
    assert group_ears("efsa-2015") == {}
    assert group_ears("gezondheidsraad-2018") == {}
    with pytest.raises(InputProblems):
        group_ears("iom-1998")


def test_both_layouts_are_opened(tmp_path):
    # catches: a folder of NHANES refused because it is not the stored layout
    assert open_survey(write_survey(tmp_path, 12)).persons.height == 12
