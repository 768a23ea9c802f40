"""Rewrite traced rates so that a step has little left to do, and split off what rests on parameters alone.

Every term is held as ``offset + scale * rest``: offset and scale rest on parameters alone and are worked out once. So
x / V becomes a product, (x / k) ** n becomes c * exp(n * log(x)) with one logarithm of x for all powers, and constants of
sums and products come together. The result is the same function up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

from magnes.body.trace import OPERATORS, Graph, Node, Traced

__all__ = ["Split", "split"]


@dataclass(frozen=True)
class Split:
    """Terms of parameters alone that steps need (``fixed``), and derivatives in terms of states and those."""

    states: tuple[str, ...]
    parameters: tuple[str, ...]
    nodes: tuple[Node, ...]
    fixed: tuple[Node, ...]
    derivatives: tuple[Node, ...]
    moving: frozenset[int]


@dataclass(frozen=True)
class _Form:
    """``offset + scale * rest``; without ``rest`` a term of parameters alone, which is the offset."""

    offset: Node
    scale: Node
    rest: Node | None


def split(traced: Traced) -> Split:
    """Rewrite the derivatives of a mode and sort their terms."""
    writer = _Writer()
    forms: dict[int, _Form] = {}
    needed = _needed(traced.derivatives)
    for node in traced.graph.nodes:
        if id(node) in needed:
            forms[id(node)] = writer.rewrite(node, [forms[id(part)] for part in node.arguments])
    results = tuple(writer.whole(forms[id(node)]) for node in traced.derivatives)
    wanted = _needed(results)
    nodes = tuple(node for node in writer.graph.nodes if id(node) in wanted)
    moving: set[int] = set()
    fixed: dict[int, Node] = {}
    for node in nodes:
        if node.name == "state" or any(id(part) in moving for part in node.arguments):
            moving.add(id(node))
            fixed |= {id(part): part for part in node.arguments if id(part) not in moving and part.name != "constant"}
    fixed |= {id(node): node for node in results if id(node) not in moving and node.name != "constant"}
    return Split(traced.states, traced.parameters, nodes, tuple(fixed.values()), results, frozenset(moving))


def _needed(wanted: tuple[Node, ...]) -> set[int]:
    found: set[int] = set()
    waiting = list(wanted)
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found.add(id(node))
            waiting.extend(node.arguments)
    return found


class _Writer:
    """Makes the new graph."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.zero, self.one = self.graph.leaf("constant", 0.0), self.graph.leaf("constant", 1.0)

    def rewrite(self, node: Node, parts: list[_Form]) -> _Form:
        """Return the form of an operation on forms."""
        if not node.arguments:
            leaf = self.graph.leaf(node.name, node.value)
            return _Form(self.zero, self.one, leaf) if node.name == "state" else _Form(leaf, self.one, None)
        rule = getattr(self, f"_{node.name}")
        form: _Form = rule(*parts)
        return form

    def _positive(self, node: Node) -> bool:
        """Whether a term of parameters is certainly above 0; parameters are."""
        if node.name == "constant":
            return bool(node.value > 0)
        return node.name in ("parameter", "exp", "sqrt") or (
            node.name in ("add", "mul", "div") and all(self._positive(part) for part in node.arguments)
        )

    def whole(self, form: _Form) -> Node:
        """Return the term itself."""
        if form.rest is None:
            return form.offset
        return form.offset + (form.scale * form.rest) if form.scale is not self.one else form.offset + form.rest

    def _product(self, form: _Form) -> tuple[Node, Node]:
        """Scale and rest without an offset."""
        if form.rest is None:
            return form.offset, self.one
        if form.offset is self.zero:
            return form.scale, form.rest
        return self.one, self.whole(form)

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
            return _Form(a.offset - b.offset, self.zero - b.scale, b.rest)
        if a.rest is b.rest:
            return _Form(a.offset - b.offset, a.scale - b.scale, a.rest)
        return _Form(a.offset - b.offset, self.one, a.scale * a.rest - b.scale * b.rest)

    def _mul(self, a: _Form, b: _Form) -> _Form:
        if a.rest is None or b.rest is None:
            still, moving = (a, b) if a.rest is None else (b, a)
            return _Form(self._times(still.offset, moving.offset), still.offset * moving.scale, moving.rest)
        (c, x), (d, y) = self._product(a), self._product(b)
        return _Form(self.zero, c * d, x * y)

    def _times(self, a: Node, b: Node) -> Node:
        return self.zero if self.zero in (a, b) else a * b

    def _div(self, a: _Form, b: _Form) -> _Form:
        if b.rest is None:
            offset = self.zero if a.offset is self.zero else a.offset / b.offset
            return _Form(offset, a.scale / b.offset, a.rest)
        (c, x), (d, y) = self._product(a), self._product(b)
        return _Form(self.zero, c / d, x / y)

    def _exp(self, a: _Form) -> _Form:
        if a.rest is None:
            return _Form(a.offset.exp(), self.one, None)
        return _Form(self.zero, a.offset.exp(), (a.scale * a.rest).exp())

    def _log(self, a: _Form) -> _Form:
        if a.rest is None:
            return _Form(a.offset.log(), self.one, None)
        scale, rest = self._product(a)
        if not self._positive(scale):
            scale, rest = self.one, self.whole(a)
        if rest.name == "div" and rest.arguments[0] is self.one:
            return _Form(scale.log(), self.zero - self.one, rest.arguments[1].log())
        return _Form(scale.log(), self.one, rest.log())

    def _sqrt(self, a: _Form) -> _Form:
        if a.rest is None:
            return _Form(a.offset.sqrt(), self.one, None)
        return _Form(self.zero, self.one, self.whole(a).sqrt())


def sources(parts: Split) -> str:
    """Source of ``fixed(p)`` and ``rates(s, fixed)``; both return tuples, in the order of the names."""
    text: dict[int, str] = {}
    before, each = [], []
    for node in parts.nodes:
        if not node.arguments:
            kind = {"state": "s_", "parameter": "p_"}.get(node.name)
            text[id(node)] = f"{kind}{node.value}" if kind else repr(node.value)
            continue
        lines, letter = (each, "t") if id(node) in parts.moving else (before, "f")
        text[id(node)] = f"{letter}{len(lines)}"
        lines.append(f"    {text[id(node)]} = {_right(node, text)}")
    passed = "".join(f"{text[id(node)]}, " for node in parts.fixed)
    return "\n".join(
        [
            "def fixed(p):",
            f"    ({''.join(f'p_{name}, ' for name in parts.parameters)}) = p",
            *before,
            f"    return ({passed})",
            "def rates(s, fixed):",
            f"    ({''.join(f's_{name}, ' for name in parts.states)}) = s",
            f"    ({passed}) = fixed",
            *each,
            f"    return ({''.join(f'{text[id(node)]}, ' for node in parts.derivatives)})",
            "",
        ]
    )


def _right(node: Node, text: dict[int, str]) -> str:
    parts = [text[id(part)] for part in node.arguments]
    sign = OPERATORS.get(node.name)
    return f"{parts[0]} {sign} {parts[1]}" if sign else f"{node.name}({parts[0]})"
