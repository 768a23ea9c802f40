"""What a virtual trial is: arms, days, allocation, endpoint, luck; from Python or from a TOML file, checked alike.

    [people]                     [arms.control]            [arms.citrate]
    number = 60                                            salt = "citrate"
                                                           elemental_mg = 150
    days = 84                                              times_per_day = 2

The dose of an arm is research, not advice: no rule of safety is asked. An arm that is not taken by mouth is refused.
``python -m magnes.population.trial_spec > src/magnes/population/trial-1.0.schema.json`` writes the schema.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator

from magnes.errors import Problems
from magnes.estimate import Record
from magnes.person import ADULT_YEARS, Sex
from magnes.population.people import MedicineUse
from magnes.population.pool import EXAMPLES, Eating
from magnes.readers.spec_toml import OralSalt, checked, read_spec, spec_schema, wrong_field

__all__ = [
    "SCHEMA_FILE",
    "Design",
    "Dose",
    "Endpoint",
    "PeopleSpec",
    "PowerSpec",
    "TrialSpec",
    "design_of",
    "read_trial",
    "schema",
]

Endpoint = Literal["serum", "urine_24h", "balance"]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
VERSION = "1.0"
SCHEMA_FILE = f"trial-{VERSION}.schema.json"
Age = Annotated[int, Field(ge=0, le=120)]
Bmi = Annotated[float, Field(ge=8, le=120, allow_inf_nan=False)]
NOTHING = {"type": "object", "maxProperties": 0}  # how a file says that an arm takes nothing: TOML knows no null
MOST_ARMS = 6


def _by_mouth(route: str) -> str:
    if route != "oral":
        raise wrong_field("trial_not_oral", found=route, accepted="oral")
    return route


@dataclass(frozen=True)
class Dose:
    """A salt by mouth: ``elemental_mg`` magnesium at each of ``times_per_day`` takings, with the meals.

    Checked with the rest of the trial, so that all problems are told at once.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    salt: OralSalt
    elemental_mg: Annotated[float, Field(ge=1, le=2000, allow_inf_nan=False)]
    times_per_day: Annotated[int, Field(ge=1, le=4)] = 1
    route: Annotated[str, AfterValidator(_by_mouth)] = "oral"

    @property
    def mg_per_day(self) -> float:
        """Elemental magnesium of a day [mg]."""
        return self.elemental_mg * self.times_per_day


class Design(Record):
    """A trial but for its people.

    ``arms``: the first is the one that the others are compared with; ``None`` takes nothing. ``days``: of treatment, in
    a crossover of each period. ``allocation``: by chance alone ("simple"), in blocks, or in blocks within each sex;
    ``ratio``: people in each arm, equal unless given. ``measure_days``: days of a period on which is measured; day 0 is
    always, the last one decides. ``assay_error``: relative SD of one value around the person's mean, measurement and
    day together; ``None``: that of the table of laboratory tests. ``adherence``: share of days on which the dose is
    taken, mean and SD between people. ``dropout_per_month``: chance of leaving. ``serum_between_mmol_per_l``: enrolled
    is who has a measured serum in this range, at most ``enrol`` people.
    """

    arms: dict[str, Dose | None]
    days: Annotated[int, Field(ge=1, le=3650)] = 180
    design: Literal["parallel", "crossover"] = "parallel"
    washout_days: Annotated[int, Field(ge=0, le=3650)] = 28
    allocation: Literal["simple", "blocks", "sex"] = "blocks"
    ratio: tuple[Annotated[int, Field(ge=1, le=10)], ...] | None = None
    endpoint: Endpoint = "serum"
    measure_days: tuple[Annotated[int, Field(ge=0)], ...] = ()
    assay_error: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    adherence: Share = 1.0
    adherence_sd: Annotated[float, Field(ge=0, lt=0.5, allow_inf_nan=False)] = 0.0
    dropout_per_month: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.0
    serum_between_mmol_per_l: tuple[float, float] | None = None
    enrol: Annotated[int, Field(ge=2)] | None = None
    seed: Annotated[int, Field(ge=0)] = 1

    @field_validator("arms", mode="before")
    @classmethod
    def _nothing_taken(cls, arms: Any) -> Any:
        if not isinstance(arms, Mapping):
            return arms
        plain = {name: asdict(dose) if isinstance(dose, Dose) else dose for name, dose in arms.items()}
        return {name: dose or None for name, dose in plain.items()}

    @field_validator("arms")
    @classmethod
    def _arms_to_compare(cls, arms: dict[str, Dose | None]) -> dict[str, Dose | None]:
        if not 2 <= len(arms) <= MOST_ARMS:
            raise wrong_field("trial_arms", found=len(arms), accepted=f"2 … {MOST_ARMS}")
        return arms

    @field_validator("ratio")
    @classmethod
    def _ratio_of_the_arms(cls, ratio: tuple[int, ...] | None, info: ValidationInfo) -> tuple[int, ...] | None:
        arms, crossover = info.data.get("arms"), info.data.get("design") == "crossover"
        if ratio is not None and (crossover or (arms is not None and len(ratio) != len(arms))):
            accepted = "-" if crossover or arms is None else str(len(arms))
            raise wrong_field("trial_ratio", found=len(ratio), accepted=accepted)
        return ratio

    @field_validator("measure_days")
    @classmethod
    def _days_of_the_trial(cls, measure_days: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        last = info.data.get("days", max(measure_days, default=0))
        if late := [day for day in measure_days if day > last]:
            raise wrong_field("number_range", found=late[0], accepted=f"0 … {last} d")
        return measure_days

    @field_validator("assay_error")
    @classmethod
    def _error_of_the_endpoint(cls, error: float | None, info: ValidationInfo) -> float | None:
        if error and info.data.get("endpoint") == "balance":
            raise wrong_field("trial_balance_error", found=error, accepted="0")
        return error

    @field_validator("adherence_sd")
    @classmethod
    def _within_shares(cls, sd: float, info: ValidationInfo) -> float:
        mean = info.data.get("adherence")
        if sd and mean is not None and sd**2 >= mean * (1 - mean):
            raise wrong_field("number_range", found=sd, accepted=f"0 … {(mean * (1 - mean)) ** 0.5:.3g}")
        return sd

    @property
    def visits(self) -> tuple[int, ...]:
        """Days of a period on which is measured, the first and the one that decides among them."""
        return tuple(sorted({0, *self.measure_days})) if any(self.measure_days) else (0, self.days)


def design_of(arms: Mapping[str, Dose | None], **fields: Any) -> Design:
    """Check a design. Raises ``InputProblems`` with everything that is wrong with it."""
    return checked(Design, {"arms": arms, **fields}, Problems(), {})


class PeopleSpec(Record):
    """Who takes part: how many to draw, and like whom: "examples" or the folder of a survey.

    ``ages`` and ``bmi`` [kg/m2] are from and to, both included; ``egfr_from`` [mL/min/1.73 m2];
    ``intake``: "usual" or "recalled", as of ``pool_like``; ``mean_intake_mg``: it is scaled to this mean of magnesium
    from food [mg/d].
    ``each_own_parameters``: people also differ by the parameter sets that fit the published experiments.
    """

    number: Annotated[int, Field(ge=4, le=1_000_000)] = 100
    like: str = EXAMPLES
    seed: Annotated[int, Field(ge=0)] = 1
    ages: tuple[Age, Age] = (ADULT_YEARS, 120)
    sex: Sex | None = None
    bmi: tuple[Bmi, Bmi] | None = None
    egfr_from: Annotated[float, Field(ge=0, le=250, allow_inf_nan=False)] | None = None
    diabetes: bool | None = None
    intake: Eating | None = None
    mean_intake_mg: Annotated[float, Field(ge=50, le=2000, allow_inf_nan=False)] | None = None
    medicines: tuple[MedicineUse, ...] = ()
    each_own_parameters: bool = True


class PowerSpec(Record):
    """Power for ``people`` in all; without it the smallest number that reaches ``target`` is sought.

    ``pool``: virtual people that every simulated trial draws from.
    """

    people: Annotated[int, Field(ge=4, le=100_000)] | None = None
    target: Annotated[float, Field(gt=0.05, lt=1)] = 0.8
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    pool: Annotated[int, Field(ge=50, le=100_000)] = 500
    trials: Annotated[int, Field(ge=50, le=100_000)] = 1000


class TrialSpec(Design):
    """A trial as a file tells it."""

    title: str = ""
    people: PeopleSpec = PeopleSpec()
    power: PowerSpec = PowerSpec()

    @property
    def plan(self) -> dict[str, Any]:
        """The fields of the design by name."""
        return {name: getattr(self, name) for name in Design.model_fields}


def read_trial(path: str | Path) -> TrialSpec:
    """Read a trial from a TOML file. Raises ``InputProblems`` with every problem, its line and the nearest word."""
    return read_spec(path, TrialSpec)[0]


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a trial file."""
    body = spec_schema(TrialSpec, "trial", VERSION)
    body["properties"]["arms"]["additionalProperties"]["anyOf"].append(NOTHING)
    return body


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
