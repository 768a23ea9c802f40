"""Units of taking on labels: "per 2 tabletten", "per dagdosering (3 capsules)", "neem 2 tabletten per dag".

``PER`` finds the unit that an amount is for, ``DIRECTIONS`` how many pieces a day to take (which is no unit of an
amount), ``MENTION`` some other number of pieces. ``taking`` and ``pieces_a_day`` read what they found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["COUNTS", "DIRECTIONS", "MENTION", "PACK", "PER", "PIECE", "Taking", "pieces_a_day", "taking"]

LARGEST_COUNT = 12.0  # pieces in one dose; more are the contents of a pack
LARGEST_LOOSE = 4.0  # the same without the word per: "10 sachets: magnesium 300 mg" may be a box of ten
MOST_SMALL = 100.0  # the same for drops and sprays
COUNTS = {
    **dict.fromkeys(("een", "één", "eén", "a", "an", "one"), 1.0),
    "twee": 2.0, "two": 2.0, "drie": 3.0, "three": 3.0, "vier": 4.0, "four": 4.0,
    "vijf": 5.0, "five": 5.0, "zes": 6.0, "six": 6.0,
}  # fmt: skip
_SMALL = {"drop": r"druppels?|drops?", "spray": r"sprays?|pufjes?|pomp(?:jes?|en)|pumps?"}
# One piece that is taken -> the word for it in ``Label.per``
_PIECES = {
    "tablet": r"(?:bruis|kauw|zuig|smelt|film)?tablet(?:ten|jes?|s)?|tab[ls]?\b\.?|caplets?",
    "capsule": r"(?:veg\w*\s+|plantaardige\s+|soft\s?gel\s+)?capsules?|caps|v-?caps?|vegi?caps?|softgels?|gelcaps?",
    "sachet": r"sachets?|zakjes?|sticks?|stick\s?packs?",
    "scoop": r"(?:afgestreken\s+)?(?:scoops?|maatschep(?:pen|jes?)?|maatlepels?|schep(?:pen|jes?)?)",
    "spoon": r"eetlepels?|theelepels?|tablespoons?|teaspoons?|tbsp|tsp",
    "ampoule": r"ampul(?:len)?|ampoules?|shots?|flesjes?",
    "piece": r"gumm(?:y|ies)|pil(?:len)?|pills?|stuks?|st\b\.?|pieces?|drag[eé]es?|lozenges?|zuurtjes?",
    **_SMALL,
}
PACK = "|".join(_PIECES.values())
_A_DAY = r"(?:per\s+(?:dag|day)|daags|daily|a\s+day|/\s*dag)\b"
_EACH_DAY = r"(?:dagelijks|daily|(?:per|elke|iedere|each|every)\s+(?:dag|day))\b"
_OF_DAY = r"(?:aanbevolen|recommended)"
_DAY = rf"(?:{_OF_DAY}\s+)?(?:dagelijkse?|daily|recommended\s+daily)\s+"
_DAY += r"(?:dosering|dosis|portie|inname|gebruik|dose|serving|portion|intake)"
_DAY += rf"|(?:{_OF_DAY}\s+)?dag(?:dosering|dosis|portie)|dag|day"
_DOSE = rf"(?:{_OF_DAY}\s+)?(?:dosering|dosis|portie|inname|serving|dose|portion)"
BULK = r"\d+\s*(?:ml|cl|dl|g|gram|l|liter|litre|kg)\b|liter|litre|l|ml|gram|g|kg|kilo"
_VOLUME = r"(?<![\w.,])(?:\d+(?:[.,]\d+)?\s*(?:ml|cl|dl)|100\s*(?:g|gram))\b"
_TAKEN = {"day": _DAY, "dose": _DOSE, "bulk": BULK, **_PIECES}
PIECE = "|".join(pattern for kind, pattern in _TAKEN.items() if kind != "bulk")  # or a dose
_ANY = f"(?:{'|'.join(_TAKEN.values())})"
_END = r"(?![^\W_])"
_COUNT = r"(?P<{0}>\d+(?:[.,]\d+)?|een|één|eén|twee|drie|vier|vijf|zes|an?|one|two|three|four|five|six)"
_USE = r"(?:(?:een\s+)?(?:dagelijkse?\s+)?(?:gebruik|inname)\s+van\s+)?"
_HOLDS = (
    r"(?:(?=[:=])|(?:typically\s+)?\b(?:bevat(?:ten)?|lever(?:t|en)|ge(?:eft|ven)|contains?|provides?|delivers?|supply|"
    r"supplies)\b|,?\s*(?:leverend|providing|supplying|delivering|yielding)\b)"
)
_HOLDS_A_DAY = rf"(?:{_HOLDS}|(?=\(\s*\d))"


def _pieces(place: int) -> str:
    """Pattern of so many pieces, the number in group ``n<place>``."""
    return rf"{_COUNT.format(f'n{place}')}\s*(?:{PACK}){_END}"


DIRECTIONS = (
    rf"(?:(?P<dfrom>\d+)\s*(?:-|–|tot|to|x|à|of|or)\s*)?{_COUNT.format('d1')}\s*(?:{PIECE}){_END}\s*{_A_DAY}"
    rf"(?!\s*{_HOLDS_A_DAY})|"
    rf"\b(?P<d2>\d+)\s*(?:x|keer|maal|times)\s*{_A_DAY}(?:\s*{_COUNT.format('d3')}\s*(?:{PACK}){_END}(?!\s*{_HOLDS}))?|"
    rf"\b(?:neem|gebruik|slik|take|use)\s+{_EACH_DAY}\s+{_COUNT.format('d4')}\s*(?:{PACK}){_END}|"
    rf"\b(?:dag(?:dosering|dosis|portie)|daily\s+dose)\s*:\s*{_COUNT.format('d5')}\s*(?:{PACK}){_END}(?!\s*{_HOLDS})"
)
# "60 tabletten per pot", "servings per container": no unit of an amount
CONTENTS = (
    rf"\b(?:{PACK}|porties|servings?)\s+(?:per|in)\s+(?:container|verpakking|pot|doos|fles|bottle|pack|box|strip)\b"
)
MENTION = (
    r"(?<![\w.,/-])(?:\d+\s*(?:-|–|tot|to|of|or|à)\s*)?"
    rf"(?:[2-9]|1[0-2]|{'|'.join(word for word, count in COUNTS.items() if count > 1)})"
    rf"\s*(?:{PACK}){_END}(?!\s*(?:à|a|van|of|je)\s+\d)"
)
PER = (
    rf"(?:bij|verdeeld\s+over)\s+{_USE}{_pieces(0)}(?:\s*{_A_DAY})?|(?:at|with)\s+{_pieces(1)}\s*{_A_DAY}|"
    rf"(?:(?:\b(?:per|pro|elke?|ieder[e]?|each|every)\b|/)\s*(?:{_COUNT.format('n2')}\s*)?(?P<u2>{_ANY}){_END})"
    rf"(?:\s*[:=,]?\s*[(\[]?(?:van|of|is|=)?\s*{_pieces(3)}\s*[)\]]?)?(?:\s*:)?|"
    rf"(?:serving\s+size|portiegrootte|doseergrootte)\s*[:=|]?\s*{_pieces(4)}|"
    rf"(?:\bin\s+)?{_COUNT.format('n5')}\s+(?P<u5>{PIECE}){_END}\s*(?:\([^()\d]*\)\s*)?"
    rf"(?:{_A_DAY}\s*{_HOLDS_A_DAY}|{_HOLDS})|"
    rf"(?:\bin\s+(?P<volume>{_VOLUME})|(?P<held>{_VOLUME})\s*(?:\([^()]*\)\s*)?{_HOLDS})|"
    rf"\bin\s+{_COUNT.format('n6')}\s+(?P<u6>{PIECE}){_END}|"
    rf"\b(?P<u7>{PACK})\s+(?:à|a|van|of|met|with|je)\s+(?=\d)|"
    r"\b(?P<u8>dagdosering|dagdosis|dagportie|daily\s+dose)\b"
    rf"(?:\s*[:=]?\s*[(\[]\s*(?:van|of|is|=)?\s*{_pieces(8)}\s*[)\]]|\s*(?:van|of|=)\s*{_pieces(9)})?|"
    rf"[(\[]\s*(?:in|per|=)?\s*{_COUNT.format('n10')}\s*(?P<u10>{PACK})\s*[)\]]|"
    rf"\bper\s+(?:{_COUNT.format('n11')}\s+)?(?!magnesium|milligram|microgram|m[cg]g?\b|cent\b)(?P<unknown>[^\W\d_]+)"
)


@dataclass(frozen=True, slots=True)
class Taking:
    """A unit of taking: its name, how many of it where the label says so, and ``bulk`` for what is no dose."""

    name: str
    count: float | None = None
    flag: str = ""


def taking(match: re.Match[str]) -> Taking | None:
    """Read a match of ``PER``; ``None`` for the contents of a pack ("(60 tabletten)"), which says nothing."""
    unit = next((match[f"u{place}"] for place in (2, 5, 6, 7, 8, 10) if match[f"u{place}"]), "")
    counts = {place: _count(match[f"n{place}"]) for place in range(12) if place != 7 and match[f"n{place}"]}
    if match["volume"] or match["held"]:
        return Taking(match["volume"] or match["held"], flag="bulk")
    if match["unknown"]:  # "per week", "per fles", "per 2 koekjes"
        return Taking(match[0].removeprefix("per").strip(), flag="bulk")
    if 0 in counts or 1 in counts:
        return Taking("day", counts.get(0) or counts[1])
    name = next((kind for kind, pattern in _TAKEN.items() if re.fullmatch(pattern, unit)), "dose")
    if name == "bulk":
        return Taking(f"{counts[2]:g} {unit}" if 2 in counts else unit, flag="bulk")
    if name in ("day", "dose"):
        count = next((counts[place] for place in (3, 4, 8, 9) if place in counts), None)
        return Taking(name, count if (count or 0) <= LARGEST_COUNT else None)
    count = next((counts[place] for place in (2, 5, 6, 10) if place in counts), 1.0)
    if not match["u2"] and LARGEST_LOOSE < count <= LARGEST_COUNT and name not in _SMALL:
        return Taking("dose")
    if count <= (MOST_SMALL if name in _SMALL else LARGEST_COUNT):
        return Taking(name, count)
    return Taking(f"{count:g} {name}", flag="bulk") if match["u2"] or match["u5"] else None


def pieces_a_day(match: re.Match[str]) -> float | None:
    """Pieces a day of a match of ``DIRECTIONS``; ``None`` where it leaves a choice ("2 tot 3 tabletten per dag")."""
    if match["dfrom"]:
        return None
    times = _count(match["d2"] or "1") * _count(match["d3"] or "1")
    return times * _count(match["d1"] or match["d4"] or match["d5"] or "1")


def _count(word: str) -> float:
    return COUNTS.get(word) or float(word.replace(",", "."))
