"""Compute processes beside the one server process: jobs with progress, cancel, and results that are kept.

Each process serves one job after the other. A person stays with one process, which keeps the fitted bodies in memory;
one more process answers what is quick, so that it never waits for a fit. A process that dies is replaced.
"""

from __future__ import annotations

import logging
import multiprocessing
import secrets
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from magnes.apps.web.compute.process import serve_jobs
from magnes.errors import Problem

__all__ = ["Compute", "Job", "State"]

State = Literal["waiting", "running", "done", "refused", "failed", "died", "cancelled"]
Key = tuple[Hashable, ...]
KEPT = 48  # finished jobs of one task
QUICK = ("assess", "timetable")  # tasks of well under a second
LATEST = ("what_if",)  # tasks of which a person waits for the newest only
FIRST = ("what_if", "export")  # tasks that go before those that wait: somebody looks at a page already
STOPPING_S = 2.0
log = logging.getLogger("magnes.web")


@dataclass(eq=False)
class Job:
    """One computation. ``part``: what runs now, its place and of how many; ``problems``: why it was refused."""

    task: str
    key: Key
    payload: Any
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = "waiting"
    part: tuple[str, int, int] | None = None
    result: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def person_id(self) -> Hashable:
        """Whose it is: the first of the key."""
        return self.key[0]

    def end(self, state: State) -> None:
        """Finish; what was asked is forgotten."""
        self.state, self.payload = state, None
        self.finished.set()


class Compute:
    """The processes, started when first needed. ``workers``: for what takes long; one more answers what is quick."""

    def __init__(self, workers: int) -> None:
        self._lock = threading.RLock()
        self._quick = _Worker("quick")
        self._slow = [_Worker(f"slow-{place}") for place in range(max(1, workers))]
        self._home: dict[Hashable, _Worker] = {}
        self._jobs: dict[str, OrderedDict[Key, Job]] = {}

    def start(self, key: Key, task: str, payload: Any, *, again: bool = False) -> Job:
        """Return the job of this key: the one there is, finished or not, or a new one.

        ``key`` begins with the id of the person and the revision: what waits for an older one is left out.
        ``again``: not one that failed or was cancelled.
        """
        with self._lock:
            jobs = self._jobs.setdefault(task, OrderedDict())
            found = jobs.get(key)
            if found and not (again and found.state in ("failed", "died", "cancelled")):
                jobs.move_to_end(key)
                return found
            job = jobs[key] = Job(task, key, payload)
            jobs.move_to_end(key)
            done = [other for other in jobs.values() if other.finished.is_set()]
            for old in done[: max(0, len(done) - KEPT)]:
                del jobs[old.key]
            worker = self._worker(job)
            for other in worker.overtaken(job):
                self._jobs[other.task].pop(other.key, None)
            worker.put(job)
            return job

    def job(self, job_id: str) -> Job | None:
        """Return a job by its id."""
        with self._lock:
            return next((job for jobs in self._jobs.values() for job in jobs.values() if job.id == job_id), None)

    def cancel(self, job: Job) -> None:
        """Stop a job: one that waits is left out, one that runs ends with its process, which is replaced."""
        with self._lock:
            for worker in (self._quick, *self._slow):
                worker.cancel(job)

    def close(self) -> None:
        """End all processes; jobs that are not done are cancelled."""
        for worker in (self._quick, *self._slow):
            worker.close()

    def _worker(self, job: Job) -> _Worker:
        if job.task in QUICK:
            return self._quick
        if job.person_id not in self._home:
            self._home[job.person_id] = min(self._slow, key=lambda worker: worker.load)
        return self._home[job.person_id]


def _older(one: Job, other: Job) -> bool:
    """Whether nobody needs the first any more when the second comes."""
    return one.key[1:2] < other.key[1:2] or one.task == other.task in LATEST


class _Worker:
    """A thread that hands jobs to one process, and the process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._todo: list[Job] = []
        self._change = threading.Condition()
        self._running: Job | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    @property
    def load(self) -> int:
        """Number of jobs that run or wait."""
        return len(self._todo) + (self._running is not None)

    def put(self, job: Job) -> None:
        """Queue a job, and begin when this is the first one ever."""
        with self._change:
            if self._closed:
                job.end("cancelled")
                return
            first = job.task in FIRST
            self._todo.insert(sum(other.task in FIRST for other in self._todo) if first else len(self._todo), job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"compute-{self.name}", daemon=True)
                self._thread.start()
            self._change.notify()

    def overtaken(self, job: Job) -> list[Job]:
        """Leave out what waits for an older revision of the person, or for the same quick answer, and return it."""
        with self._change:
            old = [other for other in self._todo if other.person_id == job.person_id and _older(other, job)]
            self._todo = [other for other in self._todo if other not in old]
        for other in old:
            other.end("cancelled")
        return old

    def cancel(self, job: Job) -> None:
        """Stop a job if it is here."""
        with self._change:
            if job in self._todo:
                self._todo.remove(job)
                job.end("cancelled")
            elif job is self._running:
                job.end("cancelled")
                self._kill()

    def close(self) -> None:
        """End thread and process."""
        with self._change:
            self._closed = True
            waiting, self._todo = self._todo, []
            for job in (*waiting, *([self._running] if self._running else [])):
                job.end("cancelled")
            self._kill()
            self._change.notify()
        if self._thread:
            self._thread.join(STOPPING_S)

    def _kill(self) -> None:
        if self._process:
            self._process.kill()

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._todo or self._closed)
                if self._closed:
                    break
                self._running = job = self._todo.pop(0)
                pipe = self._open_pipe()
            try:
                self._serve(job, pipe)
            except (EOFError, OSError):  # the process ended: cancelled, or by itself
                if not job.finished.is_set():
                    log.error("a compute process died during %s", job.task)
                    job.end("died")
                self._drop()
            with self._change:
                self._running = None
                if not self._closed:
                    self._open_pipe()  # one that died is replaced before it is missed
        self._drop()

    def _serve(self, job: Job, pipe: Connection) -> None:
        """Hand a job over and follow it to its end."""
        job.state = "running"
        pipe.send((job.task, job.key, job.payload))
        while True:
            kind, value = pipe.recv()
            if job.finished.is_set():  # cancelled: nothing of it counts
                raise EOFError
            if kind == "part":
                job.part = value
            elif kind == "done":
                job.result = value
                return job.end("done")
            elif kind == "refused":
                job.problems = value
                return job.end("refused")
            else:
                log.error("%s failed: %s", job.task, value)
                return job.end("failed")

    def _open_pipe(self) -> Connection:
        """Return the way to the process, which is started if there is none."""
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._drop()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=serve_jobs, args=(theirs,), name=self.name, daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def _drop(self) -> None:
        """Let go of the process."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(STOPPING_S)
        self._pipe = self._process = None
