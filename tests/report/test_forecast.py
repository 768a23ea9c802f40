"""The look ahead: one row for each scenario, the numbers of its course, and fan charts on one scale."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from magnes.body.course import Course
from magnes.fit.forecast import Named, days_to_effect, scenarios
from magnes.fit.individual import Individual
from magnes.fit.standing import standing
from magnes.person import Supplement
from magnes.report.forecast import forecast_rows, forecast_svg, forecast_text, named
from magnes.text import LANGUAGES, Language, number

ADDED = Supplement(salt="citrate", elemental_mg=150, times=(dt.time(8), dt.time(20)))
TITLE = "{http://www.w3.org/2000/svg}title"


@pytest.fixture(scope="module")
def courses(fitted: Individual) -> list[Named]:
    return scenarios(fitted, days=120, add=[ADDED])


def test_each_scenario_changes_its_own_thing(courses: list[Named]) -> None:
    # catches: a medicine without an effect as a scenario, heat that saves magnesium, a supplement that is not added
    assert [one.code for one in courses] == ["unchanged", "stop", "add", "heat"]
    unchanged, stop, add, heat = (one.course.series["serum"].value for one in courses)
    assert courses[1].course.stopped == ("omeprazol",)
    assert courses[2].course.added == (ADDED,)
    assert np.ptp(unchanged) < 1e-4
    assert stop[-1] > unchanged[-1] > heat[-1]
    assert add[-1] > unchanged[-1] + 0.01
    assert courses[3].sweat_l_per_day == 1.0


def test_values_that_contradict_the_model_have_no_scenarios(refused: Individual) -> None:
    # catches: a look ahead from bodies that are not this person's
    with pytest.raises(ValueError, match="no forecast"):
        scenarios(refused, days=30)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_the_numbers_of_the_courses(courses: list[Named], language: Language) -> None:
    # catches: another day, the band of another scenario, an effect that nobody can measure
    table = forecast_rows(courses, language)
    for row, one in zip(table.rows, courses, strict=True):
        assert row[0].text == named(one, language)
        serum = one.course.series["serum"]
        for cell, place in zip(row[1:5], (0, 30, 90, 120), strict=True):
            for side in (serum.value, serum.low, serum.high):
                assert side is not None
                assert number(float(side[place]), language, 2) in cell.text
        absorbed = one.course.series["absorbed"].value[-1]
        assert row[6].text.startswith(number(float(absorbed), language))
        effect = days_to_effect(one.course)
        assert row[5].text == f"{effect:g}" if effect else not re.search(r"\d", row[5].text)


def test_the_text_says_what_must_not_be_done_alone(courses: list[Named]) -> None:
    # catches: a stopped medicine without its warning, an assumption about sweat without its source
    dutch, english = (" ".join(forecast_text(courses, language).split()) for language in LANGUAGES)
    assert "erbij: citraat 150 mg om 08:00, 20:00" in dutch
    assert "SWEAT75" in courses[-1].sources
    assert "Stop nooit met een medicijn zonder overleg" in dutch
    assert "Never stop a medicine without asking" in english
    assert "SWEAT75" in dutch
    assert "SWEAT75" in english
    assert "geen diagnose" in dutch
    assert "not a diagnosis" in english
    unchanged = " ".join(forecast_text(courses[:1], "en").split())
    assert "Never stop" not in unchanged
    assert "SWEAT75" not in unchanged


def test_beside_the_standing_nothing_is_said_twice(courses: list[Named], fitted: Individual) -> None:
    # catches: the same assumptions twice on one page, and new ones that get lost
    found = standing(fitted)
    text = forecast_text(courses, "en", beside=found)
    assert "Assumed:" not in text
    told = found.model_copy(update={"assumed": ()})
    assert "Assumed:" in forecast_text(courses, "en", beside=told)


def test_own_albumin_is_told(little_albumin: Individual) -> None:
    # catches: serum of the tube read against cut-offs for normal albumin
    ahead = scenarios(little_albumin, days=30)
    text = forecast_text(ahead, "en", beside=standing(little_albumin))
    assert "not converted to normal albumin" in " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [760, 360])
def test_the_picture_tells_every_scenario(
    courses: list[Named], fitted: Individual, language: Language, width: int
) -> None:
    # catches: broken markup, a scenario or a number that only eyes can find, letters that are too small
    drawn = forecast_svg(courses, language, fitted.data, width)
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own picture
    title = root.find(TITLE)
    assert root.get("role") == "img"
    assert title is not None
    assert float(root.get("width", "0")) <= width + 20
    for one in courses:
        assert named(one, language) in (title.text or "")
        assert number(float(one.course.series["serum"].value[-1]), language, 2) in (title.text or "")
    for cut_off in (0.70, 0.75, 0.85):
        assert drawn.count(f">{number(cut_off, language, 2)}<") >= len(courses)
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)', drawn)) >= 10


def test_without_draws_the_line_stands_alone(courses: list[Named]) -> None:
    # catches: a band made up where none was asked for
    bare: list[Course] = [dataclasses.replace(one.course, serum_draws=None) for one in courses]
    drawn = forecast_svg([Named("unchanged", bare[0])], "en")
    assert "#BFE0F5" not in drawn
    assert "#BFE0F5" in forecast_svg(courses[:1], "en")
