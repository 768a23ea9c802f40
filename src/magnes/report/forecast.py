"""What lies ahead under each scenario: a table for a terminal, and fan charts on one scale."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from magnes.advice.dose_ways import OFFERED
from magnes.body.course import Course
from magnes.fit.data import Datum
from magnes.fit.forecast import SMALLEST_CHANGE_MMOL_PER_L, Named, days_to_effect
from magnes.fit.standing import Standing
from magnes.person import Supplement
from magnes.products import elemental_mg, supplement_magnesium
from magnes.report.course import CUT_OFFS_MMOL_PER_L, caveats, cell, outside_and_assumed
from magnes.report.dose import salt_name
from magnes.report.tables import Table
from magnes.report.vega import CONFIG, INK, NARROW, WIDE, Spec, spoken_svg
from magnes.report.wording import Line
from magnes.text import Language, in_language, number, translate

__all__ = [
    "forecast_notes",
    "forecast_rows",
    "forecast_spec",
    "forecast_svg",
    "forecast_text",
    "named",
    "shown_days",
    "spoken",
]

MOMENTS = (0.0, 30.0, 90.0, 180.0)
SERUM = "serum-magnesium"
TEXT_WIDTH = 110
WIDE_BAND, INNER_BAND, LINE = "#BFE0F5", "#56B4E9", "#00466E"
PANEL_HEIGHT = 150
LEAST_RANGE = (0.65, 0.9)  # of the axis [mmol/L]: a change of nothing should not look like one


def named(one: Named, language: Language) -> str:
    """Return the name of a scenario."""
    if one.code == "together":
        parts = [one._replace(code="food")] if one.food else []
        parts += [one._replace(code="stop")] if one.course.stopped else []
        parts += [one._replace(code="add")] if one.course.added else []
        return "; ".join(named(part, language) for part in parts)
    litres = _litres(one, language)
    doses = [
        translate(
            "scenario.dose",
            language,
            salt=_salt(supplement, language),
            amount=number(elemental_mg(supplement).value, language),
            times=", ".join(f"{time:%H:%M}" for time in supplement.times),
        )
        for supplement in one.course.added
    ]
    facts = {"medicine": ", ".join(one.course.stopped), "what": "; ".join(doses), "litres": litres}
    return translate(f"scenario.{one.code}", language, **facts)


def _salt(supplement: Supplement, language: Language) -> str:
    """Name of what begins; a salt whose water is left open without it."""
    if supplement.salt in OFFERED:
        return salt_name(supplement.salt, language)
    return in_language(supplement_magnesium(supplement), "name", language)


def forecast_rows(courses: Sequence[Named], language: Language) -> Table:
    """Return a row for each scenario: serum at moments, days until the effect is there, what is absorbed."""
    moments = shown_days(courses)
    days = [translate("course.day" if day else "course.now", language, day=f"{day:g}") for day in moments]
    header = ("", *days, *(translate(f"forecast.{name}", language) for name in ("effect_days", "absorbed_then")))
    rows = []
    for one in courses:
        course = one.course
        serum, absorbed = course.series["serum"], course.series["absorbed"]
        places = [int(np.argmin(np.abs(course.days - day))) for day in moments]
        days_needed = days_to_effect(course)
        effect = translate("forecast.no_effect", language) if days_needed is None else f"{days_needed:g}"
        if one.code == "unchanged":
            effect = "–"
        at_end = cell(absorbed, len(course.days) - 1, language)
        cells = [*(cell(serum, place, language) for place in places), effect, at_end]
        lines = (Line(text, one.sources, course.verified) for text in cells)
        rows.append((Line(named(one, language)), *lines))
    return Table(translate("forecast.title", language), header, tuple(rows))


def shown_days(courses: Sequence[Named]) -> list[float]:
    """Return the days that the table shows: now, a month, three, half a year, the end."""
    last = max(float(one.course.days[-1]) for one in courses)
    return [*(day for day in MOMENTS if day < last), last]


def forecast_text(courses: Sequence[Named], language: Language, beside: Standing | None = None) -> str:
    """Return the table and what must be known beside it; what the text of ``beside`` says already is left out."""
    notes = forecast_notes(courses, language, beside)
    wrapped = [line for note in notes for line in textwrap.wrap(note, TEXT_WIDTH, break_on_hyphens=False)]
    return "\n".join([*forecast_rows(courses, language).text(), "", *wrapped])


def forecast_notes(courses: Sequence[Named], language: Language, beside: Standing | None = None) -> list[str]:
    """Return what must be known beside the table, a sentence or two each."""
    least = number(SMALLEST_CHANGE_MMOL_PER_L, language, 2)
    notes = [translate("forecast.legend", language, least=least)]
    if beside is not None and beside.at_normal_albumin:
        notes.append(translate("forecast.own_albumin", language))
    if any(one.course.stopped for one in courses):
        notes.append(translate("course.never_alone", language))
    notes += [
        translate("forecast.heat_assumed", language, litres=_litres(one, language))
        for one in courses
        if one.sweat_l_per_day
    ]
    flags, assumed = (
        dict.fromkeys(code for one in courses for code in getattr(one.course, kind)) for kind in ("flags", "assumed")
    )
    if beside is None:
        notes += caveats(flags, assumed, language)
    else:
        notes += outside_and_assumed(
            [code for code in flags if code not in beside.flags],
            [code for code in assumed if code not in beside.assumed],
            language,
        )
    return notes


def forecast_svg(courses: Sequence[Named], language: Language, data: Sequence[Datum] = (), width: int = WIDE) -> str:
    """Draw serum over the days of every scenario, one above the other on one scale; ``data`` are dots on day 0."""
    said = " ".join(spoken(one, language) for one in courses)
    words = f"{translate('forecast.picture', language)}. {said}"
    return spoken_svg(forecast_spec(courses, language, data, width), words)


def forecast_spec(courses: Sequence[Named], language: Language, data: Sequence[Datum] = (), width: int = WIDE) -> Spec:
    """Return the picture as a specification."""
    measured = [datum.value for datum in data if datum.test == SERUM]
    scale = _scale(courses, measured)
    panels = [_panel(one, language, measured, scale, width) for one in courses]
    return {
        "config": CONFIG | {"axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}},
        "title": {
            "text": translate("forecast.picture", language),
            "subtitle": [
                line
                for text_id in ("forecast.bands", "course.information")
                for line in textwrap.wrap(translate(text_id, language), 48 if width <= NARROW + 60 else 110)
            ],
            "anchor": "start",
            "fontSize": 15,
            "subtitleFontSize": 12,
            "offset": 12,
        },
        "spacing": 14,
        "vconcat": panels,
    }


def _litres(one: Named, language: Language) -> str:
    return number(one.sweat_l_per_day, language, 0 if one.sweat_l_per_day % 1 == 0 else 1)


def spoken(one: Named, language: Language) -> str:
    """Return where serum magnesium goes in one scenario, as a sentence."""
    serum = one.course.series["serum"]
    low, high = (serum.value if bound is None else bound for bound in (serum.low, serum.high))
    facts = {"first": serum.value[0], "last": serum.value[-1], "low": low[-1], "high": high[-1]}
    numbers = {name: number(float(value), language, 2) for name, value in facts.items()}
    days = f"{one.course.days[-1]:g}"
    return translate("forecast.alternative", language, name=named(one, language), days=days, **numbers)


def _scale(courses: Sequence[Named], measured: Sequence[float]) -> list[float]:
    """Lowest and highest level of all panels [mmol/L], with the cut-offs in it."""
    ends = [*LEAST_RANGE, *(value + side for value in measured for side in (-0.01, 0.01))]
    for one in courses:
        serum = one.course.series["serum"]
        ends += [float(np.min(serum.value if serum.low is None else serum.low))]
        ends += [float(np.max(serum.value if serum.high is None else serum.high))]
    return [round(min(ends) - 0.01, 2), round(max(ends) + 0.01, 2)]


def _bands(course: Course) -> list[dict[str, Any]]:
    """Median, 50 % and 90 % bands by day; without draws the line alone."""
    serum = course.series["serum"]
    rows = []
    for place, day in enumerate(course.days):
        value = float(serum.value[place])
        row = {"day": float(day), "value": value}
        if course.serum_draws is not None:
            parts = np.percentile(course.serum_draws[place], (5, 25, 75, 95))
            row |= dict(zip(("low", "lower", "upper", "high"), map(float, parts), strict=True))
        rows.append(row)
    return rows


def _panel(one: Named, language: Language, measured: Sequence[float], scale: list[float], width: int) -> Spec:
    decimal = {"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}
    x = {"field": "day", "type": "quantitative", "title": translate("course.days", language), "scale": {"nice": False}}
    y: Spec = {
        "type": "quantitative",
        "title": translate("unit.mmol/L", language),
        "scale": {"domain": scale, "nice": False, "zero": False},
        "axis": {"tickCount": 4, "format": ".1f", "values": _tenths(scale), **decimal},
    }
    rules = [{"y": cut, "label": number(cut, language, 2)} for cut in CUT_OFFS_MMOL_PER_L]
    at = {"field": "y", **y}
    inner = width - 110
    layers: list[Spec] = []
    if one.course.serum_draws is not None:
        for low, high, colour in (("low", "high", WIDE_BAND), ("lower", "upper", INNER_BAND)):
            edges = {"x": x, "y": {"field": low, **y}, "y2": {"field": high}}
            layers.append({"mark": {"type": "area", "color": colour}, "encoding": edges})
    layers += [
        {
            "mark": {"type": "line", "color": LINE, "strokeWidth": 2.5},
            "encoding": {"x": x, "y": {"field": "value", **y}},
        },
        {
            "data": {"values": rules},
            "mark": {"type": "rule", "strokeDash": [4, 4], "color": INK},
            "encoding": {"y": at},
        },
        {
            "data": {"values": rules},
            "mark": {"type": "text", "align": "left", "dx": 4, "x": inner, "fontSize": 12, "color": INK},
            "encoding": {"y": at, "text": {"field": "label", "type": "nominal"}},
        },
    ]
    if measured:
        diamond = {"type": "point", "shape": "diamond", "size": 90, "fill": "white", "stroke": INK, "strokeWidth": 1.5}
        layers.append(
            {
                "data": {"values": [{"day": 0.0, "y": value} for value in measured]},
                "mark": diamond,
                "encoding": {"x": x, "y": at},
            }
        )
    name = textwrap.wrap(named(one, language), 40 if width <= NARROW + 60 else 90)
    return {
        "title": {"text": name, "anchor": "start", "fontSize": 13},
        "width": inner,
        "height": PANEL_HEIGHT,
        "data": {"values": _bands(one.course)},
        "layer": layers,
    }


def _tenths(scale: list[float]) -> list[float]:
    """Round tenths on the axis."""
    return [tenth / 10 for tenth in range(round(scale[0] * 10 + 0.49), int(scale[1] * 10 + 1e-9) + 1)]
