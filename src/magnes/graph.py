"""Why a sign, a function or a cause: the way from magnesium to it, how sure each step is, and what else it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from magnes.estimate import Record
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Link, Node, Sign, Term
from magnes.knowledge.load import table
from magnes.knowledge.search import find

__all__ = ["MAGNESIUM", "Explanation", "node_name", "nodes_of", "why"]

MAGNESIUM = "magnesium"
STRENGTHS = get_args(Link.model_fields["evidence"].annotation)  # the surest first


class Explanation(Record):
    """One node of the graph with the links that lead to it and from it."""

    node: Sign | Function | Cause
    paths: tuple[tuple[Link, ...], ...]
    onward: tuple[Link, ...]
    evidence: Indication | None
    statements: tuple[str, ...]


def why(question: str) -> tuple[Explanation, ...]:
    """Explain every sign, function or cause that the question names.

    Raises ``InputProblems`` (``name_unknown``) with the nearest names when it names none.
    """
    nodes: list[Node] = [*table(Sign), *table(Function), *table(Cause)]
    return tuple(_explained(node) for node in find(question, nodes))


def _explained(node: Node) -> Explanation:
    links = table(Link)
    studied = {row.id: row for row in table(Indication)}
    paths = _paths(node.id, links)
    used = (link for path in paths for link in path)
    return Explanation(
        node=node,
        paths=paths,
        onward=tuple(link for link in links if link.from_ == node.id),
        evidence=studied.get(getattr(node, "indication", "")),
        statements=tuple(dict.fromkeys((*node.statements, *(key for link in used for key in link.statements)))),
    )


def _paths(node: str, links: tuple[Link, ...]) -> tuple[tuple[Link, ...], ...]:
    """Ways to a node from where the graph begins, the surest first; a way is as sure as its weakest step."""
    found: list[tuple[Link, ...]] = []
    waiting: list[tuple[Link, ...]] = [(link,) for link in links if link.to == node]
    while waiting:
        path = waiting.pop()
        before = [link for link in links if link.to == path[0].from_ and link not in path]
        if path[0].from_ == MAGNESIUM or not before:
            found.append(path)
        else:
            waiting += [(link, *path) for link in before]
    return tuple(sorted(found, key=lambda path: (_weakest(path), len(path))))


def _weakest(path: tuple[Link, ...]) -> int:
    return max(STRENGTHS.index(link.evidence) for link in path)


def nodes_of(path: Sequence[Link]) -> list[str]:
    """Return the ids of all nodes of a way, from where it begins to its end."""
    return [path[0].from_, *(link.to for link in path)]


def node_name(node: str, language: str) -> str:
    """Name of a node by its id, of a term by its name; magnesium is magnesium in both languages."""
    if node == MAGNESIUM:
        return node
    rows: tuple[Sign | Function | Cause | Term, ...] = (*table(Sign), *table(Function), *table(Cause), *table(Term))
    row = next(row for row in rows if node == (row.name if isinstance(row, Term) else row.id))
    return str(getattr(row, f"name_{language}"))
