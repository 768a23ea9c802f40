"""Fit the closed form of magnesium absorption per sitting to published single-dose experiments.

    fraction(I) = a_max / (k + I) + p        I in mmol per sitting

A saturable and a linear term, as in Fine 1991. Residuals are taken on the log scale with one between-study SD: the
studies disagree far more than their own standard errors say. The result is not marked verified: the magnesium of
the meal in Fine 1991 is from memory and the prior on the limit is a design choice.
Two points with phytate and all points marked
``validate`` or unverified stay out. Writes ``model/parameters.csv``; run ``python tools/fit_absorption.py --shared
../shared``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from tables import read, write

OUT = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data" / "model" / "parameters.csv"
Z90 = 1.6449
MG_PER_MMOL = 24.305
Array = NDArray[np.float64]
# target id -> magnesium in one sitting [mmol]; Fine: meal of 36 mg (its content is from memory) plus the salt given
DOSE_MMOL = {
    "MG036": 36 / MG_PER_MMOL,
    "MG037": 36 / MG_PER_MMOL + 40,
    "MG040": 70 / MG_PER_MMOL,
    "MG041": 126 / 7 / MG_PER_MMOL,
    "MG042": 126 / 2 / MG_PER_MMOL,
    "MG045": 3.6,
}
BOHN_SECOND_CONTROL = (3.6, 0.322)  # control of the second Bohn 2004 experiment, printed in the row MG047


def main() -> None:
    """Fit, print every residual, write the parameter table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    rows = {row["id"]: row for _, row in read(parser.parse_args().shared / "body" / "targets.csv")}
    used = [rows[key] for key in DOSE_MMOL]
    if not all(row["verified"] == "yes" and row["use"] == "calibrate" for row in used):
        raise SystemExit("a target is not a verified calibration target any more")
    dose = np.array([*DOSE_MMOL.values(), BOHN_SECOND_CONTROL[0]])
    seen = np.array([*(float(row["value"]) for row in used), BOHN_SECOND_CONTROL[1]])

    def model(log_parameters: Array) -> Array:
        a_max, k, p = np.exp(log_parameters)
        return np.asarray(a_max / (k + dose) + p)

    # A weak prior keeps the fraction at a vanishing dose at or below 1: log(a_max/k + p) ~ N(log 0.8, 0.2)
    def residuals(log_parameters: Array) -> Array:
        a_max, k, p = np.exp(log_parameters)
        return np.append(np.log(model(log_parameters) / seen) / 0.2, np.log((a_max / k + p) / 0.8) / 0.2)

    fit = least_squares(residuals, np.log([2.2, 3.5, 0.06]))
    a_max, k, p = np.exp(fit.x)
    log_ratio = np.log(model(fit.x) / seen)
    study_sd = float(np.sqrt(np.sum(log_ratio**2) / (len(dose) - 3)))
    jacobian = np.asarray(fit.jac, dtype=float)
    covariance = np.linalg.inv(jacobian.T @ jacobian) * (study_sd / 0.2) ** 2
    sd = np.sqrt(np.diag(covariance))
    for name, i, f, g in zip([*DOSE_MMOL, "MG047c"], dose, seen, model(fit.x), strict=True):
        print(f"{name}: {i:6.2f} mmol  observed {f:.3f}  fitted {g:.3f}  ratio {g / f:.2f}")
    print(f"a_max {a_max:.3f}  k {k:.3f}  p {p:.4f}  limit {a_max / k + p:.2f}  between-study SD {study_sd:.3f}")
    sources = "FINE91;SAB03;SAB11;BOHN04;MAGNES-FIT;MAGNES-DESIGN"
    notes = {
        "absorption_a_max": "saturable capacity per sitting; strongly correlated with k: use together",
        "absorption_k": "dose at which the saturable part is half full",
        "absorption_p": "linear share, no limit seen up to 40 mmol",
    }
    table = [
        _row(name, value, value * np.exp(-Z90 * s), value * np.exp(Z90 * s), unit, sources, notes[name])
        for name, value, s, unit in zip(notes, (a_max, k, p), sd, ("mmol", "mmol", "1"), strict=True)
    ]
    table.append(
        _row(
            "absorption_study_sd_log",
            study_sd,
            study_sd / 1.6,
            study_sd * 2.2,
            "1",
            sources,
            "SD of log(fitted/observed) between studies, 7 points less 3 parameters",
        )
    )
    fitted = {row["name"]: row for row in table}
    kept = [fitted.pop(row["name"], row) for _, row in read(OUT)]  # the other parameters are edited by hand
    print("parameters", write(OUT, tuple(table[0]), [*kept, *fitted.values()]))


def _row(
    name: str,
    value: float,
    low: float,
    high: float,
    unit: str,
    sources: str,
    note: str,
) -> dict[str, str]:
    numbers = {"value": f"{value:.5g}", "low": f"{low:.5g}", "high": f"{high:.5g}"}
    return {"name": name, **numbers, "unit": unit, "sources": sources, "verified": "no", "note": note}


if __name__ == "__main__":
    main()
