"""Draws of what is uncertain: parameters of the model (posterior), and how one person differs from another.

Each named decision has its own stream of random numbers, so that a new draw never shifts the others.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.knowledge.body_parameters import Variability
from magnes.knowledge.load import data_folder, table

__all__ = ["INTAKE_LOG_SD", "people", "posterior", "stream"]

Array = NDArray[np.float64]
INTAKE_LOG_SD = 0.30  # usual intake between adults, on the log scale: less than that of single days


def stream(seed: int, decision: str) -> np.random.Generator:
    """Random numbers of one named decision."""
    return np.random.Generator(np.random.Philox(key=[seed, zlib.crc32(decision.encode())]))


@cache
def _posterior() -> Mapping[str, Array]:
    with (data_folder() / "model" / "posterior.csv").open(encoding="utf-8") as file:
        reader = csv.reader(file)
        names = next(reader)
        values = np.array([[float(cell) for cell in row] for row in reader])
    return dict(zip(names, values.T, strict=True))


def posterior(number: int, seed: int = 1) -> dict[str, Array]:
    """Parameter sets that fit the published experiments, whole rows together: names -> arrays (number,).

    Up to the number that is shipped each row comes once, in an order of the seed; beyond that rows are repeated.
    """
    shipped = _posterior()
    rows = len(next(iter(shipped.values())))
    order = stream(seed, "posterior").permutation(rows)
    picked = np.resize(order, number)
    return {name: values[picked] for name, values in shipped.items()}


def people(number: int, seed: int = 1) -> dict[str, Array]:
    """Factors of healthy people around their anchors, log-normal with median 1: names -> arrays (number,)."""
    normal: dict[str, Any] = {}
    factors = {}
    for row in table(Variability):
        own = stream(seed, f"person {row.name}").standard_normal(number)
        if row.partner:
            rho = row.correlation or 0.0
            own = rho * normal[row.partner] + np.sqrt(1 - rho**2) * own
        normal[row.name] = own
        factors[row.name] = np.exp(row.log_sd * own)
    return factors
