"""Need: the rules of IOM 2000 as printed, whose value holds for whom, and a limit that food never touches."""

import csv
import datetime as dt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.diary import Diary, DiaryEntry, resolve
from magnes.estimate import Estimate
from magnes.intake import DayIntake, Intake, intake
from magnes.knowledge.load import table
from magnes.knowledge.records import Authority, Limit, ReferenceValue
from magnes.need import adequacy_probability, limit, need, reaches_probability
from magnes.person import Medicine, Person, Supplement
from magnes.reference import DEFAULT_AUTHORITY, authority, reference_value, within_person_sd

with (Path(__file__).parent / "reference" / "iom2000_individual.csv").open(encoding="utf-8") as handle:
    IOM = list(csv.DictReader(handle))
AUTHORITIES = [row.id for row in table(Authority)]
MONDAY = dt.date(2026, 3, 2)
NOTHING = Estimate.exact(0, "mg/d", ["MAGNES-SUM"], verified=True)


def person(age: float = 40, sex: str = "female", **more: object) -> Person:
    return Person(age_years=age, sex=sex, **more)


def eaten(food_mg: float | None, days: int = 3, *, supplements: float = 0, medicines: float = 0) -> Intake:
    """A made-up intake: the arithmetic of need does not depend on foods."""
    food = None if food_mg is None else Estimate.exact(food_mg, "mg/d", ["USDA-SR28"], verified=True)
    return Intake(
        food=food,
        supplements=Estimate.exact(supplements, "mg/d", ["DSID4"], verified=True),
        medicines=Estimate.exact(medicines, "mg/d", ["DSID4"], verified=True),
        days=tuple(
            DayIntake(date=MONDAY + dt.timedelta(days=day), complete=True, magnesium=food or NOTHING)
            for day in range(days if food else 0)
        ),
        missing_dates=(),
        contributions=(),
        unmatched=(),
        amount_unknown=(),
    )


@pytest.mark.parametrize("row", IOM, ids=lambda row: row["case"])
def test_every_example_that_iom_2000_prints(row: dict[str, str]) -> None:
    # catches a variance that is not divided by the days, a missing SD of the requirement, an EAR rule used for an AI
    rule = adequacy_probability if row["rule"] == "ear" else reaches_probability
    numbers = (float(row["mean_mg"]), int(row["n_days"]), float(row["reference_mg"]), float(row["sd_within_mg"]))
    p = float(rule(*numbers))
    assert NormalDist().inv_cdf(p) == pytest.approx(float(row["printed_z"]), abs=float(row["tolerance_z"]))
    assert p == pytest.approx(float(row["printed_p"]), abs=0.006)


def test_the_printed_thresholds_are_the_smallest_that_do() -> None:
    # catches a rule that is right at one point only: IOM 2000 p. 54-57 with a ratio of 2.0
    def smallest(days: int, sd: float) -> int:
        return next(mg for mg in range(265, 600) if adequacy_probability(mg, days, 265, sd) >= NormalDist().cdf(1.995))

    assert [smallest(days, 85.9) for days in (1, 7)] == [445, 349]
    assert smallest(3, 85.9) == pytest.approx(377, abs=1)
    assert [smallest(days, 107.4) for days in (1, 7)] == [486, 362]


def test_the_worked_example_through_the_whole_of_need() -> None:
    # catches a wrong EAR, SD or number of days on the way from person to probability
    found = need(person(40), eaten(320), "iom-1997")
    assert found.probability is not None
    assert found.probability.value == pytest.approx(0.836, abs=0.0005)
    assert (found.rule, found.n_days, found.recommended_kind) == ("ear", 3, "RDA")
    assert found.ear is not None
    assert found.recommended is not None
    assert found.within_person_sd is not None
    assert (found.ear.value, found.recommended.value, found.within_person_sd.value) == (265, 320, 85.9)
    assert found.usual is not None
    assert found.usual.high == pytest.approx(320 + 1.645 * 85.9 / 3**0.5, abs=0.1)
    assert "IOM2000" in found.probability.sources


def test_arrays_broadcast() -> None:
    # catches a rule that only works for one person: the survey asks for thousands
    found = adequacy_probability(np.array([[200.0], [320.0]]), np.array([1, 3]), 265, 85.9)
    assert found.shape == (2, 2)
    assert found[1, 1] == pytest.approx(0.836, abs=0.0005)


@given(st.floats(50, 800), st.floats(1, 200), st.integers(1, 29))
def test_more_intake_is_more_probable_and_more_days_more_decided(mean: float, more: float, days: int) -> None:
    # catches a sign that is turned round
    def p(mg: float, n: int) -> float:
        return float(adequacy_probability(mg, n, 265, 85.9))

    assert p(mean + more, days) >= p(mean, days)
    assert abs(p(mean, days + 1) - 0.5) >= abs(p(mean, days) - 0.5) - 1e-12


@pytest.mark.parametrize("name", ["gezondheidsraad-2018", "efsa-2015", "hgr-2016", "nnr-2023", "dach-2021"])
def test_an_adequate_intake_gives_no_probability_of_adequacy(name: str) -> None:
    # catches an AI used as an average requirement
    found = need(person(), eaten(320), name)
    assert (found.rule, found.ear, found.recommended_kind) == ("ai", None, "AI")
    assert found.days_needed is None
    assert found.probability is not None
    assert found.probability.value == pytest.approx(float(reaches_probability(320, 3, 300, 85.9)))


@pytest.mark.parametrize("name", ["iom-1997", "uk-1991"])
def test_an_average_requirement_does(name: str) -> None:
    # catches an EAR that is not found, and an unread EAR shown as read
    found = need(person(), eaten(320), name)
    assert found.rule == "ear"
    assert found.probability is not None
    assert found.probability.verified is (name == "iom-1997")


def test_a_recommendation_alone_gives_no_probability() -> None:
    # catches an RDA or RNI used as a requirement
    for who, name in ((person(), "who-fao-2004"), (person(12), "gezondheidsraad-2018")):
        found = need(who, eaten(320), name)
        assert (found.rule, found.probability) == ("none", None)
        assert found.recommended is not None


@pytest.mark.parametrize("name", AUTHORITIES)
@pytest.mark.parametrize("sex", ["female", "male"])
def test_bands_are_half_open_for_everyone(name: str, sex: str) -> None:
    # catches a birthday that belongs to two bands or to none
    for row in table(ReferenceValue):
        if row.authority != name or row.until or row.sex not in (sex, "any") or row.condition not in ("",):
            continue
        at = [
            reference_value(name, row.kind, person(age, sex)) for age in (row.age_low_years, row.age_high_years or 120)
        ]
        assert at[0] == row
        assert (at[1] == row) is (row.age_high_years is None)
        below = reference_value(name, row.kind, person(max(0, row.age_low_years - 0.01), sex))
        assert below != row or row.age_low_years == 0


@pytest.mark.parametrize(
    ("age", "sex", "mg"),
    [(18.99, "male", 410), (19, "male", 400), (30.99, "female", 310), (31, "female", 320), (51, "male", 420),
     (0.99, "male", 75), (1, "male", 80), (13.99, "female", 240), (14, "female", 360)],
)  # fmt: skip
def test_iom_values_at_the_birthdays(age: float, sex: str, mg: float) -> None:
    # catches bands that are moved by a year
    found = need(person(age, sex), eaten(None), "iom-1997")
    assert found.recommended is not None
    assert found.recommended.value == mg


def test_superseded_values_are_never_chosen() -> None:
    # catches the German 310 and 390 mg of 2000 and the Dutch 280 mg
    lactating = person(30, lactating=True)
    for name, mg in (("dach-2021", 300), ("gezondheidsraad-2018", 300)):
        found = need(lactating, eaten(None), name)
        assert found.recommended is not None
        assert (found.recommended.value, found.notes) == (mg, ("no_complete_day",))
    old = {row.id for row in table(ReferenceValue) if row.until is not None}
    for age in range(121):
        for who in (person(age), person(age, "male"), person(age, pregnant=True), person(age, lactating=True)):
            for name in AUTHORITIES:
                for kind in ("RDA", "RNI", "AI", "EAR"):
                    chosen = reference_value(name, kind, who)
                    assert chosen is None or chosen.id not in old


def test_pregnancy_and_lactation_have_their_own_rows() -> None:
    # catches the general row winning over the one for the state
    def value(name: str, **state: bool) -> tuple[float, tuple[str, ...]]:
        found = need(person(30, **state), eaten(None), name)
        assert found.recommended is not None
        return found.recommended.value, found.notes

    assert value("iom-1997", pregnant=True) == (350, ("no_complete_day",))
    assert value("iom-1997", lactating=True) == (310, ("no_complete_day",))
    assert value("uk-1991", lactating=True)[0] == 320
    assert value("who-fao-2004", lactating=True)[0] == 270
    assert value("iom-1997", pregnant=True, lactating=True)[0] == 350
    assert need(person(30, pregnant=True), eaten(320), "iom-1997").ear.value == 290


def test_without_a_row_for_the_state_the_general_one_holds_and_says_so() -> None:
    # catches a pregnant woman without any value, or with one that passes as hers
    for name in ("hgr-2016", "nnr-2023"):
        found = need(person(30, pregnant=True), eaten(None), name)
        assert found.recommended is not None
        assert found.recommended.value == 300
        assert "no_value_for_pregnant" in found.notes
    assert "no_value_for_lactating" in need(person(30, lactating=True), eaten(None), "hgr-2016").notes


def test_a_general_requirement_is_not_held_against_a_higher_need() -> None:
    # catches a nursing woman (RNI 320) judged by the EAR of 200 of women who do not nurse
    found = need(person(30, lactating=True), eaten(250), "uk-1991")
    assert (found.rule, found.ear, found.probability, found.days_needed) == ("none", None, None, None)
    assert found.notes == ("no_value_for_lactating", "no_average_requirement")


@pytest.mark.parametrize("age", [0, 0.25, 0.5, 0.99])
def test_infants_have_no_average_requirement(age: float) -> None:
    # catches a requirement for babies that nobody ever set
    for name in AUTHORITIES:
        assert reference_value(name, "EAR", person(age)) is None
    assert need(person(age), eaten(50), "iom-1997").probability is None
    assert need(person(age), eaten(50), "iom-1997").notes == ("no_day_to_day_sd",)


def test_no_value_at_an_age_is_said() -> None:
    # catches an infant who gets the value of a toddler
    found = need(person(0.1), eaten(None), "efsa-2015")
    assert found.recommended is None
    assert found.notes == ("no_reference_value_at_this_age", "no_complete_day")
    assert need(person(0.2), eaten(None), "who-fao-2004").recommended is None


def test_day_to_day_sd_of_iom_goes_before_nhanes() -> None:
    # catches the figure of the book replaced by the one that reproduces none of its examples
    assert within_person_sd(40, "female").sd_mg == 85.9
    assert within_person_sd(51, "female").sd_mg == 87.5
    assert within_person_sd(40, "male").sd_mg == 133.7
    assert within_person_sd(0.99, "male") is None
    assert within_person_sd(120, "male").sd_mg == 90.6


def test_too_little_against_the_swing_of_days_gives_no_verdict() -> None:
    # catches the normal rule where IOM 2000 forbids it: CV above 60 per cent
    def verdict(*values: float) -> tuple[bool, bool, tuple[str, ...]]:
        food = Estimate.exact(sum(values) / len(values), "mg/d", ["USDA-SR28"], verified=True)
        days = tuple(
            DayIntake(date=MONDAY + dt.timedelta(days=number), complete=True, magnesium=food.times(mg / food.value))
            for number, mg in enumerate(values)
        )
        found = need(person(), eaten(1).model_copy(update={"food": food, "days": days}), "iom-1997")
        return found.probability is not None, found.days_needed is not None, found.notes

    assert verdict(100, 100, 700) == (False, False, ("day_to_day_cv_too_high",))
    assert verdict(200, 320, 440) == (True, True, ())
    # two days say nothing on how days differ
    assert verdict(50, 700)[0]


def test_days_needed_fall_with_distance() -> None:
    # catches days that grow when the case gets clearer
    needed = [need(person(), eaten(float(mg)), "iom-1997").days_needed for mg in range(265, 520, 5)]
    assert needed[0] is None
    numbers = [30 + 1 if days is None else days for days in needed]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1
    below = [need(person(), eaten(float(mg)), "iom-1997").days_needed for mg in range(150, 266, 5)]
    assert [31 if days is None else days for days in below] == sorted(31 if d is None else d for d in below)


def test_days_needed_are_enough_and_fewer_are_not() -> None:
    # catches off by one
    found = need(person(), eaten(350), "iom-1997").days_needed
    assert found is not None
    assert adequacy_probability(350, found, 265, 85.9) >= 0.95
    assert adequacy_probability(350, found - 1, 265, 85.9) < 0.95


def test_a_diary_without_any_magnesium_is_zero_not_an_error() -> None:
    # catches a sum of zeros that has no source
    diary = Diary(file="d.csv", entries=(DiaryEntry(line=2, date=MONDAY, food="sr:4053", amount=10, unit="g"),))
    found = need(person(), intake(person(), resolve(diary)), DEFAULT_AUTHORITY)
    assert found.usual is not None
    assert found.usual.value == 0
    assert found.usual.low == 0


def test_everything_counts_for_the_need() -> None:
    # catches supplements left out of the total
    found = need(person(), eaten(200, supplements=80, medicines=40), "iom-1997")
    assert found.usual is not None
    assert found.usual.value == 320


@given(st.floats(0, 1e5), st.sampled_from(AUTHORITIES), st.floats(0, 120))
def test_food_never_exceeds_a_limit(food: float, name: str, age: float) -> None:
    # catches a limit on the total: 100 g of magnesium in food is no matter for it
    found = limit(person(age), eaten(food), name)
    assert not found.exceeded
    assert found.amount.value == 0


@pytest.mark.parametrize(
    ("name", "age", "mg"),
    [("iom-1997", 1, 65), ("iom-1997", 3.99, 65), ("iom-1997", 4, 110), ("iom-1997", 8.99, 110), ("iom-1997", 9, 350),
     ("iom-1997", 40, 350), ("efsa-2015", 4, 250), ("gezondheidsraad-2018", 40, 250), ("hgr-2016", 40, 250),
     ("nnr-2023", 18, 250), ("dach-2021", 4, 250), ("uk-1991", 18, 400), ("who-fao-2004", 10, 110),
     ("who-fao-2004", 11, 350)],
)  # fmt: skip
def test_limits_by_age(name: str, age: float, mg: float) -> None:
    # catches a toddler with the limit of an adult
    found = limit(person(age), eaten(None, supplements=mg), name)
    assert found.limit is not None
    assert (found.limit.value, found.exceeded, found.notes) == (mg, False, ())
    assert limit(person(age), eaten(None, supplements=mg - 30, medicines=31), name).exceeded


@pytest.mark.parametrize(
    ("name", "age"), [("iom-1997", 0.99), ("efsa-2015", 3.99), ("dach-2021", 3.99), ("nnr-2023", 17.9), ("uk-1991", 17)]
)
def test_no_limit_at_an_age_is_said(name: str, age: float) -> None:
    # catches "no limit" read as "no harm", or an adult limit given to a child
    found = limit(person(age), eaten(None, supplements=1000), name)
    assert (found.limit, found.exceeded, found.kind) == (None, False, "")
    assert found.notes == ("no_limit_at_this_age",)


def test_only_limits_count_as_limits() -> None:
    # catches the Belgian legal maximum of 450 mg, or a NOAEL, taken for a safe upper level
    used = {limit(person(age), eaten(None), name).kind for name in AUTHORITIES for age in (2, 5, 12, 40)}
    assert used == {"UL", "guidance", ""}
    assert authority("hgr-2016").limit_authority == "efsa-scf-2001"
    assert {row.kind for row in table(Limit)} == {"UL", "guidance", "legal", "NOAEL", "LOAEL", "statement"}


def test_the_limit_of_pregnancy_is_the_general_one() -> None:
    # catches a pregnant woman without limit because no row names her state
    for name in AUTHORITIES:
        assert limit(person(30, pregnant=True), eaten(None), name).limit is not None, name


def test_an_unknown_amount_makes_the_sum_a_minimum() -> None:
    # catches "below the limit" while an antacid was not counted
    who = person(
        supplements=(Supplement(elemental_mg=100, times=(dt.time(8),)),),
        medicines=(Medicine(name="Antacid", atc="A02AD01", dose_mg=800, times=(dt.time(20),)),),
    )
    found = limit(who, intake(who, None), "efsa-2015")
    assert (found.at_least, found.amount.value) == (True, 100)


def test_medicines_count_in_the_limit() -> None:
    # catches the case of IOM 2000 p. 63: 500 mg from an antacid against 350
    who = person(medicines=(Medicine(name="Laxative", atc="A06AD02", dose_mg=829, times=(dt.time(8),)),))
    found = limit(who, intake(who, None), "iom-1997")
    assert found.amount.value == pytest.approx(500, abs=0.5)
    assert found.exceeded


def test_unknown_authority_is_a_key_error() -> None:
    # catches a misspelt authority that answers with another one
    with pytest.raises(KeyError):
        need(person(), eaten(300), "efsa")
    with pytest.raises(KeyError):
        limit(person(), eaten(300), "efsa")
