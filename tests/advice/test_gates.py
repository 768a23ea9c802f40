"""Safety gates: every reason closes or bounds exactly where it should, says to whom to go, and nothing is unlimited."""

from __future__ import annotations

import datetime as dt

import pytest

from magnes.advice.gates import (
    KIDNEY_MEDICINES,
    LEAST_DOSE_MG,
    WHOM_CONDITION,
    Cap,
    Gate,
    Gates,
    _not_together,
    contradiction_gate,
    gates,
    serum_bound,
    serum_gate,
    taken_mg,
)
from magnes.advice.unknown import KIDNEY_CONDITIONS
from magnes.diary import resolve
from magnes.estimate import Estimate
from magnes.examples import example_folder
from magnes.intake import intake
from magnes.knowledge.clinical import Contraindication, Interaction, Substance
from magnes.knowledge.load import table
from magnes.knowledge.parameters import parameter
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.readers.diary_csv import read_diary

NOON = dt.time(12)
RULES = {row.id: row for row in table(Contraindication)}
GOOD_KIDNEYS = 90.0


def person(age: float = 40, egfr: float | None = GOOD_KIDNEYS, **more: object) -> Person:
    return Person(age_years=age, sex="female", egfr_ml_min_1_73m2=egfr, **more)


def judged(who: Person, authority: str = "efsa-2015") -> Gates:
    return gates(who, intake(who, None), authority)


def closed(who: Person, authority: str = "efsa-2015") -> dict[str, Gate]:
    found = judged(who, authority).blocked
    keys = [gate.rule or gate.code for gate in found]
    assert len(keys) == len(set(keys))
    return dict(zip(keys, found, strict=True))


def careful(who: Person, authority: str = "efsa-2015") -> dict[str, Gate]:
    return {gate.rule or gate.code: gate for gate in judged(who, authority).cautions}


def tablet(mg: float, salt: str = "citrate") -> Supplement:
    return Supplement(salt=salt, elemental_mg=mg, times=(NOON,))


def medicine(atc: str, name: str = "x") -> Medicine:
    return Medicine(name=name, atc=atc, times=(NOON,))


def lab(value: float, test: str = "serum-magnesium") -> LabResult:
    return LabResult(test=test, value=value, unit="mmol/L")


def test_a_healthy_adult_passes_with_the_limit_of_the_authority() -> None:
    # catches: a gate that is closed for everybody, a good kidney told as a caution, an amount that is not the limit
    found = judged(person())
    assert (found.blocked, found.cautions, found.taken_mg) == ((), (), 0.0)
    assert (found.most_mg_per_day, found.fewest_takings) == (250.0, 1)
    assert found.authority == "efsa-scf-2001"
    limit = Estimate.exact(250, "mg/d", found.cap.most.sources, verified=True)
    assert found.caps == (Cap(code="limit", rule="efsa-scf-2001", most=limit),)
    assert found.cap.most.sources[0] == "SCF01"


@pytest.mark.parametrize(
    ("authority", "most", "takings"),
    [("iom-1997", 350, 1), ("uk-1991", 400, 1), ("dach-2021", 250, 2), ("gezondheidsraad-2018", 250, 1)],
)
def test_each_authority_has_its_own_limit(authority: str, most: float, takings: int) -> None:
    # catches: one limit for all, and the German limit without its two takings
    found = judged(person(), authority)
    assert (found.most_mg_per_day, found.fewest_takings) == (most, takings)


def test_an_unknown_authority_is_refused() -> None:
    # catches: a silent default
    with pytest.raises(KeyError):
        judged(person(), "nobody")


@pytest.mark.parametrize("age", [4, 17.9])
def test_an_authority_without_a_limit_borrows_one_and_says_so(age: float) -> None:
    # catches: no limit taken for no bound
    found = judged(person(age), "nnr-2023")
    (cap,) = [cap for cap in found.caps if cap.code == "limit_borrowed"]
    assert (cap.rule, cap.most.value) == ("efsa-scf-2001", 250)
    (said,) = [gate for gate in found.cautions if gate.code == "limit_borrowed"]
    assert said == Gate(
        code="limit_borrowed",
        to_whom="pharmacist",
        rule="efsa-scf-2001",
        facts={"authority": "efsa-scf-2001", "cap_mg": 250.0},
        sources=cap.most.sources,
        verified=True,
    )
    assert all(gate.code != "limit_borrowed" for gate in judged(person(18), "nnr-2023").cautions)


def test_where_no_authority_has_a_limit_nothing_is_allowed() -> None:
    # catches: a small child without a limit who gets any amount
    found = judged(person(3.9), "nnr-2023")
    (cap,) = [cap for cap in found.caps if cap.code == "no_limit"]
    assert cap.most == Estimate.exact(0.0, "mg/d", ("MAGNES-DESIGN",), verified=False)
    assert cap.rule == "nnr-2023"
    assert found.most_mg_per_day == 0
    (gate,) = found.blocked
    assert (gate.code, gate.rule, gate.to_whom) == ("contraindicated", "CI22", "paediatrician")


@pytest.mark.parametrize(("age", "most"), [(4, 110), (8.9, 110), (9, 250), (17, 250), (18, 250)])
def test_children_have_the_lowest_cap_of_their_age(age: float, most: float) -> None:
    # catches: the higher of two caps, and 9 in the band of 4 to 8
    found = judged(person(age))
    assert (found.blocked, found.most_mg_per_day) == ((), most)
    assert [cap.most.value for cap in found.caps] == sorted(cap.most.value for cap in found.caps)


@pytest.mark.parametrize(
    ("egfr", "most", "rule"),
    [(30, 100, "CI03"), (44.9, 100, "CI03"), (45, 250, "CI02"), (59.9, 250, "CI02"), (60, 350, "")],
)
def test_kidney_tiers_bound_the_amount(egfr: float, most: float, rule: str) -> None:
    # catches: a tier at the wrong side of its edge, a cap that the limit of the authority outbids
    found = judged(person(egfr=egfr), "iom-1997")
    assert (found.blocked, found.most_mg_per_day) == ((), most)
    assert found.cap.rule == (rule or "iom-1997")
    if rule:
        row = RULES[rule]
        most_of_row = Estimate.exact(most, "mg/d", row.sources, verified=row.verified)
        names = {"subject_nl": row.condition_nl, "subject_en": row.condition_en}
        assert found.cap == Cap(code="rule", rule=rule, **names, most=most_of_row)
        assert careful(person(egfr=egfr))[rule].to_whom == "nephrologist"


@pytest.mark.parametrize("egfr", [0, 29.9])
def test_below_30_nothing_is_planned(egfr: float) -> None:
    # catches: the kidney gate open
    gate = closed(person(egfr=egfr))["CI04"]
    assert (gate.code, gate.to_whom) == ("contraindicated", "nephrologist")
    assert judged(person(egfr=egfr)).most_mg_per_day == 0


CONDITIONS = [row for row in RULES.values() if row.criterion_code == "condition"]
CLOSED = ("stop", "out-of-scope")


@pytest.mark.parametrize("row", CONDITIONS, ids=lambda row: row.id)
def test_every_condition_with_a_rule_closes_or_asks_for_care(row: Contraindication) -> None:
    # catches: a stop that only warns, a caution that closes, a row whose text or sources get lost
    who = person(conditions=(row.condition,))
    if row.id in ("CI07", "CI09"):  # heart block and myasthenia by drip: told once, by the stop of the same condition
        assert row.id not in {**closed(who), **careful(who)}
        assert [gate.code for gate in judged(who).blocked] == ["contraindicated"]
        return
    closes = row.level in CLOSED
    gate = (closed if closes else careful)(who)[row.id]
    code = {"stop": "contraindicated", "out-of-scope": "hospital_only", "monitor": "monitor"}.get(row.level, "caution")
    assert gate == Gate(
        code=code,
        to_whom=WHOM_CONDITION.get(row.condition, "gp"),
        rule=row.id,
        subject_nl=row.condition_nl,
        subject_en=row.condition_en,
        action_nl=row.rule_nl,
        action_en=row.rule_en,
        sources=row.sources,
        verified=row.verified,
    )
    assert (row.id in closed(who)) == closes
    assert row.id not in careful(who) or not closes
    if row.max_supplement_mg is not None:
        assert judged(who, "uk-1991").cap.most.value <= row.max_supplement_mg


def test_whom_the_gates_of_the_issue_send_to() -> None:
    # catches: heart block to the dietitian; changes of the table have to be made here too
    assert WHOM_CONDITION == {
        "heart-block": "cardiologist", "bradycardia": "cardiologist", "torsade-de-pointes": "hospital",
        "myasthenia-gravis": "neurologist", "neuromuscular-disease": "neurologist", "bowel-obstruction": "emergency",
        "kidney-failure": "nephrologist", "dialysis": "nephrologist", "anuria": "nephrologist",
        "struvite-stones": "urologist", "pregnancy": "midwife", "breastfeeding": "midwife", "eclampsia": "hospital",
        "liver-failure": "hospital",
    }  # fmt: skip
    assert set(WHOM_CONDITION) <= {row.condition for row in RULES.values()}


@pytest.mark.parametrize(
    ("name", "whom"),
    [
        ("hartblok", "cardiologist"),
        ("myasthenia gravis", "neurologist"),
        ("ileus", "emergency"),
        ("anurie", "nephrologist"),
    ],
)
def test_the_gates_of_the_issue_by_dutch_names(name: str, whom: str) -> None:
    # catches: a Dutch name that passes
    assert whom in {gate.to_whom for gate in closed(person(conditions=(name,))).values()}


@pytest.mark.parametrize(("state", "rule"), [({"pregnant": True}, "CI20"), ({"lactating": True}, "CI21")])
def test_pregnancy_and_breastfeeding_keep_250_and_send_to_the_midwife(state: dict[str, bool], rule: str) -> None:
    # catches: the higher American limit in pregnancy
    found = judged(person(30, **state), "iom-1997")
    assert (found.blocked, found.most_mg_per_day, found.cap.rule) == ((), 250, rule)
    assert careful(person(30, **state))[rule].to_whom == "midwife"


def test_oxide_in_old_age_is_watched_and_not_closed() -> None:
    # catches: a monitor row that closes, or is told as an ordinary caution
    gate = careful(person(65, supplements=(tablet(50, "oxide"),)))["CI06"]
    assert (gate.code, gate.to_whom) == ("monitor", "gp")


@pytest.mark.parametrize("age", [65, 80])
def test_in_old_age_the_kidneys_come_first(age: float) -> None:
    # catches: "no eGFR, so nothing is wrong"
    expected = Gate(code="egfr_needed", to_whom="gp", sources=("MAGNES-DESIGN",), verified=False)
    assert judged(person(age, egfr=None)).blocked == (expected,)
    assert judged(person(age)).blocked == ()


@pytest.mark.parametrize("condition", sorted(KIDNEY_CONDITIONS - {"kidney-failure"}))
def test_with_a_kidney_condition_the_kidneys_come_first(condition: str) -> None:
    # catches: a known kidney disease without a value
    assert set(closed(person(egfr=None, conditions=(condition,)))) == {"egfr_needed"}
    assert careful(person(egfr=None, conditions=(condition,))) == {}
    assert closed(person(conditions=(condition,))) == {}


@pytest.mark.parametrize("prefix", KIDNEY_MEDICINES)
def test_with_a_medicine_of_kidney_patients_the_kidneys_come_first(prefix: str) -> None:
    # catches: a binder or a transplant medicine that hints at nothing
    codes = [row.atc for row in table(Substance) if row.atc.startswith(prefix) and not row.salt]
    assert codes
    for atc in codes:
        assert "egfr_needed" in closed(person(egfr=None, medicines=(medicine(atc),))), atc
    assert "egfr_needed" not in closed(person(egfr=None, medicines=(medicine("H03AA01"),)))


def test_the_medicines_that_hint_at_the_kidneys() -> None:
    # catches: a code that is changed without anybody noticing
    assert KIDNEY_MEDICINES == ("V03AE", "B03XA", "H05BX", "L04AD", "L01XA01", "N05AN")


def test_without_a_kidney_function_the_young_get_the_lowest_cap_of_the_tiers() -> None:
    # catches: the full limit for somebody whose kidneys nobody knows
    found = judged(person(64.9, egfr=None))
    row = RULES["CI03"]
    most = Estimate.exact(100, "mg/d", (*row.sources, "MAGNES-DESIGN"), verified=False)
    assert found.cap == Cap(code="egfr_unknown", rule="CI03", most=most)
    assert (found.blocked, found.most_mg_per_day) == ((), 100)
    again = judged(person(64.9, egfr=None, supplements=(tablet(10),)))
    assert again.cautions == found.cautions  # told once, also to who takes magnesium already
    assert found.cautions == (Gate(code="egfr_unknown", to_whom="gp", sources=("MAGNES-DESIGN",), verified=False),)


@pytest.mark.parametrize(
    ("result", "code", "rule"),
    [
        (lab(1.04), "lab_high", "LAB13"),
        (lab(0.7, "ionised-magnesium"), "lab_high", "LAB21"),
        (lab(3.0, "red-cell-magnesium"), "lab_high", "LAB23"),
        (lab(0.49), "lab_very_low", "LAB12"),
    ],
)
def test_a_value_that_a_doctor_must_see_closes(result: LabResult, code: str, rule: str) -> None:
    # catches: a supplement on top of a high value, and tablets for what belongs to a doctor today
    gate = closed(person(labs=(result,)))[rule]
    bound = {"LAB13": 1.03, "LAB21": 0.67, "LAB23": 2.92, "LAB12": 0.5}[rule]
    assert (gate.code, gate.to_whom, gate.verified) == (code, "gp", True)
    assert gate.facts == {"value": result.value, "bound": bound}
    assert gate.sources


def test_a_low_value_asks_for_care_and_an_ordinary_one_for_nothing() -> None:
    # catches: low magnesium that keeps somebody from magnesium
    found = judged(person(labs=(lab(0.65),)))
    assert (found.blocked, [gate.code for gate in found.cautions]) == ((), ["lab_low"])
    assert found.cautions[0].to_whom == "gp"
    assert judged(person(labs=(lab(0.85),))).cautions == ()


AVOID = [row for row in table(Interaction) if row.severity == "avoid" or row.id == "INT046"]
RAISES = [row for row in table(Interaction) if row.direction == "medicine_raises_mg" and row.severity == "minor"]


def taken_of(row: Interaction) -> Medicine:
    """Build a medicine that the row speaks of; what has no code is known by its name."""
    codes = sorted((one.salt, one.atc) for one in table(Substance) if row.concerns(one.atc))  # without magnesium first
    return medicine(codes[0][1], "naam") if codes else medicine("", row.names[0])


@pytest.mark.parametrize(("rows", "code"), [(AVOID, "interaction_avoid"), (RAISES, "medicine_raises_mg")])
def test_interactions_that_no_clock_time_solves(rows: list[Interaction], code: str) -> None:
    # catches: "not together" solved by hours, and a medicine that raises magnesium that nobody hears of
    assert rows
    for row in rows:
        taken = taken_of(row)
        who = person(medicines=(taken,))
        gate = (closed if code == "interaction_avoid" else careful)(who)[row.id]
        assert gate == Gate(
            code=code,
            to_whom="pharmacist",
            rule=row.id,
            subject_nl=row.substance_nl,
            subject_en=row.substance_en,
            action_nl=row.action_nl,
            action_en=row.action_en,
            facts={"name": taken.name},
            sources=row.sources,
            verified=row.verified,
        )
        assert (row.id in closed(who)) == (code == "interaction_avoid")


def test_which_interactions_close() -> None:
    # catches: a serious row on two things in one body that only counts when the clock is wrong, and one too many
    assert {row.direction for row in AVOID} == {"mg_lowers_medicine_absorption", "mixed"}
    for row in table(Interaction):
        if row not in AVOID:
            taken = taken_of(row)
            assert row.id not in closed(person(medicines=(taken,))), row.id
    quiet = [row for row in table(Interaction) if row.direction == "medicine_raises_mg" and row.severity == "none"]
    assert quiet
    assert all(row.id not in careful(person(medicines=(taken_of(row),))) for row in quiet)


def test_a_serious_additive_row_closes_too() -> None:
    # catches: only one of the two directions; the table has no such row today
    row = next(row for row in AVOID if row.id == "INT046")
    for direction, closes in (("mixed", True), ("additive", True), ("low_mg_worsens_toxicity", False)):
        assert _not_together(row.model_copy(update={"direction": direction})) == closes


def test_a_medicine_with_a_window_is_left_to_the_clock() -> None:
    # catches: thyroid tablets that forbid magnesium, or are said to raise it
    found = judged(person(medicines=(medicine("H03AA01"),)))
    assert (found.blocked, found.cautions) == ((), ())


@pytest.mark.parametrize(
    ("more", "code", "whom"),
    [
        ({"medicines": (Medicine(name="qwxyz"),)}, "medicine_unknown", "pharmacist"),
        ({"medicines": (Medicine(name="plaspil", atc="C03"),)}, "medicine_group_open", "pharmacist"),
        ({"medicines": (Medicine(name="antacid", atc="A02AD01", times=(NOON,)),)}, "amount_unknown", "pharmacist"),
        ({"supplements": (Supplement(salt="citrate", elemental_mg=50),)}, "amount_unknown", "pharmacist"),
        ({"conditions": ("qwxyz",)}, "condition_unknown", "gp"),
        ({"supplements_known": False}, "products_not_asked", "pharmacist"),
    ],
)
def test_what_is_not_known_closes(more: dict[str, object], code: str, whom: str) -> None:
    # catches: an unknown amount, medicine or condition that counts as none
    found = [gate for gate in judged(person(**more)).blocked if gate.code == code]
    assert [(gate.to_whom, gate.sources, gate.verified) for gate in found] == [(whom, ("MAGNES-DESIGN",), False)]
    name = next((part[0] for part in more.values() if isinstance(part, tuple)), None)
    told = getattr(name, "name", None) or getattr(name, "salt", None) or name
    assert found[0].facts == ({"name": told} if told else {})


def test_a_whole_group_that_acts_alike_is_a_caution() -> None:
    # catches: a group of medicines that closes although every member does the same
    groups = {code for row in table(Interaction) for code in row.atc if len(code) == 5}
    people = [person(medicines=(medicine(code, "groep"),)) for code in sorted(groups)]
    open_ = [found for found in map(judged, people) if not found.blocked]
    told = [gate for found in open_ for gate in found.cautions if gate.code == "medicine_group"]
    assert len(told) > 3
    gate = told[0]
    assert (gate.to_whom, gate.facts) == ("pharmacist", {"name": "groep"})


def test_what_is_taken_already_comes_off() -> None:
    # catches: the whole limit beside a supplement or a laxative, food that counts, a supplement that counts twice
    oxide = Medicine(name="magnesiumoxide", atc="A06AD02", elemental_mg=60, times=(NOON,))
    found = judged(person(supplements=(tablet(100),), medicines=(oxide,)))
    assert found.taken_mg == pytest.approx(160)
    assert found.most_mg_per_day == pytest.approx(90)


def test_food_never_counts() -> None:
    # catches: spinach that uses up the limit for supplements
    eaten = resolve(read_diary(example_folder() / "nhanes-41483.csv"))
    with_food = intake(person(supplements=(tablet(100),)), eaten)
    assert with_food.food is not None
    assert with_food.food.value > 100
    assert taken_mg(with_food) == pytest.approx(100)


def test_a_compound_with_open_water_counts_at_its_most() -> None:
    # catches: chloride without its hydration that passes for half of what it may be
    salt = Supplement(salt="chloride", compound_mg=400, times=(NOON,))
    assert taken_mg(intake(person(supplements=(salt,)), None)) == 102.116
    assert parameter("supplement_label_ratio").high > 1


@pytest.mark.parametrize(("taken", "open_"), [(200, True), (200.5, False), (250, False), (400, False)])
def test_without_room_for_a_tablet_nothing_is_planned(taken: float, open_: bool) -> None:
    # catches: > for >=, a negative amount, a dose on top of the limit
    found = judged(person(supplements=(tablet(taken),)))
    assert (found.blocked == ()) == open_
    assert found.most_mg_per_day == pytest.approx(50 if open_ else 0)
    if not open_:
        (gate,) = found.blocked
        assert gate == Gate(
            code="no_room",
            to_whom="pharmacist",
            rule="efsa-scf-2001",
            facts={"cap_mg": 250.0, "taken_mg": found.taken_mg, "least_mg": 50.0},
            sources=found.cap.most.sources,
            verified=True,
        )


def test_no_room_names_the_rule_that_leaves_none() -> None:
    # catches: a cap without the reason it stands for
    gate = closed(person(egfr=40, supplements=(tablet(80),)))["CI03"]
    row = RULES["CI03"]
    assert (gate.code, gate.subject_nl, gate.subject_en) == ("no_room", row.condition_nl, row.condition_en)
    assert not gate.verified
    assert LEAST_DOSE_MG == 50


def test_a_closed_gate_is_not_told_twice_as_no_room() -> None:
    # catches: "no room" beside the reason that matters
    found = judged(person(egfr=20, supplements=(tablet(400),)))
    assert [gate.code for gate in found.blocked] == ["contraindicated"]
    assert found.most_mg_per_day == 0


def test_all_reasons_are_told_at_once() -> None:
    # catches: only the first closed gate
    who = person(egfr=20, conditions=("heart-block", "qwxyz"), labs=(lab(1.2),), supplements_known=False)
    assert {"CI04", "CI08", "CI17a", "LAB13", "condition_unknown", "products_not_asked"} <= set(closed(who))


def test_the_bound_of_predicted_serum_is_where_high_begins() -> None:
    # catches: another row, another figure, a bound that one may touch
    assert serum_bound() == Estimate.exact(1.03, "mmol/L", ("WAKAI",), verified=True)
    assert serum_gate(1.0299) is None
    for high in (1.03, 1.2):
        assert serum_gate(high) == Gate(
            code="serum_predicted_high",
            to_whom="gp",
            rule="LAB13",
            facts={"value": high, "bound": 1.03},
            sources=("WAKAI", "MAGNES-FIT"),
            verified=False,
        )


def test_values_rarer_than_the_bound_close_the_gate() -> None:
    # catches: a dose on values that contradict each other, a bound that is met and counts as passed
    assert contradiction_gate(0.001, 0.001) is None
    assert contradiction_gate(1.0, 0.001) is None
    assert contradiction_gate(0.00099, 0.001) == Gate(
        code="labs_contradict", to_whom="gp", sources=("MAGNES-FIT", "MAGNES-DESIGN"), verified=False
    )


def test_what_urine_tells_is_no_gate() -> None:
    # catches: a finding on the kidneys' loss that ends the run with an unknown code
    labs = (
        LabResult(test="serum-magnesium", value=0.62, unit="mmol/L"),
        LabResult(test="fractional-excretion", value=8, unit="%"),
        LabResult(test="urine-magnesium-24h", value=0.8, unit="mmol/(24.h)"),
    )
    who = person(labs=labs)
    found = gates(who, intake(who, None), "efsa-2015")
    assert found.blocked == ()
    assert [gate.code for gate in found.cautions] == ["lab_low"]
