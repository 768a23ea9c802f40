"""Many people through the body: parts of a cohort made here, by processes, or by a cluster; resumed where it stopped.

    cohort(spec, out=folder, workers=2) -> Cohort

Memory is that of one part per worker. Neither the number of workers nor a stop on the way changes a number.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path

from magnes.errors import Problems
from magnes.population.cohort_spec import CohortSpec, check
from magnes.population.parts import Job, claim, clean, made, missing, store
from magnes.population.pool import Pool, pool_like
from magnes.readers.nhanes import Survey

__all__ = ["Cohort", "cohort"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Cohort:
    """A cohort that is done: its folder, what was asked, and how many parts were made now."""

    folder: Path
    spec: CohortSpec
    made: int


def cohort(
    spec: CohortSpec,
    *,
    out: str | Path,
    survey: Survey | Pool | None = None,
    later: Pool | None = None,
    workers: int = 1,
    cluster: str | None = None,
    engine: str | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Cohort:
    """Make every part that is missing in the folder ``out``.

    ``survey``: people to draw from in the place of ``spec.people.like``; ``later``: the same with the food of a policy
    from day 0 on, as ``Pool.with_intake`` makes it. ``workers``: processes on this machine;
    ``cluster``: address of a Dask scheduler instead (an extra). ``engine``: see ``batch.run``; without a name the
    quickest, on a graphics processor where JAX sees one. ``progress`` is called with the people that are done
    and all. Raises ``InputProblems``: see ``parts.claim``; ``file_unwritable``;
    ``cohort_worker_lost`` when a process was killed.
    """
    check(spec)
    ages = (spec.people.age_from, spec.people.age_to)
    pool = pool_like(spec.people.like if survey is None else survey, ages, spec.people.intake)
    job = Job.of(spec, pool, later, engine)
    folder = Path(out)
    claim(folder, job, resume=resume)
    clean(folder)
    left = missing(folder, spec.parts)
    done = spec.people.number - sum(_size(spec, part) for part in left)
    tell = progress or _silent
    tell(done, spec.people.number)
    try:
        for part in _through(job, left, folder, workers, cluster):
            done += _size(spec, part)
            tell(done, spec.people.number)
    except OSError as error:
        problems = Problems(str(folder))
        problems.add("file_unwritable", found=error.strerror or str(error))
        problems.stop()
    return Cohort(folder, spec, len(left))


def _through(job: Job, parts: Sequence[int], out: Path, workers: int, cluster: str | None) -> Iterator[int]:
    """Make parts one way or another; yield each that is done."""
    if cluster is not None:
        from magnes.population.cluster import on_cluster

        yield from on_cluster(cluster, job, parts, out)
    elif workers > 1 and len(parts) > 1:
        yield from _in_processes(job, parts, out, workers)
    else:
        for part in parts:
            store(out, part, made(job, part))
            yield part


def _in_processes(job: Job, parts: Sequence[int], out: Path, workers: int) -> Iterator[int]:
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(job, out)) as pool:
            waiting = [pool.submit(_make, part) for part in parts]
            try:
                for future in as_completed(waiting):
                    yield future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except BrokenProcessPool:
        problems = Problems(str(out))
        problems.add("cohort_worker_lost")
        problems.stop()


_here: list[tuple[Job, Path]] = []  # of a worker


def _begin(job: Job, out: Path) -> None:
    _here.append((job, out))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Stop at once when the process that hands out parts is gone: nobody would ever ask for more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _make(part: int) -> int:
    job, out = _here[-1]
    store(out, part, made(job, part))
    return part


def _size(spec: CohortSpec, part: int) -> int:
    return min(spec.part, spec.people.number - part * spec.part)


def _silent(done: int, all_people: int) -> None:
    pass
