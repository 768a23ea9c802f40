"""What a scenario changes, read from a TOML file.

    name = "Bread and water"

    [[change]]
    do = "fortify"            # foods get more: add_mg_per_100g, or add_mg_per_litre for what is drunk
    foods = ["511", "512"]    # codes of the survey, or how they begin
    add_mg_per_100g = 30

    [[change]]
    do = "reformulate"        # foods get another content
    foods = ["511"]
    mg_per_100g = 55

    [[change]]
    do = "swap"               # a share of the grams becomes another food
    foods = ["921"]
    to = "94000100"
    share = 0.2

    [[change]]
    do = "wholegrain"         # the same for white bread
    to = "51201010"
    share = 0.5

    [[change]]
    do = "supplement"         # a share of these people takes it each day, beside what they take; food stays as it is
    sex = "female"
    age_from_years = 51
    share = 0.3
    salt = "citrate"
    mg_per_day = 100          # elemental magnesium

Changes are applied in the order of the file: a later one sees what an earlier one made.
``python -m magnes.population.scenario_spec > src/magnes/population/scenario-1.0.schema.json`` writes the schema.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from magnes.errors import nearest
from magnes.estimate import Record
from magnes.knowledge.foods import food_table
from magnes.person import Sex
from magnes.population.survey import PREFIX
from magnes.readers.spec_toml import OralSalt, read_spec, spec_of_text, spec_schema, wrong_field

__all__ = [
    "SCHEMA_FILE",
    "Change",
    "Fortify",
    "Reformulate",
    "Scenario",
    "SupplementPolicy",
    "Swap",
    "read_scenario",
    "scenario_from",
    "schema",
]

VERSION = "1.0"
SCHEMA_FILE = f"scenario-{VERSION}.schema.json"
WHITE_BREAD = ("511",)  # FNDDS: white bread and rolls
SEXES = {"vrouw": "female", "man": "male"}
CODE_LENGTH = 8
LONGEST_NAME, MOST_CHANGES = 200, 100


def _beginning(code: str) -> str:
    """Return a code, or how it begins, that fits at least one food of the table."""
    if not code.isascii() or not code.isdigit() or not any(known.startswith(code) for known in _codes()):
        raise wrong_field("food_code_unknown", found=code[:LONGEST_NAME], nearest=_near(code, len(code)))
    return code


def _with_magnesium(code: str) -> str:
    """Return the code of one food that has a magnesium value."""
    if code not in _codes():
        raise wrong_field("food_code_unknown", found=code[:LONGEST_NAME], nearest=_near(code, CODE_LENGTH))
    if not _codes()[code]:
        raise wrong_field("food_without_magnesium", found=code)
    return code


def _sex(word: Any) -> Any:
    return SEXES.get(word.casefold(), word.casefold()) if isinstance(word, str) else word


Beginning = Annotated[
    str, AfterValidator(_beginning), WithJsonSchema({"type": "string", "pattern": rf"^\d{{1,{CODE_LENGTH}}}$"})
]
Codes = Annotated[tuple[Beginning, ...], Field(min_length=1)]
Code = Annotated[
    str, AfterValidator(_with_magnesium), WithJsonSchema({"type": "string", "pattern": rf"^\d{{{CODE_LENGTH}}}$"})
]
Share = Annotated[float, Field(gt=0, le=1)]
Age = Annotated[float, Field(ge=0, le=120)]
Added = Annotated[float, Field(gt=0, le=5000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]


class Fortify(Record):
    """Add magnesium to foods; exactly one of the amounts. A litre of what is drunk is taken as a kilogram."""

    do: Literal["fortify"]
    foods: Codes
    add_mg_per_100g: Added | None = None
    add_mg_per_litre: Annotated[Added | None, Field(validate_default=True)] = None

    @field_validator("add_mg_per_litre")
    @classmethod
    def _one_amount(cls, litre: float | None, info: ValidationInfo) -> float | None:
        if "add_mg_per_100g" in info.data:  # it is not when it was refused itself
            amounts = {"add_mg_per_100g": info.data["add_mg_per_100g"], "add_mg_per_litre": litre}
            given = [name for name, amount in amounts.items() if amount is not None]
            if len(given) != 1:
                raise wrong_field("exactly_one", found=", ".join(given), accepted=", ".join(amounts))
        return litre


class Reformulate(Record):
    """Give foods another content of magnesium [mg/100 g]."""

    do: Literal["reformulate"]
    foods: Codes
    mg_per_100g: Annotated[float, Field(ge=0, le=5000)]


class Swap(Record):
    """Turn a share of the grams of foods into another food; ``wholegrain`` means white bread unless told otherwise."""

    do: Literal["swap", "wholegrain"]
    foods: Annotated[Codes, Field(default_factory=tuple, validate_default=True)]
    to: Code
    share: Share

    @field_validator("foods", mode="before")
    @classmethod
    def _white_bread(cls, foods: Any, info: ValidationInfo) -> Any:
        return WHITE_BREAD if foods == () and info.data.get("do") == "wholegrain" else foods


class SupplementPolicy(Record):
    """A share of the people of this sex and age takes ``mg_per_day`` [mg] elemental magnesium as a supplement."""

    do: Literal["supplement"]
    sex: Annotated[Sex | None, BeforeValidator(_sex)] = None
    age_to_years: Age = 120  # last whole year; before the first, which is compared with it
    age_from_years: Age = 0
    share: Share
    salt: OralSalt
    mg_per_day: Annotated[float, Field(ge=1, le=5000)]

    @field_validator("age_from_years")
    @classmethod
    def _before_the_last(cls, age: float, info: ValidationInfo) -> float:
        last = info.data.get("age_to_years", age)
        if age > last:
            raise wrong_field("number_range", found=age, accepted=f"≤ {last:g}")
        return age


Change = Annotated[Fortify | Reformulate | Swap | SupplementPolicy, Field(discriminator="do")]


class Scenario(Record):
    """Changes in the order in which they are applied."""

    name: Name
    change: Annotated[tuple[Change, ...], Field(min_length=1, max_length=MOST_CHANGES)]


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file."""
    return spec_schema(Scenario, "scenario", VERSION)


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario; raises ``InputProblems`` with all problems at once, each with its line and the nearest name."""
    return read_spec(path, Scenario)[0]


def scenario_from(text: str, file: str = "") -> Scenario:
    """Read a scenario from TOML text, as ``read_scenario``."""
    return spec_of_text(text, Scenario, file)[0]


@cache
def _codes() -> dict[str, bool]:
    """Return the codes of the survey's foods, and whether each has a magnesium value."""
    table = food_table()
    known = table.magnesium_mg == table.magnesium_mg
    return {code.removeprefix(PREFIX): bool(known[at]) for code, at in table.index.items() if code.startswith(PREFIX)}


def _near(value: str, length: int) -> tuple[str, ...]:
    """Return the codes, or beginnings of codes of this length, that are most like it."""
    return nearest(value, sorted({code[:length] for code in _codes()}))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
