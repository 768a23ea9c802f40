"""One person from a few days: the rows of an independent prototype, and the rule of IOM 2000 beside it."""

from __future__ import annotations

import csv
import re

import numpy as np
import polars as pl
import pytest
from usual_days import REFERENCE, drawn

from magnes.errors import InputProblems
from magnes.need import adequacy_probability
from magnes.population.days import Days
from magnes.population.usual.boxcox import mean_over_days
from magnes.population.usual.fit import UsualFit, fit
from magnes.population.usual.individual import RecalledDay, assess_person, posterior

EAR_MG, SD_WITHIN_MG = 265.0, 85.9
with (REFERENCE / "individual_cases.csv").open(encoding="utf-8") as handle:
    ROWS = list(csv.DictReader(handle))
IOM = [row for row in ROWS if row["case"].startswith("IOM")]
POSTERIOR = [row for row in ROWS if row["case"].startswith("posterior")]

# Women of 31-50 years, NHANES 2007-2012. The rows were made with one fit; its four numbers are solved from them.
WOMEN = UsualFit(
    lam=0.3063264801512224,
    lam_free=True,
    terms=(),
    beta={"intercept": 14.564097355767345},
    var_between=2.897674744898806,
    var_within=3.382177085606492,
    loglik=0.0,
    min_amount_mg=5.0,
    n_persons=2507,
    n_days=5014,
    n_repeated=2507,
)


def days_of(row: dict[str, str]) -> list[RecalledDay]:
    return [RecalledDay(intake_mg=float(mg)) for mg in re.findall(r"\d+", row["case"].partition("y=")[2])]


@pytest.mark.parametrize("row", IOM, ids=lambda row: row["case"])
def test_rule_of_iom_2000_to_all_digits(row: dict[str, str]) -> None:
    # catches: another SD of the requirement, days that do not divide the variance
    mean, n = map(float, re.search(r"mean (\d+) n=(\d+)", row["case"]).groups())
    assert float(adequacy_probability(mean, n, EAR_MG, SD_WITHIN_MG)) == pytest.approx(
        float(row["p_adequate"]), abs=1e-9
    )


@pytest.mark.parametrize("row", POSTERIOR, ids=lambda row: row["case"])
def test_rows_of_the_prototype(row: dict[str, str]) -> None:
    # catches: shrinkage by the wrong number of days, a mean without the spread that is left, both rules mixed up
    found = assess_person(WOMEN, days_of(row), ear_mg=EAR_MG, sd_within_mg=SD_WITHIN_MG)
    assert found.n_days == float(row["n"])
    assert found.mean_of_days_mg == float(row["mean_obs"])
    for name, column in (("usual_mg", "shrunk_mean"), ("low_mg", "q05"), ("median_mg", "q50"), ("high_mg", "q95")):
        assert getattr(found, name) == pytest.approx(float(row[column]), abs=1e-5)
    assert found.p_reaches_ear == pytest.approx(float(row["P_usual_ge_EAR"]), abs=1e-7)
    assert found.p_adequate == pytest.approx(float(row["P_adequate"]), abs=1e-7)
    assert found.p_adequate_iom == pytest.approx(float(row["p_iom"]), abs=1e-9)


def test_published_line_of_the_method() -> None:
    # catches: 240, 320 and 400 mg said otherwise than in the method: 311 (237-393), .83, .80, and .84 by IOM 2000
    days = [RecalledDay(intake_mg=mg) for mg in (240, 320, 400)]
    found = assess_person(WOMEN, days, ear_mg=EAR_MG, sd_within_mg=SD_WITHIN_MG)
    assert [round(mg) for mg in (found.usual_mg, found.low_mg, found.high_mg)] == [311, 237, 393]
    chances = (found.p_reaches_ear, found.p_adequate, found.p_adequate_iom)
    assert [round(p, 2) for p in chances] == [0.83, 0.80, 0.84]


def test_days_needed_give_the_width_asked_and_not_a_day_more() -> None:
    # catches: days still to come counted instead of days in all, a width on the Box-Cox scale
    days = [RecalledDay(intake_mg=300.0)] * 2
    found = assess_person(WOMEN, days, ear_mg=EAR_MG, width_mg=120.0)
    assert found.days_needed is not None
    assert found.days_needed > 2
    posterior_sd = [
        np.sqrt(WOMEN.var_between / (1 + n * WOMEN.var_between / WOMEN.var_within))
        for n in (found.days_needed - 1, found.days_needed)
    ]
    ratio = WOMEN.var_between / WOMEN.var_within
    residual = 2 * ((300**WOMEN.lam - 1) / WOMEN.lam - WOMEN.beta["intercept"])
    centre = WOMEN.beta["intercept"] + ratio / (1 + 2 * ratio) * residual
    within = np.sqrt(WOMEN.var_within)
    before, after = (
        np.ptp(mean_over_days(centre + np.array([-1.6448536, 1.6448536]) * sd, WOMEN.lam, within))
        for sd in posterior_sd
    )
    assert after <= 120 < before
    assert assess_person(WOMEN, days, ear_mg=EAR_MG, width_mg=10.0).days_needed is None
    assert assess_person(WOMEN, days, ear_mg=EAR_MG, width_mg=1000.0).days_needed == 2
    assert assess_person(WOMEN, days, ear_mg=EAR_MG).width_mg == pytest.approx(found.median_mg / 2)


def test_later_recalls_and_weekend_days_are_brought_back_first() -> None:
    # catches: effects of days added instead of taken away, or forgotten for one person
    shifted = WOMEN.model_copy(update={"beta": WOMEN.beta | {"later_day": -0.4, "weekend": 0.6}})
    plain = RecalledDay(intake_mg=300.0)
    of = {
        name: assess_person(shifted, [day], ear_mg=EAR_MG).median_mg
        for name, day in (
            ("plain", plain),
            ("later", plain.model_copy(update={"later": True})),
            ("weekend", plain.model_copy(update={"weekend": True})),
        )
    }
    assert of["later"] > of["plain"] > of["weekend"]


@pytest.mark.parametrize("ratio", [1.0, 1.7])
def test_one_person_is_that_person_of_the_crowd(ratio: float) -> None:
    # catches: a second computation for one person, covariates by another name, weekend days that count as others
    table = drawn(400, 3, weekend=0.5)
    days = Days.from_frame(table, weekend="weekend", covariates=["age"])
    fitted = fit(days).model_copy(update={"weekend_variance_ratio": ratio})
    crowd = posterior(days, fitted)
    place = 17
    rows = table.filter(table["person"] == place).sort("day")
    recalled = [
        RecalledDay(intake_mg=mg, weekend=weekend, later=day > 1)
        for mg, weekend, day in rows.select("intake_mg", "weekend", "day").iter_rows()
    ]
    one = assess_person(fitted, recalled, ear_mg=350.0, columns={"age": rows["age"][0]})
    assert one.usual_mg == pytest.approx(crowd.mean()[place], abs=1e-9)
    assert one.low_mg == pytest.approx(crowd.quantile(0.05)[place], abs=1e-9)
    assert one.p_adequate == pytest.approx(crowd.adequate(350.0)[place], abs=1e-12)
    assert one.p_reaches_ear == pytest.approx(1 - crowd.below(350.0)[place, 0], abs=1e-12)


def test_chances_come_true_under_the_model() -> None:
    # catches: a posterior too narrow (the residual variance of one day instead of all), or around the days alone
    random = np.random.default_rng(4)
    people, n = 4000, 2
    level = WOMEN.beta["intercept"] + np.sqrt(WOMEN.var_between) * random.standard_normal(people)
    g = level[:, None] + np.sqrt(WOMEN.var_within) * random.standard_normal((people, n))
    intake = np.maximum(WOMEN.lam * g + 1, 0.01) ** (1 / WOMEN.lam)
    columns = {"person": np.repeat(np.arange(people), n), "day": np.tile([1, 2], people), "intake_mg": intake.ravel()}
    found = posterior(Days.from_frame(pl.DataFrame(columns)), WOMEN)
    usual = mean_over_days(level, WOMEN.lam, np.sqrt(WOMEN.var_within))
    inside = (usual > found.quantile(0.05)) & (usual < found.quantile(0.95))
    assert inside.mean() == pytest.approx(0.90, abs=0.02)  # 4 SE
    p = 1 - found.below(EAR_MG)[:, 0]
    for low, high in ((0.0, 0.25), (0.25, 0.75), (0.75, 1.0)):
        these = (p >= low) & (p <= high)
        assert (usual[these] >= EAR_MG).mean() == pytest.approx(p[these].mean(), abs=0.045)


def test_all_that_is_wrong_is_said_at_once() -> None:
    # catches: a column taken as 0, a day of 0 mg on a Box-Cox scale, only the first problem told
    fitted = WOMEN.model_copy(update={"beta": WOMEN.beta | {"age": 0.01}})
    with pytest.raises(InputProblems) as caught:
        assess_person(fitted, [RecalledDay(intake_mg=0.0)], ear_mg=-1.0, columns={"aeg": 40.0})
    assert sorted(problem.code for problem in caught.value.problems) == [
        "cell",
        "cell",
        "usual_columns",
        "usual_columns",
    ]
    with pytest.raises(InputProblems) as caught:
        assess_person(WOMEN, [], ear_mg=EAR_MG)
    assert [problem.code for problem in caught.value.problems] == ["days_none"]


def test_people_who_hardly_differ_leave_a_point() -> None:
    # catches: a division by the variance between people
    alike = WOMEN.model_copy(update={"var_between": 1e-9})
    found = assess_person(alike, [RecalledDay(intake_mg=900.0)], ear_mg=EAR_MG)
    assert found.high_mg - found.low_mg < 0.1
