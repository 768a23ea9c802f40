"""Speed of the personal answer, warm: fit to three values, forecast, food plan, timetable, each against its bound.

``PYTHONPATH=src:tests/cases python tests/bench/bench_answer.py --out docs/validation/answer.md``
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from timetables import TWELVE

from magnes.advice.foods import plan_foods
from magnes.advice.timetable import timetable
from magnes.diary import resolve
from magnes.examples import example_folder
from magnes.fit.forecast import forecast
from magnes.fit.individual import individual
from magnes.fit.standing import standing
from magnes.person import LabResult, Medicine, Supplement
from magnes.readers.diary_csv import read_diary
from magnes.readers.person_toml import read_person

REPEATS = 15
LABS = (
    LabResult(test="serum-magnesium", value=0.72, unit="mmol/L"),
    LabResult(test="red-cell-magnesium", value=1.9, unit="mmol/L"),
    LabResult(test="urine-magnesium-24h", value=2.4, unit="mmol/(24.h)"),
)
MEDICINES = (Medicine(name="omeprazol", atc="A02BC01"), Medicine(name="furosemide", atc="C03CA01"))
CITRATE = Supplement(salt="citrate", elemental_mg=100, times=(dt.time(8), dt.time(20)))


def seconds(run: Callable[[], Any]) -> tuple[float, float]:
    """Median of wall time and of processor time, the first run left out."""
    run()
    wall, own = [], []
    for _ in range(REPEATS):
        begin, used = time.perf_counter(), time.process_time()
        run()
        wall.append(time.perf_counter() - begin)
        own.append(time.process_time() - used)
    return statistics.median(wall), statistics.median(own)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    folder = example_folder()
    person = read_person(folder / "nhanes-41483.toml").model_copy(update={"labs": LABS, "medicines": MEDICINES})
    eaten = resolve(read_diary(folder / "nhanes-41483.csv"))
    found = individual(person, eaten)
    jobs: list[tuple[str, float, Callable[[], Any]]] = [
        ("fit to three laboratory values, 500 bodies", 1.0, lambda: individual(person, eaten)),
        ("the same, and how the person stands", 1.0, lambda: standing(individual(person, eaten))),
        (
            "forecast, 500 bodies over 180 days, two takings of citrate",
            0.5,
            lambda: forecast(found, eaten, days=180, add=[CITRATE]),
        ),
        ("food plan, five alternatives", 2.0, lambda: plan_foods(person, eaten, authority="iom-1997")),
        ("timetable of twelve items", 1.0, lambda: timetable(TWELVE)),
    ]
    lines = [
        "# Speed of the personal answer",
        "",
        "Warm, median of 15 runs in one process; two days of diary (tests/bench/bench_answer.py, in `make bench`).",
        f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        "| what | bound [s] | wall [s] | processor [s] |",
        "|---|---|---|---|",
    ]
    for name, bound, run in jobs:
        wall, own = seconds(run)
        lines.append(f"| {name} | {bound:g} | {wall:.2f} | {own:.2f} |")
        print(lines[-1])
    if given.out:
        given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
