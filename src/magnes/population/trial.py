"""Virtual trials: people, arms, luck and an analysis, as a real trial would report it.

    trial(people(200), {"control": None, "citrate": Dose("citrate", elemental_mg=300)}, days=84) -> TrialResult

Doses are research, not advice. Adherence and dropout have no default that rests on a fact: unless told, everybody
takes everything and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from magnes.body import rates
from magnes.errors import InputProblems, Problem
from magnes.population.people import People
from magnes.population.trial_analysis import Effect, ancova, interval_of_mean, within_people
from magnes.population.trial_course import UNITS, Crowd, followed, sequences
from magnes.population.trial_luck import TESTS, allocated, drawn, let_in, measured, noise_sd
from magnes.population.trial_spec import Design, Dose, design_of
from magnes.population.written import provenance

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "ASSUMPTIONS",
    "ArmCount",
    "ArmVisit",
    "Difference",
    "TrialResult",
    "effects",
    "enrolled",
    "run",
    "trial",
]

Array = NDArray[np.float64]
Index = NDArray[np.intp]
FEWEST_PER_ARM = 2
# Codes of what the caller left open, and of how the trial was read
ASSUMPTIONS = (
    "trial_all_taken",
    "trial_all_stay",
    "trial_error_of_table",
    "trial_error_none",
    "trial_who_has_both",
    "trial_two_days",
    "trial_research",
)


@dataclass(frozen=True, slots=True)
class ArmCount:
    """People of an arm: who got it, who have a value at the end, who left before (each period of a crossover)."""

    arm: str
    assigned: int
    analysed: int
    left: int


@dataclass(frozen=True, slots=True)
class ArmVisit:
    """What was measured in an arm on a day of its period: mean, SD and 95 % interval, and the same of the change."""

    arm: str
    day: int
    n: int
    mean: float
    sd: float
    low: float
    high: float
    change: float
    change_sd: float
    change_low: float
    change_high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """An arm against the first one on the last day; ``without_luck``: the mean over all enrolled, under both arms."""

    arm: str
    reference: str
    effect: Effect
    without_luck: float


@dataclass(frozen=True)
class TrialResult:
    """What a trial found. ``values``: measured (periods, visits, people), NaN where nobody was; ``sequence`` (people,).

    ``provenance``: engine, state of the knowledge, seed, device. ``assumptions``: codes of ``ASSUMPTIONS``.
    """

    design: Design
    unit: str
    method: str
    counts: tuple[ArmCount, ...]
    visits: tuple[ArmVisit, ...]
    differences: tuple[Difference, ...]
    screened: int
    values: Array
    sequence: Index
    provenance: Mapping[str, str]
    assumptions: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything but the single people as plain values, for JSON; what is not a number is null."""
        told: dict[str, Any] = {
            "design": self.design.model_dump(mode="json", include=set(Design.model_fields)),
            "unit": self.unit,
            "method": self.method,
            "screened": self.screened,
            "enrolled": len(self.sequence),
            **{name: [asdict(row) for row in getattr(self, name)] for name in ("counts", "visits", "differences")},
            "provenance": dict(self.provenance),
            "assumptions": list(self.assumptions),
        }
        return dict(_plain(told))

    def frame(self) -> pl.DataFrame:
        """One row for each measurement: person, period, arm, day, value; needs the extra ``survey``."""
        import polars as pl

        names, plans = list(self.design.arms), np.array(sequences(self.design))
        period, visit, person = np.nonzero(np.isfinite(self.values))
        arm = plans[self.sequence[person], period]
        return pl.DataFrame(
            {
                "person": person.astype(np.int64),
                "period": (period + 1).astype(np.int16),
                "arm": [names[k] for k in arm.tolist()],
                "day": np.array(self.design.visits, dtype=np.int32)[visit],
                "value": self.values[period, visit, person],
            }
        )


def trial(people: People, arms: Mapping[str, Dose | None], **design: Any) -> TrialResult:
    """Run one trial. ``arms``: name -> dose or ``None``; the first is compared with. Other keywords: see ``Design``.

    Raises ``InputProblems`` with everything that is wrong with the design: also for arms that are not by mouth, for
    people who find no level, and when too few can be enrolled.
    """
    found = design_of(arms, **design)
    return run(Crowd.of(people), found)


def run(people: Crowd, design: Design, progress: Callable[[float], None] | None = None) -> TrialResult:
    """Run a trial that was checked; see ``trial``. ``progress`` is called with the share that is done."""
    crowd = enrolled(people, design)
    true = followed(crowd, design, progress)
    sequence = allocated(design, crowd.sex)
    own = true[sequence, :, :, np.arange(len(crowd))].transpose(1, 2, 0)
    values = measured(own, drawn(design, crowd.number), design)
    arm = np.array(sequences(design)).T[:, sequence]
    found = effects(values, arm, crowd.sex, design)
    names = list(design.arms)
    without = _without_luck(true)
    rows = zip(names[1:], found, without, strict=True)
    return TrialResult(
        design=design,
        unit=UNITS[design.endpoint],
        method="ancova" if design.design == "parallel" else "within_people",
        counts=tuple(_count(k, name, values, arm) for k, name in enumerate(names)),
        visits=tuple(_visit(k, name, i, values, arm, design) for k, name in enumerate(names) for i in _places(design)),
        differences=tuple(Difference(name, names[0], effect, expected) for name, effect, expected in rows),
        screened=len(people),
        values=values,
        sequence=sequence,
        provenance=provenance(seed=design.seed),
        assumptions=_assumptions(design),
    )


def enrolled(people: Crowd, design: Design) -> Crowd:
    """Return who is let in: serum as measured on day 0 within the bounds, the first ``enrol`` of them.

    Raises ``InputProblems`` when fewer than asked, or than two an arm, remain.
    """
    serum = rates.serum_mmol_per_l(SimpleNamespace(**people.start), SimpleNamespace(**people.p))
    places = np.flatnonzero(let_in(design, serum, people.number))
    wanted = design.enrol or FEWEST_PER_ARM * len(design.arms)
    if len(places) < wanted:
        raise InputProblems([Problem("trial_too_few", field="people", found=str(len(places)), accepted=str(wanted))])
    return people.some(places[: design.enrol])


def effects(values: Array, arm: Index, sex: NDArray[np.str_], design: Design) -> list[Effect]:
    """Differences from the first arm on the last day, by the analysis of the design."""
    if design.design == "crossover":
        return within_people(values[:, -1], arm, len(design.arms))
    strata = 1.0 * (sex == "male") if design.allocation == "sex" else None
    return ancova(values[0, -1], values[0, 0], arm[0], len(design.arms), strata)


def _without_luck(true: Array) -> list[float]:
    """Mean difference at the end, everybody under each arm first, from the first arm."""
    first = true[:, 0, -1].mean(axis=-1)  # sequence k begins with arm k
    return [float(value - first[0]) for value in first[1:]]


def _places(design: Design) -> range:
    return range(len(design.visits))


def _count(k: int, name: str, values: Array, arm: Index) -> ArmCount:
    given, there = arm == k, np.isfinite(values[:, -1])
    assigned, analysed = int(given.any(axis=0).sum()), int((given & there).any(axis=0).sum())
    return ArmCount(name, assigned, analysed, assigned - analysed)


def _visit(k: int, name: str, place: int, values: Array, arm: Index, design: Design) -> ArmVisit:
    own = arm == k
    n, mean, sd, low, high = interval_of_mean(values[:, place][own])
    change = interval_of_mean((values[:, place] - values[:, 0])[own])[1:]
    return ArmVisit(name, design.visits[place], n, mean, sd, low, high, *change)


def _assumptions(design: Design) -> tuple[str, ...]:
    holds = {
        "trial_all_taken": design.adherence == 1,
        "trial_all_stay": design.dropout_per_month == 0,
        "trial_error_of_table": design.assay_error is None and design.endpoint in TESTS,
        "trial_error_none": noise_sd(design) == 0,
        "trial_who_has_both": design.dropout_per_month > 0,
        "trial_two_days": True,
        "trial_research": True,
    }
    return tuple(code for code in ASSUMPTIONS if holds[code])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
