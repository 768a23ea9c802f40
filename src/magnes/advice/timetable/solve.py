"""Clock times by constraint programming (CP-SAT): the fewest moments, or the smallest set of demands in conflict.

Times count in minutes from waking. The day wraps: from the last taking to the first of the next day counts as well.
One worker and a fixed seed, so that the same question has the same answer. ``ortools`` is loaded when it is asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from magnes.advice.timetable.day import DAY_MINUTES, since
from magnes.advice.timetable.records import MEALS, ClockDay, Demand, Item
from magnes.errors import InputProblems, Problem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

__all__ = ["PlacedTaking", "Solved", "conflict", "place", "possible"]

COARSEST_MINUTES = 15
# Design choices: what a medicine's move weighs beside that of a supplement; the move that a soft demand is worth
MEDICINE_WEIGHT, SOFT_MINUTES = 3, 240
WITH_FOOD_MINUTES = 30  # a meal and just after it, design choice
EFFORT = 6.0  # deterministic time of the solver for one question; far above what a real day needs
EFFORT_NEAR = 0.4  # how near present times a timetable lies need not be the very best


class PlacedTaking(NamedTuple):
    """One taking of an item, minutes after waking, with the soft demands (places in the list) that it gives up."""

    item: int
    minutes: int
    unmet: tuple[int, ...]


class Solved(NamedTuple):
    """Every taking in the order of the day, and whether it is proven that no fewer moments exist."""

    takings: tuple[PlacedTaking, ...]
    fewest: bool


class _Board:
    """The variables of one question: a time for every taking, in steps that lose no solution."""

    def __init__(self, items: Sequence[Item], day: ClockDay, demands: Sequence[Demand]) -> None:
        from ortools.sat.python import cp_model

        self.items, self.day = items, day
        self.model = cp_model.CpModel()
        self.meals = [since(day.wakes, getattr(day, meal)) for meal in MEALS]
        self.bedtime = since(day.wakes, day.bedtime)
        self.work = None if day.work is None else (since(day.wakes, day.work[0]), since(day.wakes, day.work[1]))
        self.present = [sorted(since(day.wakes, time) for time in item.times) for item in items]
        self.step = self._step(demands)
        self.last = DAY_MINUTES // self.step - 1
        self.times = [[self.model.new_int_var(0, self.last, "") for _ in range(item.takings)] for item in items]
        for times in self.times:
            for earlier, later in pairwise(times):
                self.model.add(earlier <= later)

    def _step(self, demands: Sequence[Demand]) -> int:
        """Greatest step that divides all that is given: windows and clocks leave solutions on its grid, if any."""
        given = [*self.meals, self.bedtime, *(self.work or ()), *(time for times in self.present for time in times)]
        given += [round(60 * hours) for one in demands for hours in (one.hours_before, one.hours_after)]
        return math.gcd(COARSEST_MINUTES, *given)

    def steps(self, minutes: float) -> int:
        """Return minutes in steps."""
        return round(minutes / self.step)

    def require(self, demand: Demand, *switches: cp_model.IntVar) -> None:
        """Add a demand, in force when all switches are true."""
        if demand.code == "avoid":
            self._if(self.model.add_bool_or([]), switches)
        elif demand.code == "awake":
            for item, times in zip(self.items, self.times, strict=True):
                if not item.fixed:  # who sets an alarm at night knows it
                    self._if(self.model.add(times[-1] <= self.steps(self.bedtime)), switches)
        elif demand.code == "window":
            self._window(demand, switches)
        elif demand.item is not None:
            self._of_item(demand, demand.item, switches)

    def _of_item(self, demand: Demand, item: int, switches: tuple[Any, ...]) -> None:
        times = self.times[item]
        if demand.code == "fixed":
            for time, now in zip(times, self.present[item], strict=True):
                self._if(self.model.add(time == self.steps(now)), switches)
        elif demand.code == "spread":
            gap, turn = self.steps(60 * demand.hours_before), self.steps(DAY_MINUTES)
            for earlier, later in pairwise(times):
                self._if(self.model.add(later - earlier >= gap), switches)
            self._if(self.model.add(times[0] + turn - times[-1] >= gap), switches)
        elif demand.code == "first_of_day":
            gap = self.steps(60 * demand.hours_before)
            others = [later[0] for other, later in enumerate(self.times) if other != item]
            for time in times:
                self._if(self.model.add(time + gap <= self.steps(min(self.meals))), switches)
                for later in others:
                    self._if(self.model.add(time + gap <= later), switches)
        else:
            for time in times:
                self.within(time, demand, *switches)

    def within(self, time: cp_model.IntVar, demand: Demand, *switches: Any) -> None:
        """Hold one taking to the spans of the day that a demand allows, when all switches are true."""
        from ortools.sat.python import cp_model

        if demand.code == "with_food":
            spans = _in_day([(meal, meal + WITH_FOOD_MINUTES) for meal in self.meals])
        elif demand.code == "work":
            spans = self._free_of_work()
        else:
            spans = self._without_food(demand)
        allowed = [[math.ceil(low / self.step), high // self.step] for low, high in spans]
        domain = cp_model.Domain.from_intervals([span for span in allowed if span[0] <= span[1]])
        self._if(self.model.add_linear_expression_in_domain(time, domain), switches)

    def _window(self, demand: Demand, switches: tuple[Any, ...]) -> None:
        """Whichever of two takings is first, the hours hold to the other one, and on to the next day."""
        before, after = self.steps(60 * demand.hours_before), self.steps(60 * demand.hours_after)
        turn = self.steps(DAY_MINUTES)
        for one in self.times[demand.item or 0]:
            for other in self.times[demand.other or 0]:
                first = self.model.new_bool_var("")
                self._if(self.model.add(other - one >= before), (*switches, first))
                self._if(self.model.add(one + turn - other >= after), (*switches, first))
                self._if(self.model.add(one - other >= after), (*switches, ~first))
                self._if(self.model.add(other + turn - one >= before), (*switches, ~first))

    def _without_food(self, demand: Demand) -> list[tuple[int, int]]:
        """Spans (minutes after waking) that are far enough from every meal, of yesterday and tomorrow too."""
        before, after = round(60 * demand.hours_before), round(60 * demand.hours_after)
        meals = sorted(meal + turn for meal in self.meals for turn in (-DAY_MINUTES, 0, DAY_MINUTES))
        spans = [(earlier + after, later - before) for earlier, later in pairwise(meals)]
        return _in_day(spans)

    def _free_of_work(self) -> list[tuple[int, int]]:
        """Spans without work, and lunch."""
        start, end = self.work or (0, 0)
        span = (end - DAY_MINUTES, start) if start < end else (end, start)
        lunch = (self.meals[1], self.meals[1] + WITH_FOOD_MINUTES)
        return _in_day([span, (span[0] + DAY_MINUTES, span[1] + DAY_MINUTES), lunch])

    def _if(self, constraint: cp_model.Constraint, switches: tuple[Any, ...]) -> None:
        if switches:
            constraint.only_enforce_if(*switches)

    def run(self, solver: cp_model.CpSolver, effort: float = EFFORT) -> str:
        """Solve; return the name of the status."""
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = effort
        return str(solver.status_name(solver.solve(self.model)))


def _in_day(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the parts of spans that lie from 0 to 1439 minutes."""
    cut = [(max(0, low), min(DAY_MINUTES - 1, high)) for low, high in spans]
    return [(low, high) for low, high in cut if low <= high]


def place(items: Sequence[Item], day: ClockDay, demands: Sequence[Demand]) -> Solved | None:
    """Place all takings: the fewest moments, and of those near present times with few soft demands given up.

    ``None``: no timetable exists. Raises ``InputProblems`` (``timetable_unsolved``) when the solver gives up.
    """
    from ortools.sat.python import cp_model

    board = _Board(items, day, demands)
    lost: dict[tuple[int, int, int], cp_model.IntVar] = {}  # demand, item, taking of that item
    for number, demand in enumerate(demands):
        if demand.hard:
            board.require(demand)
            continue
        for count, time in enumerate(board.times[demand.item or 0]):
            lost[number, demand.item or 0, count] = board.model.new_bool_var("")
            board.within(time, demand, ~lost[number, demand.item or 0, count])
    solver, fewest = cp_model.CpSolver(), True
    costs = [*_moved(board), *(board.steps(SOFT_MINUTES) * given_up for given_up in lost.values())]
    for goal, terms in enumerate((_moments(board, demands), costs)):
        total = cp_model.LinearExpr.sum(terms)
        board.model.minimize(total)
        status = board.run(solver, EFFORT_NEAR if goal else EFFORT)
        if status == "INFEASIBLE":
            return None
        if status not in ("OPTIMAL", "FEASIBLE"):
            raise InputProblems([Problem("timetable_unsolved", found=status)])
        fewest &= goal > 0 or status == "OPTIMAL"
        board.model.add(total <= round(solver.objective_value))
        board.model.clear_hints()  # type: ignore[no-untyped-call]
        for time in (time for times in board.times for time in times):
            board.model.add_hint(time, solver.value(time))
    takings = [
        PlacedTaking(
            item,
            solver.value(time) * board.step,
            tuple(key[0] for key, given_up in lost.items() if key[1:] == (item, count) and solver.value(given_up)),
        )
        for item, times in enumerate(board.times)
        for count, time in enumerate(times)
    ]
    return Solved(tuple(sorted(takings, key=lambda taking: (taking.minutes, taking.item))), fewest)


def _moments(board: _Board, demands: Sequence[Demand]) -> list[cp_model.IntVar]:
    """For every taking whether it is a moment of its own: none before it in the list stands at the same time."""
    apart = {(one.item, one.other) for one in demands if one.code == "window" and one.hours_before and one.hours_after}
    spread = {one.item for one in demands if one.code == "spread"}
    takings = [(item, time) for item, times in enumerate(board.times) for time in times]

    def never_together(one: int, other: int) -> bool:
        pair = sorted((takings[one][0], takings[other][0]))
        return tuple(pair) in apart or (pair[0] == pair[1] and pair[0] in spread)

    found = []
    for number, (_, time) in enumerate(takings):
        own = board.model.new_bool_var("")
        together = []
        for earlier in range(number):
            if not never_together(earlier, number):
                same = board.model.new_bool_var("")
                board.model.add(time == takings[earlier][1]).only_enforce_if(same)
                together.append(same)
        board.model.add_bool_or([own, *together])
        found.append(own)
    return found


def _moved(board: _Board) -> list[Any]:
    """Return the steps between the times of now and the new ones; who has no times yet takes it at breakfast.

    A medicine weighs more than a supplement: a person is used to it, and its time was chosen with the prescriber.
    """
    parts = []
    for item, times in enumerate(board.times):
        weight = MEDICINE_WEIGHT if board.items[item].kind == "medicine" else 1
        for count, time in enumerate(times):
            now = board.present[item][count] if board.present[item] else board.meals[0]
            moved = board.model.new_int_var(0, board.last, "")
            board.model.add_abs_equality(moved, time - board.steps(now))
            parts.append(weight * moved)
    return parts


def conflict(items: Sequence[Item], day: ClockDay, demands: Sequence[Demand]) -> tuple[int, ...]:
    """Return places of hard demands that cannot hold together, of which none can be left out.

    The solver names a set that is enough; one demand after the other is then left out if the rest still conflict.
    """
    from ortools.sat.python import cp_model

    hard = [number for number, demand in enumerate(demands) if demand.hard]
    board = _Board(items, day, demands)
    switches = {number: board.model.new_bool_var("") for number in hard}
    for number, switch in switches.items():
        board.require(demands[number], switch)
    board.model.add_assumptions(list(switches.values()))
    solver = cp_model.CpSolver()
    named: set[int] = set()
    if board.run(solver) == "INFEASIBLE":
        named = set(solver.sufficient_assumptions_for_infeasibility())
    core = [number for number in hard if switches[number].index in named] or hard
    for number in tuple(core):
        rest = [one for one in core if one != number]
        if not possible(items, day, [demands[one] for one in rest]):
            core = rest
    return tuple(core)


def possible(items: Sequence[Item], day: ClockDay, demands: Sequence[Demand]) -> bool:
    """Whether all these demands can hold; also when the solver cannot say that they cannot."""
    from ortools.sat.python import cp_model

    board = _Board(items, day, demands)
    for demand in demands:
        board.require(demand)
    return board.run(cp_model.CpSolver()) != "INFEASIBLE"
