"""Contraindications, caps and limits: every tier at its edge, stop against block, and nothing silently safe."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.advice.finding import Finding
from magnes.advice.labs import lab_findings
from magnes.advice.safety import _applies
from magnes.advice.safety import safety_findings as contraindication_findings
from magnes.advice.unknown import unknown_findings
from magnes.intake import intake
from magnes.knowledge.clinical import Condition, Contraindication
from magnes.knowledge.load import table
from magnes.need import limit
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.products import takes_magnesium

MORNING = dt.time(8)
TABLET = Supplement(salt="citrate", elemental_mg=100, times=(MORNING,))
ROWS = {row.id: row for row in table(Contraindication)}


def oxide(mg: float = 400) -> Medicine:
    return Medicine(name="laxative", atc="A06AD02", dose_mg=mg, times=(MORNING,))


def person(age: float = 50, sex: str = "female", **more: object) -> Person:
    return Person(age_years=age, sex=sex, **more)


def findings(who: Person, authority: str = "efsa-2015") -> dict[str, Finding]:
    """Findings by rule, or by code where no table row stands behind one."""
    eaten = intake(who, None)
    check = limit(who, eaten, authority)
    found = [
        *contraindication_findings(who, eaten, check),
        *lab_findings(who),
        *unknown_findings(who, eaten, check),
    ]
    keys = [finding.rule or finding.code for finding in found]
    assert len(keys) == len(set(keys)), keys
    return dict(zip(keys, found, strict=True))


def rules(who: Person) -> set[str]:
    return {key for key in findings(who) if key.startswith("CI")}


@pytest.mark.parametrize(
    ("egfr", "tier"),
    [
        (0, "CI04"),
        (29.9, "CI04"),
        (30, "CI03"),
        (44.9, "CI03"),
        (45, "CI02"),
        (59.9, "CI02"),
        (60, "CI01"),
        (250, "CI01"),
    ],
)
def test_kidney_tiers_at_their_edges(egfr: float, tier: str) -> None:
    # catches an eGFR of exactly 30, 45 or 60 in the wrong tier
    assert rules(person(egfr_ml_min_1_73m2=egfr, supplements=(TABLET,))) == ({tier} if tier else set())


@given(st.floats(0, 250))
def test_every_egfr_has_at_most_one_tier(egfr: float) -> None:
    # catches a hole or an overlap between tiers
    assert len(rules(person(egfr_ml_min_1_73m2=egfr))) == 1


def test_below_30_stops_who_takes_it_and_blocks_who_would_start() -> None:
    # catches a stop for somebody who takes nothing, and a mere remark for somebody who does
    taking = findings(person(egfr_ml_min_1_73m2=29.9, supplements=(TABLET,)))["CI04"]
    assert (taking.severity, taking.code, taking.facts["egfr"]) == ("stop", "contraindicated", 29.9)
    starting = findings(person(egfr_ml_min_1_73m2=29.9))["CI04"]
    assert (starting.severity, starting.code) == ("block", "contraindicated_if_started")


@pytest.mark.parametrize("by", [{"supplements": (TABLET,)}, {"medicines": (oxide(),)}])
def test_a_magnesium_medicine_is_taking_magnesium(by: dict[str, object]) -> None:
    # catches a laxative that does not count as magnesium with failing kidneys
    assert findings(person(egfr_ml_min_1_73m2=20, **by))["CI04"].severity == "stop"


def test_an_antacid_of_unknown_amount_is_taking_magnesium() -> None:
    # catches "0 mg, so nothing is taken"
    antacid = Medicine(name="antacid", atc="A02AD01", times=(MORNING,))
    who = person(egfr_ml_min_1_73m2=20, medicines=(antacid,))
    assert takes_magnesium(who)
    assert findings(who)["CI04"].severity == "stop"
    assert not takes_magnesium(person(medicines=(Medicine(name="x"), Medicine(name="y", atc="H03AA01"))))


def test_a_cap_is_kept_at_its_figure_and_broken_above() -> None:
    # catches > for >=, and a cap that is compared with food or with half of the sources
    def at(mg: float, **more: object) -> Finding:
        tablet = Supplement(salt="citrate", elemental_mg=mg, times=(MORNING,))
        return findings(person(egfr_ml_min_1_73m2=40, supplements=(tablet,), **more))["CI03"]

    assert (at(100).code, at(100).severity) == ("cap", "info")
    assert (at(100.5).code, at(100.5).severity) == ("above_cap", "major")
    assert at(50, medicines=(oxide(100),)).code == "above_cap"
    assert at(50).facts == {"amount_mg": 50, "cap_mg": 100, "egfr": 40}
    assert at(50).design_choice
    assert not at(50).verified


CONDITIONS = [
    row for row in table(Contraindication) if row.criterion_code == "condition" and row.route in ("oral", "any")
]
DRIPS = [row for row in table(Contraindication) if row.route == "iv"]


@pytest.mark.parametrize("row", CONDITIONS, ids=lambda row: row.id)
def test_every_condition_with_a_rule_fires_it(row: Contraindication) -> None:
    # catches a rule that never fires: heart block, myasthenia, bowel obstruction and all others
    found = findings(person(conditions=(row.condition,), supplements=(TABLET,)))
    assert row.id in found
    expected = {"stop": "stop", "caution": "moderate", "monitor": "moderate"}.get(row.level, "info")
    assert found[row.id].severity == expected
    assert (found[row.id].action_nl, found[row.id].sources) == (row.rule_nl, row.sources)
    assert row.id not in findings(person(supplements=(TABLET,)))
    without = findings(person(conditions=(row.condition,)))[row.id]
    assert without.severity == ("block" if row.level == "stop" else "info")


def test_the_dangerous_conditions_are_stops() -> None:
    # catches a stop that becomes a remark in the table
    stops = {row.condition for row in CONDITIONS if row.level == "stop"}
    assert {
        "heart-block", "myasthenia-gravis", "bowel-obstruction", "dialysis", "anuria", "hypermagnesaemia",
        "struvite-stones", "dehydration", "bradycardia", "kidney-failure",
    } == stops  # fmt: skip


@pytest.mark.parametrize("row", DRIPS, ids=lambda row: row.id)
def test_rows_about_drips_only_inform(row: Contraindication) -> None:
    # catches advice for the hospital that alarms or stops somebody with a tablet
    found = findings(person(conditions=(row.condition,), supplements=(TABLET,)))[row.id]
    assert (found.code, found.severity) == ("out-of-scope", "info")


@pytest.mark.parametrize("name", ["hartblok", "AV-blok", "heart block", "Heart-Block"])
def test_a_condition_by_any_name_fires(name: str) -> None:
    # catches a Dutch name that passes as known and still fires nothing
    assert findings(person(conditions=(name,), supplements=(TABLET,)))["CI08"].severity == "stop"


@pytest.mark.parametrize("name", ["qqzzxx", "hartbloc"])
def test_an_unknown_condition_is_reported(name: str) -> None:
    # catches a condition that nobody knows and nobody mentions, and an error for one that is only misspelt
    found = findings(person(conditions=(name,)))["condition_unknown"]
    assert (found.facts, found.severity) == ({"name": name}, "moderate")


def test_an_unknown_medicine_is_reported() -> None:
    # catches a medicine without code, and a group code whose members differ, that pass as safe
    found = findings(person(medicines=(Medicine(name="Wonderpil"), Medicine(name="J01", atc="J01MA02"))))
    assert found["medicine_unknown"].facts == {"name": "Wonderpil"}
    group = person(medicines=(Medicine(name="schildklier", atc="H03AA"),))
    assert findings(group)["medicine_group_open"].facts == {"name": "schildklier"}
    assert "medicine_unknown" not in findings(person(medicines=(Medicine(name="calcium", atc="A12AX"),)))


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, {"CI22"}), (3.9, {"CI22"}), (3.999, {"CI22"}), (4, {"CI23a", "CI23b"}), (8.99, {"CI23a", "CI23b"}),
     (9, {"CI23a"}), (17.99, {"CI23a"}), (18, set()), (64.9, set())],
)  # fmt: skip
def test_children_at_their_birthdays(age: float, expected: set[str]) -> None:
    # catches 3.9 years read as 4
    assert rules(person(age, supplements=(TABLET,))) == expected


def test_a_toddler_with_a_tablet_is_a_stop() -> None:
    # catches a child that only gets "no limit at this age"
    found = findings(person(3.9, supplements=(TABLET,)))
    assert found["CI22"].severity == "stop"
    assert found["no_limit"].severity == "moderate"
    assert findings(person(3.9))["CI22"].severity == "block"
    assert findings(person(4, supplements=(TABLET,)))["CI23b"].code == "cap"
    more = Supplement(elemental_mg=111, times=(MORNING,))
    assert findings(person(4, supplements=(more,)))["CI23b"].code == "above_cap"


@pytest.mark.parametrize(
    ("value", "unit", "fires"),
    [(1.05, "mmol/L", False), (1.06, "mmol/L", True), (2.5, "mg/dL", False), (2.6, "mg/dL", True),
     (2.2, "mEq/L", True), (1060, "umol/L", True), (1.9, "mg/dL", False)],
)  # fmt: skip
def test_too_much_magnesium_in_blood_in_every_unit(value: float, unit: str, fires: bool) -> None:
    # catches 1.9 mg/dL, a normal value, read as 1.9 mmol/L, and 2.6 mg/dL (1.07 mmol/L) passed over
    lab = LabResult(test="serum-magnesium", value=value, unit=unit)
    found = findings(person(labs=(lab,), supplements=(TABLET,)))
    assert ("CI17a" in found) == fires
    assert not fires or found["CI17a"].severity == "stop"


def test_only_serum_counts_as_serum() -> None:
    # catches magnesium in red cells, 2.4 mmol/L and normal, taken for serum
    labs = (LabResult(test="red-cell-magnesium", value=2.4, unit="mmol/L"),)
    assert "CI17a" not in findings(person(labs=labs))
    two = (*labs, *(LabResult(test="serum-magnesium", value=v, unit="mmol/L") for v in (0.8, 1.2)))
    assert "CI17a" in findings(person(labs=two))


def test_pregnancy_and_breastfeeding_cap_at_250() -> None:
    # catches a flag that is not read as condition
    for flag, rule in (("pregnant", "CI20"), ("lactating", "CI21")):
        for mg, code in ((250, "cap"), (251, "above_cap")):
            tablet = Supplement(elemental_mg=mg, times=(MORNING,))
            assert findings(person(30, supplements=(tablet,), **{flag: True}))[rule].code == code
    assert not rules(person(30))


@pytest.mark.parametrize("salt", ["oxide", "magnesiumoxide", "MgO", "magnesia"])
def test_oxide_at_65_is_monitored_by_any_name(salt: str) -> None:
    # catches MgO, which holds no word "oxide"
    tablet = Supplement(salt=salt, elemental_mg=200, times=(MORNING,))
    assert "CI06" in rules(person(65, supplements=(tablet,)))
    assert "CI06" not in rules(person(64.99, supplements=(tablet,)))


@pytest.mark.parametrize("salt", ["hydroxide", "magnesium hydroxide", "citrate", ""])
def test_other_salts_at_65_are_not_oxide(salt: str) -> None:
    # catches hydroxide, which holds the word "oxide"
    tablet = Supplement(salt=salt, elemental_mg=200, times=(MORNING,))
    assert "CI06" not in rules(person(80, supplements=(tablet,)))


def test_oxide_from_a_medicine_counts_at_65() -> None:
    # catches the very laxative that the rule is about
    assert "CI06" in rules(person(80, medicines=(oxide(),)))
    assert "CI06" not in rules(person(80, medicines=(Medicine(name="m", atc="A02AA04", times=(MORNING,)),)))


@pytest.mark.parametrize(
    "condition", ["chronic-kidney-disease", "nierfalen", "kidney-transplant", "renal-tubular-disease"]
)
def test_a_kidney_disease_without_egfr_needs_one(condition: str) -> None:
    # catches a kidney patient treated as healthy because no number was given
    found = findings(person(conditions=(condition,)))["egfr_needed"]
    assert found.severity == "major"
    assert "egfr_needed" not in findings(person(conditions=(condition,), egfr_ml_min_1_73m2=70))


def test_without_egfr_it_is_said_only_to_who_takes_magnesium() -> None:
    # catches a remark for everybody
    assert findings(person(supplements=(TABLET,)))["egfr_unknown"].severity == "minor"
    assert findings(person()) == {}
    assert "egfr_unknown" not in findings(person(supplements=(TABLET,), egfr_ml_min_1_73m2=90))


def test_the_limit_counts_tablets_and_medicines_together() -> None:
    # catches 200 mg from tablets and 121 mg from a laxative that both keep the limit
    tablet = Supplement(elemental_mg=200, times=(MORNING,))
    both = findings(person(supplements=(tablet,), medicines=(oxide(200),)))["limit_exceeded"]
    assert (both.severity, both.facts["limit_mg"]) == ("major", 250)
    assert both.facts["amount_mg"] == pytest.approx(320.6, abs=0.1)
    assert findings(person(supplements=(tablet,)))["limit_kept"].severity == "info"
    assert "limit_possible" in findings(person(supplements=(tablet,), medicines=(oxide(200),)), "iom-1997")


def test_a_label_that_may_exceed_the_limit_is_said() -> None:
    # catches 249 of 250 mg called safe although tablets may hold 15 % more than their label
    near = findings(person(supplements=(Supplement(elemental_mg=249, times=(MORNING,)),)))["limit_possible"]
    assert (near.severity, near.facts["limit_mg"]) == ("minor", 250)
    assert near.facts["high_mg"] > 250


def test_glycerophosphate_is_a_stop_with_high_phosphate_only() -> None:
    # catches a contraindication of one salt that fires for all, or for none
    ill = {"conditions": ("hyperphosphataemia",)}
    salts = {
        name: findings(person(supplements=(Supplement(salt=name, elemental_mg=100, times=(MORNING,)),), **ill))
        for name in ("glycerophosphate", "citrate")
    }
    assert salts["glycerophosphate"]["CI15b"].severity == "stop"
    assert "CI15b" not in salts["citrate"]
    assert salts["citrate"]["CI15"].severity == "moderate"


def lab(value: float, test: str = "serum-magnesium", date: dt.date | None = None) -> LabResult:
    return LabResult(test=test, value=value, unit="mmol/L", date=date)


@pytest.mark.parametrize(
    ("value", "test", "code"),
    [
        (0.49, "serum-magnesium", "LAB12"),
        (0.50, "serum-magnesium", "LAB10"),
        (0.69, "serum-magnesium", "LAB10"),
        (0.70, "serum-magnesium", ""),
        (1.03, "serum-magnesium", ""),
        (1.04, "serum-magnesium", "LAB13"),
        (0.68, "ionised-magnesium", "LAB21"),
        (0.60, "ionised-magnesium", ""),
        (3.0, "red-cell-magnesium", "LAB23"),
    ],
)
def test_a_value_outside_its_bounds_is_told(value: float, test: str, code: str) -> None:
    # catches 0.3 mmol/L without a word, and a bound taken for below it
    found = [key for key in findings(person(labs=(lab(value, test),))) if key.startswith("LAB")]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("serum", "value", "unit", "test", "expected"),
    [
        (0.6, 4.1, "%", "fractional-excretion", ("lab_renal_loss", "moderate", "LAB32")),
        (0.6, 4.0, "%", "fractional-excretion", ("lab_renal_loss_possible", "minor", "LAB31")),
        (0.6, 2.0, "%", "fractional-excretion", ("lab_kidneys_save", "minor", "LAB31")),
        (0.8, 15, "%", "fractional-excretion", None),
        (None, 15, "%", "fractional-excretion", None),
        (0.6, 1.1, "mmol/24h", "urine-magnesium-24h", ("lab_renal_loss", "moderate", "LAB33")),
        (0.6, 0.7, "mmol/24h", "urine-magnesium-24h", ("lab_urine_low", "info", "LAB24")),
        (0.6, 0.4, "mmol/24h", "urine-magnesium-24h", ("lab_kidneys_save", "minor", "LAB33")),
        (0.8, 0.4, "mmol/24h", "urine-magnesium-24h", ("lab_urine_low", "info", "LAB24")),
        (0.8, 120, "mg/24h", "urine-magnesium-24h", None),
        (0.8, 280, "mg/24h", "urine-magnesium-24h", ("lab_urine_high", "info", "LAB24")),
        (0.6, 12, "mmol/d", "magnesium-load", None),
        (0.6, 25, "g/L", "serum-albumin", None),
    ],
)
def test_excretion_fits_with_loss_or_saving_while_serum_is_low(
    serum: float | None, value: float, unit: str, test: str, expected: tuple[str, str, str] | None
) -> None:
    # catches a kidney blamed with a normal serum, a bound on the wrong side, mg read as mmol
    other = LabResult(test=test, value=value, unit=unit)
    labs = (other,) if serum is None else (lab(serum), other)
    found = [one for one in lab_findings(person(labs=labs)) if one.rule not in ("LAB10", "LAB12")]
    assert [(one.code, one.severity, one.rule) for one in found] == ([expected] if expected else [])
    assert all(one.sources and one.verified for one in found)


def test_the_newest_value_counts() -> None:
    # catches a stop on a value of years ago, whatever the order of the lines
    old, new = lab(1.3, date=dt.date(2001, 1, 1)), lab(0.85, date=dt.date(2026, 1, 1))
    for labs in ((old, new), (new, old)):
        assert "CI17a" not in findings(person(labs=labs, supplements=(TABLET,)))
    assert "CI17a" in findings(person(labs=(old,), supplements=(TABLET,)))


def test_an_old_person_without_egfr_is_asked_for_it() -> None:
    # catches 803 mg at 82 years with the kidneys as a footnote
    assert findings(person(82, supplements=(TABLET,)))["egfr_unknown"].severity == "moderate"
    much = Supplement(elemental_mg=800, times=(MORNING,))
    assert findings(person(82, supplements=(much,)))["egfr_unknown"].severity == "major"


def test_an_unknown_amount_is_serious_when_the_kidneys_are_weak() -> None:
    # catches "100 mg at most, all is well" beside an antacid of which nobody knows the amount
    antacid = Medicine(name="antacid", atc="A02AD01", times=(MORNING,))
    assert findings(person(egfr_ml_min_1_73m2=35, medicines=(antacid,)))["CI03"].code == "cap_unknown"
    assert findings(person(egfr_ml_min_1_73m2=35, medicines=(antacid,)))["CI03"].severity == "major"
    told = antacid.model_copy(update={"elemental_mg": 60})
    assert findings(person(egfr_ml_min_1_73m2=35, medicines=(told,)))["CI03"].facts["amount_mg"] == 60


def test_magnesium_by_name_alone_is_magnesium() -> None:
    # catches a product that hides behind "unknown medicine" at an eGFR of 20
    named = Medicine(name="magnesium forte", atc="A12CC")
    assert findings(person(egfr_ml_min_1_73m2=20, medicines=(named,)))["CI04"].severity == "stop"


def test_products_that_nobody_asked_for_keep_every_total_open() -> None:
    # catches "200 mg, the limit is kept" when nobody asked what else is taken
    laxative = Medicine(name="magnesiumhydroxide", atc="A02AA04", elemental_mg=100, times=(MORNING,))
    open_end = person(supplements=(TABLET,), medicines=(laxative,), supplements_known=False)
    assert findings(open_end)["limit_not_asked"].severity == "moderate"
    assert intake(open_end, None).at_least
    assert "limit_kept" in findings(person(supplements=(TABLET,), medicines=(laxative,)))


def test_magnesium_in_an_unknown_medicine_does_not_make_it_known() -> None:
    # catches a medicine that nobody checked, silent because its magnesium is known
    strange = Medicine(name="Foozolimab", elemental_mg=100, times=(MORNING,))
    assert findings(person(medicines=(strange,)))["medicine_unknown"].severity == "major"
    group = Medicine(name="J01", atc="J01", elemental_mg=100, times=(MORNING,))
    assert "medicine_group_open" in findings(person(medicines=(group,)))


def test_creatinine_is_cited() -> None:
    # catches a stop that rests on an equation nobody can look up
    who = person(egfr_ml_min_1_73m2=20, egfr_from_creatinine=True, supplements=(TABLET,))
    assert "INKER21" in findings(who)["CI04"].sources
    assert "INKER21" not in findings(person(egfr_ml_min_1_73m2=20, supplements=(TABLET,)))["CI04"].sources


def test_an_unknown_amount_never_keeps_the_limit() -> None:
    # catches "100 of 250 mg" beside an antacid that was not counted
    antacid = Medicine(name="antacid", atc="A02AD01", times=(MORNING,))
    found = findings(person(supplements=(TABLET,), medicines=(antacid,)))
    assert found["limit_unknown"].severity == "moderate"
    assert found["amount_unknown"].facts == {"name": "antacid"}
    more = Supplement(elemental_mg=300, times=(MORNING,))
    assert "limit_exceeded" in findings(person(supplements=(more,), medicines=(antacid,)))


def test_conditions_of_the_table_do_not_stop_anybody_else() -> None:
    # catches a rule without criterion: it would fire for everybody
    harmless = {row.id for row in table(Condition)} - {row.condition for row in table(Contraindication)}
    found = findings(person(conditions=tuple(sorted(harmless)), egfr_ml_min_1_73m2=90))
    assert set(found) == {"CI01"}  # the kidney tier without a limit
    assert len(harmless) > 60


@pytest.mark.parametrize(("egfr", "severity"), [(44.9, "major"), (45, "moderate"), (59.9, "moderate")])
def test_an_unknown_amount_is_serious_from_kidney_tier_g3b_on(egfr: float, severity: str) -> None:
    # catches: < for <=, and another tier than the one below 45
    antacid = Medicine(name="antacid", atc="A02AD01", times=(MORNING,))
    tier = findings(person(egfr_ml_min_1_73m2=egfr, medicines=(antacid,)))["CI03" if egfr < 45 else "CI02"]
    assert (tier.code, tier.severity) == ("cap_unknown", severity)


def test_an_unknown_amount_is_moderate_where_the_kidneys_are_not_known() -> None:
    # catches: an unknown kidney function that counts as a poor one, or that stops the run
    antacid = Medicine(name="antacid", atc="A02AD01", times=(MORNING,))
    found = findings(person(pregnant=True, medicines=(antacid,)))["CI20"]
    assert (found.code, found.severity) == ("cap_unknown", "moderate")


def test_one_bound_of_a_range_is_enough() -> None:
    # catches: a rule with only an upper or only a lower bound that nobody meets; the table may get one tomorrow
    def applies(row: Contraindication, **who: object) -> bool:
        return _applies(row, person(**who))

    below = ROWS["CI04"].model_copy(update={"egfr_low": None})
    assert applies(below, egfr_ml_min_1_73m2=0)
    assert applies(below, egfr_ml_min_1_73m2=29.9)
    assert not applies(below, egfr_ml_min_1_73m2=30)
    young = ROWS["CI22"].model_copy(update={"age_low_years": None})
    assert applies(young, age=0)
    assert applies(young, age=3.9)
    assert not applies(young, age=4)


def test_a_rule_without_a_criterion_is_met_by_nobody() -> None:
    # catches: all() of nothing, which is true
    bare = ROWS["CI04"].model_copy(update={"egfr_low": None, "egfr_high": None})
    assert not _applies(bare, person(egfr_ml_min_1_73m2=20))


def test_only_a_rule_on_the_kidneys_tells_the_kidney_function() -> None:
    # catches: "eGFR 80" beside a rule on pregnancy, and the equation cited where nothing was computed with it
    found = findings(person(egfr_ml_min_1_73m2=80, egfr_from_creatinine=True, pregnant=True))
    assert "egfr" not in found["CI20"].facts
    assert "INKER21" not in found["CI20"].sources
    assert found["CI01"].facts["egfr"] == 80
    assert found["CI01"].sources == (*ROWS["CI01"].sources, "INKER21")


def test_good_kidneys_only_inform_whoever_takes_magnesium() -> None:
    # catches: a warning on an eGFR of 80 for everybody with a supplement
    found = findings(person(egfr_ml_min_1_73m2=80, supplements=(TABLET,)))["CI01"]
    assert (found.code, found.severity) == ("none", "info")


def test_a_cap_below_the_limit_is_serious_also_when_the_limit_is_passed() -> None:
    # catches: a cap of 100 mg played down because 300 mg passes the limit of 250 mg as well
    tablet = Supplement(salt="citrate", elemental_mg=300, times=(MORNING,))
    found = findings(person(egfr_ml_min_1_73m2=40, supplements=(tablet,)))
    assert (found["CI03"].code, found["CI03"].severity) == ("above_cap", "major")
    at_limit = findings(person(egfr_ml_min_1_73m2=50, supplements=(tablet,)))
    assert (at_limit["CI02"].code, at_limit["CI02"].severity) == ("above_cap", "moderate")


def test_the_limit_names_its_authority() -> None:
    # catches: a limit that nobody set
    assert findings(person(supplements=(TABLET,)))["limit_kept"].facts["authority"] == "efsa-scf-2001"


def test_without_a_limit_the_finding_cites_who_set_none() -> None:
    # catches: a statement on small children without its sources
    found = findings(person(age=3, supplements=(TABLET,)))["no_limit"]
    assert (found.severity, found.sources, found.verified) == ("moderate", ("SCF01", "BFR17"), True)
