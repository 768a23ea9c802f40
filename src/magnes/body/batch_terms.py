"""Split traced rates in two: terms of parameters alone, worked out once, and what has to be done at each step."""

from __future__ import annotations

from magnes.body.trace import OPERATORS, Node, Traced, _needed

__all__ = ["split_source"]


def split_source(traced: Traced) -> str:
    """Source of ``fixed(p)`` and ``rates(s, fixed)``; both return tuples, in the order of the names."""
    needed = _needed(traced.derivatives)
    text: dict[int, str] = {}
    moving: set[int] = set()
    before, each, used = [], [], dict[str, None]()
    for node in traced.graph.nodes:
        if id(node) not in needed:
            continue
        if node.name == "state" or any(id(part) in moving for part in node.arguments):
            moving.add(id(node))
            for part in node.arguments:
                if id(part) not in moving and part.name != "constant":
                    used[text[id(part)]] = None
        if not node.arguments:
            kind = {"state": "s_", "parameter": "p_"}.get(node.name)
            text[id(node)] = f"{kind}{node.value}" if kind else repr(node.value)
            continue
        lines = each if id(node) in moving else before
        letter = "t" if id(node) in moving else "f"
        text[id(node)] = f"{letter}{len(lines)}"
        lines.append(f"    {text[id(node)]} = {_right(node, text)}")
    for node in traced.derivatives:
        if id(node) not in moving and node.name != "constant":
            used[text[id(node)]] = None
    passed = "".join(f"{name}, " for name in used)
    return "\n".join(
        [
            "def fixed(p):",
            f"    ({''.join(f'p_{name}, ' for name in traced.parameters)}) = p",
            *before,
            f"    return ({passed})",
            "def rates(s, fixed):",
            f"    ({''.join(f's_{name}, ' for name in traced.states)}) = s",
            f"    ({passed}) = fixed",
            *each,
            f"    return ({''.join(f'{text[id(node)]}, ' for node in traced.derivatives)})",
            "",
        ]
    )


def _right(node: Node, text: dict[int, str]) -> str:
    parts = [text[id(part)] for part in node.arguments]
    sign = OPERATORS.get(node.name)
    return f"{parts[0]} {sign} {parts[1]}" if sign else f"{node.name}({parts[0]})"
