"""Fit the body model to published experiments: rows of ``model/targets.csv`` with use ``calibrate``, and no others.

    python tools/calibrate.py fit        weighted least squares -> values in model/body.csv      (minutes)
    python tools/calibrate.py compare    the same fit without a part of the model -> docs/validation/parts.md
    python tools/calibrate.py ensemble   Bayesian ensemble -> intervals and model/posterior.csv  (tens of minutes)

A residual is (model - published) over the distance from the value to the bound on that side; shares absorbed weigh
less, because studies of absorption differ by more than their own intervals: each has an error that its rows share.
Priors are log-normal, centred on the design of the model, with the widths in ``model/body.csv``. Gut, kidney, tissue
and hormones are fitted together. Only rows whose source was read take part; parameters that the rows hardly see keep
the width of their prior.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from magnes.body.baseline import reference_values
from magnes.body.experiments import of_effects, predictions
from magnes.body.experiments.base import Body
from magnes.body.solve import SolverError
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.knowledge.parameters import parameter
from magnes.knowledge.targets import Target

MODEL = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data" / "model"
PARTS = Path(__file__).parents[1] / "docs" / "validation" / "parts.md"
PARTS_HEAD = """# What each part of the body model is worth

Written by `python tools/calibrate.py compare`: the model is fitted again without one of its parts, to the calibration
rows alone. Misfit: sum of squares of the fit, priors included (lower is better; 4 is a clear difference). RMS: over the
rows, in half-widths of their intervals.

| model | misfit | weighted RMS | rows outside | farthest rows |
|---|---|---|---|---|
"""
Array = NDArray[np.float64]


def calibration_targets() -> dict[str, Target]:
    """Rows that may be used for tuning: for calibration, with a value, and read; not those about medicines."""
    rows = {row.id: row for row in table(Target) if row.id not in of_effects()}
    return {key: row for key, row in rows.items() if row.use == "calibrate" and row.value is not None and row.verified}


def bounds(row: Target) -> tuple[float, float, float]:
    """Low, value and high of a row that has them."""
    if row.value is None or row.low is None or row.high is None:
        raise ValueError(f"{row.id} has no number")
    return row.low, row.value, row.high


def residual(row: Target, said: float | Array) -> Array:
    """Distance in units of the interval on the side of the miss; a bound equal to the value counts a tenth of it."""
    low, value, high = bounds(row)
    least = 0.1 * (high - low)
    miss = np.asarray(said, dtype=float) - value
    if least == 0:  # a rank or a yes: right or wrong
        return np.where(miss == 0, 0.0, np.inf)
    return np.asarray(miss / np.where(miss > 0, max(high - value, least), max(value - low, least)))


def prior(row: BodyParameter) -> tuple[float, float]:
    """Centre and width of a prior on the log scale."""
    if row.prior_centre is None or row.prior_log_sd is None:
        raise ValueError(f"{row.name} has no prior")
    return float(np.log(row.prior_centre)), row.prior_log_sd


# Studies of absorption differ by more than their own intervals, and what is wrong with one is wrong with all its rows
ABSORPTION = (("MG036", "MG037", "MG038"), ("MG040",), ("MG041", "MG042"), ("MG045", "MG046", "MG047"))


def whitened(said: Mapping[str, Any], targets: Mapping[str, Target]) -> Array:
    """Misses of independent, unit spread; shape (rows, ...): a study's own error is shared by its rows.

    Rows of those studies weigh by half their interval, which is the same on both sides.
    """
    studies = [tuple(key for key in study if key in said) for study in ABSORPTION]
    grouped = {key for study in studies for key in study}
    found = [residual(targets[key], value) for key, value in said.items() if key not in grouped]
    for study in filter(None, studies):
        limits = np.array([bounds(targets[key]) for key in study])
        between = limits[:, 1] * parameter("absorption_study_sd_log").value
        covariance = np.diag(((limits[:, 2] - limits[:, 0]) / 2) ** 2) + np.outer(between, between)
        misses = np.stack(np.broadcast_arrays(*(np.asarray(said[key]) - bounds(targets[key])[1] for key in study)))
        found += [*np.linalg.solve(np.linalg.cholesky(covariance), misses)]
    return np.stack(np.broadcast_arrays(*found))


def fitted() -> list[BodyParameter]:
    """Parameters that the calibration may move."""
    return [row for row in table(BodyParameter) if row.role == "fitted"]


def values_at(logs: Array, rows: list[BodyParameter]) -> dict[str, float]:
    """Table values with the fitted ones replaced."""
    return reference_values() | {row.name: float(value) for row, value in zip(rows, np.exp(logs), strict=True)}


def residuals(
    logs: Array, rows: list[BodyParameter], targets: Mapping[str, Target], held: Mapping[str, float] | None = None
) -> Array:
    """Misses of the targets, then of the priors; ``held`` are parameters that are not fitted this time."""
    said = predictions(Body({**values_at(logs, rows), **(held or {})}), tuple(targets))
    data = whitened(said, targets)
    drift = [(x - prior(row)[0]) / prior(row)[1] for x, row in zip(logs, rows, strict=True)]
    return np.array([*data, *drift])


def least(
    rows: list[BodyParameter], targets: Mapping[str, Target], held: Mapping[str, float] | None = None, **settings: Any
) -> Any:
    """Least squares from the present values."""
    begin = np.log([row.value for row in rows])
    return least_squares(residuals, begin, args=(rows, targets, held), x_scale=0.1, diff_step=[1e-3], **settings)


def judged(values: Mapping[str, float], targets: Mapping[str, Target]) -> tuple[dict[str, Any], dict[str, float]]:
    """Return what the model says for the targets, and by how far it misses each."""
    said = predictions(Body(values), tuple(targets))
    return said, {key: float(residual(targets[key], value)) for key, value in said.items()}


def fit() -> None:
    """Least squares from the present values; writes them back and prints every miss."""
    rows, targets = fitted(), calibration_targets()
    found = least(rows, targets, max_nfev=12, ftol=1e-4, verbose=2)
    values = values_at(found.x, rows)
    said, misses = judged(values, targets)
    for key, miss in sorted(misses.items(), key=lambda pair: -abs(pair[1])):
        print(f"{key} {miss:+6.2f}  {said[key]:.4g} against {targets[key].value:g}  {targets[key].quantity}")
    for row in rows:
        centre, width = prior(row)
        shift = (np.log(values[row.name]) - centre) / width
        print(f"{row.name:36s} {row.value:.4g} -> {values[row.name]:.4g}  prior {row.prior_centre:g}, {shift:+.2f} SD")
    print(f"weighted RMS {np.sqrt(np.mean(np.square([*misses.values()]))):.3f} over {len(misses)} rows")
    write_values({row.name: values[row.name] for row in rows})


# What the design left out or the calibration rows asked for -> parameters that take it away again
VARIANTS: dict[str, dict[str, float]] = {
    "as shipped": {},
    "muscle exchanging over years, as in the design": {"muscle_per_day": 0.0017},
    "loop that high magnesium shuts altogether": {"loop_floor": 0.0},
    "kidney that hears serum alone, not the gut": {"conservation_gut_power": 0.0},
    "no calcitriol in absorption": {"calcitriol_absorption_power": 0.0},
    "loss with the bowel that stays the same": {"gut_loss_power": 0.0},
    "bone that is built whatever is resorbed": {"bone_coupling": 0.0},
    "fluid alone, nothing else within the hour": {"interstitial_volume_l": 11.0},
}


def compare() -> None:
    """Fit again without a part of the model; prints each misfit and writes ``docs/validation/parts.md``."""
    targets, lines = calibration_targets(), []
    for name, held in VARIANTS.items():
        rows = [row for row in fitted() if row.name not in held]
        found = least(rows, targets, held, max_nfev=6, ftol=1e-3)
        _, misses = judged(values_at(found.x, rows) | held, targets)
        plain = np.array([*misses.values()])
        worst = sorted(misses, key=lambda key: -abs(misses[key]))[:4]
        rms = float(np.sqrt(np.mean(plain**2)))
        lines.append(
            f"| {name} | {2 * found.cost:.1f} | {rms:.3f} | {int((np.abs(plain) > 1).sum())} | {', '.join(worst)} |"
        )
        print(lines[-1], flush=True)
    PARTS.write_text(PARTS_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def log_density(logs: Array, rows: list[BodyParameter], targets: Mapping[str, Target]) -> Array:
    """Log posterior of many parameter sets at once; ``logs`` (sets, parameters). A set that cannot be solved is out."""
    columns = {row.name: np.exp(logs[:, i]) for i, row in enumerate(rows)}
    total = np.zeros(len(logs))
    try:
        with np.errstate(all="ignore"):
            said = predictions(Body(reference_values() | columns), tuple(targets))
    except (SolverError, ValueError, np.linalg.LinAlgError):
        if len(logs) == 1:
            return np.array([-np.inf])
        return np.concatenate([log_density(half, rows, targets) for half in np.array_split(logs, 2)])
    total -= 0.5 * (whitened(said, targets) ** 2).sum(axis=0)
    for i, row in enumerate(rows):
        centre, width = prior(row)
        total -= 0.5 * ((logs[:, i] - centre) / width) ** 2
    return np.where(np.isfinite(total), total, -np.inf)


def ensemble(steps: int, walkers: int) -> None:
    """Sample the posterior with emcee, started from the normal approximation at the fit; ships the last walkers."""
    import emcee

    rows, targets = fitted(), calibration_targets()
    best = np.log([row.value for row in rows])
    generator = np.random.default_rng(20261122)
    begin = generator.multivariate_normal(best, approximate_covariance(best, rows, targets), size=walkers)
    sampler = emcee.EnsembleSampler(
        walkers,
        len(rows),
        log_density,
        args=(rows, targets),
        vectorize=True,
        moves=emcee.moves.DEMove(),
    )
    sampler.random_state = np.random.RandomState(20261122).get_state()
    for done, state in enumerate(sampler.sample(begin, iterations=steps), 1):
        if done % 10 == 0:
            accepted = np.mean(sampler.acceptance_fraction)
            print(f"{done}/{steps}  accepted {accepted:.2f}  mean log density {state.log_prob.mean():.2f}", flush=True)
    chain = sampler.get_chain(discard=steps // 2)
    halves = [half.reshape(-1, len(rows)) for half in np.array_split(chain, 2)]
    shift = np.abs(halves[0].mean(axis=0) - halves[1].mean(axis=0)) / halves[1].std(axis=0)
    print(f"largest shift of a mean between the halves of the second half: {shift.max():.2f} SD")
    write_posterior(np.exp(chain[-1]), rows)


def approximate_covariance(best: Array, rows: list[BodyParameter], targets: Mapping[str, Target]) -> Array:
    """Inverse of J'J at the fit."""
    step = 1e-3
    at = residuals(best, rows, targets)
    jacobian = np.stack([(residuals(best + step * unit, rows, targets) - at) / step for unit in np.eye(len(best))], 1)
    return np.asarray(np.linalg.inv(jacobian.T @ jacobian))


def write_posterior(draws: Array, rows: list[BodyParameter]) -> None:
    """Write the draws, and the 90 % interval of each parameter into ``model/body.csv``."""
    with (MODEL / "posterior.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([row.name for row in rows])
        writer.writerows([[f"{value:.5g}" for value in draw] for draw in draws])
    low, high = np.quantile(draws, (0.05, 0.95), axis=0)
    intervals = {row.name: (low[i], high[i]) for i, row in enumerate(rows)}
    write_values({}, intervals)
    print(f"{len(draws)} draws written")


def write_values(values: Mapping[str, float], intervals: Mapping[str, tuple[float, float]] | None = None) -> None:
    """Replace values and intervals in ``model/body.csv``; everything else stays."""
    path = MODEL / "body.csv"
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        columns, lines = list(reader.fieldnames or ()), list(reader)
    for line in lines:
        if line["name"] in values:
            line["value"] = f"{values[line['name']]:.5g}"
        if line["name"] in (intervals or {}):
            low, high = (intervals or {})[line["name"]]
            value = float(line["value"])
            line["low"], line["high"] = f"{min(low, value):.5g}", f"{max(high, value):.5g}"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fit", "compare", "ensemble"))
    parser.add_argument("--steps", type=int, default=300, help="steps of the sampler")
    parser.add_argument("--walkers", type=int, default=512, help="walkers, and draws that are shipped")
    chosen = parser.parse_args()
    if chosen.what == "fit":
        fit()
    elif chosen.what == "compare":
        compare()
    else:
        ensemble(chosen.steps, chosen.walkers)


if __name__ == "__main__":
    main()
