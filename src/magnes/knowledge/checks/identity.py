"""One id, one row; one spelling, one meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from magnes.errors import Problem
from magnes.estimate import Record
from magnes.knowledge import body_parameters, clinical, ledger, people, records
from magnes.knowledge.checks.common import label, wrong
from magnes.knowledge.load import located, tables
from magnes.knowledge.search import name_key

__all__ = ["IDENTITY", "identifiers_are_unique", "names_mean_one_thing"]

# Fields that make a row one of its kind, where that is not its id
IDENTITY: dict[type[Record], tuple[str, ...]] = {
    records.Source: ("key",),
    records.Measure: ("measure_nl", "basic", "group"),
    records.Water: ("code", "brand", "name", "sources"),
    records.Spread: ("table", "group"),
    records.Retention: ("retention", "preparation"),
    records.WithinPersonSd: ("sex", "age_low_years", "basis"),
    records.Parameter: ("name",),
    body_parameters.BodyParameter: ("name",),
    body_parameters.Variability: ("name",),
    people.PersonParameter: ("name",),
    ledger.Term: ("name",),
    ledger.Computation: ("statement", "function", "inputs"),
    clinical.Substance: ("atc",),
    clinical.Brand: ("name",),
    clinical.Ingredient: ("ingredient",),
    clinical.RxnormProduct: ("rxcui", "display"),
}
# Tables whose names a person types, each with its own vocabulary; indications may share one (migraine)
TYPED: tuple[tuple[type[Record], ...], ...] = (
    (clinical.Substance, clinical.Brand),
    (clinical.Condition,),
    (ledger.Function,),
    (ledger.Sign,),
    (ledger.Cause,),
)


def identifiers_are_unique() -> Iterator[Problem]:
    """Find a copied row: the first or the last of two would win in silence."""
    for kind, _ in tables():
        fields = IDENTITY.get(kind, ("id",))
        seen: dict[tuple[Any, ...], tuple[str, int]] = {}
        for at in located(kind):
            key = tuple(getattr(at.row, field) for field in fields)
            if seen.setdefault(key, (at.file, at.line)) != (at.file, at.line):
                accepted = f"{', '.join(fields)}: {seen[key][0]}:{seen[key][1]}"
                yield wrong("duplicate", at, ", ".join(fields), " ".join(map(str, key)), accepted)


def names_mean_one_thing() -> Iterator[Problem]:
    """Find a spelling that two rows of one vocabulary have: which one is meant would depend on the file order."""
    for kinds in TYPED:
        owner: dict[str, str] = {}
        for kind in kinds:
            for at in located(kind):
                row: Any = at.row
                own = row.atc if hasattr(row, "name") else label(row)
                for name in _names(row):
                    if owner.setdefault(name, own) != own:
                        yield wrong("two_meanings", at, "names", name, owner[name])


def _names(row: Any) -> set[str]:
    """Return the spellings of a row; a brand has one."""
    words = (row.name,) if hasattr(row, "name") else (row.name_nl, row.name_en, *row.names)
    return set(map(name_key, words))
