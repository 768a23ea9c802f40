"""The picture of usual intake: every group, in order, with its own numbers."""

import xml.etree.ElementTree as ET

import pytest
from synthetic_survey import write_survey

from magnes.population.survey_days import rows_of_survey
from magnes.population.survey_usual import Choices, usual_of_survey
from magnes.readers.nhanes import read_survey
from magnes.report.usual_picture import usual_spec, usual_svg
from magnes.text import LANGUAGES


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return read_survey(write_survey(tmp_path_factory.mktemp("survey")))


def test_the_picture_has_the_numbers_of_the_table(survey):
    # catches: percentiles of another group, an EAR drawn at 0 for a group without one
    usual = usual_of_survey(rows_of_survey(survey), Choices(replicates="none", authority="uk-1991"))
    frame = usual.frame()
    layers = usual_spec(usual, "en")["layer"]
    rows = layers[0]["data"]["values"]
    assert [row["group"] for row in rows] == frame["group"].to_list()
    assert [row["p95"] for row in rows] == frame["p95"].to_list()
    ears = [row for layer in layers if layer["mark"]["type"] == "tick" for row in layer["data"]["values"]]
    assert {row["group"] for row in ears} == set(frame.drop_nulls("EAR")["group"].to_list())
    assert len(ears) == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_drawn_with_a_title(survey, language):
    # catches: a specification that cannot be drawn; a picture that a screen reader cannot tell
    usual = usual_of_survey(rows_of_survey(survey), Choices(by="model", replicates="none"))
    root = ET.fromstring(usual_svg(usual, language))  # noqa: S314 - our own text
    assert root.attrib["role"] == "img"
    text = " ".join(root.itertext())
    assert ("vrouwen" if language == "nl" else "women") in text
    assert "EAR" in text
