"""Time and memory of ``magnes cohort``: meals and supplements for 180 days, daily output to Parquet.

    python tests/bench/bench_cohort.py --survey FOLDER --out FOLDER [--people 1000 --people 10000] [--workers 2]

``--minutes``: kill -9 after so many minutes and go on with --resume, until it is done. Time of the clock and of all
cores add up over the runs; memory is the largest sum over the processes (proportional set size). A cohort whose folder
exists is measured no more: give a new folder. Without --survey the example participants stand in.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SPEC = """
days = 180
[people]
number = 1000
like = "{like}"
[[medicines]]
medicine = "omeprazole"
share = 0.1
[[supplements]]
name = "policy"
salt = "citrate"
elemental_mg = 100
share = 0.5
"""
REGIONS = {"10^6 people": 1_000_000, "the Netherlands, 17 million": 17_000_000, "EU, 450 million": 450_000_000}


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            found += [int(word) for word in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
    return found


def memory_mb(pid: int) -> float:
    """Return the memory of a process and all below it, shared pages once."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) if line.startswith("Pss:") else 0
    return total / 1024


def once(command: list[str], seconds: float) -> tuple[bool, float, float, float]:
    """Run until it ends or is killed; return whether it ended, seconds by the clock and of the cores, and peak memory.

    Core time of workers that are killed is not told by the system to anybody: it is read while they run.
    """
    begin, peak, busy = time.monotonic(), 0.0, {}
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            peak = max(peak, memory_mb(process.pid))
            for one in tree(process.pid):
                with contextlib.suppress(OSError):
                    words = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
                    busy[one] = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
            if time.monotonic() - begin > seconds:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.2)
    return process.returncode == 0, time.monotonic() - begin, sum(busy.values()), peak


def measure(people: int, like: str, out: Path, workers: int, minutes: float) -> tuple[float, float, float, int]:
    """Return seconds by the clock and of the cores, peak memory [MB] and the number of kills."""
    spec = out / f"cohort-{people}.toml"
    spec.write_text(SPEC.format(like=like))
    command = [sys.executable, "-m", "magnes", "cohort", str(spec), "--out", str(out / str(people))]
    command += ["--workers", str(workers), "--people", str(people), "--resume"]
    clock = core = peak = 0.0
    for kills in range(1000):
        done, seconds, busy, memory = once(command, minutes * 60)
        clock, core, peak = clock + seconds, core + busy, max(peak, memory)
        if done:
            return clock, core, peak, kills
        print(f"killed after {seconds:.0f} s", flush=True)
    raise RuntimeError("never done")


def main() -> None:
    """Measure each size and tell it as rows of Markdown, then what follows from the largest."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--survey", default="examples")
    reading.add_argument("--out", type=Path, required=True)
    reading.add_argument("--people", type=int, action="append")
    reading.add_argument("--workers", type=int, default=2)
    reading.add_argument("--minutes", type=float, default=600)
    asked = reading.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    rows = []
    for people in asked.people or [1000, 10_000]:
        clock, core, peak, kills = measure(people, asked.survey, asked.out, asked.workers, asked.minutes)
        size = sum(path.stat().st_size for path in (asked.out / str(people)).rglob("*.parquet"))
        rows.append((people, core, size))
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        told = (f"{people:,}", f"{clock:.0f}", f"{core:.0f}", f"{core / people * 1000:.2f}", f"{peak:.0f}")
        print("|", " | ".join((*told, f"{size / 1e6:.0f}", str(kills), load)), "|", flush=True)
    if len(rows) > 1:
        (few, short, _), (many, long, size) = rows[0], rows[-1]
        each, start = (long - short) / (many - few), short - few * (long - short) / (many - few)
        print(f"{each * 1000:.2f} ms of a core per person, {start:.0f} s once")
        for name, number in REGIONS.items():
            hours = (start + each * number) / 3600
            print(f"| {name} | {hours:.1f} | {size / many * number / 1e9:.0f} |")


if __name__ == "__main__":
    main()
