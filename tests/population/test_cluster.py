"""A cohort on a Dask cluster of processes: the same bytes with one and four workers; a lost worker costs its part."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import magnes
from magnes.errors import InputProblems
from magnes.population import cluster as module
from magnes.population.cohort import cohort
from magnes.population.cohort_spec import CohortSpec, PeopleAsked

distributed = pytest.importorskip("distributed")

SPEC = CohortSpec(days=4, part=20, people=PeopleAsked(number=170, seed=3))
SECONDS_TO_START = 60.0


class Processes:
    """A scheduler and workers as who runs a cluster starts them: each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--interface", "lo")
        until = time.monotonic() + SECONDS_TO_START
        while not self.file.exists() and time.monotonic() < until:
            time.sleep(0.05)

    def _start(self, what: str, *more: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.{what}",
            "--scheduler-file",
            str(self.file),
            "--no-dashboard",
        ]
        source = str(Path(magnes.__file__).parents[1])
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen([*command, *more], stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": source})

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        with distributed.Client(scheduler_file=str(self.file), timeout=SECONDS_TO_START) as client:
            return str(client.scheduler.address)

    def workers_are(self, number: int) -> None:
        """Start workers until there are this many, and wait for them."""
        self.workers = [one for one in self.workers if one.poll() is None]
        for _ in range(number - len(self.workers)):
            self.workers.append(self._start("dask_worker", "--nthreads", "1", "--no-nanny", "--interface", "lo"))
        with distributed.Client(scheduler_file=str(self.file), timeout=SECONDS_TO_START) as client:
            client.wait_for_workers(number, timeout=SECONDS_TO_START)

    def stop(self) -> None:
        """End all of them."""
        for one in (*self.workers, self.scheduler):
            one.kill()
            one.wait(timeout=20)


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A cluster without workers at first."""
    found = Processes(tmp_path_factory.mktemp("processes"))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster") / "alone"
    cohort(SPEC, out=folder)
    return content(folder)


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_one_and_four_workers_make_the_tables_of_no_cluster(local, alone, tmp_path):
    """Catches: bytes that depend on the number of workers or on the order in which parts come back."""
    for number in (1, 4):
        local.workers_are(number)
        cohort(SPEC, out=tmp_path / str(number), cluster=local.address)
        assert content(tmp_path / str(number)) == alone


def test_a_killed_worker_costs_its_parts_alone(local, alone, tmp_path, monkeypatch):
    """Catches: a cohort that begins anew, hangs or loses a part when a worker process is killed."""
    stored, store = [], module.store
    monkeypatch.setattr(module, "store", lambda out, part, tables: (stored.append(part), store(out, part, tables)))
    local.workers_are(2)

    def kill():
        while not stored:
            time.sleep(0.002)
        local.workers[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    cohort(SPEC, out=tmp_path / "killed", cluster=local.address)
    killer.join()
    assert content(tmp_path / "killed") == alone
    assert sorted(stored) == list(range(SPEC.parts))  # every part came back once: what was done was not redone


def test_an_address_where_nobody_answers_is_told(tmp_path, monkeypatch):
    """Catches: a wait without end, or a traceback of the library."""
    monkeypatch.setattr(module, "SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(InputProblems) as error:
        cohort(SPEC, out=tmp_path / "none", cluster="tcp://127.0.0.1:9")
    assert [problem.code for problem in error.value.problems] == ["cluster_unreachable"]
