"""Records of a dose plan: what is to be reached, the ways that are left, what to keep apart, what to measure again."""

from __future__ import annotations

import datetime as dt
from typing import Literal, get_args

from magnes.advice.gates import Gate, Gates
from magnes.estimate import Estimate, Record
from magnes.person import Supplement

__all__ = ["RECHECKS", "Apart", "Curve", "DosePlan", "Option", "Recheck", "Remark", "Target", "TargetKind"]

TargetKind = Literal["intake", "serum"]
Remark = Literal[
    "nothing_needed",
    "intake_unknown",
    "target_is_ai",
    "target_not_reached",
    "serum_not_measured",
    "no_reason",
    "too_far",
    "pregnant_cut_off",
    "probably_not_low",
    "no_clock_time",
]
What = Literal["serum", "egfr", "diary"]
RECHECKS: tuple[What, ...] = get_args(What)


class Target(Record):
    """What is to be reached: the recommended intake [mg/d] or a serum magnesium [mmol/L]; ``now``: value today."""

    kind: TargetKind
    wanted: Estimate
    now: Estimate

    @property
    def gap(self) -> float:
        """Return what is missing, in the unit of the target."""
        return self.wanted.value - self.now.value


class Option(Record):
    """A salt, an amount, a number of takings and a duration, simulated.

    ``dose`` [mg/d] is magnesium as labelled, ``per_taking_mg`` of one taking. ``absorbed`` [mg/d] of it goes into the
    body; ``unabsorbed`` [mmol] stays in the bowel after one taking and draws water. ``serum`` [mmol/L] is that of the
    last day, ``serum_high`` the highest 97.5 % point of the whole course, ``chance`` [1] that of reaching the cut-off.
    ``settled_days``: after these the blood has made nine tenths of its change. ``price`` [EUR/100 mg absorbed] of
    ``product``, where prices were given.
    """

    place: int
    salt: str
    name_nl: str
    name_en: str
    times: tuple[dt.time, ...]
    per_taking_mg: float
    dose: Estimate
    days: int
    absorbed: Estimate
    unabsorbed: Estimate
    serum: Estimate
    serum_high: Estimate
    chance: Estimate | None = None
    reached: tuple[TargetKind, ...]
    settled_days: int
    laxative_risk: str
    price: Estimate | None = None
    product: str = ""
    cautions: tuple[Gate, ...] = ()

    @property
    def supplement(self) -> Supplement:
        """Return the option as a supplement that a person takes."""
        return Supplement(salt=self.salt, elemental_mg=self.per_taking_mg, times=self.times)

    @property
    def dose_mg(self) -> float:
        """Return the magnesium a day as labelled [mg]."""
        return self.per_taking_mg * len(self.times)


class Curve(Record):
    """Magnesium absorbed [mg/d] over the dose [mg/d] of salts that dissolve alike, in ``takings`` a day."""

    salts: tuple[str, ...]
    takings: int
    dose_mg: tuple[float, ...]
    absorbed_mg: tuple[float, ...]


class Apart(Record):
    """Hours that a medicine and magnesium need between them; ``None`` is unknown, never safe."""

    medicine: str
    rule: str
    hours_before: float | None
    hours_after: float | None
    sources: tuple[str, ...]
    verified: bool


class Recheck(Record):
    """What to measure or write down again, and after how many days (design choice)."""

    what: What
    day: int
    sources: tuple[str, ...] = ("MAGNES-DESIGN",)
    verified: bool = False


class DosePlan(Record):
    """The answer: closed gates and no options, or options from best to least; never into a vein.

    ``remarks`` are codes. ``draws``: drawn bodies behind each band. Without a target nothing is planned.
    """

    authority: str
    gates: Gates
    targets: tuple[Target, ...] = ()
    options: tuple[Option, ...] = ()
    curves: tuple[Curve, ...] = ()
    keep_apart: tuple[Apart, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    remarks: tuple[Remark, ...] = ()
    outside: tuple[str, ...] = ()
    days: int
    draws: int

    @property
    def stopped(self) -> bool:
        """Whether a gate is closed: no dose, and the run ends with exit code 3."""
        return bool(self.gates.blocked)
