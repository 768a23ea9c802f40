"""Usual intake by group beside the average requirement: a picture, its words and its table."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from magnes.population.replicates import standard_error
from magnes.population.usual.distribution import Distribution
from magnes.population.usual.guards import Guard
from magnes.report.charts import Chart
from magnes.report.vega import CONFIG, INK, NEED_COLOUR, WIDE, Spec
from magnes.report.wording import Line
from magnes.text import Language, number, translate

__all__ = ["guard_lines", "usual_chart"]

OUTER, INNER, MIDDLE = ("p5", "p95"), ("p25", "p75"), "p50"  # percentiles that the picture needs
BELOW = "pct_below_EAR"
BAR = "#009E73"
ROW = 30  # pixels of one group
LABELS, NUMBERS = 110, 120  # pixels left and right of the bars
LETTER = 6.2  # pixels of a mean letter at 12 px


def usual_chart(
    found: Distribution, language: Language, width: int = WIDE, *, ear_sources: Sequence[str] = ()
) -> Chart | None:
    """Return a bar for each group: 90 % of the people, half of them, the middle, and the EAR where it has one.

    ``None`` when the percentiles 5, 25, 50, 75 and 95 are not among those computed. ``ear_sources``: source keys of
    the EARs. Standard errors stand in the table when there are replicates.
    """
    if not {*OUTER, *INNER, MIDDLE, "mean"} <= found.values.keys():
        return None
    title = translate("usual_chart.title", language)
    groups = [_Row(found, place) for place in range(len(found.groups))]
    spoken = [_spoken(row, language) for row in groups]
    names = ["group", "people", "mean", "middle", "from_to", *(["ear", "below"] if found.ear_mg else [])]
    return Chart(
        id="usual",
        spec=_spec(groups, language, width),
        title=title,
        alternative=" ".join([f"{title}.", *spoken]),
        header=tuple(translate(f"usual_chart.head_{name}", language) for name in names),
        rows=tuple(_cells(row, language, tuple(ear_sources)) for row in groups),
    )


def guard_lines(guards: Sequence[Guard], language: Language) -> list[str]:
    """Return a sentence for each warning: what it rests on and what to do."""
    warned = [one for one in guards if one.severity == "warn"]
    return [translate(f"usual_guard.{one.code}", language, found=one.found) for one in warned]


class _Row:
    """One group: its numbers by column, without replicates, and their standard errors."""

    def __init__(self, found: Distribution, place: int) -> None:
        self.name, self.people = found.groups[place], found.n[place]
        self.value = {name: float(values[place, 0]) for name, values in found.values.items()}
        self.error: dict[str, float] = {}
        if found.scale is not None:
            self.error = {name: float(standard_error(part[place], found.scale)) for name, part in found.values.items()}
        ear = math.nan if found.ear_mg is None else found.ear_mg[place]
        self.has_column = found.ear_mg is not None
        self.ear = None if math.isnan(ear) else ear  # people of different EARs have no line in common

    def label(self, language: Language) -> str:
        """Name of the group; all people together have one in words."""
        return translate("usual_chart.all", language) if self.name == "all" else self.name


def _with_error(row: _Row, name: str, language: Language, digits: int = 0) -> str:
    value = number(row.value[name], language, digits)
    if name not in row.error:
        return value
    return translate("usual_chart.with_error", language, value=value, error=number(row.error[name], language, 1))


def _spoken(row: _Row, language: Language) -> str:
    facts = {name: number(row.value[name], language) for name in (*OUTER, MIDDLE)}
    said = translate("usual_chart.alternative", language, group=row.label(language), **facts)
    if row.ear is None:
        return said
    share = number(row.value[BELOW], language, 1)
    return f"{said} {translate('usual_chart.alternative_ear', language, ear=number(row.ear, language), share=share)}"


def _cells(row: _Row, language: Language, sources: tuple[str, ...]) -> tuple[Line, ...]:
    ends = " – ".join(number(row.value[name], language) for name in OUTER)
    cells = [
        Line(row.label(language)),
        Line(number(row.people, language)),
        Line(_with_error(row, "mean", language)),
        Line(_with_error(row, MIDDLE, language)),
        Line(ends),
    ]
    if row.has_column:
        ear = "–" if row.ear is None else number(row.ear, language)
        cells += [Line(ear, sources), Line(_with_error(row, BELOW, language, 1))]
    return tuple(cells)


def _spec(groups: Sequence[_Row], language: Language, width: int) -> Spec:
    narrow = width < WIDE
    values = [
        {"place": place, "label": row.label(language), "ear": row.ear, "share": _share(row, language)}
        | {name: row.value[name] for name in (*OUTER, *INNER, MIDDLE)}
        for place, row in enumerate(groups)
    ]
    farthest = max(max(row.value["p95"], row.ear or 0.0) for row in groups)
    x: Spec = {
        "type": "quantitative",
        "title": translate("usual_chart.axis", language),
        "scale": {"domain": [0, 1.05 * farthest], "nice": False},
        "axis": {"tickCount": 4 if narrow else 8, "format": "~f", "titleFontWeight": "normal", "gridColor": "#e6e6e6"},
    }
    y: Spec = {"field": "place", "type": "ordinal", "title": None, "axis": None}

    def span(ends: tuple[str, str], height: int, opacity: float) -> Spec:
        mark = {"type": "bar", "height": height, "color": BAR, "opacity": opacity}
        return {"mark": mark, "encoding": {"y": y, "x": {"field": ends[0], **x}, "x2": {"field": ends[1]}}}

    def words(field: str, place: float | str, align: str, dx: int) -> Spec:
        mark = {"type": "text", "align": align, "dx": dx, "fontSize": 13, "color": INK}
        text = {"field": field, "type": "nominal"}
        return {"mark": mark, "encoding": {"y": y, "x": {"value": place}, "text": text}}

    tick = {"type": "tick", "orient": "vertical", "thickness": 2.5, "size": 18, "color": INK}
    ear = {"type": "point", "shape": "diamond", "filled": True, "size": 130, "opacity": 1}
    ear |= {"color": NEED_COLOUR, "stroke": "white", "strokeWidth": 1}
    with_ear = {"transform": [{"filter": "isValid(datum.ear)"}]}
    any_ear = any(row.ear is not None for row in groups)
    legend = [translate(f"usual_chart.legend_{name}", language) for name in ("bars", "ear")[: 1 + any_ear]]
    letters = round(width / LETTER)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width - LABELS - (NUMBERS if any_ear else 20),
        "height": {"step": ROW},
        "padding": 4,
        "title": {
            "text": [line for text in legend for line in textwrap.wrap(text, letters)],
            "anchor": "start",
            "fontSize": 12,
            "fontWeight": "normal",
        },
        "data": {"values": values},
        "layer": [
            span(OUTER, 10, 0.4),
            span(INNER, 18, 1.0),
            {"mark": tick, "encoding": {"y": y, "x": {"field": MIDDLE, **x}}},
            with_ear | {"mark": ear, "encoding": {"y": y, "x": {"field": "ear", **x}}},
            words("label", 0, "right", -8),
            with_ear | words("share", "width", "left", 8),
        ],
        "config": CONFIG | {"axis": {"labelFontSize": 12, "titleFontSize": 12}},
    }


def _share(row: _Row, language: Language) -> str:
    if row.ear is None:
        return ""
    return translate("usual_chart.share_below", language, share=number(row.value[BELOW], language, 1))
