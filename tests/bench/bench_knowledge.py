"""Time of every knowledge query, warm and as a whole process: ``python tests/bench/bench_knowledge.py``.

Warm: the tables it needs were read before; the median and the slowest of 30 runs. Cold: the command line, best of 5.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from magnes.advice.check import interactions_of
from magnes.advice.evidence import evidence
from magnes.computed import compute
from magnes.graph import why
from magnes.knowledge.load import rows_by_source
from magnes.knowledge.names import condition_id, medicine_atc, salts_named
from magnes.knowledge.rxnorm import atc_of_rxnorm
from magnes.labels import read_label
from magnes.report.answers.claims import claim_in_full, claims_list
from magnes.report.answers.evidence import evidence_in_full
from magnes.report.answers.paragraphs import lines
from magnes.report.answers.why import explained
from magnes.statements import claims, statement

LABEL = "Per 2 capsules: magnesiumbisglycinaat 1000 mg, waarvan magnesium 120 mg (32% RI), vitamine B6 1,4 mg"
QUERIES: dict[str, Callable[[], object]] = {
    "why: a question": lambda: [list(lines(explained(one, "nl"))) for one in why("waarom heb ik 's nachts krampen?")],
    "evidence: a question": lambda: [list(lines(evidence_in_full(row, "nl"))) for row in evidence("hoge bloeddruk")],
    "claims: all 326": lambda: list(lines(claims_list(claims(), "nl", with_conflicts=True))),
    "claims: those with a conflict": lambda: claims(conflicts=True),
    "claims: one in full, computed": lambda: list(lines(claim_in_full(statement("C2-015"), "nl"))),
    "computation of a statement": lambda: compute(statement("C3-028")),
    "medicine by brand": lambda: medicine_atc("Nexium"),
    "medicine unknown": lambda: medicine_atc("qqqqqqq"),
    "interactions of a medicine": lambda: interactions_of("A02BC01"),
    "RxNorm text": lambda: atc_of_rxnorm(display="Hydrochlorothiazide 25 MG Oral Tablet"),
    "condition by name": lambda: condition_id("hartblok"),
    "salt by name": lambda: salts_named("magnesiumcitraat"),
    "label": lambda: read_label(LABEL),
    "rows of a source": lambda: rows_by_source("FINE91"),
}
COMMANDS = (
    ("why", "krampen"),
    ("evidence", "krampen"),
    ("claims",),
    ("claims", "C2-015"),
    ("cite", "FINE91"),
    ("knowledge", "check"),
)
RUNS, PROCESSES = 30, 5


class Times(NamedTuple):
    """Runs after the first [ms]; noise of the machine only adds, so ``best`` is the one to bound."""

    best: float
    median: float
    slowest: float


def warm(query: Callable[[], object]) -> Times:
    """Time a query whose tables are there."""
    query()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        query()
        times.append(1000 * (time.perf_counter() - began))
    return Times(min(times), statistics.median(times), max(times))


def main() -> None:
    """Print both tables as Markdown."""
    print("| query, warm | median ms | slowest ms |\n|---|---|---|")
    for name, query in QUERIES.items():
        took = warm(query)
        print(f"| {name} | {took.median:.2f} | {took.slowest:.2f} |")
    print("\n| command, whole process | best s |\n|---|---|")
    for command in COMMANDS:
        times = []
        for _ in range(PROCESSES):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "magnes", *command], check=True, capture_output=True)
            times.append(time.perf_counter() - began)
        print(f"| magnes {' '.join(command)} | {min(times):.2f} |")


if __name__ == "__main__":
    main()
