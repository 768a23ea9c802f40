"""What a virtual trial is: arms, days, allocation, endpoint, luck; from Python or from a TOML file, checked alike.

    [people]                     [arms.control]            [arms.citrate]
    number = 60                                            salt = "citrate"
                                                           elemental_mg = 150
    days = 84                                              times_per_day = 2

The dose of an arm is research, not advice: no rule of safety is asked. An arm that is not taken by mouth is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from magnes import toml_lines
from magnes.errors import Problems, nearest
from magnes.estimate import Record
from magnes.knowledge.names import FOOD_SALTS, NOT_ORAL_SALTS, NearNameError, salt_names, salts_named
from magnes.person import ADULT_YEARS, Sex
from magnes.population.pool import EXAMPLES
from magnes.readers.textfile import read_text

__all__ = ["Design", "Dose", "Endpoint", "PeopleSpec", "PowerSpec", "TrialSpec", "checked", "read_trial"]

Endpoint = Literal["serum", "urine_24h", "balance"]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
R = TypeVar("R", bound=Record)
Age = Annotated[int, Field(ge=0, le=120)]
Bmi = Annotated[float, Field(ge=8, le=120, allow_inf_nan=False)]
SALTS_SHOWN = 30
MOST_ARMS = 6


def _wrong(code: str, field: str = "", **facts: Any) -> PydanticCustomError:
    """Return a problem of ours in pydantic's clothes."""
    return PydanticCustomError("magnes", "{code}", {"code": code, "field": field, **facts})


def _oral_salt(salt: str) -> str:
    """Return a salt that people take."""
    try:
        family = salts_named(salt)[0].family
    except NearNameError as error:
        accepted = ", ".join(salt_names()[:SALTS_SHOWN])
        raise _wrong("salt_unknown", found=salt, accepted=accepted, nearest=error.near) from error
    if family in FOOD_SALTS:
        raise _wrong("salt_is_food", found=salt)
    if family in NOT_ORAL_SALTS:
        raise _wrong("salt_not_oral", found=salt)
    return salt


def _by_mouth(route: str) -> str:
    if route != "oral":
        raise _wrong("trial_not_oral", found=route, accepted="oral")
    return route


@dataclass(frozen=True)
class Dose:
    """A salt by mouth: ``elemental_mg`` magnesium at each of ``times_per_day`` takings, with the meals.

    Checked with the rest of the trial, so that all problems are told at once.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    salt: Annotated[str, AfterValidator(_oral_salt)]
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

    @model_validator(mode="after")
    def _fits_together(self) -> Design:
        if not 2 <= len(self.arms) <= MOST_ARMS:
            raise _wrong("trial_arms", "arms", found=len(self.arms), accepted=f"2 … {MOST_ARMS}")
        if self.ratio is not None and (len(self.ratio) != len(self.arms) or self.design == "crossover"):
            accepted = "-" if self.design == "crossover" else str(len(self.arms))
            raise _wrong("trial_ratio", "ratio", found=len(self.ratio), accepted=accepted)
        if late := [day for day in self.measure_days if day > self.days]:
            raise _wrong("number_range", "measure_days", found=late[0], accepted=f"0 … {self.days} d")
        if self.endpoint == "balance" and self.assay_error:
            raise _wrong("trial_balance_error", "assay_error", found=self.assay_error, accepted="0")
        spread = self.adherence * (1 - self.adherence)
        if self.adherence_sd and self.adherence_sd**2 >= spread:
            accepted = f"0 … {spread**0.5:.3g}"
            raise _wrong("number_range", "adherence_sd", found=self.adherence_sd, accepted=accepted)
        return self

    @property
    def visits(self) -> tuple[int, ...]:
        """Days of a period on which is measured, the first and the one that decides among them."""
        return tuple(sorted({0, *self.measure_days})) if any(self.measure_days) else (0, self.days)


class PeopleSpec(Record):
    """Who takes part: how many to draw, and like whom: "examples" or the folder of a survey.

    ``ages`` and ``bmi`` [kg/m2] are from and to, both included; ``egfr_from`` [mL/min/1.73 m2].
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
    problems = Problems(str(path))
    data, lines = toml_lines.load(read_text(Path(path)), problems)
    return checked(TrialSpec, data, problems, lines)


def checked(
    kind: type[R], data: Mapping[str, Any], problems: Problems, lines: Mapping[toml_lines.Path, int] | None = None
) -> R:
    """Return the record of these fields, or raise ``InputProblems`` with everything that pydantic found."""
    try:
        return kind.model_validate(dict(data))
    except ValidationError as error:
        for one in error.errors(include_url=False):
            _add(kind, one, problems, dict(lines or {}))
    problems.stop()
    raise AssertionError  # an error always makes a problem


def _add(kind: type[Record], one: Any, problems: Problems, lines: dict[toml_lines.Path, int]) -> None:
    """Turn an error of pydantic into a problem with line, field, what was found and what is accepted."""
    context: dict[str, Any] = dict(one.get("ctx", {}))
    path: toml_lines.Path = tuple(one["loc"])
    name = one["type"]
    if name == "magnes":
        code, field = context.pop("code"), context.pop("field")
        path = (*path, field) if field else path
    elif name in ("missing", "missing_argument"):
        code, context = "field_missing", {}
    elif name in ("extra_forbidden", "unexpected_keyword_argument"):
        known = _fields(kind, path[:-1])
        code = "field_unknown"
        context = {"accepted": ", ".join(known), "nearest": nearest(str(path[-1]), known)}
    elif name == "literal_error":
        words = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        code = "choice_unknown"
        context = {"found": one["input"], "accepted": ", ".join(words), "nearest": nearest(str(one["input"]), words)}
    elif {"ge", "gt", "le", "lt"} & set(context):
        code, context = "number_range", {"found": one["input"], "accepted": _bounds(context)}
    elif name.startswith(("float", "int", "finite")):
        code, context = "number_invalid", {"found": one["input"], "accepted": "2" if name.startswith("int") else "0.5"}
    else:
        code, context = "trial_field", {"found": one["input"], "accepted": name.removesuffix("_type")}
    line = toml_lines.line_of(path, lines)
    problems.add(code, line=line, field=".".join(map(str, path)), **context)


def _bounds(context: Mapping[str, Any]) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    return ", ".join(f"{signs[name]} {context[name]:g}" for name in signs if name in context)


def _fields(kind: type[Record], path: toml_lines.Path) -> tuple[str, ...]:
    """Return the fields that are known at a place."""
    if path[:1] == ("arms",):
        return ("salt", "elemental_mg", "times_per_day", "route")
    inner: dict[Any, type[Record]] = {("people",): PeopleSpec, ("power",): PowerSpec}
    return tuple(inner.get(path, kind).model_fields)
