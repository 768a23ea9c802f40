"""Put the body model beside every published quantity: writes ``docs/validation/body.md``.

    python tools/validate_body.py

All rows of ``model/targets.csv``: those used for calibration, those kept for validation, those that the model does not
answer and why. A miss has a reason in ``magnes.body.experiments.misses``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calibrate import Array, bounds, residual
from magnes.body.baseline import reference_values
from magnes.body.experiments import predictions
from magnes.body.experiments.base import Body
from magnes.body.experiments.crowd import crowd_predictions
from magnes.body.experiments.misses import MISSES
from magnes.body.experiments.outside import OUTSIDE, POPULATION
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target

PAGE = Path(__file__).parents[1] / "docs" / "validation" / "body.md"


def said() -> dict[str, float]:
    """Return what the model says for every row that it answers."""
    body = Body(reference_values())
    found = {**predictions(body, [row.id for row in table(Target)]), **crowd_predictions(body)}
    return {key: float(value) for key, value in found.items()}


def main() -> None:
    """Write the page and print the summary."""
    answers = said()
    rows = {row.id: row for row in table(Target)}
    parts = [HEAD]
    for use in ("calibrate", "validate"):
        compared = [row for row in rows.values() if row.use == use and row.id in answers and row.value is not None]
        misses = np.array([float(residual(row, answers[row.id])) for row in compared])
        parts += [
            f"\n## {TITLES[use]}\n",
            summary(misses),
            "| row | quantity | who and how | published | model | inside |",
            "|---|---|---|---|---|---|",
            *(line(row, answers[row.id], float(miss)) for row, miss in zip(compared, misses, strict=True)),
        ]
        print(use, summary(misses).strip())
    rest = [row for row in rows.values() if row.id not in answers]
    reasons = {**{key: f"{why}: not computed yet" for key, why in POPULATION.items()}, **OUTSIDE}
    parts += [f"\n## Not answered: {len(rest)} rows\n", "| row | quantity | use | why |", "|---|---|---|---|"]
    parts += [f"| {row.id} | {row.quantity} | {row.use} | {reasons[row.id]} |" for row in rest]
    PAGE.write_text("\n".join(parts) + "\n", encoding="utf-8")
    print(PAGE)
    lost = [
        key
        for key, value in answers.items()
        if rows[key].value is not None and abs(residual(rows[key], value)) > 1 and key not in MISSES
    ]
    print("misses without a reason:", lost)
    hit = [key for key in MISSES if key in answers and abs(residual(rows[key], answers[key])) <= 1]
    print("reasons without a miss:", hit)


def summary(misses: Array) -> str:
    """Return the count of rows inside, and the weighted RMS (a miss counts five half-widths at most)."""
    inside = np.abs(misses) <= 1
    rms = np.sqrt(np.mean(np.minimum(np.abs(misses), 5.0) ** 2))
    share = f"{inside.sum()} inside their interval ({100 * inside.mean():.0f} %)"
    return f"{len(misses)} rows compared: {share}, weighted RMS {rms:.2f} (a miss counts 5 at most).\n"


def line(row: Target, answer: float, miss: float) -> str:
    """Return a row of the table; a miss tells by how many half-widths and why."""
    low, value, high = bounds(row)
    unread = "" if row.verified else " (not read)"
    verdict = "yes" if abs(miss) <= 1 else f"**no** ({miss:+.1f}): {MISSES.get(row.id, '?')}"
    where = "; ".join(filter(None, (row.population, row.condition))).replace("|", "/")
    published = f"{value:g} ({low:g} to {high:g}) {row.unit}{unread}"
    return f"| {row.id} | {row.quantity} | {where} | {published} | {answer:.3g} | {verdict} |"


TITLES = {
    "calibrate": "Used for calibration",
    "validate": "Kept for validation: nothing here was used to tune the model",
}
HEAD = """# The body model against published quantities

Written by `python tools/validate_body.py`; the rows are `src/magnes/knowledge/data/model/targets.csv`. A row is inside
when the model's value lies in the published interval (or the working interval that the table states). The weighted RMS
counts a miss in distances from the published value to the bound on its side. Rows marked "not read" rest on memory.
"""


if __name__ == "__main__":
    main()
