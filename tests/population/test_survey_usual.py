"""The usual intake of a whole survey, and of two diets: against the stored reference where it can be, else rules."""

import dataclasses

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from synthetic_survey import write_survey

from magnes.errors import InputProblems
from magnes.population.scenario_spec import scenario_from
from magnes.population.scenario_usual import scenario_usual
from magnes.population.survey_days import rows_of_survey
from magnes.population.survey_usual import Choices, paired, usual_of_survey
from magnes.readers.day_rows import DayRows
from magnes.readers.nhanes import read_survey

FORTIFY = 'name = "x"\n[[change]]\ndo = "fortify"\nfoods = ["{}"]\nadd_mg_per_100g = 30\n'


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return read_survey(write_survey(tmp_path_factory.mktemp("survey")))


@pytest.fixture(scope="module")
def usual(survey):
    return usual_of_survey(rows_of_survey(survey))


def test_one_row_for_each_group_in_order(usual, survey):
    # catches: a group lost between models, groups in the order of the alphabet, people counted twice
    frame = usual.frame()
    assert frame["model"].unique(maintain_order=True).to_list() == ["children", "men", "women"]
    assert frame["n"].sum() == survey.persons.height
    assert frame["group"].to_list()[:4] == ["M 1-3", "M 4-8", "M 9-13", "M 14-18"]
    assert dict(frame.select("group", "EAR").rows())["M 19-30"] == 330
    assert (frame["mean_se"] > 0).all()
    assert (usual.replicates, usual.n_replicates) == ("fay-brr", usual.models[0].parts[0].values["mean"].shape[1] - 1)


def test_models_as_groups_have_no_ear_of_their_own_but_a_share(survey):
    # catches: the share of a mixed group refused, or computed with one EAR for all
    frame = usual_of_survey(rows_of_survey(survey), Choices(by="model", replicates="none")).frame()
    assert frame["group"].to_list() == ["children", "men", "women"]
    assert frame["EAR"].null_count() == 3
    assert frame["pct_below_EAR"].is_between(0, 100).all()
    assert "mean_se" not in frame.columns


def test_an_authority_without_ear_gives_no_share(survey):
    # catches: an AI or RDA used as a requirement
    found = usual_of_survey(rows_of_survey(survey), Choices(authority="efsa-2015", replicates="none"))
    assert "pct_below_EAR" not in found.frame().columns
    assert {(note.severity, note.code) for note in found.notes} >= {("refuse", "no_average_requirement")}


def test_a_part_of_the_ages_without_ear(survey):
    # catches: groups with an EAR that lose it beside one without; adults of the UK have one, children none
    found = usual_of_survey(rows_of_survey(survey), Choices(authority="uk-1991", replicates="none")).frame()
    share = dict(found.select("model", "pct_below_EAR").rows())
    assert share["children"] is None
    assert share["men"] is not None


def test_a_model_with_single_days_is_refused_and_the_others_are_not(survey):
    # catches: one bad model that stops all; a distribution from single days
    rows = rows_of_survey(survey)
    single = rows.frame.filter((pl.col("age_years") >= 19) | (pl.col("day") == 1))
    found = usual_of_survey(DayRows(single, "f"), Choices(replicates="none"))
    assert [model.name for model in found.models] == ["men", "women"]
    assert ("refuse", "usual_single_day", "children") in {note[:3] for note in found.notes}
    with pytest.raises(InputProblems, match="usual_single_day"):
        usual_of_survey(DayRows(rows.frame.filter(pl.col("day") == 1), "f"), Choices(replicates="none"))


def test_own_groups_and_own_replicates(survey):
    # catches: replicate weights of the file ignored or shifted by a person
    rows = rows_of_survey(survey)
    own = rows.frame.with_columns(group=pl.when(pl.col("psu") == 1).then(pl.lit("north")).otherwise(pl.lit("south")))
    with_group = DayRows(own, "f")
    by_group = usual_of_survey(with_group, Choices(by="group", replicates="none")).frame()
    assert by_group.select("model", "group").rows() == [
        (model, place) for model in ("children", "men", "women") for place in ("north", "south")
    ]
    with pytest.raises(InputProblems, match="group_missing"):
        usual_of_survey(rows, Choices(by="group"))
    copies = DayRows(own.with_columns(replicate_1=pl.col("weight"), replicate_2=pl.col("weight")), "f")
    found = usual_of_survey(copies, Choices(replicate_scale=0.5))
    assert found.replicates == "own"
    np.testing.assert_allclose(found.frame()["mean_se"].to_numpy(), 0, atol=0.5)
    with pytest.raises(InputProblems, match="replicate_scale_missing"):
        usual_of_survey(copies)


def test_without_sex_and_age_there_is_one_model(survey):
    # catches: people dropped because their sex is not in the file
    rows = rows_of_survey(survey)
    bare = rows.frame.with_columns(sex=pl.lit(None, dtype=pl.String), stratum=None, psu=None)
    found = usual_of_survey(DayRows(bare, "f"), Choices(seed=3))
    assert found.frame().select("model", "group", "n").rows() == [("all", "all", survey.persons.height)]
    assert found.replicates == "bootstrap"
    assert not {note.code for note in found.notes} & {"unweighted", "weekend_unknown"}
    unknown = bare.with_columns(weight=None, weekend=pl.col("day").cast(pl.Int64) == 1)
    unknown = unknown.with_columns(weekend=pl.when(pl.int_range(pl.len()) > 3).then(pl.col("weekend")))
    told = {note.code for note in usual_of_survey(DayRows(unknown, "f"), Choices(replicates="none")).notes}
    assert told >= {"unweighted", "weekend_unknown"}
    again = usual_of_survey(DayRows(bare, "f"), Choices(seed=3))
    assert_frame_equal(found.frame(), again.frame())


def test_progress_ends_at_one(survey):
    # catches: progress that stops before the end, or runs backwards over two diets
    told = []
    scenario_usual(survey, scenario_from(FORTIFY.format("511")), Choices(replicates="none"), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_differences_are_paired(survey):
    # catches: the standard error of a difference taken as that of two surveys; before and after swapped
    found = scenario_usual(survey, scenario_from(FORTIFY.format("511")))
    frame = found.frame()
    assert (frame["mean_change"] > 0).all()
    assert (frame["pct_below_EAR_change"] <= 1e-9).all()
    np.testing.assert_allclose(frame["mean_after"] - frame["mean_before"], frame["mean_change"], rtol=1e-9)
    both = np.hypot(found.before.frame()["mean_se"].to_numpy(), found.after.frame()["mean_se"].to_numpy())
    assert np.median(frame["mean_change_se"].to_numpy() / both) < 0.5
    assert_frame_equal(found.before.frame(), usual_of_survey(rows_of_survey(survey)).frame())


def test_a_scenario_that_meets_nothing_changes_nothing(survey):
    # catches: another fit of the same days, a difference of rounding
    found = scenario_usual(survey, scenario_from(FORTIFY.format("272")), Choices(replicates="jackknife"))
    frame = found.frame()
    for name in ("mean_change", "p50_change", "pct_below_EAR_change", "mean_change_se"):
        assert frame[name].to_list() == [0.0] * frame.height


def test_refusals(survey):
    # catches: a scenario on totals without foods; two results of other people compared
    empty = dataclasses.replace(survey, foods=survey.foods.clear())
    with pytest.raises(InputProblems, match="survey_without_foods"):
        scenario_usual(empty, scenario_from(FORTIFY.format("511")))
    rows = rows_of_survey(survey)
    some = DayRows(rows.frame.filter(pl.col("sex") == "male"), "f")
    none = Choices(replicates="none")
    with pytest.raises(InputProblems, match="distributions_differ"):
        paired(usual_of_survey(some, none), usual_of_survey(rows, none))
