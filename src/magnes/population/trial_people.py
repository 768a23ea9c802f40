"""Who may take part: survey people of these ages, sex, weight, kidneys; virtual people are drawn from them."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.errors import InputProblems, Problem
from magnes.population.people import People, people
from magnes.population.pool import Pool, pool_like
from magnes.population.trial_course import LEAST_INTAKE_MG
from magnes.population.trial_spec import PeopleSpec
from magnes.readers.nhanes import Survey

__all__ = ["people_of", "pool_of_spec"]


def people_of(spec: PeopleSpec, like: str | Path | Survey | Pool | None = None, *, number: int | None = None) -> People:
    """Draw the people of a trial; ``like`` and ``number`` stand in for those of ``spec``.

    Raises ``InputProblems`` for a survey that cannot be read and when nobody meets the criteria.
    """
    pool = pool_of_spec(spec, like)
    return people(
        number or spec.number,
        like=pool,
        seed=spec.seed,
        medicines=spec.medicines,
        each_own_parameters=spec.each_own_parameters,
    )


def pool_of_spec(spec: PeopleSpec, like: str | Path | Survey | Pool | None = None) -> Pool:
    """Return the survey people who meet the criteria; who was not measured does not meet a criterion about it."""
    pool = pool_like(spec.like if like is None else like, spec.ages, spec.intake)
    kept: NDArray[np.bool_] = (pool.age_years >= spec.ages[0]) & (pool.age_years <= spec.ages[1])
    kept &= pool.intake_mg.mean(axis=1) >= LEAST_INTAKE_MG
    with np.errstate(invalid="ignore"):
        if spec.sex is not None:
            kept &= pool.male == (spec.sex == "male")
        if spec.diabetes is not None:
            kept &= pool.diabetes == spec.diabetes
        if spec.bmi is not None:
            bmi = pool.weight_kg / (pool.height_cm / 100) ** 2
            kept &= (bmi >= spec.bmi[0]) & (bmi <= spec.bmi[1])
        if spec.egfr_from is not None:
            kept &= pool.egfr_ml_min_1_73m2 >= spec.egfr_from
    if not kept.any():
        raise InputProblems([Problem("pool_empty", field="people", found=str(len(kept)))])
    arrays = {field.name: getattr(pool, field.name) for field in fields(pool)}
    chosen: dict[str, Any] = {name: value[kept] for name, value in arrays.items() if isinstance(value, np.ndarray)}
    found = replace(pool, **chosen)
    if spec.mean_intake_mg is None:
        return found
    mean = float(np.average(found.intake_mg.mean(axis=1), weights=found.survey_weight))
    factor = spec.mean_intake_mg / mean
    scaled = {name: getattr(found, name) * factor for name in ("free_mg", "bound_mg", "usual_mg")}
    return replace(found, source=f"{found.source}; mean intake {spec.mean_intake_mg:g} mg/d", **scaled)
