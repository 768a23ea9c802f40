"""Charts: the numbers of the record, an alternative in words, a table, and no fetching."""

import json
import re

import pytest

from magnes.report.build import Assessment
from magnes.report.charts import Chart, absorption_chart, charts, intake_chart, limit_chart
from magnes.report.vega import COLOURS, NARROW, WIDE, _ticks, to_svg
from magnes.text import LANGUAGES, Language, number


def values(chart: Chart) -> list[dict]:
    return chart.spec["data"]["values"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_chart_draws(found: Assessment, language: Language, width: int) -> None:
    # catches: a specification that Vega-Lite refuses, and a picture wider than its place
    for chart in charts(found, language, width):
        if not chart.spec:
            continue
        json.dumps(chart.spec)
        svg = to_svg(chart.spec)
        assert svg.startswith("<svg")
        assert "aria-roledescription" not in svg  # Vega's own words are English
        assert float(re.search(r'width="([\d.]+)"', svg)[1]) <= width * 1.12
        assert "<image" not in svg


def test_intake_bars_are_the_contributions(anna: Assessment) -> None:
    # catches: a bar that is not the record's number, a lost food, a wrong order
    chart = intake_chart(anna, "nl")
    rows = values(chart)
    assert rows[0]["value"] == anna.need.usual.value
    assert [row["value"] for row in rows[1:]] == [row.magnesium.value for row in anna.intake.contributions]
    for row, contribution in zip(rows[1:], anna.intake.contributions, strict=True):
        assert (row["low"], row["high"]) == (contribution.magnesium.low, contribution.magnesium.high)
    assert len(chart.rows) == len(rows)


def test_rest_holds_what_is_not_shown(gaps: Assessment) -> None:
    # catches: foods beyond the tenth that fall out of the sum
    chart = intake_chart(gaps, "en")
    parts = [row["value"] for row in values(chart)[1:]]
    assert len(parts) == 11
    assert sum(parts) == pytest.approx(gaps.intake.food.value)
    assert "others (" in chart.rows[-2][0].text


def test_intake_is_never_beside_the_supplement_limit(anna: Assessment) -> None:
    # catches: total intake compared with a limit that holds for supplements alone
    assert "(UL)" not in json.dumps(intake_chart(anna, "en").spec)
    assert "(AI)" in json.dumps(intake_chart(anna, "en").spec)


def test_limit_chart_holds_no_food(anna: Assessment, bare: Assessment) -> None:
    # catches: food beside the supplement limit, and an empty picture
    rows = values(limit_chart(anna, "en"))
    assert rows[0]["value"] == anna.limit.amount.value
    assert {row["colour"] for row in rows} == {COLOURS["total"], COLOURS["supplement"]}
    assert "(UL): 250 mg a day" in json.dumps(limit_chart(anna, "en").spec)
    assert limit_chart(bare, "en") is None


def test_requirement_is_shown_before_recommendation(gaps: Assessment) -> None:
    # catches: the RDA drawn as if it were what a person needs
    assert "Average requirement (EAR): 350" in json.dumps(intake_chart(gaps, "en").spec)


def test_absorption_shows_every_sitting(anna: Assessment) -> None:
    # catches: a sitting lost, or offered and absorbed mixed up
    chart = absorption_chart(anna, "nl")
    offered = {round(row["behind"], 6) for row in values(chart)}
    assert offered == {round(sitting.magnesium_mg, 6) for sitting in anna.absorbed.sittings}
    assert all(row["value"] <= row["behind"] for row in values(chart))
    assert len(chart.rows) == len(anna.absorbed.sittings)


def test_equal_names_stay_apart(anna: Assessment) -> None:
    # catches: a food eaten raw and boiled drawn as one bar
    first = anna.intake.contributions[0]
    twice = anna.intake.model_copy(update={"contributions": (first, first)})
    rows = values(intake_chart(anna.model_copy(update={"intake": twice}), "nl"))
    assert [row["place"] for row in rows] == [0, 1, 2]
    assert to_svg(intake_chart(anna.model_copy(update={"intake": twice}), "nl").spec).count("(275–345)") == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_hold_the_numbers(anna: Assessment, language: Language) -> None:
    # catches: an alternative that only names the picture
    total = number(anna.need.usual.value, language)
    assert total in intake_chart(anna, language).alternative
    assert "250" in limit_chart(anna, language).alternative
    assert re.search(r"\d+ %", absorption_chart(anna, language).alternative)


def test_axis_has_the_decimal_sign_of_the_language(bare: Assessment, anna: Assessment) -> None:
    # catches: 0.5 on a Dutch axis
    assert "replace(datum.label" in json.dumps(intake_chart(anna, "nl").spec)
    assert "replace(datum.label" not in json.dumps(intake_chart(anna, "en").spec)
    assert intake_chart(bare, "nl") is None


@pytest.mark.parametrize("farthest", [0.3, 1.0, 7.4, 99.0, 640.0, 12345.0])
def test_ticks_are_few_and_inside(farthest: float) -> None:
    # catches: a crowded or an empty axis
    ticks = _ticks(farthest, 6)
    assert ticks[0] == 0
    assert 2 <= len(ticks) <= 8
    assert max(ticks) <= farthest


def test_labels_say_what_colours_say(anna: Assessment) -> None:
    # catches: a supplement that only its colour tells from food
    names = [row[0].text for row in intake_chart(anna, "nl").rows]
    assert names[0].startswith("supplement: ")
