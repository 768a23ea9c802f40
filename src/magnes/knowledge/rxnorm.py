"""RxNorm, the medicine names of patient records, to ATC: by code, else by the ingredients in the text."""

from __future__ import annotations

import re
from functools import cache

from magnes.knowledge.clinical import Ingredient, RxnormProduct
from magnes.knowledge.load import table
from magnes.knowledge.names import NearNameError, medicine_atc
from magnes.knowledge.search import plain

__all__ = ["atc_of_rxnorm"]

# "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet [Glucophage]": what is no ingredient
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)|\{[^}]*\}")
_BEFORE = re.compile(r"^(?:\s*\d[\d.]*\s+(?:hr|ml|actuat|day|pack)\b)+|^\s*(?:nda\d+|\d+)\s+", re.IGNORECASE)
_STRENGTH = re.compile(r"\s+\d[\d.,]*\s*(?:mg|mcg|ug|g|ml|unt|meq|mmol|%|iu|bau|actuat|hr)\b.*$", re.IGNORECASE)
_SALT = re.compile(
    r"\s+(?:hydrochloride|sodium|potassium|calcium|sulfate|succinate|tartrate|maleate|besylate|mesylate|fumarate|"
    r"acetate|phosphate|citrate|monohydrate|dihydrate|anhydrous|bitartrate|hydrobromide|disodium)$",
    re.IGNORECASE,
)


def atc_of_rxnorm(rxcui: str = "", display: str = "") -> tuple[str, ...]:
    """ATC codes of a product of a patient record; empty when no ingredient is known, never a guess.

    >>> atc_of_rxnorm(display="Hydrochlorothiazide 25 MG Oral Tablet")
    ('C03AA03',)
    >>> atc_of_rxnorm(display="Acetaminophen 325 MG / HYDROcodone Bitartrate 7.5 MG Oral Tablet")[0]
    'N02BE01'
    """
    if rxcui and rxcui in _products():
        return _products()[rxcui]
    found: list[str] = []
    for part in re.split(r"\s+/\s+", _BRACKETS.sub(" ", display)):
        found += _of_ingredient(_BEFORE.sub("", part.strip()))
    return tuple(dict.fromkeys(found))


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
