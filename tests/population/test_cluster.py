"""A cohort on a Dask cluster of processes: the same bytes with one and four workers; a lost worker costs its part."""

import logging
import os
import signal
import threading
import time

import pytest

from magnes.errors import InputProblems
from magnes.population import cluster as module
from magnes.population.cohort import cohort
from magnes.population.cohort_spec import CohortSpec, PeopleAsked

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("dask.distributed")

SPEC = CohortSpec(days=4, part=20, people=PeopleAsked(number=170, seed=3))


@pytest.fixture(scope="module")
def local():
    """A cluster that begins with one worker process."""
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster


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
        local.scale(number)
        local.wait_for_workers(number)
        cohort(SPEC, out=tmp_path / str(number), cluster=local.scheduler_address)
        assert content(tmp_path / str(number)) == alone


def test_a_killed_worker_costs_its_parts_alone(local, alone, tmp_path, monkeypatch):
    """Catches: a cohort that begins anew, hangs or loses a part when a worker process is killed."""
    stored, store = [], module.store
    monkeypatch.setattr(module, "store", lambda out, part, tables: (stored.append(part), store(out, part, tables)))
    local.scale(2)
    local.wait_for_workers(2)
    victim = next(iter(local.workers.values())).process.pid

    def kill():
        while not stored:
            time.sleep(0.002)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    cohort(SPEC, out=tmp_path / "killed", cluster=local.scheduler_address)
    killer.join()
    assert content(tmp_path / "killed") == alone
    assert sorted(stored) == list(range(SPEC.parts))  # every part came back once: what was done was not redone


def test_an_address_where_nobody_answers_is_told(tmp_path, monkeypatch):
    """Catches: a wait without end, or a traceback of the library."""
    monkeypatch.setattr(module, "SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(InputProblems) as error:
        cohort(SPEC, out=tmp_path / "none", cluster="tcp://127.0.0.1:9")
    assert [problem.code for problem in error.value.problems] == ["cluster_unreachable"]
