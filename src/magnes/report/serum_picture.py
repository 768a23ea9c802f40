"""Values of magnesium in serum by date beside the cut-offs: a picture, its words and its table."""

from __future__ import annotations

from typing import Any

from magnes.report.build import Assessment
from magnes.report.charts import Chart
from magnes.report.statements import LAB_DECIMALS
from magnes.report.vega import CONFIG, INK, WIDE, Spec
from magnes.report.wording import Line
from magnes.status import CutOff, LabStatus
from magnes.text import Language, date, in_language, number, translate

__all__ = ["serum_chart"]

SERUM = "serum-magnesium"
FEWEST = 2  # a line needs two ends
HEIGHT = 220
ROOM = 0.05  # of the span of the axis, above and below
LINE = "#00466E"


def serum_chart(found: Assessment, language: Language, width: int = WIDE) -> Chart | None:
    """Return the chart of the dated serum values, oldest first; ``None`` for fewer than two."""
    dated = [(lab.date, lab) for lab in found.status.labs if lab.test == SERUM and lab.date]
    if len(dated) < FEWEST:
        return None
    labs = [lab for _, lab in sorted(dated, key=lambda one: one[0])]
    unit = translate(f"unit.{labs[0].value.unit}", language)
    title = f"{translate(f'lab.{SERUM}', language)} ({unit})"
    first, last = (_words(lab, language) for lab in (labs[0], labs[-1]))
    spoken = translate("chart.serum_alternative", language, count=len(labs), first=first, last=last)
    return Chart(
        id="serum",
        spec=_spec(labs, unit, language, width),
        title=title,
        alternative=f"{title}. {spoken}",
        header=(
            translate("table.date", language),
            translate("table.value", language),
            translate("table.cut_off", language, unit=unit),
        ),
        rows=tuple(_row(lab, language) for lab in labs),
    )


def _value(value: float, unit: str, language: Language) -> str:
    return number(value, language, LAB_DECIMALS[unit])


def _words(lab: LabStatus, language: Language) -> str:
    when = date(lab.date, language) if lab.date else ""
    return f"{_value(lab.value.value, lab.value.unit, language)} ({when})"


def _row(lab: LabStatus, language: Language) -> tuple[Line, Line, Line]:
    sides = (
        translate(f"lab.{cut.side}_{'crossed' if cut.crossed else 'kept'}", language, value=_bound(cut, language))
        for cut in lab.cut_offs
    )
    sources = tuple(dict.fromkeys(key for cut in lab.cut_offs for key in cut.cut_off.sources))
    verified = all(cut.cut_off.verified for cut in lab.cut_offs)
    return (
        Line(date(lab.date, language) if lab.date else ""),
        Line(_value(lab.value.value, lab.value.unit, language)),
        Line("; ".join(sides), sources, verified),
    )


def _bound(cut: CutOff, language: Language) -> str:
    return number(cut.cut_off.value, language, 2)


def _spec(labs: list[LabStatus], unit: str, language: Language, width: int) -> Spec:
    """Dots joined by a line, and a dashed line with its number at each cut-off."""
    narrow = width < WIDE
    rules = [
        {"y": cut.cut_off.value, "label": f"{_bound(cut, language)} {in_language(cut, 'role', language)}"[:48]}
        for cut in labs[-1].cut_offs
    ]
    ends = [lab.value.value for lab in labs] + [cut.cut_off.value for cut in labs[-1].cut_offs]
    room = ROOM * (max(ends) - min(ends) or 1.0)
    decimal = {"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}
    values = [{"day": lab.date.isoformat() if lab.date else "", "y": lab.value.value} for lab in labs]
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "title": unit,
        "scale": {"domain": [min(ends) - room, max(ends) + room], "nice": False, "zero": False},
        "axis": {"tickCount": 5, "format": ".2f", **decimal},
    }
    x: Spec = {
        "field": "day",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%d-%m-%y", "tickCount": 3 if narrow else 6, "labelOverlap": True},
    }

    def layer(mark: Spec, data: list[dict[str, Any]], **encoding: Any) -> Spec:
        return {"data": {"values": data}, "mark": mark, "encoding": {"y": y} | encoding}

    words = {"field": "label", "type": "nominal"}
    label = {"type": "text", "align": "left", "baseline": "bottom", "x": 4, "dy": -2, "fontSize": 11, "color": INK}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width - 80,
        "height": HEIGHT,
        "padding": 4,
        "layer": [
            layer({"type": "rule", "strokeDash": [4, 4], "color": INK}, rules),
            layer({"type": "line", "color": LINE, "strokeWidth": 2}, values, x=x),
            layer({"type": "point", "filled": True, "size": 70, "color": LINE, "opacity": 1}, values, x=x),
            layer(label | {"stroke": "white", "strokeWidth": 4, "color": "white"}, rules, text=words),
            layer(label, rules, text=words),
        ],
        "config": CONFIG | {"axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}},
    }
