"""Statements of the pages that the engine computes itself: the numbers come from its tables and models, now.

``computations.csv`` names for a statement one of the functions here and its inputs (``age_years=40;sex=male``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from inspect import signature

from magnes.absorption import absorb
from magnes.advice.safety import contraindications
from magnes.estimate import Estimate, Record
from magnes.kitchen import water_magnesium
from magnes.knowledge.chemistry import atoms, magnesium_mass_fraction
from magnes.knowledge.foods import composition
from magnes.knowledge.ledger import Computation, Statement
from magnes.knowledge.load import table
from magnes.knowledge.names import salts_named
from magnes.knowledge.records import Basic, Limit, ReferenceValue, Retention, Salt
from magnes.person import Person, Supplement
from magnes.reference import limit_value, reference_estimate, reference_value

__all__ = ["FUNCTIONS", "Computed", "compute"]

BREAKFAST, HOURS_OF_DAY = 8, 24


class Computed(Record):
    """What the engine finds for one part of a statement."""

    says_nl: str
    says_en: str
    function: str
    result: Estimate


def compute(row: Statement) -> tuple[Computed, ...]:
    """Compute everything that answers a statement; empty when nothing does yet."""
    return tuple(_computed(entry) for entry in table(Computation) if entry.statement == row.id)


def _computed(entry: Computation) -> Computed:
    function = FUNCTIONS[entry.function]
    inputs = dict(part.split("=", 1) for part in entry.inputs)
    unknown = set(inputs) - set(signature(function).parameters)
    if unknown:
        raise KeyError(f"{entry.statement}: {entry.function} has no input {', '.join(sorted(unknown))}")
    result = function(**inputs)
    return Computed(says_nl=entry.says_nl, says_en=entry.says_en, function=entry.function, result=result)


def recommended_intake(authority: str, kind: str, age_years: str, sex: str, state: str = "") -> Estimate:
    """Return the reference value of an authority [mg/d], for food and all else together."""
    who = _person(age_years, sex, state)
    return _estimate(reference_value(authority, kind, who), f"{authority} {kind}")


def supplement_limit(authority: str, age_years: str, sex: str = "female", state: str = "") -> Estimate:
    """Upper limit [mg/d] for supplements and medicines that goes with an authority."""
    return _estimate(limit_value(authority, _person(age_years, sex, state))[1], f"limit of {authority}")


def kidney_cap(egfr: str) -> Estimate:
    """Most magnesium from supplements [mg/d] that the kidney tier of this eGFR leaves; 0: a stop."""
    somebody = Person(age_years=40, sex="female", egfr_ml_min_1_73m2=float(egfr))
    for row in contraindications(somebody):
        if row.criterion_code == "egfr" and row.max_supplement_mg is not None:
            read = row.verified and not row.design_choice
            return Estimate.exact(row.max_supplement_mg, "mg/d", row.sources, verified=read)
    raise KeyError(f"no cap at eGFR {egfr}")


def food_content(basic: str) -> Estimate:
    """Magnesium of an everyday food [mg/100 g]."""
    row = next(row for row in table(Basic) if row.id == basic)
    found = composition(row.food, row.also)
    if found is None:
        raise KeyError(f"no magnesium value for {basic}")
    return found.model_copy(update={"unit": "mg/100 g"})


def water_content(brand: str) -> Estimate:
    """Magnesium of a mineral water [mg/L]."""
    return water_magnesium(brand).model_copy(update={"unit": "mg/L"})


def cooking_loss(food_class: str, preparation: str) -> Estimate:
    """Share of the magnesium that the food loses in the kitchen [%]."""
    row = next(row for row in table(Retention) if (row.retention, row.preparation) == (food_class, preparation))
    return Estimate(
        value=100 * (1 - row.retained),
        low=100 * (1 - row.high),
        high=100 * (1 - row.low),
        unit="%",
        sources=row.sources,
        verified=row.verified,
    )


def absorbed_share(salt: str, elemental: str, times: str = "1") -> Estimate:
    """Share of a supplement's magnesium that is absorbed [%], a day's amount [mg] taken in one or more sittings."""
    found = absorb(_taking(salt, float(elemental), int(times)), None).fraction
    if found is None:
        raise KeyError("nothing was taken")
    return found.times(100).model_copy(update={"unit": "%"})


def absorbed_amount(salt: str, elemental: str, times: str = "1") -> Estimate:
    """Magnesium absorbed [mg/d] of a day's amount [mg] taken in one or more sittings."""
    found = absorb(_taking(salt, float(elemental), int(times)), None).per_day
    if found is None:
        raise KeyError("nothing was taken")
    return found


def elemental_of(salt: str, compound: str) -> Estimate:
    """Elemental magnesium [mg] in a mass of the salt [mg], by its formula."""
    row = _with_formula(salt)
    value = float(compound) * magnesium_mass_fraction(row.formula)
    return Estimate.exact(value, "mg", (*row.sources, "IUPAC"), verified=True)


def ligands_per_magnesium(salt: str, element: str, in_one: str) -> Estimate:
    """Molecules of the acid for each magnesium, counted by an element of which one molecule has ``in_one`` atoms."""
    row = _with_formula(salt)
    count = atoms(row.formula)
    return Estimate.exact(
        count[element] / int(in_one) / count["Mg"], "molecules", (*row.sources, "IUPAC"), verified=True
    )


FUNCTIONS: dict[str, Callable[..., Estimate]] = {
    function.__name__: function
    for function in (
        recommended_intake,
        supplement_limit,
        kidney_cap,
        food_content,
        water_content,
        cooking_loss,
        absorbed_share,
        absorbed_amount,
        elemental_of,
        ligands_per_magnesium,
    )
}


def _person(age_years: str, sex: str, state: str) -> Person:
    states = {"pregnant": state == "pregnant", "lactating": state == "lactating"}
    return Person.model_validate({"age_years": float(age_years), "sex": sex, **states})


def _estimate(row: ReferenceValue | Limit | None, what: str) -> Estimate:
    found = reference_estimate(row)
    if found is None:
        raise KeyError(f"no value: {what}")
    return found


def _taking(salt: str, elemental: float, times: int) -> Person:
    """Somebody who takes a day's amount in equal parts over the waking day."""
    step = (HOURS_OF_DAY - BREAKFAST) / times
    clock = tuple(dt.time(int(BREAKFAST + place * step)) for place in range(times))
    supplement = Supplement(salt=salt, elemental_mg=elemental / times, times=clock)
    return Person(age_years=40, sex="female", supplements=(supplement,))


def _with_formula(salt: str) -> Salt:
    row = salts_named(salt)[0]
    if not row.formula:
        raise KeyError(f"no formula for {salt}")
    return row
