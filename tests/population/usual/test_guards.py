"""Guards: what is refused gives no number, what is warned says why; the model itself is left in peace."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import get_args

import numpy as np
import polars as pl
import pytest
from usual_days import drawn

from magnes.errors import InputProblems
from magnes.knowledge.load import table
from magnes.knowledge.records import Limit, ReferenceValue
from magnes.population.days import Days
from magnes.population.usual.estimator import UsualIntake
from magnes.population.usual.fit import UsualFit, fit
from magnes.population.usual.guards import SEVERITY, GuardCode, fit_guards, guard, reference_guards, stop
from magnes.population.usual.shape import levels_against_days, shape_guards, two_humps
from usual_truths import drawn_days, true_values


def codes(guards) -> list[str]:
    return [one.code for one in guards]


def fitted(**changed) -> UsualFit:
    plain = fit(drawn_days("model", 200, seed=1))
    return plain.model_copy(update=changed)


def test_every_code_has_a_severity() -> None:
    # catches: a code that is neither refused nor warned
    assert set(SEVERITY) == set(get_args(GuardCode))
    assert set(SEVERITY.values()) == {"refuse", "warn"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"n_repeated": 0}, ["single_day"]),
        ({"n_repeated": 49}, ["few_repeats"]),
        ({"n_repeated": 50}, []),
        ({"var_within": 0.0}, ["no_variance_within"]),
        ({"var_between": 0.0}, ["no_variance_between"]),
        ({"warnings": ("lambda_at_bound", "no_variance_between")}, ["no_variance_between", "lambda_at_bound"]),
    ],
)
def test_what_a_fit_is_not_good_for(changed: dict[str, object], expected: list[str]) -> None:
    # catches: a bound off by one, a warning of the fit that nobody is told
    assert codes(fit_guards(fitted(**changed))) == expected


def test_forty_nine_repeats_give_no_number() -> None:
    # catches: a distribution from a variance within that is hardly known; a guard that the estimator never asks
    table = drawn(300).filter((pl.col("day") == 1) | (pl.col("person") < 49))
    with pytest.raises(InputProblems) as caught:
        UsualIntake().fit(Days.from_frame(table))
    assert [(problem.code, problem.found) for problem in caught.value.problems] == [("usual_few_repeats", "49")]
    enough = drawn(300).filter((pl.col("day") == 1) | (pl.col("person") < 50))
    assert UsualIntake().fit(Days.from_frame(enough)).fit_.n_repeated == 50


def test_only_an_ear_may_be_compared() -> None:
    # catches: a share below an AI, an RDA or a limit for totals that is passed off as too little or too much
    for kind in {row.kind for row in table(ReferenceValue)}:
        found = codes(reference_guards(kind))
        assert found == {"EAR": [], "AI": ["ai_as_ear"]}.get(kind, ["reference_not_ear"])
    for kind in {row.kind for row in table(Limit)} & {"UL", "guidance"}:
        assert codes(reference_guards(kind)) == ["total_against_limit"]
        assert reference_guards(kind, with_food=False) == ()
    with pytest.raises(InputProblems) as caught:
        stop(reference_guards("AI"))
    assert [problem.code for problem in caught.value.problems] == ["usual_ai_as_ear"]


def test_warnings_pass_and_refusals_come_together() -> None:
    # catches: a warning that stops, only the first refusal told
    warned = (guard("two_humps", "12.3"), guard("lambda_at_bound", "0"))
    assert stop(warned) == warned
    with pytest.raises(InputProblems) as caught:
        stop([*warned, guard("single_day"), guard("ai_as_ear", "AI")])
    assert [problem.code for problem in caught.value.problems] == ["usual_single_day", "usual_ai_as_ear"]


def test_the_model_itself_is_left_in_peace() -> None:
    # catches: a guard that cries at data as they should be (its rates: docs/validation/usual_coverage.md)
    found = [shape_guards(days, fit(days)) for days in (drawn_days("model", 2000, seed) for seed in range(1, 13))]
    assert sum(bool(one) for one in found) <= 2


def test_fortified_people_are_seen_as_two_groups() -> None:
    # catches: humps that are not looked for, the share of the wrong group, lambda held where one group put it
    days = drawn_days("fortified", 5000, seed=1)
    alone = fit(days)
    assert {"two_humps", "levels_and_days_differ"} == set(codes(shape_guards(days, alone)))
    assert set(codes(UsualIntake().fit(days).guards_)) == {"two_humps", "levels_and_days_differ"}
    humps = two_humps(days, alone)
    assert humps.gain > 15
    assert humps.distance > 1.5
    assert humps.lam < alone.lam + 1e-9


def test_gamma_people_ask_for_another_scale_than_their_days() -> None:
    # catches: a sign or a projection lost: the moment is then near 0 whatever the data
    scores = [levels_against_days(days, fit(days)) for days in (drawn_days("gamma", 5000, seed) for seed in (1, 2, 3))]
    assert np.mean(scores) < -2.5


def test_the_score_is_standard_normal_under_the_model() -> None:
    # catches: a variance that forgets that lambda was fitted (SD 0.6), or people counted as days
    scores = [levels_against_days(days, fit(days)) for days in (drawn_days("model", 400, seed) for seed in range(60))]
    assert np.mean(scores) == pytest.approx(0, abs=0.45)
    assert 0.75 < np.std(scores) < 1.3


def test_people_of_one_sampling_unit_count_together() -> None:
    # catches: copies of people in a unit taken as independent, units of two strata with the same name taken as one
    days = drawn_days("gamma", 600, seed=4)
    score = levels_against_days(days, fit(days))
    table = pl.DataFrame({"place": days.place, "day": days.sequence, "intake_mg": days.intake_mg})
    copies = pl.concat([table.with_columns(person=pl.col("place") + 600 * copy) for copy in range(4)])
    names = {"strata": pl.col("place") // 2, "psu": pl.col("place") % 2}
    fourfold = Days.from_frame(copies.with_columns(**names), strata="strata", psu="psu")
    assert levels_against_days(fourfold, fit(fourfold)) == pytest.approx(score, rel=1e-3)
    alone = replace(fourfold, strata=None, psu=None)
    assert levels_against_days(alone, fit(alone)) == pytest.approx(2 * score, rel=1e-3)


@pytest.mark.parametrize("weekend", [False, True])
def test_scores_are_slopes_of_the_likelihood(weekend: bool) -> None:
    # catches: an error in any of the derivatives: at the optimum each sums to 0, beside it to the slope
    from magnes.population.usual.shape import _Residuals, _scores

    table = drawn(500, 3, weekend=0.4).filter((pl.col("person") + pl.col("day")) % 4 > 0)
    days = Days.from_frame(table, weekend="weekend", covariates=["age"])
    best = fit(days, weekend_variance=weekend)
    at_best = days.weight @ _scores(days, best, _Residuals(days, best, best.lam))
    assert np.abs(at_best).max() < 1e-3
    lams = [best.lam + step for step in (0.03, 0.03 - 1e-4, 0.03 + 1e-4)]
    middle, low, high = (fit(days, best.terms, lam, weekend_variance=weekend) for lam in lams)
    slope = days.weight @ _scores(days, middle, _Residuals(days, middle, middle.lam))
    assert slope[-1] == pytest.approx((high.loglik - low.loglik) / 2e-4, rel=1e-3)  # envelope theorem


def test_weights_of_any_size_say_the_same() -> None:
    # catches: a gain or a score that grows with the unit of the weights
    days = drawn_days("fortified", 1500, seed=2)
    heavy = replace(days, weight=days.weight * 12345.0)
    one, other = fit(days), fit(heavy)
    assert levels_against_days(heavy, other) == pytest.approx(levels_against_days(days, one), rel=1e-6)
    assert two_humps(heavy, other).gain == pytest.approx(two_humps(days, one).gain, rel=1e-4, abs=1e-2)


@pytest.mark.parametrize(("truth", "below"), [("model", 56.7658), ("gamma", 54.19905), ("fortified", 55.0072)])
def test_truths_are_those_of_the_published_simulation(truth, below: float) -> None:
    # catches: a simulated truth that is not the one whose answers are known
    values = true_values(truth)
    assert values["pct_below_EAR"] == pytest.approx(below, abs=0.05)
    drawn = drawn_days(truth, 40_000, seed=3, days=1).intake_mg
    assert drawn.mean() == pytest.approx(values["mean"], rel=0.01)
    assert all(low < high for low, high in pairwise([values["p5"], values["p50"], values["p95"]]))


def test_no_share_from_shrunken_means_is_offered() -> None:
    # catches: a function that makes a prevalence of posterior means
    from magnes.population.usual import individual

    assert not [name for name in individual.__all__ if re.search("share|preval|distribution", name)]
