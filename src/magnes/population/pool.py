"""Survey people as rows to draw virtual people from: size, kidneys, diabetes and two days of sittings stay together.

Only people whose two recalls are both complete and known: with the survey's weight for two days they stand for all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

import magnes
from magnes.absorption import MEAL_HOURS, OTHER_HOUR, THIRDS, free_share, hour_of
from magnes.body.anchors import anchors
from magnes.diary import Diary, DiaryEntry, resolve
from magnes.errors import InputProblems, Problems
from magnes.intake import sum_by_day
from magnes.kitchen import item_magnesium
from magnes.person import ADULT_YEARS, Person
from magnes.population.days import Days
from magnes.population.survey import food_magnesium
from magnes.population.usual.estimator import UsualIntake
from magnes.population.usual.fit import FEW_REPEATS
from magnes.population.usual.individual import posterior
from magnes.readers.nhanes import DATES, MEALS, Survey, egfr_from_mg_per_dl, read_survey

__all__ = ["EXAMPLES", "HOURS", "OLDEST", "PLACES", "Eating", "Pool", "pool_like", "pool_of"]

Array = NDArray[Any]
EXAMPLES = "examples"  # stands for the participants that ship with the package
HOURS = tuple(sorted({*MEAL_HOURS.values(), *THIRDS, OTHER_HOUR}))
OLDEST = 120
AGE_BANDS = (31, 51, 71)  # the groups of IOM 2000 among adults
PLACES = np.linspace(-4, 4, 33)
Eating = Literal["usual", "recalled"]
GRAM = "g"


@dataclass(frozen=True)
class Pool:
    """Rows of survey people, arrays of one length. Missing weight, height and eGFR are NaN.

    ``free_mg`` (rows, 2 days, ``HOURS``): magnesium of food that can be absorbed; ``bound_mg`` (rows, 2 days): what
    phytate and oxalate hold. ``usual_mg`` (rows, ``PLACES``): what each may usually eat, given both days, at places of
    the standard normal distribution; no columns: two recalled days stand for what is usual. ``left_out``: number of
    people by reason.
    """

    source: str
    seqn: Array
    age_years: Array
    male: Array
    weight_kg: Array
    height_cm: Array
    egfr_ml_min_1_73m2: Array
    diabetes: Array
    survey_weight: Array
    free_mg: Array
    bound_mg: Array
    usual_mg: Array
    left_out: Mapping[str, int]

    @property
    def intake_mg(self) -> Array:
        """Magnesium of food on each day [mg], shape (rows, 2)."""
        return np.asarray(self.free_mg.sum(axis=2) + self.bound_mg)

    def with_intake(self, mg: Array, source: str) -> Pool:
        """Return the same people with their sittings scaled to other totals of each day, shape (rows, 2).

        For usual intake in the place of what was recalled, or for the days of a scenario.
        """
        before = self.intake_mg
        factor = np.divide(mg, before, out=np.ones_like(before), where=before > 0)
        return replace(
            self,
            source=f"{self.source}; {source}",
            free_mg=self.free_mg * factor[..., None],
            bound_mg=self.bound_mg * factor,
            usual_mg=self.usual_mg[:, :0],
        )

    def with_usual(self) -> Pool:
        """Return the same people with what they may usually eat: ``UsualIntake`` by sex and age, and their own days.

        Raises ``InputProblems`` for fewer than ``FEW_REPEATS`` people and for days that tell nothing of what is usual.
        """
        import polars as pl

        problems = Problems()
        if len(self.seqn) < FEW_REPEATS:
            problems.add("pool_few_people", field="people.intake", found=len(self.seqn), accepted=f"{FEW_REPEATS} …")
        problems.stop()
        rows = np.arange(len(self.seqn))
        band = np.searchsorted(AGE_BANDS, self.age_years, side="right")
        kinds = {"male": self.male.astype(float), "age": band.astype(str)}
        told = {name: values for name, values in kinds.items() if len(np.unique(values)) > 1}
        person = {"person": rows, "weight": self.survey_weight, **told}
        columns = {name: np.repeat(values, 2) for name, values in person.items()}
        intake = {"day": np.tile([1, 2], len(rows)), "intake_mg": self.intake_mg.reshape(-1)}
        days = Days.from_frame(pl.DataFrame(columns | intake), weight="weight", covariates=tuple(told))
        who = posterior(days, UsualIntake().fit(days).fit_)
        return replace(
            self,
            source=f"{self.source}; usual intake",
            usual_mg=np.column_stack([who.quantile(float(share)) for share in ndtr(PLACES)]),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of everything in it."""
        found = hashlib.sha256()
        for field in fields(self):
            value = getattr(self, field.name)
            found.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
        return found.hexdigest()


def pool_like(
    like: str | Path | Survey | Pool, ages: tuple[int, int] = (ADULT_YEARS, OLDEST), intake: Eating | None = None
) -> Pool:
    """Return the rows of a survey, of a folder with its files, or (``EXAMPLES``) of those that ship with the package.

    ``intake``: what stands for a diet; unless said usual intake, where ``FEW_REPEATS`` people can tell it. A pool
    is returned as it is. Raises ``InputProblems`` for files that cannot be read and when nobody is left.
    """
    if isinstance(like, Pool):
        return like
    found = _recalled(like, ages)
    usual = intake == "usual" or (intake is None and len(found.seqn) >= FEW_REPEATS)
    return found.with_usual() if usual else found


def _recalled(like: str | Path | Survey, ages: tuple[int, int]) -> Pool:
    if isinstance(like, Survey):
        return pool_of(like, ages, source=f"{Path(like.persons_file).name}, {Path(like.foods_file).name}")
    folder = Path(magnes.__file__).parent / "examples" if like == EXAMPLES else Path(like)
    survey = read_survey(folder)
    told = "25 example participants of NHANES 2007-2010: to try things out, not to say anything of a population"
    return pool_of(survey, ages, source=told) if like == EXAMPLES else _recalled(survey, ages)


def pool_of(survey: Survey, ages: tuple[int, int] = (ADULT_YEARS, OLDEST), *, source: str = "") -> Pool:
    """Take the people of ``ages`` (both included) with two complete days, who are not pregnant.

    Raises ``InputProblems`` when nobody is left.
    """
    persons = survey.persons
    column = {name: persons[name].to_numpy() for name in ("SEQN", "RIAGENDR", "RIDAGEYR", "BMXWT", "BMXHT")}
    yes = {name: (persons[name] == 1).fill_null(False).to_numpy() for name in ("RIDEXPRG", "DIQ010")}
    weight = persons["WTDR2D"].fill_null(0.0).to_numpy()
    sexes = np.where(column["RIAGENDR"] == 1, "male", "female").tolist()
    told = zip(persons["LBXSCR"].to_list(), column["RIDAGEYR"].tolist(), sexes, strict=True)
    egfr = np.array([egfr_from_mg_per_dl(*row) for row in told], dtype=float)
    kept, left_out = np.ones(len(weight), dtype=bool), {}
    for reason, out in {
        "other_age": (column["RIDAGEYR"] < ages[0]) | (column["RIDAGEYR"] > ages[1]),
        "pregnant": yes["RIDEXPRG"],
        "no_two_complete_days": ~np.isfinite(food_magnesium(survey)).all(axis=1),
        "no_weight": ~(weight > 0),
        "no_such_body": ~_possible(persons, egfr),
    }.items():
        left_out[reason] = int((kept & out).sum())
        kept &= ~out
    if not kept.any():
        problems = Problems(survey.persons_file)
        problems.add("pool_empty", found="; ".join(f"{reason} {count}" for reason, count in left_out.items()))
        problems.stop()
    free, bound = _sittings(survey)
    return Pool(
        source=source,
        seqn=column["SEQN"][kept],
        age_years=column["RIDAGEYR"][kept].astype(float),
        male=column["RIAGENDR"][kept] == 1,
        weight_kg=column["BMXWT"][kept].astype(float),
        height_cm=column["BMXHT"][kept].astype(float),
        egfr_ml_min_1_73m2=egfr[kept],
        diabetes=yes["DIQ010"][kept],
        survey_weight=weight[kept],
        free_mg=free[kept],
        bound_mg=bound[kept],
        usual_mg=np.empty((int(kept.sum()), 0)),
        left_out=left_out,
    )


def _possible(persons: Any, egfr: Array) -> Array:
    """Who can be a body at all: size and kidneys as ``anchors`` knows them; children below a year cannot."""
    names = ("RIDAGEYR", "RIAGENDR", "BMXWT", "BMXHT")
    found = []
    for (age, sex, weight, height), filtration in zip(persons.select(names).iter_rows(), egfr.tolist(), strict=True):
        person = Person(
            age_years=age,
            sex="male" if sex == 1 else "female",
            weight_kg=weight,
            height_cm=height,
            egfr_ml_min_1_73m2=None if np.isnan(filtration) else filtration,
        )
        try:
            anchors(person)
        except InputProblems:
            found.append(False)
        else:
            found.append(True)
    return np.array(found, dtype=bool)


def _sittings(survey: Survey) -> tuple[Array, Array]:
    """Free magnesium by day and hour and bound magnesium by day [mg] of all people; as ``absorption.offers`` has it."""
    numbers = survey.persons["SEQN"].to_numpy()
    foods = survey.foods
    order = np.argsort(numbers)
    place = np.searchsorted(numbers, foods["SEQN"].to_numpy(), sorter=order)
    who = order[np.minimum(place, len(order) - 1)]
    ours = numbers[who] == foods["SEQN"].to_numpy()
    mg, free = _per_gram(foods["food_code"].to_numpy())
    mg = (mg * foods["grams"].to_numpy())[ours]
    free = free[ours]
    day = (who * len(DATES) + foods["day"].to_numpy() - 1)[ours]
    occasion = foods["occasion"].to_numpy()[ours]
    size = len(numbers) * len(DATES)
    at_hour = np.zeros((size, len(HOURS)))
    shares = {code: _hours(code) for code in np.unique(occasion).tolist()}
    for i in range(len(HOURS)):
        share = np.array([shares[code][i] for code in occasion.tolist()])
        at_hour[:, i] = sum_by_day(day, np.where(share > 0, mg * free * share, 0.0), size)
    bound = sum_by_day(day, mg * (1 - free), size)
    return at_hour.reshape(len(numbers), len(DATES), -1), bound.reshape(len(numbers), len(DATES))


def _hours(occasion: int) -> list[float]:
    """Shares over ``HOURS`` of what is eaten at an occasion; without a name of a meal the day in three."""
    hours = [hour_of(MEALS[occasion])] if occasion in MEALS else list(THIRDS)
    return [hours.count(hour) / len(hours) for hour in HOURS]


def _per_gram(codes: Array) -> tuple[Array, Array]:
    """Magnesium [mg/g] of each food code, and the share of it that binders leave free; NaN where it is not known."""
    distinct, inverse = np.unique(codes, return_inverse=True)
    found = np.array([_of_code(code) for code in distinct.tolist()])
    return found[inverse, 0], found[inverse, 1]


@cache
def _of_code(code: int) -> tuple[float, float]:
    entry = DiaryEntry(line=1, date=dt.date.min, meal="lunch", food=f"fndds:{code}", amount=100.0, unit=GRAM)
    eaten = resolve(Diary(file="", entries=(entry,)), allow_unmatched=True)
    if not eaten.items:
        return np.nan, np.nan
    (item,) = eaten.items
    return item_magnesium(item)[0].value / 100, free_share(item).value
