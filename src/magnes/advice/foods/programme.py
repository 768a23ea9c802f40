"""The smallest change as a mixed-integer programme, solved by HiGHS (``scipy.optimize.milp``); the optimum is proven.

One variable of 0 or 1 for each move and number of steps ("two handfuls of almonds"). First the magnesium still missing
is made as small as it can be, then the burden: effort of each change, portions, cost where it is known. Portions,
groups, energy and the number of changes are bounded.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from magnes.advice.foods.candidates import Candidates, Step

__all__ = ["Bounds", "Solution", "burden_of", "solve"]

STEP_WEIGHT = 0.1  # a portion more weighs a tenth of the smallest change; design choice
EURO_WEIGHT = 0.2  # a euro a day weighs two portions; design choice
TOLERANCE_MG = 0.05
MOST_REPEATS = 2  # of a kind of move among the alternatives

Row = dict[int, float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What every solution keeps: gap to close [mg/d], change of energy [kcal/d], number of changes."""

    gap_mg: float
    energy_low_kcal: float
    energy_high_kcal: float
    most_changes: int


@dataclass(frozen=True, slots=True)
class Solution:
    """Steps of each move, in the order of the candidates; magnesium still missing [mg/d]; burden (no unit)."""

    steps: tuple[int, ...]
    missing_mg: float
    burden: float

    @property
    def used(self) -> tuple[int, ...]:
        """Places of the moves that are used."""
        return tuple(place for place, count in enumerate(self.steps) if count)


@dataclass
class _Programme:
    """Columns (place of a move, number of steps), then one for each kind of move, then what is missing; and rows."""

    columns: list[tuple[int, int]]
    families: list[str]
    rows: list[Row] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.columns) + len(self.families) + 1

    def family(self, name: str) -> int:
        """Return the variable of a kind of move."""
        return len(self.columns) + self.families.index(name)

    def add(self, row: Row, low: float = -math.inf, high: float = math.inf) -> None:
        """Note that ``low <= row . variables <= high``."""
        if row:
            self.rows.append(row)
            self.low.append(low)
            self.high.append(high)


def burden_of(step: Step, count: int) -> float:
    """Burden of using a move ``count`` times."""
    if not count:
        return 0.0
    return step.effort + (STEP_WEIGHT + EURO_WEIGHT * (step.cost_euro or 0.0)) * count


def solve(
    found: Candidates, bounds: Bounds, earlier: Sequence[Solution] = (), *, by_family: bool = True
) -> Solution | None:
    """Return the best solution that differs from each earlier one in half of its moves or more; ``None`` without moves.

    ``by_family``: moves of one kind (another nut) count as the same, and a kind is used in two solutions at most.
    """
    if not found.steps:
        return None
    programme = _programme(found, bounds)
    for solution in earlier:
        _cut(programme, solution, found.steps, by_family=by_family)
    often = Counter(family for solution in earlier for family in {found.steps[place].family for place in solution.used})
    for family, times in sorted(often.items()):
        if by_family and times >= MOST_REPEATS:
            programme.add({programme.family(family): 1.0}, high=0.0)
    burden = np.zeros(programme.size)
    burden[: len(programme.columns)] = [burden_of(found.steps[place], count) for place, count in programme.columns]
    missing = np.zeros(programme.size)
    missing[-1] = 1.0
    least = _milp(missing, programme)[-1]
    best = _milp(burden, programme, least + TOLERANCE_MG if least > 0 else 0.0)
    counts = [0] * len(found.steps)
    for (place, count), value in zip(programme.columns, best[: len(programme.columns)], strict=True):
        counts[place] += count * round(value)
    if not any(counts):
        return None
    gain = sum(step.gain_mg * count for step, count in zip(found.steps, counts, strict=True))
    total = sum(burden_of(step, count) for step, count in zip(found.steps, counts, strict=True))
    return Solution(tuple(counts), max(0.0, bounds.gap_mg - gain), total)


def _programme(found: Candidates, bounds: Bounds) -> _Programme:
    steps = found.steps
    columns = [
        (place, count) for place, step in enumerate(steps) for count in range(1, _most_steps(step, bounds.gap_mg) + 1)
    ]
    made = _Programme(columns, sorted({step.family for step in steps}))
    # more than the gap closes nothing more: a tighter row with the same solutions
    gains: Row = {
        column: min(bounds.gap_mg, steps[place].gain_mg * count) for column, (place, count) in enumerate(columns)
    }
    made.add(gains | {made.size - 1: 1.0}, low=bounds.gap_mg)
    energy = {column: steps[place].energy_kcal * count for column, (place, count) in enumerate(columns)}
    made.add(energy, bounds.energy_low_kcal, bounds.energy_high_kcal)
    made.add(dict.fromkeys(range(len(columns)), 1.0), high=bounds.most_changes)
    kinds: dict[int, Row] = defaultdict(dict)
    for column, (place, _) in enumerate(columns):
        kinds[place][column] = 1.0
    for place, row in kinds.items():
        made.add(row | {made.family(steps[place].family): -1.0}, high=0.0)
    _one_of_each(made, steps)
    _rooms(made, found)
    return made


def _most_steps(step: Step, gap_mg: float) -> int:
    """Return the steps that can be of use: more of an addition than closes the gap alone is never better."""
    if step.gain_mg <= 0:
        return 0
    if step.old or step.energy_kcal < 0:
        return step.most_steps  # may make room for other moves
    return min(step.most_steps, math.ceil(gap_mg / step.gain_mg))


def _one_of_each(made: _Programme, steps: Sequence[Step]) -> None:
    """See to it that a food is replaced by one other, and of a group one food is added."""
    alike: dict[tuple[str, ...], Row] = defaultdict(dict)
    for column, (place, _) in enumerate(made.columns):
        old = steps[place].old
        alike[("old", *old.key) if old else ("add", steps[place].choice.group)][column] = 1.0
    for row in alike.values():
        made.add(row, high=1.0)


def _rooms(made: _Programme, found: Candidates) -> None:
    """Bound the grams of each choice and of each group; what a swap takes out of a group makes room in it."""
    groups: dict[str, Row] = defaultdict(lambda: defaultdict(float))
    choices: dict[str, Row] = defaultdict(dict)
    for column, (place, count) in enumerate(made.columns):
        step = found.steps[place]
        groups[step.choice.group][column] += step.grams_in * count
        if step.old and step.old.use and step.old.use.group:
            groups[step.old.use.group][column] -= step.grams_out * count
        choices[step.choice.id][column] = step.grams_in * count
    for room, bounded in ((found.group_room_g, groups), (found.choice_room_g, choices)):
        for name, row in bounded.items():
            made.add(dict(row), high=room[name])


def _cut(made: _Programme, solution: Solution, steps: Sequence[Step], *, by_family: bool) -> None:
    """At most half of an earlier solution's moves (or kinds of moves) again."""
    if by_family:
        same = sorted({made.family(steps[place].family) for place in solution.used})
        size = len(same)
    else:
        same = [column for column, (place, _) in enumerate(made.columns) if place in solution.used]
        size = len(solution.used)
    made.add(dict.fromkeys(same, 1.0), high=size - math.ceil(size / 2))


def _milp(objective: NDArray[np.float64], made: _Programme, most_missing_mg: float = math.inf) -> NDArray[np.float64]:
    """Return the proven optimum; a diary left as it is keeps every bound, so that there is one."""
    from scipy.optimize import Bounds as Box
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import csr_array

    cells = [(number, place, value) for number, row in enumerate(made.rows) for place, value in row.items()]
    number, place, value = zip(*cells, strict=True)
    matrix = csr_array((value, (number, place)), shape=(len(made.rows), made.size))
    whole = np.zeros(made.size, dtype=np.intp)
    whole[: len(made.columns)] = 1  # a kind is used when one of its moves is
    high = np.ones(made.size)
    high[-1] = most_missing_mg
    found = milp(
        objective,
        integrality=whole,
        bounds=Box(np.zeros(made.size), high),
        constraints=LinearConstraint(matrix, made.low, made.high),
        options={"mip_rel_gap": 0.0, "presolve": False},  # these small programmes solve faster without
    )
    if found.x is None:
        raise RuntimeError(f"food programme not solved: {found.message}")
    return np.asarray(found.x)
