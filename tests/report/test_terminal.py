"""The summary in the terminal: every number of the record, in both languages, within the width."""

import re

import pytest

from magnes.need import need
from magnes.report.build import Assessment
from magnes.report.statements import need_lines
from magnes.report.terminal import summary
from magnes.report.wording import amount, food_name, percent
from magnes.text import LANGUAGES, Language, finding_text, translate


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_the_record_are_there(anna: Assessment, language: Language) -> None:
    # catches: a number left out or printed from somewhere else
    text = flat(summary(anna, language))
    for estimate in (
        anna.intake.food,
        anna.intake.supplements,
        anna.intake.medicines,
        anna.need.recommended,
        anna.need.usual,
        anna.limit.limit,
        anna.limit.amount,
        anna.absorbed.per_day,
        anna.absorbed.from_supplements,
    ):
        assert amount(estimate, language) in text
    assert f"{percent(anna.absorbed.fraction.value, language)} %" in text
    for row in anna.intake.contributions:
        if row.kind != "supplement":
            assert food_name(row, language) in text
    for cut_off in ("0,70", "0,75", "0,85") if language == "nl" else ("0.70", "0.75", "0.85"):
        assert cut_off in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_there_most_serious_first(found: Assessment, language: Language) -> None:
    # catches: a finding dropped, or a stop below the fold
    text = flat(summary(found, language))
    section = text[text.index(translate("report.findings", language).upper()) :]
    places = [section.index(flat(finding_text(finding, language))) for finding in found.findings]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_date_and_disclaimer(anna: Assessment, language: Language) -> None:
    # catches: an unverified number without its mark, an answer that cannot be traced
    text = flat(summary(anna, language))
    assert f"{amount(anna.intake.food, language)} {translate('estimate.unverified', language)}" in text
    assert anna.provenance.knowledge in text
    assert anna.provenance.engine in text
    assert translate("disclaimer.information", language) in text
    assert translate("disclaimer.show", language) in text


@pytest.mark.parametrize("width", [40, 60, 88, 120])
def test_lines_keep_to_the_width(found: Assessment, width: int) -> None:
    # catches: lines that a narrow terminal breaks in the middle of a number
    for line in summary(found, "nl", width).splitlines():
        assert len(line) <= width


def test_typical_person_fits_a_screen(anna: Assessment) -> None:
    # catches: an answer that grows until it has to be scrolled for (70 lines: four findings, a lab value)
    assert len(summary(anna, "nl").splitlines()) <= 72


def test_unknown_is_said_and_never_zero(gaps: Assessment, bare: Assessment) -> None:
    # catches: an unknown amount shown as a plain 0, an unmatched food that vanishes
    text = flat(summary(gaps, "nl"))
    assert "minstens 0 mg per dag" in text
    assert "<img src=x onerror=alert(1)>" in text
    assert "21 nov 2026 is onvolledig" in text
    assert "Dagen zonder aantekeningen: 20 nov 2026" in text
    assert "Eten en drinken niet bekend" in flat(summary(bare, "nl"))


def test_ansi_only_on_request(anna: Assessment) -> None:
    # catches: escape codes in a file or a pipe, and a label that steers the terminal
    nasty = anna.model_copy(update={"person": anna.person.model_copy(update={"label": "A\x1b[2J\nB"})})
    assert "\x1b" not in summary(nasty, "nl")
    assert "A [2J B" in summary(nasty, "nl")
    coloured = summary(anna, "nl", color=True)
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == summary(anna, "nl")


def test_adequate_intake_is_no_requirement(anna: Assessment, gaps: Assessment) -> None:
    # catches: "probability of adequacy" said of an AI, and the AI warning missing
    assert "toereikendheid niets te zeggen" in flat(summary(anna, "nl"))
    assert "inname toereikend is" not in flat(summary(anna, "nl"))
    assert "Kans dat de gewone inname toereikend is" in flat(summary(gaps, "nl"))
    assert "adequate inname" not in flat(summary(gaps, "nl")).casefold()


def test_days_needed(gaps: Assessment) -> None:
    # catches: "enough" when more days are needed, or "30 days are not enough" when nothing was computed
    said = [line.text for line in need_lines(gaps, "en")]
    asked = gaps.need.days_needed
    expected = "even 30 days" if asked is None else "enough" if asked <= gaps.need.n_days else f" {asked} complete days"
    assert sum(expected in text for text in said) == 1
    none = gaps.model_copy(update={"need": gaps.need.model_copy(update={"probability": None, "days_needed": None})})
    assert not any("30 days" in line.text for line in need_lines(none, "en"))


def test_same_assessment_same_text(anna: Assessment) -> None:
    # catches: an order that depends on the run
    assert summary(anna, "en") == summary(anna, "en")
    assert need(anna.person, anna.intake, anna.need.authority) == anna.need
