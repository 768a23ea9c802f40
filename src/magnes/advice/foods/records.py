"""What a food plan returns: codes and numbers with intervals and sources; sentences are made elsewhere."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from magnes.estimate import Estimate, Record
from magnes.products import Contribution

__all__ = ["FoodMove", "FoodOption", "FoodPlan", "FoodPlanRule", "PlanStatus"]

PlanStatus = Literal["planned", "partial", "no_gap", "blocked", "no_reference_value", "no_complete_day", "nothing_fits"]


class FoodPlanRule(Record):
    """Why there is no plan, or what was left out: a diet, an allergen, a dislike, or a rule of the tables."""

    code: str
    word: str = ""
    sources: tuple[str, ...]
    verified: bool


class FoodMove(Record):
    """One change: a food in place of another (``swap``) or beside the rest (``add``); amounts per day.

    ``portions`` times ``measure`` is what ``grams_in`` [g/d] is; ``measure`` is blank where a portion is grams alone.
    """

    kind: Literal["swap", "add"]
    rule: str
    choice: str
    from_code: str = ""
    from_nl: str = ""
    from_en: str = ""
    to_code: str
    to_nl: str
    to_en: str
    portions: float
    measure_nl: str = ""
    measure_en: str = ""
    grams_out: Estimate
    grams_in: Estimate
    energy: Estimate
    cost_euro: float | None = None


class FoodOption(Record):
    """One way to change the diary, and what the same computation as for the diary itself makes of it.

    ``usual``: magnesium from all sources afterwards [mg/d]; ``gain``: more than now; ``remaining``: still missing, 0
    when the gap is closed. ``cost_euro``: of the moves whose prices were given [euro/d]; ``None`` when none was.
    ``eaten``: the changed diary (``Eaten``), left out of JSON.
    """

    moves: tuple[FoodMove, ...]
    usual: Estimate
    gain: Estimate
    remaining: Estimate
    closes: bool
    absorbed: Estimate | None
    energy: Estimate
    cost_euro: float | None
    contributions: tuple[Contribution, ...]
    eaten: Any = Field(default=None, exclude=True, repr=False)


class FoodPlan(Record):
    """The gap and up to ``number`` different ways to close it with food, the smallest change first.

    ``target_kind`` tells what the target is (RDA, RNI, AI, EAR): below an AI nothing is known about adequacy.
    """

    status: PlanStatus
    authority: str
    target_kind: str = ""
    target: Estimate | None = None
    usual: Estimate | None = None
    gap: Estimate | None = None
    absorbed: Estimate | None = None
    contributions: tuple[Contribution, ...] = ()
    options: tuple[FoodOption, ...] = ()
    blocks: tuple[FoodPlanRule, ...] = ()
    left_out: tuple[FoodPlanRule, ...] = ()
    energy_low_kcal: float = 0.0
    energy_high_kcal: float = 0.0
    notes: tuple[str, ...] = ()
