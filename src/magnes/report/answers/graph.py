"""The ways from magnesium to a sign, a function or a cause as a picture: boxes and arrows, dashed where unsure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from magnes.graph import Explanation, node_name, nodes_of
from magnes.knowledge.ledger import Cause, Link
from magnes.report.vega import CONFIG, INK, NEED_COLOUR, Spec, spoken_svg
from magnes.text import Language, translate

__all__ = ["graph_spec", "graph_svg", "shown_paths"]

MOST_PATHS = 4
BOX_WIDTH, BOX_HEIGHT, STEP_X, STEP_Y = 180, 58, 315, 84
LETTERS = 26  # of a line in a box
DASHES = {"strong": [1, 0], "moderate": [1, 0], "weak": [6, 4], "none": [2, 4], "contradicted": [2, 4]}
WIDTHS = {"strong": 3.0, "moderate": 2.0, "weak": 2.0, "none": 1.5, "contradicted": 1.5}


def shown_paths(found: Explanation) -> tuple[tuple[Link, ...], ...]:
    """Return the surest ways to a node; of a cause what it leads to."""
    if isinstance(found.node, Cause):
        return tuple((link,) for link in found.onward[:MOST_PATHS])
    return found.paths[:MOST_PATHS]


def graph_svg(found: Sequence[Explanation], language: Language) -> str:
    """Draw explanations one below the other; the SVG holds their words as its title."""
    words = "; ".join(
        " → ".join(node_name(name, language) for name in nodes_of(path))
        + f" ({translate(f'link.{path[-1].evidence}', language)})"
        for one in found
        for path in shown_paths(one)
    )
    drawn = [graph_spec(shown_paths(one), one.node.id, language) for one in found]
    spec = {"vconcat": drawn, "spacing": 30, "padding": 8, "config": CONFIG}
    return spoken_svg(spec, words)


def graph_spec(paths: Sequence[Sequence[Link]], node: str, language: Language) -> Spec:
    """Vega-Lite: one row per way, one column per step; a box that several ways share stands once."""
    places = _places(paths)
    boxes: list[dict[str, Any]] = [
        {
            "x": column * STEP_X,
            "x2": column * STEP_X + BOX_WIDTH,
            "y": row * STEP_Y,
            "y2": row * STEP_Y + BOX_HEIGHT,
            "middle": column * STEP_X + BOX_WIDTH / 2,
            "text": textwrap.wrap(node_name(name, language), LETTERS, max_lines=3, placeholder="…"),
            "own": name == node,
        }
        for name, (column, row) in places.items()
    ]
    arrows = [_arrow(places, link, language) for link in dict.fromkeys(link for path in paths for link in path)]
    width = (max(column for column, _ in places.values())) * STEP_X + BOX_WIDTH
    height = (max(row for _, row in places.values())) * STEP_Y + BOX_HEIGHT
    along: dict[str, Any] = {"type": "quantitative", "scale": {"domain": [0, width], "nice": False}, "axis": None}
    down: dict[str, Any] = {"type": "quantitative", "scale": {"domain": [height, 0], "nice": False}, "axis": None}
    edge = {"x": {"field": "x", **along}, "y": {"field": "y", **down}}
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    lines = [
        {"transform": [{"filter": f"datum.evidence == '{name}'"}],
         "mark": {"type": "rule", "strokeWidth": WIDTHS[name], "strokeDash": dash, "color": NEED_COLOUR},
         "encoding": edge | ends}
        for name, dash in DASHES.items()
    ]  # fmt: skip
    heads = {
        "mark": {"type": "point", "shape": "triangle-right", "filled": True, "size": 120, "opacity": 1,
                 "color": NEED_COLOUR},
        "encoding": {"x": {"field": "x2", **along}, "y": {"field": "y2", **down}},
    }  # fmt: skip
    label: dict[str, Any] = {"type": "text", "fontSize": 11, "dy": -9}
    at_middle = {"x": {"field": "mid", **along}, "y": {"field": "midy", **down}, "text": {"field": "sure"}}
    sure = [  # a white rim, so that an arrow does not run through the words
        {"mark": label | {"stroke": "white", "strokeWidth": 4, "color": "white"}, "encoding": at_middle},
        {"mark": label | {"color": INK}, "encoding": at_middle},
    ]
    box = {
        "mark": {"type": "rect", "cornerRadius": 6, "stroke": INK, "strokeWidth": 1.2},
        "encoding": edge
        | ends
        | {"fill": {"condition": {"test": "datum.own", "value": "#fff3d6"}, "value": "#f2f2f2"}},
    }
    name = {
        "mark": {"type": "text", "fontSize": 13, "lineHeight": 15, "color": INK, "baseline": "middle"},
        "encoding": {"x": {"field": "middle", **along}, "y": {"field": "text_y", **down},
                     "text": {"field": "text"}},
    }  # fmt: skip
    for one in boxes:
        one["text_y"] = one["y"] + BOX_HEIGHT / 2 - 7.5 * (len(one["text"]) - 1)
    return {
        "width": width,
        "height": height,
        "layer": [
            {"data": {"values": arrows}, "layer": [*lines, heads, *sure]},
            {"data": {"values": boxes}, "layer": [box, name]},
        ],
    }


def _places(paths: Sequence[Sequence[Link]]) -> dict[str, tuple[int, float]]:
    """Column and row of every node: as many steps from the start as its longest way, the ends in the middle."""
    column: dict[str, int] = {}
    rows: dict[str, list[int]] = {}
    for row, path in enumerate(paths):
        for step, name in enumerate(nodes_of(path)):
            column[name] = max(column.get(name, 0), step)
            rows.setdefault(name, []).append(row)
    return {name: (column[name], sum(found) / len(found)) for name, found in rows.items()}


def _arrow(places: dict[str, tuple[int, float]], link: Link, language: Language) -> dict[str, Any]:
    """From the right side of one box to the left side of the next."""
    (from_column, from_row), (to_column, to_row) = places[link.from_], places[link.to]
    x, x2 = from_column * STEP_X + BOX_WIDTH, to_column * STEP_X - 5
    y, y2 = (row * STEP_Y + BOX_HEIGHT / 2 for row in (from_row, to_row))
    return {
        "x": x,
        "x2": x2,
        "y": y,
        "y2": y2,
        "mid": (x + x2) / 2,
        "midy": (y + y2) / 2,
        "evidence": link.evidence,
        "sure": translate(f"link.{link.evidence}", language),
    }
