"""Fit the body model to published experiments: rows of ``model/targets.csv`` with use ``calibrate``, and no others.

    python tools/calibrate.py fit        weighted least squares -> values in model/body.csv      (minutes)
    python tools/calibrate.py ensemble   Bayesian ensemble -> intervals and model/posterior.csv  (tens of minutes)

A residual is (model - published) over the distance from the value to the bound on that side; shares absorbed weigh less,
because studies of absorption differ by more than their own intervals. Priors are log-normal,
centred on the design of the model, with the widths in ``model/body.csv``. Gut, kidney, tissue and hormones are fitted
together. Only rows whose source was read take part; parameters that the rows hardly see keep the width of their prior.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from magnes.body.baseline import reference_values
from magnes.body.experiments import predictions
from magnes.body.experiments.base import Body
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.knowledge.parameters import parameter
from magnes.knowledge.targets import Target

MODEL = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data" / "model"
Array = NDArray[np.float64]


def calibration_targets() -> dict[str, Target]:
    """Rows that may be used for tuning: for calibration, with a value, and read."""
    rows = {row.id: row for row in table(Target)}
    return {key: row for key, row in rows.items() if row.use == "calibrate" and row.value is not None and row.verified}


def residual(row: Target, said: float | Array) -> float | Array:
    """Distance in units of the interval on the side of the miss; a bound equal to the value counts a tenth of it."""
    assert row.value is not None and row.low is not None and row.high is not None
    least = 0.1 * (row.high - row.low)
    up, down = max(row.high - row.value, least), max(row.value - row.low, least)
    return np.asarray(said - row.value) / np.where(np.asarray(said) > row.value, up, down)  # type: ignore[return-value]


ABSORPTION = ("MG036", "MG037", "MG038", "MG040", "MG041", "MG042", "MG045", "MG046", "MG047")


def weight(row: Target) -> float:
    """Less for a share absorbed in one study: studies differ by more than their own intervals (parameters.csv)."""
    if row.id not in ABSORPTION:
        return 1.0
    assert row.value is not None and row.low is not None and row.high is not None
    own, between = (row.high - row.low) / 2, row.value * parameter("absorption_study_sd_log").value
    return float(own / np.hypot(own, between))


def fitted() -> list[BodyParameter]:
    """Parameters that the calibration may move."""
    return [row for row in table(BodyParameter) if row.role == "fitted"]


def values_at(logs: Array, rows: list[BodyParameter]) -> dict[str, float]:
    """Table values with the fitted ones replaced."""
    return reference_values() | {row.name: float(value) for row, value in zip(rows, np.exp(logs), strict=True)}


def residuals(logs: Array, rows: list[BodyParameter], targets: Mapping[str, Target]) -> Array:
    """Misses of the targets, then of the priors."""
    said = predictions(Body(values_at(logs, rows)), tuple(targets))
    data = [weight(targets[key]) * float(residual(targets[key], value)) for key, value in said.items()]
    prior = [(x - np.log(row.prior_centre)) / row.prior_log_sd for x, row in zip(logs, rows, strict=True)]
    return np.array([*data, *prior])


def fit() -> None:
    """Least squares from the present values; writes them back and prints every miss."""
    rows, targets = fitted(), calibration_targets()
    begin = np.log([row.value for row in rows])
    found = least_squares(residuals, begin, args=(rows, targets), x_scale=0.1, diff_step=1e-3, max_nfev=12, ftol=1e-4, verbose=2)
    values = values_at(found.x, rows)
    said = predictions(Body(values), tuple(targets))
    misses = {key: float(residual(targets[key], value)) for key, value in said.items()}
    for key, miss in sorted(misses.items(), key=lambda pair: -abs(pair[1])):
        print(f"{key} {miss:+6.2f}  {said[key]:.4g} against {targets[key].value:g}  {targets[key].quantity}")
    for row in rows:
        shift = np.log(values[row.name] / row.prior_centre) / row.prior_log_sd
        print(f"{row.name:36s} {row.value:.4g} -> {values[row.name]:.4g}  prior {row.prior_centre:g}, {shift:+.2f} SD")
    print(f"weighted RMS {np.sqrt(np.mean(np.square([*misses.values()]))):.3f} over {len(misses)} rows")
    write_values({row.name: values[row.name] for row in rows})


def write_values(values: Mapping[str, float]) -> None:
    """Replace values in ``model/body.csv``; everything else stays."""
    path = MODEL / "body.csv"
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        columns, lines = list(reader.fieldnames or ()), list(reader)
    for line in lines:
        if line["name"] in values:
            line["value"] = f"{values[line['name']]:.5g}"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("fit", "ensemble"))
    {"fit": fit}[parser.parse_args().step]()


if __name__ == "__main__":
    main()
