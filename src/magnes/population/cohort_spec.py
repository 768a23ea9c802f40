"""What a cohort is: people, days, what they take before and from day 0 on; from Python or from a TOML file.

    days = 180                     [[medicines]]               [[supplements]]
                                   medicine = "omeprazole"     name = "policy"
    [people]                       share = 0.10                salt = "citrate"
    number = 10_000                source = "USER"             elemental_mg = 100

``python -m magnes.population.cohort_spec > src/magnes/population/cohort-1.0.schema.json`` writes the schema.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from magnes import toml_lines
from magnes.errors import InputProblems, Problems
from magnes.estimate import Record
from magnes.person import ADULT_YEARS, Supplement
from magnes.population.people import MedicineUse, People, Use, medicine_codes, people
from magnes.population.pool import EXAMPLES, OLDEST, Eating, Pool
from magnes.readers.oral_salts import check_salt
from magnes.readers.spec_toml import checked, read_spec, spec_schema

__all__ = ["SCHEMA_FILE", "CohortSpec", "PeopleAsked", "SupplementUse", "check", "read_cohort", "schema", "with_sizes"]

VERSION = "1.0"
SCHEMA_FILE = f"cohort-{VERSION}.schema.json"
MOST_PEOPLE, MOST_DAYS, LARGEST_PART = 1_000_000_000, 3650, 20_000


class PeopleAsked(Record):
    """How many people, and like whom: "examples" or the folder of a survey.

    ``intake``: what stands for a diet, unless said usual intake where the survey can tell it.
    """

    number: Annotated[int, Field(ge=1, le=MOST_PEOPLE)] = 1000
    like: str = EXAMPLES
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    age_from: Annotated[int, Field(ge=0, le=OLDEST)] = ADULT_YEARS
    age_to: Annotated[int, Field(ge=0, le=OLDEST)] = OLDEST
    intake: Eating | None = None
    each_own_parameters: bool = True


class SupplementUse(Use):
    """A supplement that people take every day. ``name`` names the decision who takes it.

    ``begins``: "before", so that bodies are at rest with it, or on day 0. The dose is research, not advice.
    """

    name: str
    salt: str = ""
    elemental_mg: Annotated[float, Field(gt=0, le=5000, allow_inf_nan=False)]
    times: Annotated[tuple[dt.time, ...], Field(min_length=1, max_length=6)] = (dt.time(8),)
    begins: Literal["before", "day_0"] = "day_0"

    @property
    def supplement(self) -> Supplement:
        """As a person takes it."""
        return Supplement(salt=self.salt, elemental_mg=self.elemental_mg, times=self.times)


class CohortSpec(Record):
    """A cohort. ``food_factor``: of the food of each person, eaten from day 0 on. ``part``: people in a file.

    ``mode``: "meals" follows every sitting, "daily" takes the mean of the two recalled days.
    """

    title: str = ""
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 180
    mode: Literal["meals", "daily"] = "meals"
    part: Annotated[int, Field(ge=1, le=LARGEST_PART)] = 2000
    food_factor: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] = 1.0
    people: PeopleAsked = PeopleAsked()
    medicines: tuple[MedicineUse, ...] = ()
    supplements: tuple[SupplementUse, ...] = ()

    @property
    def parts(self) -> int:
        """Number of files."""
        return -(-self.people.number // self.part)

    def people_of(self, part: int, pool: Pool) -> People:
        """Return the people of one part."""
        first = part * self.part
        return people(
            min(self.part, self.people.number - first),
            like=pool,
            seed=self.people.seed,
            first=first,
            medicines=self.medicines,
            each_own_parameters=self.people.each_own_parameters,
        )


def read_cohort(path: str | Path) -> CohortSpec:
    """Read a cohort from a TOML file. Raises ``InputProblems`` with every problem, its line and the nearest word."""
    spec, lines = read_spec(path, CohortSpec)
    check(spec, str(path), lines)
    return spec


def with_sizes(spec: CohortSpec, *, people: int | None, days: int | None) -> CohortSpec:
    """Return the cohort with another number of people or days. Raises ``InputProblems`` beyond what is possible."""
    data = spec.model_dump()
    data["people"]["number"] = spec.people.number if people is None else people
    data["days"] = spec.days if days is None else days
    return checked(CohortSpec, data, Problems(), {})


def check(spec: CohortSpec, file: str = "", lines: dict[toml_lines.Path, int] | None = None) -> None:
    """Raise ``InputProblems`` for names that are not known and for supplements of one name."""
    problems = Problems(file)

    def add(code: str, path: toml_lines.Path, **facts: Any) -> None:
        line = toml_lines.line_of(path, lines or {})
        problems.add(code, line=line, field=".".join(map(str, path)), **facts)

    try:
        medicine_codes(spec.medicines)
    except InputProblems as error:
        for one in error.problems:
            path = ("medicines", int(one.field.split(".")[1]), "medicine")
            add(one.code, path, found=one.found, accepted=one.accepted, nearest=one.nearest)
    names = [use.name for use in spec.supplements]
    for i, use in enumerate(spec.supplements):
        if use.name in names[:i]:
            add("cohort_name_twice", ("supplements", i, "name"), found=use.name)
        if use.salt:  # blank may be anything between oxide and citrate
            check_salt(use.salt, partial(add, path=("supplements", i, "salt")))
    if spec.people.age_from > spec.people.age_to:
        accepted = f"≥ {spec.people.age_from}"
        add("number_range", ("people", "age_to"), found=spec.people.age_to, accepted=accepted)
    problems.stop()


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a cohort file."""
    return spec_schema(CohortSpec, "cohort", VERSION)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
