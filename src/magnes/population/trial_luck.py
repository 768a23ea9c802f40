"""Who gets what, who stays, what is measured: each decision a named stream, indexed by person.

One more draw, arm or person moves nobody else's luck, so the same people meet the same luck under another dose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from magnes.body.draws import stream
from magnes.fit.data import relative_sd
from magnes.population.trial_course import sequences, uniform_of
from magnes.population.trial_spec import Design, Endpoint

__all__ = ["DAYS_PER_MONTH", "TESTS", "Luck", "allocated", "drawn", "let_in", "measured", "noise_sd"]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
DAYS_PER_MONTH = 365.25 / 12
TESTS: dict[Endpoint, str] = {"serum": "serum-magnesium", "urine_24h": "urine-magnesium-24h"}
BLOCKS = 2  # a block holds each arm so often as its ratio says, times this


@dataclass(frozen=True)
class Luck:
    """Luck of people: ``noise`` (periods, visits, people), standard normal, and the day on which each leaves.

    ``drop_day`` (people,) counts from the start; infinite for who stays.
    """

    noise: Array
    drop_day: Array


def drawn(design: Design, number: Index) -> Luck:
    """Draw the luck of the people of these numbers: errors of each visit and dropout."""
    noise = [
        [ndtri(uniform_of(design.seed, _visit(period, day), number)) for day in design.visits]
        for period in range(len(sequences(design)[0]))
    ]
    monthly = design.dropout_per_month
    if not monthly:
        return Luck(np.array(noise), np.full(len(number), np.inf))
    luck = uniform_of(design.seed, "trial dropout", number)
    return Luck(np.array(noise), DAYS_PER_MONTH * np.log1p(-luck) / np.log1p(-monthly))


def let_in(design: Design, serum: Array, number: Index) -> NDArray[np.bool_]:
    """Who has a measured serum within the bounds; ``serum``: true values of day 0 [mmol/L].

    Of a trial of serum that measurement is that of day 0: who was low by chance alone is higher at the next visit.
    """
    if design.serum_between_mmol_per_l is None:
        return np.ones(len(number), dtype=bool)
    low, high = design.serum_between_mmol_per_l
    decision = _visit(0, 0) if design.endpoint == "serum" else "trial screening"
    sd = noise_sd(design) if design.endpoint == "serum" else relative_sd(TESTS["serum"])
    seen = serum * np.exp(sd * ndtri(uniform_of(design.seed, decision, number)) - sd**2 / 2)
    return np.asarray((seen >= low) & (seen <= high))


def _visit(period: int, day: int) -> str:
    return f"trial assay {period} {day}"


def noise_sd(design: Design) -> float:
    """SD of the logarithm of one value around a person's mean; 0 for balance, of which no error is known."""
    if design.assay_error is not None:
        return float(np.sqrt(np.log1p(design.assay_error**2)))
    return relative_sd(TESTS[design.endpoint]) if design.endpoint in TESTS else 0.0


def measured(true: Array, luck: Luck, design: Design) -> Array:
    """Measured values (periods, visits, people), NaN from when who left has left."""
    sd = noise_sd(design)
    values = true * np.exp(sd * luck.noise - sd**2 / 2)
    span = design.days + design.washout_days
    day = np.add.outer(np.arange(len(true)) * span, np.array(design.visits))[..., None]
    return np.where(day <= luck.drop_day, values, np.nan)


def allocated(design: Design, sex: NDArray[np.str_], *, decision: str = "trial allocation") -> Index:
    """Return the number of the sequence that each person gets, in the order in which they come."""
    count = len(sequences(design))
    ratio = np.array(design.ratio or (1,) * count)
    if design.allocation == "simple":
        upto, luck = np.cumsum(ratio) / ratio.sum(), stream(design.seed, decision).random(len(sex))
        return np.minimum(np.searchsorted(upto, luck, side="right"), count - 1)
    strata = sex if design.allocation == "sex" else np.full(len(sex), "all")
    block = np.repeat(np.arange(count), ratio * BLOCKS)
    found = np.empty(len(sex), dtype=np.intp)
    for stratum in np.unique(strata):
        places = np.flatnonzero(strata == stratum)
        luck = stream(design.seed, f"{decision} {stratum}").random((-(-len(places) // len(block)), len(block)))
        found[places] = block[np.argsort(luck, axis=1)].ravel()[: len(places)]
    return found
