"""Diets without magnesium: three weeks (Fatemi 1991), months (Shils 1964), years."""

from __future__ import annotations

import numpy as np

from magnes.body import rates
from magnes.body.experiments.base import MG_PER_MMOL, Body, Path, Prediction, experiment
from magnes.body.experiments.tracers import POOLS
from magnes.body.gut import Sittings
from magnes.body.solve import Change

FATEMI_DIET_MMOL = 0.3  # "less than 1 mEq a day"
FATEMI_SERUM = 0.80
LOAD_MMOL, LOAD_DAYS = 7.0, 4 / 24  # 0.1 mmol/kg over 4 hours, the usual test; urine for 24 hours
GULLESTAD_MMOL, GULLESTAD_DAYS = 30.0, 8 / 24


def retention(body: Body, p: dict[str, float], begin: dict[str, float], mmol: float, over_days: float) -> float:
    """Share of an intravenous load that is not in the urine of the next day, beyond the urine without a load."""
    plain = body.follow(p, [0.0, 1.0], begin=begin)
    loaded = body.follow(
        p | {"infusion_mmol_per_day": mmol / over_days}, [0.0, 1.0], begin=begin, changes=[Change(over_days, p)]
    )
    extra = (loaded.states["urine"][-1] - plain.states["urine"][-1]) / mmol
    return 1 - extra  # type: ignore[no-any-return]


@experiment("MG087", "MG088", "MG089", "MG090", "MG091", "MG092", "MG093", "MG077")
def three_weeks(body: Body) -> Prediction:
    """Fatemi 1991: 26 healthy people, serum 0.80 before; red-cell free magnesium follows labile tissue."""
    cohort = body.with_anchors(serum_mmol_per_l=FATEMI_SERUM)
    low = cohort.eating(Sittings.meals(FATEMI_DIET_MMOL))
    path = cohort.follow(low, [0.0, 4.0, 7.0, 21.0])
    calcium, calcitriol = path.of(rates.calcium_mmol_per_l), path.states["calcitriol"]
    return {
        "MG087": path.serum[0],
        "MG088": path.serum[-1],
        "MG089": calcium[-1] - calcium[0],
        "MG090": calcitriol[-1] / calcitriol[0],
        "MG091": path.states["labile"][-1] / path.states["labile"][0],
        "MG092": retention(cohort, cohort.p, cohort.rest(), LOAD_MMOL, LOAD_DAYS),
        "MG093": retention(cohort, low, path.last(), LOAD_MMOL, LOAD_DAYS),
        "MG077": (path.states["urine"][2] - path.states["urine"][1]) / 3,
    }


@experiment("MG115")
def load(body: Body) -> Prediction:
    """Gullestad 1994: 30 mmol over 8 hours in healthy people."""
    return {"MG115": retention(body, body.p, body.rest(), GULLESTAD_MMOL, GULLESTAD_DAYS)}


STABLE_DAYS = 266.0  # the longest of the studies in the abstract, 38 weeks: serum had fallen for months and then stayed


def months(body: Body) -> Path:
    """Shils 1964: tube diet without magnesium."""
    return body.follow(
        body.eating(Sittings.meals(0.3)), np.array([0.0, 30.0, 60.0, 90.0, 120.0, 180.0, STABLE_DAYS, 365.0])
    )


@experiment("MG096", "MG097", "MG099", "MG100", "MG106", "MG187", "MG188", "MG189", "MG190", "MG191")
def long_depletion(body: Body) -> Prediction:
    """Shils 1964 where serum stays; calcium where serum is 0.41 (Rude 1985); what bone and muscle gave in a year."""
    path = months(body)
    begin, year = {name: values[0] for name, values in path.states.items()}, path.last()
    serum = path.serum
    bone = [sum(s[name] for name in ("bone_surface", "bone_crystal")) for s in (begin, year)]
    muscle = [s["muscle"] for s in (begin, year)]
    total = sum(begin[name] for name in POOLS)
    given = bone[0] - bone[1] + muscle[0] - muscle[1]
    return {
        "MG096": serum[6] / serum[0],
        "MG097": path.states["red_cells"][3] / begin["red_cells"],
        "MG099": serum[-1] / serum[0],
        "MG100": path.states["muscle"][4] / begin["muscle"],
        "MG106": path.at(0.41, serum, path.of(rates.calcium_mmol_per_l)),
        "MG187": 1 - bone[1] / bone[0],
        "MG188": (bone[0] - bone[1]) / 70,
        "MG189": 1 - muscle[1] / muscle[0],
        "MG190": (muscle[0] - muscle[1]) / 70,
        "MG191": given / total,
    }


@experiment("MG082", "MG084", "MG104", "MG102")
def diets(body: Body) -> Prediction:
    """Metabolic wards (Nielsen 2016): urine on a poor diet, how soon it follows, intake for balance."""
    poor = body.follow(body.eating(Sittings.meals(200 / MG_PER_MMOL)), np.arange(61.0))
    urine = np.diff(poor.states["urine"], axis=0)
    before, after = poor.of(rates.urine)[0], urine[-1]
    done = (before - urine) / (before - after)
    return {"MG082": urine[-1] * MG_PER_MMOL, "MG084": _first(done, 0.8)}


def _first(rising: np.ndarray, level: float) -> float:
    """Day on which a rising series first passes a level; arrays over parameter sets in the last axis."""
    flat = rising.reshape(len(rising), -1)
    days = np.arange(1, len(rising) + 1)
    found = [np.interp(level, flat[:, i], days) for i in range(flat.shape[1])]
    return np.array(found) if rising.ndim > 1 else float(found[0])  # type: ignore[return-value]
