"""One medicine and magnesium, both ways: what to do, hours, how much, which flow, and who else is meant."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.advice.check import interactions_of
from magnes.knowledge.clinical import Brand, Interaction, Substance
from magnes.knowledge.ledger import Term
from magnes.knowledge.load import table
from magnes.knowledge.names import WHOLE_ATC, substance
from magnes.report.answers.paragraphs import GAP, Heading, Name, Piece, Plain, Said, cited, liner
from magnes.text import Language, in_language, number, translate

__all__ = ["medicine_in_full"]

MOST_NAMES = 10
# Directions in which too little time between the two does something to the medicine
MEDICINE_SUFFERS = ("mg_lowers_medicine_absorption", "mg_raises_medicine_effect")


def medicine_in_full(atc: str, asked: str, language: Language) -> Iterator[Piece]:
    """Return a medicine, or a group of them, with every interaction of its code or its name."""
    row = substance(atc)
    yield Heading(in_language(row, "name", language) if row else asked, atc)
    yield Said(translate("answer.names", language), ", ".join(_names(atc, row)))
    members = () if len(atc) in (0, WHOLE_ATC) else _members(atc)
    if members:
        yield GAP
        yield Plain(translate("answer.members", language))
        for member, rules in members:
            yield Name(member.atc, in_language(member, "name", language), " ".join(rules))
    rows = interactions_of(atc, asked)
    # "no interaction known" of a class must not stand above a member or a row that has one
    warned = bool(members) or any(one.direction != "none" for one in rows)
    found = [one for one in rows if one.direction != "none" or not warned]
    for one in found:
        yield GAP
        yield from _interaction(one, language)
    if not found and not members:
        yield Said("", translate("answer.no_interaction", language))


def _names(atc: str, row: Substance | None) -> list[str]:
    """Other spellings of the substance, then its brands."""
    own = [name for name in (row.names if row else ()) if name not in (row.name_nl, row.name_en)] if row else []
    brands = [brand.name for brand in table(Brand) if brand.atc == atc]
    return list(dict.fromkeys([*own, *brands]))[:MOST_NAMES]


def _members(group: str) -> tuple[tuple[Substance, list[str]], ...]:
    """Return members of a group that an interaction speaks of; which ones differs from member to member."""
    members = [row for row in table(Substance) if row.atc.startswith(group)]
    found = [(row, [one.id for one in interactions_of(row.atc) if one.severity != "none"]) for row in members]
    return tuple((row, rules) for row, rules in found if rules)


def _interaction(row: Interaction, language: Language) -> Iterator[Piece]:
    line = liner(language)
    seriousness = translate(f"row_severity.{row.severity}", language)
    way = translate(f"direction.{row.direction if row.severity != 'none' else 'none'}", language)
    yield Said(row.id, f"{in_language(row, 'substance', language)}: {way} ({seriousness})")
    yield line("do", in_language(row, "action", language))
    yield line("hours", _hours(row, language))
    yield line("effect", in_language(row, "effect", language))
    yield line("mechanism", in_language(row, "mechanism", language))
    yield line("acts_on", "; ".join(_term(term, language) for term in row.acts_on))
    yield cited(row.sources, language, verified=row.verified)


def _hours(row: Interaction, language: Language) -> str:
    """Hours in both orders; nothing for a row that is about no uptake."""
    given = (row.hours_before_mg, row.hours_after_mg)
    if given == (None, None):
        if row.severity == "avoid":
            return translate("answer.hours_no_help", language)
        return translate("answer.hours_unknown", language) if row.direction in MEDICINE_SUFFERS else ""
    before, after = (
        translate("answer.unknown", language) if part is None else _short(part, language) for part in given
    )
    return translate("answer.hours_both", language, before=before, after=after)


def _short(hours: float, language: Language) -> str:
    return translate("answer.at_least_hours", language, hours=number(hours, language, 0 if hours % 1 == 0 else 1))


def _term(term: str, language: Language) -> str:
    """Term of the body model with an arrow for its direction."""
    row = next(row for row in table(Term) if row.name == term[1:])
    return f"{'↑' if term[0] == '+' else '↓'} {in_language(row, 'name', language)}"
