"""A list as people type it -> lines of a diary: ``2 sneetjes volkorenbrood``, ``melk 200 ml``, ``half an avocado``.

One food a line, Dutch or English. A line ``Ontbijt:`` names the meal of what follows. Nothing is guessed: what is not
understood keeps its problems, and its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from magnes.errors import Problem
from magnes.matching import Match, matcher, normalise
from magnes.portions import UnknownUnitError, is_unit, portion_grams
from magnes.readers.diary_csv import eaten_from

__all__ = ["PastedLine", "read_list"]

ANY_DAY = "2000-01-01"  # the day is the page's; the reader of lines wants one
MEALS = frozenset(
    ("ontbijt", "lunch", "diner", "avondeten", "tussendoor", "tussendoortje", "breakfast", "dinner", "supper", "snack")
)
COUNTS = {"half": "1/2", "halve": "1/2", "anderhalve": "3/2", "anderhalf": "3/2"}
COUNTS |= dict.fromkeys(("een", "één", "a", "an", "one"), "1") | dict.fromkeys(("twee", "two"), "2")
COUNTS |= dict.fromkeys(("drie", "three"), "3") | dict.fromkeys(("vier", "four"), "4")
SIGNS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
PIECES = ("stuk", "piece", "portie", "portion")  # what a bare number counts, in the order of trying
LITTLE = re.compile(r"^(?:of|van|a|an|een)\s+", re.IGNORECASE)
BULLET = re.compile(r"^[-*•·–\s]+")
CLOCK = re.compile(r"^(\d{1,2}[:u]\d{2})\s+(?=\S)", re.ASCII)
NUMBER = r"\d+\s+\d+/\d+|\d+/\d+|\d+(?:[.,]\d+)?\s*[½¼¾⅓⅔]?|[½¼¾⅓⅔]|(?:" + "|".join(COUNTS) + r")\b"
FIRST = re.compile(rf"(?P<amount>{NUMBER})\s*(?:[x×]\s+)?(?P<rest>(?![+%.,/])\D.*)", re.IGNORECASE)
LAST = re.compile(
    rf"(?P<food>.*?[^\W\d_].*?)[\s,;:(]+(?P<amount>{NUMBER})\s*(?P<unit>[^\W\d_][^\d)]*)?\)?", re.IGNORECASE
)
LONGEST_LINE = 200  # signs; a longer line is no food with an amount
MOST_UNIT_WORDS = 3


@dataclass(frozen=True)
class PastedLine:
    """One line with text: facts by the columns of ``diary.csv``; ``heading`` when it only names a meal."""

    line: int
    text: str
    facts: dict[str, str]
    problems: tuple[Problem, ...] = ()
    heading: bool = False


def read_list(text: str) -> tuple[PastedLine, ...]:
    """Read a list; each line with anything in it comes back, in order."""
    read = []
    meal = ""
    for number, line in enumerate(text.splitlines(), start=1):
        words = BULLET.sub("", line).strip()
        if _is_heading(words):
            meal = words.rstrip(": ")
            read.append(PastedLine(number, line, {"meal": meal}, heading=True))
        elif line.strip():
            read.append(PastedLine(number, line, _facts(words) | ({"meal": meal} if meal else {})))
    rows = [(one.line, one.facts | {"date": ANY_DAY}) for one in read if not one.heading]
    _, wrong = eaten_from(rows)
    return tuple(PastedLine(one.line, one.text, one.facts, tuple(wrong.get(one.line, ())), one.heading) for one in read)


def _is_heading(words: str) -> bool:
    named = words.endswith(":") and not any(char.isdigit() for char in words)
    return bool(words.rstrip(": ")) and (named or normalise(words) in MEALS)


def _facts(words: str) -> dict[str, str]:
    """Return what a line says: the first reading whose food and unit are known, else the likeliest."""
    clock = CLOCK.match(words)
    time = {"time": clock[1]} if clock else {}
    words = words[clock.end() :] if clock else words
    readings = list(_readings(words))
    known = next((one for one in readings if _is_known(one)), None)
    return time | (known or readings[0])


def _readings(words: str) -> Iterator[dict[str, str]]:
    """Ways to read a line, likeliest first; at least one."""
    short = words if len(words) <= LONGEST_LINE else ""
    first, last = FIRST.fullmatch(short), LAST.fullmatch(short)
    if first:
        amount, rest = _amount(first["amount"]), first["rest"].split()
        for count in range(min(MOST_UNIT_WORDS, len(rest) - 1), 0, -1):
            unit = " ".join(rest[:count])
            if is_unit(unit):
                yield {"amount": amount, "unit": unit, "food": LITTLE.sub("", " ".join(rest[count:]))}
        yield from _pieces(amount, " ".join(rest))
    if last and last["unit"]:
        yield {"amount": _amount(last["amount"]), "unit": last["unit"].strip(), "food": last["food"].strip()}
    elif last:
        yield from _pieces(_amount(last["amount"]), last["food"].strip())
    yield {"food": words}


def _pieces(amount: str, food: str) -> Iterator[dict[str, str]]:
    for unit in PIECES:
        yield {"amount": amount, "unit": unit, "food": food}


def _is_known(reading: dict[str, str]) -> bool:
    if "amount" not in reading:
        return False
    match: Match = matcher().match(reading["food"])
    if match.food is None:
        return False
    try:
        portion_grams(match.food, matcher().basic(match.food.basic), 1.0, reading["unit"])
    except UnknownUnitError:
        return False
    return True


def _amount(text: str) -> str:
    """Return an amount as a decimal number; ``1,5`` stays what was typed.

    >>> _amount("1½"), _amount("1 1/2"), _amount("half"), _amount("1,5")
    ('1.5', '1.5', '0.5', '1,5')
    """
    plain = COUNTS.get(text.casefold(), text)
    for sign, fraction in SIGNS.items():
        plain = plain.replace(sign, f" {fraction}")
    if "/" not in plain:
        return plain.strip()
    parts = plain.replace(",", ".").split()
    try:
        return f"{float(sum(map(Fraction, parts), Fraction(0))):.4g}"
    except (ZeroDivisionError, ValueError):
        return text
