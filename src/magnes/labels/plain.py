"""Text of a label as typed or printed -> plain text for the tokens: one case, one kind of space, dash and fraction."""

from __future__ import annotations

import re
import unicodedata

from magnes.labels.takings import COUNTS, PIECE
from magnes.labels.words import MASS, NUMBER

__all__ = ["plain"]

_NAMED_COUNTS = "|".join(word for word in COUNTS if len(word) > 2)
_NOT_READ = re.compile("[®™©\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}]")
_FOOTNOTE = re.compile("[¹²³⁰⁴-⁹]+(?![¹²³⁰⁴-⁹]*[⁺+])")  # but not the charge of Mg²⁺
_FRACTION = re.compile(r"(?<![\d/.,])(?:(\d)\s)?([13])\s?[/⁄]\s?([24])(?![\d/.,])")
_WEIGHT_OF_PIECE = re.compile(  # "2 tabletten (3 g)" weighs the tablets
    rf"(?<![^\W_])({PIECE})\s*[(\[]\s*(?:ca\.?|=)?\s*{NUMBER}\s*(?:g|gr|gram|ml)\b\.?\s*[)\]]"
)
_UNIT_AHEAD = re.compile(  # "magnesium (mg): 150"
    rf"[(\[]\s*(?:in\s+)?(mg|g)\s*[)\]]\s*[:=|]?\s*({NUMBER})(?![\d.,]|\s*(?:{MASS}|%))"
)


def plain(text: str) -> str:
    """Return the text in lower case, fractions as decimals, chemical symbols written out.

    >>> plain("Per 1½ Maatschep (5 g): 56 mg Mg²⁺"), plain("twee (2) tabletten")
    ('per 1.5 maatschep: 56 mg magnesium', '2 tabletten')
    """
    text = re.sub("(?=[½¼¾])", " ", _FOOTNOTE.sub("", _NOT_READ.sub("", text)))
    text = unicodedata.normalize("NFKC", text).casefold().replace("×", "x").replace("\N{MINUS SIGN}", "-")
    text = re.sub("[-=–]+>|→|⇒", "=", text)
    text = re.sub(r"[^\S\n]+|\n(?=\s*\d)", " ", text).replace("tri-magnesium", "trimagnesium")
    text = _FRACTION.sub(_decimal, text)
    text = re.sub(rf"\b(?:{_NAMED_COUNTS})\s*\(\s*(\d+)\s*\)", r"\1", text)
    text = re.sub(rf"(?<=\d)-(?=(?:{PIECE})(?![^\W_]))", " ", text)
    text = _WEIGHT_OF_PIECE.sub(r"\1", text)
    text = _UNIT_AHEAD.sub(r" \2 \1", text)
    text = re.sub(r"\bmg\s?(?:2\s?\+|\+\+|\+2)", "magnesium", text)
    return re.sub(r"(\d\s*)?\bmg\b(?!\()", lambda match: match[0] if match[1] else "magnesium", text)


def _decimal(match: re.Match[str]) -> str:
    return f"{int(match[1] or 0) + int(match[2]) / int(match[3]):g}"
