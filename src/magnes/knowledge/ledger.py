"""Records of what the pages state, and of the graph nutrient -> process -> sign behind it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Intervals, Keys, Number, Positive, Signed, Text

__all__ = [
    "Cause",
    "Computation",
    "EuClaim",
    "FoodClaim",
    "Function",
    "LabInterference",
    "Link",
    "Sign",
    "Statement",
    "Term",
]


class Statement(Record):
    """One statement of one page: what it says, the verdict, the better figure and what it contradicts.

    ``unit``: one for all ``values``, or one for each, joined by ``;``.
    """

    id: str
    section_nl: Text
    section_en: Text
    kind: Literal[
        "mechanism",
        "indication",
        "quantity",
        "safety",
        "food",
        "interaction",
        "requirement",
        "absorption",
        "symptom",
        "product",
        "distribution",
        "lab",
        "citation",
    ]
    text_nl: Text
    text_en: Text
    values: Intervals = ()
    unit: str = ""
    cited: Keys = ()
    conflicts: Keys = ()
    verdict: Literal["supported", "partly", "overstated", "outdated", "wrong", "unverifiable"]
    detail: Text
    better_nl: str = ""
    better_en: str = ""
    computable: Flag
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""

    @property
    def page(self) -> int:
        """Number of the page, 0 to 4."""
        return int(self.id[1])


class Computation(Record):
    """A function of ``magnes.computed`` with its inputs (``name=value``) that computes what a statement says."""

    statement: str
    function: Text
    inputs: Keys = ()
    says_nl: Text
    says_en: Text


class Term(Record):
    """A flow of the body model, a term of absorption, or what happens to a medicine: what an effect may name."""

    name: str
    kind: Literal["flow", "absorption", "medicine"]
    symbol: str = ""
    name_nl: Text
    name_en: Text


class Node(Record):
    """What functions, signs and causes share: names, statements, sources."""

    id: str
    name_nl: Text
    name_en: Text
    names: Keys = ()
    statements: Keys = ()
    sources: Keys
    verified: Flag
    seen: str = ""


class Function(Node):
    """What magnesium does in the body, and how sure that is."""

    mechanism_nl: Text
    mechanism_en: Text
    strength: Literal["strong", "moderate", "weak", "unsupported"]
    eu_claims: Keys = ()
    note: str = ""


class Sign(Node):
    """A sign of too little or too much magnesium, how specific it is, and what else it may be.

    ``alarm``: what people ask about and what is no matter of magnesium: they are told whom to call, nothing else.
    """

    category: Literal[
        "gut",
        "energy",
        "muscle",
        "nerve",
        "heart",
        "mind",
        "sleep",
        "tension",
        "skin",
        "immune",
        "laboratory",
        "none",
        "toxicity",
        "alarm",
    ]
    stage: Literal["early", "later", "early-or-later", "severe", "any", "toxicity", "unclear"]
    specificity: Literal["low", "moderate", "high", "none"]
    serum_low_mmol_per_l: Positive | None = None
    serum_high_mmol_per_l: Positive | None = None
    dose_low_mg: Positive | None = None
    dose_high_mg: Positive | None = None
    red_flag: Flag
    other_nl: str = ""
    other_en: str = ""
    indication: str = ""
    note_nl: str = ""
    note_en: str = ""


class Cause(Node):
    """A cause of a shortage: which flow it changes, how much. ``risk_weight`` is a design choice."""

    mechanism_nl: Text
    mechanism_en: Text
    acts_on: Signed = ()
    measure: Literal["", "OR", "RR", "share_percent", "percent_change"] = ""
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    participants: int | None = None
    effect_nl: str = ""
    effect_en: str = ""
    conditions: Keys = ()
    atc: Keys = ()
    risk_weight: Positive
    note: str = ""


class Link(Record):
    """One arrow of the graph."""

    id: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    kind: Literal["needed_for", "disturbed_in", "signals", "lowers", "raises"]
    mechanism_nl: Text
    mechanism_en: Text
    evidence: Literal["strong", "moderate", "weak", "none", "contradicted"]
    statements: Keys = ()
    sources: Keys
    verified: Flag
    seen: str = ""


class EuClaim(Record):
    """An authorised health claim of Regulation (EU) No 432/2012: the only text in the positive voice."""

    id: str
    text_nl: Text
    text_en: Text
    functions: Keys = ()
    condition_nl: Text
    condition_en: Text
    regulation: str
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""


class FoodClaim(Record):
    """What the pages say of a food or of cooking, and the check."""

    id: str
    item_nl: Text
    item_en: Text
    kind: Literal["source", "comparison", "absorption", "loss", "advice", "avoid", "claim"]
    claim_nl: str = ""
    claim_en: str = ""
    values: Intervals = ()
    unit: str = ""
    check_nl: str = ""
    check_en: str = ""
    statements: Keys = ()
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""


class LabInterference(Record):
    """What makes a laboratory value other than it is."""

    id: str
    test_nl: Text
    test_en: Text
    interferent_nl: Text
    interferent_en: Text
    effect: Literal[
        "falsely_raised",
        "falsely_low",
        "unreliable",
        "transient_fall",
        "diurnal",
        "contamination",
        "not_evaluated",
        "low_total_normal_ionised",
    ]
    mechanism_nl: str = ""
    mechanism_en: str = ""
    what_to_do_nl: str = ""
    what_to_do_en: str = ""
    sources: Keys
    verified: Flag
    seen: str = ""
    note: str = ""
