"""Text of a label -> tokens: amounts, percentages, magnesium, salts, other nutrients, units of taking, joining words.

Words that are not known stay words: an amount beside one is never taken for magnesium.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from magnes.labels.plain import plain
from magnes.labels.takings import CONTENTS, DIRECTIONS, MENTION, PACK, PER, pieces_a_day, taking
from magnes.labels.words import DELIVERY, MASS, MASS_UNITS, NUMBER, salt_name, salt_pattern
from magnes.units import CHARGE, Mmol, NumberRefusedError, mg_from_mmol, parse_number

__all__ = ["Token", "tokens"]

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
    "stop": rf"\b(?:geen|zonder|vrij\s+van|no|without|free\s+(?:of|from))\b[^,.;()\n]*|{CONTENTS}",
    "directions": DIRECTIONS,
    "per": PER,
    "pieces": MENTION,
    "reference": (  # "ADH magnesium: 375 mg" is no amount of this product
        rf"(?<!%)(?<!%\s)\b(?:{_RI}|{_ADH}|{_DV})\s*(?:(?:van|voor|of|for|is|bedraagt|magnesium|volwassenen|adults|[=:])\s*)*"
        rf"{NUMBER}\s*mg\b"
    ),
    "percent": (
        rf"%?\s*{_KIND.format('a')}\s*[:=|(]?\s*(?P<p1>{NUMBER})(?![\d.,])\s*%?(?!\s*(?:mg|g)\b)|"
        rf"(?P<p2>{NUMBER})\s*(?:%|procent|percent)\s*\**\s*(?:(?:van|of)\s+)?(?:(?:de|het|the|your|uw)\s+)?"
        rf"(?:{_KIND.format('b')})?\**"
    ),
    "amount": (
        r"(?<![\w.,])(?P<vague>(?:\btot|\bmax(?:imaal|\.)?|\bmin(?:imaal|\.)?|\bminstens|\bhoogstens|\bup\s+to|\bat\s+(?:least|most)|"
        r"\b(?:more|less)\s+than|\b(?:meer|minder)\s+dan|[<>≤≥])\s*)?"
        rf"(?P<split>\d+(?:\s|[.,]\s(?=\d\d?(?!\d))))?(?P<range>{NUMBER}\s*(?:{MASS})?\s*(?:-|–|—|tot|to|/|à|of|or|x)\s*)?"
        rf"(?P<number>{NUMBER})\s*(?P<unit>{MASS})"
    ),
    "salt": "",
    "form": r"liposoma\w*",
    "buffered": r"(?:gebufferde?|buffered)\b",
    "excipient": r"magnesium[\s-]*stea\w+|magnesium\s+(?:zouten|salts)\s+(?:van|of)\s+\w+",
    "elemental": r"(?:elementai?re?|elementary|elemental)\b(?:\s+(?:gehalte|content)\b)?|magnesium-?element\b|"
    r"netto(?=\W{0,3}\d[\d.,]*\s*mg\b)",
    "skin": r"magnesium[\s-]*(?:oil|olie|flakes|vlokken|lotion|cr[eè]me|cream|butter|balsem|balm|bath|bad\w*|body|"
    r"foot|voet|roll-?on|gel(?!\s*cap))\b|transderma\w*|badzout|voetenbad",
    "product": r"magnesium-?(?:tablet\w*|capsule\w*|supplement\w*|complex\w*|formule|poeder|drank|mix|blend|kuur|"
    r"bruis\w*|plus|forte)\b",
    "derived_salt": r"magnesium[\s-]*(?:n-?)?acetyl[\s-]*[a-z]+",
    "magnesium": r"magnesium(?:-?gehalte|inhoud|-?ion(?:en)?)?(?:\s+(?:gehalte|content|ion(?:en|s)?))?(?![^\W_])",
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
    "fill": r"[:|*~±\"'“”‘’]|-(?=\w)|[-–—](?=\s*\d)|\.{2,}|\b(?:an?|een|of|de|het|the|is|aan|ca(?=\.)|circa|ongeveer|"
    r"approx\w*\.?|about|totaal|total|puur|pure?|zuivere?|actieve?|active|hoeveelheid|amount|organisch\w*|organic|"
    r"marien\w*|marine|natuurlijke?|natural|hoogwaardige?|goed\s+opneembare?|ionisch\w*|ionic|ionen|ions?)\b\.?",
    "word": r"[^\W_]+(?:['.-][^\W_]+)*",
    "break": r"[^\s]|\n",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that a label says.

    ``mg`` is the mass of an amount [mg] and ``flag`` why it cannot be read (``number``, ``range``) or that it counts
    molecules (``mmol``) or charges (``meq``). ``count`` is a percentage, and ``flag`` of what: ``ri``, ``adh``, ``dv``,
    ``content`` or blank. Of a unit of taking ``name`` is the unit and ``count`` how many of it; of ``directions`` it is
    the pieces a day. ``bound``: the word itself says magnesium; ``skin`` as ``flag``: of a product for the skin.
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
    label = plain(text)
    found = []
    for match in _lexer().finditer(label):
        token = _token(match, label)
        if token.kind != "fill":
            found.append(token)
    return found


@cache
def _lexer() -> re.Pattern[str]:
    patterns = _PATTERNS | {"salt": rf"(?<![^\W_]){salt_pattern()}"}
    return re.compile("|".join(f"(?P<{kind}_>{pattern})" for kind, pattern in patterns.items()))


def _token(match: re.Match[str], label: str) -> Token:
    text = match[0].strip()
    kind = (match.lastgroup or "").removesuffix("_")
    if kind == "amount":
        return _amount(match)
    if kind == "percent":
        return _percent(match, label)
    if kind == "per":
        per = taking(match)
        return Token("per", text, name=per.name, count=per.count, flag=per.flag) if per else Token("stop", text)
    if kind == "directions":
        return Token("stop", text, name="directions", count=pieces_a_day(match))
    if kind == "pieces":
        return Token("lead", text, name="pieces")
    if kind == "salt":
        name, bound = salt_name(match)
        return Token("salt", text, name=name, bound=bound)
    if kind == "form":
        return Token("form", text, name=DELIVERY)
    if kind in ("unknown_salt", "derived_salt"):
        return Token("salt", text, bound=True)
    if kind in ("excipient", "product", "skin"):
        return Token("word", text, bound=kind != "excipient", flag=kind)
    return Token("stop" if kind in ("break", "reference") else kind, text)


def _amount(match: re.Match[str]) -> Token:
    unit = match["unit"].rstrip(".")
    flag = "range" if match["vague"] or match["range"] else "number" if match["split"] else ""
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


def _percent(match: re.Match[str], label: str) -> Token:
    kinds = [kind for kind in ("ri", "adh", "dv") if match[f"a{kind}"] or match[f"b{kind}"]]
    behind = label[match.end() :]
    content = not kinds and re.match(r"\s*(?:aan\s+|zuivere?\s+|pure\s+)?(?:element\w+|magnesium\b)", behind)
    if not kinds and re.match(_PURITY, behind):
        return Token("fill", match[0])
    try:
        share = parse_number(match["p1"] or match["p2"])
    except NumberRefusedError:
        return Token("word", match[0])
    return Token("percent", match[0], count=share, flag="content" if content else (*kinds, "")[0])
