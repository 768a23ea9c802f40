"""Parts of a cohort on the workers of a Dask cluster: the same function, the same bytes; an extra.

A part is a task that needs nothing of another part and comes back as bytes, so workers share no disk. A worker that is
lost costs the parts that it was at: they are made again elsewhere.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from magnes.errors import Problems
from magnes.population.parts import Job, made, store

__all__ = ["on_cluster"]

AHEAD = 2  # parts per worker that are asked for at a time: bounds what waits in memory
RETRIES = 5  # of one part, when workers are lost
SECONDS_TO_CONNECT = 10


def on_cluster(address: str, job: Job, parts: Sequence[int], out: Path) -> Iterator[int]:
    """Make parts on the cluster whose scheduler has this address and store them here; yield each that is done.

    Raises ``InputProblems``: the extra is missing, nobody answers, or a part was lost again and again.
    """
    problems = Problems()
    try:
        dask: Any = import_module("dask.distributed")  # without types
    except ImportError:
        problems.add("extra_missing", found="distributed", accepted="pip install 'magnes[cluster]'")
        problems.stop()
    packed = zlib.compress(pickle.dumps(job))
    try:
        client = dask.Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        problems.add("cluster_unreachable", field="--cluster", found=address, accepted=str(error))
        problems.stop()
    with client:
        left = iter(parts)

        def ask(number: int) -> list[Any]:
            """Ask for so many parts more, or as many as are left."""
            return [client.submit(_part, packed, part, pure=False, retries=RETRIES) for part in islice(left, number)]

        at_once = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        waiting = dask.as_completed(ask(at_once), loop=client.loop, with_results=True)
        try:
            for future, (part, tables) in waiting:
                store(out, part, tables)
                future.release()
                waiting.update(ask(1))
                yield part
        except dask.KilledWorker:
            problems.add("cohort_worker_lost")
    problems.stop()


def _part(packed: bytes, part: int) -> tuple[int, tuple[bytes, bytes]]:
    return part, made(_job(packed), part)


@lru_cache(maxsize=2)
def _job(packed: bytes) -> Job:
    job: Job = pickle.loads(zlib.decompress(packed))  # noqa: S301 - from our own scheduler
    return job
