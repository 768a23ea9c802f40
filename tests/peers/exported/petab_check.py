"""Write ``docs/validation/petab.md``: the PEtab problem in libRoadRunner against our own experiments."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import tempfile
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import libsbml
import numpy as np
import petab.v1 as petab
import roadrunner
from petab.v1.math import sympify_petab

from magnes.body.baseline import reference_values
from magnes.body.experiments import predictions
from magnes.body.experiments.base import Body
from magnes.body.petab import PROBLEM, estimated, held, included, write

TOLERANCE = 1e-10
OTHERS = 3  # parameter sets beside the nominal one
SPREAD = 0.3  # of them, in standard deviations of the prior
TEXT = """# The calibration in PEtab

Written by `make peers` (`tests/peers/exported/petab_check.py`) on {date}. `magnes body petab` writes the calibration of
the body model as a PEtab problem (version 1). Here it is read by the `petab` package, run in libRoadRunner {roadrunner}
and laid beside `magnes.body.experiments`, which knows nothing of PEtab.

| what | found |
|---|---|
| rows for calibration: measurements, left out with the reason | {measured}, {out} |
| parameters to estimate; held, because numbers of a day rest on them | {parameters}; {held} |
| petab {petab}, errors of `petablint` | {errors} |
| libSBML {libsbml}, errors and warnings of the model, units included | {complaints} |
| largest relative difference, nominal parameters | {nominal:.0e} |
| largest relative difference, {others} other parameter sets: the gains follow | {other:.0e} |

The bound of `tests/peers/test_petab_problem.py` is 1e-4. The parameters of the bowel are held, so other parameter sets
have the bowel of the nominal one.

Once by hand, on 2026-11-22, through their own importers of PEtab: COPASI 4.48 (basico 0.92), largest relative
difference 5e-6 at its own tolerance; AMICI 1.0.1, 1e-6, and a log likelihood of 51.009293 where ours is 51.009295. They
are not in `make peers`: AMICI needs SWIG and compiles for a minute and a half.

| row | quantity | measured | half-width | Magnes | PEtab | difference |
|---|---|---|---|---|---|---|
{rows}
"""


class _Kept(logging.Handler):
    """All that petab complains of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def errors(folder: Path) -> list[str]:
    """What ``petablint`` finds wrong."""
    kept, logger = _Kept(), logging.getLogger("petab")
    logger.addHandler(kept)
    try:
        wrong = petab.lint_problem(petab.Problem.from_yaml(folder / PROBLEM))
    finally:
        logger.removeHandler(kept)
    said = [line for line in kept.said if "Visualization" not in line]
    return said or ["petablint found an error"] * bool(wrong)


def complaints(folder: Path) -> list[str]:
    """All that libSBML has to say of the model."""
    document = libsbml.readSBMLFromFile(str(folder / "model.xml"))
    document.checkConsistency()
    return [document.getError(place).getMessage() for place in range(document.getNumErrors())]


def simulated(folder: Path, values: Mapping[str, float]) -> dict[str, float]:
    """Every measurement of the problem as libRoadRunner has it with these parameters, by row of the targets."""
    problem = petab.Problem.from_yaml(folder / PROBLEM)
    formulas = {key: sympify_petab(text) for key, text in problem.observable_df.observableFormula.items()}
    found = {}
    for condition, measured in problem.measurement_df.groupby("simulationConditionId"):
        overrides = problem.condition_df.loc[condition].drop("conditionName")
        course = _course(folder, {**overrides, **values}, sorted(set(measured.time)), formulas.values())
        for key, day in zip(measured.observableId, measured.time, strict=True):
            formula = formulas[key]
            found[key.removeprefix("obs_")] = float(
                formula.subs({s: course[day][s.name] for s in formula.free_symbols})
            )
    return found


def _course(
    folder: Path, values: Mapping[str, float], days: Iterable[float], formulas: Iterable[Any]
) -> dict[float, dict[str, float]]:
    """All that formulas speak of, at these days."""
    document = libsbml.readSBMLFromFile(str(folder / "model.xml"))
    for name, value in values.items():
        document.getModel().getParameter(name).setValue(float(value))
    model = roadrunner.RoadRunner(libsbml.writeSBMLToString(document))
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = TOLERANCE, TOLERANCE / 10
    names = sorted({symbol.name for formula in formulas for symbol in formula.free_symbols})
    found, now = {}, 0.0
    for day in days:
        if day > now:
            model.simulate(now, day, 2)
            now = day
        found[day] = {name: model.getValue(name) for name in names}
    return found


def ours(values: Mapping[str, float]) -> Mapping[str, float]:
    """The same rows from our own experiments."""
    return predictions(Body(reference_values() | values), [row.id for row in included()])


def nominal() -> dict[str, float]:
    """Parameters as they were fitted."""
    return {row.name: row.value for row in estimated()}


def others() -> list[dict[str, float]]:
    """Other parameters, some way from the fit."""
    draws = np.random.default_rng(1).standard_normal((OTHERS, len(estimated())))
    return [
        {
            row.name: row.value * float(np.exp(SPREAD * row.prior_log_sd * x))
            for row, x in zip(estimated(), draw, strict=True)
        }
        for draw in draws
    ]


def differences(folder: Path, values: Mapping[str, float]) -> dict[str, float]:
    """Relative difference of every measurement; of differences and ratios as of all others."""
    own, found = ours(values), simulated(folder, values)
    assert set(own) == set(found)
    return {key: abs(found[key] / own[key] - 1) for key in own}


def main() -> None:
    """Write the problem, check and run it, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        measured, left = write(folder)
        own, found = ours(nominal()), simulated(folder, nominal())
        lines = [
            f"| {row.id} | {row.quantity} | {row.value:g} | {(row.high - row.low) / 2:.3g} | {own[row.id]:.6g} "
            f"| {found[row.id]:.6g} | {abs(found[row.id] / own[row.id] - 1):.0e} |"
            for row in included()
        ]
        text = TEXT.format(
            date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
            roadrunner=version("libroadrunner"),
            petab=version("petab"),
            libsbml=version("python-libsbml"),
            measured=measured,
            out=left,
            parameters=len(estimated()),
            held=len(held()),
            errors=len(errors(folder)),
            complaints=len(complaints(folder)),
            nominal=max(abs(found[key] / own[key] - 1) for key in own),
            others=OTHERS,
            other=max(max(differences(folder, values).values()) for values in others()),
            rows="\n".join(lines),
        )
    out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
