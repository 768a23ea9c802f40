"""Jobs of a person: their progress as events, stopping them, and the specifications of the pictures they drew."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import JSONResponse, Response, StreamingResponse

from magnes.apps.web.compute.worker import Compute, Job
from magnes.apps.web.doors import ForPerson
from magnes.apps.web.forms import Field, Typed, body, read_form
from magnes.apps.web.work import case_at, start
from magnes.report.vega import interactive
from magnes.store.scope import NotFound
from magnes.text import Language, translate

__all__ = ["router"]

router = APIRouter(tags=["jobs"])

LOOK_EVERY_S = 0.1
ALIVE_EVERY = 150  # looks without news before a sign of life
BACK = Field("back", "choice", choices=("status", "plan", "timetable", "report"))
DRAWN = ("assess", "status", "plan")  # tasks with pictures from specifications
JobId = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,40}$")]


@router.get("/people/{person_id}/jobs/{job_id}/events")
def events(at: ForPerson, job_id: JobId) -> StreamingResponse:
    """Tell what runs until the job ends, as server-sent events."""
    told = _told(_job(at, job_id), at.language)
    return StreamingResponse(told, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


@router.post("/people/{person_id}/jobs/{job_id}/cancel", openapi_extra=body((BACK,)))
def cancel(at: ForPerson, job_id: JobId, typed: Annotated[Typed, Depends(read_form)]) -> Response:
    """Stop a job and go back to its page, which offers to begin again."""
    compute: Compute = at.request.app.state.compute
    compute.cancel(_job(at, job_id))
    page = typed.get("back", "")
    return at.go(f"/people/{at.person.id}/{page if page in BACK.choices else 'status'}")


@router.get("/people/{person_id}/pictures/{task}/{name}")
def picture(at: ForPerson, task: str, name: str) -> Response:
    """Return the Vega-Lite specification of a picture of the newest answer."""
    job = start(at, case_at(at), task) if task in DRAWN else None
    if job is None or name not in job.result.get("specs", {}):
        raise NotFound(name)
    return JSONResponse(interactive(job.result["specs"][name]))


def _job(at: ForPerson, job_id: str) -> Job:
    """Return a job of this person; a job of another one is not found."""
    compute: Compute = at.request.app.state.compute
    job = compute.job(job_id)
    if job is None or job.person_id != at.person.id:
        raise NotFound(job_id)
    return job


async def _told(job: Job, language: Language) -> AsyncIterator[str]:
    last, looks = None, 0
    while not job.finished.is_set():
        if job.part != last:
            last = job.part
            part, place, of = job.part or ("", 0, 1)
            words = translate(f"plan.part.{part}" if part else "web.job.waits", language)
            yield f"event: part\ndata: {json.dumps({'words': words, 'place': place, 'of': of})}\n\n"
        elif looks % ALIVE_EVERY == 0:
            yield ": alive\n\n"
        looks += 1
        await asyncio.sleep(LOOK_EVERY_S)
    yield f"event: end\ndata: {json.dumps({'state': job.state})}\n\n"
