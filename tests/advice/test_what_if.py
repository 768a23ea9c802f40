"""What-if: no dose passes that a dose plan would not give, and the bodies are those of the plan."""

import datetime as dt
from functools import cache

import pytest
from random_people import poor_diary

from magnes.advice.chosen import Chosen
from magnes.advice.dose_ways import OFFERED
from magnes.advice.plan import Plan, plan
from magnes.advice.what_if import what_if
from magnes.diary import Eaten
from magnes.errors import InputProblems
from magnes.person import LabResult, Medicine, Person, Supplement

WHO = Person(
    age_years=50,
    sex="female",
    weight_kg=71,
    height_cm=165,
    egfr_ml_min_1_73m2=80,
    supplements_known=True,
    medicines=(Medicine(name="omeprazol", atc="A02BC01", times=(dt.time(8),)),),
    labs=(LabResult(test="serum-magnesium", value=0.74, unit="mmol/L"),),
)
PEOPLE = {
    "open": WHO,
    "kidneys": WHO.model_copy(update={"egfr_ml_min_1_73m2": 20.0}),
    "taking": WHO.model_copy(
        update={
            "egfr_ml_min_1_73m2": 20.0,
            "supplements": (Supplement(salt="citrate", elemental_mg=300, times=(dt.time(8),)),),
        }
    ),
    "contradicting": WHO.model_copy(update={"labs": (LabResult(test="serum-magnesium", value=2.5, unit="mmol/L"),)}),
}
DOSE = Chosen(dose_mg=200, salt="citrate", takings=2)


@cache
def diary() -> Eaten:
    return poor_diary()


@cache
def planned(name: str) -> Plan:
    return plan(PEOPLE[name], diary(), authority="iom-1997", draws=100)


def test_a_dose_raises_serum_and_a_stopped_medicine_more() -> None:
    # catches: a change that is lost on the way to the bodies
    unchanged, dosed = what_if(planned("open"), diary(), DOSE).courses
    both = what_if(
        planned("open"), diary(), Chosen(200, "citrate", 2, stop=("omeprazol",)), unchanged=unchanged
    ).courses
    ends = [one.course.series["serum"].value[-1] for one in (unchanged, dosed, both[1])]
    assert ends == sorted(set(ends))
    assert both[0] is unchanged
    assert dosed.course.added[0].elemental_mg == 100


def test_the_course_is_that_of_the_plan() -> None:
    # catches: fewer days that end elsewhere than every day
    found = planned("open")
    option = found.dose.options[0]
    chosen = Chosen(option.dose_mg, option.salt, len(option.times))
    tried = what_if(found, diary(), chosen).courses[-1].course
    whole = next(one.course for one in found.forecasts if one.code == "add")
    assert tried.days[-1] == whole.days[-1]
    assert tried.series["serum"].value[-1] == pytest.approx(whole.series["serum"].value[-1], abs=0.01)


@pytest.mark.parametrize("name", ["kidneys", "taking", "contradicting"])
@pytest.mark.parametrize("salt", OFFERED)
def test_what_closes_the_plan_closes_a_what_if(name: str, salt: str) -> None:
    # catches: a slider that shows what the plan refuses
    found = what_if(planned(name), diary(), Chosen(dose_mg=100, salt=salt))
    assert found.courses == ()
    assert found.blocked or found.stopped


def test_a_closed_gate_still_shows_what_needs_no_dose() -> None:
    # catches: no course at all for a person who may take no magnesium; and one for who takes what should stop
    assert len(what_if(planned("kidneys"), diary(), Chosen(stop=("omeprazol",))).courses) == 2
    assert what_if(planned("taking"), diary(), Chosen(stop=("omeprazol",))).courses == ()


def test_stopping_a_medicine_opens_no_gate() -> None:
    # catches: a dose that is shown because somebody may stop the medicine that forbids it
    who = WHO.model_copy(update={"medicines": (Medicine(name="lithium", atc="N05AN01", times=(dt.time(8),)),)})
    found = plan(who.model_copy(update={"egfr_ml_min_1_73m2": None}), diary(), authority="iom-1997", draws=100)
    assert found.dose.stopped
    assert what_if(found, diary(), Chosen(dose_mg=100, stop=("lithium",))).courses == ()


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (Chosen(dose_mg=351), "dose_mg"),
        (Chosen(dose_mg=49), "dose_mg"),
        (Chosen(dose_mg=-1), "dose_mg"),
        (Chosen(dose_mg=100, salt="sulfate"), "salt"),
        (Chosen(dose_mg=100, takings=9), "takings"),
        (Chosen(food=9), "food"),
        (Chosen(stop=("aspirine",)), ""),
    ],
)
def test_what_the_plan_does_not_have_is_refused(chosen: Chosen, field: str) -> None:
    # catches: a dose above the limit, a salt that is not offered, a medicine that nobody takes
    with pytest.raises(InputProblems) as caught:
        what_if(planned("open"), diary(), chosen)
    assert caught.value.problems[0].field == field
