"""Records of the hours between two medicines, and between a medicine and a meal; magnesium has a table of its own."""

from __future__ import annotations

from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Keys, Positive, Text

__all__ = ["MealRule", "Separation"]


class Separation(Record):
    """Two medicines that must stand apart. Blank hours mean unknown, never safe.

    ``hours_first_before``: at least so long from the first to the second; ``hours_first_after``: from the second to the
    first. ``second_atc`` blank: any other medicine or supplement.
    """

    id: str
    first_nl: Text
    first_en: Text
    first_atc: Keys
    first_exclude: Keys = ()
    second_nl: Text
    second_en: Text
    second_atc: Keys = ()
    second_exclude: Keys = ()
    hours_first_before: Positive | None = None
    hours_first_after: Positive | None = None
    severity: Literal["major", "moderate", "minor"]
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""

    def is_first(self, atc: str) -> bool:
        """Whether this medicine is the first of the pair."""
        return atc.startswith(self.first_atc) and not atc.startswith(self.first_exclude)

    def is_second(self, atc: str) -> bool:
        """Whether this medicine is the second of the pair."""
        return atc.startswith(self.second_atc or "") and not atc.startswith(self.second_exclude)


class MealRule(Record):
    """How a medicine stands to food. ``hard``: the label asks it; else it is better so.

    ``first_of_day``: after waking, ``hours_before_food`` before the first food and before all other medicines.
    ``no_dairy``: told, not placed, as what a meal holds is not known.
    """

    id: str
    medicine_nl: Text
    medicine_en: Text
    atc: Keys
    atc_exclude: Keys = ()
    relation: Literal["empty_stomach", "with_food", "first_of_day", "no_dairy"]
    hard: Flag
    hours_before_food: Positive | None = None
    hours_after_food: Positive | None = None
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""

    def concerns(self, atc: str) -> bool:
        """Whether this rule speaks of a medicine with this ATC code."""
        return atc.startswith(self.atc) and not atc.startswith(self.atc_exclude)
