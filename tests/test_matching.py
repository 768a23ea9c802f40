"""Food names: everyday names found, typing errors found, nothing guessed."""

from __future__ import annotations

import random
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magnes.knowledge.foods import food_table
from magnes.knowledge.load import table
from magnes.knowledge.records import Basic
from magnes.matching import FoodMatcher, matcher, normalise, waters_of

# Everyday Dutch words; a name that stands for several foods must list them and not choose.
EVERYDAY = [
    "volkorenbrood", "bruinbrood", "roggebrood", "pindakaas", "karnemelk", "boerenkool", "kikkererwten",
    "linzen", "spinazie", "banaan", "appel", "peer", "ei", "tofu", "tempeh", "amandelen", "walnoten",
    "cashewnoten", "pompoenpitten", "havermout", "muesli", "quinoa", "zilvervliesrijst", "aardappel",
    "aardappelen", "friet", "zalm", "makreel", "haring", "kabeljauw", "tonijn", "garnalen", "kipfilet",
    "rundergehakt", "ham", "hummus", "avocado", "tomaat", "komkommer", "wortel", "broccoli", "bloemkool",
    "sperziebonen", "prei", "witlof", "spruitjes", "andijvie", "zuurkool", "snert", "hutspot", "stroopwafel",
    "ontbijtkoek", "beschuit", "drop", "koffie", "thee", "water", "bier", "cola", "sinaasappelsap", "appelmoes",
    "mayonaise", "kokosmelk", "krentenbol", "kroket",
]  # fmt: skip
SEVERAL = ["hagelslag", "kaas", "melk", "brood", "yoghurt", "vla", "kwark", "noten", "rijst", "kip", "vis", "gehakt"]
LETTERS = st.text(string.ascii_lowercase, min_size=1, max_size=12)


@pytest.fixture(scope="module")
def foods() -> FoodMatcher:
    return matcher()


@pytest.fixture(scope="module")
def known(foods: FoodMatcher) -> dict[str, set[str]]:
    """Everyday names -> the codes that they may mean."""
    return {name: {candidate.code for candidate in candidates} for name, candidates in foods._names.items()}


@pytest.mark.parametrize("name", EVERYDAY)
def test_everyday_names_resolve(foods: FoodMatcher, name: str) -> None:
    # catches: a usual word unknown, or a food without magnesium behind it
    match = foods.match(name)
    assert match.food is not None or match.kind == "ambiguous", name
    for candidate in [match.food] if match.food else match.candidates:
        assert candidate.code.startswith("water:") or food_table().food(candidate.code).magnesium_mg is not None


def test_a_close_name_is_read_as_the_commonest_and_says_so(foods: FoodMatcher) -> None:
    # catches: milk refused although its kinds hold the same, and rice guessed although brown holds three times white
    milk = foods.match("melk")
    assert (milk.kind, milk.food) == ("close", milk.candidates[0])
    values = [food_table().food(candidate.code).magnesium_mg or 0 for candidate in milk.candidates]
    assert max(values) - min(values) <= max(3, 0.25 * max(values))
    assert foods.match("rijst").kind == "ambiguous"
    assert foods.match("boterkoek").kind == "ambiguous"  # croissant or butter cake: alike in magnesium, not in kind


@pytest.mark.parametrize("name", SEVERAL)
def test_a_name_of_several_foods_lists_them(foods: FoodMatcher, name: str) -> None:
    # catches: milk taken for whole milk without asking
    match = foods.match(name)
    assert match.kind in ("ambiguous", "close")
    assert (match.food is None) == (match.kind == "ambiguous")
    assert len({candidate.code for candidate in match.candidates}) >= 2
    commonness = [candidate.common for candidate in match.candidates]
    assert commonness == sorted(commonness, reverse=True)


def test_both_names_of_every_basic_find_it(foods: FoodMatcher) -> None:
    # catches: a name that leads to another food, or Dutch and English that differ
    for basic in table(Basic):
        for match in foods.match_many([basic.name_nl, basic.name_en]):
            found = [match.food] if match.food else match.candidates
            assert basic.food in {candidate.code for candidate in found}, match


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("volkorenbrod", "volkorenbrood"), ("pindakas", "pindakaas"), ("spinzaie", "spinazie"),
     ("kikkererten", "kikkererwten"),
     ("brocoly", "broccoli"), ("harring", "haring"), ("karnemelck", "karnemelk"), ("boerenkol", "boerenkool"),
     ("zilver vliesrijst", "zilvervliesrijst"), ("zonebloempitten", "zonnebloempitten"), ("almondss", "almonds")],
)  # fmt: skip
def test_typing_errors(foods: FoodMatcher, typed: str, meant: str) -> None:
    # catches: a typing error unknown, resolved to another food, or not marked as a typing error
    match = foods.match(typed)
    right = foods.match(meant).food
    assert (match.kind, match.food.code) == ("typo", right.code)


@pytest.mark.parametrize(
    "name",
    ["palm", "talm", "zlam", "kasa", "riet", "boot", "haem", "mlek", "haricot", "cold", "have", "heel", "hard", "loaf",
     "frog", "choice", "pinto", "pearl", "flank", "grain", "munster", "lipton", "rode bier", "", "???", "大米",
     "½", "nevo", "sr", "sr:", "water:", "nevo:1", "sr:11457 x", "xqzzy"],
)  # fmt: skip
def test_a_neighbour_is_never_assumed(foods: FoodMatcher, name: str) -> None:
    # catches: a short or real word, signs or half a code resolved to some food (zlam -> lamb, haricot -> apricot)
    match = foods.match(name)
    assert match.food is None, match.food
    assert len(match.candidates) <= 20


def test_numbers_in_names_are_never_typing_errors(foods: FoodMatcher) -> None:
    # catches: 20+ cheese taken for 30+ cheese
    for name in ("31+ kaas", "goudse kaas 49+", "pure chocolade 75%"):
        assert foods.match(name).kind != "typo", name


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_one_wrong_letter_never_gives_another_food(data: st.DataObject) -> None:
    # catches: a typing error resolved to a food that was not meant
    foods = matcher()
    names = sorted(foods._names)
    name = data.draw(st.sampled_from(names))
    at = data.draw(st.integers(1, max(1, len(name) - 1)))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    typed = data.draw(st.sampled_from([name[:at] + name[at + 1 :], name[:at] + letter + name[at:],
                                       name[:at] + letter + name[at + 1 :]]))  # fmt: skip
    match = foods.match(typed)
    if match.kind == "typo":
        assert match.food.code in {candidate.code for candidate in foods._names[name]}, (typed, name, match.food)


@given(st.lists(LETTERS, max_size=6))
@settings(deadline=None)
def test_many_at_once_are_each_alone(names: list[str]) -> None:
    # catches: answers given to the wrong name
    foods = matcher()
    together = foods.match_many(names)
    assert [match.asked for match in together] == names
    assert together == [foods.match(name) for name in names]


@given(st.text(max_size=30))
@settings(deadline=None)
def test_any_text_is_answered(name: str) -> None:
    # catches: an exception; a food set beside "none" or "ambiguous"
    match = matcher().match(name)
    assert (match.food is not None) == (match.kind in ("code", "name", "typo"))
    assert (match.kind != "ambiguous") or len(match.candidates) > 1


@given(st.sampled_from(sorted(matcher()._names)), st.sampled_from([str.upper, str.title, lambda name: f"  {name}\t"]))
@settings(deadline=None)
def test_case_and_spaces_do_not_matter(name: str, write) -> None:
    # catches: a capital that makes a name unknown
    foods = matcher()
    plain, written = foods.match(name), foods.match(write(name))
    assert (plain.kind, plain.food, plain.candidates) == (written.kind, written.food, written.candidates)


def test_order_of_words_does_not_matter(foods: FoodMatcher) -> None:
    # catches: "melk, halfvolle" unknown
    assert foods.match("melk halfvolle").food == foods.match("halfvolle melk").food


def test_codes_of_every_table(foods: FoodMatcher) -> None:
    # catches: a code looked up as a name; the everyday food behind a code forgotten
    for code in ("sr:11457", "fdc:335240", "ciqual:26230"):
        match = foods.match(f" {code} ")
        assert (match.kind, match.food.code) == ("code", code)
    assert foods.match("sr:11457").food.basic == "spinach"
    near = foods.match("sr:1145x")
    assert near.kind == "none"
    assert near.candidates


def test_waters_by_brand_and_code(foods: FoodMatcher) -> None:
    # catches: a brand of water read as tap water, a near brand assumed
    by_code = foods.match("water:Spa Reine")
    assert (by_code.kind, by_code.food.code) == ("code", "water:spa reine")
    assert foods.match("spa blauw").food == by_code.food
    assert foods.match("water:spa rein").food is None
    assert "water:spa reine" in {candidate.code for candidate in foods.match("water:spa rein").candidates}
    assert all(water.magnesium_mg_per_l is not None for water in waters_of("spa reine"))


def test_an_entry_name_of_a_table_is_found(foods: FoodMatcher) -> None:
    # catches: the printed name of a food that no everyday name has
    match = foods.match("Babyfood, fruit, apple and raspberry, strained")
    assert match.food is not None
    assert match.food.code.startswith("sr:")


def test_search_begins_with_the_exact_name(foods: FoodMatcher) -> None:
    # catches: the food that was asked for pushed behind foods that look like it
    assert foods.search("spinazie")[0].basic == "spinach"
    codes = [candidate.code for candidate in foods.search("kaas", 15)]
    assert 5 < len(codes) == len(set(codes)) <= 15


@given(st.text(max_size=20))
def test_normalise_is_idempotent_and_keeps_letters(name: str) -> None:
    # catches: a letter of another script dropped, so that "µg" becomes "g"
    once = normalise(name)
    assert normalise(once) == once
    assert once == once.strip()


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Crème-fraîche, 30% ", "creme fraiche 30"), ("µg", "μg"), ("smørrebrød", "smørrebrød"), ("_", "")],
)
def test_normalise(name: str, plain: str) -> None:
    # catches: accents kept, letters lost
    assert normalise(name) == plain


def _ten_thousand(names: list[str]) -> list[str]:
    """A third exact, a third with one error, a third nonsense: all different, the same every time."""
    draw = random.Random(20261122)
    exact = draw.sample(names, 3333)
    letters = string.ascii_lowercase
    wrong = [name[: len(name) // 2] + draw.choice(letters) + name[len(name) // 2 + 1 :] for name in names]
    nonsense = ["".join(draw.choices(letters, k=draw.randint(5, 25))) for _ in range(4000)]
    slips = [name for name in dict.fromkeys(wrong) if name not in names]
    return [*exact, *draw.sample(slips, 3333), *list(dict.fromkeys(nonsense))[:3334]]


def test_ten_thousand_names_are_quick_and_right(foods: FoodMatcher, known: dict[str, set[str]]) -> None:
    # catches: matching that grows with the square of the names; 0.9 s on two cores, so 4 s leaves room for a slow one
    asked = _ten_thousand(sorted(known))
    assert len(asked) == 10_000
    foods.match_many(["warm up"])
    start = time.process_time()
    found = foods.match_many(asked)
    seconds = time.process_time() - start
    assert seconds < 4
    assert all(match.kind in ("name", "close", "ambiguous") for match in found[:3333])
    slips, nonsense = found[3333:6666], found[6666:]
    assert sum(match.kind == "typo" for match in slips) > 0.7 * len(slips)
    assert [match.asked for match in nonsense if match.kind not in ("none", "name", "close")] == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [("spin", "spinazie"), ("volkoren br", "volkorenbrood"), ("haver", "havermout"), ("pindak", "pindakaas"),
     ("halfvolle m", "halfvolle melk"), ("kikker", "kikkererwten"), ("brood volkoren", "volkorenbrood"),
     ("zilverv", "zilvervliesrijst"), ("cashew", "cashewnoten"), ("spinzaie", "spinazie"), ("pindaksa", "pindakaas"),
     ("volkorenbrod", "volkorenbrood"), ("hvermout", "havermout"), ("brocoly", "broccoli"), ("avocadoo", "avocado")],
)  # fmt: skip
def test_search_while_typing_puts_the_likeliest_first(foods: FoodMatcher, typed: str, first: str) -> None:
    # catches: a rare food before the everyday one, a half word or a typing error that finds nothing
    assert foods.search(typed)[0].name == first


def test_search_finds_parts_of_compounds_and_table_entries(foods: FoodMatcher) -> None:
    # catches: Dutch compounds found by their first part only; entries of the tables that no everyday name has
    assert "speltbrood" in {candidate.name for candidate in foods.search("brood", 60)}
    assert foods.search("chicken breast roasted")[0].name.startswith("Chicken, breast, roasted")


@given(st.text(max_size=20), st.integers(1, 15))
@settings(deadline=None, max_examples=200)
def test_search_answers_anything_once(text: str, limit: int) -> None:
    # catches: an exception, a food twice, more than was asked for
    codes = [candidate.code for candidate in matcher().search(text, limit)]
    assert len(codes) == len(set(codes)) <= limit


def test_search_is_quick_for_each_letter(foods: FoodMatcher) -> None:
    # catches: a likeness with all names for each letter typed (20 ms); 1 to 2 ms now, so 10 ms leaves room
    foods.search("warm up")
    words = [name[:end] for name in EVERYDAY for end in range(2, len(name) + 1)]
    start = time.process_time()
    for word in words:
        foods.search(word, 17)
    assert (time.process_time() - start) / len(words) < 0.010
