"""Which unit of taking an amount is for: "magnesium 200 mg per 2 tabletten", "Per capsule: magnesium 100 mg"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from magnes.labels.subjects import Item
from magnes.labels.tokens import Token

__all__ = ["per_of"]

UNKNOWN = Token("per", "", name="dose")  # so many pieces as the label leaves open


def per_of(items: list[Item], place: int) -> Token | None:
    """Return the unit of taking of an amount: the one behind it, else the last before it, else one at the end.

    ``None`` when the label names no unit and no number of pieces but one; a dose without a count when it names only
    a number that may or may not be that of the amount ("neem 2 tabletten per dag").
    """
    for item in items[place + 1 :]:
        if item.kind in ("amount", "stop"):
            break
        if isinstance(item, Token) and item.kind == "per" and not item.text.endswith(":"):
            return _counted(items, item)
    earlier = [item for item in items[:place] if isinstance(item, Token) and item.kind == "per"]
    later = _closing_pers(items[place + 1 :])
    if earlier or later:
        return _counted(items, earlier[-1] if earlier else later[0])
    several = any(isinstance(item, Token) and _several_pieces(item) for item in items)
    return UNKNOWN if several else None


def _closing_pers(items: list[Item]) -> list[Token]:
    """Units that close a list ("magnesium 300 mg, zink 10 mg per 2 tabletten"), not those that begin another."""
    begun = ("amount", "mark", "nutrient", "salt", "other")
    pairs = [(item, behind.kind) for item, behind in pairwise((*items, Token("stop", "")))]
    return [item for item, kind in pairs if isinstance(item, Token) and item.kind == "per" and kind not in begun]


def _several_pieces(item: Token) -> bool:
    return item.name == "pieces" or ((item.name == "directions" or item.kind == "per") and item.count != 1)


def _counted(items: list[Item], per: Token) -> Token:
    """Fill in how many pieces a dose or a day has, when another place of the label says so."""
    if per.count is not None or per.flag:
        return per
    others = [item for item in items if isinstance(item, Token) and item.count]
    counts = {item.count for item in others if item.kind == "per" and item.name == per.name}
    if per.name == "day" and not counts:
        counts = {item.count for item in others if item.name == "directions"}
    return replace(per, count=counts.pop()) if len(counts) == 1 else per
