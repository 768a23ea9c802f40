"""Validation of the whole knowledge base: every rule is a function from the tables to problems.

A rule catches what one row alone cannot show; a bad cell of one row is refused by its record when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from magnes.errors import InputProblems, Problem
from magnes.knowledge.checks.bands import age_bands
from magnes.knowledge.checks.claims import conflicts_are_symmetric, verdicts_rest_on_sources
from magnes.knowledge.checks.effects import effects_are_sound
from magnes.knowledge.checks.identity import identifiers_are_unique, names_mean_one_thing
from magnes.knowledge.checks.medicines import near_misses_miss, timing_is_sound, windows_and_terms
from magnes.knowledge.checks.ranges import ranges_are_ordered, units_parse
from magnes.knowledge.checks.references import references_resolve
from magnes.knowledge.checks.salts import formulas_agree
from magnes.knowledge.checks.sources import sources_are_complete
from magnes.knowledge.checks.targets import targets_are_complete
from magnes.knowledge.checks.texts import texts_in_both_languages
from magnes.knowledge.load import located, tables

__all__ = ["RULES", "check_knowledge"]

Rule = Callable[[], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    identifiers_are_unique,
    names_mean_one_thing,
    references_resolve,
    sources_are_complete,
    targets_are_complete,
    texts_in_both_languages,
    units_parse,
    ranges_are_ordered,
    age_bands,
    formulas_agree,
    windows_and_terms,
    near_misses_miss,
    timing_is_sound,
    effects_are_sound,
    conflicts_are_symmetric,
    verdicts_rest_on_sources,
)


def check_knowledge() -> tuple[Problem, ...]:
    """Everything that is wrong with the shipped tables: bad cells first; the other rules only when there are none."""
    cells: list[Problem] = []
    for kind, _ in tables():
        try:
            located(kind)
        except InputProblems as error:
            cells += error.problems
    return tuple(dict.fromkeys(cells or (problem for rule in RULES for problem in rule())))
