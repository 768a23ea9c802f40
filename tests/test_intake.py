"""Diary and products -> magnesium per day: only complete days, cooking, waters, salts, and nothing silently zero."""

import datetime as dt
import random

import numpy as np
import pytest

from magnes.diary import Diary, DiaryEntry, Eaten, EatenItem, resolve
from magnes.intake import Intake as IntakeRecord
from magnes.intake import intake, sum_by_day
from magnes.kitchen import item_magnesium
from magnes.knowledge.clinical import Substance
from magnes.knowledge.foods import composition, food_table
from magnes.knowledge.load import table
from magnes.knowledge.parameters import parameter
from magnes.knowledge.records import Parameter
from magnes.matching import Candidate
from magnes.person import Medicine, Person, Supplement
from magnes.products import Contribution, elemental_mg, medicine_magnesium

MONDAY = dt.date(2026, 3, 2)
MORNING, EVENING = dt.time(8), dt.time(20)


def entry(food: str, amount: float, unit: str = "g", *, day: int = 0, **more: object) -> DiaryEntry:
    return DiaryEntry(line=2, date=MONDAY + dt.timedelta(days=day), food=food, amount=amount, unit=unit, **more)


def eat(*entries: DiaryEntry) -> Eaten:
    return resolve(Diary(file="diary.csv", entries=entries), allow_unmatched=True)


def person(**more: object) -> Person:
    return Person(age_years=40, sex="female", **more)


def eaten(*entries: DiaryEntry, **more: object) -> IntakeRecord:
    return intake(person(**more), eat(*entries))


def one(*entries: DiaryEntry) -> Contribution:
    (found,) = eaten(*entries).contributions
    return found


def test_mean_is_over_complete_days_only() -> None:
    # catches a day with an unknown food that pulls the mean down as if that food were empty
    found = eaten(
        entry("sr:12061", 100),
        entry("sr:12061", 300, day=1),
        entry("sr:12061", 50, day=2),
        entry("qqzzxx stoofpot", 400, day=2),
    )
    assert found.food is not None
    assert found.food.value == pytest.approx(2 * 270)
    assert found.n_days == 2
    assert [day.complete for day in found.days] == [True, True, False]
    assert found.days[2].magnesium.value == pytest.approx(0.5 * 270)
    assert [(row.code, row.found) for row in found.unmatched] == [("food_unknown", "qqzzxx stoofpot")]


def test_without_a_complete_day_food_is_unknown_not_zero() -> None:
    # catches 0 mg for a diary that could not be read, and for no diary at all
    assert eaten(entry("qqzzxx stoofpot", 400), entry("sr:12061", 100)).food is None
    nothing = intake(person(), None)
    assert nothing.food is None
    assert (nothing.days, nothing.contributions, nothing.supplements.value) == ((), (), 0)


def test_days_without_a_line_are_named() -> None:
    # catches a forgotten day that nobody hears of
    found = eaten(entry("sr:12061", 30), entry("sr:12061", 30, day=3))
    assert found.missing_dates == (MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2))
    assert found.n_days == 2
    assert eaten(entry("sr:12061", 30), entry("sr:12061", 30, day=1)).missing_dates == ()
    # two loose days are no diary with holes
    assert eaten(entry("sr:12061", 30), entry("sr:12061", 30, day=4)).missing_dates == ()


def test_half_the_grams_half_the_milligrams() -> None:
    # catches a portion that does not scale with its interval
    half, whole = one(entry("spinazie", 75)).magnesium, one(entry("spinazie", 150)).magnesium
    for name in ("low", "value", "high"):
        assert getattr(whole, name) == pytest.approx(2 * getattr(half, name))
    assert whole.value == pytest.approx(1.5 * 79)
    assert whole.unit == "mg/d"


def test_order_of_the_lines_does_not_matter() -> None:
    # catches an intake that depends on how the diary is sorted
    lines = [
        entry("spinazie", 100),
        entry("spinazie", 0.5, "portie", day=1),
        entry("zilvervliesrijst", 180),
        entry("evian", 500, "ml", day=1),
        entry("sr:12061", 30),
    ]
    first = eaten(*lines)
    mixed = lines[:]
    random.Random(7).shuffle(mixed)
    for other in (eaten(*lines[::-1]), eaten(*mixed)):
        assert {(row.code, round(row.magnesium.value, 9), row.magnesium.verified) for row in other.contributions} == {
            (row.code, round(row.magnesium.value, 9), row.magnesium.verified) for row in first.contributions
        }
        assert other.food is not None
        assert first.food is not None
        assert (other.food.low, other.food.high) == pytest.approx((first.food.low, first.food.high))


def test_same_food_twice_is_one_contribution_with_one_error() -> None:
    # catches the error of one food table value averaged away by eating it often
    twice = eaten(entry("amandelen", 30), entry("amandelen", 30, day=1))
    once = eaten(entry("amandelen", 30))
    assert len(twice.contributions) == 1
    assert twice.food is not None
    assert once.food is not None
    assert (twice.food.low, twice.food.high) == pytest.approx((once.food.low, once.food.high))


def test_different_foods_have_independent_errors() -> None:
    # catches bounds of different foods that are simply added
    almonds, rice = one(entry("amandelen", 30)).magnesium, one(entry("zilvervliesrijst", 180)).magnesium
    both = eaten(entry("amandelen", 30), entry("zilvervliesrijst", 180)).food
    assert both is not None
    assert both.high - both.value == pytest.approx(
        ((almonds.high - almonds.value) ** 2 + (rice.high - rice.value) ** 2) ** 0.5
    )


def test_an_amount_of_nothing_first_does_not_hide_the_rest() -> None:
    # catches a sum scaled by its first line: 0 mg printed by another programme, then 7 mg
    found = one(entry("Coffee", 1, "cup", magnesium_mg=0.0), entry("Coffee", 1, "cup", magnesium_mg=7.0))
    assert found.magnesium.value == 7
    assert found.magnesium.high == pytest.approx(7 * 1.2)
    assert found.magnesium.sources == ("CRONOMETER",)
    assert not found.magnesium.verified


def test_cooked_twin_goes_before_a_retention_factor() -> None:
    # catches a cooking loss that is taken twice or not at all
    boiled = one(entry("spinazie", 100, preparation="boiled-drained"))
    cooked = composition("sr:11458")
    assert cooked is not None
    assert (boiled.kitchen, boiled.magnesium.value) == ("cooked-entry", cooked.value)
    raw = one(entry("spinazie", 100, preparation="raw"))
    assert (raw.kitchen, raw.magnesium.value) == ("as-entry", 79)


def test_without_a_twin_the_retention_factor_is_used() -> None:
    # catches a loss without its interval: Kimura kept 60 to 70 per cent
    drained = one(entry("babyspinazie", 100, preparation="boiled-drained"))
    raw = one(entry("babyspinazie", 100))
    assert drained.kitchen == "retention-factor"
    assert drained.magnesium.value == pytest.approx(0.95 * raw.magnesium.value)
    assert drained.magnesium.low < 0.63 * raw.magnesium.value
    assert "KIM90" in drained.magnesium.sources


def test_steaming_keeps_what_draining_loses() -> None:
    # catches steamed treated as boiled
    steamed = one(entry("babyspinazie", 100, preparation="steamed"))
    drained = one(entry("babyspinazie", 100, preparation="boiled-drained"))
    assert steamed.magnesium.value > drained.magnesium.value
    assert steamed.magnesium.low > drained.magnesium.low


def test_unknown_cooking_is_said() -> None:
    # catches a cooking loss that is left out in silence
    found = one(entry("sr:12061", 100, preparation="grilled"))
    assert (found.kitchen, found.magnesium.value) == ("unknown", 270)


@pytest.mark.parametrize(("food", "dry_mg", "kept"), [("havermout", 126.3, 1), ("ongekookte pasta", 53, 0.85)])
def test_grams_of_a_dry_food_are_not_grams_of_the_cooked_one(food: str, dry_mg: float, kept: float) -> None:
    # catches 40 g of dry oats counted as 40 g of porridge: a quarter of the magnesium
    found = one(entry(food, 100, preparation="boiled-drained"))
    assert found.magnesium.value == pytest.approx(dry_mg * kept, rel=1e-3)
    assert found.kitchen != "cooked-entry"


def test_two_labels_of_one_water_make_the_interval() -> None:
    # catches a brand of which only the first label counts
    vittel = one(entry("vittel", 1, "l"))
    assert (vittel.kind, vittel.magnesium.low, vittel.magnesium.value, vittel.magnesium.high) == ("water", 20, 42, 42)
    assert set(vittel.magnesium.sources) == {"CIQUAL2020", "TRINKWASSER"}
    evian = one(entry("evian", 500, "ml"))
    assert (evian.magnesium.low, evian.magnesium.value, evian.magnesium.high) == (13, 13, 13)


def test_a_portion_from_memory_is_not_verified() -> None:
    # catches a glass that nobody weighed behind a checked label, for food and for water
    for food, unit in (("evian", "glas"), ("halfvolle melk", "glas")):
        guessed, weighed = one(entry(food, 1, unit)).magnesium, one(entry(food, 200)).magnesium
        assert weighed.verified, food
        assert not guessed.verified, food
        assert "MEM" in guessed.sources


def test_a_typing_error_is_named() -> None:
    # catches a guess that the person does not see
    assert one(entry("amandeln", 30)).from_typo == "amandeln"


def taking(**facts: object) -> Supplement:
    return Supplement(**{"times": (MORNING,), **facts})


def test_elemental_amount_is_taken_as_printed_with_the_error_of_labels() -> None:
    # catches an elemental amount multiplied by the share of the salt
    label = parameter("supplement_label_ratio")
    found = elemental_mg(taking(salt="citrate", elemental_mg=150))
    assert (found.value, found.low, found.high) == pytest.approx((150, 150 * label.low, 150 * label.high))


def test_unknown_hydration_spans_the_hydrates_and_a_precise_salt_does_not() -> None:
    # catches a dihydrate counted as anhydrous: a fifth too much
    label = parameter("supplement_label_ratio")
    precise = elemental_mg(taking(salt="chloride hexahydrate", compound_mg=1000))
    assert precise.value == pytest.approx(119.56, abs=0.05)
    assert precise.high == pytest.approx(119.56 * label.high, abs=0.1)
    family = elemental_mg(taking(salt="chloride", compound_mg=1000))
    assert family.value == pytest.approx(119.56, abs=0.05)
    assert family.high == pytest.approx(255.3 * label.high, abs=0.2)
    glycinate = elemental_mg(taking(salt="bisglycinate", compound_mg=1000))
    assert glycinate.value == pytest.approx(141.0, abs=0.1)
    assert glycinate.low == pytest.approx(116.6 * label.low, abs=0.1)
    assert {"IUPAC", "DSID4"} <= set(family.sources)


def test_a_form_without_formula_or_amount_is_refused() -> None:
    # catches 0 mg for a product whose amount cannot be known
    with pytest.raises(ValueError, match="elemental_mg is needed"):
        elemental_mg(taking(salt="liposomal", compound_mg=500))
    with pytest.raises(ValueError, match="needs elemental_mg or compound_mg"):
        elemental_mg(taking(salt="citrate"))


def test_takings_add_up_and_supplements_are_not_food() -> None:
    # catches a twice-daily product counted once, and a supplement in the mean of the diary
    supplement = Supplement(product="Mag", elemental_mg=100, times=(MORNING, EVENING))
    found = eaten(entry("sr:12061", 100), supplements=(supplement,))
    assert found.food is not None
    assert found.food.value == 270
    assert (found.supplements.value, found.not_food.value) == (200, 200)
    (row,) = [row for row in found.contributions if row.kind == "supplement"]
    assert (row.name_nl, row.code, row.takings_per_day) == ("Mag", "", 2)


def test_a_supplement_without_times_is_unknown_not_zero() -> None:
    # catches "no times" read as "never"
    found = eaten(supplements=(Supplement(product="Mag", elemental_mg=300),))
    assert found.supplements is None
    assert found.amount_unknown == ("Mag",)


def medicine(atc: str, dose_mg: float | None = None, *times: dt.time, name: str = "") -> Medicine:
    return Medicine(name=name or atc, atc=atc, dose_mg=dose_mg, times=times)


def test_a_medicine_with_a_known_salt_counts() -> None:
    # catches 500 mg magnesium oxide counted as 500 mg magnesium
    found = eaten(medicines=(medicine("A06AD02", 500, MORNING, EVENING),))
    assert found.medicines.value == pytest.approx(2 * 301.5, abs=0.5)
    (row,) = found.contributions
    assert (row.kind, row.code, row.takings_per_day) == ("medicine", "SALT01", 2)


def test_the_same_medicine_on_two_lines_counts_twice() -> None:
    # catches equal records that fall together: half of the dose would vanish
    tablet = medicine("A06AD02", 500, MORNING)
    found = eaten(medicines=(tablet, tablet.model_copy()))
    assert found.medicines.value == pytest.approx(2 * 301.5, abs=0.5)


UNKNOWN = [row.atc for row in table(Substance) if row.salt == "unknown"]


@pytest.mark.parametrize("atc", UNKNOWN)
def test_an_unknown_amount_is_reported_not_zero(atc: str) -> None:
    # catches an antacid whose magnesium silently does not exist
    found = eaten(medicines=(medicine(atc, 800, MORNING, name="zakje"),))
    assert (found.amount_unknown, found.medicines) == (("zakje",), None)


def test_a_dose_or_time_that_is_missing_makes_the_amount_unknown() -> None:
    # catches a medicine without dose counted as nothing
    assert medicine_magnesium(medicine("A06AD02", None, MORNING)) == "unknown"
    assert medicine_magnesium(medicine("A06AD02", 500)) == "unknown"
    assert medicine_magnesium(medicine("H03AA01", 0.1, MORNING)) is None
    assert medicine_magnesium(medicine("", 500, MORNING)) is None


def test_an_infusion_is_not_swallowed() -> None:
    # catches a drip counted as an oral dose, absorbed from the gut and compared with a supplement limit
    assert medicine_magnesium(medicine("B05XA05", 4000, MORNING)) == "unknown"


def test_contributions_are_largest_first() -> None:
    # catches a list that hides the main source
    found = eaten(entry("evian", 200, "ml"), entry("sr:12061", 100), supplements=(taking(elemental_mg=100),))
    values = [row.magnesium.value for row in found.contributions]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3


def test_a_food_without_value_is_refused() -> None:
    # catches a missing value that passes as zero when the matcher is bypassed
    (item,) = eat(entry("sr:12061", 100)).items
    without = next(code for code in food_table().index if composition(code) is None)
    missing = EatenItem(item.entry, Candidate(without, "x"), None, item.portion)
    with pytest.raises(ValueError, match="no magnesium value"):
        item_magnesium(missing)


def test_a_day_with_an_unknown_item_is_unknown() -> None:
    # catches NaN treated as 0 in the survey path
    totals = sum_by_day(np.array([0, 2, 2, 0]), np.array([10.0, 5.0, np.nan, 2.5]), 4)
    assert totals[0] == 12.5
    assert totals[1] == 0
    assert np.isnan(totals[2])
    assert totals[3] == 0


def test_unknown_parameter_is_a_key_error() -> None:
    # catches a misspelt parameter that takes a default
    assert {parameter(row.name).value for row in table(Parameter)} == {row.value for row in table(Parameter)}
    with pytest.raises(KeyError):
        parameter("absorbtion_k")


def test_pulses_called_raw_are_still_the_cooked_entry_and_say_so() -> None:
    # catches 100 g of "raw" lentils counted as cooked without a word: a third of what dry ones hold
    for way in ("", "raw"):
        found = eaten(entry("linzen", 100, preparation=way))
        assert [row.kitchen for row in found.contributions] == ["read-as-cooked"]
