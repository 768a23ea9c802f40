"""Amounts as people write them -> grams: 2 sneetjes, 1 glas, 200 ml, 1 cup.

A household measure of the food itself goes before one of its group, then the portions of its table, then volumes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from magnes.errors import nearest
from magnes.knowledge.foods import food_table, source_of
from magnes.knowledge.load import data_folder, plain_rows, table
from magnes.knowledge.records import Basic, Measure
from magnes.matching import Candidate, normalise

__all__ = ["Portion", "UnknownUnitError", "accepted_units", "is_unit", "portion_grams"]

# No mg: of a food it is almost surely a mistake for g
GRAMS = {"g": 1.0, "gr": 1.0, "gram": 1.0, "grams": 1.0, "kg": 1000.0, "oz": 28.3495}
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
MEMORY = "MEM"  # source key of what was written from memory


@dataclass(frozen=True, slots=True)
class Portion:
    """Grams of an amount, where the weight of the unit comes from, and whether that was read."""

    grams: float
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Density:
    """Grams per millilitre, where it comes from, and whether that was read."""

    g_per_ml: float
    source: str
    verified: bool


AS_WATER = Density(1.0, "", True)


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
        return Portion(amount * MILLILITRES[word] * density.g_per_ml, density.source, density.verified)
    forms = _forms(word)
    for find in (_own, _shared, _printed, _volume):
        for form in forms:
            portion = find(form, food, basic)
            if portion:
                return Portion(amount * portion.grams, portion.source, portion.verified)
    accepted = accepted_units(food, basic)
    raise UnknownUnitError(accepted, nearest(unit, accepted))


def accepted_units(food: Candidate, basic: Basic | None) -> list[str]:
    """Every unit that has a weight for this food."""
    own, shared, volumes = [], [], []
    for measure in table(Measure):
        names = [measure.measure_nl, measure.measure_en]
        if measure.basic:
            own += names if measure.basic == food.basic else []
        elif measure.group:
            shared += names if basic and measure.group == basic.group else []
        else:
            volumes += names
    liquid = _density(food, basic) is not None
    printed = [name for name, _ in _table_portions().get(food.code, ())]
    return list(
        dict.fromkeys(["g", *(["ml"] if liquid else []), *own, *shared, *printed, *(volumes if liquid else [])])
    )


def is_unit(text: str) -> bool:
    """Whether some food may be counted in this word."""
    word = normalise(text)
    return word in GRAMS or word in MILLILITRES or any(form in _measures() for form in _forms(word))


def _forms(word: str) -> list[str]:
    """Return the word and what may be its singular."""
    ends = ("s", "en", "n", "es", "jes", "tjes")
    singular = [word.removesuffix(end) for end in ends if word.endswith(end) and len(word) > len(end) + 2]
    doubled = [form[:-1] for form in singular if len(form) > 3 and form[-1] == form[-2]]
    return [word, *doubled, *singular]


def _own(word: str, food: Candidate, basic: Basic | None) -> Portion | None:
    """Return the measure that is of this food alone."""
    del basic
    return _first(m for m in _measures().get(word, ()) if m.basic and m.basic == food.basic)


def _shared(word: str, food: Candidate, basic: Basic | None) -> Portion | None:
    """Return the measure of the food's group, or the food's own of what the group calls by the same English name.

    So ``snede`` and ``boterham`` of rye bread weigh what its own ``snee`` does, not what a slice of any bread does.
    """
    shared = [m for m in _measures().get(word, ()) if m.group and basic and m.group == basic.group]
    if not shared:
        return None
    names = [shared[0].measure_en]
    alike = _measures()[normalise(names[0])]
    names += [m.measure_nl for m in alike if m.group == shared[0].group and m.measure_en == shared[0].measure_en]
    own = (_own(normalise(name), food, basic) for name in names)
    return next(filter(None, own), None) or _first(shared)


def _first(measures: Iterable[Measure]) -> Portion | None:
    return next((Portion(m.grams, m.source, m.verified) for m in measures), None)


def _printed(word: str, food: Candidate, basic: Basic | None) -> Portion | None:
    del basic
    grams = _table_portion(word, food.code)
    return None if grams is None else Portion(grams, source_of(food.code), True)


def _volume(word: str, food: Candidate, basic: Basic | None) -> Portion | None:
    volume = [m for m in _measures().get(word, ()) if not m.basic and not m.group]
    density = _density(food, basic)
    if not volume or density is None:
        return None
    measure = volume[0]
    source = density.source if measure.verified and density.source else measure.source
    return Portion(measure.grams * density.g_per_ml, source, measure.verified and density.verified)


def _table_portion(word: str, code: str) -> float | None:
    """Return grams of a portion that the food's own table prints: these words, else the only one that begins so."""
    portions = _table_portions().get(code, ())
    exact = [grams for name, grams in portions if normalise(name) == word]
    if exact:
        return exact[0]
    begins = [grams for name, grams in portions if normalise(name).split(" ")[:1] == [word]]
    return begins[0] if len(begins) == 1 else None


def _density(food: Candidate, basic: Basic | None) -> Density | None:
    """Return g/ml: of the everyday food, 1 for water, else from a cup or fluid ounce that the table weighed.

    Where the table's values are per 100 ml, a "gram" of it is a millilitre.
    """
    if food.code.startswith("nevo:") and food_table().food(food.code).flag == "per-100-ml":
        return AS_WATER
    if basic and basic.density_g_per_ml:
        return AS_WATER if basic.density_g_per_ml == 1.0 else Density(basic.density_g_per_ml, MEMORY, False)
    if food.code.startswith("water:"):
        return AS_WATER
    for name, grams in _table_portions().get(food.code, ()):
        if normalise(name) == "fl oz":
            return Density(grams / FL_OZ_ML, source_of(food.code), True)
        if normalise(name) == "cup":
            return Density(grams / CUP_ML, source_of(food.code), True)
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
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for code, amount, portion, grams in plain_rows(data_folder() / "foods" / "portions.csv"):
        found[code].append((portion, float(grams) / float(amount)))
    return found
