"""Food names in Dutch and English -> food codes, with typing errors, never guessed silently.

Order: code, everyday name, exact entry name of a table, typing error of an everyday name. A name that fits several
foods is ``ambiguous`` and comes back with its candidates, commonest first; where their magnesium hardly differs it is
``close``: the commonest, with all of them as interval, and said so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Literal

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from magnes.errors import Problems
from magnes.knowledge.foods import food_table, nevo_names_path, nevo_path
from magnes.knowledge.load import data_folder, plain_rows, table
from magnes.knowledge.records import Basic, Water
from magnes.knowledge.typeahead import TypeAhead

__all__ = ["Candidate", "FoodMatcher", "Match", "matcher", "normalise"]

TYPO_SCORE = 75.0  # Indel similarity below which a typing error is not looked for; one wrong letter in five scores 80
TYPO_MARGIN = 4.0  # a second food this close makes the name ambiguous
LONE_WORD = 6  # letters from which one wrong letter is a typing error; shorter words have neighbours (zalm, palm)
LONG_WORD = 9  # letters from which two are
NEAREST = 5
FEW = 3  # found foods below which typing errors are looked for
SHORTEST_ENTRY = 3  # letters from which the 23,000 entries of the tables are searched too
NAMES_PER_FOOD = 4  # an everyday food has that many names and more
SEARCHES_KEPT = 20_000  # of what was typed lately; a few hundred bytes each
WORD = re.compile(r"[^\W_]+")
CLOSE_MG, CLOSE_SHARE = 3.0, 0.25  # half-skimmed or whole milk, young or old cheese: less than samples differ
PREFIXES = ("sr", "fdc", "fndds", "ciqual", "nevo")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A food that a name may mean. ``basic`` is the everyday food, ``code`` the table entry."""

    code: str
    name: str
    basic: str = ""
    common: float = 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """What a name came to.

    ``food`` is set for ``code``, ``name``, ``typo`` and ``close``. A ``close`` name fits several foods whose magnesium
    hardly differs: ``food`` is the commonest, ``candidates`` are all of them, and their range is the interval.
    """

    asked: str
    kind: Literal["code", "name", "typo", "close", "ambiguous", "none"]
    food: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()


def normalise(name: str) -> str:
    """Lower case without accents or signs; words in order.

    >>> normalise("  Crème-fraîche, 30% ")
    'creme fraiche 30'
    """
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("ß", "ss")).casefold()
        text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(WORD.findall(text))


class FoodMatcher:
    """All names the knowledge has; build once (``matcher()``), ask many times."""

    def __init__(self) -> None:
        self._basics = {basic.id: basic for basic in table(Basic)}
        self._names: dict[str, list[Candidate]] = defaultdict(list)
        for basic in self._basics.values():
            for name in (basic.name_nl, basic.name_en):
                self._learn(name, self._candidate(basic))
        for language in ("nl", "en"):
            for name, basic_id in _name_rows(language, self._basics):
                self._learn(name, self._candidate(self._basics[basic_id]))
        for brand, water in _waters().items():
            self._learn(brand, _water(water))
        for alias, brand in _pairs("waters"):
            self._learn(alias, _water(_waters()[brand]))
        self._prefer_nevo()

    def _prefer_nevo(self) -> None:
        """Let an imported NEVO food speak for its name in any order of words; it keeps the everyday food's measures.

        A synonym that several NEVO foods have, or that is ambiguous without NEVO, decides nothing.
        """
        named: dict[str, list[Candidate]] = defaultdict(list)
        foods = {code: name for code, name, _ in food_table().names() if code.startswith("nevo:")}
        for code, name in foods.items():
            named[_words(normalise(name))].append(Candidate(code, name, "", 1000.0))
        also: dict[str, list[Candidate]] = defaultdict(list)
        for name, code in _nevo_names() if foods else ():
            if code in foods and _words(normalise(name)) not in named:
                also[_words(normalise(name))].append(Candidate(code, foods[code], "", 1000.0))
        orders: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            orders[_words(name)].append(name)
        for words, found in (named | also).items():
            candidates = _unique(found)
            for name in orders[words] or [words]:
                everyday = self._names.get(name, [])
                if words in also and everyday and (len(candidates) > 1 or len(everyday) > 1):
                    continue
                basic = everyday[0].basic if len(everyday) == 1 else ""
                self._names[name] = [replace(candidate, basic=basic) for candidate in candidates]

    def _candidate(self, basic: Basic) -> Candidate:
        return Candidate(basic.food, basic.name_nl, basic.id, 10.0 / basic.common)

    def _learn(self, name: str, candidate: Candidate) -> None:
        found = self._names[normalise(name)]
        if candidate.code not in {other.code for other in found}:
            found.append(candidate)

    def basic(self, basic_id: str) -> Basic | None:
        """Return the everyday food with this id."""
        return self._basics.get(basic_id)

    def basic_of(self, code: str) -> Basic | None:
        """Return the everyday food whose best entry has this code."""
        return self._basics.get(self._basic_of.get(code, ""))

    def match(self, name: str) -> Match:
        """Match one name."""
        return self.match_many([name])[0]

    def match_many(self, names: Sequence[str]) -> list[Match]:
        """Match names; the same name twice costs once."""
        found: dict[str, Match] = {}
        left: list[str] = []
        for name in dict.fromkeys(names):
            match = self._exact(name)
            if match:
                found[name] = match
            else:
                left.append(name)
        found.update(zip(left, self._similar(left), strict=True))
        return [found[name] for name in names]

    def _exact(self, name: str) -> Match | None:
        code = name.strip()
        prefix = code.partition(":")[0]
        if prefix in PREFIXES:
            return self._by_code(name, code)
        if prefix == "water" and ":" in code:
            code = normalise(code.partition(":")[2])
            waters = [other for other in self._names.get(code, ()) if other.code.startswith("water:")]
            return Match(name, "code", waters[0]) if waters else self._nearest_water(name, code)
        key = normalise(name)
        for names in (self._names, self._by_words, self._entries):
            candidates = names.get(key if names is not self._by_words else _words(key))
            if candidates:
                return _decide(name, candidates, "name")
        return None

    def _by_code(self, name: str, code: str) -> Match:
        foods = food_table()
        if code not in foods:
            near = process.extract(code, foods.index.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=80)
            return Match(name, "none", None, tuple(Candidate(c, foods.food(c).name) for c, _, _ in near))
        return Match(name, "code", Candidate(code, foods.food(code).name, self._basic_of.get(code, "")))

    def _nearest_water(self, name: str, brand: str) -> Match:
        near = process.extract(brand, _waters().keys(), scorer=fuzz.ratio, limit=NEAREST, score_cutoff=50)
        return Match(name, "none", None, tuple(_water(_waters()[found]) for found, _, _ in near))

    def _similar(self, names: list[str]) -> list[Match]:
        """Typing errors of everyday names; all names against all names at once."""
        if not names:
            return []
        keys = list(self._names)
        asked = [normalise(name) for name in names]
        scores = process.cdist(asked, keys, scorer=fuzz.ratio, score_cutoff=60, dtype=np.uint8, workers=-1)
        result = []
        for name, key, row in zip(names, asked, scores, strict=True):
            hits = np.flatnonzero(row)
            order = hits[np.argsort(-row[hits].astype(np.int16), kind="stable")[: 2 * NEAREST]]
            near = [(keys[place], float(row[place])) for place in order]
            result.append(self._typo(name, key, near))
        return result

    def _typo(self, name: str, key: str, near: list[tuple[str, float]]) -> Match:
        edits = {other: OSA.distance(key, other) for other, score in near if score >= TYPO_SCORE}
        meant = [other for other in edits if self._may_be_typo(key, other)]
        if meant:
            fewest = min(edits[other] for other in meant)
            best = max(score for other, score in near if other in meant)
            close = [other for other, score in near if edits.get(other, 99) <= fewest or score > best - TYPO_MARGIN]
            return _decide(name, [candidate for other in close for candidate in self._names[other]], "typo")
        alike = [candidate for other, _ in near for candidate in self._names[other]]
        first = [candidate for other in edits for candidate in self._names[other]][:2]
        return Match(name, "none", None, tuple(_unique([*first, *self._entries_with_words(key), *alike]))[:NEAREST])

    def _may_be_typo(self, asked: str, known: str) -> bool:
        """Whether every word is the known word or a slip of it; a word that a food name has is no slip."""
        left, right = asked.split(), known.split()
        if len(left) != len(right):
            left, right = ["".join(left)], ["".join(right)]
        pairs = [(one, other) for one, other in zip(left, right, strict=True) if one != other]
        shortest = LONE_WORD if len(left) == 1 else LONE_WORD - 2  # the other words make it surer
        return all(_slip(*pair, shortest) and (_plural(*pair) or pair[0] not in self._real_words) for pair in pairs)

    @cached_property
    def _basic_of(self) -> dict[str, str]:
        return {basic.food: basic.id for basic in reversed(self._basics.values())}

    @cached_property
    def _by_words(self) -> dict[str, list[Candidate]]:
        """Everyday names whatever the order of their words; only where that is still unique."""
        result: dict[str, list[Candidate]] = defaultdict(list)
        for name, candidates in self._names.items():
            result[_words(name)] += candidates
        return result

    @cached_property
    def _entries(self) -> dict[str, list[Candidate]]:
        """Entry names of the food tables, as printed there."""
        result: dict[str, list[Candidate]] = defaultdict(list)
        for code, name, common in food_table().names():
            if key := normalise(name):  # Ciqual has a food named "-"
                result[key].append(Candidate(code, name, "", common))
        return result

    @cached_property
    def _real_words(self) -> set[str]:
        return {*self._postings, *(word for name in self._names for word in name.split())}

    @cached_property
    def _postings(self) -> dict[str, list[str]]:
        result: dict[str, list[str]] = defaultdict(list)
        for name in self._entries:
            for word in set(name.split()):
                result[word].append(name)
        return result

    def search(self, text: str, limit: int = 20) -> list[Candidate]:
        """Foods for a person to choose from, also while typing: everyday names first, then table entries."""
        return list(self._found(normalise(text), limit))

    @lru_cache(maxsize=SEARCHES_KEPT)  # noqa: B019 - there is one matcher per process
    def _found(self, key: str, limit: int) -> tuple[Candidate, ...]:
        named = self._foods(self._by_words, [_words(key)])
        found = _unique([*named, *self._foods(self._names, self._ahead.find(key, NAMES_PER_FOOD * limit))])
        if len(found) < limit and len(key) >= SHORTEST_ENTRY:
            found = _unique([*found, *self._foods(self._entries, self._ahead_entries.find(key, limit))])
        if len(found) < FEW:
            alike = self._foods(self._names, self._ahead.misspelt(key, limit))
            found = _unique([*found, *alike, *self._entries_with_words(key, limit)])
        return tuple(found[:limit])

    @staticmethod
    def _foods(named: dict[str, list[Candidate]], names: Iterable[str]) -> list[Candidate]:
        return _unique(candidate for name in names for candidate in _commonest_first(named.get(name, ())))

    @cached_property
    def _ahead(self) -> TypeAhead:
        return TypeAhead((name, _weight(candidates)) for name, candidates in self._names.items())

    @cached_property
    def _ahead_entries(self) -> TypeAhead:
        weights = ((name, _weight(candidates)) for name, candidates in self._entries.items())
        return TypeAhead(weights, joined=False)

    def _entries_with_words(self, key: str, limit: int = NEAREST) -> list[Candidate]:
        """Return table entries with the rarest shared words, commonest first."""
        score: dict[str, float] = defaultdict(float)
        for word in set(key.split()):
            names = self._postings.get(word) or self._postings.get(word.removesuffix("s"), [])
            for name in names:
                score[name] += 1.0 / (1.0 + len(names))
        best = sorted(score, key=lambda name: -score[name])[: 4 * limit]
        found = [candidate for name in best if score[name] >= 0.5 * score[best[0]] for candidate in self._entries[name]]
        return sorted(found, key=lambda candidate: -candidate.common)[:limit]


@cache
def matcher() -> FoodMatcher:
    """Build the matcher over the shipped names, once per process."""
    return FoodMatcher()


@cache
def _waters() -> dict[str, Water]:
    """Waters with a magnesium value by brand; the first row of a brand speaks for it."""
    found: dict[str, Water] = {}
    for water in table(Water):
        if water.magnesium_mg_per_l is not None:
            found.setdefault(normalise(water.brand), water)
    return found


def _water(water: Water) -> Candidate:
    return Candidate(f"water:{normalise(water.brand)}", water.brand.title(), "", 1.0)


def waters_of(brand: str) -> list[Water]:
    """All rows of one brand: labels of one water differ between places and years."""
    return [w for w in table(Water) if normalise(w.brand) == brand and w.magnesium_mg_per_l is not None]


def _decide(name: str, candidates: Iterable[Candidate], kind: Literal["name", "typo"]) -> Match:
    found = _commonest_first(_unique(candidates))
    if len(found) == 1:
        return Match(name, kind, found[0])
    if kind == "name" and _nearly_same(found):
        return Match(name, "close", found[0], tuple(found))
    return Match(name, "ambiguous", None, tuple(found))


def _nearly_same(found: Sequence[Candidate]) -> bool:
    """Whether the magnesium [mg/100 g] of all these foods differs so little that the choice between them is idle."""
    foods, basics = food_table(), {basic.id: basic.group for basic in table(Basic)}
    groups = {basics.get(candidate.basic, candidate.code) for candidate in found}
    if len(groups) > 1 or any(candidate.code not in foods for candidate in found):
        return False  # a croissant is no butter cake, whatever its magnesium
    values = foods.magnesium_mg[[foods.index[candidate.code] for candidate in found]]
    return bool(values.max() - values.min() <= max(CLOSE_MG, CLOSE_SHARE * values.max()))


def _weight(candidates: Iterable[Candidate]) -> float:
    return max((candidate.common for candidate in candidates), default=0.0)


def _commonest_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda candidate: -candidate.common)


def _unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        found.setdefault(candidate.code, candidate)
    return list(found.values())


def _slip(asked: str, known: str, shortest: int = LONE_WORD) -> bool:
    """Whether ``asked`` is one word ``known`` typed wrongly: same first letter, few edits for its length, no digits.

    >>> _slip("harring", "haring"), _slip("haricot", "abricot"), _slip("zlam", "lam")
    (True, False, False)
    """
    if asked[0] != known[0] or any(char.isdigit() for char in asked + known):
        return False
    edits = OSA.distance(asked, known)
    if sorted(asked) == sorted(known) or _undoubled(asked) == _undoubled(known):
        shortest -= 1  # two letters swapped, or one doubled, seldom make another word
    return edits <= (0 if len(asked) < shortest else 1 if len(asked) < LONG_WORD else 2)


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _plural(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long in {short + end for end in ("s", "es", "n", "en")}


def _words(key: str) -> str:
    return " ".join(sorted(key.split()))


def _name_rows(language: str, basics: dict[str, Basic]) -> list[tuple[str, str]]:
    problems = Problems(f"names/{language}.csv")
    rows = _pairs(language)
    for line, (_, basic) in enumerate(rows, start=2):
        if basic not in basics:
            problems.add("unknown_basic", line=line, field="basic", found=basic)
    problems.stop()
    return rows


def _nevo_names() -> list[list[str]]:
    """(name, code) of synonyms and English names that came with an imported NEVO table."""
    path = nevo_names_path(nevo_path())
    return plain_rows(path) if path.is_file() else []


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in plain_rows(data_folder() / "names" / f"{name}.csv")]
