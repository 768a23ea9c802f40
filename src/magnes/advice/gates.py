"""Safety gates before any dose: what closes the way, to whom to go then, and how much is left when it is open.

A closed gate ends the planning; an open one still bounds the amount. What is not known closes a gate where it matters:
an amount, a medicine, a condition, the kidneys. Magnesium into a vein is never planned, by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import Field

from magnes.advice.finding import Finding
from magnes.advice.labs import HIGH_SERUM, lab_findings
from magnes.advice.safety import contraindications
from magnes.advice.unknown import KIDNEY_CONDITIONS, OLD_YEARS, conditions_of, interactions_of, unknown_findings
from magnes.estimate import Estimate, Record
from magnes.intake import Intake
from magnes.knowledge.clinical import Contraindication, Interaction
from magnes.knowledge.load import table
from magnes.knowledge.parameters import parameter
from magnes.need import LimitCheck, limit
from magnes.person import Medicine, Person
from magnes.products import MG_PER_DAY
from magnes.reference import DEFAULT_AUTHORITY, limit_value, reference_estimate
from magnes.status import lab_bound, lab_reference

__all__ = [
    "LEAST_DOSE_MG", "Cap", "CapCode", "Gate", "GateCode", "Gates", "Whom", "contradiction_gate", "gates",
    "serum_bound", "serum_gate", "taken_mg",
]  # fmt: skip

Whom = Literal[
    "gp", "pharmacist", "cardiologist", "nephrologist", "neurologist", "urologist", "paediatrician", "midwife",
    "emergency", "hospital",
]  # fmt: skip
GateCode = Literal[
    "contraindicated",
    "hospital_only",
    "interaction_avoid",
    "egfr_needed",
    "lab_high",
    "lab_very_low",
    "amount_unknown",
    "products_not_asked",
    "medicine_unknown",
    "medicine_group_open",
    "condition_unknown",
    "no_room",
    "serum_predicted_high",
    "labs_contradict",
    "caution",
    "monitor",
    "egfr_unknown",
    "lab_low",
    "medicine_raises_mg",
    "medicine_group",
    "limit_borrowed",
]
CapCode = Literal["limit", "limit_borrowed", "no_limit", "rule", "egfr_unknown"]

LEAST_DOSE_MG = 50.0  # less in a day is not worth a tablet (design choice)
# Whom a rule of the table sends to; a rule that is not named here sends to the GP (design choice)
WHOM_CONDITION: dict[str, Whom] = {
    "heart-block": "cardiologist",
    "bradycardia": "cardiologist",
    "torsade-de-pointes": "hospital",
    "myasthenia-gravis": "neurologist",
    "neuromuscular-disease": "neurologist",
    "bowel-obstruction": "emergency",
    "kidney-failure": "nephrologist",
    "dialysis": "nephrologist",
    "anuria": "nephrologist",
    "struvite-stones": "urologist",
    "pregnancy": "midwife",
    "breastfeeding": "midwife",
    "eclampsia": "hospital",
    "liver-failure": "hospital",
}
WHOM_CRITERION: dict[str, Whom] = {"egfr": "nephrologist", "age": "paediatrician"}
# What is not known: a code of ``unknown_findings`` that closes the way -> whom to ask
WHOM_UNKNOWN: dict[str, Whom] = {
    "amount_unknown": "pharmacist",
    "medicine_unknown": "pharmacist",
    "medicine_group_open": "pharmacist",
    "condition_unknown": "gp",
}
CLOSING_LABS = ("lab_high", "lab_very_low")
GATE_LABS = (*CLOSING_LABS, "lab_low")  # what urine tells is for the report
# Given mostly in kidney disease, after a kidney transplant, or with the kidneys watched (design choice): binders of
# phosphate and potassium, erythropoietin, calcimimetics, ciclosporin and tacrolimus, cisplatin, lithium
KIDNEY_MEDICINES = ("V03AE", "B03XA", "H05BX", "L04AD", "L01XA01", "N05AN")
TOGETHER = ("mixed", "additive")  # directions of rows about the two in one body, not in one bowel
SPLIT_LIMITS = {"bfr-2017": 2}  # this limit holds for an amount in at least two takings (limits.csv RV144)


class Gate(Record):
    """One reason not to plan, or to be careful: ``code`` names the text, ``facts`` fill it, ``to_whom`` to go.

    Subject and action are those of the table row ``rule``, where one stands behind it.
    """

    code: GateCode
    to_whom: Whom
    rule: str = ""
    subject_nl: str = ""
    subject_en: str = ""
    action_nl: str = ""
    action_en: str = ""
    facts: dict[str, str | float] = Field(default_factory=dict)
    sources: tuple[str, ...]
    verified: bool


class Cap(Record):
    """A bound on supplements and medicines together [mg/d] and what sets it."""

    code: CapCode
    rule: str = ""
    subject_nl: str = ""
    subject_en: str = ""
    most: Estimate


class Gates(Record):
    """What is allowed: nothing when ``blocked``, else at most ``most_mg_per_day`` more from supplements.

    ``caps`` begins with the lowest one. ``taken_mg``: from supplements and medicines now, as labelled.
    ``fewest_takings``: in how many takings a day the limit wants the amount.
    """

    authority: str
    blocked: tuple[Gate, ...]
    cautions: tuple[Gate, ...]
    caps: tuple[Cap, ...]
    taken_mg: float
    most_mg_per_day: float
    fewest_takings: int

    @property
    def cap(self) -> Cap:
        """Return the cap that counts: the lowest."""
        return self.caps[0]


def gates(person: Person, eaten: Intake, authority_id: str) -> Gates:
    """Judge whether magnesium may be planned for a person, and how much; ``KeyError`` for another authority."""
    check = limit(person, eaten, authority_id)
    rows = [row for row in contraindications(person) if not _repeats(row)]
    found = (
        *(_of_row(row) for row in rows),
        *(_of_interaction(row, medicine) for row, medicine in _interactions(person)),
        *_kidneys(person),
        *(_of_lab(finding) for finding in lab_findings(person) if finding.code in GATE_LABS),
        *_unknown(person, eaten, check),
    )
    caps = tuple(sorted((*_limit_cap(person, check), *_row_caps(rows), *_kidney_cap(person)), key=_cap_mg))
    taken = taken_mg(eaten)
    room = caps[0].most.value - taken
    blocked = tuple(gate for gate, closes in found if closes)
    cautions = tuple(gate for gate, closes in found if not closes and _says_more(gate))
    if not blocked and room < LEAST_DOSE_MG:
        blocked = (_no_room(caps[0], taken),)
    return Gates(
        authority=check.authority,
        blocked=blocked,
        cautions=(*cautions, *_borrowed(caps)),
        caps=caps,
        taken_mg=taken,
        most_mg_per_day=0.0 if blocked else room,
        fewest_takings=SPLIT_LIMITS.get(check.authority, 1),
    )


def taken_mg(eaten: Intake) -> float:
    """Magnesium a day from supplements and medicines as labelled [mg]; a salt without its water counts at its most.

    A limit is set on amounts as labelled, so that the spread of labels is left out on both sides.
    """
    label = parameter("supplement_label_ratio")
    own = (row.magnesium.high for row in eaten.contributions if row.kind in ("supplement", "medicine"))
    return round(sum(own) / label.high, 3)  # so that 100 of 250 mg leave 150 and not almost 150


def serum_bound() -> Estimate:
    """Return the serum magnesium that a prediction must stay below [mmol/L]: where high magnesium begins."""
    return lab_bound("high", lab_reference(HIGH_SERUM))


def serum_gate(high_mmol_per_l: float) -> Gate | None:
    """Return the closed gate when the 97.5 % point of a predicted serum magnesium reaches the bound, else ``None``."""
    bound = serum_bound()
    if high_mmol_per_l < bound.value:
        return None
    facts: dict[str, str | float] = {"value": high_mmol_per_l, "bound": bound.value}
    sources = (*bound.sources, "MAGNES-FIT")
    return Gate(
        code="serum_predicted_high", to_whom="gp", rule=HIGH_SERUM, facts=facts, sources=sources, verified=False
    )


def contradiction_gate(chance: float, bound: float) -> Gate | None:
    """Return the closed gate when laboratory values are rarer than ``bound`` in people of this kind, else ``None``."""
    if chance >= bound:
        return None
    return Gate(code="labs_contradict", to_whom="gp", sources=("MAGNES-FIT", "MAGNES-DESIGN"), verified=False)


Judged = tuple[Gate, bool]  # a gate and whether it is closed


def _of_row(row: Contraindication) -> Judged:
    """Judge a rule that applies: a stop and what belongs in hospital close, the others ask for care or set a cap."""
    closes = row.level in ("stop", "out-of-scope")
    code: GateCode = "monitor" if row.level == "monitor" else "caution"
    if closes:
        code = "contraindicated" if row.level == "stop" else "hospital_only"
    gate = Gate(
        code=code,
        to_whom=WHOM_CONDITION.get(row.condition) or WHOM_CRITERION.get(row.criterion_code, "gp"),
        rule=row.id,
        subject_nl=row.condition_nl,
        subject_en=row.condition_en,
        action_nl=row.rule_nl,
        action_en=row.rule_en,
        sources=row.sources,
        verified=row.verified,
    )
    return gate, closes


def _repeats(row: Contraindication) -> bool:
    """Whether a rule on a drip only says in other words what the same condition forbids by mouth."""
    stopped = {other.condition for other in table(Contraindication) if other.level == "stop"}
    return row.level == "out-of-scope" and row.condition in stopped


def _says_more(gate: Gate) -> bool:
    """Whether a caution is one: the row on good kidneys only says that nothing is wrong."""
    return gate.rule not in {row.id for row in table(Contraindication) if row.level == "none"}


def _interactions(person: Person) -> Iterator[tuple[Interaction, Medicine]]:
    """Interactions that no clock time solves: not together at all, or magnesium that rises by itself."""
    for medicine in person.medicines:
        for row in interactions_of(medicine.atc, medicine.name):
            raises = row.direction == "medicine_raises_mg" and row.severity != "none"
            if _not_together(row) or raises:
                yield row, medicine


def _not_together(row: Interaction) -> bool:
    """Whether a medicine and magnesium do not go together at any hour."""
    return row.severity == "avoid" or (row.severity == "major" and row.direction in TOGETHER)


def _of_interaction(row: Interaction, medicine: Medicine) -> Judged:
    closes = _not_together(row)
    gate = Gate(
        code="interaction_avoid" if closes else "medicine_raises_mg",
        to_whom="pharmacist",
        rule=row.id,
        subject_nl=row.substance_nl,
        subject_en=row.substance_en,
        action_nl=row.action_nl,
        action_en=row.action_en,
        facts={"name": medicine.name},
        sources=row.sources,
        verified=row.verified,
    )
    return gate, closes


def _kidneys_doubtful(person: Person) -> bool:
    """Whether age, a condition or a medicine makes the kidney function something to know first (design choice)."""
    hinted = any(medicine.atc.startswith(KIDNEY_MEDICINES) for medicine in person.medicines)
    return person.age_years >= OLD_YEARS or hinted or bool(conditions_of(person) & KIDNEY_CONDITIONS)


def _kidneys(person: Person) -> Iterator[Judged]:
    """Without a kidney function: closed where kidneys may be poor, else a caution with the lowest cap of the tiers."""
    if person.egfr_ml_min_1_73m2 is not None:
        return
    closes = _kidneys_doubtful(person)
    code: GateCode = "egfr_needed" if closes else "egfr_unknown"
    yield Gate(code=code, to_whom="gp", sources=("MAGNES-DESIGN",), verified=False), closes


def _of_lab(finding: Finding) -> Judged:
    """Judge a laboratory value: too high, and so low that a doctor has to treat it, close; low asks for a look."""
    closes = finding.code in CLOSING_LABS
    gate = Gate(
        code=_code(finding.code),
        to_whom="gp",
        rule=finding.rule,
        facts=finding.facts,
        sources=finding.sources,
        verified=finding.verified,
    )
    return gate, closes


def _code(text: str) -> GateCode:
    """Return the code of a finding as a code of a gate; ``KeyError`` for one that gates do not know."""
    known: dict[str, GateCode] = {code: code for code in get_args(GateCode)}
    return known[text]


def _unknown(person: Person, eaten: Intake, check: LimitCheck) -> Iterator[Judged]:
    """Judge what could not be checked; the kidneys are judged apart."""
    if not eaten.products_asked:
        yield Gate(code="products_not_asked", to_whom="pharmacist", sources=("MAGNES-DESIGN",), verified=False), True
    for finding in unknown_findings(person, eaten, check):
        if finding.code not in ("egfr_needed", "egfr_unknown"):
            whom = WHOM_UNKNOWN.get(finding.code, "pharmacist")
            gate = Gate(
                code=_code(finding.code),
                to_whom=whom,
                facts=finding.facts,
                sources=finding.sources,
                verified=finding.verified,
            )
            yield gate, finding.code in WHOM_UNKNOWN


def _cap_mg(cap: Cap) -> float:
    return cap.most.value


def _limit_cap(person: Person, check: LimitCheck) -> Iterator[Cap]:
    """Return the limit of the authority; one that has none at this age borrows that of the default authority.

    Where that one has none either, nothing is allowed: no limit is never taken for no bound.
    """
    if check.limit is not None:
        yield Cap(code="limit", rule=check.authority, most=check.limit)
        return
    name, row = limit_value(DEFAULT_AUTHORITY, person)
    borrowed = reference_estimate(row)
    if borrowed is not None:
        yield Cap(code="limit_borrowed", rule=name, most=borrowed)
        return
    nothing = Estimate.exact(0.0, MG_PER_DAY, ("MAGNES-DESIGN",), verified=False)
    yield Cap(code="no_limit", rule=check.authority, most=nothing)


def _row_caps(rows: list[Contraindication]) -> Iterator[Cap]:
    """Caps of the rules that apply."""
    for row in rows:
        if row.max_supplement_mg is not None:
            most = Estimate.exact(row.max_supplement_mg, MG_PER_DAY, row.sources, verified=row.verified)
            names = {"subject_nl": row.condition_nl, "subject_en": row.condition_en}
            yield Cap(code="rule", rule=row.id, **names, most=most)


def _kidney_cap(person: Person) -> Iterator[Cap]:
    """Without a kidney function: the lowest cap of all tiers that allow any, right in each of them (design choice)."""
    if person.egfr_ml_min_1_73m2 is not None:
        return
    egfr_rows = (row for row in table(Contraindication) if row.criterion_code == "egfr")
    tiers = {row.max_supplement_mg: row for row in egfr_rows if row.max_supplement_mg}
    lowest_mg = min(tiers)
    lowest = tiers[lowest_mg]
    most = Estimate.exact(lowest_mg, MG_PER_DAY, (*lowest.sources, "MAGNES-DESIGN"), verified=False)
    yield Cap(code="egfr_unknown", rule=lowest.id, most=most)


def _no_room(cap: Cap, taken: float) -> Gate:
    return Gate(
        code="no_room",
        to_whom="pharmacist",
        rule=cap.rule,
        subject_nl=cap.subject_nl,
        subject_en=cap.subject_en,
        facts={"cap_mg": cap.most.value, "taken_mg": taken, "least_mg": LEAST_DOSE_MG},
        sources=cap.most.sources,
        verified=cap.most.verified,
    )


def _borrowed(caps: tuple[Cap, ...]) -> Iterator[Gate]:
    """Say that the limit is another authority's."""
    for cap in caps:
        if cap.code == "limit_borrowed":
            facts: dict[str, str | float] = {"authority": cap.rule, "cap_mg": cap.most.value}
            yield Gate(
                code="limit_borrowed",
                to_whom="pharmacist",
                rule=cap.rule,
                facts=facts,
                sources=cap.most.sources,
                verified=cap.most.verified,
            )
