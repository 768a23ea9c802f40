"""A page and its computation: the answer when it is quick, else progress; with ``?wait=1`` the answer in any case."""

from __future__ import annotations

from magnes.advice.chosen import Chosen
from magnes.apps.web.case import Case, case_of
from magnes.apps.web.compute.ask import Ask
from magnes.apps.web.compute.worker import Compute, Job
from magnes.apps.web.doors import PersonDesk

__all__ = ["LONGEST_WAIT_S", "case_at", "start", "wait_for"]

QUICK_S = 0.25  # a page that takes longer shows progress
LONGEST_WAIT_S = 120.0


def case_at(at: PersonDesk) -> Case:
    """Return the case of the person on a desk."""
    with at.begin(reading=True) as session:
        return case_of(session, at.scope, at.person, at.settings)


def start(at: PersonDesk, case: Case, task: str, chosen: Chosen | None = None, *, narrow: bool | None = None) -> Job:
    """Start a task on a case, or return the job that there is; ``?again=1`` starts one that failed or was stopped."""
    compute: Compute = at.request.app.state.compute
    key = (*case.key, at.language, *((chosen, narrow) if chosen else ()))
    ask = Ask(
        case.person,
        case.diary,
        at.language,
        at.config.draws,
        chosen or Chosen(),
        narrow,
        case.products,
        case.cut_off_mmol_per_l,
    )
    return compute.start(key, task, ask, again=bool(at.request.query_params.get("again")))


def wait_for(at: PersonDesk, job: Job, quick_s: float = QUICK_S) -> bool:
    """Wait a moment, or with ``?wait=1`` to the end; return whether the answer is there."""
    job.finished.wait(LONGEST_WAIT_S if at.request.query_params.get("wait") else quick_s)
    return job.state == "done"
