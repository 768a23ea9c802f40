"""A specification for pointing at: the same picture, with the numbers behind each mark."""

import json

from magnes.report.vega import interactive, to_svg

AXIS = {"field": "mg", "type": "quantitative", "title": "mg per dag"}
BARS = {
    "data": {"values": [{"label": "brood", "mg": 12.345}, {"label": "kaas", "mg": 4.0}]},
    "layer": [
        {"mark": {"type": "bar"}, "encoding": {"y": {"field": "label", "type": "nominal", "title": None}, "x": AXIS}},
        {"mark": {"type": "text"}, "encoding": {"x": AXIS, "text": {"field": "label"}}},
    ],
}


def test_a_bar_tells_its_name_and_number_in_the_words_of_the_axis() -> None:
    # catches: names of fields, in English, before a Dutch reader; words at labels that are no marks
    bar, text = interactive(BARS)["layer"]
    assert [(tip["field"], tip["title"]) for tip in bar["encoding"]["tooltip"]] == [
        ("label", "title"),
        ("mg", "mg per dag"),
    ]
    assert "tooltip" not in text["encoding"]


def test_the_given_specification_stays_as_it_is_and_draws_the_same() -> None:
    # catches: a picture of the report that changes because somebody pointed at the one of the page
    before = json.dumps(BARS)
    drawn = to_svg(interactive(BARS))
    assert json.dumps(BARS) == before
    assert drawn.count("<path") == to_svg(BARS).count("<path")
    assert "12.3" not in drawn
