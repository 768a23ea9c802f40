"""What compute processes do: a case becomes finished sections. What was fitted and planned stays in their memory."""

from __future__ import annotations

import contextlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from magnes.advice.chosen import Chosen
from magnes.advice.dose_ways import OFFERED, SITTINGS
from magnes.advice.gates import LEAST_DOSE_MG
from magnes.advice.plan import PARTS, Plan, plan, stops, without_magnesium
from magnes.advice.timetable import Timetable, timetable
from magnes.advice.what_if import what_if
from magnes.apps.web.compute.ask import CASE, Ask
from magnes.body.batch_numba import kernel
from magnes.body.batch_real import SINGLE
from magnes.body.model import DAILY
from magnes.diary import Eaten, resolve
from magnes.errors import InputProblems
from magnes.fit.forecast import Named, scenarios
from magnes.fit.individual import Individual, individual
from magnes.fit.standing import standing
from magnes.report.build import Assessment, assess, sources_in
from magnes.report.dose import salt_name
from magnes.report.foods import move_line
from magnes.report.forecast import forecast_spec, spoken
from magnes.report.html import Report
from magnes.report.html_parts import Parts
from magnes.report.html_plan import (
    flow_body,
    forecast_body,
    no_dose_body,
    standing_body,
    status_sources,
    timetable_body,
)
from magnes.report.timetable import events
from magnes.report.vega import NARROW, WIDE, to_svg
from magnes.text import Language, translate

__all__ = ["TASKS", "place_of", "warm_up"]

Told = Callable[[str], None]
Result = dict[str, Any]
T = TypeVar("T")
REMEMBERED = 8  # people in the memory of a process
PARTS_OF = {"status": ("fit", "forecast", "write")}
EVERY_PART = (*PARTS, "write")


class _Memory:
    """The newest of what was computed of each person."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, dict[str, Any]] = OrderedDict()

    def of(self, key: tuple[Hashable, ...], name: str, make: Callable[[], T]) -> T:
        """Return what is kept of a case under a name, or make it; the case is the key without the language."""
        case = key[:CASE]
        kept = self._kept.setdefault(case, {})
        self._kept.move_to_end(case)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        if name not in kept:
            kept[name] = make()
        found: T = kept[name]
        return found


_memory = _Memory()


def warm_up() -> None:
    """Load what the first answer would wait for: the compiled steps and the drawing."""
    with contextlib.suppress(InputProblems, ImportError):  # without the extra NumPy works
        kernel(DAILY, SINGLE)
    to_svg({"mark": "point", "data": {"values": []}})


def place_of(task: str, part: str) -> tuple[str, int, int]:
    """Return a part of a task, which one it is, and of how many."""
    parts = PARTS_OF.get(task, EVERY_PART)
    return part, parts.index(part) + 1, len(parts)


def _assessed(key: Any, ask: Ask) -> tuple[Eaten | None, Assessment]:
    def make() -> tuple[Eaten | None, Assessment]:
        eaten = resolve(ask.diary) if ask.diary else None
        return eaten, assess(ask.person, eaten)

    return _memory.of(key, "assessed", make)


def _fitted(key: Any, ask: Ask, told: Told) -> Individual:
    def make() -> Individual:
        told("fit")
        return individual(ask.person, _assessed(key, ask)[0], draws=ask.draws)

    return _memory.of(key, "fitted", make)


def _planned(key: Any, ask: Ask, told: Told) -> Plan:
    def make() -> Plan:
        fitted = _fitted(key, ask, told)
        return plan(
            ask.person,
            _assessed(key, ask)[0],
            products=ask.products,
            cut_off_mmol_per_l=ask.cut_off_mmol_per_l,
            draws=ask.draws,
            told=told,
            fitted=fitted,
        )

    return _memory.of(key, "plan", make)


def _report(key: Any, ask: Ask, told: Told) -> Report:
    return _memory.of(
        key,
        f"report {ask.language}",
        lambda: Report(_assessed(key, ask)[1], ask.language, _planned(key, ask, told)),
    )


def _sections(report: Report) -> Result:
    return {"sections": dict(report.sections()), "specs": report.specs(), "stops": report.stops()}


def assessed(key: Any, ask: Ask, told: Told) -> Result:
    """Everything of ``magnes assess``, at once."""
    del told
    return _sections(Report(_assessed(key, ask)[1], ask.language))


def status(key: Any, ask: Ask, told: Told) -> Result:
    """``assess`` with how the person stands, the day balance and the course as it is."""
    eaten, found = _assessed(key, ask)
    fitted = _fitted(key, ask, told)
    stands = _memory.of(key, "standing", lambda: standing(fitted))
    told("forecast")
    courses: tuple[Named, ...] = ()
    if not fitted.refused and not stops(found.findings):
        courses = _memory.of(key, "courses", lambda: tuple(scenarios(fitted, eaten)))
    told("write")
    write = Report(found, ask.language, more=status_sources(fitted, stands, courses))
    result = _sections(write)
    bodies = {"standing": standing_body(write, stands)}
    if not fitted.refused:
        bodies["flow"] = iter([flow_body(write, fitted)])
    if courses:
        bodies["forecast"] = forecast_body(write, courses, fitted, stands)
        result["specs"]["forecast"] = forecast_spec(courses, ask.language, fitted.data)
    result["sections"] |= {name: write.section(name, *body) for name, body in bodies.items()}
    return result


def planned(key: Any, ask: Ask, told: Told) -> Result:
    """Everything of ``magnes plan``, and what can be tried on it."""
    found = _planned(key, ask, told)
    told("write")
    return _sections(_report(key, ask, told)) | {"controls": _controls(found, ask.language)}


def _controls(found: Plan, language: Language) -> Result:
    """Return what the controls of a what-if need; no dose among them when none may be shown."""
    gates, foods = found.dose.gates, found.foods.options if found.foods else ()
    first = found.dose.options[0] if found.dose.options else None
    dose = None
    if not found.stopped and not found.individual.refused:
        dose = {
            "least_mg": LEAST_DOSE_MG,
            "most_mg": gates.most_mg_per_day,
            "takings": {n: times for n, times in SITTINGS.items() if n >= gates.fewest_takings},
            "salts": [(salt, salt_name(salt, language)) for salt in OFFERED],
            "first": Chosen(
                dose_mg=first.dose_mg if first else 0.0,
                salt=first.salt if first else OFFERED[0],
                takings=len(first.times) if first else gates.fewest_takings,
            ),
        }
    return {
        "dose": dose,
        "foods": [" ".join(move_line(move, language).text for move in option.moves) for option in foods],
        "medicines": list(dict.fromkeys(medicine.name for medicine in found.person.medicines)),
        "open": not found.individual.refused and not stops(found.findings),
    }


def tried(key: Any, ask: Ask, told: Told) -> Result:
    """Try something on the bodies of the plan: a picture and its table, or why not."""
    eaten = _assessed(key, ask)[0]
    found = _planned(key, ask, told)
    before = _memory.of(key, "unchanged", lambda: what_if(found, eaten, Chosen()).courses)
    answer = what_if(found, eaten, ask.chosen, unchanged=before[0] if before else None)
    page = _report(key, ask, told).sources
    courses = (source for one in answer.courses for source in one.sources)
    known = {source.key for source in page}
    records = (answer.blocked, answer.stopped, answer.cautions)
    more = [source for source in sources_in(records, courses) if source.key not in known]
    write = Parts(ask.language, [*page, *more])
    if answer.blocked or answer.stopped:
        parts = list(no_dose_body(write, answer.blocked, answer.stopped))
    else:
        cautions = [write.finding(one) for one in answer.cautions]
        widths = (WIDE, NARROW) if ask.narrow is None else (NARROW,) if ask.narrow else (WIDE,)
        parts = [*cautions, *forecast_body(write, answer.courses, found.individual, found.standing, widths)]
    if more:
        parts.append(write.source_list(after=len(page)))
    said = spoken(answer.courses[-1], ask.language) if answer.courses else translate("dose.no_dose", ask.language)
    return {"html": "\n".join(parts), "said": said}


def day(key: Any, ask: Ask, told: Told) -> Result:
    """Place what is taken now in the day; magnesium that should not be taken is left out."""
    del told
    found = _assessed(key, ask)[1]
    placed = timetable(without_magnesium(ask.person) if found.stops else ask.person)
    report = Report(found, ask.language, more=sources_in((placed,)))
    section = report.section("timetable", *timetable_body(report, placed))
    calendar = events(placed, ask.language) if isinstance(placed, Timetable) and placed.moments else ()
    sections = {"timetable": section, "sources": report.section("sources", report.source_list())}
    return {"sections": sections, "specs": {}, "stops": report.stops(), "events": calendar}


def export(key: Any, ask: Ask, told: Told) -> Result:
    """Assessment and plan as JSON, the same as of the command line."""
    found = _planned(key, ask, told)
    facts = {"assessment": _assessed(key, ask)[1].model_dump(mode="json"), "plan": found.as_dict()}
    return {"json": json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)}


TASKS: dict[str, Callable[[Any, Ask, Told], Result]] = {
    "assess": assessed,
    "status": status,
    "plan": planned,
    "what_if": tried,
    "timetable": day,
    "export": export,
}
