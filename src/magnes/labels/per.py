"""Which unit of taking an amount is for: "magnesium 200 mg per 2 tabletten", "Per capsule: magnesium 100 mg"."""

from __future__ import annotations

from dataclasses import replace

from magnes.labels.subjects import Item
from magnes.labels.tokens import Token

__all__ = ["per_of"]

UNKNOWN = Token("per", "", name="dose")  # so many pieces as the label leaves open


def per_of(items: list[Item], place: int) -> Token | None:
    """Unit of taking of the amount at ``place``: behind it, else the last one before it, else the first of the label.

    ``None`` when the label names no unit and no number of pieces but one; a dose without a count when it names only
    a number that may or may not be that of the amount ("neem 2 tabletten per dag").
    """
    for item in items[place + 1 :]:
        if item.kind in ("amount", "stop"):
            break
        if isinstance(item, Token) and item.kind == "per" and not item.text.endswith(":"):
            return _counted(items, item)
    pers = [(here, item) for here, item in enumerate(items) if isinstance(item, Token) and item.kind == "per"]
    if pers:
        earlier = [item for here, item in pers if here < place]
        return _counted(items, earlier[-1] if earlier else pers[0][1])
    several = any(isinstance(item, Token) and _several_pieces(item) for item in items)
    return UNKNOWN if several else None


def _several_pieces(item: Token) -> bool:
    return item.name == "pieces" or (item.name == "directions" and item.count != 1)


def _counted(items: list[Item], per: Token) -> Token:
    """Fill in how many pieces a dose or a day has, when another place of the label says so."""
    if per.count is not None or per.flag:
        return per
    others = [item for item in items if isinstance(item, Token) and item.count]
    counts = {item.count for item in others if item.kind == "per" and item.name == per.name}
    if per.name == "day" and not counts:
        counts = {item.count for item in others if item.name == "directions"}
    return replace(per, count=counts.pop()) if len(counts) == 1 else per
