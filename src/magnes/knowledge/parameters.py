"""Parameters of the models, with unit, interval and source."""

from __future__ import annotations

from functools import cache

from magnes.estimate import Estimate
from magnes.knowledge.load import table
from magnes.knowledge.records import Parameter

__all__ = ["parameter"]


@cache
def parameter(name: str) -> Estimate:
    """Return a model parameter as an estimate; ``KeyError`` for an unknown name."""
    row = {row.name: row for row in table(Parameter)}[name]
    return Estimate(
        value=row.value, low=row.low, high=row.high, unit=row.unit, sources=row.sources, verified=row.verified
    )
