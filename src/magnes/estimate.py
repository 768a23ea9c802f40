"""``Estimate``: a value that is never alone. Every number that reaches a person is one.

``low`` and ``high`` bound a 90 % interval unless the record that holds the estimate says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

__all__ = ["Z90", "Estimate", "Record", "merge_sources"]

Z90 = 1.6448536269514722  # two-sided 90 % of a normal distribution


class Record(BaseModel):
    """Base of all records: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(Record):
    """A value with interval, unit, sources and whether those sources were read.

    >>> Estimate(value=320, low=280, high=360, unit="mg/d", sources=("IOM2000",), verified=True).unit
    'mg/d'
    """

    value: float
    low: float
    high: float
    unit: str
    sources: tuple[str, ...]
    verified: bool

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not -math.inf < self.low <= self.value <= self.high < math.inf:
            raise ValueError(f"not low <= value <= high: {self.low}, {self.value}, {self.high}")
        if not self.sources:
            raise ValueError("an estimate needs at least one source")
        return self

    def times(self, factor: float) -> Estimate:
        """Scale by a factor known exactly; ``ValueError`` below 0, where the bounds would change places."""
        if not 0 <= factor < math.inf:
            raise ValueError(f"not a factor of at least 0: {factor}")
        return self.model_copy(
            update={"value": self.value * factor, "low": self.low * factor, "high": self.high * factor}
        )

    def multiply(self, factor: Estimate, unit: str) -> Estimate:
        """Product with an independent factor of at least 0: the log half-widths add in squares."""
        value = self.value * factor.value
        bounds = {
            side: value * math.exp(sign * math.hypot(_log_width(self, side), _log_width(factor, side)))
            for side, sign in (("low", -1), ("high", 1))
        }
        if value == 0:  # no log half-width: the largest product is the bound
            bounds = {"low": 0.0, "high": self.high * factor.high}
        return Estimate(
            value=value,
            **bounds,
            unit=unit,
            sources=merge_sources((self.sources, factor.sources)),
            verified=self.verified and factor.verified,
        )

    @classmethod
    def exact(cls, value: float, unit: str, sources: Iterable[str], *, verified: bool) -> Estimate:
        """Build an estimate without spread: a definition or a label as printed."""
        return cls(value=value, low=value, high=value, unit=unit, sources=tuple(sources), verified=verified)

    @classmethod
    def total(cls, parts: Iterable[Estimate], unit: str, sources: Iterable[str] = ()) -> Estimate:
        """Sum of independent estimates: the half-widths above and below add in squares.

        ``sources`` stand in when nothing is summed.
        """
        found = list(parts)
        value = sum(part.value for part in found)
        down = math.sqrt(sum((part.value - part.low) ** 2 for part in found))
        up = math.sqrt(sum((part.high - part.value) ** 2 for part in found))
        return cls(
            value=value,
            low=max(min(0.0, value), value - down),
            high=value + up,
            unit=unit,
            sources=merge_sources(part.sources for part in found if part.high > 0) or tuple(sources),
            verified=all(part.verified for part in found),
        )

    @classmethod
    def same_error(cls, parts: Iterable[Estimate], unit: str) -> Estimate:
        """Sum of estimates that share one error (the same food, the same gut): bounds add up."""
        found = list(parts)
        return cls(
            value=sum(part.value for part in found),
            low=sum(part.low for part in found),
            high=sum(part.high for part in found),
            unit=unit,
            sources=merge_sources(part.sources for part in found),
            verified=all(part.verified for part in found),
        )

    @classmethod
    def between(cls, parts: Iterable[Estimate], unit: str) -> Estimate:
        """One of these or any blend of them: their mean, from the lowest bound to the highest."""
        found = list(parts)
        return cls(
            value=sum(part.value for part in found) / len(found),
            low=min(part.low for part in found),
            high=max(part.high for part in found),
            unit=unit,
            sources=merge_sources(part.sources for part in found),
            verified=all(part.verified for part in found),
        )


def _log_width(estimate: Estimate, side: str) -> float:
    """Distance from value to bound on the log scale; infinite to a bound of 0."""
    bound = estimate.low if side == "low" else estimate.high
    return abs(math.log(estimate.value / bound)) if estimate.value > 0 and bound > 0 else math.inf


def merge_sources(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """All source keys once, in order of first use.

    >>> merge_sources([("B", "A"), ("A", "C")])
    ('B', 'A', 'C')
    """
    return tuple(dict.fromkeys(key for group in groups for key in group))
