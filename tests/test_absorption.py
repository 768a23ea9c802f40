"""Absorption per sitting: the published experiments, the shape of the curve, sittings, salts and binders."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.absorption import Absorbed, Sitting, absorb, absorbed_mg, fractional_absorption
from magnes.diary import Diary, DiaryEntry, Eaten, resolve
from magnes.knowledge.foods import composition, food_table
from magnes.knowledge.load import table
from magnes.knowledge.records import Basic, Salt
from magnes.person import Medicine, Person, Supplement
from magnes.units import MAGNESIUM_G_PER_MOL

with (Path(__file__).parent / "reference" / "absorption.csv").open(encoding="utf-8") as handle:
    PUBLISHED = list(csv.DictReader(handle))
MONDAY = dt.date(2026, 3, 2)
HEPAR_MG_PER_L = 119.0
DOSES = st.floats(0.01, 3000)


def at(hour: int, minute: int = 0) -> dt.time:
    return dt.time(hour, minute)


def entry(food: str, amount: float, unit: str = "g", *, day: int = 0, **more: object) -> DiaryEntry:
    return DiaryEntry(line=2, date=MONDAY + dt.timedelta(days=day), food=food, amount=amount, unit=unit, **more)


def eat(*entries: DiaryEntry) -> Eaten:
    return resolve(Diary(file="d.csv", entries=entries), allow_unmatched=True)


def person(*supplements: Supplement, medicines: tuple[Medicine, ...] = ()) -> Person:
    return Person(age_years=40, sex="male", supplements=supplements, medicines=medicines)


def tablet(mg: float, *times: dt.time, salt: str = "chloride") -> Supplement:
    return Supplement(salt=salt, elemental_mg=mg, times=times)


def water(mg: float, time: dt.time) -> DiaryEntry:
    """Dissolved magnesium: so much Hépar that it holds these milligrams."""
    return entry("hépar", mg / HEPAR_MG_PER_L, "l", time=time)


def one(found: Absorbed) -> Sitting:
    (sitting,) = found.sittings
    return sitting


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: row["id"])
def test_published_experiments_lie_in_our_interval(row: dict[str, str]) -> None:
    # catches parameters or units that no longer describe the experiments; rows from memory only validate
    mg = float(row["dose_mmol"]) * MAGNESIUM_G_PER_MOL
    if row["binder"]:
        diary = [entry("volkorenbrood", 100 * mg / bread_mg_per_100_g(), time=at(8))]
    else:
        diary = [water(mg, at(6 + 2 * number)) for number in range(int(row["sittings_per_day"]))]
    found = absorb(person(), eat(*diary))
    assert found.fraction is not None
    assert len(found.sittings) == int(row["sittings_per_day"])
    assert found.sittings[0].magnesium_mg == pytest.approx(mg)
    assert found.fraction.low <= float(row["observed"]) <= found.fraction.high
    # an interval that holds everything says nothing
    assert found.fraction.high < 4.2 * found.fraction.low


def bread_mg_per_100_g() -> float:
    (item,) = eat(entry("volkorenbrood", 100)).items
    assert item.basic is not None
    assert item.basic.phytate
    content = composition(item.food.code, item.basic.also)
    assert content is not None
    return content.value


def test_central_values_stay_near_the_calibration() -> None:
    # catches a fit that drifts: the mean log ratio to the seven points that it was made from
    used = [row for row in PUBLISHED if row["use"] == "calibrate" and not row["binder"]]
    assert all(row["verified"] == "yes" for row in used)
    assert len(used) == 7
    ratio = [float(fractional_absorption(float(row["dose_mmol"]))) / float(row["observed"]) for row in used]
    assert all(0.75 < value < 1.26 for value in ratio)


@given(DOSES, DOSES)
def test_fraction_falls_and_amount_rises_with_the_dose(first: float, more: float) -> None:
    # catches a curve that bends the wrong way or absorbs less of a larger dose
    small, large = fractional_absorption([first / 24.305, (first + more) / 24.305])
    assert 0 < large < small <= 1
    amounts = absorbed_mg([first, first + more])
    assert amounts[0] < amounts[1] <= first + more


def test_never_more_than_offered_and_never_more_than_dissolved() -> None:
    # catches the published model that makes magnesium: 1.8 times what was eaten
    assert float(fractional_absorption(0)) <= 1
    for mg in (0.1, 1, 10, 100, 1000):
        for salt in ("oxide", "citrate", "stearate", "transdermal"):
            sitting = one(absorb(person(tablet(mg, at(8), salt=salt)), None))
            most = 1.151 * mg  # the label may be 15.1 % short
            assert 0 <= sitting.absorbed.low <= sitting.absorbed.value <= sitting.absorbed.high <= most
    assert one(absorb(person(tablet(300, at(8), salt="transdermal")), None)).absorbed.value == 0


def test_oxide_holds_both_sides_of_a_contradiction() -> None:
    """Firoz 2001 (target MG064): 4 % (2 to 8) of about 10.5 mmol oxide a day; other trials found it like citrate.

    Known miss: our middle is above Firoz on purpose, because the studies contradict each other; the interval must reach
    from Firoz's upper half to citrate's middle.
    """
    # catches an interval for oxide that sides with one study
    oxide = absorb(person(tablet(127.5, at(8), at(20), salt="oxide")), None)
    citrate = absorb(person(tablet(127.5, at(8), at(20), salt="citrate")), None)
    assert oxide.fraction is not None
    assert citrate.fraction is not None
    assert oxide.fraction.value > 0.08
    assert oxide.fraction.low < 0.08
    assert oxide.fraction.high > 0.75 * citrate.fraction.value


def test_two_halves_absorb_more_than_one_whole() -> None:
    # catches takings of one day put together in one sitting
    split = absorb(person(tablet(150, at(8), at(20))), None).per_day
    whole = absorb(person(tablet(300, at(8))), None).per_day
    assert split is not None
    assert whole is not None
    assert split.value > 1.1 * whole.value


def test_seven_servings_of_water_absorb_more_than_two() -> None:
    # catches a model without saturation: 50.7 against 32.4 per cent of 126 mg (Sabatier 2011), a ratio of 1.56
    seven = absorb(person(), eat(*(water(18, at(7 + 2 * number)) for number in range(7)))).fraction
    two = absorb(person(), eat(water(63, at(8)), water(63, at(20)))).fraction
    assert seven is not None
    assert two is not None
    assert seven.value / two.value == pytest.approx(50.7 / 32.4, rel=0.1)


def test_oxide_gives_less_than_citrate_and_no_salt_named_lies_between() -> None:
    # catches salts that all dissolve alike, and an unnamed salt taken for the best
    values = {
        salt: one(absorb(person(tablet(300, at(8), salt=salt)), None)).absorbed for salt in ("oxide", "citrate", "")
    }
    assert values["oxide"].value < values[""].value < values["citrate"].value
    assert values["oxide"].low <= values[""].low <= values["citrate"].low
    assert values["oxide"].high <= values[""].high
    assert not values[""].verified


@pytest.mark.parametrize("salt", table(Salt), ids=lambda salt: salt.id)
def test_every_salt_can_be_taken(salt: Salt) -> None:
    # catches a salt whose share dissolved breaks the bounds
    sitting = one(absorb(person(tablet(200, at(8), salt=salt.name_en)), None))
    assert sitting.absorbed.high <= 200
    assert (sitting.absorbed.value == 0) == (salt.soluble_fraction == 0)


def test_the_same_sitting_shares_the_saturable_part() -> None:
    # catches food and tablet of one meal absorbed as if the other were not there
    together = one(absorb(person(tablet(200, at(12))), eat(water(100, at(12)))))
    apart = absorb(person(tablet(200, at(18))), eat(water(100, at(12))))
    assert together.magnesium_mg == pytest.approx(300)
    assert together.absorbed.value == pytest.approx(float(absorbed_mg(300)))
    assert len(apart.sittings) == 2
    assert together.absorbed.value < sum(sitting.absorbed.value for sitting in apart.sittings)


def test_the_part_from_supplements_is_their_share_of_what_dissolved() -> None:
    # catches all of a shared sitting booked on the tablet
    found = absorb(person(tablet(200, at(12))), eat(water(100, at(12))))
    assert found.from_supplements is not None
    assert found.per_day is not None
    assert found.from_supplements.value == pytest.approx(found.per_day.value * 2 / 3)
    assert absorb(person(), eat(water(100, at(12)))).from_supplements is None


@pytest.mark.parametrize(
    ("taken", "sittings"), [(at(12, 0), 1), (at(13, 0), 1), (at(11, 0), 1), (at(13, 1), 2), (at(10, 59), 2)]
)
def test_a_tablet_joins_a_meal_within_an_hour(taken: dt.time, sittings: int) -> None:
    # catches off by one minute at both sides
    assert len(absorb(person(tablet(200, taken)), eat(water(50, at(12)))).sittings) == sittings


@pytest.mark.parametrize("minute", range(60))
def test_an_hour_is_an_hour_at_every_minute(minute: int) -> None:
    # catches 13:05 less 12:05 that is a little more than an hour in binary fractions
    meal = water(50, at(12, minute))
    assert len(absorb(person(tablet(200, at(13, minute))), eat(meal)).sittings) == 1
    assert len(absorb(person(), eat(meal, water(50, at(13, minute)))).sittings) == 1


def test_a_tablet_is_apart_from_meals_without_a_clock() -> None:
    # catches a tablet at 12:00 that is put with a "lunch" whose hour nobody gave
    found = absorb(person(tablet(200, at(12))), eat(entry("evian", 2, "l", meal="lunch")))
    assert [sitting.label for sitting in found.sittings] == ["lunch", "12:00"]


def test_a_tablet_joins_the_nearest_meal_also_around_midnight() -> None:
    # catches the first meal in the list instead of the nearest, and a day that ends at 24:00
    found = absorb(person(tablet(200, at(12, 40))), eat(water(50, at(12)), water(50, at(13, 10))))
    assert [round(sitting.magnesium_mg) for sitting in found.sittings] == [50, 250]
    assert len(absorb(person(tablet(200, at(23, 45))), eat(water(50, at(0, 15)))).sittings) == 1


def test_lines_within_an_hour_are_one_sitting() -> None:
    # catches a lunch typed at 12:00, 12:05 and 12:10 that is absorbed as three meals
    lunch = absorb(person(), eat(*(water(50, at(12, minute)) for minute in (10, 0, 5))))
    assert one(lunch).label == "12:00"
    assert one(lunch).magnesium_mg == pytest.approx(150)
    # a chain of snacks is not one endless meal
    chain = absorb(person(), eat(*(water(50, at(hour, minute)) for hour, minute in ((12, 0), (12, 50), (13, 40)))))
    assert [sitting.label for sitting in chain.sittings] == ["12:00", "13:40"]


def test_order_of_lines_does_not_matter() -> None:
    # catches sittings that depend on how the diary is sorted
    lines = [water(30, at(8)), water(60, at(8, 50)), water(90, at(9, 30)), water(20, at(20))]
    there, back = absorb(person(), eat(*lines)).per_day, absorb(person(), eat(*lines[::-1])).per_day
    assert there is not None
    assert back is not None
    assert there.value == pytest.approx(back.value)


def test_meals_are_sittings_and_a_bare_day_is_three() -> None:
    # catches a day without times that is absorbed in one go
    named = absorb(person(), eat(entry("evian", 2, "l", meal="lunch"), entry("evian", 1, "l", meal="lunch")))
    assert (one(named).label, named.notes) == ("lunch", ())
    bare = absorb(person(), eat(entry("evian", 3, "l")))
    assert [sitting.label for sitting in bare.sittings] == ["1/3", "2/3", "3/3"]
    assert bare.notes == ("meals_assumed",)
    assert bare.per_day is not None
    assert bare.per_day.value == pytest.approx(3 * float(absorbed_mg(26)))


def test_mean_of_the_days_and_only_the_complete_ones() -> None:
    # catches a sum of days shown as one day, and a tablet counted on one day of two
    found = absorb(
        person(tablet(100, at(22))),
        eat(
            water(60, at(12)),
            entry("hépar", 120 / HEPAR_MG_PER_L, "l", day=1, time=at(12)),
            entry("evian", 9, "l", day=2),
            entry("qqzzxx", 9, day=2),
        ),
    )
    assert found.per_day is not None
    assert found.fraction is not None
    expected = (float(absorbed_mg(60)) + float(absorbed_mg(120))) / 2 + float(absorbed_mg(100))
    assert found.per_day.value == pytest.approx(expected)
    assert found.fraction.value == pytest.approx(expected / 190)
    assert {sitting.date for sitting in found.sittings} == {MONDAY, MONDAY + dt.timedelta(days=1)}
    assert found.per_day.unit == "mg/d"


def test_phytate_and_oxalate_hold_magnesium_back() -> None:
    # catches a binder that is forgotten: spinach 0.73, wholemeal bread 0.87
    def fraction(food: str, grams: float) -> tuple[float, float, bool]:
        sitting = one(absorb(person(), eat(entry(food, grams, time=at(12)))))
        plain = float(fractional_absorption(sitting.magnesium_mg / MAGNESIUM_G_PER_MOL))
        return sitting.fraction.value / plain, sitting.fraction.low / plain, sitting.fraction.verified

    spinach, bread, banana = fraction("spinazie", 100), fraction("volkorenbrood", 100), fraction("banaan", 100)
    assert spinach[0] < bread[0] < banana[0]
    assert banana[0] == pytest.approx(1)
    assert not any(verified for *_, verified in (spinach, bread, banana))  # the curve itself rests partly on memory
    # a dish of which nobody knows what is in it may hold phytate
    everyday = {basic.food for basic in table(Basic)}
    dish = next(code for code in food_table().index if code.startswith("fndds:58") and code not in everyday)
    assert fraction(dish, 300)[1] < banana[1]


def test_without_anything_nothing_is_said() -> None:
    # catches 0 mg absorbed of a diary that does not exist or could not be read
    for eaten in (None, eat(entry("qqzzxx", 100))):
        found = absorb(person(), eaten)
        assert (found.per_day, found.fraction, found.from_supplements, found.sittings) == (None, None, None, ())


def test_tablets_alone_are_one_day() -> None:
    # catches tablets that need a diary, and a diary without complete day that hides them
    alone = absorb(person(tablet(300, at(8))), None)
    assert alone.per_day is not None
    assert alone.per_day.value == pytest.approx(float(absorbed_mg(300)))
    assert one(alone).date is None
    # catches tablets passed off as all that was absorbed on a day whose food is unknown
    beside = absorb(person(tablet(300, at(8))), eat(entry("qqzzxx", 100)))
    assert (beside.per_day, beside.fraction) == (None, None)
    assert beside.from_supplements is not None
    assert beside.from_supplements.value == pytest.approx(float(absorbed_mg(300)))


def test_meals_are_assumed_for_counted_days_only() -> None:
    # catches "divided into three sittings" said of a day that was not counted
    beside = absorb(person(tablet(300, at(8))), eat(entry("qqzzxx", 100), entry("banaan", 100)))
    assert "meals_assumed" not in beside.notes
    assert "meals_assumed" in absorb(person(), eat(entry("banaan", 100))).notes


def test_food_without_magnesium_has_no_fraction() -> None:
    # catches a division by zero
    found = absorb(person(), eat(entry("sr:4053", 10, time=at(12))))
    assert found.per_day is not None
    assert (found.per_day.value, found.fraction) == (0, None)
    assert one(found).fraction.value == 0


def test_a_magnesium_medicine_is_absorbed_as_its_salt() -> None:
    # catches a laxative that is left out, or absorbed as well as citrate
    laxative = Medicine(name="laxative", atc="A06AD02", dose_mg=500, times=(at(8), at(20)))
    unknown = Medicine(name="antacid", atc="A02AD01", dose_mg=800, times=(at(14),))
    found = absorb(person(medicines=(laxative, unknown)), None)
    assert [round(sitting.magnesium_mg, 1) for sitting in found.sittings] == [301.5, 301.5]
    assert found.sittings[0].absorbed.value == pytest.approx(float(absorbed_mg(0.3 * 301.5)), rel=1e-3)


def test_a_share_that_may_be_nothing_reaches_down_to_nothing() -> None:
    # catches a lower bound of 0 that narrows the interval instead of opening it
    trisilicate = one(absorb(person(tablet(100, at(8), salt="trisilicate")), None))
    assert trisilicate.absorbed.low == 0
    assert trisilicate.absorbed.value > 0
