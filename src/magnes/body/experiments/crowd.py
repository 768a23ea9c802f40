"""Crowds of adults: reference intervals, and how many are low or high with a medicine or poor kidneys."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body import rates
from magnes.body.draws import INTAKE_LOG_SD, people, people_at, stream
from magnes.body.effects import body_effect, with_factors
from magnes.body.experiments.base import MG_PER_MMOL, Body
from magnes.body.experiments.clinic import ML_MIN
from magnes.body.experiments.kidney import HOUR, PRE_ECLAMPSIA_FILTRATION, SULFATE_MMOL_PER_G, pregnant, sulfate
from magnes.body.experiments.trials import OXIDE_SOLUBLE
from magnes.body.gut import Sittings, day_numbers
from magnes.body.steady import settled

__all__ = ["crowd", "crowd_predictions"]

NUMBER = 2000
YOUNG_ML_MIN = 120
FILTRATION_LOG_SD = 0.17
HEALTHY_MEAN_FILTRATION = 0.85  # of the reference adult: adults of all ages
OXIDE_LAXATIVE_MG = 600.0  # magnesium in 1 g of oxide, a usual laxative dose in Japan; the dose is not in the text seen
LOW_MMOL_PER_L, HIGH_MMOL_PER_L = 0.72, 1.11
DEFICIENT_MMOL_PER_L = 0.70  # what most hospitals call low
# effect, filtration [mL/min] -> rows: shares of people below 0.70
HEALTHY = HEALTHY_MEAN_FILTRATION * YOUNG_ML_MIN
SHARES_LOW = {
    ("BE-EGFR-ANTIBODY", HEALTHY): ("MG159",),
    ("BE-ALCOHOL", HEALTHY): ("MG163", "MG164"),
    ("", ML_MIN["all stages"]): ("MG166",),
    ("BE-HYPERPARATHYROIDISM", HEALTHY): ("MG223",),
    ("BE-TACROLIMUS", ML_MIN["transplant"]): ("MG226",),
}


def crowd(
    body: Body,
    *,
    filtration: float = HEALTHY_MEAN_FILTRATION,
    factors: Mapping[str, float] | None = None,
    extra_mmol_per_day: float = 0.0,
    number: int = NUMBER,
    seed: int = 1,
) -> dict[str, Any]:
    """Adults at rest on their own intake: serum [mmol/L] and urine [mmol/day], arrays (people,)."""
    p = with_factors(body.p, people_at(people(number, seed)))
    p = with_factors(p, factors or {})
    relative = filtration * _filters(number, seed)
    p |= {"gfr_l_per_day": body.p["gfr_l_per_day"] * relative, "gfr_relative": relative}
    eats = np.exp(INTAKE_LOG_SD * stream(seed, "intake").standard_normal(number))
    day = Sittings.meals(body.p["reference_intake_mmol_per_day"] * eats)
    if extra_mmol_per_day:
        more = extra_mmol_per_day * OXIDE_SOLUBLE / 3
        day = Sittings(day.hours, tuple(meal + more for meal in day.dissolved_mmol), day.solid_mmol)
    p |= day_numbers(day, p)
    s, q = SimpleNamespace(**settled(p)), SimpleNamespace(**p)
    return {"serum": rates.serum_mmol_per_l(s, q), "urine": rates.urine(s, q)}


def _filters(number: int, seed: int) -> Any:
    """Filtration of people over that of the typical one."""
    return np.exp(FILTRATION_LOG_SD * stream(seed, "filtration").standard_normal(number))


def crowd_predictions(body: Body) -> dict[str, float]:
    """Return what crowds say for rows of ``model/targets.csv``; an interval of people is compared by its middle."""
    healthy = crowd(body)["serum"]
    low = float(np.mean(healthy < LOW_MMOL_PER_L))
    found = {"MG015": float(np.median(healthy)), "MG016": float(np.median(healthy))}
    row = body_effect("BE-PPI")
    share = float(np.mean(crowd(body, factors={row.factor: row.value})["serum"] < LOW_MMOL_PER_L))
    found |= dict.fromkeys(("MG149", "MG150"), (share / (1 - share)) / (low / (1 - low)))
    for (name, ml_min), keys in SHARES_LOW.items():
        factors = {body_effect(name).factor: body_effect(name).value} if name else {}
        serum = crowd(body, filtration=ml_min / YOUNG_ML_MIN, factors=factors)["serum"]
        found |= dict.fromkeys(keys, float(np.mean(serum < DEFICIENT_MMOL_PER_L)))
    found |= _spread(body)
    extra = OXIDE_LAXATIVE_MG / MG_PER_MMOL
    for filtration, plain, laxative in ((20, "MG232", "MG235"), (45, "MG233", "MG236"), (75, "MG234", "MG237")):
        share = filtration / YOUNG_ML_MIN
        found[plain] = float(np.mean(crowd(body, filtration=share)["serum"] >= HIGH_MMOL_PER_L))
        more = crowd(body, filtration=share, extra_mmol_per_day=extra)
        found[laxative] = float(np.mean(more["serum"] >= HIGH_MMOL_PER_L))
    return found


def _spread(body: Body) -> dict[str, float]:
    """Lu 2002: how clearance varies between women with pre-eclampsia: 4 g of sulfate, then 1 g an hour."""
    woman = pregnant(body, PRE_ECLAMPSIA_FILTRATION, 0.77)
    p = with_factors(woman.p, people_at(people(NUMBER)))
    filters = _filters(NUMBER, 1)
    p |= {name: p[name] * filters for name in ("gfr_l_per_day", "gfr_relative")}
    path = sulfate(woman, p, 4, 1, [0.0, 24 * HOUR], begin=settled(p))
    clearance = SULFATE_MMOL_PER_G / (path.serum[-1] - path.serum[0])
    return {"MG132": float(np.std(clearance) / np.mean(clearance))}
