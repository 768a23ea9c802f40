"""Usual intake of groups as a picture: a line from the 5th to the 95th percentile, a box, the median and the EAR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from magnes.report.usual import group_name
from magnes.report.vega import CONFIG, INK, NEED_COLOUR, WIDE, Spec, spoken_svg
from magnes.text import Language, translate

if TYPE_CHECKING:
    from magnes.population.survey_usual import SurveyUsual

__all__ = ["usual_spec", "usual_svg"]

ROW = 22  # pixels of a group
LABELS = 190  # pixels of the names
FILL = "#009E73"  # food, as in the other pictures


def usual_svg(usual: SurveyUsual, language: Language) -> str:
    """Draw the distribution of every group; the title tells a screen reader what is drawn."""
    return spoken_svg(usual_spec(usual, language), translate("usual.picture", language))


def usual_spec(usual: SurveyUsual, language: Language) -> Spec:
    """Return the Vega-Lite specification of the picture; a group without an EAR has no mark of one."""
    frame = usual.frame()
    rows: list[dict[str, Any]] = [
        {"group": group_name(row["group"], language)}
        | {name: row[name] for name in ("p5", "p25", "p50", "p75", "p95")}
        | {"ear": row.get("EAR")}
        for row in frame.iter_rows(named=True)
    ]
    y: Spec = {"field": "group", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": LABELS}}
    title = translate("usual.picture_axis", language)

    def layer(mark: Spec, start: str, end: str | None = None, data: list[dict[str, Any]] = rows) -> Spec:
        x: Spec = {"field": start, "type": "quantitative", "title": title, "scale": {"zero": True}}
        other: Spec = {"x2": {"field": end}} if end else {}
        return {"data": {"values": data}, "mark": mark, "encoding": {"y": y, "x": x, **other}}

    with_ear = [row for row in rows if row["ear"] is not None]
    ears = [
        layer(
            {"type": "tick", "color": NEED_COLOUR, "thickness": 3, "opacity": 1, "size": ROW - 2}, "ear", data=with_ear
        )
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {
            "text": translate("usual.picture", language),
            "subtitle": [translate("usual.picture_key", language)],
            "anchor": "start",
            "fontSize": 14,
            "subtitleFontSize": 12,
            "subtitleColor": INK,
        },
        "width": WIDE - LABELS,
        "height": ROW * len(rows),
        "padding": 4,
        "layer": [
            layer({"type": "rule", "color": INK}, "p5", "p95"),
            layer({"type": "bar", "color": FILL, "height": ROW / 2, "opacity": 1}, "p25", "p75"),
            layer({"type": "point", "filled": True, "color": "white", "stroke": INK, "size": 50, "opacity": 1}, "p50"),
            *(ears if with_ear else []),
        ],
        "config": CONFIG | {"axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}},
    }
