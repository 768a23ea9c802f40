"""What is wrong with gates or with a plan, by ``plan_checker``: empty when nothing is."""

from __future__ import annotations

from plan_checker import HIGH_SERUM_MMOL_PER_L, SMALLEST_PLAN_MG, cap_mg, forbidden, rows, taken_mg

from magnes.advice.dose_records import DosePlan
from magnes.advice.gates import Gates
from magnes.person import Person

ROUNDING_MG = 0.2  # mass fractions of the table have four digits


def judge_gates(person: Person, found: Gates) -> list[str]:
    """Compare closed gates and room with the second judge."""
    reasons = forbidden(person)
    room = cap_mg(person, person.authority or "") - taken_mg(person)
    wrong = []
    if reasons and not found.blocked:
        wrong.append(f"open in spite of {sorted(reasons)}")
    if not reasons and room < SMALLEST_PLAN_MG - ROUNDING_MG and not found.blocked:
        wrong.append(f"open with {room:.1f} mg left")
    if not reasons and room >= SMALLEST_PLAN_MG + ROUNDING_MG and found.blocked:
        wrong.append(f"closed without a reason: {[gate.code for gate in found.blocked]}")
    if found.blocked and found.most_mg_per_day:
        wrong.append("closed and still an amount")
    if not found.blocked and abs(found.most_mg_per_day - room) > ROUNDING_MG:
        wrong.append(f"{found.most_mg_per_day:.1f} mg allowed, {room:.1f} mg left")
    if any(not gate.to_whom or not gate.sources for gate in found.blocked):
        wrong.append("a closed gate without a way out or a source")
    return wrong


def judge_plan(person: Person, plan: DosePlan) -> list[str]:
    """Check every option of a plan against the tables; what the body closed has no row in a table."""
    by_body = [gate.code for gate in plan.gates.blocked if gate.code in ("serum_predicted_high", "labs_contradict")]
    wrong = [] if by_body else judge_gates(person, plan.gates)
    if "labs_contradict" in by_body and not person.labs:
        wrong.append("laboratory values contradict a model that got none")
    if plan.stopped and plan.options:
        wrong.append("stopped, with options")
    reasons, cap, taken = forbidden(person), cap_mg(person, person.authority or ""), taken_mg(person)
    laxative = {row["family"]: row["laxative_risk"] for row in rows("salts.csv")}
    for option in plan.options:
        dose = option.per_taking_mg * len(option.times)
        if reasons:
            wrong.append(f"an option in spite of {sorted(reasons)}")
        if taken + dose > cap + ROUNDING_MG:
            wrong.append(f"{dose} mg on {taken:.1f} mg passes {cap} mg")
        if option.serum_high.value >= HIGH_SERUM_MMOL_PER_L:
            wrong.append(f"predicted serum {option.serum_high.value}")
        if laxative[option.salt] == "very high" or option.salt in ("sulfate", "transdermal", "stearate"):
            wrong.append(f"{option.salt} is nothing to swallow for its magnesium")
        if option.dose.value != dose:
            wrong.append("the dose shown is not that of the takings")
    return wrong
