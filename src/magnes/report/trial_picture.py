"""Arms of a virtual trial over its days: means joined by lines, with their 95 % intervals."""

from __future__ import annotations

from typing import Any

import numpy as np

from magnes.population.trial import ArmVisit, TrialResult
from magnes.report.charts import Chart
from magnes.report.trial import DIGITS, trial_rows, trial_title
from magnes.report.vega import CONFIG, WIDE, Spec, spoken_svg
from magnes.report.wording import Line
from magnes.text import Language, number, translate

__all__ = ["trial_chart", "trial_svg"]

HEIGHT = 260
COLOURS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")  # Okabe and Ito
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 4], [1, 3])  # a line is known without its colour
ROOM = 0.08


def trial_svg(found: TrialResult, language: Language, width: int = WIDE) -> str:
    """Draw a trial as SVG that a screen reader can tell."""
    chart = trial_chart(found, language, width)
    return spoken_svg(chart.spec, chart.alternative)


def trial_chart(found: TrialResult, language: Language, width: int = WIDE) -> Chart:
    """Return the picture of a trial, its words and its table."""
    head, *rows = trial_rows(found, language)
    title, unit = trial_title(found, language), translate(f"unit.{found.unit}", language)
    last = found.design.visits[-1]
    ends = [visit for visit in found.visits if visit.day == last]
    told = [
        translate("trial.alternative_arm", language, arm=visit.arm, value=_value(visit, found.unit, language))
        for visit in ends
    ]
    words = translate("trial.alternative", language, day=last, unit=unit, arms="; ".join(told))
    return Chart(
        id="trial",
        spec=_spec(found, title, unit, language, width),
        title=title,
        alternative=f"{title}. {words}",
        header=tuple(head),
        rows=tuple(tuple(Line(cell) for cell in row) for row in rows),
    )


def _value(visit: ArmVisit, unit: str, language: Language) -> str:
    return number(visit.mean, language, DIGITS[unit])


def _spec(found: TrialResult, title: str, unit: str, language: Language, width: int) -> Spec:
    names = list(found.design.arms)
    known = [visit for visit in found.visits if np.isfinite(visit.low)]
    values = [
        {"arm": visit.arm, "day": visit.day, "value": visit.mean, "low": visit.low, "high": visit.high}
        for visit in known
    ]
    lowest, highest = min(visit.low for visit in known), max(visit.high for visit in known)
    room = ROOM * ((highest - lowest) or 1.0)
    decimal = {"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}
    x: Spec = {"field": "day", "type": "quantitative", "title": translate("course.days", language)}
    y: Spec = {
        "type": "quantitative",
        "title": f"{translate(f'trial.endpoint.{found.design.endpoint}', language)} ({unit})",
        "scale": {"domain": [lowest - room, highest + room], "nice": False, "zero": False},
        "axis": {"tickCount": 5, **decimal},
    }
    arms: Spec = {"field": "arm", "type": "nominal", "sort": names, "title": None, "legend": {"orient": "bottom"}}
    colour = arms | {"scale": {"domain": names, "range": list(COLOURS[: len(names)])}}
    dash = arms | {"scale": {"domain": names, "range": list(DASHES[: len(names)])}}

    def layer(mark: Spec, **encoding: Any) -> Spec:
        return {"mark": mark, "encoding": {"x": x, "color": colour} | encoding}

    low, middle = ({"field": name, **y} for name in ("low", "value"))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": title, "anchor": "start", "fontWeight": "normal"},
        "width": width - 90,
        "height": HEIGHT,
        "padding": 4,
        "data": {"values": values},
        "layer": [
            layer({"type": "area", "opacity": 0.15}, y=low, y2={"field": "high"}),
            layer({"type": "rule", "strokeWidth": 1.5}, y=low, y2={"field": "high"}),
            layer({"type": "line", "strokeWidth": 2}, y=middle, strokeDash=dash),
            layer({"type": "point", "filled": True, "size": 50, "opacity": 1}, y=middle),
        ],
        "config": CONFIG | {"axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}},
    }
