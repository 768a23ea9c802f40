"""Numbers that turn a person into a body: sizes by sex and age, and the rules of growth and age."""

from __future__ import annotations

from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Keys, Positive
from magnes.knowledge.records import Parameter

__all__ = ["BodySize", "PersonParameter"]


class PersonParameter(Parameter):
    """A number of the rules that scale the reference adult to a person: ``model/people.csv``."""


class BodySize(Record):
    """Median weight and height of a sex and age band (half-open, in years): ``model/sizes.csv``."""

    id: str
    sex: Literal["female", "male"]
    age_low_years: Positive
    age_high_years: Positive | None = None
    weight_kg: Positive
    height_cm: Positive
    participants: int
    sources: Keys
    verified: Flag
    note: str = ""
