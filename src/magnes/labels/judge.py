"""From the amounts of a label to its verdict, by the three rules of ``magnes.labels.read``."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from magnes.estimate import Record
from magnes.labels.claims import PURE, Claim, mg_of
from magnes.labels.fits import by_percent, content_differs, fraction, percent_fits, percent_fits_compound, stated_fits
from magnes.labels.words import DELIVERY

__all__ = [
    "DECIDED",
    "MOST_MG",
    "REASONS",
    "Label",
    "Verdict",
    "both",
    "bulk",
    "compound",
    "nutrient",
    "refused",
]

MOST_MG = 500.0  # magnesium in one dose above which a bare number is not believed to be magnesium (design choice)
MOST_ELEMENTAL_MG = 1000.0  # the same where the label says elemental
LEAST_MG = 1.0

# Why a label has no amount of magnesium that counts; every other reason tells what decided
REASONS = (
    "readings", "percent_disagrees", "amounts_disagree", "several_amounts", "implausible", "number", "range", "subject",
    "no_amount", "no_magnesium", "percent_only", "unit_missing", "not_oral", "blend", "no_formula",
)  # fmt: skip
DECIDED = ("nutrient", "elemental", "percent", "stated", "content", "too_much")  # what decided, where something did

Verdict = Literal["elemental", "compound", "both", "ambiguous", "no_amount"]


class Label(Record):
    """What a label says. ``reason`` tells what decided, or why nothing could.

    ``salts``: ids of the salt table, ``names`` the same as ``salts_named`` takes them (a family when the label leaves
    the hydration open). Amounts [mg] are those of ``units_per_dose`` pieces of ``per``; ``units_per_dose`` is blank
    when the label does not say how many pieces make a day's portion or dose, and where ``per`` is no dose but a weight,
    volume, time or pack ("100 g", "week"). ``percent_ri``: as printed.
    """

    salts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    compound_mg: float | None = None
    elemental_mg: float | None = None
    per: str = ""
    units_per_dose: float | None = None
    percent_ri: float | None = None
    verdict: Verdict
    reason: str


def refused(reason: str) -> Label:
    """Return the verdict on a label that leaves more than one reading open."""
    return Label(verdict="ambiguous", reason=reason)


def bulk(claim: Claim) -> bool:
    """Whether an amount is for 100 g or 100 ml: no dose, so no bound on doses holds."""
    return claim.per is not None and claim.per.flag == "bulk"


def _label(claim: Claim, verdict: Verdict, reason: str, weight: float | None, magnesium: float | None) -> Label:
    per = claim.per
    return Label(
        verdict=verdict,
        reason=reason,
        compound_mg=weight,
        elemental_mg=magnesium,
        per=per.name if per else "",
        units_per_dose=per.count if per else None,
        percent_ri=claim.percent.count if claim.percent else None,
    )


def nutrient(claim: Claim, names: tuple[str, ...]) -> Label:
    """Judge an amount of magnesium: what it says, unless its percentage says that the compound was meant."""
    mg, percent = mg_of(claim), claim.percent
    if percent and percent.count is not None:
        if percent_fits(mg, percent.count, percent.flag):
            return _label(claim, "elemental", "percent", None, mg)
        as_salt = replace(claim, names=names)
        if not claim.sure and percent_fits_compound([as_salt], percent.count, percent.flag):
            return _compound_label([as_salt], "percent", all_weighed=True)
        return refused("percent_disagrees")
    most = MOST_ELEMENTAL_MG if claim.sure else MOST_MG
    if not bulk(claim) and not LEAST_MG <= mg <= most:
        return refused("implausible")
    return _label(claim, "elemental", "elemental" if claim.sure else "nutrient", None, mg)


def both(stated: Claim, compounds: list[Claim], names: tuple[str, ...]) -> Label:
    """Magnesium and compound both printed: they and the percentage must fit."""
    mg = mg_of(stated)
    percent = stated.percent or next((claim.percent for claim in compounds if claim.percent), None)
    if percent and percent.count is not None and not percent_fits(mg, percent.count, percent.flag):
        return refused("percent_disagrees")
    weighed = {name for claim in compounds for name in claim.names}
    if set(filter(None, stated.names)) and not weighed & set(stated.names):
        return refused("several_amounts")  # magnesium of another salt than the weighed one: a part of some sum
    all_weighed = weighed >= set(names) - {DELIVERY}
    if not stated_fits(compounds, mg, all_weighed=all_weighed):
        return refused("amounts_disagree")
    if mg > MOST_ELEMENTAL_MG and not bulk(stated):
        return refused("implausible")
    total = sum(map(mg_of, compounds)) if all_weighed else None
    return _label(replace(stated, percent=percent), "both" if all_weighed else "elemental", "stated", total, mg)


def compound(compounds: list[Claim], *, all_weighed: bool) -> Label:
    """Amounts of salts without an amount of magnesium beside them: rule 2 of this module."""
    first, total = compounds[0], sum(map(mg_of, compounds))
    if any(claim.amount.flag for claim in compounds):
        return refused("readings")  # mmol of a salt with several magnesium in a molecule
    if len(compounds) == 1 and first.content and all_weighed:
        inside = total * first.content / 100
        fits = stated_fits(compounds, inside)
        return _label(first, "compound", "content", total, inside) if fits else refused("amounts_disagree")
    percents = [claim.percent for claim in compounds if claim.percent and claim.percent.count is not None]
    percents = [percent for percent in percents if percent.flag or percent.count != PURE]
    if percents:
        share, kind = sum(percent.count or 0.0 for percent in percents), percents[0].flag
        as_magnesium = percent_fits(total, share, kind)
        as_compound = percent_fits_compound(compounds, share, kind)
        if as_magnesium == as_compound:
            return refused("readings" if as_magnesium else "percent_disagrees")
        if as_magnesium:
            return _label(first, "elemental", "percent", None, total)
        if not kind and content_differs(compounds, share):
            return refused("readings")
        return _compound_label(compounds, "percent", all_weighed=all_weighed)
    if all(claim.sure for claim in compounds):
        return _compound_label(compounds, "stated", all_weighed=all_weighed)
    if total <= MOST_MG or any(map(bulk, compounds)):
        return refused("readings")
    return _compound_label(compounds, "too_much", all_weighed=all_weighed)


def _compound_label(compounds: list[Claim], reason: str, *, all_weighed: bool) -> Label:
    mg = _from_compounds(compounds) if all_weighed else None
    if mg is not None and mg > MOST_ELEMENTAL_MG and not bulk(compounds[0]):
        return refused("implausible")  # the contents of a pot
    if mg is None:
        blend = not all_weighed or any(len(claim.names) > 1 for claim in compounds)
        reason = "blend" if blend else "no_formula"
    return _label(compounds[0], "compound", reason, sum(map(mg_of, compounds)), mg)


def _from_compounds(compounds: list[Claim]) -> float | None:
    """Magnesium in weighed compounds [mg]; ``None`` without formula, or when one weight is for several salts.

    A percentage tells which hydrate it is, where the name does not.
    """
    total = 0.0
    for claim in compounds:
        share, percent = fraction(claim.names), claim.percent
        if share is None or len([name for name in claim.names if name != DELIVERY]) > 1:
            return None
        by_label = by_percent(claim, percent.count, percent.flag) if percent and percent.count is not None else None
        total += by_label if by_label is not None else mg_of(claim) * share.usual
    return total
