"""The calibration of the body model as a PEtab problem (version 1), for pyPESTO, AMICI, COPASI and others to fit.

SBML of daily mode whose gains follow the parameters that are fitted, a condition per simulation, an observable and a
measurement per row of ``model/targets.csv`` that is there to tune with, and the priors. What was left out is written
beside it, with the reason. Rows that are kept back to validate never get in.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from magnes.body.export import translated
from magnes.body.formulas import number
from magnes.body.petab_model import NAME, model_text, numbers
from magnes.body.petab_rows import SAID, calibration_rows, settings, why_not
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.knowledge.targets import Target

__all__ = ["WIDE", "estimated", "held", "included", "left_out", "tables", "write"]

WIDE = 3.5  # bounds, in standard deviations of the prior; further out a share would pass 1
MODEL, PROBLEM = "model.xml", "problem.yaml"
YAML = f"""\
format_version: 1
parameter_file: parameters.tsv
problems:
- sbml_files:
  - {MODEL}
  condition_files:
  - conditions.tsv
  observable_files:
  - observables.tsv
  measurement_files:
  - measurements.tsv
"""
README = """\
# Calibration of the body model of Magnes, as a PEtab problem

Written by `magnes body petab`: {measured} measurements of {conditions} simulations, {parameters} parameters to fit.
Time is in days, amounts are in mmol. `not_included.tsv` has the {out} other rows for calibration, each with its reason.

- **Gains follow.** Capacity of the distal tubule, calcium threshold, potassium loss and all `baseline_` and `rest_`
  values are initial assignments of the SBML: whatever parameters are tried, the healthy body is at rest.
- **The bowel is held.** `day_` and `habit_` numbers (absorption of a day of meals as a function of active transport)
  come from an integration over the day that no formula can say. They are worked out once, per condition, with the
  values that Magnes fitted. So these are no parameters here: {held}.
- **Noise** is normal, and its width is half of the published interval. Magnes itself takes the distance to the bound on
  the side of the miss, so where an interval lies askew the two objectives differ.
- **Priors** are log-normal, as in Magnes. Bounds are {wide:g} standard deviations of the prior to either side.
- **Parameters that no row informs** keep their prior; those of rows that were left out are among them.
- `nominalValue` is what Magnes fitted, on more rows than these. The best fit of this problem lies elsewhere.
"""


def included() -> list[Target]:
    """Rows that are measurements."""
    return [row for row in calibration_rows() if why_not(row) is None]


def left_out() -> list[tuple[Target, str]]:
    """Rows for calibration that are no measurements, with the reason."""
    reasons = ((row, why_not(row)) for row in calibration_rows())
    return [(row, reason) for row, reason in reasons if reason is not None]


def estimated() -> list[BodyParameter]:
    """Parameters that were fitted and that the exported model has."""
    return [row for row in _fitted() if row.name in numbers()]


def held() -> list[str]:
    """Parameters that were fitted and that only the numbers of a day rest on."""
    return [row.name for row in _fitted() if row.name not in numbers()]


def _fitted() -> list[BodyParameter]:
    return [row for row in table(BodyParameter) if row.role == "fitted"]


def tables() -> dict[str, str]:
    """Return all files but the SBML, by name."""
    rows, fitted, kept_out = included(), estimated(), left_out()
    used = {SAID[row.id].setting for row in rows}
    conditions = {key: setting for key, setting in settings().items() if key in used}
    columns = list(next(iter(conditions.values())).overrides)
    readme = README.format(
        measured=len(rows),
        conditions=len(conditions),
        parameters=len(fitted),
        out=len(kept_out),
        held=", ".join(f"`{name}`" for name in held()),
        wide=WIDE,
    )
    return {
        PROBLEM: YAML,
        "README.md": readme,
        "conditions.tsv": _tsv(
            ("conditionId", "conditionName", *columns),
            ((key, one.name, *map(number, one.overrides.values())) for key, one in conditions.items()),
        ),
        "observables.tsv": _tsv(
            ("observableId", "observableName", "observableFormula", "noiseFormula", "noiseDistribution"),
            ((_observable(row), row.quantity, SAID[row.id].formula, number(_noise(row)), "normal") for row in rows),
        ),
        "measurements.tsv": _tsv(
            ("observableId", "simulationConditionId", "time", "measurement"),
            ((_observable(row), SAID[row.id].setting, number(SAID[row.id].day), number(row.value)) for row in rows),
        ),
        "parameters.tsv": _tsv(tuple(_parameter(fitted[0])), (tuple(_parameter(row).values()) for row in fitted)),
        "not_included.tsv": _tsv(
            ("id", "quantity", "value", "low", "high", "unit", "reason"),
            (
                (row.id, row.quantity, *map(_cell, (row.value, row.low, row.high)), row.unit, reason)
                for row, reason in kept_out
            ),
        ),
    }


def _observable(row: Target) -> str:
    return f"obs_{row.id}"


def _noise(row: Target) -> float:
    """Half of the published interval, which these rows have."""
    low, high = (bound for bound in (row.low, row.high) if bound is not None)
    return float(f"{(high - low) / 2:.6g}")


def _parameter(row: BodyParameter) -> Mapping[str, str]:
    """Return a line of the parameter table; centre and width of the prior are on the log scale."""
    centre, width = (part for part in (row.prior_centre, row.prior_log_sd) if part is not None)
    apart = math.exp(WIDE * width)
    return {
        "parameterId": row.name,
        "parameterScale": "log",
        "lowerBound": f"{centre / apart:.6g}",
        "upperBound": f"{centre * apart:.6g}",
        "nominalValue": number(numbers()[row.name]),
        "estimate": "1",
        "objectivePriorType": "parameterScaleNormal",
        "objectivePriorParameters": f"{math.log(centre):.9g};{number(width)}",
    }


def _cell(value: float | None) -> str:
    return "" if value is None else number(value)


def _tsv(columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return out.getvalue()


def write(folder: Path) -> tuple[int, int]:
    """Write the problem; returns how many rows are measurements and how many were left out.

    Raises ``InputProblems`` with code ``extra_missing`` when the package ``antimony`` is not installed.
    """
    files = {MODEL: translated(model_text(" dimensionless"), NAME), **tables()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return len(included()), len(left_out())
