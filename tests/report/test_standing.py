"""How a person stands in words and as a picture: the numbers of the record, in both languages, never certain."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from magnes.fit.individual import Individual
from magnes.fit.standing import Standing, standing
from magnes.report.standing import data_rows, standing_rows, standing_text
from magnes.report.standing_picture import standing_svg
from magnes.report.vega import WIDE
from magnes.text import LANGUAGES, Language, number

SVG = "{http://www.w3.org/2000/svg}"
TELEPHONE = 360
EVERYONE = ["fitted", "like_her", "refused", "no_serum", "little_albumin"]


@pytest.fixture
def stands(request: pytest.FixtureRequest) -> Standing:
    return standing(request.getfixturevalue(request.param))


def joined(text: str) -> str:
    return " ".join(text.split())


def figures(text: str) -> list[str]:
    """All numbers of a text, with a decimal point; dates have other words but the same numbers."""
    return sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(\d),(\d)", r"\1.\2", text)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_has_the_numbers_of_the_record(fitted: Individual, language: Language) -> None:
    # catches: a rounded, mixed up or forgotten number
    found = standing(fitted)
    text = joined(standing_text(found, language))
    for value in (found.serum.value, found.serum.low, found.serum.high):
        assert number(value, language, 2) in text
    for amount in (found.absorbed, found.urine):
        assert amount is not None
        for value in (amount.value, amount.low, amount.high):
            assert number(value, language) in text
    for row in found.data:
        assert row.fitted is not None
        for value in (row.measured.value, row.expected.value, row.fitted.value):
            assert number(value, language, 2) in text
    best = max(found.next_measurements, key=lambda row: row.narrower)
    assert f"{round(100 * best.narrower)} %" in text
    for left in found.shrinkage.values():
        assert f"{round(100 * left)} %" in text


@pytest.mark.parametrize("stands", EVERYONE, indirect=True)
def test_both_languages_say_the_same_numbers(stands: Standing) -> None:
    # catches: a fact that one language leaves out
    dutch, english = (figures(standing_text(stands, language)) for language in LANGUAGES)
    assert dutch == english


@pytest.mark.parametrize("stands", EVERYONE, indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_certain_and_nothing_is_a_diagnosis(stands: Standing, language: Language) -> None:
    # catches: a chance of 0 or 100 %, and a word that reads as a diagnosis
    for text in (standing_text(stands, language), standing_svg(stands, language)):
        chances = " ".join(cell.text for row in standing_rows(stands, language).rows for cell in row)
        assert not re.search(r"(?<![\d.,<>])(0|100) %", chances)
        assert not re.search(r"(?<![\d.,<>])0 %", text)
        said = re.findall(r"(\w+) +(?:a +)?diagnos", text)
        assert said
        assert set(said) <= {"geen", "not"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_chances_of_a_cut_off_stand_in_its_row(fitted: Individual, language: Language) -> None:
    # catches: bands under another heading, a marginal band where the cut-off leaves none
    found = standing(fitted)
    rows = standing_rows(found, language).rows
    assert len(rows) == len(found.chances) == 3
    for row, chances in zip(rows, found.chances, strict=True):
        assert number(chances.cut_off.value, language, 2) in row[0].text
        for cell, part in zip(row[1:], (chances.low, chances.marginal, chances.adequate, chances.high), strict=True):
            if cell.text == "–":
                assert chances.cut_off.value == 0.85
            elif 0.01 <= part <= 0.99:
                assert cell.text == f"{round(100 * part)} %"
            else:
                assert cell.text in ("<1 %", ">99 %", "1 %", "99 %")
    assert rows[-1][2].text == "–"


def test_a_contradiction_is_named_with_how_far_it_lies(refused: Individual) -> None:
    # catches: a fit that is shown although the values contradict the model, or the wrong value blamed
    found = standing(refused)
    text = joined(standing_text(found, "en"))
    assert found.basis == "measured_alone"
    assert found.contradicts is not None
    worst = found.data[found.contradicts]
    assert f"measured {number(worst.measured.value, 'en', 2)};" in text
    assert f"{number(abs(worst.surprise), 'en', 1)} standard deviations above" in text
    assert "1 in 1000" in text
    assert "only the measured value" in text
    assert "still open" not in text
    assert {row[3].text for row in data_rows(found, "en").rows} == {"–"}


def test_without_serum_a_contradiction_leaves_no_chances(no_serum: Individual) -> None:
    # catches: chances of people like this shown as if they were this person's
    found = standing(no_serum)
    assert found.basis == "contradicted"
    text = standing_text(found, "en")
    assert "standard deviations below" in joined(text)
    assert "Chance by cut-off" not in text
    assert "mmol/L (90 %" not in text
    assert "Chance" not in standing_svg(found, "en")


def test_people_like_you_are_called_that(like_her: Individual) -> None:
    # catches: people of this kind shown as this person
    text = joined(standing_text(standing(like_her), "nl"))
    assert "Er is geen meetwaarde van u" in text
    assert "Uw meetwaarden (" not in text
    assert "Wat nog open is" not in text


def test_albumin_changes_what_the_number_means(little_albumin: Individual, fitted: Individual) -> None:
    # catches: a converted serum beside the tube's own value on one axis
    found = standing(little_albumin)
    assert "omgerekend naar gewoon albumine" in standing_text(found, "nl")
    assert "gemeten 0,71" not in standing_svg(found, "nl")
    assert "gemeten 0,71" in standing_svg(standing(fitted), "nl")


@pytest.mark.parametrize("stands", EVERYONE, indirect=True)
@pytest.mark.parametrize("width", [WIDE, TELEPHONE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_what_it_shows_and_fits(stands: Standing, language: Language, width: int) -> None:
    # catches: broken markup, a picture without words, letters outside it or too small to read
    root = ElementTree.fromstring(standing_svg(stands, language, width))  # noqa: S314 - our own picture
    title, description = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert title.text
    assert description is not None
    for row in standing_rows(stands, language).rows:
        assert row[0].text in (description.text or "")
        assert all(cell.text in (description.text or "") for cell in row[1:] if cell.text != "–")
    for text in root.iter(f"{SVG}text"):
        assert float(text.get("font-size", "0")) >= 11
        assert 0 <= float(text.get("x", "-1")) <= width
    for box in root.iter(f"{SVG}rect"):
        assert float(box.get("x", "0")) + float(box.get("width", "0")) <= width
