"""Medicines and conditions of a person -> factors on named parameters of the body model.

A factor multiplies (1 in a healthy body), an input adds up (0 in a healthy body). Effects of different kind on one
parameter multiply, and their intervals join on the log scale: that they do not change each other is an assumption, said
in ``assumptions``. Two medicines of one class count once; so do two conditions of one family.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from magnes.body.smooth import exp, least
from magnes.estimate import Z90, Estimate
from magnes.knowledge.body_effects import BodyEffect, ConditionEffect, MedicineEffect
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.knowledge.names import NearNameError, medicine_atc
from magnes.person import Medicine, Person

__all__ = [
    "ASSUMPTIONS",
    "Modifiers",
    "at_share",
    "atc_of",
    "body_effect",
    "drawn",
    "inputs",
    "modifiers",
    "with_factors",
]

# Codes of what was assumed about the effects
ASSUMPTIONS = (
    "effects_multiply",
    "effects_established",  # nobody said since when
    "effect_at_any_dose",  # as in the people studied
    "haemodialysis",  # dialysis without a word on its kind
    "dialysis_weekly_mean",
    "second_trimester",  # pregnant without a trimester
    "exclusive_breastfeeding",
)
PREGNANCY, BREASTFEEDING, DIALYSIS = "pregnancy", "breastfeeding", "dialysis"
FILTRATION = ("gfr_l_per_day", "gfr_relative")
LARGEST = {"kidney_loop_factor": 1.0}  # the loop cannot take back more than there is
DAY_OF_TRIMESTER = {1: 45, 2: 140, 3: 235}  # in the middle, from conception


@dataclass(frozen=True, slots=True)
class Modifiers:
    """Factors and inputs by parameter, the effects behind them, and codes of ``ASSUMPTIONS``."""

    factors: Mapping[str, Estimate]
    effects: tuple[BodyEffect, ...] = ()
    assumptions: tuple[str, ...] = ()

    def tail_days(self, name: str) -> float:
        """Time constant [day] with which the slowest effect on a parameter goes away; 0: at once."""
        return max((row.offset_days or 0.0 for row in self.effects if row.factor == name), default=0.0)

    @property
    def values(self) -> dict[str, float]:
        """Central values alone."""
        return {name: factor.value for name, factor in self.factors.items()}


def modifiers(person: Person) -> Modifiers:
    """Effects of everything that a person takes and has, established as long as nobody says since when."""
    rows = [*_of_medicines(person.medicines), *_of_conditions(_conditions(person))]
    if person.egfr_ml_min_1_73m2 is not None:  # measured in pregnancy, it holds that of pregnancy
        rows = [row for row in rows if row.factor not in FILTRATION]
    rows = _strongest(rows)
    days = DAY_OF_TRIMESTER.get(person.trimester or 2, 0)
    factors: dict[str, Estimate] = {}
    for row in rows:
        share = row.share_at(days) if _of_pregnancy(row) else 1.0
        own = _estimate(row, share)
        before = factors.get(row.factor)
        factors[row.factor] = own if before is None else _product(row.factor, before, own)
    return Modifiers(factors, tuple(rows), _assumptions(person, rows))


def with_factors(p: Mapping[str, Any], factors: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with factors multiplied and inputs added; numbers or arrays over people."""
    return {**p, **{name: _joined(name, p[name], value) for name, value in factors.items()}}


def drawn(name: str, factor: Estimate, normal: Any) -> Any:
    """Draws of a factor or amount from standard normal ones: log-normal with its own width on each side of the value.

    90 % of the draws lie between ``low`` and ``high``; none is larger than the parameter can be.
    """
    up, down = (_log_ratio(bound, factor.value) / Z90 for bound in (factor.high, factor.low))
    draws = factor.value * exp((-down + (up + down) * (normal > 0)) * normal)
    return least(draws, LARGEST[name]) if name in LARGEST else draws


def _log_ratio(bound: float, value: float) -> float:
    """Distance on the log scale; to a bound of 0 as far as to a hundredth."""
    return math.log(max(bound, value / 100) / value) if value > 0 else 0.0


def body_effect(key: str) -> BodyEffect:
    """Return the effect with this id."""
    return _effects()[key]


@cache
def inputs() -> frozenset[str]:
    """Parameters that effects add to; all others they multiply."""
    return frozenset(row.name for row in table(BodyParameter) if row.role == "input")


@cache
def _effects() -> dict[str, BodyEffect]:
    return {row.id: row for row in (*table(MedicineEffect), *table(ConditionEffect))}


def _of_medicines(medicines: Iterable[Medicine]) -> Iterator[BodyEffect]:
    """Effects by ATC code: of the rows that speak of one parameter for one medicine, the most specific."""
    for medicine in medicines:
        atc = medicine.atc or atc_of(medicine.name)
        best: dict[str, int] = {}
        fitting = [(row, row.reach(atc)) for row in table(MedicineEffect) if not row.variant]
        for row, reach in fitting:
            best[row.factor] = max(best.get(row.factor, 0), reach)
        yield from (row for row, reach in fitting if reach and reach == best[row.factor])


def atc_of(name: str) -> str:
    """Return the ATC code of a medicine's name; blank for a name that is not known."""
    try:
        return medicine_atc(name) or ""
    except NearNameError:
        return ""


def _conditions(person: Person) -> set[str]:
    named = set(person.conditions)
    if person.pregnant:
        named.add(PREGNANCY)
    if person.lactating:
        named.add(BREASTFEEDING)
    return named


def _of_conditions(named: Collection[str]) -> Iterator[BodyEffect]:
    return (row for row in table(ConditionEffect) if not row.variant and not set(row.conditions).isdisjoint(named))


def _strongest(rows: Iterable[BodyEffect]) -> list[BodyEffect]:
    """Each effect once, and of one family on one parameter the one farthest from nothing."""
    found: dict[tuple[str, str], BodyEffect] = {}
    for row in rows:
        key = (row.family or row.id, row.factor)
        if key not in found or _strength(row) > _strength(found[key]):
            found[key] = row
    return list(found.values())


def _strength(row: BodyEffect) -> float:
    return abs(math.log(row.value)) if row.value > 0 else math.inf


def at_share(row: BodyEffect, share: float, side: str = "value") -> float:
    """Factor or amount when this share of an effect is there."""
    full: float = getattr(row, side)
    return share * full if row.factor in inputs() else 1 + share * (full - 1)


def _estimate(row: BodyEffect, share: float) -> Estimate:
    low, value, high = (at_share(row, share, side) for side in ("low", "value", "high"))
    return Estimate(value=value, low=low, high=high, unit=_unit(row.factor), sources=row.sources, verified=row.verified)


@cache
def _unit(name: str) -> str:
    return next((row.unit for row in table(BodyParameter) if row.name == name and row.role == "input"), "1")


def _product(name: str, one: Estimate, other: Estimate) -> Estimate:
    return Estimate.total((one, other), one.unit) if name in inputs() else one.multiply(other, one.unit)


def _joined(name: str, one: Any, other: Any) -> Any:
    return one + other if name in inputs() else one * other


def _of_pregnancy(row: BodyEffect) -> bool:
    return isinstance(row, ConditionEffect) and PREGNANCY in row.conditions


def _assumptions(person: Person, rows: Collection[BodyEffect]) -> tuple[str, ...]:
    named = _conditions(person)
    by_factor = [row.factor for row in rows]
    holds = {
        "effects_multiply": len(by_factor) > len(set(by_factor)),
        "effects_established": any(not _of_pregnancy(row) for row in rows),
        "effect_at_any_dose": any(isinstance(row, MedicineEffect) for row in rows),
        "haemodialysis": DIALYSIS in named,
        "dialysis_weekly_mean": DIALYSIS in named,
        "second_trimester": PREGNANCY in named and person.trimester is None,
        "exclusive_breastfeeding": BREASTFEEDING in named,
    }
    return tuple(code for code in ASSUMPTIONS if holds[code])
