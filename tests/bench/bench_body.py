"""The body model for a crowd, against libRoadRunner and heyoka in one run: ``python tests/bench/bench_body.py``.

Work: 30 days. Daily mode: each person eats another amount every day. Meal mode: three meals a day. Two cores for each
engine. Times are microseconds per person-day, of all cores together (what others do on the machine counts less) and by
the clock; the best of three. Ratios are to libRoadRunner. Error: largest relative error of daily serum against
LSODA at 1e-10, in twelve people. Bound: what the arithmetic of the rates alone takes on this machine, at the measured
speed of fused multiplication, division, root, exp and log, times the evaluations that the steps needed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from magnes.body import baseline, batch, batch_numba, solve
from magnes.body.batch_pair import ROWS
from magnes.body.batch_real import SINGLE
from magnes.body.batch_terms import split_of
from magnes.body.model import DAILY, MEALS, Mode

sys.path.insert(0, str(Path(__file__).parent))  # for pytest, which reads this file in search of examples
import body_peers as peers
from body_peers import fastest

DAYS, CHECKED, PEER_PEOPLE, NUMPY_PEOPLE = 30, 12, 32, 512
ACCURATE = 1e-4  # error of daily serum that everybody has to keep
RTOL = {"daily": 5e-5, "meals": 4e-4}  # of ours, for that
SPREAD = {"loop_half_mmol_per_l": 0.05, "gfr_l_per_day": 0.2, "absorption_max_mmol_per_day": 0.25, "labile_mmol": 0.2}
INTAKE = ("intake_mmol_per_day", "day_active_mmol", "day_passive_mmol")


def work(mode: Mode, people: int) -> peers.Work:
    """Return a crowd and what it eats."""
    draw = np.random.default_rng(2026)
    values = baseline.reference_values()
    values |= {name: values[name] * np.exp(draw.normal(0, cv, people)) for name, cv in SPREAD.items()}
    values["reference_intake_mmol_per_day"] *= np.exp(draw.normal(0, 0.3, people))
    p = baseline.solved(values)
    eaten = np.exp(draw.normal(0, 0.3, (DAYS, people)))
    return {
        "mode": mode,
        "p": p,
        "start": baseline.start(p),
        "days": DAYS,
        "hours": (0.33, 0.52, 0.75) if mode is MEALS else (),
        "meal": p["reference_intake_mmol_per_day"] / 3,
        "daily": {name: p[name] * eaten for name in INTAKE} if mode is DAILY else {},
    }


def boluses(task: peers.Work) -> list[solve.Bolus]:
    """Return the meals as boluses."""
    return [solve.Bolus(d + hour, "gut_upper", task["meal"]) for d in range(DAYS) for hour in task["hours"]]


def ours(task: peers.Work, engine: str, rtol: float, threads: int = 2) -> Any:
    """Return daily serum (days, people)."""
    days, keep = np.arange(DAYS + 1.0), ("extracellular",)
    return batch.run(
        task["mode"],
        task["p"],
        task["start"],
        days,
        boluses=boluses(task),
        daily=task["daily"],
        rtol=rtol,
        engine=engine,
        keep=keep,
        threads=threads,
    )[:, 0]


def reference(task: peers.Work) -> Any:
    """Return daily serum of the first people, by ``solve.run``."""
    found = []
    for i in range(CHECKED):
        p = {name: float(peers.person(value, i)) for name, value in task["p"].items()}
        start = {name: float(peers.person(value, i)) for name, value in task["start"].items()}
        rows = {name: values[:, i] for name, values in task["daily"].items()}
        changes = [solve.Change(d, p | {n: v[d] for n, v in rows.items()}) for d in range(DAYS if rows else 0)]
        meals = [solve.Bolus(b.day, b.state, float(peers.person(b.mmol, i))) for b in boluses(task)]
        days = np.arange(DAYS + 1.0)
        found.append(solve.run(task["mode"], p, start, days, boluses=meals, changes=changes, rtol=1e-10))
    return np.array(found)[:, :, task["mode"].names.index("extracellular")].T


def error(found: Any, right: Any) -> float:
    """Return the largest relative error."""
    return float(np.abs(found[:, : right.shape[1]] / right - 1).max())


Row = tuple[str, int, peers.Took, float, float]  # engine, people, time, error, seconds to load or compile


def peer_rows(mode: Mode) -> list[Row]:
    """Return the peers at their best settings."""
    task = work(mode, PEER_PEOPLE)
    right = reference(task)
    rows = []
    tried = []
    for stiff in (True, False):
        for rtol, atol in ((1e-3, 1e-5), (1e-4, 1e-5), (1e-4, 1e-6), (1e-5, 1e-7)):
            took, load, serum = peers.in_two(peers.roadrunner, task, PEER_PEOPLE, rtol=rtol, atol=atol, stiff=stiff)
            name = f"libRoadRunner {'BDF' if stiff else 'Adams'} {rtol:g}"
            tried.append((name, PEER_PEOPLE, took, error(serum, right), load))
    rows.append(_best(tried))
    try:
        import heyoka  # noqa: F401  only whether it is there
    except ImportError:
        return rows
    tried = []
    for rtol in (1e-4, 1e-5, 1e-6):
        took, load, serum = peers.in_two(peers.heyoka, task, PEER_PEOPLE, rtol=rtol)
        tried.append((f"heyoka {rtol:g}", PEER_PEOPLE, took, error(serum, right), load))
    return [*rows, _best(tried)]


def _best(tried: list[Any]) -> Any:
    return min((row for row in tried if row[3] <= ACCURATE), key=lambda row: row[2].cores)


def our_rows(mode: Mode) -> list[Row]:
    """Return our engines."""
    rows = []
    os.environ["MAGNES_CACHE"] = tempfile.mkdtemp()
    batch_numba.kernel.cache_clear()
    small = work(mode, 16)
    first, _found = fastest(lambda: ours(small, "numba", RTOL[mode.name]), 1)
    for engine, people, rtol in (
        ("numpy", NUMPY_PEOPLE, RTOL[mode.name]),
        ("numba", 1_000, RTOL[mode.name]),
        ("numba", 10_000, RTOL[mode.name]),
        ("numba", 10_000, batch.RTOL),
    ):
        task = work(mode, people)
        took, found = fastest(lambda task=task, engine=engine, rtol=rtol: ours(task, engine, rtol), 5)
        compiling = first.clock if engine == "numba" else 0.0
        rows.append((f"{engine} {rtol:g}", people, took, error(found, reference(task)), compiling))
    return rows


def evaluations(mode: Mode) -> float:
    """Return evaluations of the rates per person-day at the accuracy of the table."""
    task, people, counted = work(mode, 1024), 1024, Counter[str]()
    real = batch_numba.NumbaEngine.advance

    def counting(self: Any, y: Any, *others: Any) -> int:
        result = real(self, y, *others)
        counted["evaluations"] += SINGLE.lanes * (-result * len(ROWS)) + y.shape[1]
        return result

    batch_numba.NumbaEngine.advance = counting  # type: ignore[method-assign]
    ours(task, "numba", RTOL[mode.name], threads=1)
    batch_numba.NumbaEngine.advance = real  # type: ignore[method-assign]
    return counted["evaluations"] / people / DAYS


def speeds(mode: Mode) -> tuple[float, float]:
    """Nanoseconds per person of one evaluation of the rates, all in cache, and of its arithmetic alone."""
    from numba import njit

    module = sys.modules[batch_numba.kernel(mode, SINGLE).__module__]
    n, rates, lanes = module.N, module.rates, SINGLE.lanes
    exp, log, wide = module.exp, module.log, module.wide
    rng = np.random.default_rng(1)

    def timed(function: Any, *arguments: Any, numbers: int) -> float:
        function(*arguments, 1)
        took, _found = fastest(lambda: function(*arguments, 5_000), 25)
        return took.cores / 5_000 / numbers * 1e9

    @njit(nogil=True)
    def again(w: Any, times: int) -> None:
        for _ in range(times):
            rates(w)

    w = rng.uniform(0.5, 1.5, 600 * lanes).astype(n)
    whole = timed(again, w, numbers=lanes)
    sources = {
        "fma": "a[i] = a[i] * N(0.999) + N(0.001)",  # read below as eight in a row
        "div": "a[i] = N(1.1) / a[i]",
        "sqrt": "a[i] = math.sqrt(a[i])",
        "exp": "a[i] = exp(a[i]) * N(0.3)",
        "log": "a[i] = log(a[i] + N(1.5))",
    }
    costs = {}
    for name, line in sources.items():
        repeated = [line] if name != "fma" else ["x = a[i]", *["x = x * N(0.999) + N(0.001)"] * 8, "a[i] = x"]
        lines = [
            "wide()",
            "for _ in range(times):",
            "    for i in range(512):",
            *(f"        {one}" for one in repeated),
        ]
        text = "\n    ".join(["def loop(a, times):", *lines, ""])
        space: dict[str, Any] = {"N": n, "math": module.math, "exp": exp, "log": log, "wide": wide}
        exec(text, space)  # noqa: S102  the lines above
        loop = njit(**module.OPTIONS)(space["loop"])
        costs[name] = timed(loop, np.full(512, 1.0, n), numbers=512) / (8 if name == "fma" else 1)
    parts = split_of(mode)
    count = Counter(node.name for node in parts.nodes if id(node) in parts.moving)
    fused = (count["add"] + count["sub"] + count["mul"]) / 2
    bound = fused * costs["fma"] + sum(count[name] * costs[name] for name in ("div", "sqrt", "exp", "log"))
    return whole, bound


def memory_per_person() -> float:
    """Return bytes at the peak beside what is given and returned, from the difference of two crowds."""
    peaks = []
    for people in (1_000, 10_000):
        task = work(DAILY, people)
        tracemalloc.start()
        found = ours(task, "numba", RTOL["daily"])
        peaks.append(tracemalloc.get_traced_memory()[1] - found.base.nbytes)
        tracemalloc.stop()
    return (peaks[1] - peaks[0]) / 9_000


def per_person_day(row: Row) -> tuple[float, float]:
    """Microseconds of all cores together, and by the clock with two cores."""
    return tuple(seconds / row[1] / DAYS * 1e6 for seconds in (row[2].cores, row[2].clock))  # type: ignore[return-value]


def main() -> None:
    """Print the table, the bound, memory, and the time of 500 draws."""
    modes = (DAILY, MEALS)
    theirs = {mode.name: peer_rows(mode) for mode in modes}  # before there are threads
    heads = f"{'us cores':>8} {'ratio':>6} {'us clock':>8} {'ratio':>6} {'max error':>10} {'load s':>6}"
    print(f"{'mode':6} {'people':>6}  {'engine':24} {heads}")
    for mode in modes:
        peer = per_person_day(theirs[mode.name][0])
        for row in theirs[mode.name] + our_rows(mode):
            (name, people, _took, wrong, load), (cores, clock) = row, per_person_day(row)
            numbers = f"{cores:8.2f} {peer[0] / cores:6.1f} {clock:8.2f} {peer[1] / clock:6.1f}"
            print(f"{mode.name:6} {people:6}  {name:24} {numbers} {wrong:10.1e} {load:6.1f}")
    for mode in modes:
        needed, (whole, bound) = evaluations(mode), speeds(mode)
        print(
            f"{mode.name}: {needed:.0f} evaluations a person-day; rates {whole:.1f} ns in cache, arithmetic alone "
            f"{bound:.1f} ns: {needed * whole / 1e3:.2f} and {needed * bound / 1e3:.2f} us per person-day of all cores"
        )
    print(f"memory beside given and returned values: {memory_per_person():.0f} bytes per person")
    task = work(DAILY, 500)
    took, _found = fastest(lambda: [ours(task, "numba", RTOL["daily"]) for _ in range(6)])
    print(f"500 draws x 180 days, daily mode: {took.clock:.2f} s")


if __name__ == "__main__":
    main()
