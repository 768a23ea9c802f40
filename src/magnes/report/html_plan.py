"""Sections of the page for a plan: what to do, how one stands, the day, food, a dose, clock times, what lies ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from magnes.advice.dose_records import DosePlan
from magnes.advice.finding import Finding
from magnes.advice.foods import FoodPlan
from magnes.advice.gates import Gate
from magnes.advice.plan import Plan
from magnes.advice.timetable import NoTimetable, Timetable
from magnes.fit.flow import flow_of_a_day
from magnes.fit.forecast import Named
from magnes.fit.individual import Individual
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
from magnes.report.dose_picture import dose_spec, dose_svg
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
from magnes.report.forecast import forecast_notes, forecast_rows, forecast_spec, forecast_svg
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
from magnes.report.vega import NARROW, WIDE, Spec
from magnes.report.wording import Line
from magnes.text import Language, finding_text, translate

__all__ = [
    "flow_body",
    "forecast_body",
    "no_dose_body",
    "plan_bodies",
    "plan_sources",
    "plan_specs",
    "standing_body",
    "status_sources",
    "timetable_body",
]

WIDTHS = (WIDE, NARROW)


def plan_sources(plan: Plan, more: Iterable[str]) -> list[Source]:
    """Return the sources of everything that the sections say, and ``more``; ``KeyError`` for a key without a row."""
    of_status = status_sources(plan.individual, plan.standing, plan.forecasts)
    parts = (plan.foods, plan.dose, plan.timetable, plan.steps, plan.findings)
    return sources_in(parts, (*more, *(source.key for source in of_status)))


def status_sources(found: Individual, stands: Standing, courses: Iterable[Named]) -> list[Source]:
    """Return the sources of how a person stands, of the day, and of what lies ahead."""
    flow = () if found.refused else (flow_of_a_day(found),)
    return sources_in((stands, *flow), (key for named in courses for key in named.sources))


def plan_bodies(write: Parts, plan: Plan) -> Iterator[tuple[str, Iterable[str]]]:
    """Write what stands in every section of a plan, in reading order, under the name of the section."""
    yield "steps", [write.note("steps.note"), write.written(steps_rows(plan.steps, write.language))]
    yield "standing", standing_body(write, plan.standing)
    if not plan.individual.refused:
        yield "flow", [flow_body(write, plan.individual)]
    yield "foods", _foods(write, plan.foods) if plan.foods else [write.note("plan.no_diary")]
    yield (
        "dose",
        no_dose_body(write, plan.dose.gates.blocked, plan.findings) if plan.stopped else _dose(write, plan.dose),
    )
    yield "timetable", timetable_body(write, plan.timetable)
    if plan.forecasts:
        yield "forecast", forecast_body(write, plan.forecasts, plan.individual, plan.standing)


def plan_specs(plan: Plan, language: Language) -> dict[str, Spec]:
    """Return the pictures of a plan that are drawn from a specification, by the section that they stand in."""
    found = {}
    chart = foods_chart(plan.foods, language) if plan.foods else None
    if chart and chart.spec:
        found["foods"] = chart.spec
    if plan.dose.options and not plan.stopped:
        found["dose"] = dose_spec(plan.dose, language)
    if plan.forecasts:
        found["forecast"] = forecast_spec(plan.forecasts, language, plan.individual.data)
    return found


def standing_body(write: Parts, found: Standing) -> Iterator[str]:
    """Write how a person stands."""
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


def flow_body(write: Parts, found: Individual) -> str:
    """Write where the magnesium of a day goes; not for a fit that is refused."""
    drawn = [flow_svg(found, write.language, width) for width in WIDTHS]
    twin = write.written(flow_rows(found, write.language))
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


def no_dose_body(write: Parts, blocked: Iterable[Gate], findings: Iterable[Finding]) -> Iterator[str]:
    """Write why there is no dose: every closed gate, and what is taken that should not be."""
    language = write.language
    lines = [gate_line(gate, language) for gate in blocked]
    if not lines:
        stops = [one for one in findings if one.severity == "stop"]
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


def timetable_body(write: Parts, found: Timetable | NoTimetable) -> Iterator[str]:
    """Write the day by the clock, or what gets in the way of one."""
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


def forecast_body(
    write: Parts, courses: Sequence[Named], found: Individual, beside: Standing, widths: Sequence[int] = WIDTHS
) -> Iterator[str]:
    """Write what lies ahead of the bodies of a fit; ``widths`` of the pictures [pixels]."""
    language = write.language
    drawn = [forecast_svg(courses, language, found.data, width) for width in widths]
    twin = write.written(forecast_rows(courses, language))
    yield write.picture("forecast", drawn, translate("report.forecast_note", language), twin)
    yield _notes((Line(note) for note in forecast_notes(courses, language, beside)), write)


def _listed(write: Parts, title: str, lines: list[Line]) -> Iterator[str]:
    if lines:
        yield f"<h3>{write.text(title)}</h3>"
        yield write.bullets(lines)


def _notes(lines: Iterable[Line], write: Parts) -> str:
    return "\n".join(f'<p class="note">{write.line(line)}</p>' for line in lines)
