"""Salts: molar mass and mass fraction are those of the formula."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.errors import Problem
from magnes.knowledge.checks.common import wrong
from magnes.knowledge.chemistry import magnesium_mass_fraction, molar_mass_g_per_mol
from magnes.knowledge.load import located
from magnes.knowledge.records import Salt

__all__ = ["formulas_agree"]

TOLERANCE = 0.001  # rounding in the table


def formulas_agree() -> Iterator[Problem]:
    """Find a formula with an atom too many, or a mass that belongs to another hydrate."""
    for at in located(Salt):
        if not at.row.formula:
            continue
        try:
            computed = (
                ("molar_mass_g_per_mol", molar_mass_g_per_mol(at.row.formula)),
                ("magnesium_mass_fraction", magnesium_mass_fraction(at.row.formula)),
            )
        except ValueError as error:
            yield wrong("formula", at, "formula", at.row.formula, str(error))
            continue
        for field, value in computed:
            given = getattr(at.row, field)
            if given is None or abs(given - value) > TOLERANCE * value:
                yield wrong("formula", at, field, given, f"{value:.5g}")
