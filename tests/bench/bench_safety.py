"""10,000 random people through gates and plans: ``python tests/bench/bench_safety.py --plans 1000``.

Hypothesis draws the people (the same ones every time), ``plan_checker`` judges by itself from the tables. All go
through the gates, and all whose gates are closed through ``plan_dose``; of those whose gates are open the first
``--plans`` are simulated (the rest would be planned by the same code and takes hours). ``--part 0 --parts 4``
simulates every fourth of them, so that four processes share the work.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from functools import partial

from hypothesis import HealthCheck, Phase, given, settings
from plan_judge import judge_gates, judge_plan
from random_people import people, poor_diary

from magnes.advice.dose import plan_dose
from magnes.advice.gates import gates
from magnes.diary import Eaten
from magnes.errors import InputProblems
from magnes.intake import intake
from magnes.person import Person


def judge(
    eaten: Eaten, most: int, part: int, parts: int, seen: Counter[str], seconds: list[float], who: Person
) -> None:
    """Judge one person; an ``AssertionError`` carries what is wrong."""
    found = gates(who, intake(who, None), who.authority or "")
    wrong = judge_gates(who, found)
    seen["people"] += 1
    seen.update({f"closed by {gate.code}": 1 for gate in found.blocked})
    seen["open"] += not found.blocked
    if found.blocked or (len(seconds) < most and seen["open"] % parts == part):
        begin = time.perf_counter()
        try:
            plan = plan_dose(who, eaten, draws=50, durations=(30,))
        except InputProblems as error:
            if {problem.code for problem in error.problems} != {"body_no_level"}:
                raise
            seen["refused: the body of the model finds no level"] += 1
            return
        wrong += judge_plan(who, plan)
        seen["stopped" if plan.stopped else "with options" if plan.options else "nothing planned"] += 1
        if plan.stopped and not found.blocked:
            seen.update(f"closed after the fit by {gate.code}" for gate in plan.gates.blocked)
        if not found.blocked:
            seconds.append(time.perf_counter() - begin)
        seen["options"] += len(plan.options)
    else:
        seen["open, not simulated"] += 1
    assert not wrong, (wrong, who)


def main() -> None:
    """Run and print a table of what was seen."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=10_000)
    options.add_argument("--plans", type=int, default=1000)
    options.add_argument("--part", type=int, default=0)
    options.add_argument("--parts", type=int, default=1)
    given_options = options.parse_args()
    seen, seconds = Counter[str](), list[float]()
    shared = (given_options.plans, given_options.part, given_options.parts)
    run = partial(judge, poor_diary(), *shared, seen, seconds)

    @settings(
        max_examples=given_options.people,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(people())
    def everybody(who: Person) -> None:
        run(who)

    everybody()
    print("| seen | number |\n|---|---|")
    for name, number in sorted(seen.items()):
        print(f"| {name} | {number} |")
    print(f"| seconds a simulated plan (50 bodies, 30 days), mean | {sum(seconds) / max(1, len(seconds)):.2f} |")


if __name__ == "__main__":
    main()
