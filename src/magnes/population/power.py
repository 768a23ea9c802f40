"""Power by simulation, and the smallest trial that has it: the bodies are followed once, the luck of a trial often.

    power(people, arms, number=60, days=84) -> Power          sample_size(people, arms, target=0.8) -> SampleSize

Each simulated trial draws its people from the crowd, allocates them, measures with error, loses some, and is analysed
as ``trial`` does. A difference is found when p is below ``alpha``. A bound
on serum is asked once, of the crowd.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from magnes.body.draws import stream
from magnes.errors import InputProblems, Problem
from magnes.population.people import People
from magnes.population.trial import effects, enrolled
from magnes.population.trial_analysis import Effect
from magnes.population.trial_course import UNITS, Crowd, followed, sequences
from magnes.population.trial_luck import allocated, drawn, measured
from magnes.population.trial_spec import Design, Dose, design_of

__all__ = ["MOST_PEOPLE", "Power", "SampleSize", "power", "power_of", "sample_size", "size_of"]

Array = NDArray[np.float64]
Progress = Callable[[float], None]
Z95 = 1.959963984540054
MOST_PEOPLE = 20_000  # of one trial: beyond it no answer is sought
SEEDS = 2**31


@dataclass(frozen=True, slots=True)
class Power:
    """Share of simulated trials that find the difference of an arm, with its Monte Carlo interval (Wilson, 95 %).

    ``effect``: mean of the differences found, ``se`` the mean of their standard errors, ``covered`` the share of their
    intervals that hold ``without_luck``, the mean difference in the crowd.
    """

    arm: str
    reference: str
    people: int
    trials: int
    power: float
    low: float
    high: float
    effect: float
    se: float
    covered: float
    without_luck: float
    unit: str


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Fewest people in all whose simulated power reaches ``target``; ``formula``: from effect and SD alone, normal."""

    people: int
    target: float
    alpha: float
    formula: int
    at: tuple[Power, ...]


@dataclass(frozen=True)
class _Pool:
    """A crowd that was let in and followed: true values (sequences, periods, visits, people)."""

    crowd: Crowd
    true: Array
    design: Design


def power(
    people: People,
    arms: Mapping[str, Dose | None],
    *,
    number: int,
    trials: int = 1000,
    alpha: float = 0.05,
    progress: Progress | None = None,
    **design: Any,
) -> tuple[Power, ...]:
    """Power of a trial with ``number`` people in all, for each arm against the first; keywords as of ``trial``.

    Raises ``InputProblems`` as ``trial`` does.
    """
    found = design_of(arms, **design)
    return power_of(Crowd.of(people), found, number=number, trials=trials, alpha=alpha, progress=progress)


def power_of(
    people: Crowd, design: Design, *, number: int, trials: int, alpha: float, progress: Progress | None = None
) -> tuple[Power, ...]:
    """``power`` of a design that was checked."""
    return _powers(_pool(people, design), number, trials, alpha, progress or _silent)


def sample_size(
    people: People,
    arms: Mapping[str, Dose | None],
    *,
    target: float = 0.8,
    trials: int = 1000,
    alpha: float = 0.05,
    progress: Progress | None = None,
    **design: Any,
) -> SampleSize:
    """Fewest people in all with a power of ``target`` for every arm; keywords as of ``trial``.

    Raises ``InputProblems`` as ``trial`` does, and when even ``MOST_PEOPLE`` are too few.
    """
    found = design_of(arms, **design)
    return size_of(Crowd.of(people), found, target=target, trials=trials, alpha=alpha, progress=progress)


def size_of(
    people: Crowd, design: Design, *, target: float, trials: int, alpha: float, progress: Progress | None = None
) -> SampleSize:
    """``sample_size`` of a design that was checked.

    From the number that the formula gives, doubling until the power is there, then halving the distance. Numbers are
    whole blocks, so that arms are as large as their ratio says.
    """
    pool, tell = _pool(people, design), progress or _silent
    block = sum(design.ratio or (1,) * len(sequences(design)))
    formula = _formula(pool, target, alpha, trials)
    known: dict[int, tuple[Power, ...]] = {}

    def enough(blocks: int) -> bool:
        if blocks not in known:
            known[blocks] = _powers(pool, blocks * block, trials, alpha, _silent)
            tell(1 - 1 / (1 + len(known)))
        return min(row.power for row in known[blocks]) >= target

    low, high = max(2, 4 // block) - 1, max(2, 4 // block, -(-min(formula, MOST_PEOPLE) // block))
    while not enough(high):
        low, high = high, high * 2
        if high * block > MOST_PEOPLE:
            text = f"{MOST_PEOPLE}"
            raise InputProblems([Problem("trial_no_size", field="power.target", found=f"{target:g}", accepted=text)])
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    tell(1.0)
    return SampleSize(high * block, target, alpha, formula, known[high])


def _silent(_: float) -> None:
    pass


def _pool(people: Crowd, design: Design) -> _Pool:
    crowd = enrolled(people, design.model_copy(update={"enrol": None}))
    return _Pool(crowd, followed(crowd, design), design)


def _powers(pool: _Pool, number: int, trials: int, alpha: float, tell: Progress) -> tuple[Power, ...]:
    found = []
    for k in range(trials):
        found.append(_one(pool, number, k))
        tell((k + 1) / trials)
    first, names = pool.true[:, 0, -1].mean(axis=-1), list(pool.design.arms)
    rows = []
    for k, name in enumerate(names[1:]):
        every: list[Effect] = [effects[k] for effects in found]
        hits = sum(effect.p < alpha for effect in every)
        expected = float(first[k + 1] - first[0])
        rows.append(
            Power(
                name,
                names[0],
                number,
                trials,
                hits / trials,
                *_wilson(hits, trials),
                float(np.nanmean([effect.value for effect in every])),
                float(np.nanmean([effect.se for effect in every])),
                float(np.mean([effect.low <= expected <= effect.high for effect in every])),
                expected,
                UNITS[pool.design.endpoint],
            )
        )
    return tuple(rows)


def _one(pool: _Pool, number: int, k: int) -> list[Effect]:
    """Differences in simulated trial ``k``: its own luck, its own people from the crowd."""
    seed = int(stream(pool.design.seed, f"power {k}").integers(SEEDS))
    design = pool.design.model_copy(update={"seed": seed})
    who = stream(seed, "power people").integers(len(pool.crowd), size=number)
    sex = pool.crowd.sex[who]
    sequence = allocated(design, sex)
    true = pool.true[sequence, :, :, who].transpose(1, 2, 0)
    values = measured(true, drawn(design, np.arange(number)), design)
    return effects(values, np.array(sequences(design)).T[:, sequence], sex, design)


def _formula(pool: _Pool, target: float, alpha: float, trials: int) -> int:
    """People in all by the normal formula, from the smallest effect and the standard error in a large trial."""
    number = 1000
    rows = _powers(pool, number, min(50, trials), alpha, _silent)
    needed = norm.isf(alpha / 2) + norm.isf(1 - target)
    per = [number * (needed * row.se / row.without_luck) ** 2 if row.without_luck else math.inf for row in rows]
    return math.ceil(min(max(per), 10 * MOST_PEOPLE))


def _wilson(hits: int, trials: int) -> tuple[float, float]:
    share, z2 = hits / trials, Z95**2 / trials
    middle, wide = share + z2 / 2, Z95 * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials))
    return max(0.0, (middle - wide) / (1 + z2)), min(1.0, (middle + wide) / (1 + z2))
