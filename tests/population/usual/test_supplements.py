"""Shrink, then add; the limit for supplements alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from usual_days import drawn

from magnes.errors import InputProblems
from magnes.population.days import Days
from magnes.population.usual.boxcox import mean_over_days
from magnes.population.usual.distribution import distribution
from magnes.population.usual.estimator import with_replicates
from magnes.population.usual.fit import fit, fit_replicates, linear_predictor
from magnes.population.usual.supplements import (
    USER,
    SupplementDose,
    share_above_limit,
    supplement_guards,
    total_distribution,
    with_users,
)

EAR_MG, PEOPLE = 350.0, 600


@pytest.fixture(scope="module")
def days() -> Days:
    sex = pl.when(pl.col("person") % 2 == 0).then(pl.lit("F")).otherwise(pl.lit("M"))
    table = drawn(PEOPLE, weekend=0.5).with_columns(sex=sex)
    made = Days.from_frame(table, weekend="weekend", covariates=["age", "sex"])
    return with_replicates(made, "bootstrap", bootstraps=10)


@pytest.fixture(scope="module")
def dose(days: Days) -> SupplementDose:
    random = np.random.default_rng(8)
    taken = random.random(days.n_persons) < 0.35
    return SupplementDose(np.where(taken, random.choice([60.0, 100.0, 375.0], days.n_persons), 0.0))


def codes(caught: pytest.ExceptionInfo[InputProblems]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def test_nobody_takes_anything_is_the_distribution_of_food(days: Days) -> None:
    # catches: a second distribution that differs: grid too coarse, weekend days forgotten, replicates in another order
    fitted = fit(days)
    replicates = fit_replicates(days, fitted)
    none = SupplementDose(np.zeros(days.n_persons))
    ours = total_distribution(days, fitted, none, replicates, by="sex", ear=EAR_MG)
    plain = distribution(days, fitted, replicates, by="sex", ear=EAR_MG)
    assert (ours.groups, ours.n, ours.ear_mg) == (plain.groups, plain.n, plain.ear_mg)
    assert ours.values.keys() == plain.values.keys()
    for name, values in plain.values.items():
        assert ours.values[name] == pytest.approx(values, abs=1e-4), name


def test_agrees_with_people_drawn_one_by_one(days: Days, dose: SupplementDose) -> None:
    # catches: a dose that is shrunk with the food, taken off twice, or given to the wrong person
    with_user = with_users(days, dose)
    fitted = fit(with_user)
    found = total_distribution(with_user, fitted, dose, ear=EAR_MG, percentiles=(5, 50, 90, 95))
    random = np.random.default_rng(5)
    level = linear_predictor(with_user, fitted) + np.sqrt(fitted.var_between) * random.standard_normal((500, PEOPLE))
    sd = np.sqrt(fitted.var_within)
    food = (
        4 * mean_over_days(level, fitted.lam, sd) + 3 * mean_over_days(level + fitted.beta["weekend"], fitted.lam, sd)
    ) / 7
    total = food + dose.mg_per_day
    value = {name: float(values[0, 0]) for name, values in found.values.items()}
    assert value["mean"] == pytest.approx(total.mean(), abs=1.0)
    for share in (5, 50, 90, 95):
        assert value[f"p{share}"] == pytest.approx(np.percentile(total, share), abs=2.5)
    assert value["pct_below_EAR"] == pytest.approx(100 * (total < EAR_MG).mean(), abs=0.4)
    need = EAR_MG * (1 + 0.1 * random.standard_normal(total.shape))
    assert value["pct_inadequate_prob"] == pytest.approx(100 * (total < need).mean(), abs=0.4)


def test_adding_first_would_say_something_else(days: Days, dose: SupplementDose) -> None:
    # catches: add, then shrink: the dose is then taken for a difference between days
    fitted = fit(days)
    right = total_distribution(days, fitted, dose, ear=EAR_MG)
    added = days.with_intake(days.intake_mg + dose.mg_per_day[days.place])
    wrong = distribution(added, fit(added), ear=EAR_MG)
    assert abs(right.values["p95"][0, 0] - wrong.values["p95"][0, 0]) > 5


def test_users_belong_in_the_model(days: Days, dose: SupplementDose) -> None:
    # catches: users who eat otherwise taken as all others, without a word
    assert [one.code for one in supplement_guards(fit(days), dose)] == ["users_not_in_model"]
    with_user = with_users(days, dose)
    assert supplement_guards(fit(with_user), dose) == ()
    assert supplement_guards(fit(days), SupplementDose(np.zeros(PEOPLE))) == ()
    assert with_user.covariates[USER].sum() == (dose.mg_per_day > 0).sum()
    assert with_user.covariates.columns == ["age", "sex", USER]


def test_share_above_the_limit_is_a_weighted_count(days: Days, dose: SupplementDose) -> None:
    # catches: at the limit counted as above, weights forgotten, food in it, a standard error without replicates
    weighted = replace(days, weight=np.arange(1.0, PEOPLE + 1), replicate_weights=None, replicate_scale=None)
    found = share_above_limit(weighted, dose, 100.0)
    above = dose.mg_per_day == 375.0
    assert found.values["pct_above_limit"][0, 0] == pytest.approx(100 * np.average(above, weights=weighted.weight))
    assert found.values["pct_users"][0, 0] == pytest.approx(
        100 * np.average(dose.mg_per_day > 0, weights=weighted.weight)
    )
    assert found.scale is None
    told = share_above_limit(days, dose, {"F": 250.0, "M": 400.0}, by="sex").frame()
    assert told["pct_above_limit"].to_list()[1] == 0.0
    assert told["pct_above_limit_se"].to_list()[0] > 0
    assert "EAR" not in told.columns


def test_the_standard_error_is_that_of_the_design() -> None:
    # catches: replicates that do not reach the share: SE of a share of 300 people drawn at random is known
    people = 300
    days = with_replicates(Days.from_frame(drawn(people)), "bootstrap", bootstraps=400)
    dose = SupplementDose(np.where(np.arange(people) < 60, 300.0, 0.0))
    error = share_above_limit(days, dose, 250.0).frame()["pct_above_limit_se"][0]
    assert error == pytest.approx(100 * np.sqrt(0.2 * 0.8 / people), rel=0.15)


def test_a_total_is_never_compared_with_the_limit(days: Days, dose: SupplementDose) -> None:
    # catches: food against the limit of supplements, by whatever comes in
    fitted = fit(days)
    for total in (days, total_distribution(days, fitted, dose), dose.mg_per_day + 300):
        with pytest.raises(InputProblems) as caught:
            share_above_limit(days, total, 350.0)
        assert codes(caught) == ["usual_total_against_limit"]


def test_a_replicate_without_anybody_of_a_group_has_no_value(days: Days, dose: SupplementDose) -> None:
    # catches: a share of nobody that is 0 or the middle of a bracket
    assert days.replicate_weights is not None
    weights = days.replicate_weights.copy()
    weights[(days.covariates["sex"] == "F").to_numpy(), 3] = 0.0
    emptied = replace(days, replicate_weights=weights)
    fitted = fit(emptied, ["age"])
    total = total_distribution(emptied, fitted, dose, fit_replicates(emptied, fitted), by="sex", ear=EAR_MG)
    above = share_above_limit(emptied, dose, 250.0, by="sex")
    for values in (*total.values.values(), *above.values.values()):
        assert np.isnan(values[0, 4])
        assert np.isfinite(np.delete(values[0], 4)).all()
        assert np.isfinite(values[1]).all()


def test_unknown_is_not_zero(days: Days, dose: SupplementDose) -> None:
    # catches: people who were not asked counted as taking nothing
    some = dose.mg_per_day.copy()
    some[:200] = np.nan
    unknown = SupplementDose(some)
    for attempt in (lambda: with_users(days, unknown), lambda: total_distribution(days, fit(days), unknown)):
        with pytest.raises(InputProblems) as caught:
            attempt()
        assert codes(caught) == ["dose_unknown"]
    with pytest.raises(InputProblems) as caught:
        with_users(days, SupplementDose(some[:100]))
    assert codes(caught) == ["dose_people"]
    kept = share_above_limit(days, unknown, 250.0)
    assert kept.n == (PEOPLE - 200,)
    assert kept.values["pct_users"][0, 0] == pytest.approx(100 * (some[200:] > 0).mean())


def test_doses_are_matched_by_name(days: Days) -> None:
    # catches: doses in the order of the table instead of that of the people, a person without a row taken as 0
    names = days.person.tolist()
    table = pl.DataFrame(
        {"person": names[::-1][:-1], "supplement_mg_per_day": [float(name) for name in names[::-1][:-1]]}
    )
    dose = SupplementDose.of_people(days, pl.concat([table, table]))
    assert np.isnan(dose.mg_per_day[0])
    assert dose.mg_per_day[1:].tolist() == [float(name) for name in names[1:]]
    bad = pl.DataFrame({"person": [1, 1, 2], "supplement_mg_per_day": [10.0, 20.0, -5.0]})
    with pytest.raises(InputProblems) as caught:
        SupplementDose.of_people(days, bad)
    assert codes(caught) == ["differs_within_person", "cell"]
    with pytest.raises(InputProblems) as caught:
        SupplementDose.of_people(days, bad, dose="supplement")
    assert codes(caught) == ["column_missing"]
