"""Where a body ends up when nothing changes any more: the state of a person on the present diet and medicines.

Exchange with tissue and bone does not move that point, it only delays it. So four levels settle it: magnesium and
calcium in blood, calcitriol and the size of the parathyroid. Newton's method finds them on the log scale, for all
bodies at once, from the healthy body; where it does not arrive, the fast part of the model is followed in time first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body import rates
from magnes.body.baseline import start
from magnes.body.model import DAILY
from magnes.body.smooth import exp, log
from magnes.body.solve import SolverError, follow

__all__ = ["LEVELS", "at_levels", "out_of_balance", "settled", "with_pools"]

LEVELS = ("extracellular", "calcium", "calcitriol", "gland")
HELD = ("labile", "muscle", "red_cells", "bone_surface", "bone_crystal", "calcium_exchangeable")
HURRIED = {"gland_per_day": 0.5, "conservation_per_day": 1.0, "gut_signal_per_day": 2.0}  # per day
DAYS = 40.0
STEPS, LARGEST_STEP, NUDGE, SMALL = 30, 0.25, 1e-6, 1e-10
FLOWS = tuple(flow for flow in DAILY.flows if flow.source not in HELD and flow.target not in HELD)


def settled(p: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts [mmol] and signals at the steady state of daily mode; numbers or arrays over people.

    Tissue and bone are in balance with blood; potassium with its own loss. A body whose losses exceed what it can
    absorb may have no level: alone it raises ``SolverError``, among others it is not a number.
    """
    shape = np.broadcast_shapes(*(np.shape(value) for value in p.values()))
    levels, lost = _found(np.zeros((len(LEVELS), *shape)), p)
    if lost.any():
        some = {name: value[lost] if np.ndim(value) else value for name, value in p.items()}
        followed = _in_time(some)
        better, still = _found(followed, some)
        levels[..., lost] = np.where(still, followed, better).reshape(levels[..., lost].shape)
    states = at_levels(levels, SimpleNamespace(**p))
    return with_pools({name: value if shape else float(value) for name, value in states.items()}, p)


def _found(levels: Any, p: Mapping[str, Any]) -> tuple[Any, Any]:
    """Levels at which nothing moves, from these on, and which bodies did not get there."""
    body = SimpleNamespace(**p)
    with np.errstate(all="ignore"):  # a body on its way out may overflow: it is then followed in time
        for _ in range(STEPS):
            step, size = _newton(levels, body)
            if np.all(size < SMALL):
                break
            levels = levels + step
    return levels, ~(size < SMALL)


def at_levels(levels: Any, p: Any) -> dict[str, Any]:
    """States of the fast part at four levels, each the logarithm of what it is over the healthy one."""
    magnesium, calcium, calcitriol, gland = (exp(level) for level in levels)
    s = SimpleNamespace(
        extracellular=magnesium * p.baseline_ultrafilterable_mmol_per_l * p.magnesium_volume_l,
        calcium=calcium * p.baseline_calcium_mmol_per_l * p.calcium_volume_l,
        calcitriol=calcitriol,
        gland=gland,
        gut_signal=0.0,
        conservation=0.0,
    )
    # both run after an aim, at a speed times the distance: from 0 that is the aim itself
    s.gut_signal = rates.gut_signal_in_a_day(s, p) / p.gut_signal_per_day
    s.conservation = rates.conservation_change(s, p) / p.conservation_per_day
    return vars(s)


def out_of_balance(levels: Any, p: Any) -> list[Any]:
    """Return what still moves at four levels: magnesium and calcium over what is absorbed at rest, two hormones."""
    s = SimpleNamespace(**at_levels(levels, p))
    return [
        _net("extracellular", s, p) / p.baseline_absorbed_mmol_per_day,
        _net("calcium", s, p) / p.calcium_intake_mmol_per_day,
        rates.calcitriol_change(s, p) / (p.calcitriol_per_day * s.calcitriol),
        rates.gland_change(s, p) / (p.gland_per_day * s.gland),
    ]


def _net(name: str, s: Any, p: Any) -> Any:
    gained = sum(flow.rate(s, p) for flow in FLOWS if flow.target == name)
    return gained - sum(flow.rate(s, p) for flow in FLOWS if flow.source == name)


def _newton(levels: Any, body: Any) -> tuple[Any, Any]:
    """Return a step, none longer than ``LARGEST_STEP``, and what is out of balance before it."""
    here = np.array(np.broadcast_arrays(*out_of_balance(levels, body)))
    slopes = []
    for i in range(len(LEVELS)):
        nudged = levels.copy()
        nudged[i] += NUDGE
        slopes.append((np.array(np.broadcast_arrays(*out_of_balance(nudged, body))) - here) / NUDGE)
    jacobian, wanted = np.moveaxis(np.array(slopes), (0, 1), (-1, -2)), -np.moveaxis(here, 0, -1)[..., None]
    size = np.max(np.abs(here), axis=0)
    usable = np.isfinite(jacobian).all(axis=(-1, -2)) & np.isfinite(wanted).all(axis=(-1, -2))
    jacobian = np.where(usable[..., None, None], jacobian, np.eye(len(LEVELS)))
    regular = np.abs(np.linalg.det(jacobian)) > 1e-14
    jacobian = np.where(regular[..., None, None], jacobian, np.eye(len(LEVELS)))
    step = np.moveaxis(np.linalg.solve(jacobian, np.where(usable[..., None, None], wanted, 0.0))[..., 0], -1, 0)
    longest = np.max(np.abs(step), axis=0)
    return step * np.minimum(1.0, LARGEST_STEP / np.maximum(longest, 1e-300)), np.where(usable, size, np.inf)


def _in_time(p: Mapping[str, Any]) -> Any:
    """Levels after weeks with tissues held and slow signals hurried; not a number for bodies that have none."""
    hurried = {**p, **HURRIED, **{f"{pool}_per_day": 0.0 for pool in HELD[:-1]}}
    healthy = start(p)
    try:
        found = follow(DAILY, hurried, healthy, np.array([0.0, DAYS]), crowd_rtol=1e-6)[-1]
    except SolverError:
        if np.ndim(healthy["extracellular"]) == 0:
            raise
        if (number := len(healthy["extracellular"])) == 1:
            return np.full((len(LEVELS), 1), np.nan)
        each = [
            {name: value[i : i + 1] if np.ndim(value) else value for name, value in p.items()} for i in range(number)
        ]
        return np.concatenate([_in_time(one) for one in each], axis=1)
    at_end = dict(zip(DAILY.names, found, strict=True))
    return np.log(np.array([at_end[name] / healthy[name] for name in LEVELS]))


def with_pools(states: Mapping[str, Any], p: Mapping[str, Any]) -> dict[str, Any]:
    """Tissue and bone in balance with blood."""
    states = dict(states)
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
