"""``Person``: who the assessment is about. Values are checked by the reader; ranges here are the last guard."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from magnes.estimate import Record

__all__ = [
    "ADULT_YEARS",
    "CREATININE_UMOL_PER_L_IN_MG_PER_DL",
    "Day",
    "LabResult",
    "Medicine",
    "Person",
    "Sex",
    "Supplement",
    "egfr_ckd_epi_2021",
]

ADULT_YEARS = 18
CREATININE_UMOL_PER_L_IN_MG_PER_DL = 88.42

Sex = Literal["female", "male"]
Clock = dt.time


class Medicine(Record):
    """A medicine as the person names it; ``times`` are clock times of taking, one dose each (``fixed``: never moved).

    ``dose_mg`` is the mass of the substance, ``elemental_mg`` the magnesium in it when the label says so; per taking.
    """

    name: str
    atc: str = ""
    dose_mg: float | None = None
    elemental_mg: float | None = None
    times: tuple[Clock, ...] = ()
    fixed: bool = False


class Supplement(Record):
    """A magnesium supplement. Exactly one of ``elemental_mg`` and ``compound_mg``, per taking."""

    salt: str = ""
    product: str = ""
    elemental_mg: float | None = None
    compound_mg: float | None = None
    times: tuple[Clock, ...] = ()
    fixed: bool = False


class LabResult(Record):
    """A laboratory value as reported. ``load_mg``: the oral elemental dose that a load test began with."""

    test: str
    value: float
    unit: str
    date: dt.date | None = None
    load_mg: Annotated[float, Field(gt=0)] | None = None


class Day(Record):
    """An ordinary day: clock times of waking, meals and bed, and from when until when there is work.

    ``None``: not told. They follow each other around the clock, so that who works at night may sleep by day.
    """

    wakes: Clock | None = None
    breakfast: Clock | None = None
    lunch: Clock | None = None
    dinner: Clock | None = None
    bedtime: Clock | None = None
    work: tuple[Clock, Clock] | None = None


class Person(Record):
    """Facts about one person. Missing is ``None``: nothing is assumed from absence.

    Except where said otherwise: no supplements means that none are taken, unless ``supplements_known`` is false (nobody
    asked). ``egfr_from_creatinine``: computed here, not measured or reported. ``age_in_whole_years``: completed years,
    so that the true age is on average half a year higher. ``diet`` and ``allergies``: ids of the tables; ``dislikes``:
    words for food.
    """

    label: str = ""
    age_years: Annotated[float, Field(ge=0, le=120)]
    age_in_whole_years: bool = False
    sex: Sex
    weight_kg: Annotated[float, Field(gt=0, le=400)] | None = None
    height_cm: Annotated[float, Field(gt=20, le=260)] | None = None
    pregnant: bool = False
    trimester: Literal[1, 2, 3] | None = None
    lactating: bool = False
    egfr_ml_min_1_73m2: Annotated[float, Field(ge=0, le=250)] | None = None
    egfr_from_creatinine: bool = False
    conditions: tuple[str, ...] = ()
    sport_hours_per_week: float | None = None
    authority: str | None = None
    medicines: tuple[Medicine, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    supplements_known: bool = True
    labs: tuple[LabResult, ...] = ()
    diet: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    day: Day = Day()


def egfr_ckd_epi_2021(creatinine_umol_per_l: float, age_years: float, sex: Sex) -> float:
    """Estimated GFR [mL/min/1.73 m²] from serum creatinine [µmol/L], adults only.

    Equation: CKD-EPI 2021, race-free (source key ``INKER21``).

    >>> round(egfr_ckd_epi_2021(80, 50, "female"))
    77
    """
    mg_per_dl = creatinine_umol_per_l / CREATININE_UMOL_PER_L_IN_MG_PER_DL
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = mg_per_dl / kappa
    low, high = min(ratio, 1.0), max(ratio, 1.0)
    return float(142 * low**alpha * high**-1.2 * 0.9938**age_years * factor)
