"""The fit against lme4, against the reference of NHANES, and against itself."""

import csv
import dataclasses

import numpy as np
import polars as pl
import pytest
from scipy.stats import multivariate_normal
from usual_days import REFERENCE, drawn, men_table

from magnes.errors import InputProblems
from magnes.population.days import Days
from magnes.population.replicates import fay_brr
from magnes.population.usual.boxcox import inverse, transform
from magnes.population.usual.fit import fit, fit_replicates, linear_predictor

MODEL = ("group", "later_day")


def lme4(days: str, lam: str) -> dict[str, float]:
    with (REFERENCE / "lme4.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if (row["days"], row["lambda"]) == (days, lam)]
    return {row["name"]: float(row["value"]) for row in rows if row["name"] not in ("R", "lme4")}


def unweighted(which: str) -> Days:
    table = men_table()
    if which == "unbalanced":
        table = table.filter(~((pl.col("seqn") % 3 == 0) & (pl.col("day") == 2)))
    return Days.from_frame(table, person="seqn", covariates=["group"])


def reference(model: str) -> dict[str, float]:
    with (REFERENCE / "ref_model_parameters_0710.csv").open() as file:
        row = next(row for row in csv.DictReader(file) if row["model"] == model)
    return {name: float(value) for name, value in row.items() if name != "model"}


@pytest.mark.parametrize("which", ["all", "unbalanced"])
@pytest.mark.parametrize("lam", ["0.27", "0"])
def test_equals_lme4_at_a_given_lambda(which, lam):
    # catches: a wrong likelihood, people with one day treated as if they had two, a lost Jacobian
    theirs, ours = lme4(which, lam), fit(unweighted(which), MODEL, float(lam))
    betas = [theirs[f"beta.{number}"] for number in range(5)]
    assert list(ours.beta.values()) == pytest.approx(betas, abs=1e-6)
    assert ours.loglik == pytest.approx(theirs["loglik"], abs=1e-5)
    assert ours.var_between == pytest.approx(theirs["var_between"], rel=1e-5)
    assert ours.var_within == pytest.approx(theirs["var_within"], rel=1e-5)


@pytest.mark.parametrize("which", ["all", "unbalanced"])
def test_finds_the_lambda_of_lme4(which):
    # catches: a search that stops early or beside the optimum
    theirs, ours = lme4(which, "free"), fit(unweighted(which), MODEL)
    assert ours.lam == pytest.approx(theirs["lam"], abs=1e-5)
    assert ours.loglik == pytest.approx(theirs["loglik"], abs=1e-5)
    assert ours.loglik >= theirs["loglik"] - 1e-9


def test_equals_the_reference_of_the_survey(men):
    # catches: weights that count twice or not at all, another order of the days
    ours, theirs = fit(men, MODEL), reference("men 19+")
    assert (ours.n_persons, ours.n_days) == (theirs["n_person"], theirs["n_obs"])
    assert ours.lam == pytest.approx(theirs["lam"], abs=1e-6)
    assert ours.var_between == pytest.approx(theirs["var_between_u"], rel=1e-5)
    assert ours.var_within == pytest.approx(theirs["var_within_e"], rel=1e-5)
    assert ours.beta["later_day"] == pytest.approx(theirs["day2_coef"], abs=1e-6)
    assert ours.loglik == pytest.approx(theirs["loglik_w"], rel=1e-12)
    assert ours.min_amount_mg == theirs["min_amt"]
    assert ours.warnings == ()


def test_standard_errors_equal_the_reference(men):
    # catches: replicates in another pattern, lambda kept fixed in replicates, a scale without (1 - k)²
    days = men.with_replicates(fay_brr(men.strata, men.psu))
    ours = fit(days, MODEL)
    replicates, theirs = fit_replicates(days, ours), reference("men 19+")
    lam_se = np.sqrt((replicates.lam - ours.lam) ** 2 @ replicates.scale)
    day_se = np.sqrt((replicates.beta[:, -1] - ours.beta["later_day"]) ** 2 @ replicates.scale)
    assert (lam_se, day_se) == pytest.approx((theirs["lam_se"], theirs["day2_se"]), rel=1e-4)


def test_replicate_equals_a_fit_with_its_weights(men):
    # catches: interpolation between nodes that is too coarse, weights of another replicate
    days = men.with_replicates(fay_brr(men.strata, men.psu))
    found = fit_replicates(days, fit(days, MODEL))
    for number in (0, 17):
        alone = fit(dataclasses.replace(men, weight=days.replicate_weights[:, number]), MODEL)
        assert found.lam[number] == pytest.approx(alone.lam, abs=1e-6)
        assert found.var_between[number] == pytest.approx(alone.var_between, rel=1e-5)
        assert found.var_within[number] == pytest.approx(alone.var_within, rel=1e-5)
        assert found.beta[number] == pytest.approx(np.array(list(alone.beta.values())), abs=1e-5)
        assert found.loglik[number] == pytest.approx(alone.loglik, rel=1e-10)


def test_replicates_keep_a_given_lambda(men):
    # catches: lambda fitted in replicates though the user fixed it, or never refitted
    days = men.with_replicates(fay_brr(men.strata, men.psu))
    assert set(fit_replicates(days, fit(days, MODEL, 0.27)).lam) == {0.27}
    assert len(set(fit_replicates(days, fit(days, MODEL)).lam)) == 32


def test_no_replicates_without_weights(men):
    # catches: a standard error made up
    assert fit_replicates(men, fit(men, MODEL)) is None


def test_integer_weight_is_the_person_repeated():
    # catches: weights on days instead of people (the meaning of NLMIXED's replicate)
    table = drawn(300)
    times = 1 + pl.col("person") % 3
    weighted = Days.from_frame(table.with_columns(weight=times), weight="weight")
    copies = [table.filter(times > copy).with_columns(person=pl.col("person") + 1000 * copy) for copy in range(3)]
    a, b = fit(weighted), fit(Days.from_frame(pl.concat(copies)))
    assert a.lam == pytest.approx(b.lam, abs=1e-8)
    assert (a.var_between, a.var_within, a.loglik) == pytest.approx((b.var_between, b.var_within, b.loglik), rel=1e-7)


def with_wild_weekends(people: int, days: int) -> Days:
    """On weekend days twice the variance within, at lambda 0.3."""
    table = drawn(people, days)
    random = np.random.default_rng(8)
    more = random.normal(0, np.sqrt(2.5), table.height)
    g = transform(table["intake_mg"], 0.3) + np.where(table["weekend"], more, 0)
    return Days.from_frame(table.with_columns(intake_mg=np.maximum(inverse(g, 0.3), 1)), weekend="weekend")


def test_likelihood_with_weekend_variance_is_the_normal_one():
    # catches: precisions that enter a sum once too often, a determinant left out
    days = with_wild_weekends(40, 3)
    found = fit(days, ["later_day"], 0.3, weekend_variance=True)
    g = transform(days.intake_mg, 0.3) - linear_predictor(days, found, all_days=True)
    noise = found.var_within * np.where(days.weekend, found.weekend_variance_ratio, 1)
    total = (0.3 - 1) * np.log(days.intake_mg).sum()
    for person in range(days.n_persons):
        rows = days.place == person
        spread = np.diag(noise[rows]) + found.var_between
        total += multivariate_normal(np.zeros(rows.sum()), spread).logpdf(g[rows])
    assert found.loglik == pytest.approx(total, rel=1e-10)
    assert found.loglik >= fit(days, ["later_day"], 0.3).loglik


def test_weekend_variance_is_found():
    # catches: the variance of weekend days given to weekdays
    days = with_wild_weekends(1500, 3)
    found = fit(days, [], 0.3, weekend_variance=True)
    assert found.weekend_variance_ratio == pytest.approx(2, rel=0.1)
    assert found.var_within == pytest.approx(2.5, rel=0.1)
    assert fit(days, [], 0.3).weekend_variance_ratio == 1
    with pytest.raises(InputProblems, match="term_unknown"):
        fit(Days.from_frame(drawn(60)), weekend_variance=True)


@pytest.mark.parametrize("lam", [0.1, 0.3, 0.8])
def test_finds_what_the_days_were_drawn_from(lam):
    # catches: variances changed places, a search that only works near one lambda
    days = Days.from_frame(drawn(3000, 3, lam=lam, weekend=0.5), weekend="weekend", covariates=["age"])
    free, true = fit(days), fit(days, lam=lam)
    assert 0 <= 2 * (free.loglik - true.loglik) < 6.6  # 99 % of chi-square with one degree of freedom
    assert true.var_between == pytest.approx(2.0, rel=0.1)
    assert true.var_within == pytest.approx(2.5, rel=0.1)
    assert true.beta["weekend"] == pytest.approx(0.5, abs=0.12)
    assert abs(true.beta["age"]) < 0.005


def test_scale_of_the_intake_changes_nothing_else():
    # catches: nodes and steps that suit mg only; g instead of mg gives the same lambda and ratio
    days = Days.from_frame(drawn(400))
    a, b = fit(days), fit(days.with_intake(days.intake_mg / 1000))
    assert a.lam == pytest.approx(b.lam, abs=1e-8)
    assert a.var_between / a.var_within == pytest.approx(b.var_between / b.var_within, rel=1e-7)
    assert a.loglik == pytest.approx(b.loglik - days.n_days * np.log(1000), rel=1e-10)


def test_single_days_are_refused():
    # catches: usual intake from one day each, whose spread is that of days
    with pytest.raises(InputProblems, match="usual_single_day"):
        fit(Days.from_frame(drawn(300, days=1)))


def test_days_without_spread_are_refused():
    # catches: a lambda out of rounding errors, a division by 0
    days = Days.from_frame(drawn(20))
    for same in (np.full(days.n_days, 300.0), np.where(days.sequence == 1, 300.0, 200.0)):
        with pytest.raises(InputProblems, match="usual_no_spread"):
            fit(days.with_intake(same))
    with pytest.raises(InputProblems, match="usual_no_spread"):
        fit(days.take(np.arange(20) == 3))


def test_few_repeats_are_told():
    # catches: a variance within from a handful of people that looks as sure as any
    table = drawn(300).filter((pl.col("day") == 1) | (pl.col("person") < 49))
    assert "few_repeats" in fit(Days.from_frame(table)).warnings
    table = drawn(300).filter((pl.col("day") == 1) | (pl.col("person") < 50))
    assert "few_repeats" not in fit(Days.from_frame(table)).warnings


def test_lambda_at_its_bound_is_told():
    # catches: a lambda beyond 0 or 1 that the search stopped at in silence
    days = Days.from_frame(drawn(400, lam=0.3))
    steep = fit(days.with_intake(np.exp(days.intake_mg / 100)))
    flat = fit(days.with_intake(2000 - days.intake_mg))
    assert (steep.lam, flat.lam) == (0.0, 1.0)
    assert "lambda_at_bound" in steep.warnings
    assert "lambda_at_bound" in flat.warnings


def test_no_variance_between_people_is_told():
    # catches: a negative or invented variance when people do not differ
    random = np.random.default_rng(3)
    days = Days.from_frame(drawn(400))
    base = random.normal(300, 50, days.n_persons)[days.place]
    opposite = np.where(days.sequence == 1, 600 - base, base)
    found = fit(days.with_intake(np.maximum(opposite, 5)))
    assert "no_variance_between" in found.warnings
    assert found.var_between == pytest.approx(0, abs=found.var_within * 1e-7)


def test_terms_are_checked():
    # catches: a misspelt term that silently drops out; columns that cannot be told apart
    days = Days.from_frame(drawn(100).with_columns(twice=2 * pl.col("age")), covariates=["age", "twice"])
    with pytest.raises(InputProblems, match="nearest age"):
        fit(days, ["agee"])
    with pytest.raises(InputProblems, match="terms_same"):
        fit(days, ["age", "twice"])
    with pytest.raises(InputProblems, match="term_unknown"):
        fit(days, ["weekend"])
    with pytest.raises(InputProblems, match="lam"):
        fit(days, [], lam=1.5)
