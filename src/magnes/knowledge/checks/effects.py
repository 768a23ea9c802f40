"""Effects on the body model: a parameter that exists, one published effect or none, the direction of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from magnes.errors import Problem, nearest
from magnes.knowledge.body_effects import SOLVED, BodyEffect, ConditionEffect, MedicineEffect
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.checks.common import atc_codes, wrong
from magnes.knowledge.clinical import Condition, Interaction
from magnes.knowledge.load import located, table
from magnes.knowledge.names import ATC
from magnes.knowledge.rows import Located
from magnes.knowledge.targets import Target

__all__ = ["effects_are_sound"]

ORGANS = ("gut", "kidney")  # first words of parameters and of the terms in ``acts_on``


def effects_are_sound() -> Iterator[Problem]:
    """Find a factor of nothing, an effect tuned on a row kept to validate, a direction other than in the ledger."""
    effects: list[Located[Any]] = [*located(MedicineEffect), *located(ConditionEffect)]
    parameters = {row.name for row in table(BodyParameter) if row.role in ("factor", "input")} | set(SOLVED)
    known = {
        "factor": parameters,
        "target": {row.id for row in table(Target) if row.use == "calibrate"},
        "background": {at.row.id for at in effects},
        "conditions": {row.id for row in table(Condition)},
    }
    for at in effects:
        for field, allowed in known.items():
            value = getattr(at.row, field, ())
            for key in (value,) if isinstance(value, str) else value:
                if key and key not in allowed:
                    yield wrong("reference", at, field, key, nearest=nearest(key, allowed))
        yield from _published(at)
    yield from _medicines()


def _published(at: Located[Any]) -> Iterator[Problem]:
    """Find a measure without one published effect, in the table of targets or here, whole and with its unit."""
    row: BodyEffect = at.row
    here = (row.effect_value, row.effect_low, row.effect_high)
    own = None not in here and bool(row.effect_unit)
    if any(number is not None for number in here) != own:
        yield wrong("blank", at, "effect_value")
    if bool(row.measure) != (own != bool(row.target)) or (own and row.target):
        yield wrong("range", at, "measure", row.measure, "target | effect_value, effect_low, effect_high, effect_unit")


def _medicines() -> Iterator[Problem]:
    said: dict[str, set[str]] = {}
    for at in located(Interaction):
        said.setdefault(at.file, set()).update(at.row.acts_on)
    known = atc_codes()
    for at in located(MedicineEffect):
        row = at.row
        for code in (*row.atc, *row.atc_exclude):
            if not ATC.fullmatch(code):
                yield wrong("no_atc", at, "atc", code, "A02BC, A02BC01")
        if not any(code in known for code in row.atc):
            yield wrong("no_medicine", at, "atc", " ".join(row.atc))
        organ = next((name for name in ORGANS if row.factor.startswith(name)), "")
        sign = "+" if row.value > 1 else "-"
        terms = said.get(at.file, set())
        if terms and organ and not any(term.startswith(f"{sign}{organ}_") for term in terms):
            yield wrong("term", at, "factor", row.factor, " ".join(sorted(terms)))
