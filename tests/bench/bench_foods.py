"""Food plans of real survey diaries, warm: ``python tests/bench/bench_foods.py``.

Diaries: days of ten to twenty-four lines drawn with a fixed seed from the recalls shipped with the examples, for adults
without and with restrictions. Bound: less than 2 s a plan of five alternatives on two cores.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cases"))

from real_diaries import day_of, rows

from magnes.advice.foods import plan_foods
from magnes.person import Person

PLANS = 200
BOUND_S = 2.0
PEOPLE = (
    Person(age_years=40, sex="female", egfr_ml_min_1_73m2=95, authority="iom-1997"),
    Person(age_years=70, sex="male", egfr_ml_min_1_73m2=70, authority="iom-1997"),
    Person(age_years=30, sex="female", diet=("vegan",), allergies=("tree-nut",), authority="iom-1997"),
    Person(age_years=55, sex="male", conditions=("oxalate-stones",), authority="iom-1997"),
)


def main() -> None:
    """Print seconds a plan and what came of the plans."""
    draw = random.Random(2026)
    days = [day_of(draw.choices(rows(), k=draw.randint(10, 24))) for _ in range(PLANS)]
    plan_foods(PEOPLE[0], days[0])
    wall, cpu, status, options = [], [], Counter[str](), Counter[int]()
    for place, day in enumerate(days):
        start, begin = time.perf_counter(), time.process_time()
        plan = plan_foods(PEOPLE[place % len(PEOPLE)], day)
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - begin)
        status[plan.status] += 1
        options[len(plan.options)] += plan.status in ("planned", "partial")
    for name, seconds in (("wall", wall), ("processor", cpu)):
        ordered = sorted(seconds)
        ends = f"95 % {ordered[int(0.95 * PLANS)]:.2f} s, worst {ordered[-1]:.2f} s"
        over = sum(one > BOUND_S for one in seconds)
        print(
            f"{PLANS} plans, {name} time: median {statistics.median(seconds):.2f} s, {ends}, over {BOUND_S:g} s: {over}"
        )
    print("status:", dict(status), "alternatives:", dict(options))


if __name__ == "__main__":
    main()
