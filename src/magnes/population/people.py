"""Virtual people: survey people drawn by their weights, with medicines, and a body each.

    people(1000, like=folder) -> People      columns as arrays, one place per person

Every decision has a random stream of its own, and person k has number k of each stream: the same person in a part of
any size, on any number of workers, and also after another decision was added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import ndtri

from magnes.body.draws import uniform
from magnes.errors import InputProblems, Problems
from magnes.estimate import Record
from magnes.knowledge.names import asked_medicine
from magnes.person import ADULT_YEARS, Medicine, Person, Sex
from magnes.population.pool import EXAMPLES, OLDEST, PLACES, Eating, Pool, pool_like
from magnes.readers.nhanes import Survey

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MedicineUse", "People", "Use", "medicine_codes", "people"]

Array = NDArray[Any]
DIABETES = "diabetes"  # the survey does not tell type 1 from type 2


class Use(Record):
    """Something that a share of people of this kind takes; ``source``: where that share is from.

    Magnes has no source on how many people use what: the share is the caller's.
    """

    share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    age_from: Annotated[int, Field(ge=0, le=OLDEST)] = 0
    age_to: Annotated[int, Field(ge=0, le=OLDEST)] = OLDEST
    sex: Sex | None = None
    diabetes: bool | None = None
    source: str = "USER"

    def takes(self, drawn: People, decision: str) -> Array:
        """Return who takes it; everybody's luck in this decision stays the same when the share changes."""
        fits = (drawn.age_years >= self.age_from) & (drawn.age_years <= self.age_to)
        if self.sex is not None:
            fits &= drawn.male == (self.sex == "male")
        if self.diabetes is not None:
            fits &= drawn.diabetes == self.diabetes
        return np.asarray(fits & (drawn.uniform(decision) < self.share))


class MedicineUse(Use):
    """A medicine by name or ATC code, taken before day 0 and on."""

    medicine: str


@dataclass(frozen=True)
class People:
    """Virtual people ``first`` to ``first + number``; ``row`` is the place of each in ``pool``.

    ``medicines``: ATC code -> who takes it. ``each_own_parameters``: every body has its own set of the parameters that
    fit the published experiments; otherwise all have the middle one. ``parameter_set``: all share this one.
    """

    pool: Pool
    seed: int
    first: int
    row: Array
    medicines: Mapping[str, Array]
    each_own_parameters: bool = True
    parameter_set: int | None = None

    def __len__(self) -> int:
        return len(self.row)

    @property
    def person(self) -> Array:
        """Numbers of the people, from ``first`` on."""
        return np.arange(self.first, self.first + len(self))

    @property
    def seqn(self) -> Array:
        """Survey number of the person that each was drawn from."""
        return np.asarray(self.pool.seqn[self.row])

    @property
    def age_years(self) -> Array:
        """Age in whole years."""
        return np.asarray(self.pool.age_years[self.row])

    @property
    def male(self) -> Array:
        """Who is male."""
        return np.asarray(self.pool.male[self.row])

    @property
    def weight_kg(self) -> Array:
        """Body weight; NaN where it was not measured."""
        return np.asarray(self.pool.weight_kg[self.row])

    @property
    def height_cm(self) -> Array:
        """Height; NaN where it was not measured."""
        return np.asarray(self.pool.height_cm[self.row])

    @property
    def egfr_ml_min_1_73m2(self) -> Array:
        """Kidney function; NaN where creatinine was not measured."""
        return np.asarray(self.pool.egfr_ml_min_1_73m2[self.row])

    @property
    def diabetes(self) -> Array:
        """Who has diabetes."""
        return np.asarray(self.pool.diabetes[self.row])

    @cached_property
    def eats(self) -> Array:
        """Return what each usually eats over the mean of the two days; 1 where these stand for it.

        Usual intake is drawn from what the days and the whole survey leave possible, so that it spreads as it does
        among people: neither as wide as days do, nor as close together as best guesses.
        """
        usual = self.pool.usual_mg[self.row]
        if usual.shape[1] == 0:
            return np.ones(len(self))
        at = np.clip(np.interp(self.normal("usual intake"), PLACES, np.arange(len(PLACES))), 0, len(PLACES) - 1.000001)
        below, share = at.astype(int), at % 1
        rows = np.arange(len(self))
        mg = usual[rows, below] * (1 - share) + usual[rows, below + 1] * share
        mean = self.pool.intake_mg[self.row].mean(axis=1)
        return np.asarray(np.divide(mg, mean, out=np.ones_like(mg), where=mean > 0))

    @property
    def free_mg(self) -> Array:
        """Food magnesium that can be absorbed, shape (people, 2 days, ``pool.HOURS``)."""
        return np.asarray(self.pool.free_mg[self.row] * self.eats[:, None, None])

    @property
    def bound_mg(self) -> Array:
        """Food magnesium held by binders, shape (people, 2 days)."""
        return np.asarray(self.pool.bound_mg[self.row] * self.eats[:, None])

    @property
    def intake_mg(self) -> Array:
        """Magnesium of food on each of the two days, shape (people, 2)."""
        return np.asarray(self.pool.intake_mg[self.row] * self.eats[:, None])

    def uniform(self, decision: str) -> Array:
        """One number between 0 and 1 per person of a named decision."""
        return uniform(self.seed, decision, self.first, len(self))

    def normal(self, decision: str) -> Array:
        """One standard normal number per person of a named decision."""
        return np.asarray(ndtri(self.uniform(decision)))

    def persons(self) -> list[Person]:
        """Everybody as a ``Person``, without diary."""
        codes = list(self.medicines)
        taken = np.array([self.medicines[code] for code in codes], dtype=bool).reshape(len(codes), len(self)).T
        columns = (self.age_years, self.male, self.weight_kg, self.height_cm, self.egfr_ml_min_1_73m2, self.diabetes)
        rows = zip(*(column.tolist() for column in columns), taken.tolist(), strict=True)
        return [
            Person(
                label="",
                age_years=age,
                age_in_whole_years=True,
                sex="male" if male else "female",
                weight_kg=_known(weight),
                height_cm=_known(height),
                egfr_ml_min_1_73m2=_known(egfr),
                conditions=(DIABETES,) if diabetes else (),
                medicines=tuple(Medicine(name=code, atc=code) for code, has in zip(codes, own, strict=True) if has),
                supplements_known=False,
            )
            for age, male, weight, height, egfr, diabetes, own in rows
        ]

    def frame(self) -> pl.DataFrame:
        """Return one row per person; missing is null."""
        import polars as pl

        sex = np.where(self.male, "male", "female")
        columns = {
            "person": self.person.astype(np.int64),
            "seqn": self.seqn.astype(np.int64),
            "age_years": self.age_years.astype(np.int16),
            "sex": pl.Series(sex.tolist(), dtype=pl.String),
            "weight_kg": self.weight_kg.astype(np.float32),
            "height_cm": self.height_cm.astype(np.float32),
            "egfr_ml_min_1_73m2": self.egfr_ml_min_1_73m2.astype(np.float32),
            "diabetes": self.diabetes,
            **{f"takes_{code}": taken for code, taken in self.medicines.items()},
            **{f"food_day{i + 1}_mg": self.intake_mg[:, i].astype(np.float32) for i in range(2)},
        }
        return pl.DataFrame(columns).with_columns(pl.col(pl.Float32).fill_nan(None))


def people(
    number: int,
    *,
    like: str | Path | Survey | Pool = EXAMPLES,
    seed: int = 1,
    first: int = 0,
    medicines: Sequence[MedicineUse] = (),
    ages: tuple[int, int] = (ADULT_YEARS, OLDEST),
    intake: Eating | None = None,
    each_own_parameters: bool = True,
) -> People:
    """Draw ``number`` people from ``first`` on: rows of the survey by their weights, with replacement.

    ``like``: a survey, the folder of one, a pool made before, or the few participants that ship with the package.
    ``intake``: see ``pool_like``.
    Raises ``InputProblems`` for files, for nobody of these ages, and for medicines that are not known.
    """
    pool = pool_like(like, ages, intake)
    upto = np.cumsum(pool.survey_weight)
    row = np.searchsorted(upto, uniform(seed, "survey person", first, number) * upto[-1], side="right")
    drawn = People(pool, seed, first, np.minimum(row, len(upto) - 1), {}, each_own_parameters)
    return People(pool, seed, first, drawn.row, _medicines(drawn, medicines), each_own_parameters)


def _medicines(drawn: People, uses: Sequence[MedicineUse]) -> dict[str, Array]:
    """Who takes what; a medicine may have several rows, for several kinds of people."""
    taken: dict[str, Array] = {}
    for use, code in zip(uses, medicine_codes(uses), strict=True):
        takes = use.takes(drawn, f"medicine {code}")
        taken[code] = taken[code] | takes if code in taken else takes
    return taken


def medicine_codes(uses: Sequence[MedicineUse]) -> list[str]:
    """ATC code of each. Raises ``InputProblems`` with the nearest names of those that are not known."""
    problems, codes = Problems(), []
    for i, use in enumerate(uses):
        try:
            codes.append(asked_medicine(use.medicine))
        except InputProblems as error:
            problems.found += [replace(problem, field=f"medicines.{i}.medicine") for problem in error.problems]
    problems.stop()
    return codes


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
