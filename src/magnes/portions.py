"""Amounts as people write them -> grams: 2 sneetjes, 1 glas, 200 ml, 1 cup.

A household measure of the food itself goes before one of its group, then the portions of its table, then volumes.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from io import StringIO

from magnes.errors import nearest
from magnes.knowledge.foods import food_table, source_of
from magnes.knowledge.load import data_folder, table
from magnes.knowledge.records import Basic, Measure
from magnes.matching import Candidate, normalise

__all__ = ["Portion", "UnknownUnitError", "portion_grams"]

GRAMS = {"g": 1.0, "gr": 1.0, "gram": 1.0, "grams": 1.0, "kg": 1000.0, "mg": 0.001, "oz": 28.3495}
MILLILITRES = {
    "ml": 1.0,
    "milliliter": 1.0,
    "cl": 10.0,
    "dl": 100.0,
    "l": 1000.0,
    "liter": 1000.0,
    "litre": 1000.0,
}
CUP_ML, FL_OZ_ML = 236.588, 29.5735


@dataclass(frozen=True, slots=True)
class Portion:
    """Grams of an amount, where the weight of the unit comes from, and whether that was read."""

    grams: float
    source: str
    verified: bool


class UnknownUnitError(ValueError):
    """A unit that this food has no weight for; carries what is accepted and what looks like it."""

    def __init__(self, accepted: list[str], near: tuple[str, ...]) -> None:
        super().__init__("unknown unit")
        self.accepted = accepted
        self.near = near


def portion_grams(food: Candidate, basic: Basic | None, amount: float, unit: str) -> Portion:
    """Grams of ``amount`` times ``unit`` of a food.

    Raises ``UnknownUnitError`` when there is no weight for this unit of this food.
    """
    word = normalise(unit)
    if word in GRAMS:
        return Portion(amount * GRAMS[word], "", True)
    if word in MILLILITRES:
        density = _density(food, basic)
        if density is None:
            raise UnknownUnitError(accepted_units(food, basic), ("g",))
        return Portion(amount * MILLILITRES[word] * density, "", True)
    for form in _forms(word):
        portion = _household(form, food, basic)
        if portion:
            return Portion(amount * portion.grams, portion.source, portion.verified)
    accepted = accepted_units(food, basic)
    raise UnknownUnitError(accepted, nearest(unit, accepted))


def accepted_units(food: Candidate, basic: Basic | None) -> list[str]:
    """Every unit that has a weight for this food."""
    units = ["g", *(["ml"] if _density(food, basic) is not None else [])]
    group = basic.group if basic else ""
    for measure in table(Measure):
        fits = measure.basic == food.basic if measure.basic else measure.group in (group, "")
        if fits and food.basic and (measure.basic or measure.group):
            units += [measure.measure_nl, measure.measure_en]
    units += [name for name, _ in _table_portions().get(food.code, ())]
    return list(dict.fromkeys(units))


def _forms(word: str) -> list[str]:
    """Return the word and what may be its singular."""
    ends = ("s", "en", "n", "es", "jes", "tjes")
    singular = [word.removesuffix(end) for end in ends if word.endswith(end) and len(word) > len(end) + 2]
    doubled = [form[:-1] for form in singular if len(form) > 3 and form[-1] == form[-2]]
    return [word, *doubled, *singular]


def _household(word: str, food: Candidate, basic: Basic | None) -> Portion | None:
    measures = _measures().get(word, ())
    group = basic.group if basic else None
    rank = [m for m in measures if m.basic and m.basic == food.basic]
    rank += [m for m in measures if m.group and m.group == group]
    if rank:
        return Portion(rank[0].grams, rank[0].source, rank[0].verified)
    printed = _table_portion(word, food.code)
    if printed is not None:
        return Portion(printed, source_of(food.code), True)
    volume = [m for m in measures if not m.basic and not m.group]
    density = _density(food, basic)
    if volume and density is not None:
        return Portion(volume[0].grams * density, volume[0].source, volume[0].verified)
    return None


def _table_portion(word: str, code: str) -> float | None:
    """Return grams of a portion that the food's own table prints: these words, else the only one that begins so."""
    portions = _table_portions().get(code, ())
    exact = [grams for name, grams in portions if normalise(name) == word]
    if exact:
        return exact[0]
    begins = [grams for name, grams in portions if normalise(name).split(" ")[:1] == [word]]
    return begins[0] if len(begins) == 1 else None


def _density(food: Candidate, basic: Basic | None) -> float | None:
    """Return g/ml: of the everyday food, 1 for water, else from a cup or fluid ounce that the table weighed.

    Where the table's values are per 100 ml, a "gram" of it is a millilitre.
    """
    if food.code.startswith("nevo:") and food_table().food(food.code).flag == "per-100-ml":
        return 1.0
    if basic and basic.density_g_per_ml:
        return basic.density_g_per_ml
    if food.code.startswith("water:"):
        return 1.0
    for name, grams in _table_portions().get(food.code, ()):
        if normalise(name) == "fl oz":
            return grams / FL_OZ_ML
        if normalise(name) == "cup":
            return grams / CUP_ML
    return None


@cache
def _measures() -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = defaultdict(list)
    for measure in table(Measure):
        for name in {normalise(measure.measure_nl), normalise(measure.measure_en)}:
            found[name].append(measure)
    return found


@cache
def _table_portions() -> dict[str, list[tuple[str, float]]]:
    text = (data_folder() / "foods" / "portions.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for code, amount, portion, grams in list(csv.reader(StringIO(text, newline="")))[1:]:
        found[code].append((portion, float(grams) / float(amount)))
    return found
