"""Usual intake beside lme4 (R), the same days, in one run.

    OMP_NUM_THREADS=1 PYTHONPATH=src:tests/cases python tests/bench/bench_usual_peers.py --out PAGE

Needs Rscript with lme4 (Debian: r-base-core, r-cran-lme4). Men of NHANES 2007-2010 without weights, because lme4 takes
none of a survey; a term for each age group and one for the later day. Both fit by maximum likelihood, lambda given and
lambda free. Reading the file and starting R do not count; of several runs the best counts. With one thread for both.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from usual_days import lme4_table

from magnes.population.days import Days
from magnes.population.usual.design import LATER_DAY
from magnes.population.usual.fit import UsualFit, fit

SCRIPT = Path(__file__).parents[1] / "peers" / "usual" / "lme4_fit.R"
THEIR_RUNS, OUR_RUNS = 3, 20
COMMAND = "OMP_NUM_THREADS=1 PYTHONPATH=src:tests/cases python tests/bench/bench_usual_peers.py"
LEAST_FASTER, CLOSE_LOGLIK, CLOSE_BETA = 40, 1e-5, 1e-6


class Beside(NamedTuple):
    """One fit in both programs."""

    people: str
    lam: str
    theirs: dict[str, float]
    ours: UsualFit
    seconds: float
    processor: float

    @property
    def faster(self) -> float:
        """How many times faster ours is, by the seconds of the processor: others use the machine too."""
        return self.theirs["seconds.processor"] / self.processor

    @property
    def gap_loglik(self) -> float:
        """Ours minus theirs."""
        return self.ours.loglik - self.theirs["loglik"]

    @property
    def gap_beta(self) -> float:
        """Largest difference of a coefficient."""
        ours = self.ours.beta.values()
        return max(abs(mine - self.theirs[f"beta.{number}"]) for number, mine in enumerate(ours))


def in_r(table: pl.DataFrame, lam: str) -> tuple[dict[str, float], str]:
    """Return what lme4 finds, and versions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "days.csv"
        table.write_csv(path)
        done = subprocess.run(
            ["Rscript", str(SCRIPT), str(path), lam, str(THEIR_RUNS)], capture_output=True, text=True, check=True
        )
    found = {row["name"]: row["value"] for row in csv.DictReader(done.stdout.splitlines())}
    versions = f"R {found.pop('R')}, lme4 {found.pop('lme4')}"
    return {name: float(value) for name, value in found.items()}, versions


def ours(days: Days, terms: tuple[str, ...], lam: float | None) -> tuple[UsualFit, float, float]:
    """Return our fit and the seconds of the best run, by the clock and of the processor."""
    clock, processor = np.inf, np.inf
    for _ in range(OUR_RUNS):
        began = time.perf_counter(), time.process_time()
        found = fit(days, terms, lam)
        clock, processor = min(clock, time.perf_counter() - began[0]), min(processor, time.process_time() - began[1])
    return found, clock, processor


def compared() -> tuple[list[Beside], str]:
    """Fit all people, and a part of them with one day, at a given and at a free lambda."""
    rows, versions = [], ""
    for which, name in (("all", "all with two days"), ("unbalanced", "one in three with one day")):
        table = lme4_table(which)
        groups = table.columns[3:-1]
        days = Days.from_frame(table, covariates=groups)
        for lam in ("0.27", "free"):
            theirs, versions = in_r(table, lam)
            found = ours(days, (*groups, LATER_DAY), None if lam == "free" else float(lam))
            rows.append(Beside(name, lam, theirs, *found))
    return rows, versions


def page(rows: list[Beside], versions: str) -> str:
    """Return the page."""
    ours_of = f"Python {platform.python_version()}, NumPy {version('numpy')}, SciPy {version('scipy')}"
    heads = ("people", "days", "lambda", "lme4", "ours", "log-likelihood lme4", "ours - lme4", "largest gap of beta")
    heads += ("s lme4", "s ours", "processor s lme4", "processor s ours", "times faster")
    lines = [
        "# Usual intake beside lme4",
        "",
        f"Written on {dt.date.today()} by `{COMMAND}`,",  # noqa: DTZ011
        "both programs in one run on one machine, one thread each.",
        f"{versions}; {ours_of}.",
        "",
        "Days: men of 19 years and older, NHANES 2007-2010, without weights (lme4 takes none of a survey); a term for",
        "each age group and one for the later day. Seconds of fitting only, by the clock and of the processor (others",
        "used the machine too; `times faster` is by the processor); of several runs the best",
        f"(lme4 {THEIR_RUNS}, ours {OUR_RUNS}). `tests/peers/usual/lme4_fit.R`: `lmer` by maximum likelihood, lambda",
        "by `optimize` with tolerance 1e-7.",
        "",
        f"| {' | '.join(heads)} |",
        "|---" * len(heads) + "|",
    ]
    for row in rows:
        free = row.lam == "free"
        lines.append(
            f"| {row.people} | {row.ours.n_days} | {'free' if free else 'given'} | {row.theirs['lam']:.7f} "
            f"| {row.ours.lam:.7f} | {row.theirs['loglik']:.6f} | {row.gap_loglik:+.1e} | {row.gap_beta:.1e} "
            f"| {row.theirs['seconds']:.2f} | {row.seconds:.4f} "
            f"| {row.theirs['seconds.processor']:.2f} | {row.processor:.4f} | {row.faster:.0f} |"
        )
    lines += [
        "",
        f"Asked: log-likelihood not more than {CLOSE_LOGLIK:g} below that of lme4; beta within {CLOSE_BETA:g} where",
        f"lambda is given; a free lambda at least {LEAST_FASTER} times faster. With a free lambda the gap of beta is",
        "that of lambda: beta moves by tens for one of lambda.",
        "",
        "Not run here: the macros of NCI (SAS), SPADE (not to be passed on), MSM (upload only), PC-SIDE.",
    ]
    return "\n".join([*lines, ""])


def kept(rows: list[Beside]) -> bool:
    """Whether everything asked holds."""
    return all(
        row.gap_loglik > -CLOSE_LOGLIK
        and (row.faster >= LEAST_FASTER and row.gap_loglik < 1e-4 if row.lam == "free" else row.gap_beta < CLOSE_BETA)
        for row in rows
    )


def main() -> None:
    """Compare and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows, versions = compared()
    text = page(rows, versions)
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(0 if kept(rows) else 1)


if __name__ == "__main__":
    main()
