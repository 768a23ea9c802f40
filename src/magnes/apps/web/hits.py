"""What fits the letters typed so far: foods, medicines, salts, conditions, laboratory tests, units of a food."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from magnes.kitchen import food_magnesium
from magnes.knowledge.clinical import Brand, Condition, Substance
from magnes.knowledge.load import data_folder, plain_rows, table
from magnes.knowledge.names import (
    NearNameError,
    condition_id,
    lab_test,
    lab_test_code,
    medicine_atc,
    salt_names,
    salts_named,
    substance,
)
from magnes.knowledge.records import Salt
from magnes.knowledge.search import plain
from magnes.knowledge.typeahead import TypeAhead
from magnes.matching import Candidate, matcher, normalise
from magnes.portions import UnknownUnitError, accepted_units, portion_grams
from magnes.report.wording import marked
from magnes.text import LANGUAGES, Language, in_language, number, translate

__all__ = ["KINDS", "Hit", "food_hit", "hits", "unit_hits", "warm_up"]

FEW = 3  # hits below which typing errors are looked for
NAMES_PER_HIT = 4  # several names of one thing may fit
OWN, OTHER, BRAND = 3.0, 2.0, 1.0  # names in the language of the user come first, trade names last


class Hit(NamedTuple):
    """One line to choose: what goes into the field, what is shown, and a remark."""

    value: str
    label: str
    note: str


class Name(NamedTuple):
    """A spelling with what it leads to; ``thing``: what other spellings lead to as well."""

    spelling: str
    weight: float
    thing: str
    hit: Hit


def hits(kind: str, text: str, language: Language, limit: int) -> list[Hit]:
    """Return what fits, best first; ``kind``: one of ``KINDS``."""
    if kind == "foods":
        return [food_hit(food, language) for food in matcher().search(text, limit)]
    names, ahead = _index(kind, language)
    key = plain(text)
    found = ahead.find(key, NAMES_PER_HIT * limit)
    if len(found) < FEW:
        found += ahead.misspelt(key, limit)
    things: dict[str, Hit] = {}
    for spelling in found:
        for name in names[spelling]:
            things.setdefault(name.thing, name.hit)
    return list(things.values())[:limit]


@cache
def food_hit(food: Candidate, language: Language) -> Hit:
    """Return a food as a hit; its value is a name that means this food alone, else its code."""
    basic = matcher().basic(food.basic)
    label = in_language(basic, "name", language) if basic else food.name
    match = matcher().match(label)
    sure = match.kind in ("name", "code") and match.food is not None and match.food.code == food.code
    content = food_magnesium(food)
    if content is None:
        return Hit(label if sure else food.code, label, translate("web.search.no_value", language))
    unit = "web.search.per_litre" if content.unit == "mg/L" else "web.search.per_100_g"
    value = number(content.value, language, 1 if 0 < content.value < 10 else 0)
    note = marked(translate(unit, language, value=value), language, verified=content.verified)
    return Hit(label if sure else food.code, label, note)


def unit_hits(food_name: str, text: str, language: Language, limit: int) -> list[Hit]:
    """Return the units that a food has a weight for, those that begin so first; of an unknown food g and ml."""
    match = matcher().match(food_name)
    food = match.food or next(iter(match.candidates), None)
    if food is None:
        return [Hit(unit, unit, "") for unit in ("g", "ml")]
    basic = matcher().basic(food.basic)
    key = normalise(text)
    words = [(unit, normalise(unit)) for unit in accepted_units(food, basic)]
    begins = [unit for unit, word in words if word.startswith(key)]
    holds = [unit for unit, word in words if key in word and unit not in begins]
    found = []
    for unit in [*begins, *holds][:limit]:
        try:
            portion = portion_grams(food, basic, 1.0, unit)
        except UnknownUnitError:  # a table may print a unit twice with different weights
            continue
        grams = number(portion.grams, language, 0 if portion.grams >= 10 else 1)
        note = marked(f"{grams} g", language, verified=portion.verified) if normalise(unit) != "g" else ""
        found.append(Hit(unit, unit, note))
    return found


def warm_up() -> None:
    """Build every index, so that nobody waits for one at the first letter."""
    for language in LANGUAGES:
        for kind in KINDS:
            hits(kind, "ma", language, 1)
    matcher().search("maag", 1)  # three letters and more also ask the entries of the tables


@cache
def _index(kind: str, language: Language) -> tuple[dict[str, list[Name]], TypeAhead]:
    names: dict[str, list[Name]] = {}
    for name in KINDS[kind](language):
        names.setdefault(plain(name.spelling), []).append(name)
    for same in names.values():
        same.sort(key=lambda name: -name.weight)
    return names, TypeAhead((key, same[0].weight) for key, same in names.items())


def _medicines(language: Language) -> Iterator[Name]:
    for row in table(Substance):
        own = in_language(row, "name", language)
        for word in dict.fromkeys((own, row.name_nl, row.name_en, *row.names)):
            if _means(medicine_atc, word, row.atc):
                note = row.atc if word == own else f"{own}, {row.atc}"
                yield Name(word, OWN if word == own else OTHER, row.atc, Hit(word, word, note))
    for brand in table(Brand):
        if _means(medicine_atc, brand.name, brand.atc):
            holds = substance(brand.atc)
            note = f"{in_language(holds, 'name', language)}, {brand.atc}" if holds else brand.atc
            yield Name(brand.name, BRAND, f"{brand.atc} {brand.name}", Hit(brand.name, brand.name, note))


def _salts(language: Language) -> Iterator[Name]:
    own = {in_language(row, "name", language) for row in table(Salt)}
    for word in salt_names():
        rows = salts_named(word)
        contents = sorted(1000 * row.magnesium_mass_fraction for row in rows if row.magnesium_mass_fraction)
        span = dict.fromkeys(number(value, language) for value in (*contents[:1], *contents[-1:]))
        note = translate("web.search.per_1000_mg", language, value="–".join(span)) if span else ""
        things = " ".join(row.id for row in rows)
        yield Name(word, OWN if word in own else OTHER, things, Hit(word, word, note))


def _conditions(language: Language) -> Iterator[Name]:
    for row in table(Condition):
        own = in_language(row, "name", language)
        for word in dict.fromkeys((own, row.name_nl, row.name_en, *row.names)):
            if _means(condition_id, word, row.id):
                shown = own if _means(condition_id, own, row.id) else word
                yield Name(
                    word, OWN if word == own else OTHER, row.id, Hit(shown, shown, "" if word == shown else word)
                )


def _tests(language: Language) -> Iterator[Name]:
    for spelling, test in plain_rows(data_folder() / "names" / "labs.csv"):
        label = translate(f"lab.{test}", language)
        unit = translate(f"unit.{lab_test(test).unit}", language)
        yield Name(spelling, OTHER, test, Hit(spelling, label, f"{spelling}, {unit}"))
        if _means(lab_test_code, label, test):
            yield Name(label, OWN, test, Hit(label, label, unit))


KINDS: dict[str, Callable[[Language], Iterable[Name]]] = {
    "foods": lambda _: (),
    "medicines": _medicines,
    "salts": _salts,
    "conditions": _conditions,
    "tests": _tests,
}


def _means(find: Callable[[str], str | None], word: str, wanted: str) -> bool:
    """Whether the reader of the form will take this word for this thing."""
    try:
        return find(word) == wanted
    except NearNameError:
        return False
