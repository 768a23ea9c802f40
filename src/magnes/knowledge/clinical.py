"""Records of medicines, conditions, and what they and magnesium do to each other."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Keys, Number, Positive, Signed, Text
from magnes.knowledge.search import name_key

__all__ = [
    "Brand",
    "Condition",
    "Contraindication",
    "Ingredient",
    "Interaction",
    "Measured",
    "MeasuredEffect",
    "RxnormProduct",
    "Substance",
]


class Substance(Record):
    """A medicine's active substance. ``salt``: magnesium salt whose mass the dose states, or ``unknown``."""

    atc: str
    name_nl: str
    name_en: str
    names: Keys = ()
    salt: str = ""
    verified: Flag
    seen: str = ""


class Brand(Record):
    """A brand name of a substance, with the text that ties the two."""

    name: str
    atc: str
    country: str = ""
    sources: Keys
    verified: Flag
    seen: str = ""


class Ingredient(Record):
    """A RxNorm ingredient name and the ATC code of the same substance; ``rxcui`` only when it was seen."""

    rxcui: str = ""
    ingredient: str
    atc: Keys
    term_type: str = "IN"
    sources: Keys
    verified: Flag


class RxnormProduct(Record):
    """A product as patient records name it: code, text, ingredients and their ATC codes (blank: none known)."""

    rxcui: str
    display: Text
    ingredients: Keys = ()
    atc: Keys = ()
    sources: Keys


class Condition(Record):
    """A condition that a person may name."""

    id: str
    name_nl: str
    name_en: str
    names: Keys = ()


class Measured(Record):
    """A number that a study or label gives, with its 95 % interval where one was read."""

    value: Number
    low: Number | None = None
    high: Number | None = None
    unit: Text
    participants: int | None = None
    sources: Keys
    verified: Flag
    note: str = ""


class MeasuredEffect(Measured):
    """What a medicine did to a quantity, or magnesium to a medicine."""

    quantity: Text
    of: Text
    measure: Literal[
        "percent_change",
        "percent_of_control",
        "difference",
        "odds_ratio",
        "risk_ratio",
        "hazard_ratio",
        "share_percent",
        "count",
    ]
    situation_nl: str = ""
    situation_en: str = ""


class Interaction(Record):
    """A medicine and magnesium. Blank hours mean unknown, never safe.

    ``names``: what is no medicine (taurine, cola) and has no code. ``atc`` are prefixes, ``atc_exclude`` those that do
    not belong, ``near_miss`` siblings that must never be met.
    ``acts_on``: terms of ``model/terms.csv`` with the direction of change.
    """

    id: str
    substance_nl: Text
    substance_en: Text
    names: Keys = ()
    atc: Keys = ()
    atc_old: Keys = ()
    atc_exclude: Keys = ()
    near_miss: Keys = ()
    direction: Literal[
        "mg_lowers_medicine_absorption",
        "mg_raises_medicine_effect",
        "medicine_lowers_mg",
        "medicine_raises_mg",
        "lowers_mg_absorption",
        "low_mg_worsens_toxicity",
        "additive",
        "mixed",
        "none",
    ]
    acts_on: Signed = ()
    severity: Literal["avoid", "major", "moderate", "minor", "none"]
    action_nl: Text
    action_en: Text
    effect_nl: str = ""
    effect_en: str = ""
    mechanism_nl: str = ""
    mechanism_en: str = ""
    hours_before_mg: Positive | None = None
    hours_after_mg: Positive | None = None
    hours_basis: Literal["specific", "generic-label", "precaution", "memory", "avoid", "unknown"]
    egfr_below: Positive | None = None
    severity_low_egfr: Literal["", "major", "moderate"] = ""
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""
    effects: tuple[MeasuredEffect, ...] = ()

    def concerns(self, atc: str, spellings: Collection[str] = ()) -> bool:
        """Whether this row speaks of a medicine with this ATC code (a withdrawn code too).

        What has no code (taurine) is known by its name: ``spellings`` as ``name_key`` makes them.
        """
        if not atc:
            return any(name_key(name) in spellings for name in self.names)
        return atc.startswith((*self.atc, *self.atc_old)) and not atc.startswith(tuple(self.atc_exclude))


class Contraindication(Record):
    """A reason not to take, or to limit, oral magnesium supplements."""

    id: str
    condition: str = ""
    criterion_code: Literal[
        "egfr",
        "age",
        "serum-mg",
        "condition",
        "age-with-magnesium-oxide",
        "condition-with-glycerophosphate",
    ]
    egfr_low: Positive | None = None
    egfr_high: Positive | None = None
    age_low_years: Positive | None = None
    age_high_years: Positive | None = None
    serum_mg_high_mmol_per_l: Positive | None = None
    route: Literal["oral", "iv", "any"]
    level: Literal["stop", "limit", "caution", "monitor", "none", "out-of-scope"]
    max_supplement_mg: Positive | None = None
    condition_nl: Text
    condition_en: Text
    rule_nl: Text
    rule_en: Text
    rationale_nl: str = ""
    rationale_en: str = ""
    design_choice: Flag
    sources: Keys
    verified: Flag
    seen: str = ""
