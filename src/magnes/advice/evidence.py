"""What the evidence on an indication means for one person: does it hold for them, and what stands in the way."""

from __future__ import annotations

from typing import Literal

from magnes.advice.finding import Finding
from magnes.advice.labs import low_serum
from magnes.advice.unknown import conditions_of
from magnes.estimate import Record
from magnes.knowledge.clinical import Indication
from magnes.knowledge.ledger import EuClaim
from magnes.knowledge.load import table
from magnes.knowledge.search import find
from magnes.person import Person
from magnes.status import current

__all__ = ["Applicability", "Reason", "applies", "eu_claims", "evidence"]

Reason = Literal[
    "hospital_only",
    "other_sex",
    "too_young",
    "too_old",
    "pregnant",
    "not_pregnant",
    "other_condition",
    "serum_unknown",
    "serum_not_low",
    "safety_stop",
]
UNSURE: tuple[Reason, ...] = ("serum_unknown",)


class Applicability(Record):
    """Whether evidence holds for a person: ``yes``, ``unsure`` or ``no``, with every reason against it."""

    holds: Literal["yes", "unsure", "no"]
    reasons: tuple[Reason, ...] = ()


def evidence(question: str) -> tuple[Indication, ...]:
    """Return indications that the question names; raises ``InputProblems`` (``name_unknown``) when it names none."""
    return find(question, table(Indication))


def eu_claims(row: Indication) -> tuple[EuClaim, ...]:
    """Authorised health claims on this very thing: the only texts in the positive voice."""
    return tuple(claim for claim in table(EuClaim) if claim.id in row.eu_claims)


def applies(row: Indication, person: Person, findings: tuple[Finding, ...] = ()) -> Applicability:
    """Compare the people of the trials with one person; a stop in ``findings`` closes every supplement.

    A condition that the person did not name counts as absent; a serum value that is not there leaves it unsure.
    """
    reasons = tuple(_reasons(row, person, findings))
    if any(reason not in UNSURE for reason in reasons):
        return Applicability(holds="no", reasons=reasons)
    return Applicability(holds="unsure" if reasons else "yes", reasons=reasons)


def _reasons(row: Indication, person: Person, findings: tuple[Finding, ...]) -> list[Reason]:
    pregnant = "pregnancy" in conditions_of(person)
    met: dict[Reason, bool] = {
        "safety_stop": row.route != "diet" and any(finding.severity in ("stop", "block") for finding in findings),
        "hospital_only": row.hospital_only,
        "other_sex": row.applies_sex not in ("any", person.sex),
        "too_young": row.applies_age_low_years is not None and person.age_years < row.applies_age_low_years,
        "too_old": row.applies_age_high_years is not None and person.age_years >= row.applies_age_high_years,
        "pregnant": row.applies_pregnancy == "never" and pregnant,
        "not_pregnant": row.applies_pregnancy == "only" and not pregnant,
        "other_condition": bool(row.applies_conditions) and not set(row.applies_conditions) & conditions_of(person),
    }
    if row.applies_low_magnesium_only:
        met["serum_unknown"] = not current(person, "serum-magnesium")
        met["serum_not_low"] = not met["serum_unknown"] and not low_serum(person)
    return [reason for reason, holds in met.items() if holds]
