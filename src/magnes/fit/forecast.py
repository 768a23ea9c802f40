"""``forecast``: what happens to a fitted person under a change, and after how many days it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from magnes.body.course import Course, Quantity, simulate
from magnes.body.effects import modifiers
from magnes.body.scenario import stopped
from magnes.diary import Diary, Eaten, resolve
from magnes.estimate import merge_sources
from magnes.fit.individual import Individual
from magnes.person import Person, Supplement

__all__ = [
    "HOT_DAY_SWEAT_L",
    "SMALLEST_CHANGE_MMOL_PER_L",
    "Named",
    "days_to_effect",
    "forecast",
    "medicines_that_matter",
    "place_of_effect",
    "scenarios",
]

SMALLEST_CHANGE_MMOL_PER_L = 0.01  # of serum: less is no effect that anybody can measure
SHARE_OF_EFFECT = 0.9
HOT_DAY_SWEAT_L = 1.0  # more than usual, a summer of heat and sport: a design choice; its magnesium is SWEAT75


class Named(NamedTuple):
    """A forecast and what is changed in it: the course holds which medicine stops and which supplement begins.

    ``together``: several changes in one; ``food``: whether another diet is one of them.
    """

    code: Literal["unchanged", "stop", "food", "add", "heat", "together"]
    course: Course
    sweat_l_per_day: float = 0.0
    food: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of the course, and of the magnesium in sweat."""
        return merge_sources((self.course.sources, ("SWEAT75", "MAGNES-DESIGN") if self.sweat_l_per_day else ()))


def forecast(
    found: Individual,
    eaten: Diary | Eaten | None = None,
    *,
    days: float = 180,
    stop: Sequence[str] = (),
    add: Sequence[Supplement] = (),
    sweat_l_per_day: float = 0.0,
    eaten_later: Eaten | None = None,
    on: Sequence[float] | None = None,
) -> Course:
    """Follow the bodies of a fit for ``days`` after a change; ``eaten`` as it was given to the fit.

    ``sweat_l_per_day``: more sweat from day 0 on, as in heat or sport. ``eaten_later``: another diary from day
    0 on. ``on``: the days to tell of in place of every day up to ``days``. Raises ``ValueError`` for a fit whose data
    contradict the model: there is nothing to go on.
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
        on=on,
    )


def days_to_effect(course: Course, quantity: Quantity = "serum") -> float | None:
    """Day on which nine tenths of the change at the end are there; ``None`` when the change is too small to measure."""
    values = course.series[quantity].value
    if abs(values[-1] - values[0]) < SMALLEST_CHANGE_MMOL_PER_L:
        return None
    return float(course.days[place_of_effect(values)])


def place_of_effect(values: NDArray[np.float64]) -> int:
    """Return the first place at which nine tenths of the whole change are there."""
    change = np.abs(values - values[0])
    return int(np.argmax(change >= SHARE_OF_EFFECT * change[-1]))


def scenarios(
    found: Individual,
    eaten: Diary | Eaten | None = None,
    *,
    days: float = 180,
    add: Sequence[Supplement] = (),
    eaten_later: Eaten | None = None,
) -> list[Named]:
    """Follow the bodies of a fit unchanged, after each medicine that matters stops, on another diet, and in heat.

    ``add``: with supplements; ``eaten_later``: with another diary. Raises as ``forecast`` does. That a medicine is
    never stopped alone is said where this is shown.
    """
    known = resolve(eaten) if isinstance(eaten, Diary) else eaten
    names = medicines_that_matter(found.scenario.person)
    return [
        Named("unchanged", forecast(found, known, days=days)),
        *(Named("stop", forecast(found, known, days=days, stop=[name])) for name in names),
        *([Named("food", forecast(found, known, days=days, eaten_later=eaten_later))] if eaten_later else []),
        *([Named("add", forecast(found, known, days=days, add=add))] if add else []),
        Named("heat", forecast(found, known, days=days, sweat_l_per_day=HOT_DAY_SWEAT_L), HOT_DAY_SWEAT_L),
    ]


def medicines_that_matter(person: Person) -> list[str]:
    """Names of the medicines without which the body model would have other parameters."""
    present = modifiers(person).factors
    names = []
    for name in dict.fromkeys(medicine.name for medicine in person.medicines):
        gone = stopped(person, [name])
        kept = tuple(medicine for medicine in person.medicines if medicine not in gone)
        if modifiers(person.model_copy(update={"medicines": kept})).factors != present:
            names.append(name)
    return names
