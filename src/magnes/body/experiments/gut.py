"""Absorption experiments: single meals and waters."""

from __future__ import annotations

import numpy as np

from magnes.body.experiments.base import MG_PER_MMOL, Body, Prediction, experiment
from magnes.body.gut import Sittings, absorbed_per_day

FINE_MEAL_MMOL = 36 / MG_PER_MMOL  # from memory, as the table says
GRAHAM_MMOL = {"MG050": 0.95, "MG051": 10.0, "MG052": 23.5}


def once(mmol: float) -> Sittings:
    """One sitting in the day."""
    return Sittings((8.0,), (mmol,), (0.0,))


def share(body: Body, sittings: Sittings) -> float:
    """Share of a dissolved day that is absorbed."""
    return absorbed_per_day(sittings, body.p) / sittings.total_mmol  # type: ignore[no-any-return]


def servings(mg_per_day: float, number: int) -> Sittings:
    """Drink equal servings, evenly between 8 and 20 hours."""
    each = mg_per_day / MG_PER_MMOL / number
    hours = tuple(np.linspace(8, 20, number).tolist())
    return Sittings(hours, (each,) * number, (0.0,) * number)


@experiment("MG036", "MG037", "MG038", "MG040", "MG041", "MG042", "MG045", "MG050", "MG051", "MG052")
def single_doses(body: Body) -> Prediction:
    """Fine 1991, Sabatier 2003 and 2011, Bohn 2004 without phytate; Graham 1960 (three meals of a test diet)."""
    linear = body.p["passive_share"]
    return {
        "MG036": share(body, once(FINE_MEAL_MMOL)),
        "MG037": share(body, once(FINE_MEAL_MMOL + 40)),
        "MG038": 1 - 1 / (1 + linear) ** 2,  # without the hurry of large doses
        "MG040": share(body, once(70 / MG_PER_MMOL)),
        "MG041": share(body, servings(126, 7)),
        "MG042": share(body, servings(126, 2)),
        "MG045": share(body, once(3.6)),
    } | {key: share(body, Sittings.meals(mmol)) for key, mmol in GRAHAM_MMOL.items()}


@experiment("MG046", "MG047", "MG048", "MG049", "MG261")
def binders(body: Body) -> Prediction:
    """Bohn 2004: phytate in bread; spinach and kale; calcium in the bowel plays no part in the model."""
    p = body.p

    def bound(phytate_mmol: float) -> float:
        free = 1 / (1 + (phytate_mmol / p["phytate_half_mmol"]) ** p["phytate_power"])
        return free * absorbed_per_day(once(3.6 * free), p) / (3.6 * free)  # type: ignore[no-any-return]

    spinach, kale = 122 / MG_PER_MMOL, 117 / MG_PER_MMOL
    oxalate = p["oxalate_share_left"]
    return {
        "MG046": bound(1.49),
        "MG047": bound(0.75),
        "MG048": oxalate * share(body, once(spinach * oxalate)),
        "MG049": share(body, once(kale)),
        "MG261": 1.0,
    }


@experiment("MG056")
def calcitriol(body: Body) -> Prediction:
    """Schmulen 1980: perfused jejunum before and after calcitriol, 0.9 to 4.2 ng/dL."""
    return {"MG056": (4.2 / 0.9) ** body.p["calcitriol_absorption_power"]}
