"""More supplements and diets: rank of salts, plateaus, low serum, single doses, balance, deep depletion."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from magnes.body import rates
from magnes.body.experiments.base import MG_PER_MMOL, Body, Prediction, experiment
from magnes.body.experiments.clinic import crossing, factors_of, filtering, treated
from magnes.body.experiments.depletion import FATEMI_DIET_MMOL, LOAD_DAYS, LOAD_MMOL, months, retention
from magnes.body.experiments.gut import servings, share
from magnes.body.experiments.kidney import PRE_ECLAMPSIA_FILTRATION, infusion, pregnant
from magnes.body.experiments.tracers import label_at, tracer_matrix
from magnes.body.experiments.trials import OXIDE_SOLUBLE, change, with_supplement
from magnes.body.gut import Sittings, absorbed_per_day
from magnes.body.model import MEALS
from magnes.body.solve import Bolus, Change

HALF_PLATEAU = 0.8  # a curve without an end: "plateau" is read where four fifths of the largest rise is there
DOSES_MG = (0.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 800.0, 994.0)  # Zhang 2016: up to 994 mg
WARD_DAYS = (10.0, 28.0)  # of a metabolic ward, after getting used to the diet
INTAKES_MG = (80.0, 120.0, 160.0, 200.0, 240.0, 280.0, 320.0, 360.0)
LOW_SERUM = 0.5  # where the least excretion is read
HOUR = 1 / 24


@experiment("MG065", "MG067")
def ranks(body: Body) -> Prediction:
    """Firoz 2001 and Walker 2003: dissolved salts are absorbed better than oxide (1: they are)."""
    dose = 300 / MG_PER_MMOL
    dissolved, oxide = (absorbed_per_day(Sittings.meals(dose * soluble), body.p) for soluble in (1.0, OXIDE_SOLUBLE))
    better = 1.0 * (dissolved > oxide)
    return {"MG065": better, "MG067": better}


@experiment("MG119", "MG120")
def plateaus(body: Body) -> Prediction:
    """Zhang 2016: the dose from which serum and urine rise little more, after 12 weeks."""
    found = [change(body, dose, 12, soluble=0.65) for dose in DOSES_MG]
    serum, urine = (np.array([np.asarray(pair[i]) for pair in found]) for i in (0, 1))
    return {
        "MG119": crossing(DOSES_MG, serum, HALF_PLATEAU * serum[-1]),
        "MG120": crossing(DOSES_MG, urine, HALF_PLATEAU * urine[-1]),
    }


@experiment("MG121", "MG122")
def weeks_to_plateau(body: Body) -> Prediction:
    """Zhang 2016: weeks until nine tenths of the rise of a year is there, 365 mg a day."""
    days = np.arange(0.0, 365.0, 7.0)
    path = body.follow(body.eating(with_supplement(body, 365, soluble=0.65)), days)
    serum, urine = path.serum - path.serum[0], path.of(rates.urine)
    urine = urine - urine[0]
    return {
        "MG121": crossing(days / 7, np.maximum.accumulate(serum, axis=0), 0.9 * serum[-1]),
        "MG122": crossing(days / 7, np.maximum.accumulate(urine, axis=0), 0.9 * urine[-1]),
    }


@experiment("MG197", "MG198", "MG199", "MG201", "MG204", "MG240", "MG238", "MG262")
def more_trials(body: Body) -> Prediction:
    """Low serum (0.65 and 0.70 before); no rise in 12 weeks; rich diet for 6 days; hydroxide with poor kidneys."""
    diabetic, low = (body.with_anchors(serum_mmol_per_l=level) for level in (0.65, 0.70))
    seven_weeks = low.follow(low.eating(with_supplement(low, 310)), [0.0, 49.0])
    rich = body.follow(body.eating(Sittings.meals(4.5 * 350 / MG_PER_MMOL)), [0.0, 6.0])
    weak = body.follow(treated(body, filtering(30, body)), [0.0, 365.0])
    hydroxide = with_supplement(body, 22.5 * MG_PER_MMOL, 3, OXIDE_SOLUBLE)
    then = body.follow(treated(body, filtering(30, body), hydroxide), [0.0, 56.0], begin=weak.last())
    laxative = with_supplement(body, 600, 3, OXIDE_SOLUBLE)  # 1 g of oxide, a usual dose; not in the text seen
    calcium = [
        body.follow(body.eating(Sittings.meals(mg / MG_PER_MMOL)), [0.0, 30.0]).of(rates.calcium_absorbed)[-1]
        for mg in (250, 810)
    ]
    return {
        "MG197": change(diabetic, 12.3 * MG_PER_MMOL, 16)[0],
        "MG198": change(body, 400, 12)[0],
        "MG199": seven_weeks.serum[-1] - seven_weeks.serum[0],
        "MG201": seven_weeks.states["red_cells"][-1] / seven_weeks.states["red_cells"][0],
        "MG204": rich.serum[-1] - rich.serum[0],
        "MG240": then.states["labile"][-1] / then.states["labile"][0],
        "MG238": body.follow(treated(body, filtering(20, body), laxative), [0.0, 365.0]).serum[-1],
        "MG262": calcium[1] / calcium[0],
    }


@experiment("MG209")
def one_dose(body: Body) -> Prediction:
    """400 mg of citrate on an empty stomach: rise of serum after an hour."""
    start = {**body.rest()}
    path = body.follow(
        body.p, [0.0, HOUR], begin=start, boluses=[Bolus(0.0, "gut_upper", 400 / MG_PER_MMOL)], mode=MEALS
    )
    fasting = body.follow(body.p, [0.0, HOUR], begin=start, mode=MEALS)
    return {"MG209": path.serum[-1] - fasting.serum[-1]}


@experiment("MG210", "MG211")
def kept(body: Body) -> Prediction:
    """Sabatier 2011: absorbed and not in urine; six days, which is not in the text seen."""
    matrix = tracer_matrix(body)
    left = label_at(matrix, 6.0).sum(axis=-1)
    return {key: share(body, servings(126, number)) * left for key, number in (("MG210", 7), ("MG211", 2))}


@experiment("MG102", "MG104")
def balance(body: Body) -> Prediction:
    """Metabolic wards: intake at which, after getting used to it, as much is eaten as is in urine and stool."""
    kept = []
    for mg in INTAKES_MG:
        path = body.follow(body.eating(Sittings.meals(mg / MG_PER_MMOL)), [0.0, *WARD_DAYS])
        lost = sum(path.states[way][2] - path.states[way][1] for way in ("urine", "stool"))
        kept.append(mg / MG_PER_MMOL - lost / (WARD_DAYS[1] - WARD_DAYS[0]))
    zero = crossing(INTAKES_MG, np.array([np.asarray(value) for value in kept]), 0.0)
    return {"MG102": zero, "MG104": zero}


@experiment("MG076", "MG098", "MG105", "MG109", "MG108")
def deep(body: Body) -> Prediction:
    """Depletion: least excretion, calcium and potassium fall, PTH fails, and comes back within minutes of a dose."""
    path = months(body)
    calcium, potassium = path.of(rates.calcium_mmol_per_l), path.of(rates.potassium_mmol_per_l)
    p, u = body.p, path.of(rates.ultrafilterable_mmol_per_l)
    able = rates.magnesium_enough(u, p["secretion_half_mmol_per_l"], p["secretion_steepness"])
    begin = {name: values[4] for name, values in path.states.items()}  # four months
    given = infusion(2, 10 / 60 * HOUR)
    dosed = body.follow(
        {**path.p, **given}, [0.0, 10 / 60 * HOUR], begin=begin, changes=[Change(0.0, {**path.p, **given})]
    )
    hormone = dosed.of(rates.pth)
    child = body.follow(treated(body, factors_of("BE-TRPM6-GUT", "BE-TRPM6-KIDNEY")), np.arange(0.0, 400.0, 20.0))
    return {
        "MG076": path.at(LOW_SERUM, path.serum, path.of(rates.fractional_excretion)),
        "MG098": 1.0 * (calcium[-1] < calcium[0]) * (potassium[-1] < potassium[0]),
        "MG105": child.at(0.25, np.minimum.accumulate(child.serum, axis=0), child.of(rates.calcium_mmol_per_l)),
        "MG109": path.at(0.5, able, path.serum),
        "MG108": 1.0 * (hormone[-1] > hormone[0]),
    }


AGED = 82.0  # middle of 72 to 93 years
DEPLETION_DAYS = np.array([0.0, 3.0, 6.0, 10.0, 15.0, 21.0, 30.0])


@experiment("MG254", "MG255")
def aged(body: Body) -> Prediction:
    """Martin 1990: retention of an intravenous load in women of 72 to 93 years, read where serum is 0.59 and 0.72."""
    woman = body.of_person(AGED, "female")
    low = woman.eating(Sittings.meals(FATEMI_DIET_MMOL))
    path = woman.follow(low, DEPLETION_DAYS)
    retained = []
    for number in range(len(DEPLETION_DAYS)):
        begin = {name: values[number] for name, values in path.states.items()}
        retained.append(np.asarray(retention(woman, low, begin, LOAD_MMOL, LOAD_DAYS)))
    falling = np.minimum.accumulate(path.serum, axis=0)
    return {key: path.at(level, falling, np.array(retained)) for key, level in (("MG254", 0.59), ("MG255", 0.72))}


@experiment("MG129", "MG130", "MG131", "MG027")
def spaces(body: Body) -> Prediction:
    """Lu 2002: two compartments for serum late in pregnancy, fluid and labile tissue; slope of ionised on total."""
    p = SimpleNamespace(**pregnant(body, PRE_ECLAMPSIA_FILTRATION, 0.77).p)
    per_serum = p.ultrafilterable_share / p.baseline_ultrafilterable_mmol_per_l
    peripheral: Any = p.labile_mmol * 2 * p.labile_half_square / (1 + p.labile_half_square) * per_serum
    return {
        "MG129": p.magnesium_volume_l * p.ultrafilterable_share,
        "MG130": peripheral,
        "MG131": p.labile_per_day * peripheral / 24,
        "MG027": p.ultrafilterable_share * p.ionised_of_ultrafilterable,
    }
