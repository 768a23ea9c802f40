"""The course of a simulation in words and as a picture."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from magnes.body.course import Course, Quantity, Series
from magnes.report.tables import aligned, wrapped
from magnes.report.vega import CONFIG, INK, Spec, spoken_svg
from magnes.text import Language, number, translate

__all__ = ["CUT_OFFS_MMOL_PER_L", "caveats", "changes_text", "course_svg", "course_text", "outside_and_assumed"]

SHOWN: tuple[Quantity, ...] = (
    "serum",
    "ionised",
    "urine",
    "absorbed",
    "stool",
    "balance",
    "labile",
    "muscle",
    "bone",
    "calcium",
    "potassium",
    "pth",
)
DRAWN: tuple[Quantity, ...] = ("serum", "urine", "absorbed", "balance")
DIGITS = {"mmol/L": 2, "mg/d": 0, "mmol": 0, "1": 2}
CUT_OFFS_MMOL_PER_L = (0.70, 0.75, 0.85)  # shown side by side: the cut-off decides more than the value
WIDTH, HEIGHT = 560, 120
BAND_COLOUR, LINE_COLOUR = "#56B4E9", "#0072B2"


def moments(course: Course) -> list[int]:
    """Places of the days that a table shows: now, a week, a month, the end."""
    last = float(course.days[-1])
    wanted = [day for day in (0.0, 7.0, 30.0, 90.0, 180.0) if day < last]
    return [int(np.argmin(np.abs(course.days - day))) for day in [*wanted[:4], last]]


def cell(series: Series, place: int, language: Language) -> str:
    """Return a value and its band."""
    digits = DIGITS[series.unit]
    value = _rounded(series.value[place], language, digits)
    if series.low is None or series.high is None:
        return value
    low, high = (_rounded(bound[place], language, digits) for bound in (series.low, series.high))
    return translate("course.band", language, value=value, low=low, high=high)


def _rounded(value: float, language: Language, digits: int) -> str:
    return number(round(float(value), digits) + 0.0, language, digits)  # no minus before a zero


def course_text(course: Course, language: Language) -> str:
    """Return the table of a course, what was assumed and what lies outside the studied range."""
    places = moments(course)
    heads = [
        translate("course.day" if course.days[i] else "course.now", language, day=f"{course.days[i]:g}") for i in places
    ]
    rows = [["", *heads]]
    for name in SHOWN:
        series = course.series[name]
        label = translate(f"quantity.{name}", language)
        unit = "" if series.unit == "1" else f" ({translate(f'unit.{series.unit}', language)})"
        rows.append([label + unit, *(cell(series, i, language) for i in places)])
    title = translate("course.title", language, days=f"{course.days[-1]:g}")
    return "\n".join([title, *changes_text(course, language), "", *aligned(rows), "", *_notes(course, language)])


def changes_text(course: Course, language: Language) -> list[str]:
    """Return what ends and begins on day 0, a line each."""
    lines = [translate("course.stops", language, what=name) for name in course.stopped]
    if course.stopped:
        lines.append(translate("course.never_alone", language))
    for supplement in course.added:
        amount = number(supplement.elemental_mg or 0.0, language)
        times = ", ".join(f"{time:%H:%M}" for time in supplement.times)
        lines.append(translate("course.begins", language, salt=supplement.salt, amount=amount, times=times))
    return lines


def _notes(course: Course, language: Language) -> list[str]:
    """Return what the reader must know beside the numbers."""
    notes = [translate("course.bands", language, draws=course.draws)] if course.draws else []
    notes += caveats(course.flags, course.assumed, language)
    return wrapped(notes)


def caveats(flags: Iterable[str], assumed: Iterable[str], language: Language) -> list[str]:
    """Return what was assumed, what lies outside the studied range, and that this is no diagnosis: a sentence each."""
    notes = outside_and_assumed(flags, assumed, language)
    return [*notes, translate("course.unverified", language), translate("course.information", language)]


def outside_and_assumed(flags: Iterable[str], assumed: Iterable[str], language: Language) -> list[str]:
    """Return a sentence for what was assumed and one for what lies outside the studied range; none for nothing."""
    told = {
        "assumed": [translate(f"assumed.{code}", language) for code in assumed],
        "outside": [translate(f"outside.{code}", language) for code in flags],
    }
    return [translate(f"course.{name}", language, what="; ".join(what)) for name, what in told.items() if what]


def course_svg(course: Course, language: Language) -> str:
    """Draw blood, urine, absorption and balance over the days, with 90 % bands, as SVG with a text alternative."""
    panels = [_panel(course, name, language) for name in DRAWN]
    spec: Spec = {
        "config": CONFIG,
        "title": {
            "text": translate("course.title", language, days=f"{course.days[-1]:g}"),
            "subtitle": changes_text(course, language),
            "anchor": "start",
        },
        "vconcat": panels,
    }
    first, last = course.series["serum"].value[[0, -1]]
    words = translate(
        "course.alternative",
        language,
        days=f"{course.days[-1]:g}",
        first=number(float(first), language, 2),
        last=number(float(last), language, 2),
    )
    return spoken_svg(spec, words)


def _panel(course: Course, name: Quantity, language: Language) -> Spec:
    series = course.series[name]
    decimal = {"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}
    values = [
        {
            "day": float(day),
            "value": float(series.value[i]),
            "low": float(series.value[i] if series.low is None else series.low[i]),
            "high": float(series.value[i] if series.high is None else series.high[i]),
        }
        for i, day in enumerate(course.days)
    ]
    unit = translate(f"unit.{series.unit}", language)
    day_axis = {"field": "day", "type": "quantitative", "title": translate("course.days", language)}
    y = {
        "type": "quantitative",
        "title": f"{translate(f'quantity.{name}', language)} ({unit})",
        "scale": {"zero": name not in ("serum",)},
        "axis": {"tickCount": 4, "titleFontWeight": "normal", **decimal},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": BAND_COLOUR, "opacity": 0.35},
            "encoding": {"x": day_axis, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": LINE_COLOUR, "strokeWidth": 2},
            "encoding": {"x": day_axis, "y": {"field": "value", **y}},
        },
    ]
    if name == "serum":
        rules = [{"y": cut, "label": number(cut, language, 2)} for cut in CUT_OFFS_MMOL_PER_L]
        at = {"field": "y", "type": "quantitative"}
        layers.append(
            {
                "data": {"values": rules},
                "mark": {"type": "rule", "strokeDash": [4, 4], "color": INK},
                "encoding": {"y": at},
            }
        )
        layers.append(
            {
                "data": {"values": rules},
                "mark": {"type": "text", "align": "left", "dx": 4, "x": WIDTH, "fontSize": 11},
                "encoding": {"y": at, "text": {"field": "label", "type": "nominal"}},
            }
        )
    return {"width": WIDTH, "height": HEIGHT, "data": {"values": values}, "layer": layers}
