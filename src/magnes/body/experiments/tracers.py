"""Isotopes of magnesium: the flows of the model carry the label, no other model is needed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body.experiments.base import Body, Prediction, experiment
from magnes.body.model import DAILY

POOLS = tuple(state.name for state in DAILY.states if state.element == "Mg" and not state.sink)


def tracer_matrix(body: Body) -> Any:
    """Rate constants [1/day] of a label at rest; shape (..., pools, pools), column = where the label is."""
    s, p = SimpleNamespace(**body.rest()), SimpleNamespace(**body.p)
    place = {name: i for i, name in enumerate(POOLS)}
    shape = np.broadcast_shapes(*(np.shape(value) for value in body.p.values()))
    matrix = np.zeros((*shape, len(POOLS), len(POOLS)))
    for flow in DAILY.flows:
        if flow.source in place:
            share = flow.rate(s, p) / getattr(s, flow.source)
            matrix[..., place[flow.source], place[flow.source]] -= share
            if flow.target in place:
                matrix[..., place[flow.target], place[flow.source]] += share
    return matrix


def label_at(matrix: Any, days: float) -> Any:
    """Label in each pool after one unit into blood."""
    values, vectors = np.linalg.eig(matrix)
    unit = np.zeros(matrix.shape[:-1])
    unit[..., POOLS.index("extracellular")] = 1.0
    part = np.linalg.solve(vectors, unit[..., None])[..., 0]
    return np.real(np.einsum("...ij,...j->...i", vectors, part * np.exp(values * days)))


@experiment("MG032", "MG033", "MG185", "MG186")
def silver(body: Body) -> Prediction:
    """Silver 1960: 28Mg into a vein, urine and retention for 90 hours."""
    matrix = tracer_matrix(body)
    blood = POOLS.index("extracellular")
    amount = body.rest()
    total = sum(amount[name] for name in POOLS)

    def space(hours: float) -> Any:
        label = label_at(matrix, hours / 24)
        return label.sum(axis=-1) / (label[..., blood] / amount["extracellular"]) / total

    first, last = (label_at(matrix, hours / 24)[..., blood] for hours in (18, 48))
    turnover = np.stack([np.broadcast_to(-matrix[..., i, i], np.shape(total)) for i in range(len(POOLS))], axis=-1)
    amounts = np.stack([np.broadcast_to(amount[name], np.shape(total)) for name in POOLS], axis=-1)
    slow = (amounts / (1 + (turnover / 0.02) ** 4)).sum(axis=-1)
    return {
        "MG032": 0.6931 * 30 / np.log(first / last),
        "MG033": slow / total,
        "MG185": space(50),
        "MG186": space(90),
    }
