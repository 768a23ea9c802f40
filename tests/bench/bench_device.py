"""The JAX engine on the device that it finds, beside the others: ``python tests/bench/bench_device.py --people 4096``.

Meals: three a day, each person another amount. Daily: each person eats another amount every day. Seconds by the clock;
JAX and Numba twice, the first time with compiling. ``of NumPy``: largest difference of a value from NumPy's, over that
value, where it is above ``SMALL``. ``same bits``: people in blocks of a quarter, and the first of them alone. Memory:
what JAX held of the device at most, where it tells.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from magnes.body import baseline, batch, solve
from magnes.body.batch_jax import device
from magnes.body.model import DAILY, MEALS, Mode

HOURS = (8, 13, 19)
SMALL = 1e-3
RTOL = 1e-4
SPREAD = ("gfr_l_per_day", "absorption_max_mmol_per_day", "labile_mmol", "reference_intake_mmol_per_day")
INTAKE = ("intake_mmol_per_day", "day_active_mmol", "day_passive_mmol")


def run(mode: Mode, people: int, days: int, engine: str, first: int | None = None, **more: Any) -> Any:
    """Return values of the ``first`` of all people (None: all), and seconds."""
    draw = np.random.default_rng(2026)
    values = baseline.reference_values()
    values |= {name: values[name] * np.exp(draw.normal(0, 0.2, people)) for name in SPREAD}
    crowd = baseline.solved(values)
    eaten = draw.uniform(0.5, 1.5, (days, len(HOURS), people))[..., :first]
    crowd = {name: value[:first] if np.ndim(value) else value for name, value in crowd.items()}
    told: dict[str, Any] = {"daily": {name: crowd[name] * eaten[:, 0] for name in INTAKE}}
    if mode is MEALS:
        meals = [(day, i, hour) for day in range(days) for i, hour in enumerate(HOURS)]
        told = {"boluses": [solve.Bolus(day + hour / 24, "gut_upper", 4 * eaten[day, i]) for day, i, hour in meals]}
    start, begin = baseline.start(crowd), time.perf_counter()
    found = batch.run(mode, crowd, start, np.arange(days + 1.0), engine=engine, rtol=RTOL, **told, **more)
    return found, time.perf_counter() - begin


def main() -> None:
    """Print one table."""
    import jax

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=4096)
    asked.add_argument("--days", type=int, default=5)
    size = asked.parse_args()
    print(f"{size.people} people, {size.days} days, JAX {jax.__version__} on {device()}")
    print("mode   engine  first s  again s  of NumPy  same bits")
    for mode in (DAILY, MEALS):
        right, took = run(mode, size.people, size.days, "numpy")
        print(f"{mode.name:6} numpy            {took:8.3f}")
        for engine in ("numba", "jax"):
            _found, first = run(mode, size.people, size.days, engine)
            found, again = run(mode, size.people, size.days, engine)
            large = np.abs(right) > SMALL
            far = (np.abs(found - right)[large] / np.abs(right)[large]).max()
            blocks, _took = run(mode, size.people, size.days, engine, block=max(1, size.people // 4))
            alone, _took = run(mode, size.people, size.days, engine, first=1)
            same = np.array_equal(blocks, found) and np.array_equal(alone[..., 0], found[..., 0])
            print(f"{mode.name:6} {engine:6} {first:8.1f} {again:8.3f}  {far:.1e}   {same}")
    told = jax.devices()[0].memory_stats()
    print(f"memory {told['peak_bytes_in_use'] / 1e6:.0f} MB" if told else "memory not told")


if __name__ == "__main__":
    main()
