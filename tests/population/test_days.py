"""The long table: what is refused, what is left out and counted, and that the frame stays as it was."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from magnes.errors import InputProblems
from magnes.population.days import Days, LeftOut
from magnes.population.replicates import Replicates

TABLE = pl.DataFrame(
    {
        "person": ["b", "a", "a", "c", "c"],
        "day": [1, 2, 1, 1, 2],
        "intake_mg": [300.0, 250.0, 200.0, 400.0, 100.0],
        "weight": [1.5, 2.0, 2.0, 0.5, 0.5],
        "weekend": [True, False, True, False, False],
        "group": ["M", "F", "F", "M", "M"],
    }
)


def read(table=TABLE, **named):
    return Days.from_frame(table, weight="weight", weekend="weekend", covariates=["group"], **named)


def problems(table, **named):
    with pytest.raises(InputProblems) as caught:
        read(table, **named)
    return {(problem.code, problem.field, problem.line) for problem in caught.value.problems}


def test_order_is_person_then_day():
    # catches: columns that are sorted one without the other
    days = read()
    assert days.person.tolist() == ["a", "b", "c"]
    assert days.place.tolist() == [0, 0, 1, 2, 2]
    assert days.sequence.tolist() == [1, 2, 1, 1, 2]
    assert days.intake_mg.tolist() == [200, 250, 300, 400, 100]
    assert days.weekend.tolist() == [True, False, True, False, False]
    assert days.weight.tolist() == [2, 1.5, 0.5]
    assert days.covariates["group"].to_list() == ["F", "M", "M"]
    assert days.starts.tolist() == [0, 2, 3]
    assert days.left_out == LeftOut()


def test_pandas_gives_the_same_and_frames_stay_as_they_were():
    # catches: a change made in the frame of the caller; objects of pandas that are read otherwise
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(TABLE.to_dict(as_series=False))
    before = table.copy()
    a, b = read(table), read()
    assert table.equals(before)
    assert a.intake_mg.tolist() == b.intake_mg.tolist()
    assert a.person.tolist() == b.person.tolist()
    assert a.covariates.equals(b.covariates)


def test_missing_is_left_out_and_zero_is_half_of_the_smallest():
    # catches: a missing day that counts as 0; a 0 that breaks the logarithm or vanishes
    table = TABLE.with_columns(intake_mg=pl.Series([None, 0.0, 200.0, float("nan"), 100.0]))
    days = read(table)
    assert days.person.tolist() == ["a", "c"]
    assert days.intake_mg.tolist() == [200, 50, 100]
    assert days.sequence.tolist() == [1, 2, 2]
    assert days.left_out == LeftOut(missing_days=2, zero_days=1, people_without_day=1)


def test_people_without_weight_or_covariate_are_counted():
    # catches: people who drop out in silence
    table = TABLE.with_columns(weight=pl.Series([0.0, 2, 2, 1, 1]), group=pl.Series(["M", None, None, "M", "M"]))
    days = read(table)
    assert days.person.tolist() == ["c"]
    assert days.left_out == LeftOut(people_without_weight=1, people_without_covariate=1)


def test_dates_give_the_order_within_the_person():
    # catches: dates ranked over all people
    first = dt.date(2020, 3, 1)
    table = TABLE.with_columns(day=pl.Series([first + dt.timedelta(days=count) for count in (9, 3, 1, 5, 7)]))
    assert read(table).sequence.tolist() == [1, 2, 1, 1, 2]


def test_all_problems_at_once_with_their_rows():
    # catches: one problem at a time; a row number that is off by one
    table = TABLE.with_columns(
        day=pl.Series([1, 1, 1, 1, 0]),
        intake_mg=pl.Series([-1.0, 250, 200, 400, 100]),
        weight=pl.Series([1, 2, 3, 1, 1]),
    )
    found = problems(table)
    assert ("cell", "intake_mg", 1) in found
    assert ("day_twice", "day", 3) in found
    assert ("cell", "day", 5) in found
    assert ("differs_within_person", "weight", 3) in found


def test_columns_are_asked_by_name():
    # catches: a wrong column in silence
    with pytest.raises(InputProblems, match="nearest intake_mg"):
        read(TABLE, intake="intake")
    assert problems(TABLE.with_columns(intake_mg=pl.Series(list("vwxyz")))) == {("cell", "intake_mg", None)}
    assert problems(TABLE.with_columns(person=pl.Series(["a", None, "b", "c", "d"]))) == {("cell_empty", "person", 2)}
    assert problems(TABLE.with_columns(weekend=pl.Series([0, 1, 2, 0, 1]))) == {("cell", "weekend", 3)}


def test_table_without_a_day_is_refused():
    # catches: an empty sample that goes on to the fit
    assert problems(TABLE.with_columns(intake_mg=pl.lit(None, pl.Float64))) == {("days_none", "intake_mg", None)}
    assert problems(TABLE.clear()) == {("days_none", "intake_mg", None)}
    with pytest.raises(InputProblems, match="days_none"):
        read().take(np.zeros(3, dtype=bool))


def test_own_replicate_weights_need_their_scale():
    # catches: standard errors on a scale that is guessed
    table = TABLE.with_columns(r1=2 * pl.col("weight"), r2=pl.col("weight") / 2)
    assert problems(table, replicate_weights=["r1", "r2"]) == {("replicate_scale_missing", "replicate_scale", None)}
    assert problems(table, replicate_weights=["r1", "r2"], replicate_scale=[1, 2, 3]) == {
        ("cell", "replicate_scale", None)
    }
    holes = table.with_columns(r1=pl.Series([1.0, 2, 2, None, None]))
    assert ("cell_empty", "r1", 4) in problems(holes, replicate_weights=["r1"], replicate_scale=1.0)
    days = read(table, replicate_weights=["r1", "r2"], replicate_scale=0.25)
    assert days.replicate_weights.tolist() == [[4, 1], [3, 0.75], [1, 0.25]]
    assert days.replicate_scale.tolist() == [0.25, 0.25]


def test_part_of_the_people_keeps_what_is_theirs():
    # catches: rows of one person that get the weight or the replicates of another
    days = read().with_replicates(Replicates(np.arange(6.0).reshape(3, 2), np.ones(2)))
    part = days.take(np.array([True, False, True]))
    assert part.person.tolist() == ["a", "c"]
    assert part.place.tolist() == [0, 0, 1, 1]
    assert part.intake_mg.tolist() == [200, 250, 400, 100]
    assert part.replicate_weights.tolist() == [[0, 2], [2, 2.5]]
    assert part.covariates["group"].to_list() == ["F", "M"]


def test_other_intake_has_to_fit():
    # catches: the diet of a scenario on other days; a day without an amount taken for 0
    days = read()
    assert days.with_intake(2 * days.intake_mg).intake_mg.tolist() == [400, 500, 600, 800, 200]
    for wrong in ([1.0], [1, 2, 3, 4, np.nan], [0, 1, 2, 3, 4]):
        with pytest.raises(InputProblems, match="days_other_intake"):
            days.with_intake(wrong)
