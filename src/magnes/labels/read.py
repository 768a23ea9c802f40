"""``read_label``: the words of a supplement label -> elemental magnesium, or why it cannot be known.

The mistake that matters is the mass of the compound taken for magnesium, or the other way round: factor 1.7 (oxide) to
about 20 (gluconate, potassium magnesium citrate). So a label is read only where its words, a percentage or plain bounds
leave one reading:

1. The word magnesium with an amount is the nutrient ("magnesium (als citraat) 200 mg"): EU and US rules have supplement
   labels state the nutrient, and its form beside it. Above ``MOST_MG`` it is refused: such a number is nearly always
   the compound. The word elemental allows more.
2. A salt with an amount ("magnesiumcitraat 400 mg") is printed in both meanings. It is the compound when the label says
   how much magnesium is in it and the two fit; when the percentage fits compound times mass fraction; when words say
   so ("uit 400 mg magnesiumcitraat"); or when as magnesium it would be more than ``MOST_MG``, which no usual label has
   in a dose. It is the nutrient when the percentage fits the amount itself. Otherwise both readings are possible and
   it is refused as ``readings``. A high compound reading decides nothing: 500 mg of oxide holds 301 mg, and 500 mg of
   magnesium is no likelier.
3. A percentage that fits neither, an amount that is a range or could be a thousand, amounts that contradict each other
   or stand in two columns, parts of a sum that is not given, more than ``MOST_ELEMENTAL_MG`` (the contents of a pot):
   refused, each with its own code. Nothing is chosen by nearness.
4. An amount beside a name that is not known is nobody's. It is never taken for magnesium, and where it may be the
   magnesium in a weighed salt ("1250 mg magnesiumcitraat = 140 mg") the label is refused.
5. A salt that is called buffered holds more magnesium than its formula says: only a stated amount or content counts.
6. How many pieces an amount is for comes from ``magnes.labels.per``; numbers of pieces without the word per leave it
   open, and "per week" or "per pot" is no dose.

A percentage is compared with every reference amount that its name may mean (``fits.REFERENCES``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from magnes.knowledge.names import salts_named
from magnes.labels.claims import Claim, claims, mg_of, names_of
from magnes.labels.fits import alike, fraction, one_magnesium
from magnes.labels.judge import Label, both, bulk, compound, nutrient, refused
from magnes.labels.tokens import Token, tokens
from magnes.labels.words import DELIVERY

__all__ = ["read_label"]

CHELATE = "SALT39"  # "chelate" names no salt where another name does
UNREADABLE = ("range", "number")
DAILY = ("day", "dose")


def read_label(text: str) -> Label:
    """Read the words of a label; never raises, what cannot be read gets the verdict ``ambiguous`` or ``no_amount``.

    >>> read_label("magnesium (als citraat) 200 mg per tablet").elemental_mg
    200.0
    >>> read_label("magnesiumcitraat 400 mg").verdict, read_label("magnesiumcitraat 1000 mg").verdict
    ('ambiguous', 'compound')
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
    if any(part.flag == "skin" for part in parts):
        return Label(verdict="no_amount", reason="not_oral")
    mine = [_ions(claim) for claim in said if claim.owner in ("nutrient", "salt")]
    if not mine:
        return _nothing(parts, said)
    unreadable = next((claim.amount.flag for claim in mine if claim.amount.flag in UNREADABLE), "")
    if unreadable:
        return refused(unreadable)
    nutrients = [claim for claim in mine if claim.owner == "nutrient"]
    compounds = [claim for claim in mine if claim.owner == "salt"]
    sure = next((claim for claim in nutrients if claim.sure), None)
    if sure and names:  # "Magnesium 400 mg citraat, 64 mg elementair magnesium": the first is the compound
        compounds += [replace(claim, names=names) for claim in nutrients if not _agree(claim, sure) and not claim.sure]
        nutrients = [claim for claim in nutrients if _agree(claim, sure) or claim.sure]
    stated = _one(nutrients) if nutrients else None
    if nutrients and stated is None:
        return refused("several_amounts")
    weighed = {name for claim in compounds for name in claim.names}
    compounds = _compounds(compounds, stated)
    if len({claim.names for claim in compounds}) < len(compounds) or len(set(map(_pieces, compounds))) > 1:
        return refused("several_amounts")
    if stated and compounds:
        return both(stated, compounds, names)
    if stated:
        return nutrient(stated, names)
    if any(claim.owner == "unclear" for claim in said):
        return refused("subject")  # "1250 mg magnesiumcitraat = 140 mg": perhaps the magnesium in it
    return compound(compounds, all_weighed=weighed >= set(names) - {DELIVERY})


def _nothing(parts: list[Token], said: list[Claim]) -> Label:
    """Why a label without an amount of magnesium has none."""
    kinds = {part.kind for part in parts}
    if any(claim.owner == "unclear" for claim in said):
        return refused("subject")
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


def _each(claim: Claim) -> float:
    """Amount in one piece [mg], as far as the label says how many pieces it is for."""
    return mg_of(claim) / ((claim.per.count if claim.per else None) or 1.0)


def _agree(first: Claim, second: Claim) -> bool:
    return alike(mg_of(first), mg_of(second)) or alike(_each(first), _each(second))


def _one(same: list[Claim]) -> Claim | None:
    """Return the claim that stands for several of the same thing; ``None`` when they contradict each other.

    An amount for a counted number of pieces goes before one for a day, and that before one for 100 g. Amounts of
    different forms ("als citraat 100 mg, als malaat 100 mg") are parts of a sum that the label does not give.
    """
    if len({claim.names for claim in same if claim.names}) > 1:
        return None
    taken = [claim for claim in same if not bulk(claim)] or same
    counted = [claim for claim in taken if claim.per and claim.per.count and not bulk(claim)]
    if counted and all(claim in counted or (claim.per and claim.per.name in DAILY) for claim in taken):
        agreed = all(alike(_each(claim), _each(counted[0])) for claim in counted)
        return _with_percent(counted) if agreed else None
    return _with_percent(taken) if all(alike(mg_of(claim), mg_of(taken[0])) for claim in taken) else None


def _with_percent(same: list[Claim]) -> Claim:
    return next((claim for claim in same if claim.percent), same[0])


def _compounds(said: list[Claim], stated: Claim | None) -> list[Claim]:
    """Compounds that count beside the nutrient: each once, for the same unit of taking, no second name of the same."""
    if stated and stated.per:
        said = [claim for claim in said if _pieces(claim) == _pieces(stated)]
    kept: list[Claim] = []
    for claim in said:
        if any(claim.names == other.names and alike(mg_of(claim), mg_of(other)) for other in kept):
            continue
        if not (claim.same and kept and _same_magnesium(claim, kept[-1])):
            kept.append(claim)
    return kept


def _same_magnesium(first: Claim, second: Claim) -> bool:
    """Whether two compounds hold the same magnesium: "724 mg hydroxide, komt overeen met 500 mg oxide"."""
    shares = fraction(first.names), fraction(second.names)
    if shares[0] is None or shares[1] is None:
        return False
    return alike(mg_of(first) * shares[0].usual, mg_of(second) * shares[1].usual)


def _pieces(claim: Claim) -> tuple[str, float | None] | None:
    """Return the unit of taking of an amount and how many of it."""
    return (claim.per.name, claim.per.count) if claim.per else None
