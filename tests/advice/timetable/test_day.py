"""A day that is told in part: the rest follows it, in order."""

from __future__ import annotations

from itertools import combinations

import pytest
from timetables import at

from magnes.advice.timetable.day import TYPICAL, clock, complete, minute, since
from magnes.person import Day

NIGHT = {"wakes": "15:00", "breakfast": "15:30", "lunch": "20:30", "dinner": "02:00", "bedtime": "07:00"}


def test_nothing_told_is_a_typical_day_and_said_so() -> None:
    # catches: typical times that look like those of the person
    found = complete(Day())
    assert {name: getattr(found, name) for name in TYPICAL} == TYPICAL
    assert found.assumed == tuple(TYPICAL)


@pytest.mark.parametrize("count", range(1, 6))
def test_what_is_told_is_kept_and_the_rest_lies_in_order(count: int) -> None:
    # catches: lunch before breakfast for who rises at three in the afternoon
    for names in combinations(NIGHT, count):
        found = complete(Day(**{name: at(NIGHT[name]) for name in names}))
        assert all(getattr(found, name) == at(NIGHT[name]) for name in names)
        order = [since(found.wakes, getattr(found, name)) for name in TYPICAL]
        assert order == sorted(order), names
        assert set(found.assumed) == set(NIGHT) - set(names)


def test_an_early_breakfast_moves_the_waking() -> None:
    # catches: breakfast before waking
    assert complete(Day(breakfast=at("05:00"))).wakes == at("04:30")


def test_minutes_and_clocks() -> None:
    # catches: a clock that ends at midnight
    assert clock(minute(at("23:50")) + 20) == at("00:10")
    assert since(at("22:00"), at("06:15")) == 495
