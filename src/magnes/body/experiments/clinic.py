"""Medicines and conditions in one typical body; the factors stand in ``medicines/`` and ``conditions/``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from magnes.body import rates
from magnes.body.effects import at_share, body_effect, with_factors
from magnes.body.experiments.base import MG_PER_MMOL, Body, Path, Prediction, experiment
from magnes.body.experiments.tracers import POOLS
from magnes.body.gut import Sittings
from magnes.body.size import LITRES_PER_DAY, SURFACE_M2, reference_size
from magnes.body.solve import Change

__all__ = [
    "crossing",
    "factors_of",
    "filtering",
    "first_day_urine",
    "in_steps",
    "net_absorption",
    "serum_after",
    "treated",
]

YEAR = 365.0
FADING_STEP = 3.5  # days
THIAZIDE, LOOP, PPI, DIABETES = "BE-THIAZIDE", "BE-LOOP", "BE-PPI", "BE-DIABETES"
ML_MIN = {
    "CKD 4": 22.0,
    "all stages": 40.0,
    "transplant": 50.0,
    "dialysis": 5.0,
}  # working points of populations without a mean eGFR


def factors_of(*keys: str, side: str = "value", share: float = 1.0) -> dict[str, float]:
    """Factors of effects by parameter; ``share`` of them on the log scale, for a lower dose."""
    found: dict[str, float] = {}
    for key in keys:
        row = body_effect(key)
        found[row.factor] = found.get(row.factor, 1.0) * getattr(row, side) ** share
    return found


def treated(body: Body, factors: Mapping[str, Any], sittings: Sittings | None = None) -> dict[str, Any]:
    """Parameters with factors, on the reference diet or another."""
    changed = with_factors(body.p, factors)
    diet = sittings or Sittings.meals(body.p["reference_intake_mmol_per_day"])
    return body.eating(diet, **{name: changed[name] for name in factors})


def in_steps(until_days: float, step_days: float, parameters: Callable[[float], Mapping[str, Any]]) -> list[Change]:
    """Parameters that change with the days, in steps: each holds those of its middle."""
    return [Change(day, parameters(day + step_days / 2)) for day in np.arange(0.0, until_days, step_days).tolist()]


def net_absorption(body: Body, factors: Mapping[str, Any], days: float) -> Any:
    """Absorbed less lost with the bowel, over what is eaten, after some time with factors."""
    path = body.follow(treated(body, factors), [0.0, days])
    net = path.of(rates.absorbed_in_a_day) - path.of(rates.gut_loss)
    return net[-1] / body.p["reference_intake_mmol_per_day"]


def serum_after(body: Body, factors: Mapping[str, Any], days: float = YEAR) -> Any:
    """Serum after some time with factors."""
    return body.follow(treated(body, factors), [0.0, days]).serum[-1]


def first_day_urine(body: Body, factors: Mapping[str, Any]) -> Any:
    """Urine of the first day with factors over that of a day without."""
    days = (body.follow(p, [0.0, 1.0]).states["urine"][-1] for p in (treated(body, factors), body.p))
    changed, plain = days
    return changed / plain


def filtering(ml_min: float, body: Body) -> dict[str, Any]:
    """Return factors for a filtration [mL/min/1.73 m2] of the reference adult."""
    own = ml_min * LITRES_PER_DAY * reference_size().surface_m2 / SURFACE_M2
    share = own / body.values["gfr_l_per_day"]
    return {"gfr_l_per_day": share, "gfr_relative": share}


def crossing(x: Any, rising: Any, level: Any) -> Any:
    """Place where a rising series (first axis) passes a level; arrays over parameter sets in the last axis."""
    flat = np.asarray(rising).reshape(len(rising), -1)
    levels = np.broadcast_to(level, flat.shape[1:])
    found = np.array([np.interp(levels[i], flat[:, i], x) for i in range(flat.shape[1])])
    return found.reshape(np.shape(rising)[1:]) if np.ndim(rising) > 1 else float(found[0])


@experiment("MG148", "MG151", "MG152", "MG153", "MG154", "MG161", "MG162", "MG251", "MG263", "MG268", "MG260")
def users(body: Body) -> Prediction:
    """People on one medicine or with one condition against the same body without it, after a year."""
    before = body.p["serum_mmol_per_l"]

    def change(key: str, days: float = YEAR, share: float = 1.0) -> Any:
        return serum_after(body, factors_of(key, share=share), days) - before

    kidney = filtering(ML_MIN["transplant"], body)
    thiazide, loop, diabetes = change(THIAZIDE), change(LOOP), change(DIABETES)
    return {
        "MG148": change(PPI),
        "MG151": change("BE-H2"),
        "MG152": thiazide,
        "MG153": change(THIAZIDE, share=0.5),
        "MG154": loop,
        "MG161": serum_after(body, kidney | factors_of("BE-CICLOSPORIN")) - serum_after(body, kidney),
        "MG162": diabetes,
        "MG251": diabetes,
        "MG263": 1 + (thiazide + loop) / 2 / before,
        "MG268": change(THIAZIDE, 28),
        "MG260": first_day_urine(body, factors_of(LOOP, share=2.5 / 20)),  # 20 mg does as furosemide 80 mg
    }


@experiment("MG156", "MG157", "MG171", "MG172")
def levels(body: Body) -> Prediction:
    """SGLT2 inhibitors in diabetes (24 weeks); lowest serum on cisplatin (3 weeks); inherited losses."""
    diabetes, both = factors_of(DIABETES), factors_of(DIABETES, "BE-SGLT2")
    return {
        "MG156": serum_after(body, both, 168) - serum_after(body, diabetes, 168),
        "MG157": serum_after(body, factors_of("BE-CISPLATIN-DISTAL", "BE-CISPLATIN-LOOP"), 21),
        "MG171": serum_after(body, factors_of("BE-GITELMAN")),
        "MG172": serum_after(body, factors_of("BE-TRPM6-GUT", "BE-TRPM6-KIDNEY")),
    }


@experiment("MG224", "MG227", "MG252")
def excretion(body: Body) -> Prediction:
    """Fractional excretion after a kidney transplantation, at an eGFR of 50; urine in diabetes."""
    kidney = filtering(ML_MIN["transplant"], body)
    plain, ciclosporin, tacrolimus = (
        body.follow(treated(body, factors), [0.0, YEAR]).of(rates.fractional_excretion)[-1]
        for factors in (kidney, kidney | factors_of("BE-CICLOSPORIN"), kidney | factors_of("BE-TACROLIMUS"))
    )
    diabetic = body.follow(treated(body, factors_of(DIABETES)), [0.0, YEAR]).of(rates.urine)
    return {"MG224": tacrolimus, "MG227": ciclosporin - plain, "MG252": diabetic[-1] / _urine(body)}


def _urine(body: Body) -> Any:
    return body.follow(body.p, [0.0, 1.0]).of(rates.urine)[0]


@experiment("MG167", "MG230", "MG231", "MG239")
def kidneys(body: Body) -> Prediction:
    """Kidney disease, and dialysis with a filtration of 5 mL/min left, as a mean over the week."""
    left = filtering(ML_MIN["dialysis"], body)
    haemo = {**left, **_added("BE-HAEMODIALYSIS", "BE-HAEMODIALYSATE")}
    peritoneal = {**left, **_added("BE-PERITONEAL", "BE-PERITONEAL-DIALYSATE")}
    return {
        "MG167": serum_after(body, filtering(ML_MIN["CKD 4"], body)),
        "MG239": serum_after(body, filtering(ML_MIN["all stages"], body)),
        "MG230": serum_after(body, haemo),
        "MG231": serum_after(body, peritoneal),
    }


def _added(*keys: str) -> dict[str, float]:
    return {body_effect(key).factor: body_effect(key).value for key in keys}


@experiment("MG216", "MG218", "MG219")
def gut_failure(body: Body) -> Prediction:
    """Short bowel; the worse 40 % with the factors of the strong end."""
    keys = ("BE-SHORT-BOWEL-ACTIVE", "BE-SHORT-BOWEL-PASSIVE", "BE-SHORT-BOWEL-TRANSIT")
    path = body.follow(treated(body, factors_of(*keys)), [0.0, YEAR - 1, YEAR])
    worse = factors_of(*keys[:2], side="low") | factors_of(keys[2], side="high")
    return {
        "MG216": path.states["urine"][-1] - path.states["urine"][-2],
        "MG218": path.serum[-1] - path.serum[0],
        "MG219": serum_after(body, worse, 100),
    }


@experiment("MG221", "MG222", "MG264", "MG265", "MG266", "MG267", "MG259")
def parathyroid(body: Body) -> Prediction:
    """PTH into a vein for 12 days (Hulter 1984), FHH and primary hyperparathyroidism (Marx 1978).

    The clearance ratio has total serum below; aldosterone (MG259) plays no part in the model.
    """
    infused = body.follow(treated(body, factors_of("BE-HYPERPARATHYROIDISM")), [0.0, 6.0, 12.0])
    urine = (infused.states["urine"][-1] - infused.states["urine"][-2]) / 6
    fhh = body.follow(treated(body, factors_of("BE-FHH-PTH", "BE-FHH-SETPOINT")), [0.0, YEAR])
    primary = body.follow(treated(body, factors_of("BE-HYPERPARATHYROIDISM")), [0.0, YEAR])
    return {
        "MG221": urine / _urine(body),
        "MG222": infused.serum[-1] - infused.serum[0],
        "MG264": fhh.serum[-1] - fhh.serum[0],
        "MG265": primary.serum[-1] - primary.serum[0],
        "MG266": _clearance_ratio(fhh),
        "MG267": _clearance_ratio(primary),
        "MG259": 1.0,
    }


def _clearance_ratio(path: Path) -> Any:
    return path.of(rates.escaped)[-1] / path.serum[-1]


LOW = 0.70
SEVERE = 0.01  # share of active uptake left: serum falls to 0.35; the median of 64 patients was 0.24 (Janett 2015)


@experiment("MG228", "MG229")
def severe_ppi(body: Body) -> Prediction:
    """Hess 2012: low magnesium on a proton pump inhibitor; days until normal without, until low with it."""
    on, off = treated(body, {"gut_active_factor": SEVERE}), body.p
    before = body.follow(on, [0.0, 5.5 * YEAR]).last()
    days = np.linspace(0, 60, 121)
    stopped = body.follow(off, days, begin=before)
    again = body.follow(on, days, begin=stopped.last())
    return {
        "MG228": crossing(days, np.maximum.accumulate(stopped.serum, axis=0), LOW),
        "MG229": crossing(days, np.maximum.accumulate(-again.serum, axis=0), -LOW),
    }


@experiment("MG258")
def repletion(body: Body) -> Prediction:
    """Dorup 1993: muscle low after years of diuretics and a poor diet; weeks of Mg(OH)2 until nine tenths is back."""
    poor = treated(body, factors_of(THIAZIDE, LOOP), Sittings.meals(100 / MG_PER_MMOL))
    begin = body.follow(poor, [0.0, 3 * YEAR]).last()
    days = np.arange(0.0, 364.0, 7.0)
    mended = treated(body, factors_of(THIAZIDE, LOOP), Sittings.meals((100 + 250) / MG_PER_MMOL))
    muscle = body.follow(mended, days, begin=begin).states["muscle"]
    return {"MG258": crossing(days / 7, (muscle - muscle[0]) / (muscle[-1] - muscle[0]), 0.9)}


DRINKING_MG = 200.0  # of magnesium a day from food while drinking: a working point, no figure was found
STAY_DAYS = 14.0  # of a hospital stay, at whose end MG195 was measured; not in the text seen


@experiment("MG192", "MG193", "MG195")
def alcohol(body: Body) -> Prediction:
    """Flink 1986: exchangeable magnesium of people with alcohol use disorder, and what they keep in 4 weeks without.

    Serum of those who are sober at the end of their stay; the fault of the kidney fades meanwhile.
    """
    row = body_effect("BE-ALCOHOL")
    diet = Sittings.meals(DRINKING_MG / MG_PER_MMOL)
    drinking = body.follow(treated(body, factors_of(row.id), diet), [0.0, 3 * YEAR])
    fading = in_steps(
        28.0, FADING_STEP, lambda day: treated(body, {row.factor: at_share(row, row.share_at(YEAR, day))})
    )
    sober = body.follow(body.p, [0.0, STAY_DAYS, 28.0], begin=drinking.last(), changes=fading)
    exchangeable = sum(drinking.states[name] for name in ("extracellular", "labile"))
    kept = sum(sober.states[name] for name in POOLS)
    return {
        "MG193": (exchangeable[-1] - exchangeable[0]) / 70,
        "MG192": (kept[-1] - kept[0]) / 70,
        "MG195": sober.serum[1] - body.p["serum_mmol_per_l"],
    }
