"""What medicines and conditions do to the body model: tables ``[[body]]`` in ``medicines/`` and ``conditions/``."""

from __future__ import annotations

import math
from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Keys, Number, Positive, Text

__all__ = ["SOLVED", "BodyEffect", "ConditionEffect", "MedicineEffect"]

# Parameters without a row of role factor or input that an effect may multiply: pregnancy changes them
SOLVED = ("gfr_l_per_day", "gfr_relative", "magnesium_volume_l")


class BodyEffect(Record):
    """A change of one parameter of the body model: a factor on it, or an amount for an input.

    ``value`` with ``low`` and ``high`` (90 %) rest on a published effect: ``tools/calibrate_effects.py`` solves them
    again when the model changes; or (``measure`` blank) they stand by themselves, mostly as a design choice. The
    published effect is a row of ``model/targets.csv`` (``target``), or is here (``effect_...``). ``measure`` says how
    it reads in the model after ``at_days``: serum against the same body without the effect, serum itself, ionised
    magnesium late over early in pregnancy, urine of the first day over the day before, net absorption over intake.
    ``background``: effects that the people studied had as well; ``egfr_...``: their filtration, when not healthy.

    ``family``: of the effects of one family on one parameter the strongest counts. ``variant``: another form that a
    person cannot name yet (peritoneal dialysis); it waits for an experiment. ``onset_days``, ``offset_days``: time
    constants after start and stop; blank: it does not go away. ``verified``: the published effect was read.
    """

    id: str
    name_nl: Text
    name_en: Text
    factor: Text
    value: Positive
    low: Positive
    high: Positive
    family: str = ""
    variant: str = ""
    onset_days: Positive
    offset_days: Positive | None = None
    measure: Literal["", "serum_difference", "serum_level", "ionised_ratio", "urine_ratio", "net_absorption"] = ""
    target: str = ""
    effect_value: Number | None = None
    effect_low: Number | None = None
    effect_high: Number | None = None
    effect_unit: str = ""
    at_days: Positive = 365
    egfr_ml_min_1_73m2: Positive | None = None
    background: Keys = ()
    sources: Keys
    verified: Flag
    studied_nl: str = ""
    studied_en: str = ""
    note: str = ""

    def share_at(self, days_since_start: float, days_since_stop: float | None = None) -> float:
        """Share of the effect that is there: it comes and goes exponentially.

        >>> row = BodyEffect(id="x", name_nl="x", name_en="x", factor="gut_active_factor", value=0.8, low=0.7, high=0.9,
        ...                  onset_days=10, offset_days=5, sources=("MEM",), verified=False)
        >>> round(row.share_at(10), 2), round(row.share_at(100, 5), 2), row.share_at(-1)
        (0.63, 0.37, 0.0)
        """
        if days_since_start <= 0:
            return 0.0
        come = 1 - math.exp(-days_since_start / self.onset_days) if self.onset_days else 1.0
        if days_since_stop is None or days_since_stop <= 0 or self.offset_days is None:
            return come
        return come * math.exp(-days_since_stop / self.offset_days) if self.offset_days else 0.0


class MedicineEffect(BodyEffect):
    """An effect of the medicines under ``atc`` prefixes; of several that fit one medicine the longest prefix counts."""

    atc: Keys
    atc_exclude: Keys = ()

    def reach(self, atc: str) -> int:
        """Length of the longest prefix that fits this code; 0 when it is not concerned."""
        if not atc or atc.startswith(tuple(self.atc_exclude)):
            return 0
        return max((len(prefix) for prefix in self.atc if atc.startswith(prefix)), default=0)


class ConditionEffect(BodyEffect):
    """An effect of any of these conditions."""

    conditions: Keys
