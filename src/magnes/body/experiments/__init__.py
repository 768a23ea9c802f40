"""Published experiments replayed on the body model: what it says for the rows of ``model/targets.csv``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from magnes.body.experiments import (
    clinic,
    depletion,
    gut,
    kidney,
    pregnancy,
    rest,
    sizes,
    supplements,
    tracers,
    trials,
)
from magnes.body.experiments.base import EXPERIMENTS, Body

__all__ = [
    "clinic",
    "depletion",
    "gut",
    "kidney",
    "of_effects",
    "predictions",
    "pregnancy",
    "rest",
    "sizes",
    "supplements",
    "tracers",
    "trials",
]


def predictions(body: Body, wanted: Collection[str]) -> dict[str, Any]:
    """Return what the model says for these target rows; experiments that serve none of them are not run."""
    found: dict[str, Any] = {}
    for targets, run in EXPERIMENTS:
        if not set(targets).isdisjoint(wanted):
            found |= {key: value for key, value in run(body).items() if key in wanted}
    return {key: found[key] for key in wanted if key in found}


def of_effects() -> frozenset[str]:
    """Rows about medicines and conditions: their factors are solved after the body is fitted, not with it."""
    modules = (clinic.__name__, pregnancy.__name__)
    return frozenset(key for targets, run in EXPERIMENTS if run.__module__ in modules for key in targets)
