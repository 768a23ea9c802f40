"""Virtual people: survey rows that stay whole, a stream per decision, the body of the one-person path."""

import dataclasses
import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtr
from scipy.stats import kstest

from magnes.absorption import offers
from magnes.body.course import observed
from magnes.body.draws import ensemble, posterior, stream, uniform
from magnes.body.scenario import Scenario
from magnes.diary import resolve
from magnes.errors import InputProblems
from magnes.examples import example_survey
from magnes.knowledge.body_parameters import BodyParameter, Variability
from magnes.knowledge.load import table
from magnes.person import Supplement
from magnes.population.bodies import Taking, bodies
from magnes.population.people import MedicineUse, people
from magnes.population.pool import EXAMPLES, HOURS, PLACES, pool_like, pool_of
from magnes.readers.nhanes import person_and_diary

PPI = MedicineUse(medicine="omeprazole", share=0.4)


@pytest.fixture(scope="module")
def pool():
    return pool_like(EXAMPLES)


def columns(found):
    frame = found.frame()
    scores = {name: found.normal(f"person {name}") for name in (row.name for row in table(Variability))}
    return frame.with_columns(pl.Series(name, values) for name, values in scores.items())


@pytest.mark.parametrize("first", [0, 1, 2, 3, 4, 7, 4001])
def test_numbers_of_a_stream_from_any_place_are_those_of_the_whole(first):
    """Catches: a generator that counts from the begin of a part, or jumps by blocks of four."""
    whole = uniform(3, "test", 0, 5000)
    assert (uniform(3, "test", first, 50) == whole[first : first + 50]).all()


def test_a_stream_is_uniform_and_its_own():
    """Catches: wrong bits (a part of the range never comes), 0 or 1 among them, decisions or seeds that agree."""
    whole = uniform(1, "one", 0, 20_000)
    assert kstest(whole, "uniform").pvalue > 0.001
    assert 0 < whole.min() < whole.max() < 1
    for other in (uniform(1, "other", 0, 20_000), uniform(2, "one", 0, 20_000)):
        assert abs(np.corrcoef(whole, other)[0, 1]) < 0.03
    words = stream(1, "one").bit_generator.random_raw(3)
    assert whole[:3] == pytest.approx(words / 2**64, abs=1e-15)


def test_person_k_is_the_same_in_a_part_of_any_size(pool):
    """Catches: a draw that depends on where a part begins or how many people it has."""
    whole = columns(people(300, like=pool, seed=5, medicines=[PPI]))
    for size in (1, 7, 100):
        parts = [columns(people(size, like=pool, seed=5, first=first, medicines=[PPI])) for first in (0, size, 200)]
        for part, first in zip(parts, (0, size, 200), strict=True):
            assert part.equals(whole[first : first + size])


def test_another_decision_moves_nobody(pool):
    """Catches: medicines drawn from the stream of people or of bodies; one medicine that shifts another."""
    plain = people(500, like=pool, seed=2, medicines=[PPI])
    more = people(500, like=pool, seed=2, medicines=[MedicineUse(medicine="furosemide", share=0.5), PPI])
    assert columns(more).drop("takes_C03CA01").equals(columns(plain))
    fewer = people(500, like=pool, seed=2, medicines=[PPI.model_copy(update={"share": 0.2})])
    takes, less = plain.medicines["A02BC01"], fewer.medicines["A02BC01"]
    assert less.sum() < takes.sum()
    assert not (less & ~takes).any()  # nobody begins when the share falls


def test_medicines_go_to_the_people_that_are_meant(pool):
    """Catches: a condition on sex, age or diabetes that is ignored or turned round; two rows of one medicine."""
    rows = [
        MedicineUse(medicine="omeprazole", share=1, sex="female", age_to=40),
        MedicineUse(medicine="A02BC01", share=1, age_from=60),
        MedicineUse(medicine="metformin", share=1, diabetes=False),
    ]
    found = people(400, like=pool, medicines=rows)
    expected = (~found.male & (found.age_years <= 40)) | (found.age_years >= 60)
    assert 0 < expected.sum() < 400
    assert (found.medicines["A02BC01"] == expected).all()
    assert (found.medicines["A10BA02"] == ~found.diabetes).all()


def test_people_come_by_their_weights(pool):
    """Catches: equal chances for all, weights of another column, the last row drawn too often."""
    found = people(40_000, like=pool)
    share = np.bincount(found.row, minlength=len(pool.seqn)) / 40_000
    expected = pool.survey_weight / pool.survey_weight.sum()
    assert np.abs(share - expected).max() < 4 * np.sqrt(expected.max() / 40_000)


def test_the_pool_keeps_adults_with_two_complete_days_and_says_who_was_left_out(pool):
    """Catches: children, pregnant people, one-day people or people of unknown foods in the pool; nobody told."""
    survey = example_survey()
    assert len(pool.seqn) + sum(pool.left_out.values()) == survey.persons.height
    assert pool.age_years.min() >= 18
    pregnant = survey.persons.filter(pl.col("RIDEXPRG") == 1)["SEQN"].to_list()
    assert not set(pregnant) & set(pool.seqn.tolist())
    with pytest.raises(InputProblems) as error:
        pool_of(survey, (119, 120))
    assert [problem.code for problem in error.value.problems] == ["pool_empty"]


def test_a_size_that_no_body_has_is_left_out():
    """Catches: one impossible row of a survey that stops a cohort of millions on the way."""
    survey = example_survey()
    light = pl.when(pl.col("SEQN") == 41475).then(9.0).otherwise(pl.col("BMXWT")).alias("BMXWT")
    found = pool_of(dataclasses.replace(survey, persons=survey.persons.with_columns(light)))
    assert 41475 not in found.seqn
    assert found.left_out["no_such_body"] == 1


def test_sittings_are_those_of_the_person_path(pool):
    """Catches: a meal at another hour, a binder forgotten, a day changed with the other."""
    for row, seqn in enumerate(pool.seqn.tolist()):
        person, diary = person_and_diary(example_survey(), seqn)
        for day, sittings in enumerate(offers(person, resolve(diary, allow_unmatched=True))):
            at_hour = dict.fromkeys(HOURS, 0.0)
            for one in sittings:
                at_hour[one.hour] += one.food_available_mg
            assert pool.free_mg[row, day] == pytest.approx(list(at_hour.values()), rel=1e-9, abs=1e-9)
            bound = sum(one.food_mg - one.food_available_mg for one in sittings)
            assert pool.bound_mg[row, day] == pytest.approx(bound, abs=1e-9)


@pytest.fixture(scope="module")
def many(pool):
    """Sixty people of two kinds with two days that differ by luck."""
    random = np.random.default_rng(1)
    row = np.arange(60) % len(pool.seqn)
    wider = {field.name: getattr(pool, field.name)[row] for field in arrays(pool)}
    wider["survey_weight"] = np.ones(60)
    usual = random.lognormal(np.log(300), 0.25, (60, 1))
    days = usual * random.lognormal(0, 0.35, (60, 2))
    return dataclasses.replace(pool, **wider).with_intake(days, "USER")


def test_usual_intake_spreads_less_than_days_and_more_than_best_guesses(many):
    """Catches: days or means of days taken for usual intake; everybody at the middle; sittings not scaled with it."""
    usual = many.with_usual()
    found, days = people(20_000, like=usual), people(20_000, like=many)
    spread = {name: np.log(who.intake_mg.mean(axis=1)).std() for name, who in (("usual", found), ("days", days))}
    middle = np.log(usual.usual_mg[:, len(PLACES) // 2]).std()
    assert middle < spread["usual"] < spread["days"]
    assert found.intake_mg.mean() == pytest.approx(days.intake_mg.mean(), rel=0.06)
    assert found.free_mg.sum(axis=2) + found.bound_mg == pytest.approx(found.intake_mg)
    assert found.intake_mg[:, 0] / found.intake_mg[:, 1] == pytest.approx(days.intake_mg[:, 0] / days.intake_mg[:, 1])
    own = found.row == 0
    at = np.quantile(found.intake_mg.mean(axis=1)[own], ndtr(PLACES[14:19]))
    assert at == pytest.approx(usual.usual_mg[0, 14:19], rel=0.06)  # each one's own distribution
    assert usual.with_intake(many.intake_mg, "USER").usual_mg.shape == (60, 0)
    again = people(50, like=usual, first=100)
    assert (again.eats == found.eats[100:150]).all()


def test_few_people_do_not_tell_what_is_usual(pool):
    """Catches: a model fitted to twelve people because nobody asked; days told as usual intake."""
    assert pool.usual_mg.shape[1] == 0
    assert people(10, like=pool).eats.tolist() == [1.0] * 10
    with pytest.raises(InputProblems) as error:
        people(3, intake="usual")
    assert [problem.code for problem in error.value.problems] == ["pool_few_people"]


def test_other_totals_scale_the_sittings(pool):
    """Catches: usual intake laid over one day only, or over the free part alone; an empty day that becomes NaN."""
    wanted = np.column_stack([np.full(len(pool.seqn), 300.0), np.full(len(pool.seqn), 150.0)])
    other = pool.with_intake(wanted, "USER")
    assert other.intake_mg == pytest.approx(wanted)
    assert other.digest != pool.digest
    assert other.source.endswith("USER")


def test_a_body_is_that_of_the_person_path(pool):
    """Catches: a second science for crowds: other anchors, effects, diet or rest than ``Scenario``."""
    found = bodies(people(40, like=pool, seed=4, medicines=[PPI]))
    takes = found.people.medicines["A02BC01"]
    for k in (int(np.flatnonzero(takes)[0]), int(np.flatnonzero(~takes)[0])):
        one = alone(found.people, k)
        for name in ("extracellular", "muscle", "bone_crystal"):
            assert found.start[name][k] == pytest.approx(float(one.start[name][0]), rel=1e-6)


def alone(who, k):
    """Person k as one person of a diary, with the same luck."""
    person, diary = person_and_diary(example_survey(), int(who.seqn[k]))
    person = person.model_copy(update={"medicines": who.persons()[k].medicines})
    scenario = Scenario.of(person, resolve(diary, allow_unmatched=True))
    scores = {f"person {row.name}": who.normal(f"person {row.name}")[[k]] for row in table(Variability)}
    scores |= {f"effect {name}": who.normal(f"effect {name}")[[k]] for name in scenario.effect_names}
    scores |= {"intake": np.zeros(1), "parameters": posterior(1, who.seed, first=k)}
    return scenario.draw(scores)


def test_parameters_are_each_persons_own_unless_asked_otherwise(pool):
    """Catches: one set of parameters for all where uncertainty should be in the spread, or the reverse."""
    name = next(
        name for name in ensemble().names if name not in {row.name for row in table(BodyParameter) if row.scale}
    )
    for each, sets in ((True, 30), (False, 1)):
        found = bodies(people(30, like=pool, each_own_parameters=each))
        assert len(np.unique(found.own[name])) == sets


@pytest.mark.parametrize("mode", ["meals", "daily"])
def test_a_supplement_and_more_food_raise_what_is_absorbed(pool, mode):
    """Catches: a supplement that nobody takes, taken by the wrong people, before day 0, or a factor on the products."""
    found = bodies(people(30, like=pool))
    taking = Supplement(salt="citrate", elemental_mg=200, times=(dt.time(9),))
    who = np.arange(30) < 10
    plain = observed(found.follow(8, mode=mode))
    taken = observed(found.follow(8, mode=mode, takings=[Taking(taking, who.astype(float))]))
    more = taken["absorbed"][-1] - plain["absorbed"][-1]
    assert more[who].min() > 5  # mg/d
    assert np.abs(more[~who]).max() < 0.5  # the sitting of another hour is a step of its own
    assert taken["serum"][0] == pytest.approx(plain["serum"][0], rel=1e-4)
    doubled = observed(found.follow(8, mode=mode, food=2.0))
    assert (doubled["absorbed"][-1] > plain["absorbed"][-1]).all()
    everyday = bodies(found.people, [Taking(taking, who.astype(float))])
    habit = observed(everyday.follow(8, mode=mode))
    assert (habit["total"][0] - plain["total"][0])[who].min() > 0
    assert habit["total"][0][~who] == pytest.approx(plain["total"][0][~who], rel=1e-5)
    assert habit["total"][8] == pytest.approx(habit["total"][0], rel=0.03)  # at rest with it


def test_a_share_may_differ_by_day(pool):
    """Catches: adherence of the first day kept for all days."""
    found = bodies(people(5, like=pool))
    days = np.zeros((6, 5))
    days[4:] = 1.0
    taking = Taking(Supplement(salt="citrate", elemental_mg=300, times=(dt.time(8),)), days)
    taken, plain = (observed(found.follow(6, takings=rows))["absorbed"] for rows in ([taking], []))
    assert np.abs(taken[:5] - plain[:5]).max() < 0.5
    assert (taken[6] - plain[6]).min() > 10


def test_a_body_without_a_level_is_left_out_and_the_others_stay(pool):
    """Catches: one body that finds no level and spoils all, or is told as one that does."""
    who = people(6, like=pool)
    starved = dataclasses.replace(pool, free_mg=pool.free_mg * 0, bound_mg=pool.bound_mg * 0)
    joined = dataclasses.replace(
        pool, **{f.name: np.concatenate([getattr(pool, f.name), getattr(starved, f.name)]) for f in arrays(pool)}
    )
    row = who.row.copy()
    row[2] += len(pool.seqn)
    found = bodies(dataclasses.replace(who, pool=joined, row=row))
    whole = bodies(who)
    assert found.levelled.tolist() == [0, 1, 3, 4, 5]
    serum = observed(found.follow(3))["serum"]
    assert serum == pytest.approx(observed(whole.follow(3))["serum"][:, found.levelled], rel=1e-5)


def arrays(pool):
    return [field for field in dataclasses.fields(pool) if isinstance(getattr(pool, field.name), np.ndarray)]


def test_an_unknown_medicine_is_told_with_the_nearest(pool):
    """Catches: a misspelt medicine that nobody takes, silently."""
    with pytest.raises(InputProblems) as error:
        people(3, like=pool, medicines=[PPI, MedicineUse(medicine="omeprazoll", share=0.1)])
    (problem,) = error.value.problems
    assert (problem.field, problem.nearest[0]) == ("medicines.1.medicine", "omeprazol")
