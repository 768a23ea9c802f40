"""Draws of what is uncertain: parameters of the model (posterior), and how one person differs from another.

Each named decision has its own stream of random numbers, so that a new draw never shifts the others.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.body.smooth import exp
from magnes.knowledge.body_parameters import Variability
from magnes.knowledge.load import data_folder, table

__all__ = ["INTAKE_LOG_SD", "ensemble", "parameters_at", "people", "people_at", "posterior", "stream", "uniform"]

Array = NDArray[np.float64]
INTAKE_LOG_SD = 0.30  # usual intake between adults, on the log scale: less than that of single days


def stream(seed: int, decision: str) -> np.random.Generator:
    """Random numbers of one named decision."""
    return np.random.Generator(np.random.Philox(key=[seed, zlib.crc32(decision.encode())]))


def uniform(seed: int, decision: str, first: int, number: int) -> Array:
    """Random numbers above 0 and below 1 of one named decision for people ``first`` to ``first + number``.

    Person k has the same number wherever a part of the people begins or ends.
    """
    bits: Any = stream(seed, decision).bit_generator
    words = bits.advance(first // 4).random_raw(first % 4 + number)[first % 4 :]  # Philox makes four at a time
    return np.asarray(((words >> np.uint64(11)) + 0.5) * 2.0**-53)


def posterior(number: int, seed: int = 1, *, first: int = 0) -> Array:
    """Parameter sets that fit the published experiments, whole sets together, as standard scores: (parameters, number).

    Up to the number that is shipped each set comes once, in an order of the seed; beyond that sets are repeated.
    ``first``: leave out the sets before this one.
    """
    rows = len(ensemble().rows)
    order = stream(seed, "posterior").permutation(rows)
    picked = ensemble().rows[order[np.arange(first, first + number) % rows]]
    scores: Any = np.linalg.solve(ensemble().spread, (np.log(picked) - ensemble().centre).T)
    return np.asarray(scores, dtype=float)


def parameters_at(scores: Any) -> dict[str, Any]:
    """Parameters of the model at standard scores (parameters, ...): near enough log-normal, with their correlations."""
    log_values = (ensemble().centre + (ensemble().spread @ scores).T).T
    return dict(zip(ensemble().names, exp(log_values), strict=True))


@dataclass(frozen=True)
class Ensemble:
    """Posterior draws (rows, parameters), the mean of their logarithms and a triangular root of the covariance."""

    names: tuple[str, ...]
    rows: Array
    centre: Array
    spread: Array


@cache
def ensemble() -> Ensemble:
    """Return the parameter sets that ship with the package."""
    with (data_folder() / "model" / "posterior.csv").open(encoding="utf-8") as file:
        reader = csv.reader(file)
        names = tuple(next(reader))
        rows = np.array([[float(cell) for cell in row] for row in reader])
    logs = np.log(rows)
    return Ensemble(names, rows, logs.mean(axis=0), np.linalg.cholesky(np.cov(logs.T)))


def people(number: int, seed: int = 1) -> dict[str, Array]:
    """Draw standard scores of healthy people, a stream of its own for each difference: names -> arrays (number,)."""
    return {row.name: stream(seed, f"person {row.name}").standard_normal(number) for row in table(Variability)}


def people_at(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Factors of people around their anchors, log-normal with median 1, at standard scores."""
    normal: dict[str, Any] = {}
    for row in table(Variability):
        own = scores[row.name]
        if row.partner:
            rho = row.correlation or 0.0
            own = rho * normal[row.partner] + np.sqrt(1 - rho**2) * own
        normal[row.name] = own
    return {row.name: exp(row.log_sd * normal[row.name]) for row in table(Variability)}
