"""Laboratory values as data of a fit, and what the body model says that they should be."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from magnes.body import rates
from magnes.body.baseline import RED_CELLS_L, reference_values
from magnes.body.model import MEALS
from magnes.body.smooth import log, march
from magnes.body.trace import derivatives
from magnes.knowledge.names import lab_test
from magnes.person import Person
from magnes.status import lab_reference
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["MEASURABLE", "Datum", "data_of", "log_predicted", "method_log_sd", "recent", "relative_sd"]

LOAD, LOAD_MG = "magnesium-load", 300.0
MEASURABLE = (
    "serum-magnesium",
    "ionised-magnesium",
    "red-cell-magnesium",
    "urine-magnesium-24h",
    "fractional-excretion",
    LOAD,
)
# Between laboratories and people more than the model holds: a reference interval of one method says how much
METHOD_INTERVALS = {"ionised-magnesium": "LAB21", "red-cell-magnesium": "LAB23"}
STEPS_OF_A_DAY = 48
USEFUL = dt.timedelta(days=365)  # an older value says little of how a person stands now: design choice
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Datum:
    """A laboratory value: in the unit of its test, with the SD of its logarithm around the person's own mean."""

    test: str
    value: float
    unit: str
    log_sd: float
    date: dt.date | None = None
    load_mg: float | None = None

    @property
    def log_value(self) -> float:
        """Natural logarithm of the value."""
        return math.log(self.value)


def data_of(person: Person) -> tuple[Datum, ...]:
    """Return every laboratory value of a person that the model can predict."""
    found = []
    for result in recent(person).labs:
        test = lab_test(result.test)
        if test.id in MEASURABLE:
            value = test.in_unit(result.value, result.unit)
            found.append(Datum(test.id, value, test.unit, relative_sd(test.id), result.date, result.load_mg))
    return tuple(found)


def recent(person: Person, today: dt.date | None = None) -> Person:
    """Return the person without values older than a year before the newest of their test, or before ``today``."""
    newest: dict[str, dt.date] = {}
    for result in person.labs:
        if result.date:
            newest[result.test] = max(result.date, newest.get(result.test, result.date))
    labs = tuple(
        result
        for result in person.labs
        if result.date is None or (today or newest[result.test]) - result.date <= USEFUL
    )
    return person.model_copy(update={"labs": labs})


def relative_sd(test: str) -> float:
    """SD of the logarithm of one value around the person's mean: measurement and day together."""
    return math.sqrt(math.log1p(lab_test(test).cv ** 2))


def method_log_sd(test: str) -> float:
    """SD of the logarithm between methods and people that the body model does not hold; 0 for most tests."""
    if test not in METHOD_INTERVALS:
        return 0.0
    row = lab_reference(METHOD_INTERVALS[test])
    if not row.si_low or not row.si_high:
        raise ValueError(f"{row.id} has no interval")
    return math.log(row.si_high / row.si_low) / (2 * NORMAL_95)


def log_predicted(test: str, states: Mapping[str, Any], p: Mapping[str, Any], load_mg: float | None = None) -> Any:
    """Logarithm of what a test would show in a body at rest, in the unit of the test; numbers or arrays over bodies."""
    s, body = SimpleNamespace(**states), SimpleNamespace(**p)
    match test:
        case "serum-magnesium":
            return log(rates.serum_mmol_per_l(s, body))
        case "ionised-magnesium":
            return log(rates.ionised_mmol_per_l(s, body))
        case "red-cell-magnesium":
            per_litre = reference_values()["red_cells_mmol"] / RED_CELLS_L
            return log(per_litre * s.red_cells / body.red_cells_mmol)
        case "urine-magnesium-24h":
            return log(rates.urine(s, body))
        case "fractional-excretion":
            return log(100 * rates.fractional_excretion(s, body))
        case "magnesium-load":
            return log(_urine_after(states, p, (load_mg or LOAD_MG) / MAGNESIUM_G_PER_MOL))
    raise ValueError(f"not a test that the body model knows: {test}")


def _urine_after(states: Mapping[str, Any], p: Mapping[str, Any], load_mmol: float) -> Any:
    """Magnesium in urine [mmol] of the 24 hours that begin with a dissolved dose on an empty bowel.

    The food of the day comes as three meals. Fixed steps of the classical Runge-Kutta method.
    """
    rest = {name: states[name] for name in MEALS.names}
    meal = p["intake_mmol_per_day"] / 3
    given = {0: load_mmol, 2: meal, 11: meal, 22: meal}  # an hour, five and a half, eleven after the dose
    taken = [(given.get(number, 0.0),) for number in range(STEPS_OF_A_DAY)]
    end = march(partial(_step, SimpleNamespace(**p)), tuple(rest.values()), taken)
    return end[MEALS.names.index("urine")]


def _step(body: Any, y: tuple[Any, ...], taken: tuple[Any, ...]) -> tuple[Any, ...]:
    upper, h = MEALS.names.index("gut_upper"), 1 / STEPS_OF_A_DAY
    y = (*y[:upper], y[upper] + taken[0], *y[upper + 1 :])

    def change(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(derivatives(MEALS, SimpleNamespace(**dict(zip(MEALS.names, values, strict=True))), body).values())

    def moved(k: tuple[Any, ...], by: float) -> tuple[Any, ...]:
        return tuple(a + by * b for a, b in zip(y, k, strict=True))

    k1 = change(y)
    k2 = change(moved(k1, h / 2))
    k3 = change(moved(k2, h / 2))
    k4 = change(moved(k3, h))
    return tuple(a + h / 6 * (b1 + 2 * b2 + 2 * b3 + b4) for a, b1, b2, b3, b4 in zip(y, k1, k2, k3, k4, strict=True))
