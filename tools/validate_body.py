"""Put the body model beside every published quantity: writes ``docs/validation/body.md``.

    python tools/validate_body.py

All rows of ``model/targets.csv``: those used for calibration, those kept for validation, those that the model does not
answer and why. A miss has a reason in ``magnes.body.experiments.misses``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibrate import Array, bounds, residual
from magnes.body.baseline import reference_values
from magnes.body.draws import parameters_at, posterior
from magnes.body.experiments import predictions
from magnes.body.experiments.base import Body
from magnes.body.experiments.crowd import crowd_predictions
from magnes.body.experiments.misses import MISSES
from magnes.body.experiments.outside import OUTSIDE, UNSETTLED
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target

DRAWS = 200
Which = NDArray[np.bool_]
ROWS = [row.id for row in table(Target)]
PAGE = Path(__file__).parents[1] / "docs" / "validation" / "body.md"


def said() -> dict[str, float]:
    """Return what the model says for every row that it answers."""
    body = Body(reference_values())
    found = {**predictions(body, ROWS), **crowd_predictions(body)}
    return {key: float(value) for key, value in found.items()}


def bands() -> dict[str, tuple[float, float]]:
    """Return the middle 90 % of the posterior for rows about one body; factors of effects stay as they are."""
    found = predictions(Body(reference_values() | parameters_at(posterior(DRAWS))), ROWS)
    spread = {key: np.broadcast_to(np.asarray(value, dtype=float), (DRAWS,)) for key, value in found.items()}
    return {key: (float(np.quantile(one, 0.05)), float(np.quantile(one, 0.95))) for key, one in spread.items()}


def main() -> None:
    """Write the page and print the summary."""
    answers, around = said(), bands()
    rows = {row.id: row for row in table(Target)}
    parts = [HEAD]
    for use in ("calibrate", "validate"):
        compared = [row for row in rows.values() if row.use == use and row.id in answers and row.value is not None]
        misses = np.array([float(residual(row, answers[row.id])) for row in compared])
        reached = np.array([reaches(row, around.get(row.id)) for row in compared])
        settled = np.array([row.id not in UNSETTLED for row in compared])
        parts += [
            f"\n## {TITLES[use]}\n",
            summary(misses, reached, settled),
            "| row | quantity | who and how | published | model (90 % band) | inside |",
            "|---|---|---|---|---|---|",
            *(
                line(row, answers[row.id], around.get(row.id), float(miss))
                for row, miss in zip(compared, misses, strict=True)
            ),
        ]
        print(use, summary(misses, reached, settled).strip())
    rest = [row for row in rows.values() if row.id not in answers]
    parts += [f"\n## Not answered: {len(rest)} rows\n", "| row | quantity | use | why |", "|---|---|---|---|"]
    parts += [f"| {row.id} | {row.quantity} | {row.use} | {OUTSIDE[row.id]} |" for row in rest]
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


def summary(misses: Array, reached: Which, settled: Which) -> str:
    """Return the count of rows inside, and the weighted RMS (a miss counts five half-widths at most)."""
    inside = np.abs(misses) <= 1
    rms = np.sqrt(np.mean(np.minimum(np.abs(misses), 5.0) ** 2))
    text = f"{len(misses)} rows compared: **{share(inside)} inside their interval**, weighted RMS {rms:.2f} (a miss "
    text += f"counts 5 at most). The 90 % band of the model reaches the interval of {share(inside | reached)}."
    if not settled.all():
        text += f" Of the {settled.sum()} rows that can be replayed as published, {share(inside[settled])} are inside"
        text += f" and the band reaches {share((inside | reached)[settled])}."
    return text + "\n"


def share(which: Which) -> str:
    """Count and per cent."""
    return f"{which.sum()} ({100 * which.mean():.0f} %)"


def reaches(row: Target, band: tuple[float, float] | None) -> bool:
    """Tell whether a band and the published interval have a value in common."""
    low, _, high = bounds(row)
    return band is not None and band[0] <= high and low <= band[1]


def line(row: Target, answer: float, band: tuple[float, float] | None, miss: float) -> str:
    """Return a row of the table; a miss tells by how many half-widths and why."""
    low, value, high = bounds(row)
    unread = "" if row.verified else " (not read)"
    verdict = "yes" if abs(miss) <= 1 else f"**no** ({miss:+.1f}): {MISSES.get(row.id, '?')}"
    if row.id in UNSETTLED:
        verdict += f"; settles nothing: {UNSETTLED[row.id]}"
    said = f"{answer:.3g}" + (f" ({band[0]:.3g} to {band[1]:.3g})" if band and band[1] > band[0] else "")
    where = "; ".join(filter(None, (row.population, row.condition))).replace("|", "/")
    published = f"{value:g} ({low:g} to {high:g}) {row.unit}{unread}"
    return f"| {row.id} | {row.quantity} | {where} | {published} | {said} | {verdict} |"


TITLES = {
    "calibrate": "Used for calibration",
    "validate": "Kept for validation: nothing here was used to tune the model",
}
HEAD = """# The body model against published quantities

Written by `python tools/validate_body.py`; the rows are `src/magnes/knowledge/data/model/targets.csv`. A row is inside
when the model's value lies in the published interval (or the working interval that the table states). The weighted RMS
counts a miss in distances from the published value to the bound on its side. The band is the middle 90 % of the
posterior of the body (factors of medicines and conditions as they stand); rows about a crowd have none. Rows marked
"not read" rest on memory. Rows marked "settles nothing" are counted like the others, and the share is given without
them too: fitted between trials or confounded, as their own text says, or without the dose or the cut-off that a replay
needs; some are inside, most are not.
"""


if __name__ == "__main__":
    main()
