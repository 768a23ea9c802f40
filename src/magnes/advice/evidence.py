"""What the evidence on an indication means for one person: does it hold for them, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from magnes.advice.finding import Finding
from magnes.advice.unknown import conditions_of
from magnes.estimate import Record
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import EuClaim
from magnes.knowledge.load import table
from magnes.knowledge.search import find
from magnes.need import LimitCheck
from magnes.person import ADULT_YEARS, Person
from magnes.status import current, low_serum

__all__ = ["Applicability", "Reason", "applies", "eu_claims", "evidence"]

Closing = Literal[
    "safety_stop",
    "above_cap",
    "hospital_only",
    "other_sex",
    "too_young",
    "too_old",
    "pregnant",
    "not_pregnant",
    "other_condition",
    "serum_not_low",
]
Supervised = Literal["above_limit"]
Unsure = Literal[
    "serum_unknown",
    "age_unknown",
    "kidney_unknown",
    "condition_unknown",
    "medicine_unknown",
    "serious_finding",
]
Reason = Literal[Closing, Supervised, Unsure]  # in the order in which they are told
# Codes of findings that say what is not known; a small doubt about the kidneys (severity minor) is told elsewhere
NOT_KNOWN: dict[str, Reason] = {
    "egfr_needed": "kidney_unknown",
    "egfr_unknown": "kidney_unknown",
    "condition_unknown": "condition_unknown",
    "medicine_unknown": "medicine_unknown",
    "medicine_group_open": "medicine_unknown",
}
OF_THE_AMOUNT = ("above_cap", "limit_exceeded")  # judged here with the dose of the trials


class Applicability(Record):
    """Whether evidence holds for a person, with every reason against it.

    ``supervised``: it holds, at a dose above the limit for this person; ``unsure``: something is not known.
    """

    holds: Literal["yes", "supervised", "unsure", "no"]
    reasons: tuple[Reason, ...] = ()


def evidence(question: str) -> tuple[Indication, ...]:
    """Return indications that the question names, the most studied first.

    Raises ``InputProblems`` (``name_unknown``) when it names none.
    """
    return tuple(sorted(find(question, table(Indication)), key=lambda row: (-_participants(row), row.id)))


def _participants(row: Indication) -> int:
    return max((effect.participants or 0 for effect in row.effects), default=0)


def eu_claims(row: Indication) -> tuple[EuClaim, ...]:
    """Authorised health claims on this very thing: the only texts in the positive voice."""
    return tuple(claim for claim in table(EuClaim) if claim.id in row.eu_claims)


def applies(
    row: Indication, person: Person, findings: Iterable[Finding] = (), limit: LimitCheck | None = None
) -> Applicability:
    """Compare the people of the trials with one person, and the dose of the trials with what is safe for them.

    ``findings`` and ``limit`` come from the person's assessment: a stop closes every supplement, a cap or limit is
    compared with the lowest dose studied on top of what is taken already. A condition that the person did not name
    counts as absent; trials that name no age were in adults.
    """
    found = tuple(findings)
    reasons = [*_people(row, person)]
    if row.route != "diet":
        reasons += _safety(row, found, limit)
    ordered: tuple[Reason, ...] = tuple(sorted(set(reasons), key=get_args(Reason).index))
    if any(reason in get_args(Closing) for reason in ordered):
        return Applicability(holds="no", reasons=ordered)
    if any(reason in get_args(Unsure) for reason in ordered):
        return Applicability(holds="unsure", reasons=ordered)
    return Applicability(holds="supervised" if ordered else "yes", reasons=ordered)


def _people(row: Indication, person: Person) -> Iterator[Reason]:
    """Return where the person differs from the people of the trials."""
    pregnant = "pregnancy" in conditions_of(person)
    young = person.age_years < ADULT_YEARS
    if row.hospital_only:
        yield "hospital_only"
    if row.applies_sex not in ("any", person.sex):
        yield "other_sex"
    if row.applies_age_low_years is None and young:
        yield "age_unknown"
    if row.applies_age_low_years is not None and person.age_years < row.applies_age_low_years:
        yield "too_young"
    if row.applies_age_high_years is not None and person.age_years >= row.applies_age_high_years:
        yield "too_old"
    if row.applies_pregnancy == "never" and pregnant:
        yield "pregnant"
    if row.applies_pregnancy == "only" and not pregnant:
        yield "not_pregnant"
    if row.applies_conditions and not set(row.applies_conditions) & conditions_of(person):
        yield "other_condition"
    if row.applies_low_magnesium_only and not current(person, "serum-magnesium"):
        yield "serum_unknown"
    elif row.applies_low_magnesium_only and not low_serum(person):
        yield "serum_not_low"


def _safety(row: Indication, findings: tuple[Finding, ...], limit: LimitCheck | None) -> Iterator[Reason]:
    """Return what the person's own findings say of a supplement in the dose of the trials."""
    taken_mg = limit.amount.value if limit else 0.0
    needed_mg = (row.dose_low_mg or 0.0) + taken_mg
    caps = [finding.facts["cap_mg"] for finding in findings if "cap_mg" in finding.facts]
    if any(isinstance(cap, float) and needed_mg > cap for cap in caps):
        yield "above_cap"
    bound = limit.limit.value if limit and limit.limit else None
    if row.above_limit or (bound is not None and needed_mg > bound):
        yield "above_limit"
    for finding in findings:
        if finding.severity in ("stop", "block"):
            yield "safety_stop"
        elif finding.code in NOT_KNOWN:
            if finding.severity in ("major", "moderate"):
                yield NOT_KNOWN[finding.code]
        elif finding.severity == "major" and finding.code not in OF_THE_AMOUNT:
            yield "serious_finding"
