"""Rewrite traced rates so that a step has little left to do, and split off what rests on parameters alone.

Every term is held as ``offset + scale * rest``, where offset and scale rest on parameters alone and are worked out
once. So x / V becomes a product, (x / k) ** n becomes c * exp(n * log(x)) with one logarithm of x for all powers, and
constants come together: of 35 divisions and 12 logarithms 11 and 7 remain. It is the same function up to rounding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from magnes.body.model import Mode
from magnes.body.trace import OPERATORS, Graph, Node, Traced, graph_of

__all__ = ["Split", "fixed_source", "lines_of", "rates_source", "split", "split_of"]


@dataclass(frozen=True)
class Split:
    """Terms of parameters alone that a step needs (``fixed``), and derivatives in terms of states and those."""

    states: tuple[str, ...]
    parameters: tuple[str, ...]
    nodes: tuple[Node, ...]
    moving: frozenset[int]
    fixed: tuple[Node, ...]
    derivatives: tuple[Node, ...]

    def resting_on(self, names: Collection[str]) -> tuple[int, ...]:
        """Return which of ``fixed`` rest on one of these parameters."""
        touched: set[int] = set()
        for node in self.nodes:
            if (node.name == "parameter" and node.value in names) or any(
                id(part) in touched for part in node.arguments
            ):
                touched.add(id(node))
        return tuple(i for i, node in enumerate(self.fixed) if id(node) in touched)


@cache
def split_of(mode: Mode) -> Split:
    """Trace, rewrite and split a mode."""
    return split(graph_of(mode))


def split(traced: Traced) -> Split:
    """Rewrite the derivatives of a mode and sort their terms."""
    writer, forms = _Writer(), dict[int, _Form]()
    for node in _in_order(traced.graph.nodes, traced.derivatives):
        forms[id(node)] = writer.rewrite(node, [forms[id(part)] for part in node.arguments])
    results = tuple(writer.whole(forms[id(node)]) for node in traced.derivatives)
    nodes = tuple(_in_order(writer.graph.nodes, results))
    moving, used = set[int](), dict[int, Node]()
    for node in nodes:
        if node.name == "state" or any(id(part) in moving for part in node.arguments):
            moving.add(id(node))
            used |= {id(part): part for part in node.arguments}
    used |= {id(node): node for node in results}
    fixed = tuple(node for node in used.values() if id(node) not in moving and node.name != "constant")
    return Split(traced.states, traced.parameters, nodes, frozenset(moving), fixed, results)


def _in_order(nodes: Iterable[Node], wanted: Iterable[Node]) -> list[Node]:
    """Return the nodes that the wanted ones rest on, in an order in which they can be computed."""
    found, waiting = set[int](), list(wanted)
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found.add(id(node))
            waiting.extend(node.arguments)
    return [node for node in nodes if id(node) in found]


@dataclass(frozen=True)
class _Form:
    """``offset + scale * rest``; without ``rest`` a term of parameters alone, which is the offset."""

    offset: Node
    scale: Node
    rest: Node | None = None


class _Writer:
    """Makes the new graph."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.zero, self.one = self.graph.leaf("constant", 0.0), self.graph.leaf("constant", 1.0)

    def rewrite(self, node: Node, parts: list[_Form]) -> _Form:
        """Return the form of an operation on forms."""
        if not node.arguments:
            leaf = self.graph.leaf(node.name, node.value)
            return _Form(self.zero, self.one, leaf) if node.name == "state" else _Form(leaf, self.one)
        if all(part.rest is None for part in parts):
            return _Form(self.graph.make(node.name, *(part.offset for part in parts)), self.one)
        form: _Form = getattr(self, f"_{node.name}")(*parts)
        return form

    def whole(self, form: _Form) -> Node:
        """Return the term itself."""
        return form.offset if form.rest is None else form.offset + form.scale * form.rest

    def _product(self, form: _Form) -> tuple[Node, Node]:
        """Scale and rest of a term, without an offset."""
        if form.rest is None:
            return form.offset, self.one
        return (form.scale, form.rest) if form.offset is self.zero else (self.one, self.whole(form))

    def _times(self, a: Node, b: Node) -> Node:
        return self.zero if self.zero in (a, b) else a * b

    def _add(self, a: _Form, b: _Form) -> _Form:
        offset = a.offset + b.offset
        if a.rest is None or b.rest is None:
            moving = b if a.rest is None else a
            return _Form(offset, moving.scale, moving.rest)
        if a.rest is b.rest:
            return _Form(offset, a.scale + b.scale, a.rest)
        return _Form(offset, self.one, a.scale * a.rest + b.scale * b.rest)

    def _sub(self, a: _Form, b: _Form) -> _Form:
        if b.rest is None:
            return _Form(a.offset - b.offset, a.scale, a.rest)
        if a.rest is None:
            return _Form(a.offset - b.offset, -b.scale, b.rest)
        if a.rest is b.rest:
            return _Form(a.offset - b.offset, a.scale - b.scale, a.rest)
        return _Form(a.offset - b.offset, self.one, a.scale * a.rest - b.scale * b.rest)

    def _mul(self, a: _Form, b: _Form) -> _Form:
        if a.rest is None or b.rest is None:
            still, moving = (a, b) if a.rest is None else (b, a)
            return _Form(self._times(still.offset, moving.offset), still.offset * moving.scale, moving.rest)
        (c, x), (d, y) = self._product(a), self._product(b)
        if x.name == y.name == "exp":
            return _Form(self.zero, c * d, (x.arguments[0] + y.arguments[0]).exp())
        return _Form(self.zero, c * d, x * y)

    def _div(self, a: _Form, b: _Form) -> _Form:
        if b.rest is None:
            offset = self.zero if a.offset is self.zero else a.offset / b.offset
            return _Form(offset, a.scale / b.offset, a.rest)
        (c, x), (d, y) = self._product(a), self._product(b)
        return _Form(self.zero, c / d, x / y)

    def _exp(self, a: _Form) -> _Form:
        moving = _Form(self.zero, a.scale, a.rest)
        return _Form(self.zero, a.offset.exp(), self.whole(moving).exp())

    def _log(self, a: _Form) -> _Form:
        scale, rest = self._product(a)
        if not _positive(scale):
            scale, rest = self.one, self.whole(a)
        if rest.name == "div" and rest.arguments[0] is self.one:
            return _Form(scale.log(), -self.one, rest.arguments[1].log())
        return _Form(scale.log(), self.one, rest.log())

    def _sqrt(self, a: _Form) -> _Form:
        return _Form(self.zero, self.one, self.whole(a).sqrt())


def _positive(node: Node) -> bool:
    """Whether a term of parameters is certainly not below 0; parameters are not."""
    if node.name == "constant":
        return bool(node.value >= 0)
    return node.name in ("parameter", "exp", "sqrt") or (
        node.name in ("add", "mul", "div") and all(_positive(part) for part in node.arguments)
    )


def lines_of(nodes: Iterable[Node], text: dict[int, str], letter: str, number: str = "{!r}") -> list[str]:
    """Return assignments to ``letter`` and a number; fill in names of nodes in ``text``. ``number``: of constants."""
    lines: list[str] = []
    for node in nodes:
        if id(node) in text:
            continue
        if not node.arguments:
            kind = {"state": "s_", "parameter": "p_"}.get(node.name)
            text[id(node)] = f"{kind}{node.value}" if kind else number.format(node.value)
            continue
        parts = [text[id(part)] for part in node.arguments]
        sign = OPERATORS.get(node.name)
        right = f"{parts[0]} {sign} {parts[1]}" if sign else f"{node.name}({parts[0]})"
        text[id(node)] = f"{letter}{len(lines)}"
        lines.append(f"{letter}{len(lines)} = {right}")
    return lines


def fixed_source(parts: Split, which: Collection[int]) -> str:
    """Source of ``fixed(p)``: some of the terms of parameters alone, from all parameters in order."""
    wanted = [parts.fixed[i] for i in which]
    text: dict[int, str] = {}
    lines = lines_of(_in_order(parts.nodes, wanted), text, "f")
    head = ["def fixed(p):", f"    ({''.join(f'p_{name}, ' for name in parts.parameters)}) = p"]
    tail = f"    return ({''.join(f'{text[id(node)]}, ' for node in wanted)})"
    return "\n".join([*head, *(f"    {line}" for line in lines), tail, ""])


def rates_source(parts: Split) -> tuple[str, int]:
    """Source of ``rates(s, f, room)`` in NumPy calls, and the number of rows that ``room`` needs.

    ``s`` states, ``f`` fixed terms, all in order. Each result goes into a row that nobody reads any more: new arrays
    for each would cost more than the arithmetic.
    """
    text = {id(node): f"f{i}" for i, node in enumerate(parts.fixed)}
    used = [node for node in parts.nodes if id(node) in parts.moving or node.name == "constant"]
    lines_of(used, text, "t")
    steps = [node for node in used if node.arguments]
    last = {id(part): number for number, node in enumerate(steps) for part in node.arguments}
    last |= {id(node): len(steps) for node in parts.derivatives}
    rows, free, count, lines = dict[int, int](), list[int](), 0, list[str]()
    for number, node in enumerate(steps):
        free += {rows[id(part)] for part in node.arguments if id(part) in rows and last[id(part)] == number}
        if not free:
            free, count = [count], count + 1
        rows[id(node)] = free.pop()
        arguments = ", ".join(text[id(part)] for part in node.arguments)
        lines.append(f"{text[id(node)]} = {node.name}({arguments}, r{rows[id(node)]})")
    head = [
        "def rates(s, f, room):",
        f"    ({''.join(f's_{name}, ' for name in parts.states)}) = s",
        f"    ({''.join(f'f{i}, ' for i in range(len(parts.fixed)))}) = f",
        f"    ({''.join(f'r{i}, ' for i in range(count))}) = room",
    ]
    tail = f"    return ({''.join(f'{text[id(node)]}, ' for node in parts.derivatives)})"
    return "\n".join([*head, *(f"    {line}" for line in lines), tail, ""]), count
