"""Timetables: worked cases of the pharmacy, random persons before an independent judge, the smallest conflict."""

from __future__ import annotations

import datetime as dt
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timetables import NAMES, TWELVE, at, clock, magnesium, medicine, person, random_person

import magnes
from magnes.advice.timetable import NoTimetable, Timetable, timetable
from magnes.advice.timetable.day import complete, since
from magnes.advice.timetable.demands import demands_of, items_of
from magnes.advice.timetable.plan import placed
from magnes.advice.timetable.records import MEALS
from magnes.advice.timetable.solve import possible
from magnes.advice.timetable.verify import Placed, hours_until, violations
from magnes.person import Day, Person, Supplement

RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10**9)


def times_of(found: Timetable | NoTimetable) -> dict[str, list[dt.time]]:
    assert isinstance(found, Timetable)
    times: dict[str, list[dt.time]] = {}
    for moment in found.moments:
        for taking in moment.takings:
            times.setdefault(found.items[taking.item].name, []).append(moment.time)
    return times


def broken(found: Timetable) -> tuple[object, ...]:
    return violations(placed(found), [getattr(found.day, meal) for meal in MEALS], found.day.wakes)


def named(found: NoTimetable) -> set[tuple[str, str, str]]:
    """Codes of the conflict with the names of both sides."""
    demands = [found.demands[number] for number in found.conflict]
    names = [item.name for item in found.items]
    return {
        (one.code, "" if one.item is None else names[one.item], "" if one.other is None else names[one.other])
        for one in demands
    }


def test_levothyroxine_iron_alendronate_and_magnesium() -> None:
    # catches: alendronate not first, levothyroxine beside breakfast, a mineral within 4 hours
    found = timetable(
        person(
            medicine("levothyroxine", "07:30"),
            medicine("ferrofumaraat", "08:00"),
            medicine("alendroninezuur", "07:00"),
            magnesium("20:00"),
        )
    )
    times = times_of(found)
    assert times["alendroninezuur"] == [at("07:00")]
    [levothyroxine], [iron], [magnesium_time] = (times[name] for name in ("levothyroxine", "ferrofumaraat", "citrate"))
    assert hours_until(at("07:00"), levothyroxine) >= 0.5
    for one, other in ((levothyroxine, iron), (levothyroxine, magnesium_time), (iron, magnesium_time)):
        assert min(hours_until(one, other), hours_until(other, one)) >= 4
    for meal in (at("07:30"), at("12:30"), at("18:00")):
        assert hours_until(levothyroxine, meal) >= 0.5
        assert hours_until(meal, levothyroxine) >= 2


def test_levothyroxine_alone_stays_half_an_hour_before_breakfast() -> None:
    # catches: a medicine moved although nothing asks for it
    assert times_of(timetable(person(medicine("levothyroxine", "07:00")))) == {"levothyroxine": [at("07:00")]}


def test_doxycycline_calcium_and_magnesium() -> None:
    # catches: the longer wait after magnesium (6 hours) taken for the shorter one before it (4 hours)
    times = times_of(
        timetable(
            person(medicine("doxycycline", "08:00", "20:00"), medicine("calciumcarbonaat", "12:30"), magnesium("08:00"))
        )
    )
    for antibiotic in times["doxycycline"]:
        assert hours_until(antibiotic, times["citrate"][0]) >= 4
        assert hours_until(times["citrate"][0], antibiotic) >= 6
        for between in (hours_until, lambda one, other: hours_until(other, one)):
            assert between(antibiotic, times["calciumcarbonaat"][0]) >= 4


def test_ciprofloxacin_twice_and_magnesium_twice_fit_in_one_day() -> None:
    # catches: a conflict claimed where 4 + 6 hours fit twice between two doses
    times = times_of(timetable(person(medicine("ciprofloxacine", "08:00", "20:00"), magnesium("08:00", "20:00"))))
    for antibiotic, mineral in product(times["ciprofloxacine"], times["citrate"]):
        assert hours_until(antibiotic, mineral) >= 4
        assert hours_until(mineral, antibiotic) >= 6


def test_the_night_counts_as_well() -> None:
    # catches: last taking of the day and first of the next judged as if a day had no next day
    day = Day(wakes=at("07:00"), bedtime=at("01:00"))
    found = timetable(person(medicine("moxifloxacine", "07:00", fixed=True), magnesium("00:30"), day=day))
    [mineral] = times_of(found)["citrate"]
    assert hours_until(mineral, at("07:00")) >= 8
    assert hours_until(at("07:00"), mineral) >= 4


def test_penicillamine_three_times_and_magnesium_twice_do_not_fit() -> None:
    # catches: a conflict that is not found, or whose demands are not the ones that matter
    found = timetable(person(medicine("penicillamine", "08:00", "13:00", "18:00"), magnesium("08:00", "20:00")))
    assert isinstance(found, NoTimetable)
    assert ("window", "citrate", "penicillamine") in named(found)
    assert {code for code, _, _ in named(found)} <= {"awake", "spread", "empty_stomach", "window"}


def test_a_pair_that_may_never_be_combined_is_the_whole_conflict() -> None:
    # catches: "avoid" taken for hours that can be kept, or told with demands that do not matter
    found = timetable(person(medicine("raltegravir", "08:00"), medicine("metformine", "08:00"), magnesium("20:00")))
    assert isinstance(found, NoTimetable)
    assert named(found) == {("avoid", "citrate", "raltegravir")}


def test_two_fixed_times_that_clash_are_named() -> None:
    # catches: a fixed time moved in silence
    found = timetable(
        person(medicine("levothyroxine", "07:00", fixed=True), medicine("ferrofumaraat", "09:00", fixed=True))
    )
    assert isinstance(found, NoTimetable)
    assert named(found) == {
        ("fixed", "levothyroxine", ""),
        ("fixed", "ferrofumaraat", ""),
        ("window", "ferrofumaraat", "levothyroxine"),
    }


def test_a_fixed_time_is_kept_even_at_night() -> None:
    # catches: an alarm that a person sets moved into the day
    found = timetable(person(medicine("metoprolol", "03:10", fixed=True), magnesium("08:00")))
    assert times_of(found)["metoprolol"] == [at("03:10")]


def test_blank_hours_are_told_and_never_treated_as_safe() -> None:
    # catches: a pair without hours in the sources placed at one moment without a word
    found = timetable(person(medicine("calciumcarbonaat", "08:00"), magnesium("08:00")))
    assert isinstance(found, Timetable)
    [window] = [one for one in found.demands if one.code == "window"]
    assert window.unknown == "both"
    assert len(found.moments) == 2
    half = timetable(person(medicine("gabapentine", "08:00"), magnesium("08:00")))
    assert [one.unknown for one in half.demands if one.code == "window"] == ["after"]


def test_a_medicine_that_nobody_knows_is_told() -> None:
    # catches: a name without rules that looks like one without problems
    found = timetable(person(medicine("onbekendium", "08:00"), medicine("metoprolol", "08:00")))
    assert found.no_rules == ("onbekendium",)


def test_times_that_nobody_told_are_told_as_assumed() -> None:
    # catches: once a day assumed in silence
    found = timetable(person(medicine("metoprolol")))
    assert [item.times_known for item in found.items] == [False]
    assert found.day.assumed == ("wakes", "breakfast", "lunch", "dinner", "bedtime")


def test_work_is_kept_free_when_that_costs_no_moment() -> None:
    # catches: hours of work forgotten, also those that go over midnight (an hour earlier weighs less than work)
    night = Day(wakes=at("15:00"), bedtime=at("08:00"), work=(at("23:00"), at("07:00")))
    found = timetable(person(medicine("metoprolol", "00:00"), day=night))
    [time] = times_of(found)["metoprolol"]
    lunch = since(found.day.wakes, found.day.lunch)
    assert not 480 < since(at("15:00"), time) < 960 or lunch <= since(at("15:00"), time) <= lunch + 30


def test_milk_is_told_not_placed() -> None:
    # catches: a rule about dairy dropped because no meal is known to hold any
    found = timetable(person(medicine("ciprofloxacine", "08:00")))
    assert found.no_dairy == ((0, "TM11"),)


def test_an_added_supplement_is_placed_beside_the_rest() -> None:
    # catches: --add that is read and forgotten
    found = timetable(person(medicine("levothyroxine", "07:00")), [magnesium("08:00")])
    assert set(times_of(found)) == {"levothyroxine", "citrate"}


def test_a_product_without_amount_or_times_is_placed_once() -> None:
    # catches: a crash on what a program leaves open, or a fixed time that nobody gave
    found = timetable(person(Supplement(product="x", fixed=True)))
    assert [(item.amount_mg, item.takings, item.fixed) for item in found.items] == [(None, 1, False)]


def test_nothing_taken_is_an_empty_day() -> None:
    # catches: a crash on a person without medicines
    found = timetable(person())
    assert isinstance(found, Timetable)
    assert found.moments == ()


@RANDOM
@given(seeds)
def test_random_persons_before_the_judge(seed: int) -> None:
    # catches: any broken window, meal rule or fixed time, on any day, around midnight as well
    who = random_person(Random(seed))
    found = timetable(who)
    if isinstance(found, NoTimetable):
        assert found.conflict
        return
    assert broken(found) == ()
    times = times_of(found)
    items = items_of(who)
    assert sorted(name for name, all_times in times.items() for _ in all_times) == sorted(
        item.name for item in items for _ in range(item.takings)
    )
    awake = since(found.day.wakes, found.day.bedtime)
    for item in items:
        if item.fixed:
            assert sorted(times[item.name]) == sorted(item.times)
        else:
            assert all(since(found.day.wakes, time) <= awake for time in times[item.name])


@RANDOM
@given(seeds)
def test_the_conflict_is_minimal(seed: int) -> None:
    # catches: a conflict with a demand too many, or one that is no conflict
    who = random_person(Random(seed), most=10)
    found = timetable(who)
    if isinstance(found, Timetable):
        return
    core = [found.demands[number] for number in found.conflict]
    assert not possible(found.items, found.day, core)
    for left_out in range(len(core)):
        assert possible(found.items, found.day, core[:left_out] + core[left_out + 1 :])


@RANDOM
@given(seeds)
def test_the_order_of_the_file_changes_nothing(seed: int) -> None:
    # catches: a timetable that depends on who is named first
    random = Random(seed)
    who = random_person(random)
    medicines = random.sample(who.medicines, len(who.medicines))
    again = timetable(who.model_copy(update={"medicines": tuple(medicines)}))
    assert again == timetable(who)


@RANDOM
@given(seeds, st.integers(1, 95))
def test_the_whole_day_shifted_shifts_the_timetable(seed: int, quarters: int) -> None:
    # catches: midnight as a wall: the same day begun at another hour must have the same hours between takings
    def later(time: dt.time) -> dt.time:
        return clock(60 * time.hour + time.minute + 15 * quarters)

    who = random_person(Random(seed))
    day = complete(who.day)
    told = Day(**{name: getattr(day, name) for name in (*MEALS, "wakes", "bedtime")}, work=day.work)
    moved = Day(
        **{name: later(getattr(day, name)) for name in (*MEALS, "wakes", "bedtime")},
        work=day.work and (later(day.work[0]), later(day.work[1])),
    )
    first = timetable(who.model_copy(update={"day": told}))
    shifted = {
        field: tuple(one.model_copy(update={"times": tuple(map(later, one.times))}) for one in getattr(who, field))
        for field in ("medicines", "supplements")
    }
    second = timetable(who.model_copy(update={"day": moved} | shifted))
    assert first.kind == second.kind
    if isinstance(first, Timetable) and isinstance(second, Timetable):
        assert len(first.moments) == len(second.moments)


@RANDOM
@given(seeds)
def test_one_medicine_less_never_needs_more_moments(seed: int) -> None:
    # catches: a count of moments that is not the fewest
    who = random_person(Random(seed))
    less = timetable(who.model_copy(update={"medicines": who.medicines[1:]}))
    found = timetable(who)
    if isinstance(found, Timetable):
        assert isinstance(less, Timetable)
        assert len(less.moments) <= len(found.moments)


SINGLE = [name for name in NAMES if name not in ("gabapentine", "raltegravir", "mycofenolaat", "magnesiumhydroxide")]


def fewest_by_search(who: Person) -> int | None:
    """Try every half hour for every taking, with nothing but the judge; each item is taken once."""
    items, day = items_of(who), complete(who.day)
    meals = [getattr(day, meal) for meal in MEALS]
    slots = [
        clock(60 * day.wakes.hour + day.wakes.minute + 30 * step)
        for step in range(since(day.wakes, day.bedtime) // 30 + 1)
    ]

    def taken(number: int, time: dt.time) -> Placed:
        item = items[number]
        return Placed(number, item.name, item.atc, item.holds_magnesium, item.kind == "supplement", time)

    alone = [
        [time for time in slots if not violations([taken(number, time)], meals, day.wakes)]
        for number in range(len(items))
    ]
    fits = {
        (one, other, first, second)
        for one in range(len(items))
        for other in range(one)
        for first, second in product(alone[one], alone[other])
        if not violations([taken(one, first), taken(other, second)], meals, day.wakes)
    }
    counts = [
        len(set(times))
        for times in product(*alone)
        if all((one, other, times[one], times[other]) in fits for one in range(len(items)) for other in range(one))
    ]
    return min(counts, default=None)


@pytest.mark.parametrize("seed", range(6))
def test_fewest_moments_are_those_of_a_search_through_every_half_hour(seed: int) -> None:
    # catches: a timetable that is good but not the best, or a conflict that is none
    random = Random(seed)
    day = Day(wakes=at("07:00"), breakfast=at("07:30"), lunch=at("12:30"), dinner=at("18:00"), bedtime=at("21:00"))
    pool = [name for name in SINGLE if name != "calciumcarbonaat"]  # its hours to magnesium are not known
    who = person(*(medicine(name, "08:00") for name in random.sample(pool, 2)), magnesium("20:00"), day=day)
    found = timetable(who)
    expected = fewest_by_search(who)
    assert (len(found.moments) if isinstance(found, Timetable) else None) == expected


def test_twelve_items_are_placed_and_proven() -> None:
    # catches: a day of twelve items that the solver cannot finish
    found = timetable(TWELVE)
    assert isinstance(found, Timetable)
    assert found.fewest
    assert broken(found) == ()
    assert len(found.items) == 12


def test_a_person_at_the_end_of_the_minute_grid() -> None:
    # catches: times that are no quarter of an hour rounded away, with a conflict or a broken window as result
    day = Day(wakes=at("06:53"), breakfast=at("07:24"))
    found = timetable(
        person(medicine("levothyroxine", "06:53"), medicine("ferrofumaraat", "12:07", fixed=True), day=day)
    )
    assert times_of(found)["levothyroxine"] == [at("06:53")]


def test_public_name() -> None:
    # catches: a lazy name that leads to the package instead of the function
    assert magnes.timetable is timetable


def test_every_demand_names_its_source() -> None:
    # catches: hours that nobody can trace
    demands = demands_of(items_of(TWELVE), work=True)
    assert all(one.sources for one in demands)
    assert all(one.rules for one in demands if one.code in ("window", "avoid", "empty_stomach", "first_of_day"))
