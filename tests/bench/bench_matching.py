"""Matching against a peer in one run: ``python tests/bench/bench_matching.py``.

Peer: what a diary program would write in one line, ``rapidfuzz.process.extractOne`` with ``WRatio`` over all everyday
names. Asked: everyday Dutch and English names with one random typing error each, by a fixed seed. Accuracy stands
beside the time: right food, wrong food (the dangerous one), asked back (ambiguous or unknown).
"""

from __future__ import annotations

import random
import string
import time
from collections import Counter

from rapidfuzz import fuzz, process

from magnes.matching import FoodMatcher, normalise

COUNT = 500
LARGE = 10_000


def with_typo(name: str, draw: random.Random) -> str:
    """Return the name with one letter left out, doubled, changed, or two exchanged."""
    place = draw.randrange(1, len(name) - 1)
    kind = draw.choice(("drop", "double", "change", "swap"))
    if kind == "drop":
        return name[:place] + name[place + 1 :]
    if kind == "double":
        return name[:place] + name[place] + name[place:]
    if kind == "change":
        return name[:place] + draw.choice(string.ascii_lowercase) + name[place + 1 :]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def main() -> None:
    """Print times, their ratio and the accuracy of both."""
    foods = FoodMatcher()
    known = {name: [food.code for food in found] for name, found in foods._names.items()}
    sure = sorted(name for name, codes in known.items() if len(codes) == 1 and len(name) >= 6 and name.isascii())
    draw = random.Random(2026)
    asked = [(with_typo(name, draw), name) for name in draw.sample(sure, COUNT)]
    asked = [(typo, name) for typo, name in asked if normalise(typo) not in known]
    foods.match("warm-up of the indexes")

    start = time.perf_counter()
    ours = foods.match_many([typo for typo, _ in asked])
    our_time = time.perf_counter() - start
    choices = list(known)
    start = time.perf_counter()
    theirs = [process.extractOne(typo, choices, scorer=fuzz.WRatio) for typo, _ in asked]
    their_time = time.perf_counter() - start

    score: Counter[str] = Counter()
    for (_, name), match, peer in zip(asked, ours, theirs, strict=True):
        right = known[name][0]
        found = "asked back" if match.food is None else "right" if match.food.code == right else "wrong"
        score[f"ours {found}"] += 1
        score["peer right" if peer and right in known[peer[0]] else "peer wrong"] += 1
    print(f"{len(asked)} names with one typing error, {len(known)} known names")
    print(f"ours {our_time:.2f} s, peer {their_time:.2f} s, ratio {our_time / their_time:.3f}")
    for kind, count in sorted(score.items()):
        print(f"  {kind:<16} {count / len(asked):6.1%}")

    many = [draw.choice(sure) if draw.random() < 0.7 else with_typo(draw.choice(sure), draw) for _ in range(LARGE)]
    start = time.perf_counter()
    foods.match_many(many)
    print(f"{LARGE} names, 30 % of them with a typing error: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
