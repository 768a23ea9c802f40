"""Words of labels, Dutch and English, as patterns: units of taking, percentages, other nutrients, names of salts."""

from __future__ import annotations

import re
from functools import cache

from magnes.knowledge.load import table
from magnes.knowledge.names import FOOD_SALTS, NOT_ORAL_SALTS, NearNameError, salts_named
from magnes.knowledge.records import Salt

__all__ = ["BULK", "COUNTS", "DELIVERY", "MASS_UNITS", "NUMBER", "PACK", "TAKEN", "salt_name", "salt_pattern", "taken"]

NUMBER = r"\d+(?:[.,']\d+)*(?:\s\d{3}(?![\d.,]))*"
COUNTS = {
    **dict.fromkeys(("een", "één", "eén", "a", "an", "one"), 1.0),
    "twee": 2.0, "two": 2.0, "drie": 3.0, "three": 3.0, "vier": 4.0, "four": 4.0,
    "vijf": 5.0, "five": 5.0, "zes": 6.0, "six": 6.0,
}  # fmt: skip
# mg in one unit of mass; amounts of substance stand in tokens.py
MASS_UNITS = {"mg": 1.0, "milligram": 1.0, "g": 1000.0, "gr": 1000.0, "gram": 1000.0}
MASS_UNITS |= dict.fromkeys(("mcg", "μg", "ug", "microgram"), 0.001)

# One piece that is taken -> the word for it in ``Label.per``
_PIECES = {
    "tablet": r"(?:bruis|kauw|zuig|smelt|film)?tablet(?:ten|jes?|s)?|tabs?|caplets?|kauwtablet(?:ten)?",
    "capsule": r"(?:veg\w*\s+|plantaardige\s+|soft\s?gel\s+)?capsules?|caps|v-?caps?|vegi?caps?|softgels?|gelcaps?",
    "sachet": r"sachets?|zakjes?|sticks?|stick\s?packs?",
    "scoop": r"(?:afgestreken\s+)?(?:scoops?|maatschep(?:pen|jes?)?|maatlepels?|schep(?:pen|jes?)?)",
    "spoon": r"eetlepels?|theelepels?|tablespoons?|teaspoons?|tbsp|tsp",
    "ampoule": r"ampul(?:len)?|ampoules?|shots?|flesjes?",
    "piece": r"gumm(?:y|ies)|pil(?:len)?|pills?|stuks?|pieces?|drag[eé]es?|lozenges?|zuurtjes?",
}
PACK = "|".join(_PIECES.values())
_DAY = r"(?:aanbevolen\s+)?(?:dagelijkse|daily|recommended\s+daily)\s+(?:dosering|dosis|portie|dose|serving|portion)"
_DAY += r"|dag(?:dosering|dosis|portie)?|day"
_DOSE = r"dosering|dosis|portie|inname|serving|dose|portion"
BULK = r"\d+\s*(?:ml|cl|dl|g|gram|l|liter|litre)\b|liter|litre|ml|gram|g"
TAKEN = {"day": _DAY, "dose": _DOSE, "bulk": BULK, **_PIECES}

# Spellings that the salt table lacks, as they stand on labels
_ALIASES = {
    "taurinaat": "tauraat", "diglycinaat": "bisglycinaat", "bisglycinaat chelaat": "bisglycinaat",
    "bisglycinate chelate": "bisglycinate", "glycinaat chelaat": "glycinaat", "glycinate chelate": "glycinate",
    "traacs": "aminozuurchelaat", "aminozuur chelaat": "aminozuurchelaat", "sulphaat": "sulfaat",
    "tri magnesium dicitraat": "trimagnesiumdicitraat", "tri magnesium citraat": "citraat",
    "trimagnesium dicitraat": "trimagnesiumdicitraat", "trimagnesium dicitrate": "trimagnesiumdicitraat",
    "trimagnesium citrate": "citraat", "gebufferd bisglycinaat": "bisglycinaat",
    "kalium magnesium citraat": "kaliummagnesiumcitraat",
    "magnesium l threonaat": "threonaat", "magnesium l threonate": "threonate",
    "mg(oh)2": "hydroxide", "mgcl2": "chloride", "mgcl2.6h2o": "chloride hexahydraat", "mgco3": "carbonaat",
    "mgso4": "sulfaat", "mgso4.7h2o": "bitterzout",
}  # fmt: skip
_HYDRATE = r"(?P<{}>watervrij|anhydr\w*|(?:mono|di|tri|tetra|penta|hexa|hepta|nona)hydraa?te?)"
# Beginnings of salt names that mean magnesium without the word magnesium
_WHOLE = ("magnesia", "milk", "epsom", "bitterzout", "mg")
DELIVERY = "liposomal"  # a way of delivery that goes with any salt


def taken(word: str) -> str:
    """Return the kind of taking that a word means: ``tablet``, ``day``, ``dose``, or ``100 ml`` as written."""
    for kind, pattern in TAKEN.items():
        if re.fullmatch(pattern, word):
            return word if kind == "bulk" else kind
    raise KeyError(word)


@cache
def _spellings() -> dict[str, str]:
    """Every spelling of a salt taken by mouth -> the name that ``salts_named`` gives back for it."""
    rows = [row for row in table(Salt) if row.family not in (*FOOD_SALTS, *NOT_ORAL_SALTS, DELIVERY)]
    found = {row.family.replace("-", " "): row.family for row in rows if row.default_of_family}
    for row in rows:
        for word in (*row.names, row.name_nl, row.name_en):
            found[_spaced(word)] = _named(word.split(" (")[0] if "(" in word else word, row)
    found |= {word.removeprefix("magnesium").strip(): name for word, name in found.items()}
    return found | {word: found[name] for word, name in _ALIASES.items()}


def _spaced(word: str) -> str:
    return " ".join(word.split(" (")[0].casefold().replace("-", " ").split())


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
