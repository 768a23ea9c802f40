"""Do two numbers of a label fit? Percentage against mass, compound against magnesium."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from magnes.knowledge.chemistry import atoms, magnesium_mass_fraction
from magnes.knowledge.names import salts_named
from magnes.labels.claims import Claim, mg_of
from magnes.labels.words import DELIVERY

__all__ = [
    "Fraction",
    "alike",
    "by_percent",
    "content_differs",
    "fraction",
    "one_magnesium",
    "percent_fits",
    "percent_fits_compound",
    "stated_fits",
]

OXIDE = 0.6031  # mass fraction of magnesium in its oxide: no compound holds more
# Reference amounts [mg] behind a percentage: EU label value 375; US daily value 420, on older labels 400; Dutch ADH of
# the Health Council 350 and 300, which labels sometimes use beside the EU value.
REFERENCES = {"ri": (375.0,), "dv": (420.0, 400.0), "adh": (375.0, 350.0, 300.0), "": (375.0, 420.0, 400.0)}
PERCENT_POINTS, PERCENT_SHARE = 1.0, 0.05  # rounding on labels
SALT_SHARE = 0.15  # water and purity of a compound, beside the range of its hydrates
STATED = (0.55, 1.7)  # stated magnesium over that of the pure compound: with more water, or buffered with oxide
SAME_SHARE = 0.03
MOST_BUFFERED = 1.45  # magnesium in a buffered salt over that of the pure one


class Fraction(NamedTuple):
    """Mass fraction of magnesium in what a label names: of the usual form, of every form, and the range [1]."""

    usual: float
    low: float
    high: float
    every: tuple[float, ...]


def fraction(names: Iterable[str]) -> Fraction | None:
    """Mass fraction of the salts named; ``None`` when one of them has no formula, or when none is named."""
    found: list[list[float]] = []
    for name in names:
        rows = salts_named(name) if name else ()
        known = [magnesium_mass_fraction(row.formula) for row in rows if row.formula]
        if not known and name != DELIVERY:
            return None
        if known:
            found.append(known)
    if not found:
        return None
    every = [part for known in found for part in known]
    usual = sum(known[0] for known in found) / len(found)
    return Fraction(usual, min(every), max(every), tuple(every))


def one_magnesium(names: Iterable[str]) -> bool:
    """Whether one mole of the salt holds one mole of magnesium."""
    formulas = [row.formula for name in names if name for row in salts_named(name)]
    return bool(formulas) and all(formula and atoms(formula)["Mg"] == 1 for formula in formulas)


def alike(first: float, second: float, share: float = SAME_SHARE) -> bool:
    """Whether two amounts are the same but for rounding, or for ``share`` of the larger."""
    return abs(first - second) <= share * max(first, second)


def percent_fits(mg: float, percent: float, kind: str) -> bool:
    """Whether a percentage of a reference amount is that of ``mg`` magnesium."""
    spread = max(PERCENT_POINTS, PERCENT_SHARE * percent)
    return any(abs(100 * mg / reference - percent) <= spread for reference in REFERENCES[kind])


def percent_fits_compound(parts: Iterable[Claim], percent: float, kind: str) -> bool:
    """Whether a percentage is that of the magnesium in these compounds, between their driest and wettest form."""
    low = high = 0.0
    for part in parts:
        share = fraction(part.names)
        if share is None:
            return False
        low += mg_of(part) * share.low * (1 - SALT_SHARE)
        high += mg_of(part) * share.high * (1 + SALT_SHARE)
    references = REFERENCES[kind]
    return 100 * low / max(references) - PERCENT_POINTS <= percent <= 100 * high / min(references) + PERCENT_POINTS


def by_percent(part: Claim, percent: float, kind: str) -> float | None:
    """Magnesium in a compound [mg], of the hydrate that fits the percentage best; ``None`` without formula."""
    share = fraction(part.names)
    if share is None:
        return None
    masses = [mg_of(part) * form for form in share.every]
    return min(masses, key=lambda mg: min(abs(100 * mg / reference - percent) for reference in REFERENCES[kind]))


def content_differs(parts: list[Claim], percent: float) -> bool:
    """Whether a bare percentage may be magnesium in the salt, by mass, and would then mean another amount.

    "magnesiumbisglycinaat 500 mg 20%" is 75 mg as a share of the reference intake and 100 mg as a content.
    """
    share = fraction(parts[0].names)
    if len(parts) > 1 or share is None:
        return False
    lowest, highest = share.low * (1 - SALT_SHARE), min(OXIDE, share.high * MOST_BUFFERED)
    by_reference = by_percent(parts[0], percent, "")
    inside = mg_of(parts[0]) * percent / 100
    return lowest <= percent / 100 <= highest and by_reference is not None and not alike(inside, by_reference, 0.1)


def stated_fits(parts: Iterable[Claim], elemental_mg: float, *, all_weighed: bool = True) -> bool:
    """Whether so much magnesium can be in these compounds: never more than in pure oxide.

    Where other salts without a weight stand on the label (not ``all_weighed``) only the lower bound holds.
    """
    low = high = most = 0.0
    for part in parts:
        mass, share = mg_of(part), fraction(part.names)
        most += mass * OXIDE
        low += mass * share.low * STATED[0] if share else 0.0
        high += mass * min(OXIDE, share.high * STATED[1]) if share else mass * OXIDE
    return low <= elemental_mg and (not all_weighed or elemental_mg <= min(high, most) * (1 + SAME_SHARE))
