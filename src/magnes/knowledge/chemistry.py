"""Molar masses from formulas, with IUPAC abridged standard atomic weights (source key ``IUPAC``)."""

from __future__ import annotations

import re

from magnes.units import MAGNESIUM_G_PER_MOL

__all__ = ["atoms", "magnesium_mass_fraction", "molar_mass_g_per_mol"]

ATOMIC_WEIGHT = {
    "H": 1.008,
    "C": 12.011,
    "N": 14.007,
    "O": 15.999,
    "Na": 22.990,
    "Mg": MAGNESIUM_G_PER_MOL,
    "Si": 28.085,
    "P": 30.974,
    "S": 32.06,
    "Cl": 35.45,
    "K": 39.098,
}
_TOKEN = re.compile(r"([A-Z][a-z]?)(\d*)|(\()|(\))(\d*)")


def atoms(formula: str) -> dict[str, int]:
    """Count the atoms of a formula with brackets and dotted parts.

    Raises ``ValueError`` for a sign or an element that it does not know.

    >>> atoms("MgCl2.6H2O") == {"Mg": 1, "Cl": 2, "H": 12, "O": 6}
    True
    """
    total: dict[str, int] = {}
    for part in formula.split("."):
        match = re.fullmatch(r"(\d*)([A-Z(].*)", part)
        if not match:
            raise ValueError(f"not a chemical formula: {formula!r}")
        times = int(match.group(1) or 1)
        for element, count in _part(match.group(2), formula).items():
            total[element] = total.get(element, 0) + times * count
    return total


def _part(text: str, formula: str) -> dict[str, int]:
    stack: list[dict[str, int]] = [{}]
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if not token or (token.group(4) and len(stack) == 1):
            raise ValueError(f"not a chemical formula: {formula!r}")
        if token.group(1):
            element = token.group(1)
            if element not in ATOMIC_WEIGHT:
                raise ValueError(f"no atomic weight for {element!r} in {formula!r}")
            stack[-1][element] = stack[-1].get(element, 0) + int(token.group(2) or 1)
        elif token.group(3):
            stack.append({})
        else:
            inner, times = stack.pop(), int(token.group(5) or 1)
            for element, count in inner.items():
                stack[-1][element] = stack[-1].get(element, 0) + times * count
        place = token.end()
    if len(stack) != 1:
        raise ValueError(f"not a chemical formula: {formula!r}")
    return stack[0]


def molar_mass_g_per_mol(formula: str) -> float:
    """Molar mass [g/mol].

    >>> round(molar_mass_g_per_mol("MgO"), 3)
    40.304
    """
    return sum(ATOMIC_WEIGHT[element] * count for element, count in atoms(formula).items())


def magnesium_mass_fraction(formula: str) -> float:
    """Mass of magnesium per mass of compound [1].

    >>> round(magnesium_mass_fraction("Mg3(C6H5O7)2"), 4)
    0.1616
    """
    return atoms(formula)["Mg"] * MAGNESIUM_G_PER_MOL / molar_mass_g_per_mol(formula)
