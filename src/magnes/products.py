"""Supplements and medicines -> magnesium per day; ``Contribution``: what one food or product brings."""

from __future__ import annotations

from typing import Literal

from magnes.estimate import Estimate, Record, merge_sources
from magnes.kitchen import Kitchen
from magnes.knowledge.chemistry import magnesium_mass_fraction
from magnes.knowledge.names import MAGNESIUM_PRODUCTS, salts_named, substance
from magnes.knowledge.parameters import parameter
from magnes.person import Medicine, Person, Supplement

__all__ = [
    "MG_PER_DAY",
    "Contribution",
    "elemental_mg",
    "holds_magnesium",
    "medicine_magnesium",
    "supplement_magnesium",
    "takes_magnesium",
]

MG_PER_DAY = "mg/d"
INFUSION = "B05"  # not swallowed: neither absorbed from the gut nor meant by a limit for supplements

Kind = Literal["food", "water", "supplement", "medicine"]


class Contribution(Record):
    """What one food or product brings per day, averaged over the complete days."""

    kind: Kind
    name_nl: str
    name_en: str
    code: str = ""
    preparation: str = ""
    kitchen: Kitchen = ""
    from_typo: str = ""
    could_be: tuple[str, ...] = ()
    takings_per_day: int = 0
    magnesium: Estimate


def elemental_mg(supplement: Supplement) -> Estimate:
    """Elemental magnesium in one taking [mg], with the label's inaccuracy.

    From a compound amount the hydration matters: a salt named without it gets the range of its hydrates.
    """
    label = parameter("supplement_label_ratio")
    if supplement.elemental_mg is None and supplement.compound_mg is None:
        raise ValueError("a supplement needs elemental_mg or compound_mg")
    if supplement.elemental_mg is not None:
        amount, sources = supplement.elemental_mg, label.sources
        low = high = 1.0
    else:
        salts = salts_named(supplement.salt)
        known = [magnesium_mass_fraction(salt.formula) for salt in salts if salt.formula]
        if not known:
            raise ValueError(f"no formula for {supplement.salt}: elemental_mg is needed")
        amount = (supplement.compound_mg or 0.0) * known[0]
        low, high = min(known) / known[0], max(known) / known[0]
        sources = merge_sources((salts[0].sources, ("IUPAC",), label.sources))
    return Estimate(
        value=amount,
        low=amount * low * label.low,
        high=amount * high * label.high,
        unit="mg",
        sources=sources,
        verified=label.verified,
    )


def supplement_magnesium(supplement: Supplement) -> Contribution:
    """Magnesium that a supplement brings per day; a name that leaves the hydration open is shown as written."""
    takings = len(supplement.times)
    magnesium = elemental_mg(supplement).times(takings).model_copy(update={"unit": MG_PER_DAY})
    salts = salts_named(supplement.salt) if supplement.salt else ()
    one = salts[0] if len(salts) == 1 else None  # a name that leaves the hydration open is shown as it was written
    return Contribution(
        kind="supplement",
        name_nl=one.name_nl if one else supplement.salt or supplement.product,
        name_en=one.name_en if one else supplement.salt or supplement.product,
        code=salts[0].id if salts else "",
        takings_per_day=takings,
        magnesium=magnesium,
    )


def holds_magnesium(medicine: Medicine) -> bool:
    """Whether a medicine is known to hold magnesium, in whatever amount."""
    row = substance(medicine.atc)
    by_table = row is not None and row.salt != ""
    return medicine.elemental_mg is not None or by_table or medicine.atc.startswith(MAGNESIUM_PRODUCTS)


def takes_magnesium(person: Person) -> bool:
    """Whether a supplement or a medicine of this person holds magnesium."""
    return bool(person.supplements) or any(map(holds_magnesium, person.medicines))


def medicine_magnesium(medicine: Medicine) -> Contribution | Literal["unknown"] | None:
    """Magnesium that a medicine brings per day; ``unknown`` when it has some but not how much; ``None`` without."""
    if not holds_magnesium(medicine):
        return None
    row = substance(medicine.atc)
    salt = row.salt if row and row.salt != "unknown" else ""
    compound_mg = medicine.dose_mg if salt and medicine.elemental_mg is None else None
    dose = Supplement(salt=salt, elemental_mg=medicine.elemental_mg, compound_mg=compound_mg)
    amount_known = dose.elemental_mg is not None or compound_mg is not None
    if not amount_known or not medicine.times or medicine.atc.startswith(INFUSION):
        return "unknown"
    return Contribution(
        kind="medicine",
        name_nl=row.name_nl if row else medicine.name,
        name_en=row.name_en if row else medicine.name,
        code=salt,
        takings_per_day=len(medicine.times),
        magnesium=elemental_mg(dose).times(len(medicine.times)).model_copy(update={"unit": MG_PER_DAY}),
    )
