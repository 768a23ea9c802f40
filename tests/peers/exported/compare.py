"""Write ``docs/validation/peers.md``: the exported body model in other programs. ``make peers`` runs it."""

from __future__ import annotations

import argparse
import datetime as dt
from importlib.metadata import version
from pathlib import Path

from exported.runs import PEERS, TOLERANCE, cases, complaints, furthest, ours, right_hand_side

PACKAGES = {"libRoadRunner": "libroadrunner", "COPASI": "python-copasi"}
TEXT = """# The body model in other programs

Written by `make peers` (`tests/peers/exported/compare.py`) on {date}. The same SBML that `magnes body export --sbml`
writes, over 90 days: **meals** with three meals a day, 300 mg of a half-soluble salt each evening from day 30 and a
bowel twice as fast from day 60; **daily** with a dose into the blood at day 15.5, half the diet from day 30 and a loss
by the kidney from day 60. All run at a relative tolerance of {tolerance:g}.

| what | meals | daily |
|---|---|---|
| libSBML {libsbml}: errors and warnings, units included | {complaints} |
| rates of change against ours, 20 disturbed bodies | {rates} |
{runs}

Differences: the largest relative difference of serum magnesium at the end of a day, and of any state over its largest
value. The bound of `tests/peers/test_roadrunner.py` is 1e-5. Seconds are of one run on this machine, without start-up.

AMICI 1.0.1 ran the meals case once by hand on 2026-11-22 (tablets all undissolved): largest difference of extracellular
magnesium 8e-10, 0.18 s. It is not in `make peers`: it needs SWIG and compiles for 90 s.
"""


def main() -> None:
    """Run every case in every program and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    own = {name: ours(name) for name in cases()}
    runs = [f"| Magnes: time | {' | '.join(f'{run.seconds:.2f} s' for run in own.values())} |"]
    for peer, run_in in PEERS.items():
        cells = []
        for name, run in own.items():
            found = run_in(name)
            serum, state = furthest(run, found)
            cells.append(f"serum {serum:.0e}, any state {state:.0e}, {found.seconds:.2f} s")
        runs.append(f"| {peer} {version(PACKAGES[peer])} | {' | '.join(cells)} |")
    text = TEXT.format(
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        tolerance=TOLERANCE,
        libsbml=version("python-libsbml"),
        complaints=" | ".join(str(len(complaints(name))) for name in own),
        rates=" | ".join(f"{right_hand_side(name):.0e}" for name in own),
        runs="\n".join(runs),
    )
    out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
