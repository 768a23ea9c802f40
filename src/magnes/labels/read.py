"""``read_label``: the words of a supplement label -> elemental magnesium, or why it cannot be known.

The mistake that matters is the mass of the compound taken for magnesium, or the other way round: factor 1.7 (oxide) to
about 20 (gluconate, potassium magnesium citrate). So a label is read only where its words, a percentage or plain bounds leave one reading:

1. The word magnesium with an amount is the nutrient ("magnesium (als citraat) 200 mg"): EU and US rules have supplement
   labels state the nutrient, the form behind it. Above ``MOST_MG`` it is refused: such a number is nearly always the
   compound. The word elemental allows more.
2. A salt with an amount ("magnesiumcitraat 400 mg") is printed in both meanings. It is the compound when the label says
   how much magnesium is in it and the two fit; when the percentage fits compound times mass fraction; when words say
   so ("uit 400 mg magnesiumcitraat"); or when as magnesium it would be more than ``MOST_MG``, which no usual label has
   in a dose. It is the nutrient when the percentage fits the amount itself. Otherwise both readings are possible and
   it is refused as ``readings``. A compound reading that is high decides nothing: 500 mg oxide holds 301 mg, and 500 mg
   of magnesium is no likelier.
3. A percentage that fits neither, an amount that is a range or could be a thousand, amounts that contradict each other
   or stand in two columns: refused, each with its own code. Nothing is chosen by nearness.

A percentage is compared with every reference amount that its name may mean; its own name is often wrong on labels.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.names import salts_named
from magnes.labels.claims import Claim, claims, names_of
from magnes.labels.fits import alike, fraction, one_magnesium, percent_fits, percent_fits_compound, stated_fits
from magnes.labels.tokens import Token, tokens
from magnes.labels.words import DELIVERY

__all__ = ["MOST_MG", "Label", "Verdict", "read_label"]

MOST_MG = 500.0  # magnesium in one dose above which a bare number is not believed to be magnesium (design choice)
MOST_ELEMENTAL_MG = 1000.0  # the same where the label says elemental
LEAST_MG = 1.0
CHELATE = "SALT39"  # "chelate" names no salt where another name does
UNREADABLE = ("range", "number")
DAILY = ("day", "dose")
SKIN = re.compile(r"ol(?:ie|eum)|oil|spray|vlokken|flakes|bad|gel")

Verdict = Literal["elemental", "compound", "both", "ambiguous", "no_amount"]


class Label(Record):
    """What a label says. ``reason`` tells what decided, or why nothing could.

    ``salts``: ids of the salt table, ``names`` the same as ``salts_named`` takes them (a family when the label leaves
    the hydration open). Amounts [mg] are those of ``units_per_dose`` pieces of ``per``; ``units_per_dose`` is blank when
    the label does not say how many pieces make a day's portion or dose. ``percent_ri``: as printed.
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


def read_label(text: str) -> Label:
    """Read the words of a label; never raises, what cannot be read gets the verdict ``ambiguous`` or ``no_amount``.

    >>> read_label("magnesium (als citraat) 200 mg per tablet").elemental_mg
    200.0
    >>> read_label("magnesiumcitraat 400 mg").verdict, read_label("magnesiumcitraat 400 mg (17% RI)").elemental_mg
    ('ambiguous', 64.64...)
    """
    parts = tokens(text)
    names = names_of(parts)
    salts = [salts_named(name)[0].id for name in names]
    if len(salts) > 1 and CHELATE in salts:
        names = tuple(name for name, salt in zip(names, salts, strict=True) if salt != CHELATE)
        salts.remove(CHELATE)
    found = _read(parts, claims(parts), names)
    return found.model_copy(update={"salts": tuple(salts), "names": names})


def _read(parts: list[Token], said: list[Claim], names: tuple[str, ...]) -> Label:
    mine = [_ions(claim) for claim in said if claim.owner in ("nutrient", "salt")]
    if not mine:
        return _nothing(parts, said)
    unreadable = next((claim.amount.flag for claim in mine if claim.amount.flag in UNREADABLE), "")
    if unreadable:
        return _refused(unreadable)
    nutrients = [claim for claim in mine if claim.owner == "nutrient"]
    compounds = [claim for claim in mine if claim.owner == "salt"]
    if any(claim.sure for claim in nutrients) and names:  # "Magnesium 400 mg citraat, 64 mg elementair magnesium"
        stated = next(claim for claim in nutrients if claim.sure)
        compounds += [claim for claim in nutrients if not claim.sure and not _agree(claim, stated)]
        nutrients = [claim for claim in nutrients if claim.sure or _agree(claim, stated)]
    nutrient = _one(nutrients) if nutrients else None
    if nutrients and nutrient is None:
        return _refused("several_amounts")
    compounds = _compounds(compounds, nutrient)
    if len({claim.names for claim in compounds}) < len(compounds):
        return _refused("several_amounts")
    if nutrient and compounds:
        return _both(nutrient, compounds, names)
    return _nutrient(nutrient, names) if nutrient else _compound(compounds)


def _refused(reason: str) -> Label:
    return Label(verdict="ambiguous", reason=reason)


def _nothing(parts: list[Token], said: list[Claim]) -> Label:
    """Why a label without an amount of magnesium has none."""
    kinds = {part.kind for part in parts}
    if any(part.kind == "word" and part.bound and SKIN.search(part.text) for part in parts):
        return Label(verdict="no_amount", reason="not_oral")
    if any(claim.owner == "unclear" for claim in said):
        return _refused("subject")
    if not kinds & {"magnesium", "salt"} and not any(part.bound for part in parts):
        return Label(verdict="no_amount", reason="no_magnesium")
    if "percent" in kinds and not said:
        return Label(verdict="no_amount", reason="percent_only")
    bare = any(part.kind == "word" and re.fullmatch(r"\d{2,4}", part.text) for part in parts)
    return Label(verdict="no_amount", reason="unit_missing" if bare else "no_amount")


def _ions(claim: Claim) -> Claim:
    """Count magnesium where a salt is given in mEq, or in mmol with one magnesium in a molecule."""
    flag = claim.amount.flag
    if claim.owner == "salt" and (flag == "meq" or (flag == "mmol" and one_magnesium(claim.names))):
        return replace(claim, owner="nutrient", sure=True)
    return claim


def _mg(claim: Claim) -> float:
    return claim.amount.mg or 0.0


def _each(claim: Claim) -> float:
    """Amount in one piece [mg], as far as the label says how many pieces it is for."""
    return _mg(claim) / ((claim.per.count if claim.per else None) or 1.0)


def _agree(first: Claim, second: Claim) -> bool:
    return alike(_mg(first), _mg(second)) or alike(_each(first), _each(second))


def _bulk(claim: Claim) -> bool:
    return claim.per is not None and claim.per.flag == "bulk"


def _one(same: list[Claim]) -> Claim | None:
    """Return the claim that stands for several of the same thing; ``None`` when they contradict each other.

    An amount for a counted number of pieces goes before one for a day, and that before one for 100 g.
    """
    taken = [claim for claim in same if not _bulk(claim)] or same
    counted = [claim for claim in taken if claim.per and claim.per.count and not _bulk(claim)]
    if counted and all(claim in counted or (claim.per and claim.per.name in DAILY) for claim in taken):
        agreed = all(alike(_each(claim), _each(counted[0])) for claim in counted)
        return _with_percent(counted) if agreed else None
    return _with_percent(taken) if all(alike(_mg(claim), _mg(taken[0])) for claim in taken) else None


def _with_percent(same: list[Claim]) -> Claim:
    return next((claim for claim in same if claim.percent), same[0])


def _compounds(said: list[Claim], nutrient: Claim | None) -> list[Claim]:
    """Compounds that count beside the nutrient: each once, for the same unit of taking, no second name of the same."""
    if nutrient and nutrient.per:
        said = [claim for claim in said if claim.per and _pieces(claim.per) == _pieces(nutrient.per)]
    kept: list[Claim] = []
    for claim in said:
        if any(claim.names == other.names and alike(_mg(claim), _mg(other)) for other in kept):
            continue
        shares = fraction(claim.names), fraction(kept[-1].names) if kept else None
        if claim.same and shares[0] and shares[1]:
            if alike(_mg(claim) * shares[0].usual, _mg(kept[-1]) * shares[1].usual):
                continue
        kept.append(claim)
    return kept


def _pieces(per: Token) -> tuple[str, float | None]:
    return per.name, per.count


def _label(claim: Claim, verdict: Verdict, reason: str, compound: float | None, elemental: float | None) -> Label:
    per = claim.per
    return Label(
        verdict=verdict,
        reason=reason,
        compound_mg=compound,
        elemental_mg=elemental,
        per=per.name if per else "",
        units_per_dose=per.count if per else None,
        percent_ri=claim.percent.count if claim.percent else None,
    )


def _nutrient(claim: Claim, names: tuple[str, ...]) -> Label:
    """An amount of magnesium, unless its percentage says that the compound was meant."""
    mg, percent = _mg(claim), claim.percent
    if percent and percent.count is not None:
        if percent_fits(mg, percent.count, percent.flag):
            return _label(claim, "elemental", "percent", None, mg)
        as_salt = replace(claim, names=names)
        if not claim.sure and percent_fits_compound([as_salt], percent.count, percent.flag):
            return _label(claim, "compound", "percent", mg, _from_compounds([as_salt]))
        return _refused("percent_disagrees")
    most = MOST_ELEMENTAL_MG if claim.sure else MOST_MG
    if not _bulk(claim) and not LEAST_MG <= mg <= most:
        return _refused("implausible")
    return _label(claim, "elemental", "elemental" if claim.sure else "nutrient", None, mg)


def _both(nutrient: Claim, compounds: list[Claim], names: tuple[str, ...]) -> Label:
    """Magnesium and compound both printed: they and the percentage must fit."""
    mg = _mg(nutrient)
    percent = nutrient.percent or next((claim.percent for claim in compounds if claim.percent), None)
    if percent and percent.count is not None and not percent_fits(mg, percent.count, percent.flag):
        return _refused("percent_disagrees")
    weighed = {name for claim in compounds for name in claim.names}
    all_weighed = weighed >= set(names)
    if not stated_fits(compounds, mg, all_weighed=all_weighed):
        return _refused("amounts_disagree")
    total = sum(map(_mg, compounds)) if all_weighed else None
    return _label(replace(nutrient, percent=percent), "both" if all_weighed else "elemental", "stated", total, mg)


def _compound(compounds: list[Claim]) -> Label:
    """Amounts of salts without an amount of magnesium beside them: rule 2 of this module."""
    first, total = compounds[0], sum(map(_mg, compounds))
    if any(claim.amount.flag for claim in compounds):
        return _refused("readings")  # mmol of a salt with several magnesium in a molecule
    if len(compounds) == 1 and first.content:
        inside = total * first.content / 100
        fits = stated_fits(compounds, inside)
        return _label(first, "compound", "content", total, inside) if fits else _refused("amounts_disagree")
    percents = [claim.percent for claim in compounds if claim.percent and claim.percent.count is not None]
    if percents:
        share, kind = sum(percent.count or 0.0 for percent in percents), percents[0].flag
        as_magnesium = percent_fits(total, share, kind)
        as_compound = percent_fits_compound(compounds, share, kind)
        if as_magnesium == as_compound:
            return _refused("readings" if as_magnesium else "percent_disagrees")
        if as_magnesium:
            return _label(first, "elemental", "percent", None, total)
        return _compound_label(compounds, "percent")
    if all(claim.sure for claim in compounds):
        return _compound_label(compounds, "stated")
    if total <= MOST_MG or any(map(_bulk, compounds)):
        return _refused("readings")
    return _compound_label(compounds, "too_much")


def _compound_label(compounds: list[Claim], reason: str) -> Label:
    mg = _from_compounds(compounds)
    if mg is None:
        reason = "blend" if any(len(claim.names) > 1 for claim in compounds) else "no_formula"
    return _label(compounds[0], "compound", reason, sum(map(_mg, compounds)), mg)


def _from_compounds(compounds: list[Claim]) -> float | None:
    """Magnesium in weighed compounds [mg]; ``None`` without formula, or when one weight is for several salts."""
    total = 0.0
    for claim in compounds:
        share = fraction(claim.names)
        if share is None or len([name for name in claim.names if name != DELIVERY]) > 1:
            return None
        total += _mg(claim) * share.usual
    return total
