"""Medicine, salt and laboratory as text: every row can be told, hours in the right order, unknown never silent."""

from __future__ import annotations

import pytest

from magnes.advice.check import interactions_of
from magnes.knowledge.clinical import Interaction, Substance
from magnes.knowledge.ledger import LabInterference
from magnes.knowledge.load import table
from magnes.knowledge.records import LabReference, Salt
from magnes.report.answers.lab import laboratory
from magnes.report.answers.medicine import medicine_in_full
from magnes.report.answers.paragraphs import WIDTH, lines
from magnes.report.answers.salt import salt_in_full
from magnes.text import LANGUAGES, Language


def text(told: list[str]) -> str:
    assert all(len(line) <= WIDTH or " " not in line.strip() for line in told), max(told, key=len)
    return " ".join(" ".join(told).split())


def a_member(row: Interaction) -> str:
    """Code of a medicine of the row; for a row that says "none known", one without any other row."""
    known = [one.atc for one in table(Substance) if row.concerns(one.atc)]
    alone = [atc for atc in known if all(other.direction == "none" for other in interactions_of(atc))]
    return next(iter(alone if row.direction == "none" else known), row.atc[0] if row.atc else "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", table(Interaction), ids=lambda row: row.id)
def test_every_interaction_can_be_told(row: Interaction, language: Language) -> None:
    # catches: an action or a source left out, a placeholder left open
    told = text(list(lines(medicine_in_full(a_member(row), row.names[0] if row.names else "x", language))))
    assert row.id in told
    assert " ".join((row.action_nl if language == "nl" else row.action_en).split()) in told
    assert row.sources[0] in told
    assert "{" not in told


def test_hours_stand_in_the_right_order() -> None:
    # catches: before and after exchanged
    told = text(list(lines(medicine_in_full("J01MA02", "ciproxin", "en"))))
    row = next(row for row in table(Interaction) if row.id == "INT004")
    assert (
        f"medicine first: at least {row.hours_before_mg:g} h; magnesium first: at least {row.hours_after_mg:g} h"
        in told
    )


def test_blank_hours_are_said() -> None:
    # catches: unknown hours that read as none needed
    assert "niet bekend; onbekend is niet veilig" in text(list(lines(medicine_in_full("N04BA02", "sinemet", "nl"))))
    half = text(list(lines(medicine_in_full("N02BF01", "gabapentine", "nl"))))
    assert "eerst het medicijn: niet bekend" in half
    assert "uren ertussen helpen niet genoeg" in text(list(lines(medicine_in_full("J05AJ01", "isentress", "nl"))))


def test_a_group_lists_its_members_and_no_more() -> None:
    # catches: one rule of a group told for all of them
    told = list(lines(medicine_in_full("C03", "plastablet", "nl")))
    members = {line.split()[0]: line.split()[-1] for line in told if line.startswith("  C03")}
    assert members["C03AA03"] == "INT057"
    assert members["C03DB01"] == "INT058"


def test_a_medicine_without_interaction_says_that_the_list_is_not_complete() -> None:
    # catches: silence that reads as safe
    assert "niet volledig" in text(list(lines(medicine_in_full("N02BE01", "paracetamol", "nl"))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", table(Salt), ids=lambda row: row.id)
def test_every_salt_can_be_told(row: Salt, language: Language) -> None:
    # catches: absorption computed for food or for the skin, a salt without source
    told = text(list(lines(salt_in_full(row, language))))
    assert row.sources[0] in told
    computed = "Opname (berekend)" if language == "nl" else "Absorbed (computed)"
    assert (computed in told) == (row.family not in ("mineral-water", "almonds", "transdermal", "stearate"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_laboratory_page_is_complete(language: Language) -> None:
    # catches: a cut-off without its meaning, an interference without what to do
    told = text(list(lines(laboratory(language))))
    for row in table(LabReference):
        assert row.id in told
    for one in table(LabInterference):
        assert one.id in told
    assert ("0,70 tot 1,00" if language == "nl" else "0.70 to 1.00") in told
