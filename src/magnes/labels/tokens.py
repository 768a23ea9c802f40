"""Text of a label -> tokens: amounts, percentages, magnesium, salts, other nutrients, units of taking, joining words.

Words that are not known stay words: an amount beside one is never taken for magnesium.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from magnes.labels.words import (
    BULK,
    COUNTS,
    DELIVERY,
    MASS_UNITS,
    NUMBER,
    PACK,
    TAKEN,
    salt_name,
    salt_pattern,
    taken,
)
from magnes.units import CHARGE, Mmol, NumberRefusedError, mg_from_mmol, parse_number

__all__ = ["Token", "tokens"]

LARGEST_COUNT = 12  # units in one dose; more are the contents of a pack
_COUNT = r"(?P<{0}>\d+(?:[.,]\d+)?|een|één|eén|twee|drie|vier|vijf|zes|an?|one|two|three|four|five|six)"
_ONE = "(?:" + "|".join(pattern for kind, pattern in TAKEN.items() if kind != "bulk") + ")"
_ANY = "(?:" + "|".join(TAKEN.values()) + ")"
_MASS = r"(?:mg|milligram(?:men|s)?|mcg|μg|ug|microgram(?:men|s)?|gram(?:men|s)?|gr|g|mmol|millimol|meq|mval)\b\.?"
_RI = r"r\.?i\.?\b|n\.?r\.?v\.?\b|vrw\b|referentie-?\s?inname\w*|reference\s+intakes?|nutrient\s+reference\s+values?"
_ADH = r"adh\b|a\.d\.h\.|rda\b|adi\b|(?:aanbevolen\s+)?dagelijkse\s+(?:hoeveelheid|inname|behoefte)"
_DV = r"dv\b|daily\s+values?|dagwaarde"
_KIND = rf"(?:(?P<{{0}}ri>{_RI})|(?P<{{0}}adh>{_ADH})|(?P<{{0}}dv>{_DV}))"
_PURITY = r"\s*(?:puur|pure|zuiver|natu|vega|plant|biolog|bio\b|organi|opnee|absor)"  # 100 % of quality
_OTHER = (
    r"(?:vitamin(?:e|es|en|a)?|vit)\b\.?[\s-]*(?:[a-ek]\d{0,2}\b)?|b-?\d{1,2}\b|[dk][23]\b|q-?10\b|(?:co-?enzym\w*)|"
    r"(?:zink|zinc|calcium|kalium|potassium|natrium|sodium|ijzer|iron|koper|copper|seleen|selenium|sel[ei]ni\w+|jodium|"
    r"iodine|mangaan|manganese|chroom|chromium|molybdeen|boor|boron|fosfor|phosphorus|silicium|silica|lithium|"
    r"taurine|l-taurine|glycine|l-glycine|theanine|l-theanine|tryptofaan|tryptophan|melatonin\w*|ashwagandha|gaba|"
    r"foliumzuur|folaat|folate|folic|biotine?|niacin\w*|pantoth?een\w*|riboflavine?|thiamine?|pyridox\w*|inositol|"
    r"citroenzuur|citric\s+acid|appelzuur|malic\s+acid|valeriaan|valerian|saffraan|saffron|creatine|collageen|"
    r"suiker\w*|sugars?|koolhydra\w*|eiwit\w*|protein|vet(?:ten)?|fat|zout|salt)[a-z]*"
)
_PATTERNS = {
    "stop": (
        r"\b(?:geen|zonder|vrij\s+van|no|without|free\s+(?:of|from))\b[^,.;()\n]*|"
        + _COUNT.format("d1").replace("?P<d1>", "?:")
        + rf"(?:\s*(?:-|–|tot|to|x|à)\s*\d+)?\s*{_ONE}\s*(?:per\s+(?:dag|day)|daags|daily|a\s+day|/\s*dag)\b|"
        r"\b\d+\s*(?:x|keer|maal|times)\s*(?:per\s+dag|daags|daily|a\s+day|per\s+day)\b"
    ),
    "per": (
        rf"(?:(?:bij|at|with)\s+{_COUNT.format('n0')}\s*(?:{PACK})\s*(?:per\s+(?:dag|day)|daags|daily|a\s+day)\b)|"
        rf"(?:(?:\b(?:per|pro|elke?|ieder[e]?|each|every)\b|/)\s*(?:{_COUNT.format('n1')}\s+)?(?P<u1>{_ANY})(?![^\W_]))"
        rf"(?:\s*[:=,]?\s*[(\[]?(?:van|of|is|=)?\s*{_COUNT.format('n2')}\s*(?:{PACK})(?![^\W_])\s*[)\]]?)?|"
        rf"(?:(?:serving\s+size|portiegrootte|doseergrootte)\s*[:=|]?\s*{_COUNT.format('n3')}\s*(?:{PACK})(?![^\W_]))|"
        rf"(?:(?:\bin\s+)?{_COUNT.format('n4')}\s+(?P<u4>{_ONE})(?![^\W_])\s*"
        r"(?:(?=[:=])|\b(?:bevat(?:ten)?|lever(?:t|en)|ge(?:eft|ven)|contains?|provides?|delivers?|supply|supplies)\b))|"
        rf"(?:\bin\s+{_COUNT.format('n5')}\s+(?P<u5>{_ONE})(?![^\W_]))|"
        rf"(?:\b(?P<u6>{PACK})\s+(?:à|a|van|of|met|with|je)\s+(?=\d))|"
        r"(?:\b(?P<u7>dagdosering|dagdosis|dagportie|daily\s+dose)\b)"
    ),
    "percent": (
        rf"%?\s*{_KIND.format('a')}\s*[:=|(]?\s*(?P<p1>{NUMBER})(?![\d.,])\s*%?(?!\s*(?:mg|g)\b)|"
        rf"(?P<p2>{NUMBER})\s*(?:%|procent|percent)\s*\**\s*(?:(?:van|of)\s+)?(?:(?:de|het|the|your|uw)\s+)?"
        rf"(?:{_KIND.format('b')})?\**"
    ),
    "amount": (
        r"(?<![\w.,])(?P<vague>(?:\btot|\bmax(?:imaal|\.)?|\bmin(?:imaal|\.)?|\bminstens|\bhoogstens|\bup\s+to|\bat\s+(?:least|most)|"
        r"\b(?:more|less)\s+than|\b(?:meer|minder)\s+dan|[<>≤≥])\s*)?"
        rf"(?P<range>{NUMBER}\s*(?:{_MASS})?\s*(?:-|–|—|tot|to|/|à|of|or|x)\s*)?"
        rf"(?P<number>{NUMBER})\s*(?P<unit>{_MASS})"
    ),
    "salt": "",
    "form": r"liposoma\w*",
    "excipient": r"magnesium[\s-]*stea\w+|magnesium\s+(?:zouten|salts)\s+(?:van|of)\s+\w+",
    "elemental": r"elementai?re?\b|elementary\b|elemental\b|magnesium-?element\b",
    "product": r"magnesium-?(?:tablet\w*|capsule\w*|supplement\w*|complex\w*|formule|poeder|drank|mix|blend|kuur|olie|"
    r"vlokken|bad\w*|gel|bruis\w*|plus|forte)\b|magnesium\s+(?:oil|olie|flakes|vlokken)\b",
    "magnesium": r"magnesium(?:gehalte|inhoud|-?ion(?:en)?)?(?:\s+(?:gehalte|content|ion(?:en|s)?))?(?![^\W_])",
    "unknown_salt": r"magnesium-?[a-z]{4,}|di-?magnesium[\s-]*[a-z]+",
    "other": _OTHER,
    "as": r"\b(?:als|as|uit|from|van|in\s+de\s+vorm\s+van|in\s+the\s+form\s+of|afkomstig\s+(?:van|uit)|via)\b",
    "mark": r"=|≙|\b(?:waarvan|lever(?:t|en|end)|ge(?:eft|ven)|goed\s+voor|komt\s+overeen\s+met|overeenkomend\s+met|"
    r"gelijk\s+aan|equivalent(?:\s+(?:aan|to))?|ofwel|oftewel|dit\s+is|dat\s+is|i\.e\.|provid(?:es?|ing)|yield(?:s|ing)?|"
    r"deliver(?:s|ing)|suppl(?:ies|ying)|of\s+which|equal\s+to|corresponding\s+to|eq\.)",
    "join": r"\+|&|/|\b(?:en|and|plus)\b",
    "open": r"[(\[]",
    "close": r"[)\]]",
    "lead": r"\b(?:bevat(?:ten)?|contain(?:s|ing)?|met|with|incl\.?(?:usief)?|including|bron\s+van|source\s+of|je|"
    rf"{PACK})(?![^\W_])",
    "fill": r"[:|*~±\"'“”‘’]|-(?=\w)|[-–—](?=\s*\d)|\.{2,}|\b(?:an?|een|of|de|het|the|is|aan|ca\.?|circa|ongeveer|"
    r"approx\w*\.?|about|totaal|total|puur|pure?|zuivere?|actieve?|active|hoeveelheid|amount|organisch\w*|organic|"
    r"marien\w*|marine|natuurlijke?|natural|hoogwaardige?|goed\s+opneembare?|gebufferde?|buffered|ionen|ions?)\b\.?",
    "word": r"[^\W_]+(?:['.-][^\W_]+)*",
    "break": r"[^\s]|\n",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that a label says.

    ``mg`` is the mass of an amount [mg] and ``flag`` why it cannot be read (``number``, ``range``) or that it counts
    molecules (``mmol``) or charges (``meq``). ``count`` is a percentage, and ``flag`` of what: ``ri``, ``adh``, ``dv``,
    ``content`` or blank. Of a unit of taking ``name`` is the unit and ``count`` how many of it. ``bound``: the word
    itself says magnesium.
    """

    kind: str
    text: str
    name: str = ""
    mg: float | None = None
    count: float | None = None
    flag: str = ""
    bound: bool = False


def tokens(text: str) -> list[Token]:
    """Return the tokens of a label, connecting words without meaning left out."""
    plain = _plain(text)
    found = []
    for match in _lexer().finditer(plain):
        kind = match.lastgroup or ""
        token = _token(kind, match, plain)
        if token.kind != "fill":
            found.append(token)
    return found


def _plain(text: str) -> str:
    """Lower case, one kind of space and dash, chemical symbols written out: ``56 mg Mg`` -> ``56 mg magnesium``."""
    text = re.sub("[®™©\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}]", "", text)
    plain = unicodedata.normalize("NFKC", text).casefold().replace("×", "x").replace("\N{MINUS SIGN}", "-")
    plain = re.sub(r"[^\S\n]+|\n(?=\s*\d)", " ", plain).replace("tri-magnesium", "trimagnesium")
    plain = re.sub(
        rf"[(\[]\s*(?:in\s+)?(mg|g)\s*[)\]]\s*[:=|]?\s*({NUMBER})(?![\d.,]|\s*(?:{_MASS}|%))", r" \2 \1", plain
    )
    plain = re.sub(r"\bmg\s?(?:2\s?\+|\+\+|\+2)", "magnesium", plain)
    return re.sub(r"(\d\s*)?\bmg\b(?!\()", lambda match: match[0] if match[1] else "magnesium", plain)


@cache
def _lexer() -> re.Pattern[str]:
    patterns = _PATTERNS | {"salt": rf"(?<![^\W_]){salt_pattern()}"}
    return re.compile("|".join(f"(?P<{kind}_>{pattern})" for kind, pattern in patterns.items()))


def _token(kind: str, match: re.Match[str], plain: str) -> Token:
    text = match[0].strip()
    kind = kind.removesuffix("_")
    if kind == "amount":
        return _amount(match)
    if kind == "percent":
        return _percent(match, plain)
    if kind == "per":
        return _per(match)
    if kind == "salt":
        name, bound = salt_name(match)
        return Token("salt", text, name=name, bound=bound)
    if kind == "form":
        return Token("form", text, name=DELIVERY)
    if kind == "unknown_salt":
        return Token("salt", text, bound=True)
    if kind in ("excipient", "product"):
        return Token("word", text, bound=kind == "product")
    return Token("stop" if kind == "break" else kind, text)


def _amount(match: re.Match[str]) -> Token:
    unit = match["unit"].rstrip(".")
    flag = "range" if match["vague"] or match["range"] else ""
    try:
        value = parse_number(match["number"])
    except NumberRefusedError:
        return Token("amount", match[0], flag=flag or "number")
    if unit in ("mmol", "millimol"):
        return Token("amount", match[0], mg=mg_from_mmol(Mmol(value)), flag=flag or "mmol")
    if unit in ("meq", "mval"):
        return Token("amount", match[0], mg=mg_from_mmol(Mmol(value / CHARGE)), flag=flag or "meq")
    unit = unit if unit in MASS_UNITS else re.sub(r"(?:men|s)$", "", unit)
    return Token("amount", match[0], mg=value * MASS_UNITS[unit], flag=flag)


def _percent(match: re.Match[str], plain: str) -> Token:
    kinds = [kind for kind in ("ri", "adh", "dv") if match[f"a{kind}"] or match[f"b{kind}"]]
    content = not kinds and re.match(
        r"\s*(?:aan\s+|zuivere?\s+|pure\s+)?(?:element\w+|magnesium\b)", plain[match.end() :]
    )
    if not kinds and re.match(_PURITY, plain[match.end() :]):
        return Token("fill", match[0])
    try:
        share = parse_number(match["p1"] or match["p2"])
    except NumberRefusedError:
        return Token("word", match[0])
    return Token("percent", match[0], count=share, flag="content" if content else (*kinds, "")[0])


def _per(match: re.Match[str]) -> Token:
    """Return the unit of taking with its number; a number of a whole pack (60 tablets) is none."""
    unit = next((match[f"u{place}"] for place in (1, 4, 5, 6, 7) if match[f"u{place}"]), "")
    counts = {place: _count(match[f"n{place}"]) for place in range(6) if match[f"n{place}"]}
    if counts.get(0):
        return Token("per", match[0], name="day", count=counts[0])
    name = taken(unit) if unit else "dose"
    if re.fullmatch(BULK, name):
        return Token("per", match[0], name=f"{counts[1]:g} {name}" if 1 in counts else name, flag="bulk")
    if name in ("day", "dose"):
        count = counts.get(2) or counts.get(3)
        return Token("per", match[0], name=name, count=count if (count or 0) <= LARGEST_COUNT else None)
    count = counts.get(1) or counts.get(4) or counts.get(5) or 1.0
    return Token("per" if count <= LARGEST_COUNT else "stop", match[0], name=name, count=count)


def _count(word: str) -> float:
    return COUNTS.get(word) or float(word.replace(",", "."))
