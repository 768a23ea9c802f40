"""``simulate``: the course of magnesium in a person over days to years, with bands.

The person starts where the present diet, medicines and kidneys have brought the body; then something changes: a
medicine stops, a supplement is added. Bands are the 90 % range over parameter sets that fit the published experiments,
over differences between people of this kind, and over the intervals of effects and intake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from magnes.body import rates
from magnes.body.model import DAILY
from magnes.body.scenario import ALBUMIN, Drawn, Followed, Scenario, Scores
from magnes.body.solve import SolverError
from magnes.diary import Diary, Eaten, resolve
from magnes.errors import InputProblems, Problem
from magnes.estimate import Estimate, merge_sources
from magnes.person import Person, Supplement
from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["Course", "Series", "estimate_of", "simulate"]

Array = NDArray[np.float64]
Quantity = Literal[
    "serum",
    "ionised",
    "urine",
    "stool",
    "absorbed",
    "balance",
    "fractional_excretion",
    "labile",
    "muscle",
    "bone",
    "total",
    "calcium",
    "pth",
    "calcitriol",
    "potassium",
]
UNITS: dict[Quantity, str] = {
    "serum": "mmol/L",
    "ionised": "mmol/L",
    "urine": "mg/d",
    "stool": "mg/d",
    "absorbed": "mg/d",
    "balance": "mg/d",
    "fractional_excretion": "1",
    "labile": "mmol",
    "muscle": "mmol",
    "bone": "mmol",
    "total": "mmol",
    "calcium": "mmol/L",
    "pth": "1",
    "calcitriol": "1",
    "potassium": "mmol/L",
}
BAND = (5, 95)  # percentiles: the 90 % range
LITTLE_FILTRATION = 60  # eGFR below which the model raises magnesium too little (docs/validation/body.md)
LOWEST_FITTED_SERUM = 0.4  # below it few people were measured
FEW_DAYS = 3  # of a diary: less says little about years


@dataclass(frozen=True, slots=True)
class Series:
    """A quantity over the days of a course: central value and 90 % band; ``None`` bands were not asked for."""

    unit: str
    value: Array
    low: Array | None = None
    high: Array | None = None


@dataclass(frozen=True)
class Course:
    """What the model says happens. Sums per day (urine, stool, absorbed, balance) are of the day before ``days``.

    ``serum_draws`` [mmol/L] and ``absorbed_draws`` [mg/d] of every drawn body, shape (days, draws); ``None`` without
    draws.
    """

    days: Array
    series: Mapping[Quantity, Series]
    stopped: tuple[str, ...]
    added: tuple[Supplement, ...]
    mode: str
    draws: int
    seed: int
    flags: tuple[str, ...]
    assumed: tuple[str, ...]
    sources: tuple[str, ...]
    serum_draws: Array | None = None
    absorbed_draws: Array | None = None
    verified: bool = False  # the parameters rest on a fit; see docs/validation

    def rows(self) -> list[dict[str, Any]]:
        """Tidy table: one row for a quantity on a day."""
        return [
            {
                "day": float(day),
                "quantity": name,
                "unit": series.unit,
                "value": float(series.value[i]),
                "low": None if series.low is None else float(series.low[i]),
                "high": None if series.high is None else float(series.high[i]),
            }
            for name, series in self.series.items()
            for i, day in enumerate(self.days)
        ]

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        told = ("stopped", "mode", "draws", "seed", "flags", "assumed", "sources", "verified")
        added = [supplement.model_dump(mode="json") for supplement in self.added]
        return {name: getattr(self, name) for name in told} | {"added": added, "rows": self.rows()}

    def frame(self) -> Any:
        """``rows`` as a Polars data frame; needs the extra ``survey``."""
        import polars

        return polars.DataFrame(self.rows())


def simulate(
    person: Person,
    eaten: Diary | Eaten | None = None,
    *,
    days: float = 90,
    mode: Literal["daily", "meals"] = "daily",
    stop: Sequence[str] = (),
    add: Sequence[Supplement] = (),
    sweat_l_per_day: float = 0.0,
    eaten_later: Eaten | None = None,
    draws: int = 100,
    seed: int = 1,
    fitted: Drawn | None = None,
    on: Sequence[float] | None = None,
) -> Course:
    """Follow a person for ``days`` after a change.

    ``stop``: names of medicines of the person that end on day 0. ``add``: supplements that begin on day 0.
    ``sweat_l_per_day``: more sweat from day 0 on, over what the sport of the person already brings. ``eaten_later``:
    another diary from day 0 on. Without a diary the reference intake of a person of this size stands in (``assumed``
    says so). ``draws`` 0 leaves bands out. ``fitted``: bodies that agree with laboratory values (``fit.individual``);
    the line is then their median. ``on``: the days to tell of, from 0 on and rising; every day unless given, and then
    ``days`` is not asked. What the safety rules say of a dose is not asked here: ``assess(person).stops``.

    Raises ``InputProblems`` for a medicine that the person does not take and for values that no body can have.
    """
    found = resolve(eaten) if isinstance(eaten, Diary) else eaten
    scenario = Scenario.of(person, found, stop=stop, add=add, sweat_l_per_day=sweat_l_per_day, eaten_later=eaten_later)
    when = np.append(np.arange(0.0, days), days) if on is None else np.asarray(on, dtype=float)
    series, every = _followed(scenario, when, mode, fitted, scenario.scores(draws, seed) if draws else None)
    bands = {name: np.percentile(values, BAND, axis=-1) for name, values in every.items()}
    return Course(
        days=when,
        series={
            name: Series(
                UNITS[name],
                values,
                *((np.minimum(bands[name][0], values), np.maximum(bands[name][1], values)) if bands else ()),
            )
            for name, values in series.items()
        },
        stopped=tuple(dict.fromkeys(medicine.name for medicine in scenario.stopped)),
        added=tuple(add),
        mode=mode,
        draws=every["serum"].shape[-1] if every else 0,
        seed=seed,
        flags=(*scenario.anchored.flags, *_doubts(scenario, series["serum"])),
        assumed=tuple(
            dict.fromkeys(
                (
                    *scenario.anchored.assumed,
                    *scenario.before.assumptions,
                    *scenario.after.assumptions,
                    *_unsaid(scenario, fitted),
                )
            )
        ),
        sources=merge_sources((("MAGNES-FIT", "MAGNES-DESIGN"), *(row.sources for row in scenario.before.effects))),
        serum_draws=every.get("serum"),
        absorbed_draws=every.get("absorbed"),
    )


def estimate_of(draws: Any, unit: str, sources: tuple[str, ...]) -> Estimate:
    """Return the middle of draws with their 90 % range; not verified: the parameters rest on a fit."""
    low, value, high = np.percentile(draws, (BAND[0], 50, BAND[1])).tolist()
    return Estimate(value=value, low=low, high=high, unit=unit, sources=sources, verified=False)


def _followed(
    scenario: Scenario, days: Array, mode: Literal["daily", "meals"], drawn: Drawn | None, scores: Scores | None
) -> tuple[dict[Quantity, Array], dict[Quantity, Array]]:
    """Return the line and the draws behind its band: fitted bodies and their median, or a typical body and others."""
    if drawn is not None:
        every = observed(scenario.follow(drawn, days, mode))
        return {name: np.median(values, axis=-1) for name, values in every.items()}, every
    typical, many = scenario.levelled(scores) if scores else (scenario.typical(), None)
    try:
        line = scenario.follow(typical, days, mode)
    except SolverError as error:
        raise InputProblems([Problem("body_no_level")]) from error
    return observed(line), observed(scenario.follow(many, days, mode)) if many else {}


def _doubts(scenario: Scenario, serum: Array) -> tuple[str, ...]:
    """Codes of what makes the numbers rougher than they look."""
    holds = {
        "egfr_below_60": (scenario.person.egfr_ml_min_1_73m2 or 100) < LITTLE_FILTRATION,
        "serum_below_fitted": serum.min() < LOWEST_FITTED_SERUM,
        "diary_under_three_days": 0 < len(scenario.intake.days) < FEW_DAYS,
    }
    return tuple(code for code, is_so in holds.items() if is_so)


def _unsaid(scenario: Scenario, fitted: Drawn | None) -> tuple[str, ...]:
    """Codes of what was assumed about what is eaten and taken, and of what was not used."""
    holds = {
        "diary_for_years": len(scenario.intake.days) > 0,
        "amount_unknown": bool(scenario.intake.amount_unknown),
        "measured_serum_not_used": fitted is None and any(lab.test != ALBUMIN for lab in scenario.person.labs),
    }
    return tuple(code for code, is_so in holds.items() if is_so)


def observed(path: Followed) -> dict[Quantity, Array]:
    """Return what can be measured along a path: sums of the day before, levels at the end of the day."""
    s, p = SimpleNamespace(**path.states), SimpleNamespace(**path.p)
    mg = MAGNESIUM_G_PER_MOL
    steps = np.diff(path.days).reshape(-1, *(1,) * (np.ndim(s.urine) - 1))

    def per_day(amount: Any, first: Any) -> Array:
        return np.concatenate(([np.broadcast_to(first, amount.shape[1:])], np.diff(amount, axis=0) / steps))

    body = sum(getattr(s, state.name) for state in DAILY.states if state.element == "Mg" and not state.sink)
    lost_in_gut = rates.gut_loss(s, p)
    gut = np.concatenate((lost_in_gut[:1], (lost_in_gut[1:] + lost_in_gut[:-1]) / 2))
    given = s.urine + s.skin + s.dialysate + s.child
    first = SimpleNamespace(**{name: values[0] for name, values in path.states.items()})
    begin = SimpleNamespace(**path.first)
    absorbed = path.absorbed_at_first
    lost = (
        rates.urine(first, begin) + rates.sweat(first, begin) + rates.dialysed(first, begin) + begin.child_mmol_per_day
    )
    balance = per_day(body, absorbed - lost - lost_in_gut[0])
    urine = per_day(s.urine, rates.urine(first, begin))
    return {
        "serum": rates.serum_mmol_per_l(s, p),
        "ionised": rates.ionised_mmol_per_l(s, p),
        "urine": urine * mg,
        "stool": per_day(s.stool, begin.intake_mmol_per_day - absorbed + lost_in_gut[0]) * mg,
        "absorbed": (balance + per_day(given, lost) + gut) * mg,
        "balance": balance * mg,
        "fractional_excretion": rates.fractional_excretion(s, p),
        "labile": s.labile,
        "muscle": s.muscle,
        "bone": s.bone_surface + s.bone_crystal,
        "total": body,
        "calcium": rates.calcium_mmol_per_l(s, p),
        "pth": rates.pth(s, p),
        "calcitriol": s.calcitriol,
        "potassium": rates.potassium_mmol_per_l(s, p),
    }
