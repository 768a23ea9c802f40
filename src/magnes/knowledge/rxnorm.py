"""RxNorm, the medicine names of patient records, to ATC: by code, else by the ingredients in the text."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from magnes.knowledge.clinical import Ingredient, RxnormProduct
from magnes.knowledge.load import table
from magnes.knowledge.names import NearNameError, medicine_atc
from magnes.knowledge.search import plain

__all__ = ["RxnormMatch", "atc_of_rxnorm"]

# "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet [Glucophage]": what is no ingredient
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)|\{[^}]*\}")
_BEFORE = re.compile(r"^(?:\s*\d[\d.]*\s+(?:hr|ml|actuat|day|pack)\b)+|^\s*(?:nda\d+|\d+)\s+", re.IGNORECASE)
_STRENGTH = re.compile(r"\s+\d[\d.,]*\s*(?:mg|mcg|ug|g|ml|unt|meq|mmol|%|iu|bau|actuat|hr)\b.*$", re.IGNORECASE)
_LOCAL = re.compile(r"\b(?:ophthalmic|otic|topical|nasal|vaginal|transdermal|cream|ointment|shampoo)\b", re.IGNORECASE)
_SALT = re.compile(
    r"\s+(?:hydrochloride|sodium|potassium|calcium|sulfate|succinate|tartrate|maleate|besylate|mesylate|fumarate|"
    r"acetate|phosphate|citrate|hyclate|monohydrate|dihydrate|anhydrous|bitartrate|hydrobromide|disodium)$",
    re.IGNORECASE,
)


class RxnormMatch(NamedTuple):
    """ATC codes of a product of a patient record, and the parts of its text that are not known."""

    atc: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def atc_of_rxnorm(rxcui: str = "", display: str = "") -> RxnormMatch:
    """Find the ATC codes of a product; a part that is not known is told, never guessed or lost.

    A text names the substance, not where it is used: what goes on the skin or in the eye is not known by its text.

    >>> atc_of_rxnorm(display="Hydrochlorothiazide 25 MG Oral Tablet")
    RxnormMatch(atc=('C03AA03',), unknown=())
    >>> atc_of_rxnorm(display="Acetaminophen 325 MG / Foobarin 7.5 MG Oral Tablet")
    RxnormMatch(atc=('N02BE01',), unknown=('Foobarin 7.5 MG Oral Tablet',))
    """
    if rxcui and rxcui in _products():
        return RxnormMatch(_products()[rxcui])
    if not display.strip() or _LOCAL.search(display):
        return RxnormMatch((), tuple(filter(None, (display.strip(),))))
    found: list[str] = []
    unknown = []
    for part in re.split(r"\s+/\s+", _BRACKETS.sub(" ", display)):
        codes = _of_ingredient(_BEFORE.sub("", part.strip()))
        found += codes
        unknown += [] if codes else [part.strip()]
    return RxnormMatch(tuple(dict.fromkeys(found)), tuple(unknown))


def _of_ingredient(text: str) -> tuple[str, ...]:
    """Codes of one ingredient with its strength and form, with and without the name of the salt."""
    bare = _STRENGTH.sub("", f"{text} ").strip()
    for name in dict.fromkeys((bare, _SALT.sub("", bare), text)):
        codes = _ingredients().get(plain(name))
        if codes:
            return codes
        try:
            atc = medicine_atc(name) if name else None
        except NearNameError:
            atc = None
        if atc:
            return (atc,)
    return ()


@cache
def _products() -> dict[str, tuple[str, ...]]:
    return {row.rxcui: row.atc for row in table(RxnormProduct) if row.rxcui and row.atc}


@cache
def _ingredients() -> dict[str, tuple[str, ...]]:
    return {plain(row.ingredient): row.atc for row in table(Ingredient)}
