"""Random people: no plan over any gate, none with a contraindication, and no gate closed without a reason.

The judge (``plan_checker``) reads the tables by itself. ``make safety`` runs the same with 10,000 people.
"""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from plan_judge import judge_gates, judge_plan
from random_people import people, poor_diary

from magnes.advice.dose import plan_dose
from magnes.advice.gates import gates
from magnes.diary import Eaten
from magnes.intake import intake
from magnes.person import Person

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@cache
def eaten() -> Eaten:
    return poor_diary()


@settings(max_examples=300, suppress_health_check=SLOW)
@given(people())
def test_gates_are_those_of_the_second_judge(who: Person) -> None:
    # catches: a contraindication that passes, a cap that is not the lowest, a gate that nothing closes
    assert judge_gates(who, gates(who, intake(who, None), who.authority or "")) == []


# a plan takes a second: a failing person is shown as found, not made simpler
@settings(max_examples=8, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(people(mild=True))
def test_no_plan_passes_a_gate(who: Person) -> None:
    # catches: a dose over the room, an option for somebody who may have none, a predicted blood value over its bound
    assert judge_plan(who, plan_dose(who, eaten(), draws=50, durations=(30,))) == []
