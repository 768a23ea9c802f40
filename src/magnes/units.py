"""Units: the only conversions between mg, mmol and mEq, and the only reading of numbers that people type.

Source of the molar mass: IUPAC standard atomic weights (source key ``IUPAC``).
"""

from __future__ import annotations

import re
from typing import NewType

__all__ = [
    "MAGNESIUM_G_PER_MOL",
    "Mg",
    "Mmol",
    "NumberRefusedError",
    "mg_from_mmol",
    "mmol_from_mg",
    "parse_number",
    "serum_mmol_per_l",
]

Mg = NewType("Mg", float)
Mmol = NewType("Mmol", float)

MAGNESIUM_G_PER_MOL = 24.305
CHARGE = 2  # Mg2+: 1 mmol is 2 mEq

# UCUM units (and their usual misspellings) in which laboratories report serum or red cell magnesium.
_SERUM_UNITS = {
    "mmol/l": 1.0,
    "umol/l": 0.001,
    "µmol/l": 0.001,
    "mg/dl": 10 / MAGNESIUM_G_PER_MOL,
    "mg/l": 1 / MAGNESIUM_G_PER_MOL,
    "meq/l": 1 / CHARGE,
}
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


def serum_mmol_per_l(value: float, unit: str) -> float:
    """Concentration of magnesium in mmol/L from any accepted UCUM unit; ``KeyError`` for another unit.

    >>> round(serum_mmol_per_l(1.9, "mg/dL"), 2)
    0.78
    """
    return value * _SERUM_UNITS[unit.strip().lower().replace("μ", "µ")]


def serum_units() -> tuple[str, ...]:
    """Units that ``serum_mmol_per_l`` accepts, as people write them."""
    return ("mmol/L", "umol/L", "mg/dL", "mg/L", "mEq/L")


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
