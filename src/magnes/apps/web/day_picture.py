"""The magnesium of a day by meal beside the recommended amount, as a picture and in words."""

from __future__ import annotations

import json
from functools import lru_cache

from magnes.apps.web.day import Day
from magnes.estimate import Estimate
from magnes.report.vega import NARROW, Bar, bars_spec, to_svg
from magnes.report.wording import amount
from magnes.text import Language, translate

__all__ = ["drawn", "said"]

PICTURES_KEPT = 200


def drawn(day: Day, language: Language, width: int) -> str:
    """Draw the bars of the meals under the bar of the day as SVG."""
    mark = None
    if day.recommended:
        name = day.recommended_kind if width == NARROW else translate(f"kind.{day.recommended_kind}", language)
        mark = (day.recommended, f"{name}: {amount(day.recommended, language)}")
    bars = [Bar(label, kind, value) for label, kind, value in _bars(day, language)]
    return _svg(json.dumps(bars_spec(bars, mark, language, width)))


def said(day: Day, language: Language) -> str:
    """Return the picture in words."""
    bars = "; ".join(f"{label} {amount(value, language)}" for label, _, value in _bars(day, language))
    against = ""
    if day.recommended:
        against = f" {translate(f'kind.{day.recommended_kind}', language)}: {amount(day.recommended, language)}."
    return f"{translate('web.diary.picture', language)}. {bars}.{against}"


def _bars(day: Day, language: Language) -> list[tuple[str, str, Estimate]]:
    """Label, kind and value of each bar: the day first, then the meals of which something is known."""
    label = translate("chart.total", language)
    whole = label if day.complete else translate("chart.at_least", language, label=label)
    first = [(whole, "total", day.total)] if day.total else []
    unnamed = translate("web.diary.no_meal", language)
    return [*first, *((meal.name or unnamed, "food", meal.total) for meal in day.meals if meal.total)]


@lru_cache(maxsize=PICTURES_KEPT)
def _svg(spec: str) -> str:
    return to_svg(json.loads(spec))
