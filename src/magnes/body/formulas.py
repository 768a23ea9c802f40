"""The rates of a mode as formulas to read, in the words of the model, with their units: for Antimony and for tables."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from magnes.body import rates
from magnes.body.model import Mode
from magnes.body.trace import Node, graph_of
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table

__all__ = ["NAMES", "Formulas", "Spelling", "below", "number", "quantities", "unit_of"]

SHOWN = (
    "serum_mmol_per_l",
    "ionised_mmol_per_l",
    "fractional_excretion",
    "calcium_mmol_per_l",
    "potassium_mmol_per_l",
    "pth",
)  # outputs, though no rate needs some of them
LONG = 52  # letters of a nameless term from which it is written once, when several formulas share it

Powers = tuple[float, float, float]
UNITS: dict[str, tuple[str, Powers]] = {  # in the table -> in Antimony, powers of mmol, litre and day
    "1": ("dimensionless", (0, 0, 0)),
    "mmol": ("mmol", (1, 0, 0)),
    "L": ("litre", (0, 1, 0)),
    "1/d": ("per_day", (0, 0, -1)),
    "mmol/d": ("mmol_per_day", (1, 0, -1)),
    "mmol/L": ("mmol_per_l", (1, -1, 0)),
    "L/d": ("l_per_day", (0, 1, -1)),
}
POWERS = dict(UNITS.values())
NAMES = {powers: name for name, powers in POWERS.items()}
SUFFIXES = {  # units of parameters that ``baseline`` solves; the longest first
    "_mmol_per_day": "mmol/d",
    "_mmol_per_l": "mmol/L",
    "_l_per_day": "L/d",
    "_per_day": "1/d",
    "_mmol": "mmol",
    "_l": "L",
    "": "1",
}
BY_NAME = {
    "day_passive_mmol": "mmol/d",
    "day_active_mmol": "mmol/d",
    "baseline_sensed": "mmol/L",
    "distal_capacity": "mmol/L",
}
SIGNS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}
NEGATIVE, POWER, WHOLE = 3, 4, 5  # binding of a written term, from loose to tight
FUNCTIONS = {"log": "ln"}  # in Antimony ``log`` is of base 10


@cache
def quantities() -> Mapping[str, Callable[[Any, Any], Any]]:
    """All functions of ``(s, p)`` in ``rates`` by name: what the model has a word for."""
    public = {name: found for name, found in vars(rates).items() if inspect.isfunction(found) and name[0] != "_"}
    return {name: found for name, found in public.items() if list(inspect.signature(found).parameters) == ["s", "p"]}


@cache
def _units_in_table() -> Mapping[str, str]:
    return {row.name: row.unit for row in table(BodyParameter)} | BY_NAME


def unit_of(parameter: str) -> str:
    """Return the unit of a parameter of the rates: from its table, else from its name.

    >>> unit_of("gfr_l_per_day"), unit_of("magnesium_volume_l"), unit_of("day_half_strength")
    ('l_per_day', 'litre', 'dimensionless')
    """
    by_name = next(unit for end, unit in SUFFIXES.items() if parameter.endswith(end))
    return UNITS[_units_in_table().get(parameter, by_name)][0]


def number(value: Any) -> str:
    """Return the shortest text that reads back as the same number."""
    return repr(float(value)).removesuffix(".0")


class Spelling:
    """Terms as text: those in ``names`` by their name. ``dimension`` is written after each number without a unit."""

    def __init__(self, signals: Collection[str], dimension: str = "") -> None:
        self.names: dict[Node, str] = {}
        self._signals, self._dimension = signals, dimension

    def term(self, node: Node) -> tuple[str, int]:
        """Return the name of a term, or else spell it."""
        return (self.names[node], WHOLE) if node in self.names else self.spelled(node)

    def _within(self, node: Node, least: int) -> str:
        """Return a part of a formula, in brackets when it binds less than ``least``."""
        text, binding = self.term(node)
        return text if binding >= least else f"({text})"

    def spelled(self, node: Node) -> tuple[str, int]:
        """Return a term in full, and how tight it binds."""
        if node.name == "constant":
            return f"{number(node.value)}{self._dimension}", NEGATIVE if node.value < 0 else WHOLE
        if not node.arguments:
            return node.value, WHOLE
        power = _power(node)
        if power:
            base, exponent = power
            written = "2" if exponent is None else self._within(exponent, WHOLE)
            return f"{self._within(base, WHOLE)}^{written}", POWER
        first, *others = node.arguments
        if not others:
            return f"{FUNCTIONS.get(node.name, node.name)}({self.term(first)[0]})", WHOLE
        if node.name == "sub" and first.value == 0.0:
            return f"-{self._within(others[0], POWER)}", NEGATIVE
        sign, binding = SIGNS[node.name]
        return f"{self._within(first, binding)} {sign} {self._within(others[0], binding + 1)}", binding

    def powers(self, node: Node) -> Powers | None:
        """Powers of mmol, litre and day in the unit of a term; None for a number, which takes the unit it stands by."""
        if node.name == "constant":
            return None
        if node.name == "parameter":
            return POWERS[unit_of(node.value)]
        if node.name == "state":
            return POWERS["dimensionless" if node.value in self._signals else "mmol"]
        parts = [self.powers(part) for part in node.arguments]
        if node.name in ("add", "sub"):
            return parts[0] or parts[1]
        if node.name in ("exp", "log"):
            return (0, 0, 0)
        factors = {"mul": (1, 1), "div": (1, -1), "sqrt": (0.5,)}[node.name]
        found = [(part or (0, 0, 0), factor) for part, factor in zip(parts, factors, strict=True)]
        mmol, litre, day = (sum(part[place] * factor for part, factor in found) for place in range(3))
        return (mmol, litre, day)


class Formulas(Spelling):
    """A mode as formulas: ``flows`` and ``signals`` by name, and the ``rules`` and ``parameters`` that they rest on.

    ``dimension`` is written after each number without a unit.
    """

    def __init__(self, mode: Mode, dimension: str = "") -> None:
        flows = {f"flow {flow.name}": flow.rate for flow in mode.flows}
        traced = graph_of(mode, {**flows, **quantities()})
        super().__init__({signal.name for signal in mode.signals}, dimension)
        changes = dict(zip(traced.states, traced.derivatives, strict=True))
        rate_of = {flow.name: traced.outputs[f"flow {flow.name}"] for flow in mode.flows}
        shown = [traced.outputs[name] for name in SHOWN]
        needed = below([*rate_of.values(), *(changes[name] for name in self._signals), *shown])
        inside = Counter(part for node in needed for part in node.arguments)
        taken = {*traced.states, *traced.parameters}
        words = {traced.outputs[name]: name for name in quantities() if name not in taken}
        self.rules: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.parameters = sorted(node.value for node in needed if node.name == "parameter")
        for node in traced.graph.nodes:
            if not node.arguments or node not in needed or not (inside[node] or node in shown):
                continue
            formula = self.spelled(node)[0]
            name = words.get(node)
            if name is None and inside[node] > 1 and len(formula) > LONG:
                name = f"shared_{sum(known.startswith('shared_') for known in self.rules) + 1}"
            if name:
                self.names[node], self.rules[name] = name, formula
                self.units[name] = NAMES[self.powers(node) or (0, 0, 0)]
        self.flows = {name: self.term(node)[0] for name, node in rate_of.items()}
        self.signals = {signal.name: self.term(changes[signal.name])[0] for signal in mode.signals}


def _power(node: Node) -> tuple[Node, Node | None] | None:
    """Return base and exponent where a term is a power (None: square); the trace writes x^a as exp(log(x) a)."""
    if node.name == "mul" and node.arguments[0] is node.arguments[1]:
        return node.arguments[0], None
    if node.name == "exp" and node.arguments[0].name == "mul" and node.arguments[0].arguments[0].name == "log":
        logarithm, exponent = node.arguments[0].arguments
        return logarithm.arguments[0], exponent
    return None


def below(roots: Sequence[Node]) -> set[Node]:
    """Return these terms and all that they rest on."""
    found: set[Node] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(node.arguments)
    return found
