"""A dose plan as a picture: the limit with what is taken and proposed, and how much is absorbed of a dose."""

from __future__ import annotations

import textwrap

from magnes.advice.dose_records import Curve, DosePlan, Option
from magnes.report.dose import salt_name
from magnes.report.vega import CONFIG, INK, WIDE, Spec, spoken_svg
from magnes.text import Language, number, translate

__all__ = ["dose_spec", "dose_svg"]

BAR_HEIGHT, CURVE_HEIGHT = 46, 220
TAKEN, PROPOSED, FREE = "#E69F00", "#0072B2", "#E8EDF0"
CURVE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
LEAST_AXIS_MG = 100.0
SIDE = 60  # pixels beside a panel, for the axis
LEAST_WIDE = 400  # pixels of a panel; a narrower one has shorter lines of words


def dose_svg(plan: DosePlan, language: Language, width: int = WIDE) -> str:
    """Draw the limit bar and the curves of dose against absorbed; ``width`` in pixels, 320 for a telephone."""
    first = plan.options[0] if plan.options else None
    return spoken_svg(dose_spec(plan, language, width), _alternative(plan, first, language))


def dose_spec(plan: DosePlan, language: Language, width: int = WIDE) -> Spec:
    """Return the picture as a specification."""
    first = plan.options[0] if plan.options else None
    panels = [_bar(plan, first, language, width - SIDE)]
    if plan.curves:
        panels.append(_curves(plan, first, language, width - SIDE))
    title = translate("dose.title" if not plan.stopped else "dose.stopped_short", language)
    return {"config": CONFIG, "title": {"text": title, "anchor": "start"}, "vconcat": panels, "spacing": 24}


def _alternative(plan: DosePlan, first: Option | None, language: Language) -> str:
    facts = {
        "cap": number(plan.gates.cap.most.value, language),
        "taken": number(plan.gates.taken_mg, language),
        "proposed": number(first.dose_mg if first else 0.0, language),
    }
    said = translate("dose.alternative", language, **facts)
    if first is None:
        return said
    absorbed = number(first.absorbed.value, language)
    salt = salt_name(first.salt, language)
    return f"{said} {translate('dose.alternative_first', language, salt=salt, absorbed=absorbed)}"


def _bar(plan: DosePlan, first: Option | None, language: Language, inner: int) -> Spec:
    """Draw what is taken and proposed on the way to the cap."""
    taken, proposed = plan.gates.taken_mg, first.dose_mg if first else 0.0
    cap = plan.gates.cap.most.value
    edges = [("taken", 0.0, taken, TAKEN), ("proposed", taken, taken + proposed, PROPOSED)]
    edges.append(("free", taken + proposed, max(cap, taken + proposed), FREE))
    values = [
        {
            "from": begin,
            "to": end,
            "middle": (begin + end) / 2,
            "colour": colour,
            "ink": "white" if kind == "proposed" else INK,
            "label": f"{translate(f'dose.bar_{kind}', language)} {number(end - begin, language)}",
        }
        for kind, begin, end, colour in edges
        if end > begin
    ]
    domain = [0, 1.08 * max(cap, taken + proposed, LEAST_AXIS_MG)]
    x: Spec = {
        "type": "quantitative",
        "title": translate("dose.axis_day", language),
        "scale": {"domain": domain, "nice": False},
        "axis": {"titleFontWeight": "normal"},
    }
    marks = [{"at": cap, "label": translate("dose.bar_cap", language, cap=number(cap, language))}]
    at = {"field": "at", **x}
    return {
        "width": inner,
        "height": BAR_HEIGHT,
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "bar", "height": 30, "stroke": INK, "strokeWidth": 0.6},
                "encoding": {
                    "x": {"field": "from", **x},
                    "x2": {"field": "to"},
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                },
            },
            {
                "data": {"values": values},
                "transform": [{"filter": f"datum.to - datum.from > {0.16 * domain[1]}"}],
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "x": {"field": "middle", **x},
                    "text": {"field": "label", "type": "nominal"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
            {
                "data": {"values": marks},
                "mark": {"type": "rule", "strokeWidth": 2.5, "strokeDash": [7, 4], "color": INK},
                "encoding": {"x": at},
            },
            {
                "data": {"values": marks},
                "mark": {
                    "type": "text",
                    "align": "right" if cap > domain[1] / 2 else "left",
                    "baseline": "bottom",
                    "y": -4,
                    "fontSize": 12,
                    "fontWeight": "bold",
                },
                "encoding": {"x": at, "text": {"field": "label", "type": "nominal"}},
            },
        ],
    }


def _curves(plan: DosePlan, first: Option | None, language: Language, inner: int) -> Spec:
    """Draw absorbed against dose, a line for salts that dissolve alike, the first option as a dot with its interval."""
    decimal = {"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}
    farthest = max(curve.dose_mg[-1] for curve in plan.curves)
    x: Spec = {
        "type": "quantitative",
        "title": translate("dose.axis_dose", language, takings=plan.curves[0].takings),
        "scale": {"domain": [0, (1.45 if inner >= LEAST_WIDE else 1.95) * farthest], "nice": False},
        "axis": {"tickCount": 6 if inner >= LEAST_WIDE else 4, "titleFontWeight": "normal", **decimal},
    }
    y: Spec = {
        "type": "quantitative",
        "title": translate("dose.axis_absorbed", language),
        "axis": {"tickCount": 5, "titleFontWeight": "normal", **decimal},
    }
    layers: list[Spec] = []
    for curve, colour, side in zip(plan.curves, CURVE_COLOURS, ("bottom", "top"), strict=False):
        layers += _curve(curve, colour, side, (x, y), language, 24 if inner >= LEAST_WIDE else 18)
    if first is not None:
        dot = [
            {"dose": first.dose_mg, "mg": first.absorbed.value, "low": first.absorbed.low, "high": first.absorbed.high}
        ]
        at = {"field": "dose", **x}
        layers += [
            {
                "data": {"values": dot},
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "encoding": {"x": at, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": dot},
                "mark": {"type": "point", "filled": True, "size": 110, "color": INK, "opacity": 1},
                "encoding": {"x": at, "y": {"field": "mg", **y}},
            },
        ]
    return {"width": inner, "height": CURVE_HEIGHT, "layer": layers}


def _curve(
    curve: Curve, colour: str, side: str, axes: tuple[Spec, Spec], language: Language, letters: int
) -> list[Spec]:
    """Draw one line and at its end the salts, above or below the end."""
    x, y = axes
    points = [{"dose": 0.0, "mg": 0.0}]
    points += [{"dose": dose, "mg": mg} for dose, mg in zip(curve.dose_mg, curve.absorbed_mg, strict=True)]
    words = textwrap.wrap(", ".join(salt_name(salt, language) for salt in curve.salts), letters, break_long_words=False)
    end = [points[-1] | {"label": words}]
    encoding = {"x": {"field": "dose", **x}, "y": {"field": "mg", **y}}
    return [
        {
            "data": {"values": points},
            "mark": {"type": "line", "color": colour, "strokeWidth": 2.5},
            "encoding": encoding,
        },
        {
            "data": {"values": end},
            "mark": {"type": "text", "align": "left", "baseline": side, "dx": 8, "fontSize": 12, "color": colour},
            "encoding": encoding | {"text": {"field": "label", "type": "nominal"}},
        },
    ]
