"""The distribution against the reference of NHANES, against sampling, and in its properties."""

import csv
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtr
from usual_days import EAR_MG, REFERENCE, drawn

from magnes.errors import InputProblems
from magnes.population.days import Days
from magnes.population.replicates import bootstrap
from magnes.population.usual.boxcox import inverse
from magnes.population.usual.distribution import difference, distribution
from magnes.population.usual.estimator import UsualIntake, with_replicates
from magnes.population.usual.fit import fit, fit_replicates, linear_predictor
from magnes.population.usual.mixture import Parameters, usual_mean
from magnes.population.usual.supplements import SupplementDose, total_distribution

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)


@pytest.fixture(scope="module")
def usual(men):
    return UsualIntake(replicates="fay-brr").fit(men, ["group"])


@pytest.fixture(scope="module")
def synthetic():
    return Days.from_frame(drawn(800, weekend=0.8), weekend="weekend", covariates=["age"])


def reference() -> dict[str, dict[str, float]]:
    with (REFERENCE / "ref_usual_mg_nhanes0710.csv").open() as file:
        return {
            row.pop("group"): {key: float(cell or "nan") for key, cell in row.items()} for row in csv.DictReader(file)
        }


@pytest.mark.parametrize("group", [*EAR_MG, "M 19+"])
def test_group_table_of_the_survey(usual, men, group):
    # catches: a wrong mean over days, a percentile of days, weights of the wrong people, SEs that forget lambda
    theirs = reference()[group]
    if group == "M 19+":  # people with EARs of their own
        ours = usual.distribution(ear="ear").row(0, named=True)
    else:
        ours = usual.distribution(by="group", ear=EAR_MG).row(by_predicate=pl.col("group") == group, named=True)
    assert ours["n"] == theirs["n"]
    for name in ("mean", *(f"p{value}" for value in PERCENTILES)):
        assert ours[name] == pytest.approx(theirs[name], abs=0.01), name
    for name in ("pct_below_EAR", "pct_inadequate_prob"):
        assert ours[name] == pytest.approx(theirs[name], abs=0.001), name
    for name in ("mean_se", "p50_se", "pct_below_EAR_se", "pct_inadequate_prob_se"):
        assert ours[name] == pytest.approx(theirs[name], rel=0.01), name


@pytest.mark.parametrize("weekend_variance", [False, True])
def test_equals_sampling_from_the_model(synthetic, weekend_variance):
    # catches: percentiles, shares or the weekend share of another model than the one that was fitted
    fitted = fit(synthetic, weekend_variance=weekend_variance)
    random = np.random.default_rng(5)
    eta = fitted.beta["intercept"] + fitted.beta["age"] * synthetic.covariates["age"].to_numpy()
    u = eta + np.sqrt(fitted.var_between) * random.standard_normal((200, len(eta)))
    points, mass = np.polynomial.hermite_e.hermegauss(30)
    days = fitted.var_within**0.5 * points
    wide = np.sqrt(fitted.weekend_variance_ratio)
    kinds = [(4 / 7, 0.0, 1.0), (3 / 7, fitted.beta["weekend"], wide)]
    usual = sum(
        share * inverse(u[..., None] + more + spread * days, fitted.lam) @ (mass / mass.sum())
        for share, more, spread in kinds
    )
    ours = distribution(synthetic, fitted, ear=250.0).frame().row(0, named=True)
    assert ours["mean"] == pytest.approx(usual.mean(), rel=2e-3)
    assert [ours[f"p{value}"] for value in PERCENTILES] == pytest.approx(np.percentile(usual, PERCENTILES), rel=5e-3)
    assert ours["pct_below_EAR"] == pytest.approx(100 * (usual < 250).mean(), abs=0.3)
    assert ours["pct_inadequate_prob"] == pytest.approx(100 * ndtr((250 - usual) / 25).mean(), abs=0.3)


def test_share_below_a_percentile_is_that_percentage(synthetic):
    # catches: percentiles and shares on two scales
    fitted = fit(synthetic)
    table = distribution(synthetic, fitted, percentiles=(1, 5, 37.5, 99)).frame().row(0, named=True)
    for label, share in (("p1", 1), ("p5", 5), ("p37.5", 37.5), ("p99", 99)):
        below = distribution(synthetic, fitted, ear=table[label]).values["pct_below_EAR"][0, 0]
        assert below == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("groups", [["M 71+"], ["M 31-50", "M 71+"]])
def test_some_of_the_people_keep_their_own_coefficients(men, usual, groups):
    # catches: coefficients in the order of the values that happen to be left, so that one group is given another's
    everybody = usual.results("group", EAR_MG)
    some = usual.days_.take(np.isin(men.covariates["group"].to_numpy(), groups))
    found = distribution(some, usual.fit_, usual.replicate_fits_, by="group", ear=EAR_MG)
    dose = SupplementDose(np.zeros(some.n_persons))
    total = total_distribution(some, usual.fit_, dose, usual.replicate_fits_, by="group", ear=EAR_MG)
    for name, values in everybody.values.items():
        expected = values[[everybody.groups.index(group) for group in groups]]
        np.testing.assert_allclose(found.values[name], expected, rtol=1e-9)
        np.testing.assert_allclose(total.values[name], expected, rtol=1e-6)
    whole = linear_predictor(men, usual.fit_)[np.isin(men.covariates["group"].to_numpy(), groups)]
    np.testing.assert_allclose(linear_predictor(some, usual.fit_), whole)


def test_values_that_the_fit_does_not_know(men, usual):
    # catches: people of unknown groups taken as the first group
    others = replace(men, covariates=men.covariates.with_columns(group=pl.col("group") + " years"))
    with pytest.raises(InputProblems) as caught:
        distribution(others, usual.fit_, usual.replicate_fits_)
    assert [problem.code for problem in caught.value.problems] == ["choice_unknown"]


def test_groups_make_up_the_whole(men, usual):
    # catches: people counted in two groups or in none
    groups, whole = usual.results("group", 340.0), usual.results(ear=340.0)
    names = men.covariates["group"].to_numpy()
    share = np.array([men.weight[names == group].sum() for group in groups.groups]) / men.weight.sum()
    for name in ("mean", "pct_below_EAR", "pct_inadequate_prob"):
        assert share @ groups.values[name][:, 0] == pytest.approx(whole.values[name][0, 0], rel=1e-9)
    assert sum(groups.n) == whole.n[0]


def test_people_in_parts_give_the_same(synthetic, monkeypatch):
    # catches: a part that takes the parameters or weights of another; points that stand for people and do not
    days = with_replicates(synthetic, "bootstrap", bootstraps=7)
    fitted = fit(days)
    replicates = fit_replicates(days, fitted)
    at_once = distribution(days, fitted, replicates, ear=250.0)
    monkeypatch.setattr("magnes.population.usual.distribution.AT_ONCE", 1700)
    monkeypatch.setattr("magnes.population.usual.likelihood.PEOPLE_AT_ONCE", 150)
    monkeypatch.setattr("magnes.population.usual.mixture.MOST_POINTS", 0)
    in_parts = distribution(days, fit(days), fit_replicates(days, fitted), ear=250.0)
    for name, values in at_once.values.items():
        assert in_parts.values[name] == pytest.approx(values, rel=1e-8), name


def test_difference_is_paired(men):
    # catches: standard errors of two diets added up as if these were different people
    days = with_replicates(men, "fay-brr")
    more = days.with_intake(days.intake_mg + 20)
    before, after = (UsualIntake().fit(diet, ["group"]).results("group", EAR_MG) for diet in (days, more))
    change = difference(after, before)
    row, alone = change.frame().row(0, named=True), before.frame().row(0, named=True)
    assert row["mean"] == pytest.approx(20, abs=1.0)
    assert row["mean_se"] < 0.1 * alone["mean_se"]
    assert row["pct_below_EAR"] < 0
    with pytest.raises(InputProblems, match="distributions_differ"):
        difference(after, UsualIntake().fit(days, ["group"]).results())


def test_spread_is_less_than_that_of_days(men, usual):
    # catches: the share of days below the EAR given for that of people
    row = usual.distribution(ear=350.0, percentiles=(5, 95)).row(0, named=True)
    assert row["p5"] > np.percentile(men.intake_mg, 5)
    assert row["p95"] < np.percentile(men.intake_mg, 95)


def test_mean_has_no_bias_of_the_way_back(synthetic):
    # catches: the mean of the transformed scale taken back without the spread (Jensen)
    fitted = fit(synthetic, [])
    mean = distribution(synthetic, fitted).values["mean"][0, 0]
    assert mean == pytest.approx(synthetic.intake_mg.mean(), rel=0.01)
    at = Parameters.of(fitted)
    assert usual_mean(np.array([[fitted.beta["intercept"]]]), at)[0, 0] < mean


def test_nobody_is_below_the_floor(synthetic):
    # catches: a requirement below anything ever seen that divides by 0
    fitted = fit(synthetic)
    found = distribution(synthetic, fitted, ear=fitted.min_amount_mg / 3).values
    assert found["pct_below_EAR"][0, 0] == 0


def test_people_who_do_not_differ_have_one_usual_intake():
    # catches: a division by a variance of 0
    days = Days.from_frame(drawn(200))
    opposite = np.where(days.sequence == 1, 200.0, 400.0) + np.arange(days.n_days) % 3
    found = distribution(days, fit(days.with_intake(opposite), []), ear=250.0).frame().row(0, named=True)
    assert found["p95"] == pytest.approx(found["p5"], rel=1e-2)
    assert found["mean"] == pytest.approx(opposite.mean(), rel=1e-2)


def test_bootstrap_without_a_design_draws_people(synthetic):
    # catches: no standard error for a simple sample, a bootstrap that leaves everything as it is
    table = UsualIntake(replicates="bootstrap", bootstraps=60).fit(synthetic).distribution(ear=250.0)
    naive = synthetic.intake_mg.std() / np.sqrt(synthetic.n_days)
    assert naive < table["mean_se"][0] < 2 * naive
    factors = bootstrap(np.zeros(50), np.arange(50), 20).weights
    assert np.array_equal(factors, bootstrap(np.zeros(50), np.arange(50), 20).weights)


def test_group_that_a_replicate_leaves_empty():
    # catches: a share of nobody as 0, or a warning in place of an answer; a coefficient out of nothing
    table = drawn(60).with_columns(
        stratum=pl.lit(1),
        psu=pl.col("person") % 3,
        group=pl.when(pl.col("person") % 3 == 0).then(pl.lit("a")).otherwise(pl.lit("b")),
    )
    days = Days.from_frame(table, strata="stratum", psu="psu", covariates=["group"])
    found = UsualIntake(replicates="jackknife").fit(days, []).distribution(by="group", ear=250.0)
    assert found["mean_se"].is_null().to_list() == [True, False]
    assert found["mean"].is_null().to_list() == [False, False]
    with pytest.raises(InputProblems, match="replicate_singular"):
        UsualIntake(replicates="jackknife").fit(days)


def test_balanced_replicates_need_a_design(synthetic):
    # catches: strata made up from nothing
    with pytest.raises(InputProblems, match="replicates_without_design"):
        UsualIntake(replicates="fay-brr").fit(synthetic)


def test_groups_and_ears_are_checked(synthetic, men, usual):
    # catches: a group that gets the EAR of another, or none
    with pytest.raises(InputProblems, match="ear_missing"):
        usual.distribution(by="group", ear={"M 19-30": 330})
    with pytest.raises(InputProblems, match="nearest group"):
        usual.distribution(by="groupe")
    with pytest.raises(InputProblems, match="ear; cell"):
        usual.distribution(ear=0.0)


def test_switches_of_the_estimator(synthetic, men):
    # catches: options that do nothing
    assert UsualIntake().fit(synthetic).fit_.terms == ("age", "later_day", "weekend")
    assert UsualIntake(weekend=False, sequence=False).fit(synthetic, []).fit_.terms == ()
    assert UsualIntake(0.25).fit(men, ["group"]).fit_.lam == 0.25
    jackknife = UsualIntake(replicates="jackknife").fit(men, ["group"])
    assert len(jackknife.replicate_fits_.lam) == len(set(zip(men.strata, men.psu, strict=True)))
