"""The plan: six steps, food first, a dose within the gates, clock times, what lies ahead; and what-if on its bodies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.advice.chosen import Chosen
from magnes.apps.web.compute.worker import Job
from magnes.apps.web.doors import ForPerson, PersonDesk
from magnes.apps.web.forms import Field, Typed, body, by_field, read_form
from magnes.apps.web.work import LONGEST_WAIT_S, case_at, start, wait_for
from magnes.errors import InputProblems, Problem, Problems
from magnes.readers.fields import read_number

__all__ = ["router"]

router = APIRouter(tags=["plan"])

SECTIONS = ("forecast", "steps", "foods", "dose", "timetable", "sources")  # a picture first
BEFORE_CONTROLS = 4  # what is proposed stands before what can be tried
LARGEST_MG = 5000.0  # more than any gate leaves: the gates of the person judge
DOSE = (Field("dose_mg", "number", "mg"), Field("salt"), Field("takings"), Field("food"))
FIELDS = (*DOSE, Field("width"), *(Field(f"stop_{place}", "flag") for place in range(3)))
Form = Annotated[Typed, Depends(read_form)]


@router.get("/people/{person_id}/plan")
def plan(at: ForPerson) -> Response:
    """Show the plan, or how far it is."""
    job = start(at, case_at(at), "plan")
    wait_for(at, job)
    return _page(at, job, _typed(job.result.get("controls")))


@router.post("/people/{person_id}/plan/what-if", openapi_extra=body(FIELDS))
def what_if(at: ForPerson, typed: Form) -> Response:
    """Try a change: the answer alone for a script, the whole page without one."""
    case = case_at(at)
    narrow = {"narrow": True, "wide": False}.get(typed.get("width", ""))
    medicines = list(dict.fromkeys(medicine.name for medicine in case.person.medicines))
    try:
        chosen = _chosen(typed, medicines)
        answer = start(at, case, "what_if", chosen, narrow=narrow)
        answer.finished.wait(LONGEST_WAIT_S)
        if answer.problems:
            raise InputProblems(answer.problems)
    except InputProblems as error:
        return _answer(at, typed, None, by_field(error, DOSE))
    if answer.state == "cancelled" and "hx-request" in at.request.headers:
        return Response(status_code=204)  # a newer one is on its way
    return _answer(at, typed, answer, {})


def _answer(at: PersonDesk, typed: Typed, answer: Job | None, wrong: dict[str, list[Problem]]) -> Response:
    if "hx-request" in at.request.headers:
        return at.page("_what_if.html", answer=answer, wrong=wrong)
    job = start(at, case_at(at), "plan")
    job.finished.wait(LONGEST_WAIT_S)
    return _page(at, job, typed, answer, wrong)


def _page(
    at: PersonDesk,
    job: Job,
    typed: Typed,
    answer: Job | None = None,
    wrong: dict[str, list[Problem]] | None = None,
) -> Response:
    controls = job.result.get("controls")
    status = 422 if wrong else 200
    facts: dict[str, Any] = {"typed": typed, "answer": answer, "wrong": wrong or {}}
    facts["before"], facts["after"] = SECTIONS[:BEFORE_CONTROLS], SECTIONS[BEFORE_CONTROLS:]
    return at.page("plan.html", status, job=job, shown=job, controls=controls, **facts)


def _typed(controls: dict[str, Any] | None) -> Typed:
    """Return what stands in the controls at first: the dose of the plan."""
    if not controls or not controls["dose"]:
        return {}
    first: Chosen = controls["dose"]["first"]
    return {"dose_mg": f"{first.dose_mg:g}", "salt": first.salt, "takings": str(first.takings)}


def _chosen(typed: Typed, medicines: list[str]) -> Chosen:
    """Read what is tried; raises ``InputProblems``. What a plan does not have is refused where it is known."""
    problems = Problems()
    bounds = {"dose_mg": LARGEST_MG, "takings": 3, "food": 9}
    found = {
        name: read_number(typed[name].strip(), problems, line=None, field=name, low=0, high=high) or 0.0
        for name, high in bounds.items()
        if typed.get(name, "").strip()
    }
    for name in ("takings", "food"):
        if found.get(name, 0) % 1:
            problems.add("number_invalid", field=name, found=typed[name], accepted="0, 1, 2, 3")
    problems.stop()
    return Chosen(
        dose_mg=found.get("dose_mg", 0.0),
        salt=typed.get("salt", "").strip() or Chosen.salt,
        takings=int(found.get("takings", 1)),
        food=int(found.get("food", 0)),
        stop=tuple(name for place, name in enumerate(medicines) if typed.get(f"stop_{place}")),
    )
