"""Every key that a row names exists in the table that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from magnes.errors import Problem, nearest
from magnes.estimate import Record
from magnes.knowledge import body_parameters, clinical, eating, indications, ledger, records, targets
from magnes.knowledge.checks.common import atc_codes, every_row, wrong
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import located, sources_of, table

__all__ = ["references_resolve"]

MAGNESIUM = "magnesium"
SIGNED = "acts_on"
NOT_OF_AN_AUTHORITY = ("label", "statement")
Nodes = (ledger.Function, ledger.Sign, ledger.Cause, ledger.Term)

# (record, field) -> records whose id (or name) it may hold
REFERENCES: tuple[tuple[type[Record], str, tuple[type[Record], ...]], ...] = (
    (clinical.Interaction, "acts_on", (ledger.Term,)),
    (clinical.Contraindication, "condition", (clinical.Condition,)),
    (body_parameters.BodyParameter, "targets", (targets.Target,)),
    (body_parameters.Variability, "name", (body_parameters.BodyParameter,)),
    (body_parameters.Variability, "partner", (body_parameters.Variability,)),
    (body_parameters.Variability, "targets", (targets.Target,)),
    (indications.Indication, "statements", (ledger.Statement,)),
    (indications.Indication, "eu_claims", (ledger.EuClaim,)),
    (indications.Indication, "applies_conditions", (clinical.Condition,)),
    (ledger.Cause, "acts_on", (ledger.Term,)),
    (ledger.Cause, "conditions", (clinical.Condition,)),
    (ledger.Cause, "statements", (ledger.Statement,)),
    (ledger.Function, "statements", (ledger.Statement,)),
    (ledger.Function, "eu_claims", (ledger.EuClaim,)),
    (ledger.Sign, "statements", (ledger.Statement,)),
    (ledger.Sign, "indication", (indications.Indication,)),
    (ledger.Link, "from_", Nodes),
    (ledger.Link, "to", Nodes),
    (ledger.Link, "statements", (ledger.Statement,)),
    (ledger.EuClaim, "functions", (ledger.Function,)),
    (ledger.FoodClaim, "statements", (ledger.Statement,)),
    (ledger.Statement, "conflicts", (ledger.Statement,)),
    (ledger.Computation, "statement", (ledger.Statement,)),
    (records.Measure, "basic", (records.Basic,)),
    (eating.FoodUse, "group", (eating.GroupLimit,)),
    (eating.FoodChoice, "group", (eating.GroupLimit,)),
    (eating.FoodSwap, "use", (eating.FoodUse,)),
    (eating.FoodSwap, "choice", (eating.FoodChoice,)),
    (eating.FoodRule, "condition", (clinical.Condition,)),
)


def references_resolve() -> Iterator[Problem]:
    """Find a key that leads nowhere: a text, a source or a rule would silently be missing."""
    for kind, field, kinds in REFERENCES:
        known = set().union(*map(_keys, kinds)) | ({MAGNESIUM} if kind is ledger.Link else set())
        for at in located(kind):
            values = _values(getattr(at.row, field))
            names = tuple(value.lstrip("+-") for value in values) if field == SIGNED else values
            yield from _missing(at, field, names, known)
    authorities = _keys(records.Authority)
    for at in located(records.ReferenceValue):
        if at.row.until is None and at.row.kind not in NOT_OF_AN_AUTHORITY:
            yield from _missing(at, "authority", (at.row.authority,), authorities)
    for kind, field, allowed in _others():
        for at in located(kind):
            yield from _missing(at, field, _values(getattr(at.row, field)), allowed)
    sources = _keys(records.Source)
    for at in every_row():
        yield from _missing(at, "sources", sources_of(at.row), sources)


def _others() -> Iterator[tuple[type[Record], str, set[str]]]:
    """Return references to something that is not the id of a row."""
    codes = atc_codes()
    foods = set(food_table().index)
    yield clinical.Brand, "atc", codes
    yield clinical.Ingredient, "atc", codes
    yield clinical.RxnormProduct, "atc", codes
    yield ledger.Cause, "atc", codes
    yield indications.Indication, "salts", {name for row in table(records.Salt) for name in (row.family, *row.names)}
    yield clinical.Substance, "salt", {row.id for row in table(records.Salt)} | {"unknown"}
    yield records.Authority, "limit_authority", {row.authority for row in table(records.Limit)}
    yield records.Basic, "food", foods
    yield records.Basic, "also", foods
    yield records.Basic, "retention", {row.retention for row in table(records.Retention)}
    groups = {row.group for row in table(records.Basic)}
    yield records.Measure, "group", groups
    eaten = {row.id for row in table(records.Basic)} | {f"water:{row.brand}" for row in table(records.Water)}
    yield eating.FoodUse, "basics", eaten
    yield eating.FoodUse, "groups", groups
    yield eating.FoodChoice, "id", eaten
    yield eating.FoodRule, "atc", codes
    tags = {row.id for row in table(eating.Allergen)} | set(eating.TAGS)
    for field in ("contains", "may_contain", "tags"):
        yield eating.FoodChoice, field, tags
    yield eating.Diet, "excludes", tags
    yield eating.FoodRule, "avoid", tags


def _missing(at: Any, field: str, values: Iterable[str], known: set[str]) -> Iterator[Problem]:
    for value in values:
        if value not in known:
            yield wrong("reference", at, field.rstrip("_"), value, nearest=nearest(value, known))


def _values(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else tuple(value) if isinstance(value, tuple) else ()


@cache
def _keys(kind: type[Record]) -> set[str]:
    field = next(name for name in ("id", "key", "name") if name in kind.model_fields)
    return {getattr(row, field) for row in table(kind)}
