"""``Diary``: what was eaten, as written; ``resolve``: the same as foods and grams, nothing guessed, nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from magnes.errors import InputProblems, Problem, Problems, nearest
from magnes.estimate import Record
from magnes.knowledge.foods import food_table
from magnes.knowledge.load import data_folder, plain_rows
from magnes.knowledge.records import Basic
from magnes.matching import Candidate, Match, matcher, normalise
from magnes.portions import Portion, UnknownUnitError, portion_grams

__all__ = ["Diary", "DiaryEntry", "Eaten", "EatenItem", "preparation_code", "resolve"]

SHOWN_UNITS = 12
LARGEST_GRAMS = 20_000  # of one food in one line; 500 kg is a g that became kg


class DiaryEntry(Record):
    """One line of a diary. ``magnesium_mg`` only when the diary's own programme printed it."""

    line: int
    date: dt.date
    time: dt.time | None = None
    meal: str = ""
    food: str
    amount: float
    unit: str
    preparation: str = ""
    magnesium_mg: float | None = None


class Diary(Record):
    """Lines of one person; ``file`` is the name for messages."""

    file: str
    entries: tuple[DiaryEntry, ...]

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """Return the days with at least one line, in order."""
        return tuple(sorted({entry.date for entry in self.entries}))


@dataclass(frozen=True, slots=True)
class EatenItem:
    """A diary line with its food and grams. ``food.code`` is empty when the diary itself gave the magnesium."""

    entry: DiaryEntry
    food: Candidate
    basic: Basic | None
    portion: Portion
    typo: bool = False
    could_be: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Eaten:
    """A resolved diary. ``unmatched`` lines count as missing: their days are incomplete, not lower."""

    diary: Diary
    items: tuple[EatenItem, ...]
    unmatched: tuple[Problem, ...]
    incomplete: frozenset[dt.date]


def resolve(diary: Diary, *, allow_unmatched: bool = False) -> Eaten:
    """Find food and grams of every line.

    Raises ``InputProblems`` with all lines that could not be resolved, each with its nearest foods or units. With
    ``allow_unmatched`` those lines are kept aside and their days marked incomplete.
    """
    problems = Problems(diary.file)
    foods = matcher()
    own = [entry.magnesium_mg is not None for entry in diary.entries]
    asked = [entry.food for entry, given in zip(diary.entries, own, strict=True) if not given]
    matches = iter(foods.match_many(asked))
    items, incomplete = [], set()
    for entry, given in zip(diary.entries, own, strict=True):
        if given:
            items.append(EatenItem(entry, Candidate("", entry.food), None, Portion(0.0, "", True)))
            continue
        item = _resolve(entry, next(matches), problems)
        if item:
            items.append(item)
        else:
            incomplete.add(entry.date)
    if problems.found and not allow_unmatched:
        raise InputProblems(problems.found)
    return Eaten(diary, tuple(items), tuple(problems.found), frozenset(incomplete))


def _resolve(entry: DiaryEntry, match: Match, problems: Problems) -> EatenItem | None:
    if match.food is None:
        code = "food_ambiguous" if match.kind == "ambiguous" else "food_unknown"
        problems.add(code, line=entry.line, field="food", found=entry.food, nearest=_shown(match.candidates))
        return None
    food = match.food
    if not food.code.startswith("water:") and food_table().food(food.code).magnesium_mg is None:
        problems.add("food_without_magnesium", line=entry.line, field="food", found=f"{entry.food} ({food.code})")
        return None
    basic = matcher().basic(food.basic)
    try:
        portion = portion_grams(food, basic, entry.amount, entry.unit)
    except UnknownUnitError as error:
        accepted = ", ".join(error.accepted[:SHOWN_UNITS])
        problems.add(
            "unit_unknown",
            line=entry.line,
            field="unit",
            found=f"{entry.unit} ({food.name})",
            accepted=accepted,
            nearest=error.near,
        )
        return None
    if portion.grams > LARGEST_GRAMS:
        found, accepted = f"{entry.amount:g} {entry.unit}", f"0 … {LARGEST_GRAMS} g"
        problems.add("number_range", line=entry.line, field="amount", found=found, accepted=accepted)
        return None
    others = tuple(other for other in match.candidates if other != food) if match.kind == "close" else ()
    return EatenItem(entry, food, basic, portion, match.kind == "typo", others)


def _shown(candidates: Iterable[Candidate]) -> list[str]:
    return [f"{candidate.name} [{candidate.code}]" for candidate in candidates]


def preparation_code(word: str) -> str:
    """Return the code of a way of cooking in Dutch or English; ``""`` for blank.

    Raises ``KeyError`` (with nearest names as arguments) for an unknown one.

    >>> preparation_code("gekookt"), preparation_code("steamed")
    ('boiled-drained', 'steamed')
    """
    if not word.strip():
        return ""
    known = _preparations()
    key = normalise(word)
    if key not in known:
        raise KeyError(*nearest(word, known))
    return known[key]


def preparations() -> tuple[str, ...]:
    """One word for each known way of cooking: its code, or a name where the code as a word means another way.

    "boiled" as people write it is boiled and drained; the code ``boiled`` keeps the water.
    """
    known = _preparations()
    codes = dict.fromkeys(known.values())
    return tuple(
        code if known[normalise(code)] == code else next(name for name, other in known.items() if other == code)
        for code in codes
    )


@cache
def _preparations() -> dict[str, str]:
    rows = plain_rows(data_folder() / "names" / "preparations.csv")
    codes = {normalise(code): code for _, code in rows}
    return codes | {normalise(name): code for name, code in rows}
