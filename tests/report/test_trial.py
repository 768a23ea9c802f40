"""A trial in words and as a picture: numbers of the result, in both languages."""

from __future__ import annotations

import re

import pytest

from magnes.population.people import people
from magnes.population.power import power_of, size_of
from magnes.population.trial import TrialResult, run
from magnes.population.trial_course import Crowd
from magnes.population.trial_spec import Dose, design_of
from magnes.report.trial import power_text, size_text, trial_text
from magnes.report.trial_picture import trial_chart, trial_svg
from magnes.text import LANGUAGES, Language

ARMS = {"control": None, "citrate": Dose("citrate", 112.5, 2)}


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd.of(people(24, each_own_parameters=False))


@pytest.fixture(scope="module")
def found(crowd: Crowd) -> TrialResult:
    return run(crowd, design_of(ARMS, days=21, measure_days=(7, 21)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_the_numbers_of_the_result(found: TrialResult, language: Language) -> None:
    # catches: a number of another arm or day, an English decimal sign in Dutch, a note that is missing
    text = trial_text(found, language)
    sign = "," if language == "nl" else "."
    for visit in found.visits:
        assert f"{visit.mean:.3f}".replace(".", sign) in text
    assert f"{found.differences[0].effect.value:.3f}".replace(".", sign) in text
    assert f"112{sign}5 mg" in text
    assert found.provenance["knowledge"] in text
    assert {"nl": "geen advies", "en": "not advice"}[language] in text
    assert max(map(len, text.splitlines())) < 121


def test_a_p_value_is_never_zero(found: TrialResult) -> None:
    # catches: p = 0.000
    assert not re.search(r"p = 0\.000", trial_text(found, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_what_it_shows(found: TrialResult, language: Language) -> None:
    # catches: a picture without title or words, a table twin of other numbers
    chart = trial_chart(found, language)
    svg = trial_svg(found, language)
    assert 'role="img"' in svg
    assert chart.title in svg.replace("&#39;", "'")
    assert all(name in chart.alternative for name in ARMS)
    assert len(chart.rows) == len(found.visits)
    assert len(chart.header) == len(chart.rows[0])
    values = chart.spec["data"]["values"]
    assert {(row["arm"], row["day"]) for row in values} == {(arm, day) for arm in ARMS for day in (0, 7, 21)}


def test_lines_are_known_without_their_colour(found: TrialResult) -> None:
    # catches: arms that only a colour tells apart
    lines = [layer for layer in trial_chart(found, "en").spec["layer"] if layer["mark"]["type"] == "line"]
    assert [layer["encoding"]["strokeDash"]["field"] for layer in lines] == ["arm"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_power_and_size_in_words(crowd: Crowd, language: Language) -> None:
    # catches: a share told as a percentage or the other way round
    design = design_of(ARMS, days=21)
    (power,) = rows = power_of(crowd, design, number=20, trials=50, alpha=0.05)
    assert f"{100 * power.power:.1f}".replace(".", "," if language == "nl" else ".") in power_text(rows, language)
    size = size_of(crowd, design, target=0.8, trials=50, alpha=0.05)
    assert f" {size.people} " in size_text(size, language)
    assert "80 %" in size_text(size, language)
