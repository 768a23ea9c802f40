"""Food plans of real diaries: nothing forbidden, no silly portion, the energy bound, alternatives that differ."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_diaries import day_of, days, people

from magnes.advice.foods import FoodPlan, plan_foods
from magnes.advice.foods.candidates import daily_foods
from magnes.diary import Eaten, resolve
from magnes.errors import InputProblems
from magnes.examples import example_folder
from magnes.knowledge.eating import Diet, FoodChoice, GroupLimit
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import table
from magnes.matching import matcher
from magnes.person import Medicine, Person
from magnes.portions import portion_grams
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person

CHOICES = {row.id: row for row in table(FoodChoice)}
LIMITS = {row.id: row.most_g for row in table(GroupLimit)}
# A Dutch day of white bread, sweet snacks and tap water
PLAIN_DAY = [
    ("fdc:325871", 140.0),
    ("sr:14411", 1000.0),
    ("sr:20445", 150.0),
    ("ciqual:31004", 40.0),
    ("ciqual:4004", 50.0),
    ("ciqual:32005", 40.0),
    ("ciqual:18018", 330.0),
    ("sr:11252", 50.0),
]
WOMAN = Person(age_years=40, sex="female", egfr_ml_min_1_73m2=95, authority="iom-1997")


def plain() -> Eaten:
    return day_of(PLAIN_DAY)


def chosen(plan: FoodPlan) -> set[str]:
    return {move.choice for option in plan.options for move in option.moves}


def portion_g(choice: FoodChoice) -> float:
    basic = matcher().basic(choice.id)
    match = matcher().match(choice.id if basic is None else basic.food).food
    assert match is not None
    return portion_grams(match, basic, choice.amount, choice.measure).grams


def kcal(code: str, grams: float) -> float:
    """Energy of grams of a food, straight from the food tables."""
    if code.startswith("water:"):
        return 0.0
    energy = food_table().food(code).energy_kcal
    assert energy is not None
    return energy * grams / 100


@given(people(), days())
@settings(max_examples=12)
def test_every_plan_of_real_diaries_keeps_every_bound(person: Person, eaten: Eaten) -> None:
    # catches: a silly portion, a forbidden food, a broken energy bound, a group that grows without end, an interval
    # around nothing
    plan = plan_foods(person, eaten, number=3)
    share = 0.5 if person.age_years < 9 else 1.0
    excluded = {tag for row in table(Diet) if row.id in person.diet for tag in row.excludes} | {*person.allergies}
    already = dict.fromkeys(LIMITS, 0.0)
    for food in daily_foods(eaten):
        if food.use and food.use.group:
            already[food.use.group] += food.grams
    for option in plan.options:
        assert 1 <= len(option.moves) <= 4
        energy, groups = 0.0, dict(already)
        for move in option.moves:
            choice = CHOICES[move.choice]
            assert not {*choice.contains, *choice.may_contain, *choice.tags} & excluded
            assert person.age_years >= choice.min_age_years
            assert 0 < move.grams_in.value <= share * choice.most_portions * portion_g(choice) * (1 + 1e-6)
            energy += kcal(move.to_code, move.grams_in.value)
            groups[choice.group] += move.grams_in.value
            if move.kind == "swap":
                old = next(food for food in daily_foods(eaten) if food.key[0] == move.from_code)
                assert move.grams_out.value <= old.grams * (1 + 1e-9)
                energy -= kcal(move.from_code, move.grams_out.value)
                if old.use and old.use.group:
                    groups[old.use.group] -= move.grams_out.value
        assert all(groups[name] <= max(share * most, already[name]) + 0.01 for name, most in LIMITS.items())
        assert energy == pytest.approx(option.energy.value, abs=0.01)
        assert -100.001 <= energy <= 150.001
        assert plan.usual is not None
        # the diary after the change, through the whole computation, gains what the moves promise
        assert option.usual.value - plan.usual.value == pytest.approx(option.gain.value, abs=0.01)
        assert option.closes == (option.remaining.value <= 0.5)


@given(days())
@settings(max_examples=4)
def test_alternatives_differ_in_half_of_their_moves_or_more(eaten: Eaten) -> None:
    # catches: five times the same advice with another number of grams
    plan = plan_foods(WOMAN, eaten)
    moves = [{(move.rule, move.from_code) for move in option.moves} for option in plan.options]
    for place, later in enumerate(moves):
        for earlier in moves[:place]:
            assert len(later & earlier) <= len(earlier) - math.ceil(len(earlier) / 2)


def test_a_plain_day_gets_five_plans_that_close_the_gap() -> None:
    # catches: a plan that finds nothing where much can change, or calls itself closed with magnesium missing
    plan = plan_foods(WOMAN, plain())
    assert plan.status == "planned"
    assert plan.target_kind == "RDA"
    assert len(plan.options) == 5
    assert plan.target is not None
    for option in plan.options:
        assert option.closes
        assert option.usual.value >= plan.target.value - 0.5
        assert option.absorbed is not None
        assert plan.absorbed is not None
        assert option.absorbed.value > plan.absorbed.value
        assert all(row.magnesium.sources for row in option.contributions)


def test_the_same_input_gives_the_same_plan() -> None:
    # catches: an answer that depends on the order of a set or on the solver's mood
    assert plan_foods(WOMAN, plain()) == plan_foods(WOMAN, plain())


@pytest.mark.parametrize(
    ("field", "word", "never"),
    [
        ("diet", "vegan", {"milk-semi", "yoghurt-semi", "buttermilk", "salmon", "mackerel-cooked"}),
        (
            "allergies",
            "noten",
            {"almonds", "cashews", "walnuts", "peanuts", "muesli", "nuts-and-raisins", "mixed-nuts"},
        ),
        ("allergies", "gluten", {"bread-wholemeal", "oats-rolled", "pasta-wholemeal-cooked", "wheat-germ", "muesli"}),
        ("allergies", "sesam", {"sesame-seeds", "tahini", "hummus", "bread-wholemeal"}),
        ("dislikes", "brood", {"bread-wholemeal", "roll-wholemeal", "bread-rye-dark"}),
        ("conditions", "oxalate-stones", {"spinach-cooked", "baby-spinach", "almonds", "cocoa-powder", "chard-cooked"}),
        ("conditions", "kidney-stones", {"spinach-cooked", "almonds", "bread-wholemeal"}),
    ],
)
def test_what_is_excluded_never_comes(field: str, word: str, never: set[str]) -> None:
    # catches: the excluded food in the fifth alternative, or under another name of its group
    person = WOMAN.model_copy(update={field: (word,)})
    plan = plan_foods(person, plain(), number=7)
    assert plan.options
    assert not chosen(plan) & never
    assert plan.left_out


def test_reduced_kidneys_get_no_food_rich_in_potassium() -> None:
    # catches: nuts, legumes and bananas for an eGFR of 40, and for a kidney disease whose eGFR nobody gave
    rich = {"almonds", "banana", "black-beans", "pumpkin-seeds", "spinach-cooked", "yoghurt-semi", "figs-dried"}
    low = WOMAN.model_copy(update={"egfr_ml_min_1_73m2": 40.0})
    unknown = WOMAN.model_copy(update={"egfr_ml_min_1_73m2": None, "conditions": ("chronic-kidney-disease",)})
    for person in (low, unknown):
        plan = plan_foods(person, plain(), number=6)
        assert plan.options
        assert not chosen(plan) & rich
        assert "potassium" in {rule.code for rule in plan.left_out}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"egfr_ml_min_1_73m2": 29.9}, "kidney_dietitian"),
        ({"conditions": ("dialysis",)}, "kidney_dietitian"),
        ({"conditions": ("nierfalen",)}, "kidney_dietitian"),
        ({"conditions": ("hypermagnesaemia",)}, "high_magnesium"),
        ({"conditions": ("phenylketonuria",)}, "dietitian"),
        ({"age_years": 0.5}, "infant"),
    ],
)
def test_who_needs_a_dietitian_gets_no_plan(change: dict[str, object], code: str) -> None:
    # catches: a food plan for failing kidneys
    plan = plan_foods(WOMAN.model_copy(update=change), plain())
    assert (plan.status, plan.options) == ("blocked", ())
    assert [rule.code for rule in plan.blocks] == [code]


def test_no_whole_nuts_under_five_years() -> None:
    # catches: choking
    child = Person(age_years=4.9, sex="male", authority="iom-1997")
    lines = [("fdc:325871", 70.0), ("ciqual:31004", 20.0), ("ciqual:18018", 300.0)]
    plan = plan_foods(child, day_of(lines), number=6)
    assert plan.options
    assert all(CHOICES[name].min_age_years <= 4.9 for name in chosen(plan))


def test_a_vitamin_k_antagonist_leaves_out_leafy_greens() -> None:
    # catches: spinach every day beside acenocoumarol
    person = WOMAN.model_copy(update={"medicines": (Medicine(name="acenocoumarol", atc="B01AA07"),)})
    plan = plan_foods(person, plain(), number=6)
    assert not chosen(plan) & {"spinach-cooked", "kale-cooked", "chard-cooked", "baby-spinach"}
    assert "vitamin_k" in {rule.code for rule in plan.left_out}


@pytest.mark.parametrize("name", ["nhanes-41483", "nhanes-41489"])
def test_shipped_people_have_no_gap_by_the_dutch_council(name: str) -> None:
    # catches: changes proposed to people who eat enough
    folder = example_folder()
    eaten = resolve(read_diary(folder / f"{name}.csv"))
    plan = plan_foods(read_person(folder / f"{name}.toml"), eaten, authority="gezondheidsraad-2018")
    assert (plan.status, plan.options) == ("no_gap", ())
    assert "target_is_ai" in plan.notes  # never passed off as a requirement


def test_a_gap_that_food_cannot_close_says_what_remains() -> None:
    # catches: a plan for next to nothing to eat that claims to be enough
    plan = plan_foods(
        WOMAN, day_of([("sr:14411", 500.0), ("ciqual:18018", 200.0), ("ciqual:4004", 25.0)]), most_changes=1
    )
    assert plan.status == "partial"
    assert all(option.remaining.value > 0.5 for option in plan.options)
    values = [option.remaining.value for option in plan.options]
    assert values[0] == min(values)


def test_a_narrow_energy_bound_is_kept() -> None:
    # catches: a bound that is only the default
    plan = plan_foods(WOMAN, plain(), energy_kcal=(-20.0, 0.0))
    assert plan.options
    assert all(-20.001 <= option.energy.value <= 0.001 for option in plan.options)


@given(st.sampled_from([(10.0, 20.0), (-5.0, -1.0)]))
def test_energy_bounds_without_zero_are_refused(bounds: tuple[float, float]) -> None:
    # catches: a programme without a solution instead of a clear refusal
    with pytest.raises(ValueError, match="energy_kcal"):
        plan_foods(WOMAN, plain(), energy_kcal=bounds)


def test_known_prices_choose_the_cheaper_food_and_are_told() -> None:
    # catches: an invented price, a price that does not count
    free = plan_foods(WOMAN, plain(), number=1)
    first = free.options[0].moves[0].choice
    assert all(option.cost_euro is None for option in free.options)
    dear = plan_foods(WOMAN, plain(), number=1, prices={first: 5000.0, "water-tap": 0.0, "bread-white": 2.0})
    assert first not in {move.choice for move in dear.options[0].moves}


def test_an_unknown_diet_or_allergy_is_refused_not_ignored() -> None:
    # catches: an allergy that nobody understood taken for none
    for field in ("diet", "allergies"):
        with pytest.raises(InputProblems) as caught:
            plan_foods(WOMAN.model_copy(update={field: ("xylofoon",)}), plain())
        assert caught.value.problems[0].field == field


def test_a_diary_without_a_complete_day_has_no_plan() -> None:
    # catches: a gap computed from a day of which half is unknown
    eaten = plain()
    unknown = Eaten(eaten.diary, eaten.items, eaten.unmatched, frozenset(eaten.diary.dates))
    assert plan_foods(WOMAN, unknown).status == "no_complete_day"
