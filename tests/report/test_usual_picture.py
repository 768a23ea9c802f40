"""The picture of usual intake: drawn in both languages, said in words, and the same in its table."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from synthetic_survey import write_survey

from magnes.population.survey_days import MODELS, rows_of_survey
from magnes.population.survey_usual import Choices, Note, usual_of_survey
from magnes.population.usual.distribution import Distribution
from magnes.readers.nhanes import read_survey
from magnes.report.usual import notes_text
from magnes.report.usual_picture import usual_chart
from magnes.report.vega import NARROW, interactive, spoken_svg, to_svg
from magnes.text import LANGUAGES, Language, number

COLUMNS = ("mean", "p5", "p25", "p50", "p75", "p95", "pct_below_EAR", "pct_inadequate_prob")
MEN = (329.3, 185.1, 257.2, 318.2, 389.3, 511.2, 54.74, 54.09)
ALL = (340.2, 190.1, 265.2, 328.7, 402.6, 529.3, 56.44, 55.71)


def found(*, replicates: bool = True, ears: bool = True) -> Distribution:
    names = COLUMNS if ears else COLUMNS[:6]
    both = np.array([MEN, ALL])[:, : len(names), None]
    values = np.concatenate([both, both + 3.0, both - 3.0], axis=2) if replicates else both
    return Distribution(
        by="group",
        groups=("M 19-30", "all"),
        n=(884, 4767),
        ear_mg=(330.0, float("nan")) if ears else None,
        values={name: values[:, place] for place, name in enumerate(names)},
        scale=np.array([0.5, 0.5]) if replicates else None,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [760, NARROW])
def test_it_is_drawn_with_every_group_and_the_ear_where_there_is_one(language: Language, width: int) -> None:
    # catches: a specification that Vega refuses, a group left out, a diamond for people of different EARs
    chart = usual_chart(found(), language, width)
    assert chart is not None
    svg = spoken_svg(chart.spec, chart.alternative)
    assert svg == spoken_svg(chart.spec, chart.alternative)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture
    words = " ".join(root.itertext())
    everybody = {"nl": "allen", "en": "all"}[language]
    below = {"nl": "54,7 % eronder", "en": "54.7 % below"}[language]
    assert "M 19-30" in words
    assert everybody in words
    assert words.count(below) == 1
    assert chart.alternative in words
    assert to_svg(interactive(chart.spec))


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_and_words_have_the_same_numbers(language: Language) -> None:
    # catches: a column under the wrong head, the standard error of another column, an EAR without its source
    chart = usual_chart(found(), language, ear_sources=("TARL15",))
    assert chart is not None
    assert all(len(row) == len(chart.header) == 7 for row in chart.rows)
    men = [line.text for line in chart.rows[0]]
    assert men[0] == "M 19-30"
    assert men[1] == "884"
    assert men[2].startswith("329")
    assert number(3.0, language, 1) in men[2]
    assert men[3].startswith("318")
    assert men[4] == "185 – 511"
    assert men[5] == "330"
    assert chart.rows[0][5].sources == ("TARL15",)
    assert men[6].startswith(number(54.74, language, 1))
    assert chart.rows[1][5].text == "–"
    for text in ("318", "185", "511", "330", number(54.74, language, 1)):
        assert text in chart.alternative


def test_without_ear_and_replicates() -> None:
    # catches: columns of nothing, a standard error of 0
    chart = usual_chart(found(replicates=False, ears=False), "en")
    assert chart is not None
    assert len(chart.header) == 5
    assert [line.text for line in chart.rows[0]] == ["M 19-30", "884", "329", "318", "185 – 511"]
    assert "below" not in to_svg(chart.spec)
    assert "diamond" not in to_svg(chart.spec)


def test_no_picture_without_its_percentiles() -> None:
    # catches: a KeyError for who asks other percentiles
    some = found()
    fewer = {name: values for name, values in some.values.items() if name != "p25"}
    assert usual_chart(Distribution("group", some.groups, some.n, some.ear_mg, fewer, some.scale), "nl") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_warnings_are_sentences_with_their_figure(language: Language) -> None:
    # catches: a warning without its figure, one that is told twice for two models
    notes = [
        Note("warn", code, model, found="12.3") for code in ("two_humps", "lambda_at_bound") for model in MODELS[:2]
    ]
    lines = notes_text(notes, language)
    assert len(lines) == 2
    figure = {"nl": "12,3", "en": "12.3"}[language]
    assert all(figure in line for line in lines)


def test_all_models_of_a_survey_are_one_picture(tmp_path: Path) -> None:
    # catches: percentiles of another group, a share for a group without an EAR
    survey = read_survey(write_survey(tmp_path))
    usual = usual_of_survey(rows_of_survey(survey), Choices(replicates="none", authority="uk-1991"))
    frame, whole = usual.frame(), usual.whole()
    assert list(whole.groups) == frame["group"].to_list()
    assert whole.values["p95"][:, 0].tolist() == frame["p95"].to_list()
    ears = [None if math.isnan(ear) else ear for ear in whole.ear_mg or ()]
    assert ears == frame["EAR"].to_list()
    assert None in ears
    chart = usual_chart(whole, "nl")
    assert chart is not None
    assert len(chart.rows) == frame.height
    assert "V 19-30" in chart.alternative
    assert "nan" not in chart.alternative
