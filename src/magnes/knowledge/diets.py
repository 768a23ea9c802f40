"""Words of people for diets, allergies and foods they do not like -> ids. Exact for diets and allergies."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from magnes.knowledge.eating import Allergen, Diet, FoodChoice, GroupLimit
from magnes.knowledge.load import data_folder, plain_rows, table
from magnes.knowledge.records import Basic
from magnes.knowledge.search import name_key

__all__ = ["allergen_ids", "allergen_names", "choices_called", "diet_id", "diet_names", "is_food_word"]

# A shorter word must be a whole word of a name: "ei" is not in "prei"
SHORTEST_PART = 4
WORD = re.compile(r"[^\W_]+")
ENDS = ("en", "s", "n", "'s", "es")


def diet_id(word: str) -> str | None:
    """Return the id of a diet from its id or one of its names; ``None`` for another word."""
    return _diets().get(name_key(word))


def diet_names() -> list[str]:
    """Return every word that is accepted for a diet."""
    return list(_diets())


def allergen_ids(word: str) -> tuple[str, ...]:
    """Return the allergens that a word means, all that it may mean: "nuts" are tree nuts and peanuts.

    >>> allergen_ids("noten")
    ('peanut', 'tree-nut')
    """
    return _allergens().get(name_key(word), ())


def allergen_names() -> list[str]:
    """Return every word that is accepted for an allergy."""
    return list(_allergens())


def is_food_word(word: str) -> bool:
    """Whether some everyday food or group of choices is called so."""
    words = _names_of_foods()
    return any(_is_in(word, name) for name in words) or any(_is_in(word, name) for _, name in _group_names())


def choices_called(word: str) -> frozenset[str]:
    """Return ids of the choices that a disliked word may mean: in their name, a synonym, or the name of their group.

    Too many rather than too few: "chocolade" is also the chocolate of milk.
    """
    groups = {group for group, name in _group_names() if _is_in(word, name)}
    return frozenset(
        choice.id
        for choice in table(FoodChoice)
        if choice.group in groups or any(_is_in(word, name) for name in _choice_names()[choice.id])
    )


def _is_in(word: str, name: str) -> bool:
    """Whether a word stands in a name, singular or plural, in a compound when it is long enough.

    >>> _is_in("noten", "walnoot"), _is_in("brood", "volkorenbrood"), _is_in("ei", "prei")
    (False, True, False)
    """
    asked = " ".join(WORD.findall(name_key(word)))
    if not asked:
        return False
    forms = {asked} | {asked.removesuffix(end) for end in ENDS if len(asked.removesuffix(end)) >= SHORTEST_PART}
    words = " ".join(WORD.findall(name_key(name)))
    return any(form in words if len(form) >= SHORTEST_PART else f" {form} " in f" {words} " for form in forms)


@cache
def _diets() -> dict[str, str]:
    return {name_key(name): row.id for row in table(Diet) for name in (row.id, row.name_nl, row.name_en, *row.names)}


@cache
def _allergens() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in table(Allergen):
        for name in dict.fromkeys(map(name_key, (row.id, row.name_nl, row.name_en, *row.names))):
            found[name] += (row.id,)
    return dict(found)


@cache
def _group_names() -> tuple[tuple[str, str], ...]:
    rows = table(GroupLimit)
    return tuple((row.id, name) for row in rows for name in (row.id, row.name_nl, row.name_en, *row.names))


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Every name of an everyday food by its id."""
    found: dict[str, tuple[str, ...]] = {row.id: (row.name_nl, row.name_en) for row in table(Basic)}
    for language in ("nl", "en"):
        for row in plain_rows(data_folder() / "names" / f"{language}.csv"):
            found[row[1]] = (*found.get(row[1], ()), row[0])
    return found


@cache
def _names_of_foods() -> frozenset[str]:
    return frozenset(name for names in _synonyms().values() for name in names)


@cache
def _choice_names() -> dict[str, tuple[str, ...]]:
    return {row.id: _synonyms().get(row.id, (row.id.partition(":")[2],)) for row in table(FoodChoice)}
