"""Food and supplements together: against the distribution of food itself, where the sum can be known from it."""

import numpy as np
import polars as pl
import pytest
from synthetic_survey import write_survey

from magnes.population.scenario_spec import SupplementPolicy, scenario_from
from magnes.population.scenario_usual import scenario_usual
from magnes.population.supplement_usual import supplement_limits, with_supplements
from magnes.population.survey_days import rows_of_survey
from magnes.population.survey_usual import Choices, usual_of_survey
from magnes.population.usual.fit import linear_predictor
from magnes.population.usual.mixture import Parameters, usual_mean
from magnes.readers.day_rows import DayRows
from magnes.readers.nhanes import read_survey

EAR = 300.0


def policy(share=1.0, dose=80.0):
    return SupplementPolicy(do="supplement", share=share, salt="citrate", mg_per_day=dose)


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return read_survey(write_survey(tmp_path_factory.mktemp("survey")))


@pytest.fixture(scope="module")
def women(survey):
    return usual_of_survey(rows_of_survey(survey), Choices(by="model")).models[-1].fitted


def together(fitted, taken=0.0, policies=(), limit=350.0, ear=EAR):
    n = fitted.days_.n_persons
    taken, ear, limits = (np.broadcast_to(np.asarray(one, dtype=float), n) for one in (taken, ear, limit))
    return with_supplements(
        fitted.days_, fitted.fit_, fitted.replicate_fits_, by="model", taken_mg=taken, ear_mg=ear, limit_mg=limits,
        policies=policies,
    )  # fmt: skip


def test_everybody_taking_the_same_is_a_shifted_requirement(women):
    # catches: a supplement added to single days; a requirement shifted the wrong way; replicates of other people
    found = together(women, policies=(policy(),))
    food = women.results(by="model", ear=EAR - 80)
    np.testing.assert_allclose(found.values["pct_total_below_EAR"], food.values["pct_below_EAR"], rtol=1e-9)
    np.testing.assert_allclose(found.values["mean_total"], food.values["mean"] + 80, rtol=1e-12)
    np.testing.assert_allclose(found.values["pct_users"], 100)
    assert together(women, policies=(policy(dose=EAR + 1),)).values["pct_total_below_EAR"].max() == 0


def test_a_share_lies_between_in_every_replicate(women):
    # catches: draws in place of shares; parts weighed without the share; policies that are not independent
    nobody, everybody = together(women), together(women, policies=(policy(),))
    some = together(women, policies=(policy(0.27),))
    for name in ("pct_total_below_EAR", "mean_total", "pct_users"):
        expected = 0.73 * nobody.values[name] + 0.27 * everybody.values[name]
        np.testing.assert_allclose(some.values[name], expected, rtol=1e-12)
    twice = together(women, policies=(policy(0.5), policy(0.5)))
    np.testing.assert_allclose(twice.values["pct_users"], 75)
    np.testing.assert_allclose(twice.values["mean_supplement"], 80)


def test_only_supplements_are_compared_with_their_limit(women):
    # catches: food in the comparison; a dose at the limit counted as above; a limit that is unknown taken as none
    at, above = (together(women, policies=(policy(0.4, dose),)) for dose in (350.0, 351.0))
    np.testing.assert_allclose(at.values["pct_supplement_above_limit"], 0)
    np.testing.assert_allclose(above.values["pct_supplement_above_limit"], 40)
    assert "pct_supplement_above_limit" not in together(women, limit=np.nan).values
    without = together(women, policies=(policy(0.4, 351.0),), ear=np.nan).values
    assert "pct_total_below_EAR" not in without
    np.testing.assert_allclose(without["pct_supplement_above_limit"], 40)


def test_who_is_not_known_is_left_out(women):
    # catches: an unknown amount taken as 0
    taken = np.full(women.days_.n_persons, np.nan)
    assert together(women, taken) is None
    taken[:10] = 50.0
    assert together(women, taken).n == (10,)


def test_limits_of_ages():
    # catches: the limit of adults for children; guidance or a legal maximum taken as upper limit
    sex, age = np.array(["male", "female", "male"]), np.array([2.0, 5.0, 40.0])
    assert supplement_limits("iom-1997", sex, age).tolist() == [65, 110, 350]
    assert supplement_limits("gezondheidsraad-2018", sex[2:], age[2:]).tolist() == [250]


def test_supplements_of_the_survey_and_of_a_policy(survey):
    # catches: own supplements lost under a policy; a policy in the food; users and others with one food intake
    rows = rows_of_survey(survey)
    half = pl.when(pl.col("person").cast(pl.Int64) // 2 % 2 == 0).then(100.0).otherwise(0.0)
    known = DayRows(rows.frame.with_columns(supplement_mg_per_day=half), "f")
    own = usual_of_survey(known, Choices(by="model", replicates="none"))
    table = own.supplement_frame()
    assert table["pct_users"].is_between(1, 99).all()
    np.testing.assert_allclose(table["mean_supplement"], table["pct_users"])
    assert any("takes_supplements" in name for name in own.models[1].fit.beta)
    more = usual_of_survey(known, Choices(by="model", replicates="none"), policies=(policy(),)).supplement_frame()
    np.testing.assert_allclose(more["mean_supplement"], table["mean_supplement"] + 80)
    np.testing.assert_allclose(more["mean_food"], table["mean_food"])


def test_food_stays_as_it_is_under_a_policy_for_some(survey):
    # catches: people of some ages, or with known supplements, given the food of others
    rows = rows_of_survey(survey)
    person = pl.col("person").cast(pl.Int64)
    dose = pl.when(person // 2 % 2 == 0).then(100.0).otherwise(0.0)
    some = pl.when(person // 2 % 5 > 0).then(dose)
    known = DayRows(rows.frame.with_columns(supplement_mg_per_day=some), "f")
    old = SupplementPolicy(do="supplement", age_from_years=51, share=0.5, salt="citrate", mg_per_day=80)
    none = Choices(replicates="none")
    usual = usual_of_survey(known, none)
    after = usual_of_survey(known, none, policies=(old,)).supplement_frame()
    np.testing.assert_allclose(after["mean_food"], usual.supplement_frame()["mean_food"], rtol=1e-9)
    model = usual.models[-1].fitted
    level = linear_predictor(model.days_, model.fit_)
    taken = dict(known.frame.select("person", "supplement_mg_per_day").rows())
    given = np.array([taken[name] is not None for name in model.days_.person.tolist()])
    group = model.days_.covariates["sex_age"].to_numpy()
    for row in usual.supplement_frame().filter(pl.col("model") == "women").iter_rows(named=True):
        here = given & (group == row["group"])
        at, weight = Parameters.of(model.fit_), model.days_.weight[here]
        mean = usual_mean(level[None, here], at, at.sd_between)[0] @ weight / weight.sum()
        assert row["mean_food"] == pytest.approx(mean, rel=1e-9)


def test_a_group_that_a_replicate_leaves_empty(survey):
    # catches: a division by 0 when the only sampling unit of a group is left out, a standard error made of it
    rows = rows_of_survey(survey)
    lonely = pl.when((pl.col("stratum") == 2) & (pl.col("psu") == 1)).then(pl.lit("one unit")).otherwise(pl.lit("rest"))
    known = DayRows(rows.frame.with_columns(group=lonely, supplement_mg_per_day=pl.lit(50.0)), "f")
    table = usual_of_survey(known, Choices(by="group", replicates="jackknife")).supplement_frame()
    errors = dict(table.filter(pl.col("model") == "women").select("group", "mean_food_se").rows())
    assert errors["one unit"] is None
    assert errors["rest"] > 0


def test_a_scenario_with_food_and_supplements(survey):
    # catches: the effect of a supplement in the table of food; a survey without supplements not told
    bread = 'name = "x"\n[[change]]\ndo = "fortify"\nfoods = ["511"]\nadd_mg_per_100g = 30\n'
    women = '[[change]]\ndo = "supplement"\nsex = "female"\nage_from_years = 19\nshare = 0.5\nsalt = "oxide"\n'
    none = Choices(by="model", replicates="none")
    both = scenario_usual(survey, scenario_from(f"{bread}{women}mg_per_day = 100\n"), none)
    food = scenario_usual(survey, scenario_from(bread), none)
    assert both.frame().equals(food.frame())
    assert food.supplement_frame() is None
    added = dict(both.supplement_frame().select("model", "mean_supplement_change").rows())
    assert added == pytest.approx({"children": 0, "men": 0, "women": 50})
    assert "supplements_unknown" in {note.code for note in both.before.notes}
