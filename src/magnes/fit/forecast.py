"""``forecast``: what happens to a fitted person under a change, and after how many days it shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from magnes.body.course import Course, Quantity, simulate
from magnes.diary import Diary, Eaten
from magnes.fit.individual import Individual
from magnes.person import Supplement

__all__ = ["SMALLEST_CHANGE_MMOL_PER_L", "days_to_effect", "forecast"]

SMALLEST_CHANGE_MMOL_PER_L = 0.01  # of serum: less is no effect that anybody can measure
SHARE_OF_EFFECT = 0.9


def forecast(
    found: Individual,
    eaten: Diary | Eaten | None = None,
    *,
    days: float = 180,
    stop: Sequence[str] = (),
    add: Sequence[Supplement] = (),
    sweat_l_per_day: float = 0.0,
    eaten_later: Eaten | None = None,
) -> Course:
    """Follow the bodies of a fit for ``days`` after a change; ``eaten`` as it was given to the fit.

    ``sweat_l_per_day``: more sweat from day 0 on, as in heat or sport. ``eaten_later``: another diary from day
    0 on. Raises ``ValueError`` for a fit whose data contradict the model: there is nothing to go on.
    """
    if found.refused:
        raise ValueError("the laboratory values contradict the model: no forecast")
    return simulate(
        found.scenario.person,
        eaten,
        days=days,
        stop=stop,
        add=add,
        sweat_l_per_day=sweat_l_per_day,
        eaten_later=eaten_later,
        seed=found.seed,
        fitted=found.drawn,
    )


def days_to_effect(course: Course, quantity: Quantity = "serum") -> float | None:
    """Day on which nine tenths of the change at the end are there; ``None`` when the change is too small to measure."""
    values = course.series[quantity].value
    change = values[-1] - values[0]
    if abs(change) < SMALLEST_CHANGE_MMOL_PER_L:
        return None
    there = np.flatnonzero(np.abs(values - values[0]) >= SHARE_OF_EFFECT * abs(change))
    return float(course.days[there[0]])
