"""Supplements written in one word, ``citrate:150@08:00,20:00``: salt, magnesium per taking [mg], clock times."""

from __future__ import annotations

import re
from collections.abc import Sequence

from magnes.errors import Problems
from magnes.knowledge.names import NearNameError, salts_named
from magnes.person import Person, Supplement
from magnes.readers.person_toml import supplements_from

__all__ = ["read_added"]


def _salt(supplement: Supplement) -> str:
    """Id of the salt, whatever the language; a product by its name."""
    try:
        return salts_named(supplement.salt)[0].id if supplement.salt else supplement.product.casefold()
    except NearNameError:
        return supplement.salt.casefold()


WORDS = re.compile(r"(?P<salt>[^:@]+):(?P<mg>[^:@]+)@(?P<times>[^@]+)")
EXAMPLE = "citrate:150@08:00,20:00"


def read_added(texts: Sequence[str], person: Person, option: str = "--add") -> tuple[Supplement, ...]:
    """Read supplements as people type them on a command line.

    Raises ``InputProblems`` with all that is wrong: an unknown salt with the nearest ones, an amount or time that
    cannot be, a salt taken twice at one time (also beside what the person takes already).
    """
    problems = Problems(option)
    rows = []
    for text in texts:
        match = WORDS.fullmatch(text.strip())
        if match:
            times = [time.strip() for time in match["times"].split(",")]
            rows.append({"salt": match["salt"].strip(), "elemental_mg": match["mg"].strip(), "times": times})
        else:
            problems.add("dose_words", found=text, accepted=EXAMPLE)
    found = supplements_from(rows, problems)
    taken = {(_salt(supplement), time) for supplement in person.supplements for time in supplement.times}
    for supplement in found:
        for time in supplement.times:
            key = (_salt(supplement), time)
            if key in taken:
                problems.add("dose_twice", found=f"{supplement.salt} {time:%H:%M}")
            taken.add(key)
    problems.stop()
    return found
