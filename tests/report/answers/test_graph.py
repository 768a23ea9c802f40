"""The picture of a way: every step is an arrow, boxes do not lie on each other, words stand in it."""

from __future__ import annotations

import pytest

from magnes.graph import why
from magnes.knowledge.ledger import Cause, Function, Sign
from magnes.knowledge.load import table
from magnes.report.answers.graph import BOX_HEIGHT, BOX_WIDTH, graph_spec, graph_svg, shown_paths

NODES = [row.id for row in (*table(Sign), *table(Function), *table(Cause)) if getattr(row, "category", "") != "alarm"]


@pytest.mark.parametrize("node", NODES)
def test_boxes_are_apart_and_arrows_go_right(node: str) -> None:
    # catches: two boxes on one place, an arrow that points back, a node without a picture
    (found,) = [one for one in why(node) if one.node.id == node]
    paths = shown_paths(found)
    assert paths
    spec = graph_spec(paths, node, "nl")
    arrows, boxes = (layer["data"]["values"] for layer in spec["layer"])
    names = {name for path in paths for link in path for name in (link.from_, link.to)}
    assert len(boxes) == len(names)
    assert len(arrows) == len({link.id for path in paths for link in path})
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = abs(one["x"] - other["x"]) >= BOX_WIDTH or abs(one["y"] - other["y"]) >= BOX_HEIGHT
            assert apart, (one["text"], other["text"])
    assert all(arrow["x"] < arrow["x2"] for arrow in arrows)
    assert sum(box["own"] for box in boxes) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_picture_can_be_read_aloud(language: str) -> None:
    # catches: a picture without words, English words in a Dutch picture
    svg = graph_svg(why("kramp"), language)  # type: ignore[arg-type]
    assert 'role="img"' in svg.split(">")[0]
    assert "<title>magnesium → " in svg
    assert ("goed onderbouwd" in svg) == (language == "nl")
