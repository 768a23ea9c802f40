"""Sections of the page for a plan: what to do, how one stands, the day, food, a dose, clock times, what lies ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from magnes.advice.dose_records import DosePlan
from magnes.advice.foods import FoodPlan
from magnes.advice.plan import Plan
from magnes.advice.timetable import NoTimetable, Timetable
from magnes.fit.flow import flow_of_a_day
from magnes.fit.standing import Standing
from magnes.knowledge.records import Source
from magnes.report.build import sources_in
from magnes.report.day_picture import day_picture
from magnes.report.dose import (
    aim_lines,
    apart_lines,
    caution_lines,
    dose_rows,
    gate_line,
    option_lines,
    recheck_lines,
    unsure_lines,
)
from magnes.report.dose_picture import dose_svg
from magnes.report.flow import flow_rows, flow_svg
from magnes.report.foods import (
    block_lines,
    foods_chart,
    gap_lines,
    left_out_lines,
    move_line,
    outcome_line,
    target_lines,
)
from magnes.report.forecast import forecast_notes, forecast_rows, forecast_svg
from magnes.report.html_parts import Parts
from magnes.report.standing import (
    amount_lines,
    cut_off_lines,
    data_rows,
    note_lines,
    open_lines,
    serum_lines,
    standing_rows,
)
from magnes.report.standing_picture import standing_svg
from magnes.report.steps import steps_rows
from magnes.report.timetable import conflict_lines, taking_rows, timetable_notes
from magnes.report.vega import NARROW, WIDE
from magnes.report.wording import Line
from magnes.text import finding_text, translate

__all__ = ["plan_sections", "plan_sources"]

WIDTHS = (WIDE, NARROW)


def plan_sources(plan: Plan, more: Iterable[str]) -> list[Source]:
    """Return the sources of everything that the sections say, and ``more``; ``KeyError`` for a key without a row."""
    flow = () if plan.individual.refused else (flow_of_a_day(plan.individual),)
    parts = (plan.standing, plan.foods, plan.dose, plan.timetable, plan.steps, plan.findings, *flow)
    courses = (key for named in plan.forecasts for key in named.sources)
    return sources_in(parts, (*more, *courses))


def plan_sections(write: Parts, plan: Plan) -> Iterator[str]:
    """Write every section of a plan, in reading order."""
    yield write.section("steps", write.note("steps.note"), write.written(steps_rows(plan.steps, write.language)))
    yield write.section("standing", *_standing(write, plan.standing))
    if not plan.individual.refused:
        yield write.section("flow", _flow(write, plan))
    yield write.section("foods", *(_foods(write, plan.foods) if plan.foods else [write.note("plan.no_diary")]))
    yield write.section("dose", *(_no_dose(write, plan) if plan.stopped else _dose(write, plan.dose)))
    yield write.section("timetable", *_timetable(write, plan.timetable))
    if plan.forecasts:
        yield write.section("forecast", *_forecast(write, plan))


def _standing(write: Parts, found: Standing) -> Iterator[str]:
    language = write.language
    yield write.paragraphs(serum_lines(found, language))
    chances = write.written(standing_rows(found, language)) if found.chances else ""
    data = write.written(data_rows(found, language)) if found.data else ""
    drawn = [standing_svg(found, language, width) for width in WIDTHS]
    yield write.picture("standing", drawn, translate("report.standing_note", language), chances or data)
    yield write.paragraphs(cut_off_lines(found, language))
    if chances:
        yield data
    yield write.paragraphs((*amount_lines(found, language), *open_lines(found, language)))
    yield _notes(note_lines(found, language), write)


def _flow(write: Parts, plan: Plan) -> str:
    drawn = [flow_svg(plan.individual, write.language, width) for width in WIDTHS]
    twin = write.written(flow_rows(plan.individual, write.language))
    return write.picture("flow", drawn, translate("report.flow_note", write.language), twin)


def _foods(write: Parts, plan: FoodPlan) -> Iterator[str]:
    language = write.language
    yield write.paragraphs(target_lines(plan, language))
    yield write.bullets(block_lines(plan, language))
    yield write.paragraphs(gap_lines(plan, language))
    for place, option in enumerate(plan.options, start=1):
        yield f"<h3>{write.text('foods.option', place=place)}</h3>"
        yield write.bullets(move_line(move, language) for move in option.moves)
        yield write.paragraphs([outcome_line(option, plan, language)])
    wide, narrow = (foods_chart(plan, language, width) for width in WIDTHS)
    if wide and narrow and plan.options:  # without a change it is the picture of the intake again
        yield write.figure(wide, narrow, translate("report.foods_note", language))
    yield write.bullets(left_out_lines(plan, language))


def _no_dose(write: Parts, plan: Plan) -> Iterator[str]:
    """Write why there is no dose: every closed gate, and what is taken that should not be."""
    language = write.language
    lines = [gate_line(gate, language) for gate in plan.dose.gates.blocked]
    if not lines:
        stops = [one for one in plan.findings if one.severity == "stop"]
        lines = [Line(finding_text(one, language), one.sources, one.verified) for one in stops]
    title = f"<h3>{write.text('dose.no_dose')}</h3>\n<p>{write.text('dose.stopped')}</p>"
    yield f'<div class="no-dose">\n{title}\n{write.bullets(lines)}\n</div>'
    yield write.note("dose.by_mouth")
    yield write.note("dose.information")


def _dose(write: Parts, plan: DosePlan) -> Iterator[str]:
    language = write.language
    yield write.paragraphs(aim_lines(plan, language))
    if plan.options:
        drawn = [dose_svg(plan, language, width) for width in WIDTHS]
        twin = write.written(dose_rows(plan, language))
        yield write.picture("dose", drawn, translate("report.dose_note", language), twin)
    yield write.paragraphs(option_lines(plan, language))
    yield from _listed(write, "dose.cautions", caution_lines(plan, language))
    if plan.options:
        yield from _listed(write, "dose.apart_title", apart_lines(plan, language))
        yield from _listed(write, "dose.recheck_title", recheck_lines(plan, language))
        yield _notes(unsure_lines(plan, language), write)
    yield write.note("dose.by_mouth")
    yield write.note("dose.information")


def _timetable(write: Parts, found: Timetable | NoTimetable) -> Iterator[str]:
    language = write.language
    if isinstance(found, NoTimetable):
        yield f"<p>{write.text('timetable.none')}</p>"
        yield write.bullets(conflict_lines(found, language))
        yield f"<p>{write.text('timetable.give_way')}</p>"
    elif not found.moments:
        yield write.note("plan.nothing_taken")
        return
    else:
        drawn = [day_picture(found, language, width) for width in WIDTHS]
        twin = write.written(taking_rows(found, language))
        yield write.picture("timetable", drawn, translate("report.timetable_note", language), twin)
    yield _notes((Line(note) for note in timetable_notes(found, language)), write)


def _forecast(write: Parts, plan: Plan) -> Iterator[str]:
    language, courses = write.language, plan.forecasts
    drawn = [forecast_svg(courses, language, plan.individual.data, width) for width in WIDTHS]
    twin = write.written(forecast_rows(courses, language))
    yield write.picture("forecast", drawn, translate("report.forecast_note", language), twin)
    yield _notes((Line(note) for note in forecast_notes(courses, language, plan.standing)), write)


def _listed(write: Parts, title: str, lines: list[Line]) -> Iterator[str]:
    if lines:
        yield f"<h3>{write.text(title)}</h3>"
        yield write.bullets(lines)


def _notes(lines: Iterable[Line], write: Parts) -> str:
    return "\n".join(f'<p class="note">{write.line(line)}</p>' for line in lines)
