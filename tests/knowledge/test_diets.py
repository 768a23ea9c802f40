"""Words for diets, allergies and foods that are not liked; the choices themselves."""

from __future__ import annotations

import pytest

from magnes.knowledge.diets import allergen_ids, choices_called, diet_id, is_food_word
from magnes.knowledge.eating import Allergen, FoodChoice, FoodRule, FoodSwap, FoodUse
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import table
from magnes.knowledge.records import Basic, Water

CHOICES = table(FoodChoice)
BASICS = {row.id: row for row in table(Basic)}


@pytest.mark.parametrize(
    ("word", "diet"),
    [
        ("Vegan", "vegan"),
        ("veganistisch", "vegan"),
        ("geen varkensvlees", "no-pork"),
        ("koosjer", "kosher"),
        ("x", None),
    ],
)
def test_diets_in_both_languages(word: str, diet: str | None) -> None:
    # catches: a Dutch word that means nothing
    assert diet_id(word) == diet


def test_a_word_that_may_mean_several_allergens_means_all_of_them() -> None:
    # catches: "noten" read as tree nuts alone, and peanuts offered
    assert set(allergen_ids("noten")) == set(allergen_ids("Nuts")) == {"peanut", "tree-nut"}
    assert allergen_ids("pinda") == ("peanut",)
    assert set(allergen_ids("schelpdieren")) == {"mollusc"}
    assert set(allergen_ids("shellfish")) == {"crustaceans", "mollusc"}
    assert allergen_ids("xylofoon") == ()


def test_all_fourteen_allergens_of_the_law_are_there() -> None:
    # catches: an allergen lost
    assert len(table(Allergen)) == 14


def test_a_dislike_reaches_compounds_synonyms_and_groups() -> None:
    # catches: "noten" without walnuts, "brood" without wholemeal bread, "ei" in "prei"
    assert {"walnuts", "almonds", "peanut-butter"} <= choices_called("noten")
    assert {"bread-wholemeal", "crispbread-wholemeal"} <= choices_called("brood")
    assert {"spinach-cooked", "baby-spinach"} == choices_called("spinazie")
    assert choices_called("spinach") == choices_called("spinazie")
    assert choices_called("ei") == frozenset()
    assert {"water:contrex"} <= choices_called("mineraalwater")


def test_a_word_for_no_food_is_known_as_such() -> None:
    # catches: a misspelt dislike taken in silence
    assert is_food_word("spinazie")
    assert is_food_word("ei")
    assert not is_food_word("xylofoon")
    assert not is_food_word("--")


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        (("amandel", "noten", "cashew", "walno", "hazelno", "para"), "tree-nut"),
        (("pinda",), "peanut"),
        (("soja", "tofu", "tempeh", "edamame"), "soy"),
        (("melk", "yoghurt"), "milk"),
        (("brood", "roggebrood", "tarwe", "volkoren", "havermout", "bulgur", "weetabix"), "gluten"),
        (("sesam", "tahin", "hummus"), "sesame"),
        (("zalm", "makreel"), "fish"),
    ],
)
def test_a_choice_called_after_an_allergen_carries_its_tag(words: tuple[str, ...], tag: str) -> None:
    # catches: a new row without its tag: the name itself tells
    for choice in CHOICES:
        name = BASICS[choice.id].name_nl if choice.id in BASICS else ""
        plant = tag == "milk" and ("karne" not in name and "soja" in name)
        if any(word in name for word in words) and not plant:
            assert tag in (*choice.contains, *choice.may_contain), (choice.id, tag)


def test_every_choice_has_energy_and_magnesium_in_the_tables() -> None:
    # catches: a choice that silently never comes because a table lacks its energy
    waters = {f"water:{row.brand}" for row in table(Water) if row.magnesium_mg_per_l}
    for choice in CHOICES:
        if choice.id in BASICS:
            food = food_table().food(BASICS[choice.id].food)
            assert food.energy_kcal is not None, choice.id
            assert food.magnesium_mg, choice.id
        else:
            assert choice.id in waters


def test_a_swap_never_brings_less_magnesium_for_its_use() -> None:
    # catches: a swap in the wrong direction
    def content(name: str) -> float:
        if name.startswith("water:"):
            brand = name.partition(":")[2]
            return next(r.magnesium_mg_per_l or 0.0 for r in table(Water) if r.brand == brand) / 10
        return food_table().food(BASICS[name].food).magnesium_mg or 0.0

    uses = {row.id: row for row in table(FoodUse)}
    for swap in table(FoodSwap):
        for name in uses[swap.use].basics[:1]:
            assert content(swap.choice) * swap.ratio > content(name), swap.id


def test_each_rule_says_when_it_holds() -> None:
    # catches: a rule that holds for everybody or nobody
    for rule in table(FoodRule):
        given = [rule.condition, rule.atc, rule.egfr_below, rule.age_below]
        assert sum(bool(one) for one in given) == 1
        assert bool(rule.avoid) == (rule.action == "avoid")
