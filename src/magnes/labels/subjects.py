"""Names on a label joined with what belongs to them: "magnesium (als citraat)" is one subject, the nutrient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from magnes.labels.tokens import Token

__all__ = ["Item", "Subject", "closing", "subjects"]

Owner = Literal["nutrient", "salt", "other"]
NUMBERS = ("amount", "percent")
NAMES = ("magnesium", "elemental", "salt")
FORMS = ("salt", "form", "buffered")  # "buffered" stands for another salt, unnamed


@dataclass(frozen=True, slots=True)
class Subject:
    """What an amount can belong to.

    ``names``: salts for ``salts_named``, blank for one that the table lacks. ``sure``: the word elemental stands with
    it. ``shared``: it comes right behind another nutrient ("calcium + magnesium"): a number after it may be either's.
    """

    text: ClassVar[str] = ""
    kind: Owner
    names: tuple[str, ...] = ()
    sure: bool = False
    shared: bool = False


Item = Token | Subject


def subjects(tokens: list[Token]) -> list[Item]:
    """Return the tokens with the names among them joined into subjects."""
    items: list[Item] = []
    place, last = 0, ""
    while place < len(tokens):
        token = tokens[place]
        loose = token.kind == "elemental" and _kind(tokens, place + 1) != "magnesium"
        loose = loose or (token.kind == "salt" and not token.bound)
        if token.kind == "other" or (loose and last == "other"):
            place, last = _end_of_other(tokens, place + 1), "other"
            items.append(Subject("other"))
        elif token.kind in NAMES or (token.kind == "buffered" and _kind(tokens, place + 1) in NAMES):
            subject, place, inside = _magnesium(tokens, place, shared=_joined_to_other(items))
            items += [subject, *inside]
            last = "magnesium"
        else:
            items.append(token)
            place += 1
    return items


def closing(items: list[Item] | list[Token], place: int) -> int:
    """Return the place of the bracket that closes the one at ``place``, or the last place."""
    depth = 0
    for here in range(place, len(items)):
        depth += {"open": 1, "close": -1}.get(items[here].kind, 0)
        if depth == 0:
            return here
    return len(items) - 1


def _kind(tokens: list[Token], place: int) -> str:
    return tokens[place].kind if place < len(tokens) else ""


def _joined_to_other(items: list[Item]) -> bool:
    """Whether another nutrient without its own amount comes right before: "calcium en", "zink,"."""
    joined = bool(items) and (items[-1].kind == "join" or items[-1].text == ",")
    before = items[:-1] if joined else items
    return bool(before) and before[-1].kind == "other"


def _end_of_other(tokens: list[Token], place: int) -> int:
    """Place behind another nutrient and its form: "zink (als citraat)", "calcium carbonate"."""
    while True:
        kind = _kind(tokens, place)
        if kind == "open":
            end = closing(tokens, place)
            if any(token.kind in (*NUMBERS, "magnesium") for token in tokens[place:end]):
                return place
            place = end + 1
        elif kind == "as" or (kind == "salt" and not tokens[place].bound):
            place += 1
        else:
            return place


def _magnesium(tokens: list[Token], place: int, *, shared: bool) -> tuple[Subject, int, list[Token]]:
    """Magnesium or a salt of it with what follows: the subject, the place behind it, units of taking found inside.

    "magnesium (als citraat)" and "magnesium uit citraat" are the nutrient; "magnesium (citraat)" is the salt, as it may
    mean either; the word elemental makes both the nutrient.
    """
    sure, is_salt, names = False, False, list[str]()
    inside: list[Token] = []
    while True:
        kind = _kind(tokens, place)
        if kind == "elemental":
            sure = True
        elif kind == "salt" and (not is_salt or not tokens[place].bound):
            is_salt = True
            names.append(tokens[place].name)
        elif kind in ("form", "buffered"):
            names.append(tokens[place].name)
        elif kind == "as" and _kind(tokens, place + 1) not in (*NUMBERS, "open", ""):
            end = _end_of_form(tokens, place + 1)
            names += _names(tokens[place:end])
            place = end - 1
        elif kind == "open":
            end = closing(tokens, place)
            group = tokens[place + 1 : end]
            kinds = {token.kind for token in group}
            if kinds & {*NUMBERS, "other", "mark"}:
                break
            names += _names(group)
            sure = sure or "elemental" in kinds
            is_salt = is_salt or ("salt" in kinds and "as" not in kinds)
            inside += [token for token in group if token.kind == "per"]
            place = end
        elif kind != "magnesium" or is_salt:
            break
        place += 1
    owner: Owner = "salt" if is_salt and not sure else "nutrient"
    return Subject(owner, tuple(dict.fromkeys(names)), sure, shared), place, inside


def _names(group: list[Token]) -> list[str]:
    return [token.name for token in group if token.kind in FORMS]


def _end_of_form(tokens: list[Token], place: int) -> int:
    """Place behind "als citraat, malaat en bisglycinaat": salts, the words about them, and what joins them."""
    while place < len(tokens):
        comma = tokens[place].text == "," and _kind(tokens, place + 1) == "salt"
        join = tokens[place].kind == "join" and _kind(tokens, place + 1) in FORMS
        if tokens[place].kind not in (*FORMS, "word", "magnesium") and not comma and not join:
            break
        place += 1
    return place
