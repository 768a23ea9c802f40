"""Evidence: what holds for whom, nothing in the positive voice but the law's ten sentences, safety first."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from magnes.advice.check import check
from magnes.advice.evidence import Applicability, applies, eu_claims, evidence
from magnes.advice.finding import Finding
from magnes.errors import InputProblems
from magnes.intake import intake
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import EuClaim
from magnes.knowledge.load import table
from magnes.need import limit
from magnes.person import LabResult, Person, Supplement

ROWS = {row.id: row for row in table(Indication)}
HEALTHY = Person(age_years=40, sex="female", egfr_ml_min_1_73m2=95)
STOP = Finding(code="contraindicated", severity="stop", sources=("A",), verified=True)


def indication(**more: object) -> Indication:
    return ROWS["EV34"].model_copy(update={"applies_age_low_years": None, "applies_conditions": (), **more})


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("krampen", "EV34"),
        ("helpt magnesium tegen migraine?", "EV21"),
        ("EV25", "EV25"),
        ("hoge bloeddruk", "EV25"),
        ("does it help with sleep?", "EV37"),
    ],
)
def test_questions_find_the_indication(question: str, expected: str) -> None:
    # catches: an everyday word that is not a name of its indication
    assert expected in {row.id for row in evidence(question)}


def test_an_unknown_indication_is_asked_back() -> None:
    # catches: an answer on something else
    with pytest.raises(InputProblems) as caught:
        evidence("krampn")
    assert caught.value.problems[0].nearest


CASES: list[tuple[dict[str, object], dict[str, object], str, tuple[str, ...]]] = [
    ({}, {}, "yes", ()),
    ({"hospital_only": True}, {}, "no", ("hospital_only",)),
    ({"applies_sex": "male"}, {}, "no", ("other_sex",)),
    ({"applies_age_low_years": 60.0}, {}, "no", ("too_young",)),
    ({"applies_age_low_years": 40.0}, {}, "yes", ()),
    ({}, {"age_years": 6.0}, "unsure", ("age_unknown",)),
    ({"applies_age_low_years": 5.0}, {"age_years": 6.0}, "yes", ()),
    ({"above_limit": True}, {}, "supervised", ("above_limit",)),
    ({"above_limit": True, "route": "diet"}, {}, "yes", ()),
    ({"applies_age_high_years": 40.0}, {}, "no", ("too_old",)),
    ({"applies_pregnancy": "never"}, {"pregnant": True}, "no", ("pregnant",)),
    ({"applies_pregnancy": "only"}, {}, "no", ("not_pregnant",)),
    ({"applies_pregnancy": "only"}, {"pregnant": True}, "yes", ()),
    ({"applies_conditions": ("migraine",)}, {}, "no", ("other_condition",)),
    ({"applies_conditions": ("migraine",)}, {"conditions": ("migraine",)}, "yes", ()),
    ({"applies_low_magnesium_only": True}, {}, "unsure", ("serum_unknown",)),
]


@pytest.mark.parametrize(("row", "who", "holds", "reasons"), CASES)
def test_for_whom_it_holds(
    row: dict[str, object], who: dict[str, object], holds: str, reasons: tuple[str, ...]
) -> None:
    # catches: a criterion that is not looked at, an age edge on the wrong side, unknown taken for yes
    found = applies(indication(**row), HEALTHY.model_copy(update=who))
    assert (found.holds, found.reasons) == (holds, reasons)


@pytest.mark.parametrize(("serum", "holds"), [(0.6, "yes"), (0.9, "no")])
def test_only_with_low_magnesium(serum: float, holds: str) -> None:
    # catches: an effect in deficient people promised to everybody
    lab = LabResult(test="serum-magnesium", value=serum, unit="mmol/L", date=dt.date(2026, 11, 1))
    who = HEALTHY.model_copy(update={"labs": (lab,)})
    assert applies(indication(applies_low_magnesium_only=True), who).holds == holds


def judged(who: Person, **more: object) -> Applicability:
    eaten = intake(who, None)
    check_limit = limit(who, eaten, "efsa-2015")
    return applies(indication(**more), who, check(who, eaten, check_limit), check_limit)


@pytest.mark.parametrize(
    ("dose_mg", "egfr", "taken_mg", "holds", "reasons"),
    [
        (100, 95, 0, "yes", ()),
        (250, 95, 0, "yes", ()),
        (251, 95, 0, "supervised", ("above_limit",)),
        (200, 95, 100, "supervised", ("above_limit",)),  # on top of what is taken already
        (100, 35, 0, "yes", ()),
        (101, 35, 0, "no", ("above_cap",)),  # kidney tier G3b: 100 mg
        (368, 35, 0, "no", ("above_cap", "above_limit")),
    ],
)
def test_the_dose_of_the_trials_against_cap_and_limit(
    dose_mg: float, egfr: float, taken_mg: float, holds: str, reasons: tuple[str, ...]
) -> None:
    # catches: 368 mg "holds for this person" with a cap of 100; the dose compared without what is taken already
    taken = (Supplement(salt="citrate", elemental_mg=taken_mg, times=(dt.time(8),)),) if taken_mg else ()
    who = HEALTHY.model_copy(update={"egfr_ml_min_1_73m2": egfr, "supplements": taken})
    found = judged(who, dose_low_mg=dose_mg)
    assert (found.holds, found.reasons) == (holds, reasons)


def test_what_is_not_known_leaves_it_open() -> None:
    # catches: kidneys or a condition that nobody knows, taken for healthy
    sick = HEALTHY.model_copy(update={"egfr_ml_min_1_73m2": None, "conditions": ("chronic-kidney-disease",)})
    assert judged(sick).reasons == ("kidney_unknown",)
    strange = HEALTHY.model_copy(update={"conditions": ("qqzz",)})
    assert judged(strange) == Applicability(holds="unsure", reasons=("condition_unknown",))


def test_a_stop_closes_every_supplement_but_not_food() -> None:
    # catches: evidence told to somebody who must not take magnesium
    assert applies(indication(), HEALTHY, (STOP,)) == Applicability(holds="no", reasons=("safety_stop",))
    assert applies(indication(route="diet"), HEALTHY, (STOP,)).holds == "yes"


def test_what_is_given_by_drip_is_hospital_only() -> None:
    # catches: an intravenous dose that reads like advice
    for row in ROWS.values():
        if row.route == "intravenous":
            assert row.hospital_only, row.id
            assert row.advice in ("hospital-only", "do-not-recommend", "no-claim"), row.id


def test_no_effect_is_never_advised() -> None:
    # catches: advice that does not follow from the evidence
    for row in ROWS.values():
        if row.effect in ("no-meaningful-effect", "harm", "not-studied"):
            allowed = {"do-not-recommend", "no-claim", "hospital-only", "food-advice", "label-claim-only"}
            assert row.advice in allowed, row.id


def test_doses_above_the_limit_say_so() -> None:
    # catches: 600 mg for migraine told without the limit of 250
    for row in ROWS.values():
        if (row.dose_high_mg or 0) > 250 and row.route == "oral":
            assert row.above_limit, row.id


def test_absolute_numbers_agree_with_the_ratio() -> None:
    # catches: control and treated in each other's place
    for row in ROWS.values():
        for effect in row.effects:
            if effect.control_per_1000 and effect.treated_per_1000 and effect.measure in ("RR", "OR", "HR"):
                assert (effect.treated_per_1000 < effect.control_per_1000) == (effect.value < 1), row.id


def test_the_law_allows_ten_claims() -> None:
    # catches: an eleventh claim, or one of the ten changed
    assert [claim.id for claim in table(EuClaim)] == [f"EU{number:02}" for number in range(1, 11)]
    assert all(claim.regulation.endswith("432/2012") for claim in table(EuClaim))
    assert {row.id for row in ROWS.values() if eu_claims(row)} >= {"EV46"}  # tiredness has one
    assert not eu_claims(ROWS["EV34"])  # cramps have none


PROMISES = re.compile(
    r"\b(geneest|verhelpt|voorkomt|beschermt tegen|cures|prevents|protects against|heals|will help|helpt tegen)\b"
)


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.id)
def test_no_promise_in_our_own_conclusions(row: Indication) -> None:
    # catches: a health claim that no regulation allows, in our own voice
    for text in (row.conclusion_nl, row.conclusion_en):
        for sentence in re.split(r"(?<=[.])\s", text):
            if PROMISES.search(sentence.casefold()):
                assert re.search(r"\b(niet|geen|not|no|never|nooit)\b", sentence.casefold()), sentence


def test_the_most_studied_indication_comes_first() -> None:
    # catches: one trial of 24 women told before ten trials of 789 people
    assert [row.id for row in evidence("migraine")].index("EV21") < [row.id for row in evidence("migraine")].index(
        "EV19"
    )
