"""The body at rest: composition, fractions in serum, segments of the kidney."""

from __future__ import annotations

from types import SimpleNamespace

from magnes.body import rates
from magnes.body.baseline import RED_CELLS_L
from magnes.body.experiments.base import MG_PER_MMOL, REFERENCE_KG, Body, Prediction, experiment


@experiment("MG001", "MG002", "MG003", "MG004", "MG005", "MG006", "MG007", "MG008", "MG010", "MG011")
def composition(body: Body) -> Prediction:
    """Where 24 g of magnesium are."""
    s = body.rest()
    bone = s["bone_surface"] + s["bone_crystal"]
    soft = s["labile"] + s["muscle"] + s["red_cells"]
    total = bone + soft + s["extracellular"]
    return {
        "MG001": total,
        "MG002": bone / total,
        "MG003": s["bone_surface"] / bone,
        "MG004": s["bone_surface"] / bone,
        "MG005": s["extracellular"] / total,  # with what exchanges within the hour: the interval is a factor of two
        "MG006": body.p["serum_mmol_per_l"] * body.p["plasma_volume_l"] / total,
        "MG007": s["muscle"] / total,
        "MG008": soft / total,
        "MG010": s["red_cells"] / RED_CELLS_L,
        "MG011": s["red_cells"] / RED_CELLS_L,
    }


@experiment("MG028", "MG029", "MG030", "MG031")
def exchangeable(body: Body) -> Prediction:
    """Compartments that an analysis of tracer curves finds (Avioli 1966)."""
    s = body.rest()
    pool = s["extracellular"] + s["labile"]
    total = sum(s[name] for name in ("bone_surface", "bone_crystal", "muscle", "red_cells")) + pool
    return {
        "MG028": pool / REFERENCE_KG,
        "MG029": pool / total,
        "MG030": s["labile"] / pool,
        "MG031": 0.6931 / body.p["bone_crystal_per_day"],
    }


@experiment("MG013", "MG014", "MG022", "MG023", "MG024", "MG025", "MG026", "MG203", "MG253")
def serum(body: Body) -> Prediction:
    """Fractions in serum."""
    free, ionised = body.p["ultrafilterable_share"], body.p["ionised_of_ultrafilterable"]
    level = body.p["serum_mmol_per_l"]
    return {
        "MG013": level,
        "MG014": level,
        "MG022": free,
        "MG023": free * ionised,
        "MG024": 1 - free,
        "MG025": free * (1 - ionised),
        "MG026": level * free * ionised,
        "MG203": free * ionised,
        "MG253": free,
    }


@experiment("MG053", "MG063", "MG075", "MG078", "MG079", "MG080", "MG081", "MG083", "MG177", "MG217", "MG220", "MG225")
def balance(body: Body) -> Prediction:
    """Balance of the day, and what the kidney does with it."""
    s, p = SimpleNamespace(**body.rest()), SimpleNamespace(**body.p)
    filtered = rates.ultrafilterable_mmol_per_l(s, p)
    urine = rates.urine(s, p)
    return {
        "MG053": (p.baseline_absorbed_mmol_per_day - rates.gut_loss(s, p)) / p.reference_intake_mmol_per_day,
        "MG063": rates.gut_loss(s, p),
        "MG075": rates.fractional_excretion(s, p),
        "MG225": rates.fractional_excretion(s, p),
        "MG078": p.proximal_share,
        "MG079": (1 - p.proximal_share) * rates.loop_share(s, p),
        "MG080": (rates.past_loop(s, p) - rates.escaped(s, p)) / filtered,
        "MG081": filtered * p.gfr_l_per_day,
        "MG083": urine * MG_PER_MMOL,
        "MG177": p.sweat_mmol_per_day,
        "MG217": urine,
        "MG220": urine,
    }
