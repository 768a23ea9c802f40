"""The judge itself: known good and known bad clock times, so that it cannot say yes to everything."""

from __future__ import annotations

import pytest
from timetables import at

from magnes.advice.timetable.verify import Placed, hours_until, violations
from magnes.knowledge.names import medicine_atc

MEALS = [at("07:30"), at("12:30"), at("18:00")]
WAKES = at("07:00")


def one(item: int, name: str, time: str) -> Placed:
    if name == "magnesium":
        return Placed(item, "citrate", "A12CC", True, True, at(time))
    return Placed(item, name, medicine_atc(name) or "", False, False, at(time))


def rules(*placed: Placed) -> set[str]:
    return {violation.rule for violation in violations(placed, MEALS, WAKES)}


@pytest.mark.parametrize(
    ("antibiotic", "mineral", "holds"),
    [
        ("08:00", "12:00", True),
        ("08:00", "11:59", False),  # 4 hours before magnesium
        ("18:00", "12:00", True),
        ("17:59", "12:00", False),  # 6 hours after it
        ("23:00", "03:00", True),  # over midnight, antibiotic first
        ("23:00", "02:59", False),
        ("03:00", "21:00", True),  # over midnight, magnesium first
        ("02:59", "21:00", False),
    ],
)
def test_a_window_holds_both_ways_and_over_midnight(antibiotic: str, mineral: str, *, holds: bool) -> None:
    # catches: hours in the wrong order, a minute too few, midnight as a wall
    placed = (one(0, "ciprofloxacine", antibiotic), one(1, "magnesium", mineral))
    assert (rules(*placed) == set()) is holds
    assert (rules(*placed[::-1]) == set()) is holds


@pytest.mark.parametrize(
    ("time", "holds"),
    [("07:00", True), ("07:01", False), ("09:30", True), ("09:29", False), ("20:00", True), ("19:59", False)],
)
def test_levothyroxine_and_meals(time: str, *, holds: bool) -> None:
    # catches: half an hour before and two hours after confused
    assert (rules(one(0, "levothyroxine", time)) == set()) is holds


def test_alendronate_comes_first() -> None:
    # catches: another medicine before it, or within its half hour, that passes
    assert rules(one(0, "alendroninezuur", "07:00"), one(1, "metoprolol", "07:30")) == set()
    assert "TM02" in rules(one(0, "alendroninezuur", "07:00"), one(1, "metoprolol", "07:29"))
    assert "TM02" in rules(one(0, "alendroninezuur", "07:01"))
    assert "TM02" in rules(one(0, "alendroninezuur", "22:00"))


def test_what_may_never_be_combined_is_broken_at_any_time() -> None:
    # catches: twelve hours apart taken for safe
    assert "INT013" in rules(one(0, "raltegravir", "08:00"), one(1, "magnesium", "20:00"))


def test_takings_of_one_item_do_not_disturb_each_other() -> None:
    # catches: magnesium judged against itself
    assert rules(one(0, "magnesium", "08:00"), one(0, "magnesium", "08:00")) == set()


def test_hours_go_forward_around_the_clock() -> None:
    # catches: a negative number of hours
    assert hours_until(at("23:00"), at("01:30")) == 2.5
    assert hours_until(at("01:30"), at("23:00")) == 21.5
