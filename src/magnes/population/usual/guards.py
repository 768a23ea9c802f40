"""What a result of usual intake must not be used for: codes with a severity, ``refuse`` or ``warn``.

Refused is what has no meaning: no number is given. Warned is what has a meaning but may be wrong: the number comes with
the code. A share of people from their own shrunken means (BLUPs) is not offered at all: those lie too close together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from magnes.errors import InputProblems, Problem
from magnes.estimate import Record
from magnes.population.usual.fit import FEW_REPEATS, UsualFit

__all__ = ["SEVERITY", "Guard", "GuardCode", "fit_guards", "guard", "reference_guards", "stop"]

GuardCode = Literal[
    "single_day",
    "few_repeats",
    "no_variance_within",
    "no_variance_between",
    "lambda_at_bound",
    "two_humps",
    "levels_and_days_differ",
    "users_not_in_model",
    "ai_as_ear",
    "reference_not_ear",
    "total_against_limit",
]
Severity = Literal["refuse", "warn"]
REFUSED: tuple[GuardCode, ...] = (
    "single_day",
    "few_repeats",
    "no_variance_within",
    "ai_as_ear",
    "reference_not_ear",
    "total_against_limit",
)
SEVERITY: dict[GuardCode, Severity] = {code: "refuse" if code in REFUSED else "warn" for code in get_args(GuardCode)}


class Guard(Record):
    """One objection. ``found`` is the figure that it rests on: a count, a kind of reference value, a statistic."""

    code: GuardCode
    severity: Severity
    found: str = ""


def guard(code: GuardCode, found: object = "") -> Guard:
    """Return the guard of this code with its severity."""
    return Guard(code=code, severity=SEVERITY[code], found=str(found))


def fit_guards(fitted: UsualFit) -> tuple[Guard, ...]:
    """Return what speaks against a distribution from this fit; ``shape.shape_guards`` looks at the residuals."""
    found = [guard("single_day", fitted.n_days)] if fitted.n_repeated == 0 else []
    if 0 < fitted.n_repeated < FEW_REPEATS:
        found.append(guard("few_repeats", fitted.n_repeated))
    if fitted.var_within <= 0 or "no_variance_within" in fitted.warnings:
        found.append(guard("no_variance_within"))
    if fitted.var_between <= 0 or "no_variance_between" in fitted.warnings:
        found.append(guard("no_variance_between"))
    if "lambda_at_bound" in fitted.warnings:
        found.append(guard("lambda_at_bound", f"{fitted.lam:g}"))
    return tuple(found)


def reference_guards(kind: str, *, with_food: bool = True) -> tuple[Guard, ...]:
    """Return what speaks against comparing intakes with a reference value of this kind.

    A share below is only that of an inadequate intake for an EAR: an AI is refused, other kinds (RDA, RNI, LRNI) too.
    A UL or guidance level for magnesium holds for supplements and medicines: with food in the intake it is refused.
    """
    if kind in ("UL", "guidance"):
        return (guard("total_against_limit", kind),) if with_food else ()
    if kind == "AI":
        return (guard("ai_as_ear", kind),)
    return () if kind == "EAR" else (guard("reference_not_ear", kind),)


def stop(guards: Iterable[Guard]) -> tuple[Guard, ...]:
    """Raise ``InputProblems`` for what is refused, all at once; return the warnings."""
    found = tuple(guards)
    refused = [Problem(f"usual_{one.code}", found=one.found) for one in found if one.severity == "refuse"]
    if refused:
        raise InputProblems(refused)
    return found
