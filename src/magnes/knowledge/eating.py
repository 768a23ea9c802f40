"""Records of what may be proposed to eat: choices with portions, swaps, uses of foods, diets, allergens, rules.

``contains``, ``may_contain``, ``tags``, ``excludes`` and ``avoid`` share one vocabulary (``TAGS``), checked with the
tables: allergens, origins that a diet may exclude, and what a condition asks to avoid.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Keys, Positive

__all__ = ["TAGS", "Allergen", "Diet", "FoodChoice", "FoodRule", "FoodSwap", "FoodUse", "GroupLimit"]

HIGH_OXALATE, HIGH_POTASSIUM = "high-oxalate", "high-potassium"  # from numbers, not from a list
# beside the ids of the allergens
TAGS = ("meat", "pork", "honey", "gelatine", "alcohol", "leafy-green", "cocoa", HIGH_OXALATE, HIGH_POTASSIUM)

AboveZero = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Allergen(Record):
    """One of the 14 allergens of EU food law; a word such as "nuts" may stand with several of them."""

    id: str
    name_nl: str
    name_en: str
    names: Keys = ()
    sources: Keys
    verified: Flag


class Diet(Record):
    """A way of eating and what it excludes."""

    id: str
    name_nl: str
    name_en: str
    names: Keys = ()
    excludes: Keys
    sources: Keys
    verified: Flag
    note: str = ""


class FoodUse(Record):
    """What a food is used as: everyday foods, groups of them and beginnings of FNDDS codes; ``portion_g`` as eaten.

    ``group`` (blank: none) is the one whose daily limit it counts for.
    """

    id: str
    group: str = ""
    portion_g: AboveZero
    basics: Keys = ()
    groups: Keys = ()
    fndds: Keys = ()
    sources: Keys
    verified: Flag
    note: str = ""


class GroupLimit(Record):
    """The most of a food group that a plan may come to on a day [g]; who eats more already is not told to eat less."""

    id: str
    name_nl: str
    name_en: str
    names: Keys = ()
    most_g: AboveZero
    sources: Keys
    verified: Flag
    note: str = ""


class FoodChoice(Record):
    """A food that may be proposed: an everyday food or a water (``id``), its portion and how many a day at most.

    ``effort``: 1 is hardly noticed, 3 another meal. ``add``: may come beside what is eaten, not only instead of it.
    ``may_contain`` differs by brand. ``oxalate_mg`` [mg/100 g] is blank where no open table has it.
    """

    id: str
    group: str
    measure: str
    amount: AboveZero
    most_portions: Annotated[int, Field(ge=1)]
    meal: Literal["breakfast", "lunch", "dinner", "snack"]
    effort: AboveZero
    add: Flag
    contains: Keys = ()
    may_contain: Keys = ()
    tags: Keys = ()
    min_age_years: Positive = 0
    oxalate_mg: Positive | None = None
    sources: Keys
    verified: Flag
    note: str = ""


class FoodSwap(Record):
    """A food of one use for a choice; ``ratio`` grams of the new one for each gram of the old one."""

    id: str
    use: str
    choice: str
    ratio: AboveZero
    effort: AboveZero
    sources: Keys
    verified: Flag
    note: str = ""


class FoodRule(Record):
    """What a condition, a medicine, a kidney function or an age asks of a food plan.

    ``block``: no plan from this program; ``code`` says why and to whom to go. ``avoid``: choices with one of these tags
    are left out.
    """

    id: str
    action: Literal["block", "avoid"]
    code: str
    condition: str = ""
    atc: str = ""
    egfr_below: AboveZero | None = None
    age_below: AboveZero | None = None
    avoid: Keys = ()
    sources: Keys
    verified: Flag
    note: str = ""
