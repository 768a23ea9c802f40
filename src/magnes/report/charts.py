"""Charts as Vega-Lite specifications: plain data, with a text alternative and the table that says the same.

Colours are Okabe and Ito's, for every kind of colour vision; a label always says what a colour says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from magnes.estimate import Estimate
from magnes.intake import Contribution
from magnes.report.build import Assessment
from magnes.report.wording import Line, amount, bounds, estimate_line, food_name, percent, remark, share
from magnes.text import Language, date, number, translate

__all__ = ["NARROW", "WIDE", "Chart", "absorption_chart", "charts", "intake_chart", "limit_chart", "to_svg"]

VEGA_LITE = "5.20"
WIDE, NARROW = 760, 320  # pixels of a whole picture: a page, a telephone
SHOWN_FOODS = 10
MOST_SITTINGS = 12
COLOURS = {
    "food": "#009E73",
    "water": "#56B4E9",
    "supplement": "#E69F00",
    "medicine": "#CC79A7",
    "rest": "#BBBBBB",
    "total": "#444444",
}
INK, NEED_COLOUR = "#1a1a1a", "#0072B2"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

Spec = dict[str, Any]
Row = tuple[Line, ...]


class Chart(NamedTuple):
    """A picture (``spec``), the same in words (``alternative``) and as a table (``header``, ``rows``)."""

    id: str
    spec: Spec
    title: str
    alternative: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


class _Bar(NamedTuple):
    """One bar with its interval; ``kind`` colours it, the label names it."""

    label: str
    kind: str
    magnesium: Estimate
    note: str = ""


def charts(found: Assessment, language: Language, width: int = WIDE) -> tuple[Chart, ...]:
    """Return the charts that this assessment has data for."""
    made = (make(found, language, width) for make in (intake_chart, limit_chart, absorption_chart))
    return tuple(chart for chart in made if chart)


def intake_chart(found: Assessment, language: Language, width: int = WIDE) -> Chart | None:
    """Each food and product, largest first, under the total and against the reference value."""
    rows = found.intake.contributions
    if not rows:
        return None
    bars = [_Bar(food_name(row, language), row.kind, row.magnesium, remark(row, language)) for row in rows]
    total = found.need.usual
    whole = total.value if total else sum(bar.magnesium.value for bar in bars)
    rest = bars[SHOWN_FOODS:]
    shown = bars[:SHOWN_FOODS]
    if rest:
        label = translate("chart.rest", language, count=len(rest))
        shown.append(_Bar(label, "rest", Estimate.total((bar.magnesium for bar in rest), "mg/d")))
    table = [_table_row(bar, whole, language) for bar in shown]
    if total:
        shown.insert(0, _Bar(translate("chart.total", language), "total", total))
        table.append(_table_row(shown[0], whole, language))
    need = found.need.ear or found.need.recommended
    mark = _reference_mark(need, "EAR" if found.need.ear else found.need.recommended_kind, language)
    top = translate("chart.top", language, foods=_spoken(bars[:3], language))
    against = f" {mark[1]}." if mark else ""
    spoken = translate("chart.total_is", language, amount=amount(total, language)) if total else ""
    header = tuple(translate(f"table.{name}", language) for name in ("food", "per_day", "share", "remark"))
    return Chart(
        id="intake",
        spec=_bars(shown, mark, language, width),
        title=translate("chart.intake", language),
        alternative=f"{translate('chart.intake', language)}. {spoken} {top}{against}".replace("  ", " "),
        header=header,
        rows=tuple(table),
    )


def limit_chart(found: Assessment, language: Language, width: int = WIDE) -> Chart | None:
    """Supplements and medicines, one by one and together, against the limit; food is never in it."""
    products = [row for row in found.intake.contributions if row.kind in ("supplement", "medicine")]
    if not products:
        return None
    bars = [_Bar(food_name(row, language), row.kind, row.magnesium, remark(row, language)) for row in products]
    taken = found.limit.amount
    total = _Bar(translate("chart.together", language), "total", taken)
    mark = _reference_mark(found.limit.limit, found.limit.kind, language)
    title = translate("chart.limit", language)
    spoken = translate("chart.total_is", language, amount=amount(taken, language))
    header = tuple(translate(f"table.{name}", language) for name in ("product", "per_day", "share", "remark"))
    return Chart(
        id="limit",
        spec=_bars([total, *bars], mark, language, width),
        title=title,
        alternative=f"{title}. {spoken}" + (f" {mark[1]}." if mark else ""),
        header=header,
        rows=tuple(_table_row(bar, taken.value, language) for bar in (*bars, total)),
    )


def absorption_chart(found: Assessment, language: Language, width: int = WIDE) -> Chart | None:
    """Per sitting what was offered and what of it is absorbed; a picture only while the bars can be told apart."""
    sittings = found.absorbed.sittings
    if not sittings:
        return None
    several = len({sitting.date for sitting in sittings}) > 1
    bars, table = [], []
    for sitting in sorted(sittings, key=lambda one: (str(one.date), one.label)):
        day = f"{date(sitting.date, language)} " if several and sitting.date else ""
        label = f"{day}{sitting.label}"
        offered = number(sitting.magnesium_mg, language, 1 if sitting.magnesium_mg < 10 else 0)
        note = translate("chart.of_offered", language, offered=offered)
        bars.append(_Bar(label, "food", sitting.absorbed, note))
        cells = (Line(label), Line(f"{offered} mg"), estimate_line(sitting.absorbed, language))
        part = estimate_line(sitting.fraction, language, share(sitting.fraction, language))
        table.append((*cells, part))
    title = translate("chart.absorption", language)
    header = tuple(translate(f"table.{name}", language) for name in ("sitting", "offered", "absorbed", "share"))
    best = max(sittings, key=lambda one: one.fraction.value)
    least = min(sittings, key=lambda one: one.fraction.value)
    spoken = translate(
        "chart.absorption_range", language, best=percent(best.fraction.value, language), best_mg=round(best.magnesium_mg),
        least=percent(least.fraction.value, language), least_mg=round(least.magnesium_mg),
    )  # fmt: skip
    offered_bars = [sitting.magnesium_mg for sitting in sorted(sittings, key=lambda one: (str(one.date), one.label))]
    drawn = len(bars) <= MOST_SITTINGS
    spec = _bars(bars, None, language, width, behind=offered_bars) if drawn else {}
    return Chart("absorption", spec, title, f"{title}. {spoken}", header, tuple(table))


def to_svg(spec: Spec) -> str:
    """Draw a specification as SVG text; nothing is fetched."""
    import vl_convert  # noqa: PLC0415 - 0.5 s that only a picture should cost

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))


def _table_row(bar: _Bar, whole: float, language: Language) -> Row:
    part = f"{percent(bar.magnesium.value / whole, language)} %" if whole else "–"
    return (Line(bar.label), estimate_line(bar.magnesium, language), Line(part), Line(bar.note))


def _spoken(bars: Sequence[_Bar], language: Language) -> str:
    return "; ".join(f"{bar.label} {amount(bar.magnesium, language)}" for bar in bars)


def _reference_mark(value: Estimate | None, kind: str, language: Language) -> tuple[Estimate, str] | None:
    """Return the value to draw a line at, with its name and amount."""
    if value is None:
        return None
    return value, f"{translate(f'kind.{kind}', language)}: {amount(value, language)}"


def _bars(
    bars: Sequence[_Bar],
    mark: tuple[Estimate, str] | None,
    language: Language,
    width: int,
    behind: Sequence[float] = (),
) -> Spec:
    """Horizontal bars with error bars and their numbers; ``behind`` draws a wider outline behind each bar."""
    narrow = width < 500
    label_width = 110 if narrow else 220
    values = []
    for place, bar in enumerate(bars):
        spread = bar.magnesium
        values.append(
            {
                "place": place, "key": f"{place}|{bar.label}", "value": spread.value, "low": spread.low, "high": spread.high,
                "colour": COLOURS[bar.kind], "words": _words(spread, language, bar.note if behind else ""),
                "behind": behind[place] if behind else 0.0, "end": max(spread.high, *behind[place : place + 1], 0.0),
            }  # fmt: skip
        )
    farthest = max([*(row["end"] for row in values), mark[0].high if mark else 0.0, 1.0])
    # the place in the key keeps two bars of one name apart (raw and boiled); the axis shows what follows it
    order = {"field": "key", "type": "nominal", "sort": {"field": "place"}, "title": None}
    names = {"labelLimit": label_width, "labelExpr": "slice(datum.label, indexof(datum.label, '|') + 1)"}
    # room for the numbers at the end of the longest bar
    axis_x = {
        "type": "quantitative",
        "title": translate("chart.axis", language),
        "scale": {"domain": [0, farthest * (1.75 if narrow else 1.38)], "nice": False},
        "axis": {"format": "~f", "tickCount": 4 if narrow else 6, "values": _ticks(farthest, 4 if narrow else 6)}
        | ({"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}),
    }

    def layer(drawn: Spec, **encoding: Any) -> Spec:
        return {"mark": drawn, "encoding": {"y": {**order, "axis": names}} | encoding}

    layers = []
    if behind:
        outline = {"type": "bar", "height": 18, "fill": "#f2f2f2", "stroke": "#666666", "strokeWidth": 1}
        layers.append(layer(outline, x={"field": "behind", **axis_x}))
    bar_mark = {"type": "bar", "height": 12 if behind else 16, "stroke": INK, "strokeWidth": 0.8}
    layers += [
        layer(bar_mark, x={"field": "value", **axis_x}, color={"field": "colour", "type": "nominal", "scale": None}),
        layer({"type": "rule", "strokeWidth": 2, "color": INK}, x={"field": "low", **axis_x}, x2={"field": "high"}),
        *(
            layer({"type": "tick", "size": 9, "thickness": 2, "color": INK}, x={"field": side, **axis_x})
            for side in ("low", "high")
        ),
        layer(
            {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": INK},
            x={"field": "end", **axis_x},
            text={"field": "words", "type": "nominal"},
        ),
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width - label_width - 20,
        "height": {"step": 28},
        "padding": 4,
        "data": {"values": values},
        "layer": [*layers, *(_mark_layers(mark, axis_x) if mark else ())],
        "config": {
            "aria": False,
            "font": FONT,
            "background": "white",
            "view": {"stroke": None},
            "axis": {"labelFontSize": 13, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK,
                     "titleColor": INK, "gridColor": "#e6e6e6", "domainColor": "#888888", "tickColor": "#888888"},
            "axisY": {"ticks": False, "domain": False, "labelPadding": 6, "grid": False},
        },
    }  # fmt: skip


def _mark_layers(mark: tuple[Estimate, str], axis_x: Spec) -> list[Spec]:
    """Dashed line at a reference value, a band when it is a range, and its name above."""
    value, label = mark
    data = {"values": [{"from": value.low, "to": value.high, "name": label}]}
    at = {"field": "from", **axis_x}
    band = {"type": "rect", "opacity": 0.15, "color": NEED_COLOUR}
    line = {"type": "rule", "strokeWidth": 2.5, "strokeDash": [7, 4], "color": NEED_COLOUR}
    words = {"type": "text", "baseline": "bottom", "y": -4, "fontSize": 12, "fontWeight": "bold", "color": "#004c7a"}
    middle = value.value > axis_x["scale"]["domain"][1] / 2
    return [
        *([{"data": data, "mark": band, "encoding": {"x": at, "x2": {"field": "to"}}}] if value.high > value.low else []),
        {"data": data, "mark": line, "encoding": {"x": at}},
        {"data": data, "mark": words | {"align": "right" if middle else "left"}, "encoding": {"x": at, "text": {"field": "name"}}},
    ]


def _words(value: Estimate, language: Language, note: str) -> str:
    """Numbers at the end of a bar, without the unit that stands at the axis."""
    mid, low, high = bounds(value, language)
    return (mid if low == mid == high else f"{mid} ({low}–{high})") + (f" {note}" if note else "")


def _ticks(farthest: float, count: int) -> list[float]:
    """Round numbers from 0 to just past the longest bar; the axis stops there although numbers stand beyond.

    >>> _ticks(640, 6)
    [0, 200, 400, 600]
    """
    rough = farthest / count
    power = 10 ** (len(str(int(rough))) - 1) if rough >= 1 else 0.1
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [step * place for place in range(int(farthest / step) + 1)]
