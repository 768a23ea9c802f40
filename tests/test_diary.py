"""A diary line -> a food and grams: nothing guessed, nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magnes.diary import Diary, DiaryEntry, preparation_code, preparations, resolve
from magnes.errors import InputProblems
from magnes.matching import matcher, normalise

DAY = dt.date(2026, 11, 1)


def _diary(*foods: tuple[str, float, str], days: tuple[dt.date, ...] = ()) -> Diary:
    entries = tuple(
        DiaryEntry(line=line, date=days[line - 2] if days else DAY, food=food, amount=amount, unit=unit)
        for line, (food, amount, unit) in enumerate(foods, start=2)
    )
    return Diary(file="d.csv", entries=entries)


def test_every_line_becomes_an_item_in_order() -> None:
    # catches: a line dropped or doubled, foods and lines shifted against each other
    eaten = resolve(_diary(("pindakaas", 20, "g"), ("volkorenbrood", 2, "snee"), ("pindakaas", 1, "eetlepel")))
    assert [item.food.basic for item in eaten.items] == ["peanut-butter", "bread-wholemeal", "peanut-butter"]
    assert [item.entry.line for item in eaten.items] == [2, 3, 4]
    assert [item.portion.grams for item in eaten.items] == [20, 70, 16]
    assert (eaten.unmatched, eaten.incomplete) == ((), frozenset())


def test_a_typing_error_is_marked() -> None:
    # catches: a correction that nobody is told about
    right, wrong = resolve(_diary(("pindakaas", 20, "g"), ("pindakas", 20, "g"))).items
    assert (right.typo, wrong.typo) == (False, True)
    assert right.food.code == wrong.food.code


def test_unmatched_lines_make_their_day_incomplete_and_no_other() -> None:
    # catches: an unknown food counted as 0 mg in a day that looks complete
    other = DAY + dt.timedelta(days=1)
    diary = _diary(("tofu", 100, "g"), ("xqzzy", 1, "g"), ("tofu", 1, "emmer"), ("tofu", 50, "g"),
                   days=(DAY, DAY, DAY, other))  # fmt: skip
    with pytest.raises(InputProblems) as caught:
        resolve(diary)
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [
        ("food_unknown", 3), ("unit_unknown", 4),
    ]  # fmt: skip
    eaten = resolve(diary, allow_unmatched=True)
    assert [item.entry.line for item in eaten.items] == [2, 5]
    assert eaten.incomplete == {DAY}
    assert eaten.unmatched == caught.value.problems
    assert diary.dates == (DAY, other)


def test_magnesium_of_the_programme_itself_goes_first() -> None:
    # catches: a food that the programme knew refused because we do not; its lines shifting the others
    given_ = DiaryEntry(line=2, date=DAY, food="Xqzzy bar", amount=1, unit="bar", magnesium_mg=40)
    ours = DiaryEntry(line=3, date=DAY, food="tofu", amount=100, unit="g")
    first, second = resolve(Diary(file="d", entries=(given_, ours))).items
    assert (first.food.code, first.food.name, first.portion.grams) == ("", "Xqzzy bar", 0)
    assert second.food.code == matcher().match("tofu").food.code


def test_problems_name_codes_that_can_be_copied() -> None:
    # catches: suggestions without the code that would settle the matter
    with pytest.raises(InputProblems) as caught:
        resolve(_diary(("rijst", 30, "g")))
    (problem,) = caught.value.problems
    for near in problem.nearest:
        code = near[near.index("[") + 1 : -1]
        assert resolve(_diary((code, 30, "g"))).items[0].food.code == code


@pytest.mark.parametrize(("amount", "unit", "fits"), [(20, "kg", True), (20.1, "kg", False), (20_000, "l", False)])
def test_more_than_anybody_eats_is_refused(amount: float, unit: str, fits: bool) -> None:
    # catches: kilograms written for grams
    diary = _diary(("kraanwater" if unit == "l" else "tofu", amount, unit))
    eaten = resolve(diary, allow_unmatched=True)
    assert [problem.code for problem in eaten.unmatched] == ([] if fits else ["number_range"])


def test_a_food_without_a_value_is_not_zero() -> None:
    # catches: a missing magnesium value that lowers a day
    eaten = resolve(_diary(("sr:1188", 100, "g")), allow_unmatched=True)
    assert eaten.items == ()
    assert eaten.incomplete == {DAY}
    assert eaten.unmatched[0].code == "food_without_magnesium"


@given(st.lists(st.sampled_from(["tofu", "kaas", "xqzzy", "pindakas", "water:spa reine", "nevo:1"]), max_size=8))
@settings(deadline=None)
def test_every_line_is_eaten_or_unmatched(foods: list[str]) -> None:
    # catches: a line that disappears
    eaten = resolve(_diary(*((food, 10, "g") for food in foods)), allow_unmatched=True)
    lines = [item.entry.line for item in eaten.items] + [problem.line for problem in eaten.unmatched]
    assert sorted(lines) == list(range(2, len(foods) + 2))


@pytest.mark.parametrize(
    ("word", "code"),
    [("gekookt", "boiled-drained"), ("Boiled", "boiled-drained"), ("steamed", "steamed"), ("roergebakken", "fried"),
     ("stir-fried", "fried"), (" rauw ", "raw"), ("", ""), ("  ", "")],
)  # fmt: skip
def test_preparations_in_two_languages(word: str, code: str) -> None:
    # catches: a way of cooking with another's losses, blank taken for raw
    assert preparation_code(word) == code


def test_every_offered_preparation_means_another_way() -> None:
    # catches: a word offered in a message and then refused, or two offered words for one way ("boiled" means drained)
    codes = [preparation_code(word) for word in preparations()]
    assert len(codes) == len(set(codes))
    assert {"raw", "boiled", "boiled-drained", "steamed", "fried", "baked", "grilled"} <= set(codes)
    assert preparation_code("boiled") == preparation_code("gekookt") == "boiled-drained"
    with pytest.raises(KeyError) as caught:
        preparation_code("gekokt")
    assert "gekookt" in caught.value.args
    with pytest.raises(KeyError):
        preparation_code(normalise("qqqq"))
