"""The kidney under intravenous magnesium: threshold, clearance, hormones (replays only, never advice)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from magnes.body import rates
from magnes.body.experiments.base import Body, Path, Prediction, experiment
from magnes.body.solve import Change

THRESHOLD_AT = 1.2  # ultrafilterable mmol/L during the infusion of Rude 1980
SULFATE_MMOL_PER_G = 1 / 0.24648  # MgSO4 heptahydrate
HOUR = 1 / 24


@experiment("MG072", "MG073", "MG074")
def threshold(body: Body) -> Prediction:
    """Reabsorbed per litre of filtrate when the loop is full."""
    s = SimpleNamespace(**body.rest())
    s.extracellular = THRESHOLD_AT * body.p["magnesium_volume_l"]
    p = SimpleNamespace(**body.p)
    kept = THRESHOLD_AT - rates.escaped(s, p)
    s.calcium = s.calcium * 2.75 / 2.36  # primary hyperparathyroidism
    return {"MG072": kept, "MG073": kept, "MG074": THRESHOLD_AT - rates.escaped(s, p)}


MOTHER_AGE = 28.0
PREGNANT_FILTRATION = 1.45
PRE_ECLAMPSIA_FILTRATION = 1.0  # filtration falls back to about that outside pregnancy; from memory, a design choice


def pregnant(body: Body, filtration: float, serum_mmol_per_l: float) -> Body:
    """Return a typical woman late in pregnancy: more filtration and fluid."""
    woman = body.of_person(MOTHER_AGE, "female")
    return woman.with_anchors(
        serum_mmol_per_l=serum_mmol_per_l,
        gfr_l_per_day=woman.values["gfr_l_per_day"] * filtration,
        plasma_volume_l=woman.values["plasma_volume_l"] * 1.3,
        interstitial_volume_l=woman.values["interstitial_volume_l"] * 1.3,
    )


def infusion(grams: float, days: float) -> dict[str, float]:
    """Magnesium sulfate heptahydrate into a vein."""
    return {"infusion_mmol_per_day": grams * SULFATE_MMOL_PER_G / days}


def sulfate(
    woman: Body, p: Mapping[str, Any], load_g: float, hourly_g: float, days: Sequence[float], **begin: Any
) -> Path:
    """Follow a woman on a load over a quarter of an hour and then grams per hour."""
    then = Change(0.25 * HOUR, {**p, **infusion(hourly_g, HOUR)})
    return woman.follow({**p, **infusion(load_g, 0.25 * HOUR)}, days, changes=[then], **begin)


@experiment("MG110", "MG111", "MG112")
def cholst(body: Body) -> Prediction:
    """Cholst 1984: healthy pregnant women, 6 g and then 2 g per hour (dose from memory), serum 0.80 before."""
    woman = pregnant(body, PREGNANT_FILTRATION, 0.80)
    path = sulfate(woman, woman.p, 6, 2, [0.0, 0.5 * HOUR, 3 * HOUR])
    calcium, hormone = path.of(rates.calcium_mmol_per_l), path.of(rates.pth)
    return {"MG110": path.serum[1], "MG111": hormone[1] / hormone[0], "MG112": calcium[2] - calcium[0]}


@experiment("MG114", "MG128", "MG134", "MG135", "MG137", "MG139", "MG140", "MG141", "MG142")
def pre_eclampsia(body: Body) -> Prediction:
    """Magnesium sulfate in pre-eclampsia: 4 or 6 g, then 1 or 2 g per hour; clearance above the own level."""
    woman = pregnant(body, PRE_ECLAMPSIA_FILTRATION, 0.77)
    days = [0.0, 0.5 * HOUR, 12 * HOUR, 24 * HOUR]
    paths = {hourly: sulfate(woman, woman.p, load, hourly, days) for load, hourly in ((4, 1), (6, 2))}
    calcium = paths[2].of(rates.calcium_mmol_per_l)
    rise = paths[2].serum - paths[2].serum[0]
    clearance = 2 * SULFATE_MMOL_PER_G / rise[-1]
    return {
        "MG114": calcium[2] / calcium[0],
        **dict.fromkeys(("MG128", "MG134", "MG137", "MG139"), clearance),
        "MG135": 6 * SULFATE_MMOL_PER_G / rise[1],
        "MG140": woman.p["magnesium_volume_l"] * woman.p["ultrafilterable_share"],
        "MG141": paths[1].serum[2],
        "MG142": paths[2].serum[2],
    }
