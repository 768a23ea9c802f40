"""People of other age, sex and size, and sweat: the scaled body of ``anchors``."""

from __future__ import annotations

from typing import Any

import numpy as np

from magnes.body.anchors import anchors
from magnes.body.experiments.base import MG_PER_MMOL, Body, Prediction, experiment
from magnes.body.experiments.kidney import PREGNANT_FILTRATION, infusion, pregnant
from magnes.body.size import person_parameter
from magnes.body.solve import Change
from magnes.person import Person

POOLS = ("labile_mmol", "muscle_mmol", "red_cells_mmol", "bone_surface_mmol", "bone_crystal_mmol")
# 41 men in a race of 90 km: 8.1 hours, 2.4 kg drunk and 1.9 kg lost; 8 men walking: 2.07 kg lost
RACE_HOURS, RACE_LITRES, WALK_LITRES, WALK_DAYS = 8.1, 4.3, 2.07, 1.5 / 24
ASTHMA_AGE, ASTHMA_MG_PER_KG = 6.0, 50.0  # dose of sulfate, from memory
PREGNANT_KG = 80.0
HOUR = 1 / 24


@experiment("MG017", "MG018", "MG020", "MG021", "MG242")
def serum_by_age(body: Body) -> Prediction:
    """Serum of healthy people: the anchor of the model, shifted by sex and by nothing else."""
    boy, girl, child, man = (
        body.of_person(*who) for who in ((15, "male"), (15, "female"), (8, "female"), (55, "male"))
    )
    return {
        "MG017": boy.p["serum_mmol_per_l"],
        "MG018": girl.p["serum_mmol_per_l"],
        "MG020": child.p["serum_mmol_per_l"],
        "MG021": man.p["serum_mmol_per_l"],
        "MG242": child.p["serum_mmol_per_l"],
    }


@experiment("MG060")
def growth(body: Body) -> Prediction:
    """Andon 1996: what a girl of 11 years keeps in a day, from her size now and a year later."""
    now, later = (sum(body.of_person(age, "female").values[pool] for pool in POOLS) for age in (11, 12))
    return {"MG060": (later - now) / 365 * MG_PER_MMOL}


@experiment("MG241")
def asthma(body: Body) -> Prediction:
    """Children with asthma: half-life of the rise after sulfate into a vein over 20 minutes, hours 1 to 4 [h]."""
    child = body.of_person(ASTHMA_AGE, "male")
    weight = anchors(Person(age_years=ASTHMA_AGE, sex="male")).size.weight_kg
    given = infusion(ASTHMA_MG_PER_KG * weight / 1000, HOUR / 3)
    path = child.follow({**child.p, **given}, [0.0, HOUR, 4 * HOUR], changes=[Change(HOUR / 3, child.p)])
    rise = path.serum - path.serum[0]
    return {"MG241": 3 * np.log(2) / np.log(rise[1] / rise[2])}


@experiment("MG176", "MG182", "MG184")
def sweat(body: Body) -> Prediction:
    """Ski 90 km, walk for 90 minutes at 49 degrees: sweat alone, no shift of fluid, no fat set free."""
    per_litre = person_parameter("sweat_mmol_per_l").value
    return {
        "MG176": per_litre,
        "MG182": _after(body, RACE_LITRES * per_litre, RACE_HOURS * HOUR),
        "MG184": _after(body, WALK_LITRES * per_litre, WALK_DAYS),
    }


def _after(body: Body, mmol: float, days: float) -> Any:
    """Fall of serum while sweating."""
    path = body.follow({**body.p, "sweat_mmol_per_day": body.p["sweat_mmol_per_day"] + mmol / days}, [0.0, days])
    return path.serum[-1] - path.serum[0]


@experiment("MG144")
def distribution(body: Body) -> Prediction:
    """Volume in which sulfate spreads within hours late in pregnancy [L/kg], for total serum."""
    p = pregnant(body, PREGNANT_FILTRATION, 0.77).p
    return {"MG144": p["magnesium_volume_l"] * p["ultrafilterable_share"] / PREGNANT_KG}
