"""Whose is an amount? Tokens of a label -> one claim per amount, with its owner, unit of taking and percentage.

An amount belongs to the name right before it ("magnesium 200 mg") or right after it ("200 mg magnesium"), with nothing
but units of taking, percentages and brackets between. No owner is looked for further away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from magnes.labels.per import per_of
from magnes.labels.subjects import Item, Subject, closing, subjects
from magnes.labels.tokens import Token

__all__ = ["PURE", "Claim", "claims", "mg_of", "names_of"]

PURE = 100.0  # a bare "100%" beside a salt may be its purity, so it decides nothing
PASSED = ("per", "percent", "form")
SAME = ("=", "komt overeen met", "overeenkomend met", "equivalent to", "equal to", "corresponding to", "gelijk aan")


@dataclass(frozen=True, slots=True)
class Claim:
    """One amount of a label.

    ``owner``: the nutrient magnesium, a ``salt`` of it, an ``other`` nutrient, ``unclear`` beside magnesium, or blank.
    ``names``: salts for ``salts_named``. ``sure``: the words leave no second reading ("elemental", "from 400 mg of
    magnesium citrate"). ``same``: said to be the same as the amount before it. ``content``: magnesium in the salt [%].
    """

    owner: Literal["nutrient", "salt", "other", "unclear", ""]
    amount: Token
    names: tuple[str, ...] = ()
    sure: bool = False
    same: bool = False
    per: Token | None = None
    percent: Token | None = None
    content: float | None = None


def mg_of(claim: Claim) -> float:
    """Mass of an amount [mg]; 0 for one that could not be read."""
    return claim.amount.mg or 0.0


def names_of(tokens: list[Token]) -> tuple[str, ...]:
    """Names of all magnesium salts and forms of a label, in order."""
    found: list[str] = []
    for item in subjects(tokens):
        if isinstance(item, Subject):
            found += item.names
        elif item.kind == "form":
            found.append(item.name)
    return tuple(dict.fromkeys(filter(None, found)))


def claims(tokens: list[Token]) -> list[Claim]:
    """Return the amounts of a label, in order, each with its owner."""
    return _Reader(subjects(tokens)).claims()


class _Reader:
    """One pass over a label: ``before`` and ``after`` hold which subject an amount took, by place.

    ``joined``: salts of the name before an amount that went to the name after it.
    """

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.before: dict[int, int] = {}
        self.after: dict[int, int] = {}
        self.joined: dict[int, tuple[str, ...]] = {}

    def claims(self) -> list[Claim]:
        found: dict[int, Claim] = {}
        for place, item in enumerate(self.items):
            if isinstance(item, Token) and item.kind == "amount":
                found[place] = self._claim(place, item)
        for place, item in enumerate(self.items):
            if isinstance(item, Token) and item.kind == "percent":
                of = self._amount_of_percent(place, item, found)
                if of is not None and (item.flag == "content" or (item.flag == "" and of > place)):
                    found[of] = replace(found[of], content=item.count)
                elif of is not None and found[of].percent is None:
                    found[of] = replace(found[of], percent=item)
        return list(found.values())

    def _claim(self, place: int, amount: Token) -> Claim:
        left = self.items[place - 1] if place else None
        same = isinstance(left, Token) and " ".join(left.text.split()) in SAME
        claim = Claim(
            "unclear" if self._beside_magnesium(place) else "", amount, same=same, per=per_of(self.items, place)
        )
        at = self._owner(place)
        owner = self.items[at] if at is not None else None
        if at is None or not isinstance(owner, Subject) or self._amounts_first(at):
            return self._part(place, claim)
        from_amount = isinstance(left, Token) and left.kind == "as" and owner.kind == "salt" and place in self.after
        kind = "unclear" if owner.shared else owner.kind
        found = replace(claim, owner=kind, names=owner.names, sure=owner.sure or from_amount)
        if place in self.joined and not owner.names:  # "tauraat 100 mg elementair"
            return replace(found, names=self.joined[place])
        return self._part(place, found) if kind == "nutrient" and not owner.names else found

    def _part(self, place: int, claim: Claim) -> Claim:
        """Give "50 mg als citraat" its form, and where nothing else owns it to magnesium: a part of some sum."""
        told, form = (*self.items[place + 1 : place + 3], None, None)[:2]
        word = place > 0 and self.items[place - 1].kind == "word"
        if word or told is None or told.kind != "as" or not isinstance(form, Subject) or form.kind != "salt":
            return claim
        return replace(claim, owner="nutrient", names=form.names)

    def _owner(self, place: int) -> int | None:
        """Place of the subject of an amount: the one before it, unless the one after it fits better."""
        before, after = self._before(place), self._after(place)
        if before is None and after is None:
            return None
        if before is None and after is not None and self._amount_behind(after) and self._word_before(place):
            self.after[place] = after  # "ginseng 100 mg magnesium 200 mg": nobody's, and not the next one's either
            return None
        if after is not None and (before is None or self._prefers_after(place, before, after)):
            self.after[place] = after
            first = self.items[before] if before is not None else None
            if isinstance(first, Subject) and first.kind == "salt":
                self.joined[place] = first.names
            return after
        if before is not None and after is not None and self._undecided(before, after):
            return None
        self.before[place] = before if before is not None else -1
        return before

    def _amounts_first(self, place: int) -> bool:
        """Whether a line with only an amount stands right above a name: then the amount below may be another's."""
        here = place - 1
        if here < 0 or self.items[here].kind != "stop" or self.items[here].text:
            return False
        while here > 0 and self.items[here - 1].kind in PASSED:
            here -= 1
        return here > 0 and self.items[here - 1].kind == "amount" and (here < 2 or self.items[here - 2].kind == "stop")

    def _prefers_after(self, place: int, before: int, after: int) -> bool:
        """Whether "magnesiumcitraat 150 mg magnesium" speaks of the second name.

        Not when that name has its own amount behind it or goes on ("magnesium supplement"), nor for a name after
        another nutrient's amount, nor for a bare "(magnesium)" in brackets behind the amount of a salt.
        """
        first, second = self.items[before], self.items[after]
        if not isinstance(first, Subject) or not isinstance(second, Subject) or self._amount_behind(after):
            return False
        if before in self.before.values():
            return True
        goes_on = after + 1 < len(self.items) and self.items[after + 1].kind in ("word", "lead")
        if "other" in (first.kind, second.kind) or (goes_on and first.kind == "salt" and second.kind == "nutrient"):
            return False
        in_brackets = any(item.kind == "open" for item in self.items[place:after])
        return second.kind == "salt" or second.sure or not (in_brackets and first.kind == "salt")

    def _undecided(self, before: int, after: int) -> bool:
        """Whether an amount stands between two names that both lack one, behind another amount."""
        return before > 0 and self.items[before - 1].kind == "amount" and not self._amount_behind(after)

    def _amount_behind(self, place: int) -> bool:
        place += 1
        while place < len(self.items) and self.items[place].kind in PASSED:
            place += 1
        return place < len(self.items) and self.items[place].kind == "amount"

    def _word_before(self, place: int) -> bool:
        """Whether an unknown word stands right before an amount: a name that may own it."""
        return place > 0 and self.items[place - 1].kind == "word"

    def _before(self, place: int) -> int | None:
        first = True
        here = place - 1
        while here >= 0:
            item = self.items[here]
            if isinstance(item, Subject):
                return None if here in self.after.values() else here
            if item.kind == "amount":
                return self.before.get(here)  # a second column: the same name again
            if item.kind == "close":
                here = self._opening(here)
            elif item.kind == "open" and not first:
                return None
            elif item.text == "=" and here and self.items[here - 1].kind == "nutrient":
                pass
            elif item.kind not in (*PASSED, "open"):
                return None
            first = first and item.kind in PASSED
            here -= 1
        return None

    def _opening(self, place: int) -> int:
        depth = 0
        for here in range(place, -1, -1):
            depth += {"close": 1, "open": -1}.get(self.items[here].kind, 0)
            if depth == 0:
                return here
        return 0

    def _after(self, place: int) -> int | None:
        depth = 0
        here = place + 1
        while here < len(self.items):
            item = self.items[here]
            if isinstance(item, Subject):
                return here
            if item.kind == "open":
                end = closing(self.items, here)
                inside = any(part.kind == "amount" for part in self.items[here:end])
                here, depth = (end, depth) if inside else (here, depth + 1)
            elif item.kind == "close" and depth:
                depth -= 1
            elif item.kind not in PASSED or (item.kind == "percent" and item.flag == "content"):
                return None  # "400 mg (16% magnesium)" weighs no magnesium
            here += 1
        return None

    def _beside_magnesium(self, place: int) -> bool:
        """Whether magnesium is named in the same clause as an amount."""
        start = next((here + 1 for here in range(place, -1, -1) if self.items[here].kind == "stop"), 0)
        end = next((here for here in range(place, len(self.items)) if self.items[here].kind == "stop"), len(self.items))
        clause = self.items[start:end]
        return any(item.bound if isinstance(item, Token) else item.kind != "other" for item in clause)

    def _behind_salt(self, place: int) -> bool:
        """Whether a percentage stands right behind a salt: "bisglycinaat (14%) 700 mg" is a content."""
        here = place - 2 if place > 1 and self.items[place - 1].kind == "open" else place - 1
        return here >= 0 and self.items[here].kind == "salt"

    def _amount_of_percent(self, place: int, percent: Token, found: dict[int, Claim]) -> int | None:
        """Place of the amount that a percentage goes with: the nearest before it, or the one right behind it."""
        foreign = False
        for here in range(place - 1, -1, -1):
            item = self.items[here]
            if item.kind == "amount":
                return None if foreign and found[here].owner != "other" else here
            foreign = foreign or item.kind == "other"
            near_stop = item.kind == "stop" and here == place - 1 and percent.flag != ""
            joining = (*PASSED, "open", "close", "as", *(("mark",) if percent.flag == "content" else ()))
            if not near_stop and not isinstance(item, Subject) and item.kind not in joining:
                break
        if percent.flag == "" and (percent.count == PURE or not self._behind_salt(place)):
            return None  # "citraat 100% 400 mg": the purity
        for here in range(place + 1, len(self.items)):
            if self.items[here].kind == "amount" and here in self.before:
                return here
            if self.items[here].kind not in ("close", "per", "form", "nutrient"):
                return None
        return None
