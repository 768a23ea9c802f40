"""Daily mode with its gains as formulas: when a fit moves a parameter, all that ``baseline`` solves moves with it.

The formulas are made by ``baseline`` itself, run on symbols. So the gains, the amounts at day 0 and the rates of the
model that another program fits come from the same text as ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from magnes.body import rates
from magnes.body.baseline import gains, reference_values, start
from magnes.body.export import DEFINITIONS, beginning, equations
from magnes.body.formulas import NAMES, Formulas, Spelling, below, number, quantities, unit_of
from magnes.body.gut import Sittings, day_numbers
from magnes.body.model import DAILY
from magnes.body.trace import Graph, Node

__all__ = ["HABIT", "NAME", "OWN", "RENAMED", "Baseline", "baseline", "model_text", "numbers"]

NAME = "to_fit"
RENAMED = {"serum_mmol_per_l": "baseline_serum_mmol_per_l"}  # of a parameter: a quantity of the model has the name
HABIT = {  # the day before an experiment; the day of the experiment keeps its own names
    "day_passive_mmol": "habit_passive_mmol_per_day",
    "day_active_mmol": "habit_active_mmol_per_day",
    "day_half_strength": "habit_half_strength",
    "intake_mmol_per_day": "intake_mmol_per_day",
}
LONG_AGO = -1.0  # before the start, so that nothing turns true at day 0
OWN = {  # what an experiment does beside its diet: value in a body left alone, unit
    "start_relative": (1.0, "dimensionless"),
    "urine_from_day": (LONG_AGO, "day"),
}
EXPERIMENT = """
  // What an experiment does: a day from which urine is collected
  event_urine: at (time >= urine_from_day), t0=true, fromTrigger=false: urine = 0 mmol"""


class _AtRest(Graph):
    """Terms where much cancels: at rest a level over its baseline is 1. Some readers of SBML stumble over x / x."""

    def make(self, name: str, *arguments: Any) -> Node:
        match name, arguments:
            case "div" | "sub", (Node() as a, Node() as b) if a is b:
                return self.leaf("constant", 1.0 if name == "div" else 0.0)
            case "div", (Node(name="mul", arguments=(a, b)), Node() as c) if c is b:
                return a
            case "mul", (Node(name="constant", value=0.0), _):
                return self.leaf("constant", 0.0)
        return super().make(name, *arguments)


@dataclass(frozen=True)
class Baseline:
    """The healthy body at rest as formulas: parameters that follow from others, with units, and amounts at day 0.

    ``inputs`` are the parameters that they rest on.
    """

    follow: Mapping[str, str]
    units: Mapping[str, str]
    amounts: Mapping[str, str]
    inputs: frozenset[str]


@cache
def baseline(dimension: str = "") -> Baseline:
    """Run ``baseline`` on symbols. ``rest_`` names are quantities of the model at rest."""
    graph = _AtRest()
    names = {name: RENAMED.get(name, name) for name in reference_values()} | HABIT
    p = gains({name: graph.leaf("parameter", new) for name, new in names.items()})
    rest = {name: graph.make("add", value, 0.0) for name, value in start(p).items()}
    s, body = SimpleNamespace(**rest), SimpleNamespace(**p)
    said = {node: f"rest_{name}" for name, rate in quantities().items() if (node := rate(s, body)).arguments}
    solved = {node: name for name, node in p.items() if node.arguments}
    solved[rates.urine(s, body)] = "baseline_urine_mmol_per_day"
    amounts = {**rest, "extracellular": graph.leaf("parameter", "start_relative") * rest["extracellular"]}
    needed = below([*solved, *amounts.values()])
    spelling = Spelling((), dimension)
    spelling.names = {node: name for node, name in {**said, **solved}.items() if node in needed}
    named = [node for node in graph.nodes if node in spelling.names]
    return Baseline(
        follow={spelling.names[node]: spelling.spelled(node)[0] for node in named},
        units={spelling.names[node]: NAMES[spelling.powers(node) or (0, 0, 0)] for node in named},
        amounts={name: _amount(node, spelling) for name, node in amounts.items()},
        inputs=frozenset(node.value for node in needed if node.name == "parameter"),
    )


def _amount(node: Node, spelling: Spelling) -> str:
    return number(node.value) if node.name == "constant" else spelling.term(node)[0]


@cache
def numbers() -> Mapping[str, float]:
    """Values of the reference adult of all parameters that are numbers in the model to fit, by their name in it."""
    values = reference_values()
    day = day_numbers(Sittings.meals(values["reference_intake_mmol_per_day"]), values)
    own = {name: value for name, (value, _) in OWN.items()}
    known = {RENAMED.get(name, name): value for name, value in values.items()}
    known |= day | {new: day[name] for name, new in HABIT.items()} | own
    rest = baseline()
    wanted = ({*Formulas(DAILY).parameters, *OWN} | rest.inputs) - {*rest.follow}
    return {name: known[name] for name in sorted(wanted)}


def model_text(dimension: str = "") -> str:
    """Return the model to fit as Antimony text; each number without a unit is followed by ``dimension``."""
    return "\n".join(_lines(dimension))


def _lines(dimension: str) -> Iterator[str]:
    formulas, rest = Formulas(DAILY, dimension), baseline(dimension)
    yield "// Magnesium in the human body, to be fitted. Written by magnes from its lists of states and flows."
    yield f"model magnes_{NAME}()"
    yield DEFINITIONS
    yield from beginning(DAILY, rest.amounts)
    yield "\n  // Parameters that are numbers"
    for name, value in numbers().items():
        yield f"  {name} = {number(value)} {OWN[name][1] if name in OWN else unit_of(name)}"
    yield "\n  // Parameters that follow: the healthy body is at rest; rest_ is a quantity at rest"
    for name, formula in rest.follow.items():
        yield f"  {name} = {formula}"
        yield f"  {name} has {rest.units[name]}"
    yield EXPERIMENT
    yield from equations(formulas, DAILY)
    yield "end\n"
