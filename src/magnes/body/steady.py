"""Where a body ends up when nothing changes any more: the state of a person on the present diet and medicines.

Exchange with tissue and bone does not move that point, it only delays it. So the fast part of the model (blood,
hormones, kidney) is run with tissues held and slow signals hurried, and the pools follow from the level that it
reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body import rates
from magnes.body.baseline import start
from magnes.body.model import DAILY
from magnes.body.smooth import log
from magnes.body.solve import follow

__all__ = ["settled"]

HELD = ("labile", "muscle", "red_cells", "bone_surface", "bone_crystal")
HURRIED = {"gland_per_day": 0.5, "conservation_per_day": 1.0, "gut_signal_per_day": 2.0}  # per day
DAYS = 40.0


def settled(p: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts [mmol] and signals at the steady state of daily mode; numbers or arrays over people.

    Tissue and bone are in balance with blood; potassium with its own loss.
    """
    hurried = {**p, **HURRIED, **{f"{pool}_per_day": 0.0 for pool in HELD}}
    states = _run(hurried, start(p), np.array([0.0, DAYS]))
    s, body = SimpleNamespace(**states), SimpleNamespace(**p)
    u = rates.relative(s, body)
    effect = rates.pth_effect(s, body)
    states["labile"] = rates.into_labile(s, body) / p["labile_per_day"]
    states["muscle"] = rates.into_muscle(s, body) / p["muscle_per_day"]
    states["red_cells"] = rates.into_red_cells(s, body) / p["red_cells_per_day"]
    states["bone_surface"] = p["bone_surface_mmol"] * u
    states["bone_crystal"] = p["bone_crystal_mmol"] * u / (p["resorption_factor"] * effect ** p["resorption_power"])
    outward = p["calcium_exchange_per_day"] * (1 + p["calcium_exchange_pth"] * log(effect))
    states["calcium_exchangeable"] = rates.calcium_onto_bone(s, body) / outward
    states["potassium"] = _potassium(states, p)
    sinks = [state.name for state in DAILY.states if state.sink]
    return states | dict.fromkeys(("gut_solid", "gut_upper", "gut_lower", *sinks), 0.0)


def _potassium(states: Mapping[str, Any], p: Mapping[str, Any]) -> Any:
    """Exchangeable potassium at which loss equals uptake: the loss is a power of the level."""
    body = SimpleNamespace(**p)
    unit = SimpleNamespace(**{**states, "potassium": start(p)["potassium"]})
    ratio = p["potassium_absorbed_mmol_per_day"] / rates.potassium_urine(unit, body)
    return unit.potassium * ratio ** (1 / p["potassium_power"])


def _run(p: Mapping[str, Any], states: Mapping[str, Any], days: Any) -> dict[str, Any]:
    found = follow(DAILY, p, states, days, crowd_rtol=1e-6)
    return {name: found[-1, i] for i, name in enumerate(DAILY.names)}
