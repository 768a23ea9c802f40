"""One salt: how much magnesium is in it, how it dissolves, what is absorbed, how the bowel takes it."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.computed import absorbed_share, elemental_of
from magnes.knowledge.names import FOOD_SALTS, NOT_ORAL_SALTS
from magnes.knowledge.records import Salt
from magnes.report.answers.paragraphs import Heading, Piece, cited, liner
from magnes.report.wording import amount, marked
from magnes.text import Language, in_language, number, translate

__all__ = ["salt_in_full"]

DOSES_MG = ("100", "300")


def salt_in_full(row: Salt, language: Language) -> Iterator[Piece]:
    """Return everything on one salt; absorption is computed, not looked up."""
    line = liner(language)
    yield Heading(in_language(row, "name", language), row.id)
    yield line("formula", row.formula)
    if row.formula:
        content = number(elemental_of(row.id, "1000").value, language)
        yield line("content", translate("answer.in_1000", language, amount=content))
    yield line("solubility", in_language(row, "solubility", language))
    if row.family not in (*FOOD_SALTS, *NOT_ORAL_SALTS):
        for dose in DOSES_MG:
            share = absorbed_share(row.id, dose)
            found = f"{dose} mg: {amount(share, language)}"
            yield line("absorbed_of", marked(found, language, verified=share.verified))
    studies = in_language(row, "bioavailability", language)
    yield line("studies", marked(studies, language, verified=row.bioavailability_verified))
    yield line("laxative", in_language(row, "laxative", language))
    yield line("remark", in_language(row, "note", language))
    keys = (*row.sources, *row.soluble_sources, *row.bioavailability_sources)
    yield cited(keys, language, verified=row.verified)
