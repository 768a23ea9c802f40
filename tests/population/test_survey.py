"""The survey at once, on the 25 participants that the package ships."""

import dataclasses

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from magnes import __version__
from magnes.errors import InputProblems
from magnes.examples import example_ids, example_survey
from magnes.knowledge.load import knowledge_hash
from magnes.population.survey import assess_survey, weighted_means, write
from magnes.readers.nhanes import person_and_diary
from magnes.report.build import assess

AUTHORITIES = ("iom-1997", "gezondheidsraad-2018", "efsa-2015")


@pytest.fixture(scope="module")
def survey():
    return example_survey()


@pytest.fixture(scope="module")
def crowds(survey):
    return {
        name: {row["seqn"]: row for row in assess_survey(survey, authority=name).to_dicts()} for name in AUTHORITIES
    }


def with_foods(survey, *columns):
    return dataclasses.replace(survey, foods=survey.foods.with_columns(*columns))


def value(estimate):
    return None if estimate is None else estimate.value


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("seqn", example_ids())
def test_one_person_is_that_row_of_the_crowd(survey, crowds, seqn, authority):
    """Catches: a second science for crowds: other foods, day rule, reference value, eGFR or probability."""
    person, diary = person_and_diary(survey, seqn)
    row = crowds[authority][seqn]
    one = assess(person, diary, authority=authority, allow_unmatched=True)
    assert row["n_days"] == one.intake.n_days
    assert row["magnesium_mg"] == pytest.approx(value(one.intake.food), abs=1e-9)
    days = [row[f"day{day}_magnesium_mg"] for day in (1, 2) if row[f"day{day}_magnesium_mg"] is not None]
    assert days == pytest.approx([day.magnesium.value for day in one.intake.days if day.complete], abs=1e-9)
    assert (row["sex"], row["age_years"]) == (person.sex, person.age_years)
    assert row["egfr_ml_min_1_73m2"] == person.egfr_ml_min_1_73m2
    assert (row["diabetes"] is True) == bool(person.conditions)
    if person.age_years >= 1:  # below one year whole years do not tell which reference value holds
        assert row["ear_mg"] == value(one.need.ear)
        assert row["recommended_mg"] == value(one.need.recommended)
        assert (row["recommended_kind"] or "") == one.need.recommended_kind
    assert row["sd_within_mg"] == value(one.need.within_person_sd)
    name = {"ear": "p_adequate", "ai": "p_reaches_ai", "none": "p_adequate"}[one.need.rule]
    other = {"p_adequate": "p_reaches_ai", "p_reaches_ai": "p_adequate"}[name]
    assert row[name] == pytest.approx(value(one.need.probability), abs=1e-9)
    assert row[other] is None
    assert row["note"] is None or row["note"] in one.need.notes


def test_the_examples_hold_every_case(crowds):
    """Catches: a change of the rule that loses the cases which the other tests lean on."""
    rows = list(crowds["iom-1997"].values())
    assert {row["n_days"] for row in rows} == {0, 1, 2}
    assert {row["note"] for row in rows} >= {None, "no_complete_day", "no_day_to_day_sd"}
    assert sum(row["pregnant"] is True for row in rows) == 2
    kidney = [row["egfr_ml_min_1_73m2"] for row in rows if row["egfr_ml_min_1_73m2"] is not None]
    assert min(kidney) < 30 < 60 < max(kidney)


def test_infant_has_no_probability_and_no_guessed_reference_value(crowds):
    """Catches: the value for 0-6 months used for a child of 11 months; a probability without a day-to-day SD."""
    row = crowds["iom-1997"][41484]
    assert row["age_years"] == 0
    assert row["day1_magnesium_mg"] > 0
    assert [row[name] for name in ("ear_mg", "recommended_mg", "p_adequate", "p_reaches_ai")] == [None] * 4


def test_doubled_grams_double_the_milligrams(survey):
    """Catches: an amount that does not scale, such as one cut off or rounded on the way."""
    once, twice = assess_survey(survey), assess_survey(with_foods(survey, pl.col("grams") * 2))
    columns = pl.col("day1_magnesium_mg", "day2_magnesium_mg", "magnesium_mg")
    assert_frame_equal(twice.select(columns), once.select(columns * 2), rel_tol=1e-12)
    more = twice["p_adequate"] >= once["p_adequate"]
    assert more.drop_nulls().all()
    assert more.drop_nulls().len() > 10


def test_order_of_people_and_foods_does_not_matter(survey):
    """Catches: food records given to the wrong person."""
    mixed = dataclasses.replace(
        survey, persons=survey.persons.sample(fraction=1, shuffle=True, seed=1), foods=survey.foods.reverse()
    )
    columns = ["seqn", "day1_magnesium_mg", "day2_magnesium_mg", "p_adequate"]
    left, right = (assess_survey(each).select(columns).sort("seqn") for each in (survey, mixed))
    assert_frame_equal(right, left, rel_tol=1e-12)


@pytest.mark.parametrize(("column", "cell"), [("food_code", 99_999_999), ("grams", None)])
def test_unknown_food_or_weight_makes_the_day_missing_not_lower(survey, column, cell):
    """Catches: a sum that skips what it does not know."""
    first = (pl.col("SEQN") == 41475) & (pl.col("day") == 1) & (pl.col("line") == 2)
    changed = assess_survey(with_foods(survey, pl.when(first).then(pl.lit(cell)).otherwise(column).alias(column)))
    before, after = (frame.filter(seqn=41475).to_dicts()[0] for frame in (assess_survey(survey), changed))
    assert after["day1_magnesium_mg"] is None
    assert after["day2_magnesium_mg"] == before["day2_magnesium_mg"] == after["magnesium_mg"]
    assert after["n_days"] == 1
    others = pl.col("seqn") != 41475
    assert changed.filter(others).equals(assess_survey(survey).filter(others))


def test_foods_of_somebody_else_are_left_out(survey):
    """Catches: records of a person who is not in the file falling to a neighbour in the order."""
    only = dataclasses.replace(survey, persons=survey.persons.filter(pl.col("SEQN") == 41489))
    assert only.foods_without_person == survey.foods.filter(pl.col("SEQN") != 41489).height
    assert assess_survey(only).equals(assess_survey(survey).filter(seqn=41489))


def test_recall_without_foods_is_missing(survey):
    """Catches: a day of 0 mg for somebody whose records were lost."""
    left = dataclasses.replace(survey, foods=survey.foods.filter((pl.col("SEQN") != 41475) | (pl.col("day") == 2)))
    row = assess_survey(left).filter(seqn=41475).to_dicts()[0]
    assert row["day1_magnesium_mg"] is None
    assert row["n_days"] == 1


def test_only_a_clear_yes_is_pregnant_or_diabetic(survey):
    """Catches: not asked, refused or borderline read as yes, and not asked read as no."""
    answers = pl.Series("DIQ010", [1, 2, 3, 9, None] * 5)
    frame = assess_survey(dataclasses.replace(survey, persons=survey.persons.with_columns(answers)))
    assert frame["diabetes"].to_list() == [True, False, False, None, None] * 5
    women = dataclasses.replace(survey, persons=survey.persons.with_columns(RIAGENDR=2, RIDEXPRG=answers - 0))
    assert assess_survey(women)["pregnant"].to_list() == [True, False, None, None, None] * 5


def test_weighted_means_are_weighted_means_of_adults(survey):
    """Catches: children or missing recalls in the mean, weights left out. Standard error: by hand, two strata."""
    frame = assess_survey(survey)
    men = frame.filter((pl.col("age_years") >= 20) & (pl.col("sex") == "male") & (pl.col("cycle") == "2007-2008"))
    men = men.drop_nulls("day1_magnesium_mg")
    total = sum(row["weight_mec"] * row["day1_magnesium_mg"] for row in men.to_dicts())
    row = weighted_means(frame).filter(cycle="2007-2008", sex="male").to_dicts()[0]
    assert row["n"] == men.height
    assert row["mean_mg"] == pytest.approx(total / men["weight_mec"].sum(), rel=1e-12)

    plan = {"stratum": [1, 1, 2, 2], "psu": [1, 2, 1, 2], "weight_mec": [1.0] * 4, "age_years": [30] * 4}
    small = pl.DataFrame(plan | {"cycle": "a", "sex": "male", "day1_magnesium_mg": [200.0, 240.0, 300.0, 360.0]})
    # residuals -18.75, -8.75, 6.25, 21.25; per stratum 2 * variance = difference squared: 10^2 + 15^2
    assert weighted_means(small).to_dicts() == [
        {"cycle": "a", "sex": "male", "n": 4, "mean_mg": 275.0, "se_mg": pytest.approx(325**0.5)}
    ]
    assert weighted_means(small.head(3))["se_mg"].to_list() == [None]


def test_parquet_tells_what_made_it(survey, tmp_path):
    """Catches: a result of which nobody knows the food values or the reference values."""
    frame, path = assess_survey(survey, authority="efsa-2015"), tmp_path / "out.parquet"
    write(frame, path, authority="efsa-2015")
    assert pl.read_parquet(path).equals(frame)
    facts = pl.read_parquet_metadata(path)
    assert facts["engine"] == f"magnes {__version__}"
    assert facts["knowledge"] == knowledge_hash()
    assert facts["authority"] == "efsa-2015"
    with pytest.raises(InputProblems) as caught:
        write(frame, tmp_path / "nowhere" / "out.parquet")
    assert caught.value.problems[0].code == "file_unwritable"


def test_unknown_authority_is_refused_with_the_nearest(survey):
    """Catches: a survey without reference values because of a typing error."""
    with pytest.raises(InputProblems) as caught:
        assess_survey(survey, authority="iom-1979")
    assert caught.value.problems[0].nearest[0] == "iom-1997"


def test_progress_ends_at_one(survey):
    """Catches: a progress bar that never fills."""
    seen = []
    assess_survey(survey, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
