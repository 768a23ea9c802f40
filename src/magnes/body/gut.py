"""Absorption of a day of sittings by the lumen of the body model; daily mode takes its three numbers from here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body import rates
from magnes.body.smooth import march

__all__ = ["Sittings", "absorbed_per_day", "day_numbers"]

STEPS_PER_DAY = 96  # of 15 minutes: the fastest process, emptying of a stretch of bowel, takes an hour and a half
WEAK = 0.4  # strength of transport at which daily mode is exact, besides 0 and 1


@dataclass(frozen=True, slots=True)
class Sittings:
    """A day of sittings: hours after midnight, and what reaches the bowel [mmol], dissolved and as undissolved salt.

    ``bound_mmol`` is eaten and held by phytate or oxalate. Amounts may be arrays over people.
    """

    hours: tuple[float, ...]
    dissolved_mmol: tuple[Any, ...]
    solid_mmol: tuple[Any, ...]
    bound_mmol: Any = 0.0

    @property
    def total_mmol(self) -> Any:
        """All magnesium of the day."""
        return sum(self.dissolved_mmol) + sum(self.solid_mmol) + self.bound_mmol

    def times(self, factor: Any) -> Sittings:
        """Return the same day with another amount."""
        return Sittings(
            self.hours,
            tuple(amount * factor for amount in self.dissolved_mmol),
            tuple(amount * factor for amount in self.solid_mmol),
            self.bound_mmol * factor,
        )

    @classmethod
    def meals(cls, mmol_per_day: Any) -> Sittings:
        """Three equal meals, all of it dissolved."""
        third = mmol_per_day / 3
        return cls((8.0, 12.5, 18.0), (third, third, third), (0.0, 0.0, 0.0))


def absorbed_per_day(sittings: Sittings, p: Mapping[str, Any], strength: Any = 1.0) -> Any:
    """Magnesium absorbed [mmol/day] when every day is like this one; arrays over people or strengths broadcast.

    Runs the lumen of the model over repeated days with a fixed step of classical Runge-Kutta, error below 1e-5.
    """
    body = SimpleNamespace(**p)

    def change(solid: Any, upper: Any, lower: Any) -> tuple[Any, Any, Any, Any]:
        s = SimpleNamespace(gut_solid=solid, gut_upper=upper, gut_lower=lower)
        dissolved, on = rates.dissolution(s, body), rates.moved_on(s, body)
        first, second = rates.lumen_uptake(upper, strength, body), rates.lumen_uptake(lower, strength, body)
        return (
            -dissolved - rates.solid_lost(s, body),
            dissolved - first - on,
            on - second - rates.lumen_lost(s, body),
            first + second,
        )

    def step(lumen: Any, taken: Any) -> Any:
        hours, solid, dissolved = taken
        return _step(change, hours, (lumen[0] + solid, lumen[1] + dissolved, *lumen[2:]))

    steps = _steps(sittings)
    zero = 0.0 * (sittings.total_mmol + np.asarray(strength) + p["absorption_max_mmol_per_day"])
    evening = march(step, (0.0, zero, zero, zero), steps)  # a number where nothing is solid: quicker than an array
    return march(step, (*evening[:3], zero), steps)[3]


def _steps(sittings: Sittings) -> list[tuple[float, Any, Any]]:
    """Lengths [day] of the steps from the first sitting round the clock, and what enters before each [mmol]."""
    order = np.argsort(sittings.hours)
    begin = [sittings.hours[i] / 24 for i in order]
    steps = []
    for until, i, now in zip([*begin[1:], begin[0] + 1], order, begin, strict=True):
        n = max(1, math.ceil((until - now) * STEPS_PER_DAY))
        steps.append(((until - now) / n, sittings.solid_mmol[i], sittings.dissolved_mmol[i]))
        steps += [((until - now) / n, 0.0, 0.0)] * (n - 1)
    return steps


def _step(change: Any, h: float, y: tuple[Any, ...]) -> tuple[Any, ...]:
    """One step of the classical Runge-Kutta method; the last entry only adds up."""
    k1 = change(*y[:3])
    k2 = change(*(a + h / 2 * b for a, b in zip(y[:3], k1[:3], strict=True)))
    k3 = change(*(a + h / 2 * b for a, b in zip(y[:3], k2[:3], strict=True)))
    k4 = change(*(a + h * b for a, b in zip(y[:3], k3[:3], strict=True)))
    return tuple(a + h / 6 * (b1 + 2 * b2 + 2 * b3 + b4) for a, b1, b2, b3, b4 in zip(y, k1, k2, k3, k4, strict=True))


def day_numbers(sittings: Sittings | Sequence[Sittings], p: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of daily mode for a day of sittings, or the mean of several days.

    Absorption as a function of the strength m of active transport: passive + active m / (half + m), exact at
    m = 0, 0.4 and 1.
    """
    days = [sittings] if isinstance(sittings, Sittings) else list(sittings)
    spread = {name: _deeper(_deeper(value)) for name, value in p.items()}
    side_by_side = absorbed_per_day(_together(days), spread, np.array([0.0, WEAK, 1.0]))  # (bodies, days, strengths)
    at_strengths = sum(side_by_side[..., i, :] for i in range(len(days))) / len(days)
    none, weak, full = (at_strengths[..., i] for i in range(3))
    at_one, at_weak = full - none, weak - none
    tiny = 1e-12  # nothing eaten: nothing absorbed, at any strength
    half = (WEAK * (at_one - at_weak) + tiny) / (at_weak - WEAK * at_one + tiny)
    numbers = {
        "intake_mmol_per_day": sum(day.total_mmol for day in days) / len(days),
        "day_passive_mmol": none,
        "day_active_mmol": at_one * (half + 1),
        "day_half_strength": half,
    }
    return {name: float(value) if isinstance(value, np.generic) else value for name, value in numbers.items()}


def _together(days: Sequence[Sittings]) -> Sittings:
    """Return several days as one whose amounts have an axis for the days and one for the strengths.

    Each hour at which any of them has a sitting is a sitting of all, of nothing where a day has none: one march over
    the clock takes hardly longer than that of one day.
    """
    hours = sorted({hour for day in days for hour in day.hours})

    def amounts(kind: str) -> tuple[Any, ...]:
        found = {hour: np.zeros(len(days)) for hour in hours}
        for row, day in zip(np.eye(len(days)), days, strict=True):
            for hour, amount in zip(day.hours, getattr(day, kind), strict=True):
                found[hour] = found[hour] + _deeper(amount) * row
        return tuple(found[hour][..., None] for hour in hours)

    return Sittings(tuple(hours), amounts("dissolved_mmol"), amounts("solid_mmol"))


def _deeper(value: Any) -> Any:
    return value[..., None] if np.ndim(value) else value
