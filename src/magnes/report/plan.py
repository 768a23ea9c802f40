"""A plan in words: the steps first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from magnes.advice.plan import Plan, stops
from magnes.advice.timetable import NoTimetable
from magnes.report.dose import dose_text
from magnes.report.foods import foods_text
from magnes.report.forecast import forecast_text
from magnes.report.standing import standing_text
from magnes.report.steps import steps_text
from magnes.report.timetable import conflict_text, timetable_text
from magnes.text import Language, translate

__all__ = ["plan_text"]

RULE = "-" * 40


def plan_text(found: Plan, language: Language) -> str:
    """Return the whole plan for a terminal."""
    return f"\n\n{RULE}\n".join(_parts(found, language))


def _parts(found: Plan, language: Language) -> Iterator[str]:
    yield steps_text(found.steps, language)
    yield standing_text(found.standing, language)
    yield foods_text(found.foods, language) if found.foods else translate("plan.no_diary", language)
    yield dose_text(found.dose, language)
    if isinstance(found.timetable, NoTimetable):
        yield conflict_text(found.timetable, language)
    elif found.timetable.moments:
        yield timetable_text(found.timetable, language)
    else:
        yield translate("plan.left_out" if stops(found.findings) else "plan.nothing_taken", language)
    if found.forecasts:
        yield forecast_text(found.forecasts, language, beside=found.standing)
