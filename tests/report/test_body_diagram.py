"""The picture of the body model: everything of the model is in it, in both languages, and can be read."""

from __future__ import annotations

import dataclasses
import itertools
import xml.etree.ElementTree as ET

import pytest

from magnes.body.model import DAILY, MEALS, Flow, Mode
from magnes.body.resting import PTH, flows_at_rest
from magnes.report.body_diagram import amount_text, body_svg, drawn
from magnes.report.body_layout import BOXES, HEIGHT, WIDTH, route
from magnes.report.svg import Box, text_width, wrapped
from magnes.text import LANGUAGES, Language, translate

SVG = "{http://www.w3.org/2000/svg}"
BOTH = pytest.mark.parametrize(
    ("language", "mode"),
    list(itertools.product(LANGUAGES, (MEALS, DAILY))),
    ids=lambda value: value if isinstance(value, str) else value.name,
)


def meet(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


@BOTH
def test_every_pool_flow_and_signal_is_drawn_and_told(language: Language, mode: Mode) -> None:
    # catches: something new in the model that the picture forgets, a name without a text
    root = ET.fromstring(body_svg(language, mode))  # noqa: S314  our own text
    assert root.get("role") == "img"
    title, words = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc") or ""
    assert title == translate("body.title", language)
    groups = {group.get("id"): group.findtext(f"{SVG}title") or "" for group in root.iter(f"{SVG}g")}
    assert set(groups) == {
        *(f"state-{state.name}" for state in mode.states),
        *(f"flow-{flow.name}" for flow in mode.flows),
        *(f"signal-{name}" for name in (PTH, *(signal.name for signal in mode.signals))),
    }
    for flow in mode.flows:
        rate = amount_text(flows_at_rest(mode)[flow.name], language)
        said = translate("body.said_flow", language, name=translate(f"body.flow.{flow.name}", language), rate=rate)
        assert groups[f"flow-{flow.name}"].startswith(said)
        assert said in words
        drawn_in = next(group for group in root.iter(f"{SVG}g") if group.get("id") == f"flow-{flow.name}")
        assert rate in [text.text for text in drawn_in.iter(f"{SVG}text")]


@BOTH
def test_no_words_lie_over_others_or_outside(language: Language, mode: Mode) -> None:
    # catches: a longer name, a larger number or a third badge that makes the picture unreadable
    words = drawn(language, mode).words
    page = Box(0, 0, WIDTH, HEIGHT)
    for text, place in words:
        assert place.x >= page.x, text
        assert place.right <= page.right - 4, text
        assert place.bottom <= page.bottom, text
    met = [(one, other) for (one, a), (other, b) in itertools.combinations(words, 2) if meet(a, b)]
    assert met == []


@BOTH
def test_words_stay_inside_their_boxes(language: Language, mode: Mode) -> None:
    # catches: a name that is too long for its box
    for state in mode.states:
        name, box = translate(f"body.state.{state.name}", language), BOXES[state.name]
        lines = wrapped(name, box.width - 8, 11.5)
        assert max(text_width(line, 11.5) for line in lines) <= box.width - 4, name
        assert (len(lines) + (not state.sink)) * 13.8 <= box.height, name


def test_boxes_do_not_meet() -> None:
    # catches: a pool that is put over another
    names = {state.name for state in MEALS.states} | {"kidney", "food"}
    assert names == set(BOXES)
    assert [pair for pair in itertools.combinations(BOXES, 2) if meet(BOXES[pair[0]], BOXES[pair[1]])] == []


@pytest.mark.parametrize("mode", [MEALS, DAILY], ids=lambda mode: mode.name)
def test_arrows_lead_from_their_source_to_their_target(mode: Mode) -> None:
    # catches: an arrow drawn the wrong way round, or to another box
    def touches(box: Box, point: tuple[float, float]) -> bool:
        return box.x - 3 <= point[0] <= box.right + 3 and box.y - 3 <= point[1] <= box.bottom + 3

    for flow in mode.flows:
        points = route(flow).points
        if flow.source in BOXES:
            start = "kidney" if flow.name == "urine" else flow.source
            assert touches(BOXES[start], points[0]), flow.name
        if flow.target in BOXES:
            assert touches(BOXES[flow.target], points[-1]), flow.name


def test_a_new_flow_asks_for_a_place() -> None:
    # catches: a flow added to the model that silently stays out of the picture
    new = dataclasses.replace(MEALS.flows[0], name="new_flow")
    assert isinstance(new, Flow)
    with pytest.raises(KeyError, match="new_flow"):
        route(new)
