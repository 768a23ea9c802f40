"""Changes at the food code: by hand on a few records, then rules that hold for every survey."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from magnes.examples import example_survey
from magnes.knowledge.foods import food_table
from magnes.population.scenario import apply, assign
from magnes.population.scenario_spec import SupplementPolicy, scenario_from
from magnes.population.survey import food_magnesium
from magnes.readers.nhanes import Survey

WHITE, WHOLE, WATER, MILK = 51101000, 51201010, 94000100, 11111000


def per_100g(code):
    table = food_table()
    return float(table.magnesium_mg[table.index[f"fndds:{code}"]])


def unknown_code():
    """A code of the table without a magnesium value; 10000000 (not in the table) when all have one."""
    table = food_table()
    blank = [code for code, at in table.index.items() if code.startswith("fndds:") and np.isnan(table.magnesium_mg[at])]
    return int(blank[0].removeprefix("fndds:")) if blank else 10000000


def survey_of(*records):
    """One man with two reliable recalls; records are (day, code, grams)."""
    persons = pl.DataFrame({"SEQN": [1], "day1_status": [1], "day2_status": [1], "cycle": ["E"]})
    day, code, grams = zip(*records, strict=True)
    foods = pl.DataFrame({"SEQN": [1] * len(records), "day": day, "food_code": code, "grams": grams})
    return Survey(persons, foods, "persons", "foods")


def scenario(*changes):
    return scenario_from('name = "x"\n' + "".join(f"[[change]]\n{change}\n" for change in changes))


FORTIFY = 'do = "fortify"\nfoods = ["511"]\nadd_mg_per_100g = 30'
SWAP = f'do = "wholegrain"\nto = "{WHOLE}"\nshare = 0.25'
REFORMULATE = 'do = "reformulate"\nfoods = ["512"]\nmg_per_100g = 100'
TWO_DAYS = ((1, WHITE, 80.0), (1, WATER, 1000.0), (2, MILK, 200.0))


def gain(survey, *changes):
    diets = apply(survey, scenario(*changes))
    return (diets.after_mg - diets.before_mg)[0]


def test_each_change_by_hand():
    # catches: grams taken as 100 g, a litre as 100 g, a swap that loses or makes grams, another food changed
    survey = survey_of(*TWO_DAYS)
    assert gain(survey, FORTIFY) == pytest.approx([24.0, 0.0])
    assert gain(survey, 'do = "fortify"\nfoods = ["94"]\nadd_mg_per_litre = 20') == pytest.approx([20.0, 0.0])
    level = 'do = "reformulate"\nfoods = ["511"]\nmg_per_100g = 55'
    assert gain(survey, level) == pytest.approx([0.8 * (55 - per_100g(WHITE)), 0.0])
    assert gain(survey, SWAP) == pytest.approx([0.2 * (per_100g(WHOLE) - per_100g(WHITE)), 0.0])
    all_of_it = f'do = "swap"\nfoods = ["11"]\nto = "{WATER}"\nshare = 1'
    assert gain(survey, all_of_it) == pytest.approx([0.0, 2 * (per_100g(WATER) - per_100g(MILK))])


def test_order_is_that_of_the_file():
    # catches: changes applied to the first diet instead of to what an earlier one made
    survey = survey_of(*TWO_DAYS)
    swapped = 20 * (100 - per_100g(WHITE)) / 100  # 20 g became whole wheat, and that has 100 mg
    assert gain(survey, SWAP, REFORMULATE) == pytest.approx([swapped, 0.0])
    assert gain(survey, REFORMULATE, SWAP) == pytest.approx([20 * (per_100g(WHOLE) - per_100g(WHITE)) / 100, 0.0])
    assert gain(survey, FORTIFY, SWAP)[0] == pytest.approx(60 * 0.3 + 20 * (per_100g(WHOLE) - per_100g(WHITE)) / 100)


@pytest.mark.parametrize("unknown", [unknown_code(), None])
@pytest.mark.parametrize("change", [FORTIFY, REFORMULATE, SWAP])
def test_what_is_not_known_stays_missing_in_both_diets(unknown, change):
    # catches: a food without value, or without grams, that a change gives a number
    record = (1, unknown, 50.0) if unknown else (1, WHITE, None)
    survey = survey_of(*TWO_DAYS, record)
    change = change.replace('"511"', f'"{unknown}"') if unknown and unknown != 10000000 else change
    diets = apply(survey, scenario(change))
    assert np.isnan(diets.before_mg[0, 0])
    assert np.isnan(diets.after_mg[0, 0])
    assert np.isfinite(diets.after_mg[0, 1])


def test_before_is_the_intake_that_magnes_survey_shows():
    # catches: a second way of summing days; records counted as met that were not
    survey = example_survey()
    diets = apply(survey, scenario(FORTIFY, SWAP))
    np.testing.assert_array_equal(diets.before_mg, food_magnesium(survey))
    white = survey.foods.filter(pl.col("food_code").cast(pl.String).str.starts_with("511"))
    assert diets.applied[0].records == white.height
    assert diets.applied[0].people == white["SEQN"].n_unique()
    assert (diets.after_mg >= diets.before_mg)[np.isfinite(diets.before_mg)].all()


def test_a_scenario_that_changes_nothing_changes_no_digit():
    # catches: sums in another order for a swap of a food to itself
    survey = example_survey()
    none_met = dataclasses.replace(survey, foods=survey.foods.filter(pl.col("food_code") > 60000000))
    diets = apply(none_met, scenario(FORTIFY, SWAP))
    np.testing.assert_array_equal(diets.before_mg, diets.after_mg)
    assert [applied.records for applied in diets.applied] == [0, 0]


def policy(**facts):
    return SupplementPolicy(do="supplement", **({"share": 0.3, "salt": "citrate", "mg_per_day": 100} | facts))


def test_supplements_never_enter_the_food():
    # catches: a supplement added to the days, which would be spread as food is
    survey = survey_of(*TWO_DAYS)
    diets = apply(survey, scenario('do = "supplement"\nshare = 1\nsalt = "oxide"\nmg_per_day = 300'))
    np.testing.assert_array_equal(diets.before_mg, diets.after_mg)
    assert diets.policies[0].mg_per_day == 300
    assert diets.applied[0].records is None


def test_who_takes_a_supplement():
    # catches: the last whole year left out, another sex, own supplements lost, shares that do not add up to 1
    sex = np.array(["female", "female", "male", "female"])
    age = np.array([51.0, 70.9, 60.0, 71.0])
    own = np.array([0.0, 50.0, 0.0, 0.0])
    policies = (policy(sex="female", age_from_years=51, age_to_years=70), policy(share=0.5, mg_per_day=10))
    parts = assign(policies, sex, age, own)
    np.testing.assert_allclose(sum(share for share, _ in parts), 1.0, rtol=1e-15)
    mean = sum(share * dose for share, dose in parts)
    np.testing.assert_allclose(mean, [30 + 5, 50 + 30 + 5, 5, 5])
    assert max(dose[1] for _, dose in parts) == 160


def test_policies_for_different_people_do_not_multiply():
    # catches: twenty policies, each for one year of age, that become a million combinations
    policies = tuple(policy(share=0.5, age_from_years=age, age_to_years=age) for age in range(20, 40))
    parts = assign(policies, np.full(20, "female"), np.arange(20.0, 40.0), np.zeros(20))
    assert len(parts) == 21
    np.testing.assert_allclose(sum(share for share, _ in parts), 1.0)
