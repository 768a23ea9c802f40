"""Words of labels, Dutch and English, as patterns: numbers, units of mass, names of salts."""

from __future__ import annotations

import re
from functools import cache

from magnes.knowledge.load import table
from magnes.knowledge.names import FOOD_SALTS, NOT_ORAL_SALTS, NearNameError, salts_named
from magnes.knowledge.records import Salt
from magnes.knowledge.search import name_key

__all__ = ["DELIVERY", "MASS", "MASS_UNITS", "NUMBER", "salt_name", "salt_pattern"]

NUMBER = r"\d+(?:[.,']\d+)*(?:\s\d{3}(?![\d.,]))*"
# mg in one unit of mass; amounts of substance stand in tokens.py
MASS_UNITS = {"mg": 1.0, "milligram": 1.0, "g": 1000.0, "gr": 1000.0, "gram": 1000.0}
MASS_UNITS |= dict.fromkeys(("mcg", "μg", "ug", "microgram"), 0.001)

MASS = r"(?:mg|milligram(?:men|s)?|mcg|μg|ug|microgram(?:men|s)?|gram(?:men|s)?|gr|g|mmol|millimol|meq|mval)\b"
MASS += r"(?:\.(?!\s*[^\W\d_]))?"  # "100 mg. Magnesium" ends a sentence

# Spellings that the salt table lacks, as they stand on labels
_ALIASES = {
    "taurinaat": "tauraat", "diglycinaat": "bisglycinaat", "bisglycinaat chelaat": "bisglycinaat",
    "bisglycinate chelate": "bisglycinate", "glycinaat chelaat": "glycinaat", "glycinate chelate": "glycinate",
    "traacs": "aminozuurchelaat", "aminozuur chelaat": "aminozuurchelaat", "sulphaat": "sulfaat",
    "tri magnesium dicitraat": "trimagnesiumdicitraat", "tri magnesium citraat": "citraat",
    "trimagnesium dicitraat": "trimagnesiumdicitraat", "trimagnesium dicitrate": "trimagnesiumdicitraat",
    "trimagnesium citrate": "citraat",
    "kalium magnesium citraat": "kaliummagnesiumcitraat",
    "magnesium l threonaat": "threonaat", "magnesium l threonate": "threonate",
    "mg(oh)2": "hydroxide", "mgcl2": "chloride", "mgcl2.6h2o": "chloride hexahydraat", "mgco3": "carbonaat",
    "mgso4": "sulfaat", "mgso4.7h2o": "bitterzout",
    **dict.fromkeys(
        (f"{coat} magnesium{space}chloride" for coat in ("maagsapresistent", "maagsapresistente", "enteric coated")
         for space in ("", " ")), "enteric coated chloride"),
}  # fmt: skip
_HYDRATE = r"(?P<{}>watervrij|anhydr\w*|(?:mono|di|tri|tetra|penta|hexa|hepta|nona)hydraa?te?)"
# Beginnings of salt names that mean magnesium without the word magnesium
_WHOLE = ("magnesia", "milk", "epsom", "bitterzout", "mg")
DELIVERY = "liposomal"  # a way of delivery that goes with any salt


@cache
def _spellings() -> dict[str, str]:
    """Every spelling of a salt taken by mouth -> the name that ``salts_named`` gives back for it."""
    rows = [row for row in table(Salt) if row.family not in (*FOOD_SALTS, *NOT_ORAL_SALTS, DELIVERY)]
    found = {row.family.replace("-", " "): row.family for row in rows if row.default_of_family}
    for row in rows:
        for word in (*row.names, row.name_nl, row.name_en):
            found[name_key(word.split(" (")[0])] = _named(word.split(" (")[0] if "(" in word else word, row)
    found |= {word.removeprefix("magnesium").strip(): name for word, name in found.items()}
    return found | {word: found[name] for word, name in _ALIASES.items()}


def _squeezed(word: str) -> str:
    return re.sub(r"[\s-]", "", word)


def _named(word: str, row: Salt) -> str:
    """Return the family for a name that leaves the hydration open, else the id."""
    try:
        return row.family if len(salts_named(word)) > 1 else row.id
    except NearNameError:  # a name of the table, cut before its bracket
        return row.id


@cache
def salt_pattern() -> str:
    """Pattern of a salt, with groups ``bound`` (magnesium stands before it), ``salt`` and for water."""
    words = sorted(filter(None, _spellings()), key=len, reverse=True)
    any_word = "|".join(re.escape(word).replace(r"\ ", r"[\s-]*") for word in words)
    tail = r"(?:poeder|tablet(?:ten)?|capsules?|chelaat|complex)?"
    dry = r"(?:(?:watervrije?|anhydrous)\s+)?"
    water = rf"(?:[\s-]*{_HYDRATE.format('hydrate')}|\s*\(\s*{_HYDRATE.format('bracketed')}\s*\))?"
    return rf"(?P<dry>{dry})(?P<bound>magnesium[\s-]*)?(?P<salt>{any_word}){tail}{water}(?![^\W_])"


@cache
def _by_squeezed() -> dict[str, str]:
    return {_squeezed(word): name for word, name in _spellings().items()}


def salt_name(match: re.Match[str]) -> tuple[str, bool]:
    """Return the name for ``salts_named`` (blank when the table lacks it) and whether the word itself says magnesium.

    ``magnesiumcitraat watervrij`` is the row without water of its family.
    """
    word = _squeezed(match["salt"])
    name = _by_squeezed()[word]
    bound = bool(match["bound"]) or "magnesium" in word or word.startswith(_WHOLE)
    water = match["hydrate"] or match["bracketed"] or match["dry"].strip()
    if water:
        wanted = "anhydrous" if water.startswith(("water", "anhydr")) else re.sub(r"hydraa?te?$", "hydrate", water)
        family = salts_named(name)[0].family
        rows = [row for row in table(Salt) if row.family == family and row.hydration == wanted]
        rows.sort(key=lambda row: not row.default_of_family)
        return (rows[0].id if rows else ""), bound
    return name, bound
