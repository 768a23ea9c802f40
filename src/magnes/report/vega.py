"""Horizontal bars with intervals as a Vega-Lite specification: plain data, drawn by vl-convert.

Colours are Okabe and Ito's, for every kind of colour vision; a label always says what a colour says.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from magnes.estimate import Estimate
from magnes.report.wording import figures
from magnes.text import Language, translate

__all__ = ["CONFIG", "NARROW", "WIDE", "Bar", "Spec", "bars_spec", "interactive", "spoken_svg", "to_svg"]

VEGA_LITE = "5.20"
WIDE, NARROW = 760, 320  # pixels of a whole picture: a page, a telephone
COLOURS = {
    "food": "#009E73",
    "water": "#009E73",
    "supplement": "#E69F00",
    "medicine": "#CC79A7",
    "rest": "#D9D9D9",
    "total": "#A6B4BE",
}
LETTER_WIDTH = 7.0  # pixels of a mean letter at 13 px
INK, NEED_COLOUR = "#1a1a1a", "#0072B2"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

Spec = dict[str, Any]
PARTS = ("layer", "vconcat")  # of a specification that consists of others
POINTED = ("bar", "line", "point")  # marks that stand for a number
NUMBER = ".3~r"  # three significant digits
CONFIG: Spec = {"aria": False, "font": FONT, "background": "white", "view": {"stroke": None}}  # of every picture


class Bar(NamedTuple):
    """One bar with its interval; ``kind`` colours it, the label names it."""

    label: str
    kind: str
    magnesium: Estimate
    note: str = ""


def to_svg(spec: Spec) -> str:
    """Draw a specification as SVG text; nothing is fetched. Vega's own roles go: they are English for every reader."""
    return _drawn(json.dumps(spec))


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    import vl_convert  # 0.5 s that only a picture should cost

    drawn = str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))
    return re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)


def spoken_svg(spec: Spec, words: str) -> str:
    """Draw a specification as SVG that a screen reader can tell: ``words`` are its title."""
    head, closing, rest = to_svg(spec).partition(">")
    return f'{head} role="img"{closing}<title>{escape(words)}</title>{rest}'


def interactive(spec: Spec) -> Spec:
    """Return a specification that tells what one points at, in the words of its axes; drawn the same otherwise."""
    data = {"data": spec["data"]} if "data" in spec else {}
    told = spec | {name: [interactive(data | part) for part in spec[name]] for name in PARTS if name in spec}
    if "mark" not in spec or spec["mark"]["type"] not in POINTED:
        return told
    encoding, rows = spec["encoding"], spec.get("data", {}).get("values") or [{}]
    heads = [name for name in ("label", "food") if name in rows[0]]
    tips: list[Spec] = [{"field": name, "type": "nominal", "title": "title"} for name in heads[:1]]
    for channel in ("x", "y"):
        axis = encoding.get(channel, {})
        if axis.get("type") == "quantitative" and axis.get("title"):
            kept = {name: axis[name] for name in ("field", "aggregate") if name in axis}
            tips.append({**kept, "type": "quantitative", "title": axis["title"], "format": NUMBER})
    mark = spec["mark"] | ({"point": {"opacity": 0, "size": 150}} if spec["mark"]["type"] == "line" else {})
    return {**told, "mark": mark, "encoding": {**encoding, "tooltip": tips}} if tips else told


def bars_spec(
    bars: Sequence[Bar],
    mark: tuple[Estimate, str] | None,
    language: Language,
    width: int,
    behind: Sequence[float] = (),
) -> Spec:
    """Horizontal bars with error bars and their numbers; ``behind`` draws a wider outline behind each bar."""
    narrow = width < 500
    wrapped = [_wrapped(bar.label, narrow) for bar in bars]
    letters = max(len(line) for lines in wrapped for line in lines)
    label_width = round(LETTER_WIDTH * letters)
    offered = behind or [0.0] * len(bars)
    ends = [max(bar.magnesium.high, back) for bar, back in zip(bars, offered, strict=True)]
    values = [
        {
            "place": place,
            "label": wrapped[place],
            "lines": len(wrapped[place]),
            "value": bar.magnesium.value,
            "low": bar.magnesium.low,
            "high": bar.magnesium.high,
            "behind": offered[place],
            "end": ends[place],
            "colour": COLOURS[bar.kind],
            "words": _words(bar.magnesium, language, bar.note if behind else ""),
        }
        for place, bar in enumerate(bars)
    ]
    farthest = max([*ends, mark[0].high if mark else 0.0, 1.0])
    # by place, not by name: two bars of one name (raw and boiled) stay apart
    order = {"field": "place", "type": "ordinal", "title": None, "axis": None}
    # room for the numbers at the end of the longest bar
    axis_x = {
        "type": "quantitative",
        "title": translate("chart.axis", language),
        "scale": {"domain": [0, farthest * (1.75 if narrow else 1.38)], "nice": False},
        "axis": {"format": "~f", "tickCount": 4 if narrow else 6, "values": _ticks(farthest, 4 if narrow else 6)}
        | ({"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}),
    }

    def layer(drawn: Spec, **encoding: Any) -> Spec:
        return {"mark": drawn, "encoding": {"y": order} | encoding}

    layers = []
    if behind:
        outline = {"type": "bar", "height": 18, "fill": "#f2f2f2", "stroke": "#666666", "strokeWidth": 1}
        layers.append(layer(outline, x={"field": "behind", **axis_x}))
    bar_mark = {"type": "bar", "height": 12 if behind else 16, "stroke": INK, "strokeWidth": 0.8}
    rule, tick = {"type": "rule"}, {"type": "tick", "thickness": 2, "color": INK}
    words: Spec = {"type": "text", "align": "left", "dx": 6, "fontSize": 12}
    span: Spec = {"x": {"field": "low", **axis_x}, "x2": {"field": "high"}}
    at_end: Spec = {"x": {"field": "end", **axis_x}, "text": {"field": "words", "type": "nominal"}}
    name: Spec = {"type": "text", "align": "right", "dx": -8, "fontSize": 13, "lineHeight": 14, "color": INK}
    for lines in (1, 2):
        label = layer(name | {"dy": -7 * (lines - 1)}, x={"value": 0}, text={"field": "label", "type": "nominal"})
        layers.append(label | {"transform": [{"filter": f"datum.lines == {lines}"}]})
    layers += [
        layer(bar_mark, x={"field": "value", **axis_x}, color={"field": "colour", "type": "nominal", "scale": None}),
        layer(rule | {"strokeWidth": 4.5, "color": "white"}, **span),
        layer(rule | {"strokeWidth": 2, "color": INK}, **span),
        *(layer(tick | {"size": 10}, x={"field": side, **axis_x}) for side in ("low", "high")),
        *(_mark_layers(mark, axis_x) if mark else ()),
        layer(words | {"stroke": "white", "strokeWidth": 4, "color": "white"}, **at_end),
        layer(words | {"color": INK}, **at_end),
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width - label_width - 20,
        "height": {"step": 32 if narrow else 28},
        "padding": 4,
        "data": {"values": values},
        "layer": layers,
        "config": CONFIG | {
            "axis": {"labelFontSize": 13, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK,
                     "titleColor": INK, "gridColor": "#e6e6e6", "domainColor": "#888888", "tickColor": "#888888"},
        },
    }  # fmt: skip


def _mark_layers(mark: tuple[Estimate, str], axis_x: Spec) -> list[Spec]:
    """Dashed line at a reference value, a band when it is a range, and its name above."""
    value, label = mark
    data = {"values": [{"from": value.low, "to": value.high, "name": label}]}
    at = {"field": "from", **axis_x}
    band = {"type": "rect", "opacity": 0.15, "color": NEED_COLOUR}
    line = {"type": "rule", "strokeWidth": 2.5, "strokeDash": [7, 4], "color": NEED_COLOUR}
    words: Spec = {
        "type": "text",
        "baseline": "bottom",
        "y": -4,
        "fontSize": 12,
        "fontWeight": "bold",
        "color": "#004c7a",
    }
    middle = value.value > axis_x["scale"]["domain"][1] / 2
    words["align"] = "right" if middle else "left"
    layers: list[Spec] = [{"data": data, "mark": band, "encoding": {"x": at, "x2": {"field": "to"}}}]
    return [
        *(layers if value.high > value.low else []),
        {"data": data, "mark": line, "encoding": {"x": at}},
        {"data": data, "mark": words, "encoding": {"x": at, "text": {"field": "name"}}},
    ]


def _words(value: Estimate, language: Language, note: str) -> str:
    """Numbers at the end of a bar, without the unit that stands at the axis."""
    return figures(value, language) + (f" {note}" if note else "")


def _wrapped(label: str, narrow: bool) -> list[str]:
    """Label in one or two lines; the table has it in full."""
    return textwrap.wrap(label, 17 if narrow else 34, max_lines=2, placeholder="…") or [""]


def _ticks(farthest: float, count: int) -> list[float]:
    """Round numbers from 0 to just past the longest bar; the axis stops there although numbers stand beyond.

    >>> _ticks(640, 6)
    [0, 200, 400, 600]
    """
    rough = farthest / count
    power = 10 ** (len(str(int(rough))) - 1) if rough >= 1 else 0.1
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [step * place for place in range(int(farthest / step) + 1)]
