"""Which reference values and limits hold for a person, by the rules of one authority."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, TypeVar

from magnes.errors import Problems, nearest
from magnes.estimate import Estimate
from magnes.knowledge.load import table
from magnes.knowledge.records import Authority, Limit, ReferenceValue, WithinPersonSd
from magnes.person import Person, Sex

__all__ = [
    "DEFAULT_AUTHORITY",
    "SURVEY_AUTHORITY",
    "References",
    "authority",
    "check_authority",
    "limit_value",
    "reference_estimate",
    "reference_value",
    "references",
    "within_person_sd",
]

DEFAULT_AUTHORITY = "gezondheidsraad-2018"
SURVEY_AUTHORITY = "iom-1997"  # an EAR for all ages from 1 year, and the participants' own country
RECOMMENDED = ("RDA", "RNI", "AI")
ALMOST_A_YEAR = 0.999

Row = TypeVar("Row", ReferenceValue, Limit)


class References(NamedTuple):
    """Values of one person, the rule that they allow, and what had to be left out."""

    rule: Literal["ear", "ai", "none"]
    kind: str
    recommended: ReferenceValue | None
    ear: ReferenceValue | None
    notes: tuple[str, ...]


def authority(name: str) -> Authority:
    """Return the authority with this id; ``KeyError`` for another."""
    rows: dict[str, Authority] = {row.id: row for row in table(Authority)}
    return rows[name]


def check_authority(name: str, field: str = "authority") -> None:
    """Raise ``InputProblems`` on ``field``, with the nearest names, for an authority that the tables do not have."""
    known = [row.id for row in table(Authority)]
    if name not in known:
        problems = Problems()
        problems.add("choice_unknown", field=field, found=name, accepted=", ".join(known), nearest=nearest(name, known))
        problems.stop()


def references(authority_id: str, person: Person) -> References:
    """Find recommended value and average requirement, and which rule they allow; ``KeyError`` for another authority."""
    name = authority(authority_id).id
    found = [(kind, reference_value(name, kind, person)) for kind in RECOMMENDED]
    kind, recommended = next(((kind, row) for kind, row in found if row), ("", None))
    ear = reference_value(name, "EAR", person)
    state = _state(person)
    notes = []
    other_state = state != "" and recommended is not None and recommended.condition != state
    if ear and recommended and ear.condition != recommended.condition:
        ear = None  # a requirement outside pregnancy says nothing about a higher recommendation in it
        other_state = True
    if other_state:
        notes.append(f"no_value_for_{state}")
    if recommended is None:
        notes.append("no_reference_value_at_this_age")
    rule: Literal["ear", "ai", "none"] = "ear" if ear else "ai" if kind == "AI" else "none"
    if rule == "none" and recommended is not None:
        notes.append("no_average_requirement")
    return References(rule, kind, recommended, ear, tuple(notes))


def reference_value(authority_id: str, kind: str, person: Person) -> ReferenceValue | None:
    """Return the current value of one kind for a person.

    A row for pregnancy or lactation goes first; where the authority has none at this age, the general row holds.
    """
    rows = [row for row in table(ReferenceValue) if row.authority == authority_id and row.kind == kind]
    return _choose([row for row in rows if row.until is None], person)


def limit_value(authority_id: str, person: Person) -> tuple[str, Limit | None]:
    """Return the limit authority that goes with an authority, and its limit for this person."""
    name = authority(authority_id).limit_authority
    rows = [row for row in table(Limit) if row.authority == name and row.kind in ("UL", "guidance")]
    return name, _choose(rows, person)


def reference_estimate(row: ReferenceValue | Limit | None) -> Estimate | None:
    """Return a reference value or limit as an estimate [mg/d]; a range keeps its upper end as the bound."""
    if row is None:
        return None
    high = row.mg_per_day_high or row.mg_per_day
    return Estimate(
        value=row.mg_per_day, low=row.mg_per_day, high=high, unit="mg/d", sources=row.sources, verified=row.verified
    )


def _choose(rows: list[Row], person: Person) -> Row | None:
    """Return the row for this sex, age and state; rows with a state go first."""
    state = _state(person)
    # whole years, as surveys have them, span a year: a value counts only when it holds on the first and the last day
    ages = (person.age_years, person.age_years + ALMOST_A_YEAR) if person.age_in_whole_years else (person.age_years,)
    fitting = [
        row
        for row in rows
        if row.sex in (person.sex, "any")
        and all(row.age_low_years <= age < (row.age_high_years or math.inf) for age in ages)
        and row.condition in ("", "incl. pregnant/lactating", state)
    ]
    return max(fitting, key=lambda row: bool(state) and row.condition == state, default=None)


def _state(person: Person) -> str:
    return "pregnant" if person.pregnant else "lactating" if person.lactating else ""


def within_person_sd(age_years: float, sex: Sex) -> WithinPersonSd | None:
    """Day-to-day SD of a group; the figure that IOM 2000 prints goes before the one computed from NHANES."""
    for row in table(WithinPersonSd):
        if row.sex == sex and row.age_low_years <= age_years < (row.age_high_years or math.inf):
            return row
    return None
