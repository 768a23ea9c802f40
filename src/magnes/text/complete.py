"""Codes that people see and the texts that say them: every code of the records has both languages."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from magnes.advice.dose_records import Recheck
from magnes.advice.evidence import Applicability, Reason
from magnes.advice.gates import Cap, Gate
from magnes.errors import Problem
from magnes.estimate import Record
from magnes.knowledge import clinical, indications, ledger
from magnes.text import LANGUAGES, catalogue

__all__ = ["TOLD", "untold"]

# (record, field) -> beginning of the text ids of its codes
TOLD: tuple[tuple[type[Record], str, str], ...] = (
    (ledger.Statement, "verdict", "verdict"),
    (ledger.Function, "strength", "strength"),
    (ledger.Link, "evidence", "link"),
    (ledger.Sign, "stage", "stage"),
    (ledger.Sign, "specificity", "specificity"),
    (indications.Indication, "certainty", "certainty"),
    (indications.Indication, "certainty_basis", "certainty_basis"),
    (indications.Indication, "effect", "outcome"),
    (indications.Indication, "advice", "evidence_advice"),
    (indications.Indication, "route", "route"),
    (indications.Effect, "measure", "measure"),
    (indications.Effect, "design", "design"),
    (Applicability, "holds", "holds"),
    (clinical.Interaction, "direction", "direction"),
    (clinical.Interaction, "severity", "row_severity"),
    (ledger.LabInterference, "effect", "lab_effect"),
    (Gate, "code", "gate"),
    (Gate, "to_whom", "whom"),
    (Cap, "code", "cap"),
    (Recheck, "what", "recheck"),
)


def untold() -> tuple[Problem, ...]:
    """Return codes without a text in some language."""
    wanted = {
        f"{prefix}.{code}": f"{kind.__name__}.{field}" for kind, field, prefix in TOLD for code in _codes(kind, field)
    }
    wanted |= {f"reason.{code}": "Applicability.reasons" for code in get_args(Reason)}
    return tuple(
        Problem("knowledge_untold", f"text/{language}.po", None, field, text_id, "nl, en")
        for text_id, field in wanted.items()
        for language in LANGUAGES
        if not catalogue(language).get(text_id)
    )


def _codes(kind: type[Record], field: str) -> list[str]:
    annotation: Any = kind.model_fields[field].annotation
    return [code for code in get_args(annotation) if code] if get_origin(annotation) is Literal else []
