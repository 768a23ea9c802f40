"""Household measures -> grams."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magnes.knowledge.foods import composition
from magnes.knowledge.load import table
from magnes.knowledge.records import Basic, Measure
from magnes.matching import Candidate, matcher
from magnes.portions import GRAMS, MILLILITRES, Portion, UnknownUnitError, accepted_units, portion_grams


def _portion(food: str, amount: float, unit: str) -> Portion:
    match = matcher().match(food)
    assert match.food is not None, food
    return portion_grams(match.food, matcher().basic(match.food.basic), amount, unit)


@pytest.mark.parametrize(
    ("food", "amount", "unit", "low", "high"),
    [
        ("volkorenbrood", 2, "snee", 60, 80),
        ("volkorenbrood", 2, "sneetjes", 60, 80),
        ("volkorenbrood", 2, "Boterhammen", 60, 80),
        ("wholemeal bread", 2, "slices", 60, 80),
        ("karnemelk", 1, "glas", 150, 260),
        ("karnemelk", 1, "glazen", 150, 260),
        ("pindakaas", 1, "eetlepel", 10, 25),
        ("amandelen", 1, "handje", 20, 35),
        ("almonds", 1, "handful", 20, 35),
        ("havermout", 1, "kommetje", 25, 60),
        ("kikkererwten", 1, "kommetje", 100, 250),
        ("brown rice", 1, "cup", 180, 210),
        ("spinach", 1, "cup", 25, 35),
        ("sr:11457", 2, "cups", 50, 70),
        ("banaan", 1, "stuk", 90, 140),
        ("ei", 2, "stuks", 90, 130),
        ("kraanwater", 1, "glas", 150, 260),
        ("spa reine", 1.5, "liter", 1500, 1500),
        ("cola", 1, "blikje", 320, 345),
        ("olijfolie", 1, "eetlepel", 9, 15),
        ("olijfolie", 100, "ml", 88, 95),
        ("zalm", 0.15, "kg", 150, 150),
        ("zalm", 150, "gram", 150, 150),
    ],
)
def test_usual_amounts_are_plausible(food: str, amount: float, unit: str, low: float, high: float) -> None:
    # catches: a plural unknown, a measure of another food, grams for millilitres, a factor of ten
    assert low <= _portion(food, amount, unit).grams <= high


def test_each_measure_weighs_the_same_in_dutch_and_english() -> None:
    # catches: a plural or synonym that skips the food's own weight (boterhammen of rye bread), languages that differ
    foods = matcher()
    checked = 0
    for basic in table(Basic):
        food = foods._candidate(basic)
        for measure in table(Measure):
            if measure.basic == basic.id or (measure.group and measure.group == basic.group):
                grams = {portion_grams(food, basic, 1, unit).grams for unit in (measure.measure_nl, measure.measure_en)}
                assert len(grams) == 1, (basic.id, measure.measure_nl, grams)
                checked += 1
    assert checked > 3000


def test_dutch_and_english_name_of_a_food_give_the_same_milligrams() -> None:
    # catches: two languages that lead to different entries or different weights
    foods = matcher()
    checked = 0
    for basic in table(Basic):
        dutch, english = foods.match_many([basic.name_nl, basic.name_en])
        if dutch.food is None or english.food is None or "close" in (dutch.kind, english.kind):
            continue
        for unit in accepted_units(dutch.food, basic)[:4]:
            both = (dutch.food, english.food)
            grams = [portion_grams(food, foods.basic(food.basic), 2, unit).grams for food in both]
            assert grams[0] == grams[1], (basic.id, unit)
        assert dutch.food.code == english.food.code, basic.id
        checked += 1
    assert checked > 1000
    assert composition(foods.match("spinach").food.code) == composition(foods.match("spinazie").food.code)


def test_every_accepted_unit_is_accepted() -> None:
    # catches: a unit offered in a message and then refused
    foods = matcher()
    names = ["volkorenbrood", "halfvolle melk", "spinazie", "spa reine", "sr:11457", "fndds:11100000", "baguette"]
    for name in names:
        match = foods.match(name)
        if match.food is None:
            continue
        basic = foods.basic(match.food.basic)
        for unit in accepted_units(match.food, basic):
            assert portion_grams(match.food, basic, 1, unit).grams > 0, (name, unit)


def test_liquids_offer_glasses_and_solids_do_not() -> None:
    # catches: a glass of bread, or no glass of water
    foods = matcher()
    water = foods.match("spa reine").food
    bread = foods.match("volkorenbrood").food
    assert {"g", "ml", "glas", "glass"} <= set(accepted_units(water, None))
    assert not {"ml", "glas"} & set(accepted_units(bread, foods.basic(bread.basic)))


@pytest.mark.parametrize(
    ("food", "unit", "near"),
    [("volkorenbrood", "ml", "g"), ("volkorenbrood", "sne", "snee"), ("spinazie", "µg", "g"), ("tofu", "mg", "g"),
     ("karnemelk", "glsa", "glas"),
     ("tofu", "emmer", ""), ("tofu", "", ""), ("amandelen", "kopje", ""), ("xx sr:11457", "halve", "")],
)  # fmt: skip
def test_an_unknown_unit_is_refused_with_what_is_near(food: str, unit: str, near: str) -> None:
    # catches: a unit without a weight read as grams; a microgram or milligram read as a gram
    with pytest.raises(UnknownUnitError) as caught:
        _portion(food.removeprefix("xx "), 1, unit)
    assert "g" in caught.value.accepted
    assert not near or near in caught.value.near


@given(st.floats(0.01, 1000), st.sampled_from(["snee", "g", "kapje", "kg"]))
@settings(deadline=None)
def test_twice_the_amount_is_twice_the_grams(amount: float, unit: str) -> None:
    # catches: an amount that is ignored or added
    one, two = (_portion("volkorenbrood", factor * amount, unit).grams for factor in (1, 2))
    assert two == pytest.approx(2 * one)


@given(st.floats(0.001, 100))
@settings(deadline=None)
def test_units_of_mass_and_volume_agree(amount: float) -> None:
    # catches: a wrong power of ten in one of the units
    assert _portion("tofu", amount, "kg").grams == pytest.approx(_portion("tofu", 1000 * amount, "g").grams)
    volumes = {"l": 1, "dl": 10, "cl": 100, "ml": 1000}
    grams = [_portion("karnemelk", amount * per, unit).grams for unit, per in volumes.items()]
    assert grams == pytest.approx([grams[0]] * 4)
    assert GRAMS["g"] == MILLILITRES["ml"] == 1


def test_where_a_weight_comes_from() -> None:
    # catches: an estimate from memory shown as verified
    household = _portion("volkorenbrood", 1, "snee")
    printed = _portion("sr:11457", 1, "cup")
    volume = _portion("kraanwater", 1, "mok")
    assert (household.source, household.verified) == ("MEM", False)
    assert (printed.source, printed.verified) == ("USDA-SR28", True)
    assert (volume.source, volume.verified) == ("MEM", False)
    assert _portion("tofu", 5, "g") == Portion(5, "", True)


def test_millilitres_rest_on_the_density() -> None:
    # catches: a density from memory shown as verified; one that a table weighed shown as not
    oil = _portion("olijfolie", 100, "ml")
    water = _portion("kraanwater", 1, "l")
    assert (oil.source, oil.verified) == ("MEM", False)
    assert (water.source, water.verified) == ("", True)
    butter = portion_grams(Candidate("sr:1001", "butter"), None, 1, "dl")  # printed: cup
    assert (butter.grams, butter.source, butter.verified) == (pytest.approx(95.9, abs=0.1), "USDA-SR28", True)


def test_a_portion_that_two_printed_ones_begin_with_is_not_chosen() -> None:
    # catches: the first of several printed portions taken
    butter, apple = Candidate("sr:1001", "butter"), Candidate("sr:9003", "apple")
    assert portion_grams(butter, None, 1, "pat").grams == 5  # printed: pat (1" sq, 1/3" high)
    assert portion_grams(butter, None, 1, "tbsp").grams == 14.2
    with pytest.raises(UnknownUnitError) as caught:
        portion_grams(apple, None, 1, "cup")  # printed: cup, quartered or chopped; cup slices
    assert sum(unit.startswith("cup") for unit in caught.value.accepted) == 2
