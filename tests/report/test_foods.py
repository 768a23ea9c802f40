"""The food plan in words and as a picture: both languages, numbers of the plan, a title for who cannot see."""

from __future__ import annotations

import re

import pytest
from real_diaries import day_of

from magnes.advice.foods import FoodPlan, plan_foods
from magnes.knowledge.eating import FoodRule
from magnes.knowledge.load import table
from magnes.person import Person
from magnes.report.foods import foods_chart, foods_svg, foods_text
from magnes.text import LANGUAGES, Language, catalogue, number

WOMAN = Person(age_years=40, sex="female", egfr_ml_min_1_73m2=95, authority="iom-1997")
DAY = [
    ("fdc:325871", 140.0),
    ("sr:14411", 1000.0),
    ("sr:20445", 150.0),
    ("ciqual:31004", 40.0),
    ("ciqual:18018", 330.0),
]


@pytest.fixture(scope="module")
def plan() -> FoodPlan:
    person = WOMAN.model_copy(update={"diet": ("vegan",), "allergies": ("sesam",), "dislikes": ("spinazie",)})
    return plan_foods(person, day_of(DAY), prices={"water:contrex": 0.8, "water-tap": 0.0, "water:hépar": 1.0})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_move_and_every_limit_is_told(plan: FoodPlan, language: Language) -> None:
    # catches: a move without its amount, an allergy that is not mentioned, a code instead of a sentence
    text = " ".join(foods_text(plan, language).split())
    assert len(plan.options) == 5
    for option in plan.options:
        assert f"{number(option.usual.value, language)} mg" in text
        for move in option.moves:
            assert (move.to_nl if language == "nl" else move.to_en) in text
    for word in ("veganistisch", "sesam", "spinazie") if language == "nl" else ("vegan", "sesame", "spinazie"):
        assert word in text
    assert not re.search(r"foods\.|\{|\}", text)


def test_dutch_numbers_have_a_comma(plan: FoodPlan) -> None:
    # catches: "0.80 euro" in Dutch
    assert not re.search(r"\d\.\d", foods_text(plan, "nl"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", [{"age_years": 0.5}, {"egfr_ml_min_1_73m2": 20.0}, {"conditions": ("ileostoma",)}])
def test_no_plan_says_why_and_to_whom_to_go(change: dict[str, object], language: Language) -> None:
    # catches: an empty page where a person needs a dietitian
    blocked = plan_foods(WOMAN.model_copy(update=change), day_of(DAY))
    text = foods_text(blocked, language)
    if blocked.status == "blocked":
        assert "- " in text
    assert catalogue(language)[f"foods.status.{blocked.status}"].split("{")[0][:30] in " ".join(text.split())


def test_every_rule_of_the_tables_has_its_sentence() -> None:
    # catches: a new row whose code nobody can read
    for rule in table(FoodRule):
        kind = "block" if rule.action == "block" else "left_out"
        assert f"foods.{kind}.{rule.code}" in catalogue("nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_has_a_title_a_table_and_the_numbers(plan: FoodPlan, language: Language) -> None:
    # catches: a picture that a screen reader cannot tell, a table that says something else
    svg = foods_svg(plan, language)
    assert svg.startswith("<svg")
    assert 'role="img"' in svg
    chart = foods_chart(plan, language)
    assert chart is not None
    assert f"<title>{chart.title}" in svg
    assert plan.usual is not None
    assert number(plan.usual.value, language) in chart.alternative
    shown = sum(len(option.contributions) for option in plan.options) + len(plan.contributions)
    assert len(chart.rows) == shown


def test_the_bars_add_up_to_the_totals(plan: FoodPlan) -> None:
    # catches: a food counted as kept and as new
    chart = foods_chart(plan, "nl")
    assert chart is not None
    bars = chart.spec["layer"][0]["data"]["values"]
    totals = [plan.usual, *(option.usual for option in plan.options)]
    for place, total in enumerate(totals):
        assert total is not None
        assert sum(bar["mg"] for bar in bars if bar["place"] == place) == pytest.approx(total.value, abs=0.01)


def test_without_a_complete_day_there_is_no_picture() -> None:
    # catches: a picture of nothing
    assert foods_svg(FoodPlan(status="no_complete_day", authority="iom-1997"), "nl") == ""
