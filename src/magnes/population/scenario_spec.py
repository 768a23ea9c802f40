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
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from magnes import toml_lines
from magnes.errors import Problems, nearest
from magnes.estimate import Record
from magnes.knowledge.foods import food_table
from magnes.knowledge.names import FOOD_SALTS, NOT_ORAL_SALTS, NearNameError, salt_names, salts_named
from magnes.person import Sex
from magnes.population.survey import PREFIX
from magnes.readers.person_fields import LONGEST_TEXT, Fields
from magnes.readers.textfile import read_text

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
SEXES: dict[str, Sex] = {"female": "female", "male": "male", "vrouw": "female", "man": "male"}
CODE_LENGTH = 8
NUMBERS: dict[str, tuple[float, float, str]] = {
    "add_mg_per_100g": (0.01, 5000, "mg/100 g"),
    "add_mg_per_litre": (0.1, 5000, "mg/L"),
    "mg_per_100g": (0, 5000, "mg/100 g"),
    "mg_per_day": (1, 5000, "mg/d"),
    "share": (0.0001, 1, ""),
    "age_from_years": (0, 120, ""),
    "age_to_years": (0, 120, ""),
}

Codes = Annotated[tuple[Annotated[str, Field(pattern=r"^\d{1,8}$")], ...], Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^\d{8}$")]
Share = Annotated[float, Field(gt=0, le=1)]


class Fortify(Record):
    """Add magnesium to foods; exactly one of the amounts. A litre of what is drunk is taken as a kilogram."""

    do: Literal["fortify"]
    foods: Codes
    add_mg_per_100g: float | None = Field(None, gt=0)
    add_mg_per_litre: float | None = Field(None, gt=0)


class Reformulate(Record):
    """Give foods another content of magnesium [mg/100 g]."""

    do: Literal["reformulate"]
    foods: Codes
    mg_per_100g: float = Field(ge=0)


class Swap(Record):
    """Turn a share of the grams of foods into another food; ``wholegrain`` means white bread unless told otherwise."""

    do: Literal["swap", "wholegrain"]
    foods: Codes = WHITE_BREAD
    to: Code
    share: Share


class SupplementPolicy(Record):
    """A share of the people of this sex and age takes ``mg_per_day`` [mg] elemental magnesium as a supplement."""

    do: Literal["supplement"]
    sex: Sex | None = None
    age_from_years: float = 0
    age_to_years: float = 120  # last whole year
    share: Share
    salt: str
    mg_per_day: float = Field(gt=0)


Change = Annotated[Fortify | Reformulate | Swap | SupplementPolicy, Field(discriminator="do")]


class Scenario(Record):
    """Changes in the order in which they are applied."""

    name: str = Field(min_length=1)
    change: tuple[Change, ...] = Field(min_length=1)


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the TOML file; its ``$id`` is a name, not an address."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:magnes:scenario:{VERSION}",
        "title": f"Magnes scenario {VERSION}",
    }
    return head | {key: value for key, value in Scenario.model_json_schema().items() if key not in head}


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario; raises ``InputProblems`` with all problems at once, each with its line and the nearest name."""
    path = Path(path)
    return scenario_from(read_text(path), str(path))


def scenario_from(text: str, file: str = "") -> Scenario:
    """Read a scenario from TOML text, as ``read_scenario``."""
    problems = Problems(file)
    data, lines = toml_lines.load(text, problems)
    reader = _Reader(data, lines, problems)
    reader.unknown_fields((), data, ("name", "change"))
    name = reader.text(("name",))
    if not name:
        reader.add("field_missing", ("name",))
    if "change" not in data:
        reader.add("field_missing", ("change",), accepted="[[change]]")
    changes = tuple(reader.rows("change", reader.change))
    problems.stop()
    return Scenario(name=name, change=changes)


class _Reader(Fields):
    """The fields of each kind of change."""

    numbers = NUMBERS

    def change(self, path: toml_lines.Path) -> Change | None:
        kinds: dict[str, Callable[[toml_lines.Path], dict[str, Any]]] = {
            "fortify": self._fortify,
            "reformulate": self._reformulate,
            "swap": self._swap,
            "wholegrain": self._swap,
            "supplement": self._supplement,
        }
        word = self.choice((*path, "do"), {name: name for name in kinds})
        if word is None:
            return None
        before = len(self.problems.found)
        facts = {"do": word} | kinds[word](path)
        self.unknown_fields(path, self.get(path), facts)
        if len(self.problems.found) > before:
            return None
        classes: dict[str, type[Fortify | Reformulate | Swap | SupplementPolicy]] = {
            "fortify": Fortify, "reformulate": Reformulate, "swap": Swap, "wholegrain": Swap,
            "supplement": SupplementPolicy,
        }  # fmt: skip
        return classes[word](**facts)

    def _fortify(self, path: toml_lines.Path) -> dict[str, Any]:
        amounts = {name: self.number((*path, name)) for name in ("add_mg_per_100g", "add_mg_per_litre")}
        given = [name for name in amounts if self.get((*path, name)) is not None]
        if len(given) != 1:
            self.add("exactly_one", path, found=", ".join(given), accepted=", ".join(amounts))
        return {"foods": self._foods(path), **amounts}

    def _reformulate(self, path: toml_lines.Path) -> dict[str, Any]:
        return {"foods": self._foods(path), "mg_per_100g": self._needed(path, "mg_per_100g")}

    def _swap(self, path: toml_lines.Path) -> dict[str, Any]:
        white = self.get((*path, "do")) == "wholegrain" and self.get((*path, "foods")) is None
        return {
            "foods": WHITE_BREAD if white else self._foods(path),
            "to": self._code(path),
            "share": self._needed(path, "share"),
        }

    def _supplement(self, path: toml_lines.Path) -> dict[str, Any]:
        sex = None if self.absent((*path, "sex")) else self.choice((*path, "sex"), SEXES)
        ages = {"age_from_years": 0.0, "age_to_years": 120.0}
        for name in ages:
            age = self.number((*path, name))
            ages[name] = ages[name] if age is None else age
        if ages["age_from_years"] > ages["age_to_years"]:
            accepted = f"≤ {ages['age_to_years']:g}"
            self.add("number_range", (*path, "age_from_years"), found=ages["age_from_years"], accepted=accepted)
        return {
            "sex": sex,
            **ages,
            "share": self._needed(path, "share"),
            "salt": self._salt(path),
            "mg_per_day": self._needed(path, "mg_per_day"),
        }

    def _needed(self, path: toml_lines.Path, name: str) -> float | None:
        if self.absent((*path, name)):
            self.add("field_missing", (*path, name))
            return None
        return self.number((*path, name))

    def _foods(self, path: toml_lines.Path) -> tuple[str, ...]:
        """Read codes, or how they begin; each has to fit at least one food of the table."""
        place = (*path, "foods")
        values = self.get(place)
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            code = "field_missing" if values is None else "list_invalid"
            self.add(code, place, found="" if values is None else values, accepted='["511", "51201010"]')
            return ()
        for value in values:
            if not value.isascii() or not value.isdigit() or not any(code.startswith(value) for code in _codes()):
                self.add("food_code_unknown", place, found=value[:LONGEST_TEXT], nearest=_near(value, len(value)))
        return tuple(values)

    def _code(self, path: toml_lines.Path) -> str:
        """Read the code of one food that has a magnesium value."""
        place = (*path, "to")
        value = self.text(place)
        if not value:
            self.add("field_missing", place)
        elif value not in _codes():
            self.add("food_code_unknown", place, found=value, nearest=_near(value, CODE_LENGTH))
        elif not _codes()[value]:
            self.add("food_without_magnesium", place, found=value)
        return value

    def _salt(self, path: toml_lines.Path) -> str:
        place = (*path, "salt")
        salt = self.text(place)
        if not salt:
            self.add("field_missing", place)
            return salt
        try:
            family = salts_named(salt)[0].family
        except NearNameError as error:
            self.add("salt_unknown", place, found=salt, accepted=", ".join(salt_names()[:30]), nearest=error.near)
            return salt
        if family in FOOD_SALTS:
            self.add("salt_is_food", place, found=salt)
        elif family in NOT_ORAL_SALTS:
            self.add("salt_not_oral", place, found=salt)
        return salt


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
