"""The day by the clock: picture, table, and a calendar to take along."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from starlette.responses import Response

from magnes.advice.timetable.calendar import calendar
from magnes.apps.web.doors import ForPerson
from magnes.apps.web.downloads import download
from magnes.apps.web.work import LONGEST_WAIT_S, case_at, start, wait_for
from magnes.store.scope import NotFound
from magnes.text import translate

__all__ = ["router"]

router = APIRouter(tags=["timetable"])

SECTIONS = ("timetable", "sources")


@router.get("/people/{person_id}/timetable")
def timetable(at: ForPerson) -> Response:
    """Show the day of what is taken now."""
    job = start(at, case_at(at), "timetable")
    wait_for(at, job)
    return at.page("timetable.html", job=job, shown=job, sections=SECTIONS)


@router.get("/people/{person_id}/timetable.ics")
def ics(at: ForPerson) -> Response:
    """Return the day as a calendar file; not found when there is nothing to place."""
    job = start(at, case_at(at), "timetable")
    job.finished.wait(LONGEST_WAIT_S)
    if not job.result.get("events"):
        raise NotFound("timetable.ics")
    today = dt.date.today()  # noqa: DTZ011 - local calendar day
    now, name = dt.datetime.now(dt.UTC), translate("timetable.calendar", at.language)
    text = calendar(job.result["events"], today, now, name)
    return download("magnes.ics", text, "text/calendar")
