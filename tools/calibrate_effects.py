"""Solve the factors of medicines and conditions again, after ``model/body.csv`` has moved.

    python tools/calibrate_effects.py            solve, write them into the ``[[body]]`` tables, print what moved
    python tools/calibrate_effects.py --check    print only; exit 1 when a factor is off by more than 1 %

Each factor with a ``measure`` is set so that the reference adult, with the background of the people studied, shows the
published effect; ``low`` and ``high`` come from the interval of that effect. Published effects are rows of
``model/targets.csv`` with use ``calibrate``, or stand in the table itself; rows to ``validate`` are only reported.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from scipy.optimize import brentq

from magnes.body.baseline import reference_values
from magnes.body.effects import body_effect, inputs
from magnes.body.experiments import of_effects, predictions
from magnes.body.experiments.base import Body
from magnes.body.experiments.clinic import filtering, first_day_urine, net_absorption, serum_after
from magnes.body.experiments.pregnancy import ionised_ratio
from magnes.knowledge.body_effects import BodyEffect, ConditionEffect, MedicineEffect
from magnes.knowledge.load import located, table
from magnes.knowledge.targets import Target

DATA = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data"
# A factor is looked for here; what lies beyond is put at the end. The loop cannot take back more than there is.
FACTORS, LOOP, AMOUNTS = (0.05, 2.5), (0.05, 1.0), (0.1, 100.0)
MOVED = 0.01


class Published(NamedTuple):
    """An effect as published."""

    value: float
    low: float
    high: float


class Solved(NamedTuple):
    """A factor with its interval; ``at_end``: the model cannot reach a bound of the published effect."""

    value: float
    low: float
    high: float
    at_end: str


def effects() -> Iterator[BodyEffect]:
    """Effects that rest on a published one, those in the background of others first."""
    rows = [row for row in (*table(MedicineEffect), *table(ConditionEffect)) if row.measure]
    return iter(sorted(rows, key=lambda row: sum(key in {other.id for other in rows} for key in row.background)))


def published(row: BodyEffect) -> Published:
    """Return the published effect; a row that is kept to validate is refused."""
    if not row.target:
        found = (row.effect_value, row.effect_low, row.effect_high)
    else:
        target = next(target for target in table(Target) if target.id == row.target)
        if target.use != "calibrate":
            raise SystemExit(f"{row.id}: {target.id} is kept to validate")
        found = (target.value, target.low, target.high)
    if None in found:
        raise SystemExit(f"{row.id}: no published effect")
    return Published(*(float(number or 0.0) for number in found))


def reading(body: Body, row: BodyEffect, known: dict[str, float]) -> Callable[[float], float]:
    """Return what the model shows for a value of this factor; ``known``: values solved before, by effect."""
    behind: dict[str, float] = {}
    for key in row.background:
        other = body_effect(key)
        value = known.get(key, other.value)
        behind[other.factor] = behind[other.factor] * value if other.factor in behind else value
    if row.egfr_ml_min_1_73m2:
        behind |= filtering(row.egfr_ml_min_1_73m2, body)

    def with_value(value: float) -> dict[str, float]:
        found = dict(behind)
        found[row.factor] = value if row.factor in inputs() else found.get(row.factor, 1.0) * value
        return found

    readings: dict[str, Callable[[float], float]] = {
        "serum_level": lambda value: float(serum_after(body, with_value(value), row.at_days)),
        "serum_difference": lambda value: float(
            serum_after(body, with_value(value), row.at_days) - serum_after(body, behind, row.at_days)
        ),
        "urine_ratio": lambda value: float(first_day_urine(body, with_value(value))),
        "net_absorption": lambda value: float(net_absorption(body, with_value(value), row.at_days)),
        "ionised_ratio": lambda value: float(ionised_ratio(body, value)),
    }
    return readings[row.measure]


def solve(body: Body, row: BodyEffect, known: dict[str, float]) -> Solved:
    """Find the factor for the published value and for both bounds."""
    read = reading(body, row, known)
    ends = AMOUNTS if row.factor in inputs() else LOOP if row.factor == "kidney_loop_factor" else FACTORS
    missed = []

    def where(wanted: float) -> float:
        low, high = (read(end) - wanted for end in ends)
        if low * high > 0:
            missed.append(f"{wanted:g}")
            return ends[0] if abs(low) < abs(high) else ends[1]
        first, last = (math.log(end) for end in ends)
        return math.exp(brentq(lambda log: read(math.exp(log)) - wanted, first, last, xtol=1e-4))

    value, *bounds = (where(number) for number in published(row))
    low, high = sorted(bounds)
    return Solved(value, min(low, value), max(high, value), ", ".join(missed))


def write(row: BodyEffect, found: Solved) -> None:
    """Replace the three lines of a ``[[body]]`` table; everything else stays as it is."""
    kind = MedicineEffect if isinstance(row, MedicineEffect) else ConditionEffect
    at = next(entry for entry in located(kind) if entry.row.id == row.id)
    path = DATA / at.file
    lines = path.read_text(encoding="utf-8").split("\n")
    for field in ("value", "low", "high"):
        number = at.line_of(field) - 1
        if not re.match(rf"{field} = ", lines[number]):
            raise SystemExit(f"{at.file}:{number + 1}: not a line of {field}")
        lines[number] = f"{field} = {getattr(found, field):.4g}"
    path.write_text("\n".join(lines), encoding="utf-8")


def validation(body: Body) -> None:
    """Print what the rows kept to validate say, for experiments with effects."""
    rows = {row.id: row for row in table(Target)}
    for key, said in sorted(predictions(body, of_effects()).items()):
        row = rows[key]
        if row.use == "validate" and row.value is not None and row.low is not None and row.high is not None:
            inside = "inside" if row.low <= said <= row.high else "OUTSIDE"
            print(f"{key} {inside:8s} {said:8.4g} against {row.value:g} ({row.low:g} .. {row.high:g})  {row.quantity}")


def main() -> None:
    """Solve all; write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    body, moved = Body(reference_values()), 0.0
    known: dict[str, float] = {}
    print(f"{'effect':24s} {'parameter':24s} {'was':>8s} {'value':>8s} {'low':>8s} {'high':>8s}  rests on")
    solved = []
    for row in effects():
        found = solve(body, row, known)
        known[row.id] = found.value
        moved = max(moved, abs(math.log(found.value / row.value)))
        said = published(row)
        end = f"; not reached: {found.at_end}" if found.at_end else ""
        rests = f"{row.target or 'own number'} {row.measure} {said.value:g} ({said.low:g} .. {said.high:g}){end}"
        numbers = f"{row.value:8.4g} {found.value:8.4g} {found.low:8.4g} {found.high:8.4g}"
        print(f"{row.id:24s} {row.factor:24s} {numbers}  {rests}")
        solved.append((row, found))
    if check:
        validation(body)
        sys.exit(1 if moved > MOVED else 0)
    for row, found in solved:
        write(row, found)
    print(f"{len(solved)} factors written; what the rows kept to validate say: run again with --check")


if __name__ == "__main__":
    main()
