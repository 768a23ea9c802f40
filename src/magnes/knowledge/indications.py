"""Records of indications: what is claimed, what trials found, and for whom."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.clinical import Measured
from magnes.knowledge.fields import Flag, Keys, Positive, Text

__all__ = ["Effect", "Indication"]


class Effect(Measured):
    """One result of the best evidence on an indication; absolute numbers where the control rate was read."""

    outcome_nl: Text
    outcome_en: Text
    measure: Literal["MD", "SMD", "RR", "OR", "HR", "RD", "NNT", "share", "count", "percent_change", "I2"]
    better: Literal["lower", "higher"]
    control_per_1000: Positive | None = None
    treated_per_1000: Positive | None = None
    trials: int | None = None
    design: Literal["randomised", "observational", "uncontrolled", "guideline", ""] = ""
    dose_mg: Positive | None = None
    duration_days: Positive | None = None
    baseline_nl: str = ""
    baseline_en: str = ""


class Indication(Record):
    """What magnesium is said to help against: the page's claim, the best evidence, and for whom it holds."""

    id: str
    name_nl: Text
    name_en: Text
    names: Keys = ()
    statements: Keys = ()
    page_claim_nl: str = ""
    page_claim_en: str = ""
    grade_page: Literal["", "effective", "likely", "possibly", "mixed", "none"] = ""
    route: Literal["oral", "diet", "intravenous", "transdermal", "none"]
    hospital_only: Flag
    salts: Keys = ()
    dose_low_mg: Positive | None = None
    dose_high_mg: Positive | None = None
    duration_days_low: Positive | None = None
    duration_days_high: Positive | None = None
    above_limit: Flag = False
    certainty: Literal["high", "moderate", "low", "very-low", "none"]
    certainty_basis: Literal["source", "own"]
    effect: Literal[
        "benefit",
        "small-benefit",
        "uncertain",
        "no-meaningful-effect",
        "harm",
        "not-studied",
        "established-use",
    ]
    applies_nl: Text
    applies_en: Text
    applies_conditions: Keys = ()
    applies_sex: Literal["any", "female", "male"] = "any"
    applies_age_low_years: Positive | None = None
    applies_age_high_years: Positive | None = None
    applies_pregnancy: Literal["any", "only", "never"] = "any"
    applies_low_magnesium_only: Flag = False
    advice: Literal[
        "allowed",
        "food-advice",
        "optional",
        "supervised-only",
        "hospital-only",
        "label-claim-only",
        "no-claim",
        "do-not-recommend",
    ]
    conclusion_nl: Text
    conclusion_en: Text
    eu_claims: Keys = ()
    searched: dt.date
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""
    effects: tuple[Effect, ...] = ()
