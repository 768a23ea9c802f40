"""The dose plan: the smallest dose that reaches the target, inside every gate, or nothing with the reason."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from random_people import poor_diary

from magnes.advice.dose import plan_dose
from magnes.advice.dose_records import DosePlan
from magnes.advice.dose_ways import OFFERED
from magnes.diary import Eaten
from magnes.errors import InputProblems
from magnes.knowledge.names import NOT_ORAL_SALTS, salts_named
from magnes.labels import Product, read_label
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.readers.added import read_added
from magnes.units import MAGNESIUM_G_PER_MOL

ANNA = Person(age_years=50, sex="female", weight_kg=71, height_cm=165, egfr_ml_min_1_73m2=80)
NOON = dt.time(12)


@cache
def eaten() -> Eaten:
    return poor_diary()


def person(**more: object) -> Person:
    return ANNA.model_copy(update=more)


def serum(value: float) -> tuple[LabResult, ...]:
    return (LabResult(test="serum-magnesium", value=value, unit="mmol/L"),)


def plan(who: Person, **more: object) -> DosePlan:
    return plan_dose(who, eaten(), **({"draws": 50, "durations": (30,)} | more))  # type: ignore[arg-type]


@cache
def annas() -> DosePlan:
    """The intake is too low; nobody measured the blood."""
    return plan(ANNA)


@cache
def with_low_blood() -> DosePlan:
    levothyroxine = Medicine(name="levothyroxine", atc="H03AA01", times=(dt.time(7),))
    return plan(person(labs=serum(0.70), medicines=(levothyroxine,)), durations=(10, 30))


def product(label: str, price: float, name: str) -> Product:
    reading = read_label(label)
    return Product(
        line=2, product=name, label=label, reading=reading, units_per_day=1, units_per_pack=60, price_eur=price
    )


def test_the_smallest_dose_that_closes_the_gap() -> None:
    # catches: the largest dose that is allowed, a dose under the gap, a gap from food that is not there
    found = annas()
    (target,) = found.targets
    assert (target.kind, target.wanted.value) == ("intake", 300)
    assert 100 < target.gap <= 150
    first = found.options[0]
    assert (first.place, first.dose_mg, first.reached) == (1, 150, ("intake",))
    assert {option.dose_mg for option in found.options} == {150}
    assert not found.stopped


def test_an_adequate_intake_is_said_to_be_one() -> None:
    # catches: an AI passed off as a requirement
    assert "target_is_ai" in annas().remarks
    assert "target_is_ai" not in plan(ANNA, authority="iom-1997", targets=("intake",)).remarks


def test_each_salt_once_the_mildest_first() -> None:
    # catches: one salt in ten ways, a laxative salt before a mild one at the same dose
    found = annas().options
    assert [option.place for option in found] == [1, 2, 3, 4, 5]
    assert len({option.salt for option in found}) == 5
    assert found[0].salt == "bisglycinate"
    assert all(option.salt != "oxide" for option in found)


def test_what_an_option_shows_hangs_together() -> None:
    # catches: absorbed of another dose, what is left per day instead of per taking, a band that does not hold its value
    for option in annas().options:
        assert option.dose.value == option.per_taking_mg * len(option.times)
        assert option.dose.low < option.dose.value < option.dose.high
        assert 0 < option.absorbed.low < option.absorbed.value < option.absorbed.high <= option.dose.high
        left = (option.dose_mg - option.absorbed.value) / len(option.times) / MAGNESIUM_G_PER_MOL
        assert option.unabsorbed.value == pytest.approx(left)
        assert option.serum.low < option.serum.value < option.serum.high < option.serum_high.value < 1.03
        assert option.serum.sources
        assert not option.serum.verified
        assert 0 <= option.settled_days <= option.days == 30
        assert option.laxative_risk == salts_named(option.salt)[0].laxative_risk


def test_two_takings_where_one_leaves_much_in_the_bowel() -> None:
    # catches: tolerance that counts for nothing, three takings where two are as mild
    assert all(len(option.times) == 2 for option in annas().options)


def test_nothing_is_planned_for_who_lacks_nothing() -> None:
    # catches: a supplement for everybody
    enough = plan(person(labs=serum(0.85)), targets=("serum",))
    assert (enough.options, enough.targets, enough.remarks) == ((), (), ("nothing_needed",))
    assert not enough.stopped


def test_an_unknown_intake_is_not_called_enough() -> None:
    # catches: no diary, so nothing is needed
    found = plan_dose(person(labs=serum(0.85)), None, draws=50)
    assert (found.options, found.remarks) == ((), ("intake_unknown", "no_reason"))


def test_a_low_prediction_asks_for_a_test_and_not_for_a_dose() -> None:
    # catches: 250 mg for a pregnant woman whose blood nobody measured, because hers lies lower in health
    found = plan_dose(person(sex="female", age_years=31, pregnant=True, trimester=2), None, draws=50)
    assert found.options == ()
    assert found.targets == ()
    assert "serum_not_measured" in found.remarks


def test_a_low_value_in_pregnancy_is_for_the_midwife() -> None:
    # catches: the largest dose for a value that is usual in pregnancy
    woman = person(sex="female", age_years=31, pregnant=True, trimester=2, labs=serum(0.68))
    found = plan_dose(woman, None, draws=50)
    assert found.options == ()
    assert "pregnant_cut_off" in found.remarks


def test_an_old_value_is_not_a_value_of_today() -> None:
    # catches: a dose on a blood value of fifteen years ago
    old = LabResult(test="serum-magnesium", value=0.68, unit="mmol/L", date=dt.date(2011, 3, 1))
    found = plan_dose(person(labs=(old,)), None, draws=50, today=dt.date(2026, 11, 22))
    assert found.options == ()
    assert "serum_not_measured" in found.remarks


def test_an_aim_that_no_dose_reaches_asks_for_the_cause() -> None:
    # catches: the largest dose first, with a chance of one percent
    found = plan_dose(person(labs=serum(0.62), conditions=("alcohol-use-disorder",)), None, draws=60)
    assert found.options == ()
    assert "too_far" in found.remarks or found.stopped


def test_little_albumin_is_no_reason_for_a_dose() -> None:
    # catches: a dose on a total that albumin explains, beside a chance of low below 1 %
    albumin = LabResult(test="serum-albumin", value=24, unit="g/L")
    found = plan_dose(person(labs=(*serum(0.73), albumin)), None, draws=60)
    assert found.options == ()
    assert "probably_not_low" in found.remarks


def test_a_closed_gate_ends_it() -> None:
    # catches: options beside a stop
    found = plan(person(conditions=("hartblok",)))
    assert found.stopped
    assert (found.options, found.targets) == ((), ())
    assert found.gates.blocked[0].to_whom == "cardiologist"


def test_room_and_what_is_taken_bound_every_option() -> None:
    # catches: the limit without what is taken already; the rest of the gap beyond the room
    taken = Supplement(salt="oxide", elemental_mg=140, times=(NOON,))
    found = plan(person(egfr_ml_min_1_73m2=50.0, age_years=30, sex="male", supplements=(taken,)), authority="iom-1997")
    assert found.gates.most_mg_per_day == pytest.approx(110)
    assert found.options
    assert all(option.dose_mg <= 100 for option in found.options)


def test_where_nothing_reaches_the_target_the_largest_dose_comes_first_and_it_is_said() -> None:
    # catches: a plan that promises what it does not reach
    found = plan(person(labs=serum(0.60)), targets=("serum",))
    assert "target_not_reached" in found.remarks
    assert found.options[0].dose_mg == 250
    assert all(option.reached == () for option in found.options)


def test_the_blood_starts_from_the_measured_value() -> None:
    # catches: a course from the average person while the blood was measured
    found = with_low_blood()
    first = found.options[0]
    (target,) = [target for target in found.targets if target.kind == "serum"]
    assert (target.now.value, target.wanted.value) == (0.70, 0.75)
    assert target.wanted.sources
    assert 0.68 < first.serum.low < first.serum.value < 0.80
    assert first.chance is not None
    assert (first.chance.value >= 0.8) == ("serum" in first.reached)
    assert "serum_not_measured" not in found.remarks
    assert "serum_not_measured" in annas().remarks


def test_the_shortest_duration_that_reaches_the_same() -> None:
    # catches: always the longest
    found = plan(ANNA, targets=("intake",), durations=(10, 30))
    assert found.days == 30
    assert found.options[0].days == 10


def test_hours_of_medicines_go_with_the_plan() -> None:
    # catches: a plan that forgets the thyroid tablet
    (apart,) = with_low_blood().keep_apart
    assert (apart.medicine, apart.hours_before, apart.hours_after) == ("levothyroxine", 4, 4)
    assert apart.sources
    assert annas().keep_apart == ()


def test_what_to_measure_again() -> None:
    # catches: low blood that nobody looks at again, unknown kidneys that stay unknown
    def what(found: DosePlan) -> set[str]:
        assert {row.day for row in found.rechecks} == {found.options[0].days}
        return {row.what for row in found.rechecks}

    assert what(with_low_blood()) == {"serum", "diary"}
    assert what(annas()) == {"diary"}
    assert what(plan(person(egfr_ml_min_1_73m2=None), targets=("intake",))) == {"egfr", "diary"}
    assert what(plan(person(egfr_ml_min_1_73m2=50.0), targets=("intake",))) == {"serum", "egfr", "diary"}


def test_a_prediction_over_the_bound_closes_the_gate() -> None:
    # catches: a dose on top of a value that is almost high
    found = plan(person(labs=serum(1.02), egfr_ml_min_1_73m2=40.0), draws=400)
    assert found.stopped
    assert found.options == ()
    (gate,) = found.gates.blocked
    assert (gate.code, gate.to_whom, gate.rule) == ("serum_predicted_high", "gp", "LAB13")
    assert found.gates.most_mg_per_day == 0


def test_values_that_contradict_each_other_close_the_gate() -> None:
    # catches: two values of which the lower one opens the gate, a dose on a value in a wrong unit
    found = plan(person(labs=serum(0.72) + serum(1.02)), targets=("serum",))
    assert [gate.code for gate in found.gates.blocked] == ["labs_contradict"]
    assert not found.options


def test_the_german_limit_wants_two_takings() -> None:
    # catches: 250 mg at once under a limit that holds for two takings
    found = plan(ANNA, authority="dach-2021", targets=("intake",))
    assert found.options
    assert all(len(option.times) >= 2 for option in found.options)


def test_prices_are_the_last_word_and_per_absorbed_amount() -> None:
    # catches: a price that goes before the dose, a price per tablet, a product of another salt
    products = [
        product("magnesium (als citraat) 100 mg per tablet", 30.0, "dear"),
        product("magnesium (als citraat) 100 mg per tablet", 6.0, "cheap"),
    ]
    found = plan(ANNA, products=products, salts=("lactate", "gluconate", "citrate"), targets=("intake",)).options
    prices = {option.salt: (option.product, option.price) for option in found}
    assert prices["lactate"] == ("", None)
    name, price = prices["citrate"]
    assert name == "cheap"
    assert price is not None
    assert price.unit == "EUR/100 mg"
    assert found[0].salt == "lactate"  # milder; the price of citrate does not outbid that


def test_between_equals_the_cheaper_one() -> None:
    # catches: prices that are read and not used
    products = [product("magnesium (als gluconaat) 100 mg per tablet", 6.0, "cheap")]
    assert annas().options[1].salt == "lactate"
    found = plan(ANNA, products=products, salts=("lactate", "gluconate"), targets=("intake",))
    assert [option.salt for option in found.options] == ["gluconate", "lactate"]


def test_oxide_in_old_age_carries_its_rule() -> None:
    # catches: a salt whose own rule nobody asks
    old = person(age_years=70.0)
    found = plan(old, salts=("oxide",), targets=("intake",))
    assert [gate.rule for gate in found.options[0].cautions] == ["CI06"]
    assert "serum" in {row.what for row in found.rechecks}
    assert all(option.cautions == () for option in plan(old, salts=("citrate",), targets=("intake",)).options)


def test_oxide_is_absorbed_less() -> None:
    # catches: curves of the wrong salts
    good, oxide = annas().curves
    assert "citrate" in good.salts
    assert oxide.salts == ("oxide",)
    assert good.dose_mg == oxide.dose_mg
    assert all(a > b for a, b in zip(good.absorbed_mg, oxide.absorbed_mg, strict=True))
    assert list(good.absorbed_mg) == sorted(good.absorbed_mg)
    assert good.dose_mg[-1] == annas().gates.most_mg_per_day


def test_only_what_is_swallowed_is_offered() -> None:
    # catches: a bath salt, a laxative sulfate, a salt whose dissolving nobody read
    for family in OFFERED:
        salt = salts_named(family)[0]
        assert salt.family == family
        assert salt.family not in NOT_ORAL_SALTS
        assert salt.soluble_verified
        assert salt.laxative_risk != "very high"


@pytest.mark.parametrize("salt", ["sulfate", "transdermal", "infuus", "magnesiumsulfaat infuus"])
def test_never_into_a_vein(salt: str) -> None:
    # catches: a way round the list of salts
    with pytest.raises(InputProblems):
        plan(ANNA, salts=(salt,))


@pytest.mark.parametrize("words", ["infuus:1000@08:00", "iv:1000@08:00", "magnesium infusion:1000@08:00"])
def test_a_drip_that_somebody_types_is_refused_by_the_reader(words: str) -> None:
    # catches: a drip read as a supplement
    with pytest.raises(InputProblems):
        read_added([words], ANNA)


@pytest.mark.parametrize(
    "wrong", [{"salts": ()}, {"draws": 49}, {"durations": ()}, {"durations": (0,)}, {"chance": 0.0}, {"chance": 1.0}]
)
def test_figures_outside_their_range_are_refused(wrong: dict[str, object]) -> None:
    # catches: a band of three bodies
    with pytest.raises(ValueError, match="draws"):
        plan(ANNA, **wrong)


def test_a_cut_off_of_the_user_is_his_own() -> None:
    # catches: a chosen cut-off that is shown with the source of another
    found = plan(person(labs=serum(0.78)), cut_off_mmol_per_l=0.8, targets=("serum",))
    assert (found.targets[0].wanted.value, found.targets[0].wanted.sources) == (0.8, ("USER",))
