"""``TypeAhead``: names that fit what somebody is typing, best first, within a millisecond or so.

Whole names and their words are found by bisection, parts of compounds (``brood`` in ``volkorenbrood``) in one long
text. Typing errors are a question of their own, for when little else was found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from heapq import nsmallest
from itertools import islice

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

__all__ = ["TypeAhead"]

SHORTEST_TYPO, SHORTEST_INSIDE = 4, 3  # letters
MOST_INSIDE = 200
ALIKE = 75.0  # of 100; one wrong letter in five scores 80
AFTER_ALL = "\U0010ffff"


class TypeAhead:
    """Names with a weight, commonest highest. Names and questions come in one spelling: lower case, one space."""

    def __init__(self, weights: Iterable[tuple[str, float]], *, joined: bool = True) -> None:
        """Build the index; ``joined``: a name of several words is also found written as one."""
        best: dict[str, float] = {}
        for name, weight in weights:
            if name:
                best[name] = max(weight, best.get(name, weight))
        self._names = sorted(best, key=lambda name: (-best[name], len(name), name))  # places are ranks
        starts = [(start, place) for place, name in enumerate(self._names) for start in _starts(name, joined)]
        self._starts = sorted(starts)
        words: dict[str, set[int]] = defaultdict(set)
        letters: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self._names):
            letters[name[0]].append(place)
            for word in name.split():
                words[word].add(place)
        self._words, self._sorted_words = dict(words), sorted(words)
        self._by_letter = {letter: [self._names[place] for place in places] for letter, places in letters.items()}
        self._text = "\n".join(self._names)
        ends = [0]
        for name in self._names:
            ends.append(ends[-1] + len(name) + 1)
        self._ends = ends

    def find(self, asked: str, limit: int) -> list[str]:
        """Return names: the name itself, names that begin so, then words, then parts of compounds."""
        if not asked:
            return []
        found: dict[int, None] = {}
        for look in (self._beginning, self._with_words, self._inside):
            found |= dict.fromkeys(look(asked, limit))
            if len(found) >= limit:
                break
        return [self._names[place] for place in found][:limit]

    def misspelt(self, asked: str, limit: int) -> list[str]:
        """Return names that look alike, those with the same first letter before all; fewest slips so far first."""
        if len(asked) < SHORTEST_TYPO:
            return []
        own = self._by_letter.get(asked[0], [])
        near = process.extract(asked, own, scorer=fuzz.WRatio, limit=limit, score_cutoff=ALIKE)
        if not near:
            near = process.extract(asked, self._names, scorer=fuzz.ratio, limit=limit, score_cutoff=ALIKE)
        return sorted((name for name, _, _ in near), key=lambda name: _slips(asked, name))

    def _beginning(self, asked: str, limit: int) -> list[int]:
        """Places of names that begin so; those that go on with another letter come after those that are whole."""
        first = bisect_left(self._starts, (asked, -1))
        last = bisect_left(self._starts, (asked + AFTER_ALL, -1))
        places = {place for _, place in self._starts[first:last]}
        return nsmallest(limit, places, key=lambda place: (self._tier(asked, place), place))

    def _tier(self, asked: str, place: int) -> int:
        name = self._names[place]
        return 0 if name == asked else 1 if name.startswith(asked) else 2

    def _with_words(self, asked: str, limit: int) -> list[int]:
        """Places of names that have a word for the beginning of each word, in any order."""
        longest, *others = sorted(dict.fromkeys(asked.split()), key=len, reverse=True)
        if not others:
            return []
        fits = (place for place in sorted(self._with_word(longest)) if self._has_words(place, others))
        return list(islice(fits, limit))

    def _has_words(self, place: int, beginnings: list[str]) -> bool:
        text = f" {self._names[place]}"
        return all(f" {beginning}" in text for beginning in beginnings)

    def _with_word(self, beginning: str) -> set[int]:
        first = bisect_left(self._sorted_words, beginning)
        last = bisect_left(self._sorted_words, beginning + AFTER_ALL)
        return set().union(*(self._words[word] for word in self._sorted_words[first:last]))

    def _inside(self, asked: str, limit: int) -> list[int]:
        """Places of the commonest names that hold the text anywhere."""
        places: list[int] = []
        at = self._text.find(asked) if len(asked) >= SHORTEST_INSIDE else -1
        while at >= 0 and len(places) < min(limit, MOST_INSIDE):
            place = bisect_left(self._ends, at + 1) - 1
            places.append(place)
            at = self._text.find(asked, self._ends[place + 1])
        return places


def _slips(asked: str, name: str) -> tuple[int, int]:
    """Return the wrong letters of what was typed so far, for the rest of the name may still come; then of all."""
    so_far = min(OSA.distance(asked, name[:length]) for length in range(len(asked) - 1, len(asked) + 2))
    return so_far, OSA.distance(asked, name)


def _starts(name: str, joined: bool) -> set[str]:
    """Return the name from each of its words on, and in one word: ``volkorenbr`` finds ``volkoren brood``."""
    words = name.split()
    return {" ".join(words[place:]) for place in range(len(words))} | ({"".join(words)} if joined else set())
