"""Run the rates once on symbols and write them as straight-line code without repeated terms.

One text of the equations (``model``) serves every backend: a scalar Python function for SciPy, the same on arrays for a
crowd, a kernel for the fast engine, and formulas for Antimony. Equal terms are one node, so nothing is computed twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

from magnes.body.model import Mode

__all__ = ["Graph", "Node", "derivatives", "graph_of", "python_source"]

OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


class Node:
    """A term: an operation on other terms, a constant, a state or a parameter."""

    __slots__ = ("arguments", "graph", "name", "value")

    def __init__(self, graph: Graph, name: str, arguments: tuple[Node, ...] = (), value: Any = None) -> None:
        self.graph, self.name, self.arguments, self.value = graph, name, arguments, value

    def __add__(self, other: Any) -> Node:
        return self.graph.make("add", self, other)

    def __radd__(self, other: Any) -> Node:
        return self.graph.make("add", other, self)

    def __sub__(self, other: Any) -> Node:
        return self.graph.make("sub", self, other)

    def __rsub__(self, other: Any) -> Node:
        return self.graph.make("sub", other, self)

    def __mul__(self, other: Any) -> Node:
        return self.graph.make("mul", self, other)

    def __rmul__(self, other: Any) -> Node:
        return self.graph.make("mul", other, self)

    def __truediv__(self, other: Any) -> Node:
        return self.graph.make("div", self, other)

    def __rtruediv__(self, other: Any) -> Node:
        return self.graph.make("div", other, self)

    def __neg__(self) -> Node:
        return self.graph.make("sub", 0.0, self)

    def __pow__(self, power: Any) -> Node:
        """Small whole powers as products, others as exp(power * log), so that one logarithm serves many powers."""
        return self * self if power == 2 else (self.log() * power).exp()

    def exp(self) -> Node:
        """Exponential."""
        return self.graph.make("exp", self)

    def log(self) -> Node:
        """Natural logarithm."""
        return self.graph.make("log", self)

    def sqrt(self) -> Node:
        """Square root."""
        return self.graph.make("sqrt", self)


@dataclass
class Graph:
    """All terms once; nodes stand in an order in which they can be computed."""

    nodes: list[Node] = field(default_factory=list)
    _known: dict[tuple[Any, ...], Node] = field(default_factory=dict)

    def make(self, name: str, *arguments: Any) -> Node:
        """Return the node of an operation, made once; operations on constants are done at once."""
        parts = tuple(part if isinstance(part, Node) else self.leaf("constant", float(part)) for part in arguments)
        if all(part.name == "constant" for part in parts):
            return self.leaf("constant", _fold(name, [part.value for part in parts]))
        same = _neutral(name, parts)
        if same is not None:
            return same
        ordered = tuple(sorted(parts, key=id)) if name in ("add", "mul") else parts
        return self._once((name, *(id(part) for part in ordered)), name, parts, None)

    def leaf(self, kind: str, value: Any) -> Node:
        """Return a constant, state or parameter."""
        return self._once((kind, value), kind, (), value)

    def _once(self, key: tuple[Any, ...], name: str, parts: tuple[Node, ...], value: Any) -> Node:
        if key not in self._known:
            node = Node(self, name, parts, value)
            self._known[key] = node
            self.nodes.append(node)
        return self._known[key]


def _fold(name: str, values: list[float]) -> float:
    match name, values:
        case "add", [a, b]:
            return a + b
        case "sub", [a, b]:
            return a - b
        case "mul", [a, b]:
            return a * b
        case "div", [a, b]:
            return a / b
    result: float = getattr(math, name)(values[0])
    return result


def _neutral(name: str, parts: tuple[Node, ...]) -> Node | None:
    """Adding 0 and multiplying by 1 change nothing."""
    constants = [part.value if part.name == "constant" else None for part in parts]
    if name == "add" and 0.0 in constants:
        return parts[1 - constants.index(0.0)]
    if name == "mul" and 1.0 in constants:
        return parts[1 - constants.index(1.0)]
    if name in ("sub", "div") and constants[1] == (0.0 if name == "sub" else 1.0):
        return parts[0]
    return None


class _Named(SimpleNamespace):
    """States or parameters by name; which names were asked for is kept."""

    def __init__(self, graph: Graph, kind: str) -> None:
        super().__init__()
        self._graph, self._kind, self._asked = graph, kind, dict[str, Node]()

    def __getattr__(self, name: str) -> Node:
        if name.startswith("_"):
            raise AttributeError(name)
        node: Node = self._asked.setdefault(name, self._graph.leaf(self._kind, name))
        return node


@dataclass(frozen=True)
class Traced:
    """Derivatives of a mode as terms, the parameters they need, and the outputs that were asked for."""

    mode: Mode
    graph: Graph
    states: tuple[str, ...]
    parameters: tuple[str, ...]
    derivatives: tuple[Node, ...]
    outputs: Mapping[str, Node]


def derivatives(mode: Mode, s: Any, p: Any) -> dict[str, Any]:
    """Rate of change of every state and signal [mmol/day, 1/day], for any kind of number.

    Each flow is taken from its source and given to its target: that is all that conservation needs.
    """
    change: dict[str, Any] = {}
    for flow in mode.flows:
        rate = flow.rate(s, p)
        for name, sign in ((flow.source, -1), (flow.target, 1)):
            if name != "outside":
                before = change.get(name)
                signed = rate if sign == 1 else -rate
                change[name] = signed if before is None else before + signed
    change |= {signal.name: signal.rate(s, p) for signal in mode.signals}
    return {name: change[name] for name in mode.names}


def graph_of(mode: Mode, outputs: Mapping[str, Callable[[Any, Any], Any]] | None = None) -> Traced:
    """Trace a mode, and functions of ``(s, p)`` that are to be computed beside it."""
    graph = Graph()
    s, p = _Named(graph, "state"), _Named(graph, "parameter")
    change = derivatives(mode, s, p)
    extra = {name: function(s, p) for name, function in (outputs or {}).items()}
    return Traced(
        mode=mode,
        graph=graph,
        states=mode.names,
        parameters=tuple(sorted(p._asked)),
        derivatives=tuple(graph.make("add", node, 0.0) for node in change.values()),
        outputs=extra,
    )


def _needed(wanted: Iterable[Node]) -> set[int]:
    """Identities of all nodes that the wanted ones rest on."""
    found: set[int] = set()
    waiting = list(wanted)
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found.add(id(node))
            waiting.extend(node.arguments)
    return found


def lines_of(traced: Traced, wanted: Sequence[Node], call: str = "{}") -> tuple[list[str], list[str]]:
    """Return assignments in order, and the name or number of each wanted term. ``call``: how functions are named."""
    needed = _needed(wanted)
    text: dict[int, str] = {}
    lines: list[str] = []
    for node in traced.graph.nodes:
        if id(node) not in needed:
            continue
        if not node.arguments:
            kind = {"state": "s_", "parameter": "p_"}.get(node.name)
            text[id(node)] = f"{kind}{node.value}" if kind else repr(node.value)
            continue
        parts = [text[id(part)] for part in node.arguments]
        sign = OPERATORS.get(node.name)
        right = f"{parts[0]} {sign} {parts[1]}" if sign else f"{call.format(node.name)}({parts[0]})"
        text[id(node)] = f"t{len(lines)}"
        lines.append(f"t{len(lines)} = {right}")
    return lines, [text[id(node)] for node in wanted]


def python_source(traced: Traced, wanted: Sequence[Node], *, name: str = "rates", call: str = "{}") -> str:
    """Source of ``name(s, p)`` that takes sequences in the order of the names and returns a tuple."""
    lines, results = lines_of(traced, wanted, call)
    head = [
        f"def {name}(s, p):",
        f"    ({', '.join('s_' + state for state in traced.states)},) = s",
        f"    ({', '.join('p_' + parameter for parameter in traced.parameters)},) = p",
    ]
    return "\n".join([*head, *(f"    {line}" for line in lines), f"    return ({', '.join(results)},)", ""])


def compiled(source: str, name: str, space: Mapping[str, Any]) -> Callable[..., Any]:
    """Turn generated source into a function."""
    scope: dict[str, Any] = dict(space)
    exec(compile(source, f"<magnes {name}>", "exec"), scope)  # noqa: S102  our own text, made from the model
    function: Callable[..., Any] = scope[name]
    return function


@cache
def rates(mode: Mode) -> tuple[Traced, Callable[..., Any]]:
    """Trace a mode and return it with a function on plain floats: ``rates(s, p) -> tuple``."""
    traced = graph_of(mode)
    source = python_source(traced, traced.derivatives)
    return traced, compiled(source, "rates", {"exp": math.exp, "log": math.log, "sqrt": math.sqrt})
