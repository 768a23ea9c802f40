"""Supplementation trials of weeks to months."""

from __future__ import annotations

import numpy as np

from magnes.body import rates
from magnes.body.experiments.base import MG_PER_MMOL, Body, Prediction, experiment
from magnes.body.gut import Sittings


def with_supplement(body: Body, mg_per_day: float, times: int = 3, soluble: float = 1.0) -> Sittings:
    """Add a dissolved supplement, taken with the meals, to the reference diet."""
    food = body.p["reference_intake_mmol_per_day"] / 3
    extra = mg_per_day / MG_PER_MMOL
    taken = [extra / times if i < times else 0.0 for i in range(3)]
    return Sittings(
        (8.0, 12.5, 18.0),
        tuple(food + soluble * mmol for mmol in taken),
        (0.0, 0.0, 0.0),
        (1 - soluble) * extra,
    )


def change(body: Body, mg_per_day: float, weeks: float, times: int = 3, soluble: float = 1.0) -> tuple[float, float]:
    """Change of serum [mmol/L] and of urine [mmol/day] after weeks of a supplement."""
    sittings = with_supplement(body, mg_per_day, times, soluble)
    path = body.follow(body.eating(sittings), np.array([0.0, 7 * weeks - 1, 7 * weeks]))
    urine = path.states["urine"]
    return path.serum[-1] - path.serum[0], urine[-1] - urine[-2] - path.of(rates.urine)[0]


OXIDE_SOLUBLE = 0.3  # salts.csv


@experiment("MG117", "MG118", "MG123", "MG124", "MG125", "MG126", "MG198", "MG202", "MG204")
def trials(body: Body) -> Prediction:
    """Joris 2016, Schutten 2022, Zhang 2016 (365 mg of mixed salts, 65 % soluble: an assumption), Rooney 2020."""
    joris, schutten = change(body, 351, 24), change(body, 450, 24)
    zhang, oxide = change(body, 365, 12, soluble=0.65), change(body, 400, 10, times=1, soluble=OXIDE_SOLUBLE)
    ionised = body.p["ultrafilterable_share"] * body.p["ionised_of_ultrafilterable"]
    return {
        "MG123": joris[0],
        "MG124": joris[1],
        "MG125": schutten[0],
        "MG126": schutten[1],
        "MG117": zhang[0],
        "MG118": zhang[1],
        "MG202": oxide[0] * ionised,
    }


@experiment("MG064")
def oxide(body: Body) -> Prediction:
    """Firoz 2001: extra urine over four days of 10.5 mmol oxide a day, over the dose."""
    sittings = with_supplement(body, 10.5 * MG_PER_MMOL, 3, OXIDE_SOLUBLE)
    path = body.follow(body.eating(sittings), np.array([0.0, 1.0, 4.0]))
    extra = (path.states["urine"][2] - path.states["urine"][1]) / 3 - path.of(rates.urine)[0]
    return {"MG064": extra / 10.5}
