"""Units: the only conversions between mg, mmol and mEq, and the only reading of numbers that people type.

Source of the molar mass: IUPAC standard atomic weights (source key ``IUPAC``).
"""

from __future__ import annotations

import re
from typing import NewType

__all__ = [
    "LAB_UNITS",
    "MAGNESIUM_G_PER_MOL",
    "Mg",
    "Mmol",
    "NumberRefusedError",
    "lab_value",
    "mg_from_mmol",
    "mmol_from_mg",
    "parse_number",
]

Mg = NewType("Mg", float)
Mmol = NewType("Mmol", float)

MAGNESIUM_G_PER_MOL = 24.305
CHARGE = 2  # Mg2+: 1 mmol is 2 mEq

# Unit of a laboratory quantity (UCUM) -> units in which laboratories report it, with what one of them is in it
LAB_UNITS: dict[str, dict[str, float]] = {
    "mmol/L": {
        "mmol/L": 1.0,
        "umol/L": 0.001,
        "mg/dL": 10 / MAGNESIUM_G_PER_MOL,
        "mg/L": 1 / MAGNESIUM_G_PER_MOL,
        "mEq/L": 1 / CHARGE,
    },
    "mmol/(24.h)": {
        "mmol/(24.h)": 1.0,
        "mmol/24h": 1.0,
        "mmol/d": 1.0,
        "mg/(24.h)": 1 / MAGNESIUM_G_PER_MOL,
        "mg/24h": 1 / MAGNESIUM_G_PER_MOL,
        "mg/d": 1 / MAGNESIUM_G_PER_MOL,
    },
    "%": {"%": 1.0, "1": 100.0},
    "g/L": {"g/L": 1.0, "g/dL": 10.0},  # of a protein: never of magnesium
}
_SPELLED = {to: {unit.lower(): factor for unit, factor in units.items()} for to, units in LAB_UNITS.items()}
_AS_TYPED = str.maketrans(
    {"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u", " ": None, "\N{NO-BREAK SPACE}": None}
)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_THOUSANDS_LIKE = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_SEVERAL_SIGNS = re.compile(r"[+-]?\d+(?:[.,]\d+){2,}", re.ASCII)


class NumberRefusedError(ValueError):
    """A typed number that is not one number without doubt; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def mmol_from_mg(amount_mg: Mg) -> Mmol:
    """Magnesium, mg to mmol.

    >>> round(mmol_from_mg(Mg(243.05)), 3)
    10.0
    """
    return Mmol(amount_mg / MAGNESIUM_G_PER_MOL)


def mg_from_mmol(amount_mmol: Mmol) -> Mg:
    """Magnesium, mmol to mg."""
    return Mg(amount_mmol * MAGNESIUM_G_PER_MOL)


def lab_value(value: float, unit: str, to: str) -> float:
    """Laboratory value in the unit of its quantity (``to``: a key of ``LAB_UNITS``), from any unit in use for it.

    Case, spaces and the sign for micro do not matter. ``KeyError`` for a unit that is not in use for that quantity.

    >>> round(lab_value(1.9, "mg/dL", "mmol/L"), 2), round(lab_value(120, "mg/24 h", "mmol/(24.h)"), 2)
    (0.78, 4.94)
    """
    return value * _SPELLED[to][unit.translate(_AS_TYPED).lower()]


def parse_number(text: str) -> float:
    """Read a number typed by a person: comma and point are both decimal, nothing is a thousands sign.

    At most three decimals; three decimals behind one to three digits (``1.234``) could be a thousand and are refused.

    Raises ``NumberRefusedError`` with code ``number_ambiguous``, ``number_decimals`` or ``number_invalid``.

    >>> parse_number("0,75"), parse_number("0.75"), parse_number("0.712")
    (0.75, 0.75, 0.712)
    """
    word = text.strip().replace("\N{MINUS SIGN}", "-")
    if _THOUSANDS_LIKE.fullmatch(word) or _SEVERAL_SIGNS.fullmatch(word):
        raise NumberRefusedError("number_ambiguous")
    if not _NUMBER.fullmatch(word) or len(word) > 20:
        raise NumberRefusedError("number_invalid")
    whole, _, decimals = word.replace(",", ".").partition(".")
    if len(decimals) > 3:
        raise NumberRefusedError("number_decimals")
    return float(f"{whole}.{decimals or '0'}")
