"""Candidates of a dose plan: salt, amount and takings inside the gates, what of them is absorbed, and their order."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from magnes.advice.dose_records import Curve, Option, Target
from magnes.advice.gates import Gates
from magnes.body import rates
from magnes.body.gut import Sittings, absorbed_per_day
from magnes.body.scenario import Drawn
from magnes.diary import Eaten
from magnes.fit.individual import Individual
from magnes.knowledge.names import salts_named
from magnes.knowledge.parameters import parameter
from magnes.labels import Product
from magnes.person import Person, Supplement
from magnes.ranking import RISKS, Ranked, rank
from magnes.status import current
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = [
    "AMOUNTS_MG",
    "OFFERED",
    "SITTINGS",
    "Case",
    "Way",
    "absorbed_beside_food",
    "cheapest",
    "curves",
    "possible_ways",
    "rank_of",
    "spread_of_serum",
    "way_of",
]

Array = NDArray[np.float64]

# Salts that people swallow and whose dissolving was read (salts.csv): nothing for a vein, the skin or the bath, no
# laxative sulfate
OFFERED = ("citrate", "lactate", "bisglycinate", "gluconate", "aspartate", "chloride", "oxide")
AMOUNTS_MG = (50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 350.0, 400.0)
LEAST_PER_TAKING_MG = 50.0
SITTINGS = {1: (dt.time(18),), 2: (dt.time(8), dt.time(18)), 3: (dt.time(8), dt.time(13), dt.time(18))}
CURVE_POINTS = 9
SAME_LOAD_MMOL = 4.0  # left in the bowel per taking, about 100 mg: steps within which doses count as equally mild


@dataclass(frozen=True)
class Way:
    """One candidate, before it is simulated by itself."""

    salt: str
    soluble: float
    amount_mg: float
    takings: int
    absorbed_mg: float

    @property
    def key(self) -> tuple[float, float, int]:
        """Return what the body sees: salts that dissolve alike are one and the same to it."""
        return self.soluble, self.amount_mg, self.takings

    @property
    def supplement(self) -> Supplement:
        """Return the candidate as a supplement with clock times at meals."""
        times = SITTINGS[self.takings]
        return Supplement(salt=self.salt, elemental_mg=self.amount_mg / self.takings, times=times)

    @property
    def left_mmol(self) -> float:
        """Magnesium left in the bowel per taking [mmol]."""
        return (self.amount_mg - self.absorbed_mg) / self.takings / MAGNESIUM_G_PER_MOL


@dataclass(frozen=True)
class Case:
    """Everything about the person that the planning uses."""

    person: Person
    eaten: Eaten | None
    authority: str
    gates: Gates
    salts: tuple[str, ...]
    targets: tuple[Target, ...]
    durations: tuple[int, ...]
    cut_off: float
    chance: float
    fitted: Individual
    prices: dict[str, Ranked]

    @cached_property
    def typical(self) -> Drawn:
        """Return the body in the middle of those that the person may have."""
        return self.fitted.scenario.typical()

    @cached_property
    def strength(self) -> float:
        """Return the strength of transport in the gut of that body."""
        return float(
            rates.transport_strength(SimpleNamespace(**self.typical.start), SimpleNamespace(**self.typical.before))
        )

    @cached_property
    def present(self) -> list[tuple[Sittings, float]]:
        """Return the days of the present diet and what that body takes up of each [mmol]."""
        days = [day.with_food(1.0) for day in self.fitted.scenario.diet_before]
        return [(day, absorbed_per_day(day, self.typical.before, self.strength)) for day in days]

    @property
    def measured(self) -> float | None:
        """Return the lowest serum magnesium that counts now [mmol/L]."""
        return min(current(self.person, "serum-magnesium"), default=None)

    @property
    def measured_spread(self) -> float:
        """Return how far the highest serum magnesium that counts now lies above the lowest [mmol/L]."""
        return spread_of_serum(self.person)


def spread_of_serum(person: Person) -> float:
    """Return how far the highest serum magnesium of a person that counts now lies above the lowest [mmol/L]."""
    values = current(person, "serum-magnesium")
    return max(values) - min(values) if values else 0.0


def possible_ways(case: Case) -> list[Way]:
    """Every salt, amount and number of takings inside the gates."""
    amounts = np.array([amount for amount in AMOUNTS_MG if amount <= case.gates.most_mg_per_day])
    found, absorbed = [], dict[tuple[float, int], Array]()
    for salt in case.salts:
        soluble = salts_named(salt)[0].soluble_fraction
        for place, amount in enumerate(amounts.tolist()):
            for takings in SITTINGS:
                small = takings > case.gates.fewest_takings and amount / takings < LEAST_PER_TAKING_MG
                if small or takings < case.gates.fewest_takings:
                    continue
                if (soluble, takings) not in absorbed:
                    absorbed[soluble, takings] = absorbed_beside_food(case, soluble, takings, amounts)
                found.append(Way(salt, soluble, amount, takings, float(absorbed[soluble, takings][place])))
    return found


def absorbed_beside_food(case: Case, soluble: float, takings: int, amounts_mg: Array) -> Array:
    """Magnesium absorbed [mg/d] more than without the dose, for several doses [mg/d], by the middle body of the person.

    The lumen of the body model takes the dose with the meals of the diary and the products that are taken already.
    """
    p, strength = case.typical.before, case.strength
    label = parameter("supplement_label_ratio").value
    free = amounts_mg * soluble * label / takings / MAGNESIUM_G_PER_MOL
    hours = tuple(time.hour + time.minute / 60 for time in SITTINGS[takings])
    more = [absorbed_per_day(_with(day, hours, free), p, strength) - without for day, without in case.present]
    return np.asarray(sum(more) / len(more) * MAGNESIUM_G_PER_MOL)


def _with(day: Sittings, hours: tuple[float, ...], free_mmol: Array) -> Sittings:
    """Return a day with dissolved magnesium at more hours."""
    none = (0.0,) * len(hours)
    dissolved = (*day.dissolved_mmol, *(free_mmol for _ in hours))
    return Sittings((*day.hours, *hours), dissolved, (*day.solid_mmol, *none), day.bound_mmol)


def rank_of(case: Case, way: Way, reaches: int) -> tuple[float, ...]:
    """Order of the ways: reaching most with the smallest dose; where nothing is reached, the largest dose first."""
    price = case.prices.get(way.salt)
    return (
        -reaches,
        way.amount_mg if reaches else -way.amount_mg,
        math.floor(way.left_mmol / SAME_LOAD_MMOL),
        way.takings,
        RISKS.index(salts_named(way.salt)[0].laxative_risk),
        price.price_per_100_mg.value if price else math.inf,
        OFFERED.index(way.salt),
    )


def curves(case: Case, candidates: Sequence[Way], takings: int) -> tuple[Curve, ...]:
    """Return dose against absorbed in so many takings, one curve for the salts that dissolve alike."""
    doses = tuple(np.linspace(0, max(way.amount_mg for way in candidates), CURVE_POINTS).tolist()[1:])
    found = []
    for soluble in sorted({way.soluble for way in candidates}, reverse=True):
        salts = tuple(dict.fromkeys(way.salt for way in candidates if way.soluble == soluble))
        points = absorbed_beside_food(case, soluble, takings, np.array(doses))
        found.append(Curve(salts=salts, takings=takings, dose_mg=doses, absorbed_mg=tuple(points.tolist())))
    return tuple(found)


def cheapest(products: Iterable[Product], authority_id: str) -> dict[str, Ranked]:
    """Return the cheapest product of each salt family, of products that hold one salt."""
    found: dict[str, Ranked] = {}
    for item in rank(products, authority_id).ranked:  # cheapest first
        families = {salts_named(salt)[0].family for salt in item.salts}
        if len(families) == 1:
            found.setdefault(families.pop(), item)
    return found


def way_of(option: Option) -> Way:
    """Return the candidate behind an option."""
    soluble = salts_named(option.salt)[0].soluble_fraction
    return Way(option.salt, soluble, option.dose_mg, len(option.times), option.absorbed.value)
