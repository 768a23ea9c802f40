"""Sizes that the body of a person grows with; column ``scale`` of ``model/body.csv`` names them.

lean    lean mass (Janmahasatian 2005; boys less until they are grown, Al-Sallami 2015)
bone    lean mass, less after the menopause: bone over lean mass is steady in men
energy  resting energy (Mifflin 1990), at all ages
bsa     body surface (Mosteller 1987)
gfr     body surface x filtration by age: flat to 40 years, then 0.8 mL/min/1.73 m2 less each year; from the first
        birthday on children filter as much per surface as adults
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from magnes.knowledge.load import table
from magnes.knowledge.people import PersonParameter
from magnes.person import Sex

__all__ = ["LITRES_PER_DAY", "SURFACE_M2", "Size", "number", "person_parameter", "reference_size"]

LITRES_PER_DAY = 1.44  # of 1 mL/min
SURFACE_M2 = 1.73  # that an eGFR is given for


@dataclass(frozen=True, slots=True)
class Size:
    """Sex, age, weight and height, and the sizes that follow from them."""

    sex: Sex
    age_years: float
    weight_kg: float
    height_cm: float

    @property
    def bmi(self) -> float:
        """Weight over height squared [kg/m2]."""
        return self.weight_kg / (self.height_cm / 100) ** 2

    @property
    def lean_kg(self) -> float:
        """Lean mass: Janmahasatian 2005; below adult age boys have less of it than a man of their size.

        >>> round(Size("male", 35, 70, 175).lean_kg, 1)
        55.9
        """
        offset, slope = (6680, 216) if self.sex == "male" else (8780, 244)
        adult = 9270 * self.weight_kg / (offset + slope * self.bmi)
        if self.sex == "female":
            return adult
        begin, half, power = map(number, ("lean_boys_share", "lean_boys_age_years", "lean_boys_power"))
        grown = 1 / (1 + math.exp(-power * math.log(self.age_years / half)))
        return adult * (begin + (1 - begin) * grown)

    @property
    def bone_kg(self) -> float:
        """Bone, in kilograms of lean mass that carry as much; lost by women after the menopause."""
        begin, end, yearly = map(number, ("bone_women_from_years", "bone_women_until_years", "bone_women_per_year"))
        years = min(max(self.age_years - begin, 0.0), end - begin) if self.sex == "female" else 0.0
        return self.lean_kg * (1 - yearly * years)

    @property
    def energy_kcal(self) -> float:
        """Resting energy of a day: Mifflin 1990.

        >>> Size("female", 30, 60, 163).energy_kcal
        1307.75
        """
        by_sex = 5 if self.sex == "male" else -161
        return 10 * self.weight_kg + 6.25 * self.height_cm - 5 * self.age_years + by_sex

    @property
    def surface_m2(self) -> float:
        """Body surface: Mosteller 1987."""
        return math.sqrt(self.weight_kg * self.height_cm / 3600)

    @property
    def filtration(self) -> float:
        """Healthy filtration, as body surface times a share of that in young adults."""
        young, plateau, yearly = map(
            number, ("gfr_young_ml_min_1_73m2", "gfr_plateau_age_years", "gfr_decline_per_year")
        )
        return self.surface_m2 * (1 - yearly * max(self.age_years - plateau, 0.0) / young)

    def over(self, other: Size) -> dict[str, float]:
        """Return the factor of each ``scale`` against another size; "" is 1."""
        return {
            "": 1.0,
            "lean": self.lean_kg / other.lean_kg,
            "bone": self.bone_kg / other.bone_kg,
            "energy": self.energy_kcal / other.energy_kcal,
            "bsa": self.surface_m2 / other.surface_m2,
            "gfr": self.filtration / other.filtration,
        }


def person_parameter(name: str) -> PersonParameter:
    """Return a number of the rules that scale people, with its interval and sources."""
    return _parameters()[name]


def number(name: str) -> float:
    """Return the value of such a number."""
    return _parameters()[name].value


@cache
def _parameters() -> dict[str, PersonParameter]:
    return {row.name: row for row in table(PersonParameter)}


@cache
def reference_size() -> Size:
    """Size of the reference adult."""
    age, weight, height = (number(f"reference_{name}") for name in ("age_years", "weight_kg", "height_cm"))
    return Size("male", age, weight, height)
