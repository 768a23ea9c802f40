"""Published experiments replayed on the body model: what it says for the rows of ``model/targets.csv``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from magnes.body.experiments import depletion, gut, kidney, rest, tracers, trials
from magnes.body.experiments.base import EXPERIMENTS, Body

__all__ = ["depletion", "gut", "kidney", "predictions", "rest", "tracers", "trials"]


def predictions(body: Body, wanted: Collection[str]) -> dict[str, Any]:
    """Return what the model says for these target rows; experiments that serve none of them are not run."""
    found: dict[str, Any] = {}
    for targets, run in EXPERIMENTS:
        if not set(targets).isdisjoint(wanted):
            found |= {key: value for key, value in run(body).items() if key in wanted}
    return {key: found[key] for key in wanted if key in found}
