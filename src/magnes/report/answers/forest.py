"""One effect as a dot with its interval: in a line of text, and as a small chart."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from magnes.knowledge.indications import Effect, Indication
from magnes.report.vega import CONFIG, INK, NEED_COLOUR, Spec, spoken_svg
from magnes.text import Language, in_language, number, translate

__all__ = ["RATIOS", "dot_line", "effect_words", "forest_spec", "forest_svg"]

RATIOS = ("RR", "OR", "HR")  # 1 is no effect; drawn on a log scale
DIFFERENCES = ("MD", "SMD", "RD", "percent_change")  # 0 is no effect
CELLS = 40
MOST_DIGITS = 6
PRINTED = {"mm[Hg]": "mmHg", "kg/m2": "kg/m²"}  # UCUM as people write it; the rest is alike
PANEL_HEIGHT = 44
LETTERS = 78  # of a line above a panel
ROOM_OF_A_RATIO, ROOM = 1.15, 0.1  # of the scale, beyond its farthest bound


def effect_words(effect: Effect, language: Language) -> str:
    """Value with its 95 % interval, as people read it."""
    parts = [part for part in (effect.value, effect.low, effect.high) if part is not None]
    digits = 2 if abs(effect.value) < 10 else 1
    while digits < MOST_DIGITS and any(part and not round(part, digits) for part in parts):
        digits += 1  # a bound of -0.001 is not 0: it is the difference between an effect and none

    def shown(value: float) -> str:
        text = number(round(value, digits) or 0.0, language, digits)
        return text.rstrip("0").rstrip(",.") if "," in text or "." in text else text

    unit = "" if effect.unit == "1" else f" {PRINTED.get(effect.unit, effect.unit)}"
    name = translate(f"measure.{effect.measure}", language)
    value = f"{name} {shown(effect.value)}{unit}"
    if effect.low is None or effect.high is None:
        return f"{value} ({translate('answer.no_interval', language)})"
    return f"{value} ({translate('answer.range', language, low=shown(effect.low), high=shown(effect.high))})"


def dot_line(effect: Effect, language: Language) -> str:
    """Draw ``├──●──┤`` with ``┊`` where there is no effect; empty when nothing can be compared with it.

    >>> effect = Effect(outcome_nl="x", outcome_en="x", measure="RR", better="lower", value=0.5, low=0.25, high=1.0,
    ...     unit="1", sources=("A",), verified=True)
    >>> print(dot_line(effect, "en"))
    better ├─────────●─────────┤                     worse
    """
    if effect.low is None or effect.high is None or effect.measure not in RATIOS + DIFFERENCES:
        return ""
    null, low, value, high = (_scaled(part, effect) for part in (_null(effect), effect.low, effect.value, effect.high))
    reach = max(abs(low - null), abs(high - null)) or 1.0

    def cell(part: float) -> int:
        return round((part - null + reach) / (2 * reach) * CELLS)

    drawn = [" "] * (CELLS + 1)
    drawn[cell(null)] = "┊"
    for place in range(cell(low), cell(high) + 1):
        drawn[place] = "─"
    drawn[cell(low)], drawn[cell(high)], drawn[cell(value)] = "├", "┤", "●"
    if drawn[cell(null)] == "─":
        drawn[cell(null)] = "┼"
    ends = [translate("answer.better_end", language), translate("answer.worse_end", language)]
    left, right = ends if effect.better == "lower" else reversed(ends)
    return f"{left} {''.join(drawn)} {right}"


def _null(effect: Effect) -> float:
    return 1.0 if effect.measure in RATIOS else 0.0


def _scaled(value: float, effect: Effect) -> float:
    return math.log(value) if effect.measure in RATIOS and value > 0 else value


def forest_spec(effects: Sequence[Effect], language: Language, width: int, title: str = "") -> Spec:
    """Vega-Lite: one panel per effect with an interval, a line where there is no effect.

    Effects of one measure and unit share a scale, so that they can be compared; those without an interval are counted
    under the title.
    """
    drawn = [effect for effect in effects if dot_line(effect, language)]
    left_out = len(effects) - len(drawn)
    told = [translate("answer.dashed", language)]
    told += [translate("answer.not_drawn", language, count=left_out)] if left_out else []
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "padding": 8,
        "title": {"text": title, "subtitle": told, "anchor": "start", "fontSize": 15, "color": INK, "offset": 12},
        "vconcat": [_panel(effect, _domain(effect, drawn), language, width) for effect in drawn],
        "config": CONFIG | {
            "axis": {"labelFontSize": 12, "labelColor": INK, "gridColor": "#e6e6e6"},
            "title": {"fontSize": 13, "fontWeight": "normal", "anchor": "start", "color": INK},
        },
    }  # fmt: skip


def forest_svg(rows: Sequence[Indication], language: Language, width: int = 520) -> str:
    """Draw all effects with an interval of some indications; the SVG holds their words as its title."""
    effects = [effect for row in rows for effect in row.effects]
    words = "; ".join(
        f"{in_language(effect, 'outcome', language)}: {effect_words(effect, language)}" for effect in effects
    )
    title = "; ".join(in_language(row, "name", language) for row in rows)
    return spoken_svg(forest_spec(effects, language, width, title), words)


def _domain(effect: Effect, drawn: Sequence[Effect]) -> list[float]:
    """Return the ends of the scale that effects of one measure and unit share, no effect among them, with some room."""
    alike = [one for one in drawn if (one.measure, one.unit) == (effect.measure, effect.unit)]
    ends = [_null(effect), *(bound for one in alike for bound in (one.low, one.high) if bound is not None)]
    if effect.measure in RATIOS:
        return [min(ends) / ROOM_OF_A_RATIO, max(ends) * ROOM_OF_A_RATIO]
    room = ROOM * (max(ends) - min(ends))
    return [min(ends) - room, max(ends) + room]


def _panel(effect: Effect, domain: list[float], language: Language, width: int) -> Spec:
    outcome = textwrap.wrap(in_language(effect, "outcome", language), LETTERS)
    ratio = effect.measure in RATIOS
    axis: dict[str, Any] = {"tickCount": 5, "title": None, "format": "~f"}
    if language == "nl":
        axis["labelExpr"] = "replace(datum.label, '.', ',')"
    scale = {"type": "log" if ratio else "linear", "domain": domain, "nice": False}
    along = {"type": "quantitative", "scale": scale, "axis": axis}
    colour = {"value": INK}
    return {
        "width": width,
        "height": PANEL_HEIGHT,
        "title": {"text": outcome, "subtitle": effect_words(effect, language)},
        "data": {"values": [{"low": effect.low, "value": effect.value, "high": effect.high, "null": _null(effect)}]},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [5, 4], "strokeWidth": 2, "color": NEED_COLOUR},
             "encoding": {"x": {"field": "null", **along}}},
            {"mark": {"type": "rule", "strokeWidth": 3},
             "encoding": {"x": {"field": "low", **along}, "x2": {"field": "high"}, "color": colour}},
            {"mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
             "encoding": {"x": {"field": "value", **along}, "color": colour}},
        ],
    }  # fmt: skip
