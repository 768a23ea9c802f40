"""Timetables: time of a day of twelve items, and thousands of random persons before the independent judge.

``PYTHONPATH=src:tests/cases python tests/bench/bench_timetable.py --persons 5000 --out docs/validation/timetable.md``
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from timetables import TWELVE, random_person

from magnes.advice.timetable import NoTimetable, Timetable, timetable
from magnes.advice.timetable.plan import placed
from magnes.advice.timetable.records import MEALS
from magnes.advice.timetable.solve import possible
from magnes.advice.timetable.verify import violations

REPEATS = 20
BOUND_S = 1.0


def warm_seconds() -> list[float]:
    """Seconds of the same day of twelve items, the first run left out (tables and solver load there)."""
    timetable(TWELVE)
    return [_seconds(lambda: timetable(TWELVE))[0] for _ in range(REPEATS)]


def _seconds(run: Callable[[], Timetable | NoTimetable]) -> tuple[float, Timetable | NoTimetable]:
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


def minimal(found: NoTimetable) -> bool:
    """Whether a conflict is one, and none without any of its demands."""
    core = [found.demands[number] for number in found.conflict]
    without = [core[:left_out] + core[left_out + 1 :] for left_out in range(len(core))]
    return not possible(found.items, found.day, core) and all(
        possible(found.items, found.day, rest) for rest in without
    )


def judge(persons: int, first: int) -> dict[str, float]:
    """Count what the judge says of random persons (seeds from ``first`` on)."""
    count = dict.fromkeys(("persons", "timetables", "broken", "conflicts", "not_minimal", "not_proven", "takings"), 0)
    seconds = []
    for seed in range(first, first + persons):
        who = random_person(Random(seed))
        took, found = _seconds(lambda who=who: timetable(who))
        seconds.append(took)
        count["persons"] += 1
        count["takings"] += sum(item.takings for item in found.items)
        if isinstance(found, NoTimetable):
            count["conflicts"] += 1
            count["not_minimal"] += not minimal(found)
        else:
            count["timetables"] += 1
            count["not_proven"] += not found.fewest
            count["broken"] += bool(
                violations(placed(found), [getattr(found.day, meal) for meal in MEALS], found.day.wakes)
            )
    ordered = sorted(seconds)
    return count | {"median_s": statistics.median(ordered), "p99_s": ordered[int(0.99 * persons)], "max_s": ordered[-1]}


def main() -> None:
    """Run and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    warm = warm_seconds()
    found = judge(given.persons, given.first)
    takings = sum(item.takings for item in timetable(TWELVE).items)
    text = f"""# Timetable

Written by
`PYTHONPATH=src:tests/cases python tests/bench/bench_timetable.py --persons {given.persons} --out FILE`,
one worker of the solver.

- A day of 12 items ({takings} takings), warm, {REPEATS} runs: median {statistics.median(warm):.2f} s, slowest
  {max(warm):.2f} s (bound {BOUND_S:g} s).
- Random persons (1 to 8 medicines, 0 to 2 supplements, days that begin at any hour): {found["persons"]} with
  {found["takings"]} takings. Median {found["median_s"]:.3f} s, 99 % within {found["p99_s"]:.2f} s, slowest
  {found["max_s"]:.1f} s.
- Timetables: {found["timetables"]}. With a rule broken, by the independent judge: {found["broken"]}.
  Fewest moments not proven: {found["not_proven"]}.
- No timetable: {found["conflicts"]}. Conflicts that are not minimal: {found["not_minimal"]}.

The judge (`magnes.advice.timetable.verify`) reads clock times and the tables only. For small days the number of
moments is compared with a search through every half hour (`tests/advice/timetable/test_timetable.py`). What the judge
cannot say: whether the hours in the tables are right; their sources are in `knowledge/data/timing`.
"""
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
