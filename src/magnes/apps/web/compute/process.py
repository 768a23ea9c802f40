"""What runs in a compute process: one job after the other until the server goes away."""

from __future__ import annotations

import os
import signal
import traceback
from functools import partial
from multiprocessing.connection import Connection

from magnes.errors import InputProblems

__all__ = ["serve_jobs"]

KINDER = 5  # of the scheduler: typing goes before computing


def serve_jobs(pipe: Connection) -> None:
    """Load the engine, then answer ``(task, key, payload)`` with ``(kind, value)``: parts, and one end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which ends this process
    if hasattr(os, "nice"):
        os.nice(KINDER)
    from magnes.apps.web.compute.tasks import TASKS, warm_up

    warm_up()
    while True:
        try:
            task, key, payload = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(("done", TASKS[task](key, payload, partial(_tell, pipe, task))))
        except InputProblems as error:
            pipe.send(("refused", error.problems))
        except BrokenPipeError:
            return
        except Exception as error:
            # where, never what: the text of an error may hold what somebody typed
            last = traceback.extract_tb(error.__traceback__)[-1]
            pipe.send(("failed", f"{type(error).__name__} in {last.name}, line {last.lineno}"))


def _tell(pipe: Connection, task: str, part: str) -> None:
    from magnes.apps.web.compute.tasks import place_of

    pipe.send(("part", place_of(task, part)))
