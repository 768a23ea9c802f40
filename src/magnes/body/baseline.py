"""From measurable anchors to a body at rest: gains are solved so that the healthy baseline is an exact steady state.

    serum, intake, filtration, pools, exchange -> capacity of the distal tubule, calcium threshold, potassium loss

No run-in is needed, no pool can start negative, and differences between people are put on things with units and data.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from magnes.body import rates
from magnes.body.gut import Sittings, day_numbers
from magnes.body.smooth import log, positive_part
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table

__all__ = ["RED_CELLS_L", "gains", "reference_values", "solved", "start"]

RED_CELLS_L = 2.3  # of the reference adult
POOLS = {
    "labile": "labile_mmol",
    "muscle": "muscle_mmol",
    "red_cells": "red_cells_mmol",
    "bone_surface": "bone_surface_mmol",
    "bone_crystal": "bone_crystal_mmol",
    "calcium_exchangeable": "calcium_exchangeable_mmol",
}


@cache
def _table_values() -> dict[str, float]:
    return {row.name: row.value for row in table(BodyParameter)}


def reference_values() -> dict[str, Any]:
    """Parameters of the reference adult as they stand in the table, before gains are solved."""
    return dict(_table_values())


def bound_serum(albumin_g_per_l: Any, share: Any, normal_albumin_g_per_l: Any) -> Any:
    """Ultrafilterable share at an albumin; ``share`` is that at normal albumin. Binding is linear in albumin."""
    return 1 / (1 + (1 / share - 1) * albumin_g_per_l / normal_albumin_g_per_l)


def solved(values: Mapping[str, Any], habit: Sittings | None = None) -> dict[str, Any]:
    """All parameters of the rates for a healthy body on its reference diet (``habit``, three meals by default)."""
    return gains({**values, **day_numbers(habit or Sittings.meals(values["reference_intake_mmol_per_day"]), values)})


def gains(values: Mapping[str, Any]) -> dict[str, Any]:
    """``solved`` once the numbers of the day are among the values: algebra alone, so it runs on symbols too."""
    p = dict(values)
    p["magnesium_volume_l"] = p["interstitial_volume_l"] + p["plasma_volume_l"] / p["ultrafilterable_share"]
    p["baseline_ultrafilterable_mmol_per_l"] = p["ultrafilterable_share"] * p["serum_mmol_per_l"]
    p["baseline_absorbed_mmol_per_day"] = p["day_passive_mmol"] + p["day_active_mmol"] / (1 + p["day_half_strength"])
    sensed = p["ionised_calcium_share"] * p["baseline_calcium_mmol_per_l"] + (
        p["receptor_magnesium_weight"] * p["ionised_of_ultrafilterable"] * p["baseline_ultrafilterable_mmol_per_l"]
    )
    p["baseline_sensed"] = sensed
    p["receptor_half_mmol_per_l"] = p["receptor_half_share"] * sensed
    rest = SimpleNamespace(**start(p))
    _solve_kidney(p, rest)
    _solve_calcium(p, rest)
    _solve_potassium(p, rest)
    return p


def _solve_kidney(p: dict[str, Any], rest: Any) -> None:
    """Capacity of the distal tubule from balance: urine is what is absorbed less what leaves otherwise."""
    body = SimpleNamespace(**p)
    balance = p["baseline_absorbed_mmol_per_day"] - rates.gut_loss(rest, body) - rates.sweat(rest, body)
    reaching, lost = rates.past_loop(rest, body), balance / p["gfr_l_per_day"]
    p["distal_capacity"] = (p["distal_half_mmol_per_l"] + reaching) * log(reaching / lost)


def _solve_calcium(p: dict[str, Any], rest: Any) -> None:
    """Threshold of the kidney for calcium from balance."""
    body = SimpleNamespace(**p)
    lost = (rates.calcium_absorbed(rest, body) - rates.calcium_gut_loss(rest, body)) / p["gfr_l_per_day"]
    width = p["calcium_threshold_width_mmol_per_l"]
    excess = lost - width**2 / (4 * lost)  # inverse of positive_part
    lowered = 1 - p["calcium_threshold_magnesium"] * positive_part(0.0, 0.02)
    threshold = p["filterable_calcium_share"] * p["baseline_calcium_mmol_per_l"] - excess
    p["calcium_threshold_mmol_per_l"] = threshold / lowered


def _solve_potassium(p: dict[str, Any], rest: Any) -> None:
    """Loss with urine equals what is absorbed."""
    body = SimpleNamespace(**p, baseline_potassium_urine_mmol_per_day=1.0)
    p["baseline_potassium_urine_mmol_per_day"] = p["potassium_absorbed_mmol_per_day"] / rates.potassium_urine(
        rest, body
    )


def start(p: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts [mmol] and signals of a healthy body at rest; the bowel is empty."""
    pools: dict[str, Any] = {state: p[name] for state, name in POOLS.items()}
    pools["extracellular"] = p["baseline_ultrafilterable_mmol_per_l"] * p["magnesium_volume_l"]
    pools["calcium"] = p["baseline_calcium_mmol_per_l"] * p["calcium_volume_l"]
    empty = ("gut_solid", "gut_upper", "gut_lower", "stool", "urine", "skin", "dialysate", "child")
    ones = ("conservation", "calcitriol", "gland", "gut_signal")
    pools |= dict.fromkeys(empty, 0.0) | dict.fromkeys(ones, 1.0)
    per_litre = rates.potassium_mmol_per_l(SimpleNamespace(**pools, potassium=1.0), SimpleNamespace(**p))
    pools["potassium"] = p["baseline_potassium_mmol_per_l"] / per_litre
    return pools
