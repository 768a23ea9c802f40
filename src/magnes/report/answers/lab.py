"""Laboratory values of magnesium: intervals and cut-offs side by side, and what makes a result other than it is."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.knowledge.ledger import LabInterference
from magnes.knowledge.load import table
from magnes.knowledge.records import LabReference
from magnes.report.answers.paragraphs import GAP, Heading, Piece, Said, cited
from magnes.report.wording import marked
from magnes.text import Language, in_language, number, translate

__all__ = ["laboratory"]

DECIMALS = 2


def laboratory(language: Language) -> Iterator[Piece]:
    """Return every reference and cut-off, then every interference; none of them is a diagnosis."""
    yield Heading(translate("answer.lab_references", language))
    for row in table(LabReference):
        bounds = _bounds(row, language)
        head = f"{in_language(row, 'analyte', language)}{f', {bounds}' if bounds else ''}"
        code = f" [LOINC {row.loinc}]" if row.loinc else ""
        text = f"{head}: {in_language(row, 'role', language)}{code}"
        yield Said(row.id, marked(text, language, verified=row.verified))
        yield Said("", in_language(row, "note", language))
    yield GAP
    yield Heading(translate("answer.lab_interference", language))
    for one in table(LabInterference):
        effect = translate(f"lab_effect.{one.effect}", language)
        yield Said(
            one.id, f"{in_language(one, 'test', language)}: {in_language(one, 'interferent', language)}: {effect}."
        )
        yield Said("", in_language(one, "mechanism", language))
        yield Said("", in_language(one, "what_to_do", language))
        yield cited(one.sources, language, verified=one.verified)


def _bounds(row: LabReference, language: Language) -> str:
    """Interval or one bound with its unit."""
    low, high = row.si_low, row.si_high
    if low is None and high is None:
        return ""
    shown = [number(part, language, DECIMALS) for part in (low, high) if part is not None]
    if low is not None and high is not None:
        text = translate("answer.range", language, low=shown[0], high=shown[1])
    else:
        text = f"{'>' if high is None else '<'} {shown[0]}"
    return f"{text} {row.si_unit}"
