"""Virtual trials: luck that is shared, arms that differ, an analysis that is right on average."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from magnes.errors import InputProblems
from magnes.population.people import MedicineUse
from magnes.population.trial import enrolled, run
from magnes.population.trial_analysis import ancova, interval_of_mean, within_people
from magnes.population.trial_course import Crowd, followed, sequences
from magnes.population.trial_luck import allocated, drawn, measured
from magnes.population.trial_people import people_of
from magnes.population.trial_spec import Dose, PeopleSpec, design_of

ARMS = {"control": None, "citrate": Dose("citrate", 150, 2)}
DAYS = 21


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd.of(people_of(PeopleSpec(number=24, each_own_parameters=False)))


def test_a_trial_says_who_was_measured_and_what_it_found(crowd: Crowd) -> None:
    # catches: counts, visits or provenance that do not belong to the trial that was run
    found = run(crowd, design_of(ARMS, days=DAYS, measure_days=(14, DAYS)))
    assert [(row.arm, row.assigned, row.analysed, row.left) for row in found.counts] == [
        ("control", 12, 12, 0),
        ("citrate", 12, 12, 0),
    ]
    assert [(row.arm, row.day, row.n) for row in found.visits] == [
        (arm, day, 12) for arm in ARMS for day in (0, 14, DAYS)
    ]
    assert found.differences[0].effect.low < found.differences[0].without_luck < found.differences[0].effect.high
    assert found.unit == "mmol/L"
    assert set(found.provenance) == {"engine", "knowledge", "seed", "device"}
    assert {"trial_all_taken", "trial_all_stay", "trial_error_of_table"} <= set(found.assumptions)
    assert found.frame().shape == (24 * 3, 5)


def test_a_control_arm_stays_where_it_was(crowd: Crowd) -> None:
    # catches: a dose, a diet or a drift in the arm that takes nothing
    true = followed(crowd, design_of(ARMS, days=DAYS))
    assert true.shape == (2, 1, 2, len(crowd))
    np.testing.assert_allclose(true[0, 0, 1], true[0, 0, 0], rtol=1e-4)
    np.testing.assert_array_equal(true[0, 0, 0], true[1, 0, 0])
    assert (true[1, 0, 1] > true[1, 0, 0]).all()


def test_dose_salt_and_adherence_order_the_effect(crowd: Crowd) -> None:
    # catches: a dose that is not read, oxide that dissolves like citrate, days without a dose that count
    arms = {"none": None, "half": Dose("citrate", 75, 2), "whole": ARMS["citrate"], "oxide": Dose("oxide", 150, 2)}
    none, half, whole, oxide = followed(crowd, design_of(arms, days=DAYS))[:, 0, 1].mean(axis=-1)
    skipped = followed(crowd, design_of(arms, days=DAYS, adherence=0.5))[2, 0, 1].mean()
    assert none < half < whole
    assert none < oxide < whole
    assert none < skipped < whole


def test_urine_and_balance_follow_the_dose(crowd: Crowd) -> None:
    # catches: urine in mg, or the sum of all days in the place of one
    urine = followed(crowd, design_of(ARMS, days=DAYS, endpoint="urine_24h"))[:, 0].mean(axis=-1)
    balance = followed(crowd, design_of(ARMS, days=DAYS, endpoint="balance"))[:, 0].mean(axis=-1)
    assert 1 < urine[0, 0] < 8  # mmol a day
    assert 0.5 < urine[1, 1] - urine[0, 1] < 300 / 24.305
    assert abs(balance[0, 1]) < 0.5
    assert balance[1, 1] > 0.5


def test_the_same_seed_is_the_same_trial_and_another_is_not(crowd: Crowd) -> None:
    # catches: luck from outside the streams
    design = {"days": DAYS, "adherence": 0.8, "adherence_sd": 0.1, "dropout_per_month": 0.1}
    one, again, other = (run(crowd, design_of(ARMS, **design, seed=seed)) for seed in (1, 1, 2))
    assert one.as_dict() == again.as_dict()
    assert one.differences != other.differences


def test_luck_does_not_move_with_dose_arms_or_other_people(crowd: Crowd) -> None:
    # catches: a draw more in one decision that shifts another; people whose luck depends on who else is there
    first = design_of(ARMS, days=DAYS, dropout_per_month=0.1)
    more = {**ARMS, "oxide": Dose("oxide", 100)}
    second = design_of(more, days=DAYS, dropout_per_month=0.1, measure_days=(14, DAYS), adherence=0.7)
    one, two = drawn(first, crowd.number), drawn(second, crowd.number)
    np.testing.assert_array_equal(one.noise[0, 0], two.noise[0, 0])
    np.testing.assert_array_equal(one.noise[0, -1], two.noise[0, -1])
    np.testing.assert_array_equal(one.drop_day, two.drop_day)
    few = drawn(first, crowd.number[:7])
    np.testing.assert_array_equal(few.noise, one.noise[..., :7])
    np.testing.assert_array_equal(allocated(first, crowd.sex)[:7], allocated(first, crowd.sex[:7]))
    skipped = design_of(ARMS, days=DAYS, adherence=0.7)
    np.testing.assert_allclose(
        followed(crowd.some(np.arange(5)), skipped), followed(crowd, skipped)[..., :5], rtol=1e-9
    )


def test_blocks_keep_arms_equal_and_strata_apart() -> None:
    # catches: blocks that drift apart, strata that are not looked at, a ratio that is not kept
    sex = np.array(["female"] * 31 + ["male"] * 30)
    by_sex = allocated(design_of(ARMS, allocation="sex"), sex)
    for one in ("female", "male"):
        assert abs(int((by_sex[sex == one] == 0).sum()) - int((by_sex[sex == one] == 1).sum())) <= 2
    ratio = allocated(design_of(ARMS, ratio=(1, 2)), np.full(60, "female"))
    assert np.bincount(ratio).tolist() == [20, 40]
    simple = allocated(design_of(ARMS, allocation="simple", ratio=(1, 3)), np.full(4000, "female"))
    assert abs((simple == 1).mean() - 0.75) < 0.03
    assert len({tuple(allocated(design_of(ARMS, seed=seed), sex[:8])) for seed in range(20)}) > 5


def test_who_leaves_is_not_measured_after_it(crowd: Crowd) -> None:
    # catches: dropout that loses values before the day, or none after; a chance that is not that of a month
    design = design_of(ARMS, days=365, dropout_per_month=0.05)
    luck = drawn(design, np.arange(20_000))
    assert abs((luck.drop_day > 365).mean() - 0.95**12) < 0.01
    luck = drawn(design, crowd.number)
    values = measured(np.ones((1, 2, len(crowd))), luck, design)
    np.testing.assert_array_equal(np.isfinite(values[0, 1]), luck.drop_day >= 365)
    assert np.isfinite(values[0, 0]).all()


def test_errors_are_those_of_the_table_or_of_the_caller() -> None:
    # catches: an error that shifts the mean, or has another size than asked
    ones, many = np.ones((1, 2, 50_000)), np.arange(50_000)
    for error, sd in ((None, np.hypot(0.02, 0.03)), (0.1, 0.1), (0.0, 0.0)):
        design = design_of(ARMS, assay_error=error)
        values = measured(ones, drawn(design, many), design)
        assert values.mean() == pytest.approx(1.0, abs=0.002)
        assert values.std() == pytest.approx(sd, rel=0.02, abs=1e-12)


@pytest.mark.parametrize("adherence", [1.0, 0.9])
def test_crossover_gives_everybody_everything(crowd: Crowd, adherence: float) -> None:
    # catches: one sequence only; a dose that is still there after the washout; an analysis between people
    design = design_of(ARMS, days=DAYS, design="crossover", washout_days=60, adherence=adherence)
    assert sequences(design) == ((0, 1), (1, 0))
    true = followed(crowd, design)
    np.testing.assert_allclose(true[1, 1, 0], true[0, 0, 0], rtol=0.01)
    found = run(crowd, design)
    assert [row.assigned for row in found.counts] == [len(crowd)] * 2
    between = run(crowd, design_of(ARMS, days=DAYS, adherence=adherence))
    assert found.differences[0].effect.se < 0.75 * between.differences[0].effect.se


def test_low_serum_by_chance_rises_in_the_control_arm(crowd: Crowd) -> None:
    # catches: a bound that asks the true value, so that nobody regresses to the mean
    many = Crowd.of(people_of(PeopleSpec(number=300, each_own_parameters=False)))
    design = design_of(ARMS, days=14, serum_between_mmol_per_l=(0.3, 0.79), assay_error=0.06)
    chosen = enrolled(many, design)
    assert 20 < len(chosen) < len(many)
    found = run(many, design)
    control = next(row for row in found.visits if row.arm == "control" and row.day == 14)
    assert control.change > 2 * control.change_sd / np.sqrt(control.n)
    with pytest.raises(InputProblems, match="trial_too_few"):
        run(crowd, design_of(ARMS, enrol=1000))


def test_ancova_is_that_of_the_textbook() -> None:
    # catches: a wrong contrast, degrees of freedom or standard error (checked against a t-test of residuals)
    rng = np.random.default_rng(3)
    first, arm = rng.normal(size=90), np.repeat([0, 1, 2], 30)
    end = 2 + 0.5 * first + np.array([0.0, 0.3, 1.0])[arm] + 0.1 * rng.normal(size=90)
    end[3] = np.nan
    one, two = ancova(end, first, arm, 3)
    assert one.df == 89 - 4
    assert one.value == pytest.approx(0.3, abs=0.1)
    assert two.value == pytest.approx(1.0, abs=0.1)
    kept = np.isfinite(end)
    plain = ancova(end[kept & (arm < 2)], np.zeros(59), arm[kept & (arm < 2)], 2)  # a constant cannot be adjusted for
    assert np.isnan(plain[0].value)
    unadjusted = stats.ttest_ind(end[arm == 2], end[kept & (arm == 0)])
    assert two.p < unadjusted.pvalue


def test_ancova_takes_out_what_strata_explain() -> None:
    # catches: blocks within each sex whose sex is then left out of the analysis
    rng = np.random.default_rng(7)
    first, arm, male = rng.normal(size=80), np.tile([0, 1], 40), np.repeat([0.0, 1.0], 40)
    end = first + 0.2 * arm + 3 * male + 0.1 * rng.normal(size=80)
    (plain,), (adjusted,) = ancova(end, first, arm, 2), ancova(end, first, arm, 2, male)
    assert adjusted.se < plain.se / 5
    assert adjusted.low < 0.2 < adjusted.high
    assert adjusted.df == plain.df - 1


def test_who_may_take_part() -> None:
    # catches: a criterion that is not asked, people without the measurement who meet it, a diet that is not scaled
    spec = PeopleSpec(number=30, sex="female", ages=(30, 70), bmi=(20, 40), egfr_from=60, diabetes=False)
    found = people_of(spec.model_copy(update={"mean_intake_mg": 400.0}))
    assert not found.male.any()
    assert not found.diabetes.any()
    assert (found.age_years >= 30).all()
    assert (found.age_years <= 70).all()
    assert (found.egfr_ml_min_1_73m2 >= 60).all()
    bmi = found.weight_kg / (found.height_cm / 100) ** 2
    assert bmi.min() >= 20
    assert bmi.max() <= 40
    weights = found.pool.survey_weight
    assert np.average(found.pool.intake_mg.mean(axis=1), weights=weights) == pytest.approx(400)
    assert people_of(PeopleSpec(number=50)).intake_mg.mean(axis=1).min() > 50
    with pytest.raises(InputProblems, match="pool_empty"):
        people_of(PeopleSpec(egfr_from=249))


def test_a_medicine_moves_the_people_of_a_trial() -> None:
    # catches: medicines of the file that nobody takes
    plain = PeopleSpec(number=20, each_own_parameters=False)
    with_ppi = plain.model_copy(update={"medicines": (MedicineUse(medicine="omeprazole", share=1.0),)})
    design = design_of(ARMS, days=7)
    one, two = (followed(Crowd.of(people_of(spec)), design)[0, 0, 0] for spec in (plain, with_ppi))
    assert (two < one).all()


def test_within_people_is_a_paired_t_test_when_order_does_not_matter() -> None:
    # catches: variance between people in the error of a crossover
    rng = np.random.default_rng(5)
    person, gain = rng.normal(size=40), rng.normal(0.2, 0.1, size=40)
    arm = np.array([np.arange(40) % 2, 1 - np.arange(40) % 2])
    values = person + gain * arm
    (found,) = within_people(values, arm, 2)
    difference = np.where(arm[0] == 1, values[0] - values[1], values[1] - values[0])
    assert found.value == pytest.approx(difference.mean())
    assert found.se == pytest.approx(difference.std(ddof=1) / np.sqrt(40), rel=0.05)
    assert found.df == 38
    values[1, 0] = np.nan  # who has one period tells nothing
    assert within_people(values, arm, 2)[0].df == 37
    assert np.isnan(within_people(values * np.nan, arm, 2)[0].p)


def test_interval_of_a_mean() -> None:
    # catches: a normal quantile for few people, missing values that count
    n, mean, sd, low, high = interval_of_mean(np.array([1.0, 2.0, 3.0, np.nan]))
    assert (n, mean, sd) == (3, 2.0, 1.0)
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 2, 2.0, 1 / np.sqrt(3)))
    assert interval_of_mean(np.array([1.0]))[0] == 1
