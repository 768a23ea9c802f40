"""Whose is an amount? Tokens of a label -> one claim per amount, with its owner, unit of taking and percentage.

An amount belongs to the name right before it ("magnesium 200 mg") or right after it ("200 mg magnesium"), with nothing
but units of taking, percentages and brackets between. Everything else belongs to nobody: no far owner is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from magnes.labels.tokens import Token

__all__ = ["Claim", "claims"]

Owner = Literal["nutrient", "salt", "other", "unclear", ""]

OWNERS = ("nutrient", "salt", "other")
PASSED = ("per", "percent", "form")


@dataclass(frozen=True, slots=True)
class Claim:
    """One amount of a label.

    ``owner``: the nutrient magnesium, a ``salt`` of it (``names`` for ``salts_named``, blank for one that the table
    lacks), an ``other`` nutrient, ``unclear`` beside magnesium, or blank. ``sure``: the words leave no second reading
    ("elemental", "from 400 mg magnesium citrate"). ``same``: said to be the same amount as the claim before it.
    """

    owner: Owner
    amount: Token
    names: tuple[str, ...] = ()
    sure: bool = False
    same: bool = False
    per: Token | None = None
    percent: Token | None = None
    content: float | None = None


@dataclass(frozen=True, slots=True)
class _Subject(Token):
    """A name with everything that belongs to it: "magnesium (als citraat)". ``kind`` is one of ``OWNERS``."""

    names: tuple[str, ...] = ()
    sure: bool = False
    shared: bool = False


def claims(tokens: list[Token]) -> list[Claim]:
    """Return the amounts of a label, in order, each with its owner."""
    items = _subjects(tokens)
    found: dict[int, Claim] = {}
    used: set[int] = set()
    for place, item in enumerate(items):
        if item.kind != "amount":
            continue
        owner, sure = _owner(items, place, used, found)
        claim = Claim(owner="unclear" if _beside_magnesium(items, place) else "", amount=item, per=_per(items, place))
        if owner is not None:
            subject = items[owner]
            used.add(owner)
            assert isinstance(subject, _Subject)  # noqa: S101 - _owner returns places of subjects
            kind: Owner = "unclear" if subject.shared else subject.kind  # type: ignore[assignment]
            claim = replace(claim, owner=kind, names=subject.names, sure=sure or subject.sure)
        found[place] = replace(claim, same=place > 0 and _left(items, place).text in EQUALS)
    for place, item in enumerate(items):
        of = _percent_of(items, place) if item.kind == "percent" else None
        if of is not None and item.flag == "content":
            found[of] = replace(found[of], content=item.count)
        elif of is not None and found[of].percent is None:
            found[of] = replace(found[of], percent=item)
    return list(found.values())
