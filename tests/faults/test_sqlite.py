"""SQLite: the process is killed, the disk is full, the folder cannot be written, another process is there."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from random_writes import WRITES, states
from sqlalchemy import event

from magnes.errors import InputProblems
from magnes.store.engine import Store, open_store
from magnes.store.entries import Entries
from magnes.store.faults import StoreFull
from magnes.store.people import People
from magnes.store.scope import Scope
from magnes.store.users import first_practice

Writer = Callable[[str, int], "subprocess.Popen[str]"]
Rounds = Callable[[int, int], int]


def acknowledged(process: subprocess.Popen[str], until: int) -> int:
    """Let the program write, end it after this many, and return how many it confirmed all together."""
    assert process.stdout
    said = process.stdout.readline()
    assert said == "ready\n"
    for _ in range(until):
        said = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().splitlines()  # what it still confirmed before it was gone
    process.wait(10)
    said = rest[-1] if rest else said
    return int(said.split()[1]) if said.startswith("done") else 0


def integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


def diary(store: Store) -> list[dict[str, str]]:
    with store.begin(reading=True) as session:
        scope = first_practice(session, "Een")
        (person,) = People(session, scope).list()
        return [line.facts for line in Entries(session, scope, person.id).list("diary")]


def test_kill_9_loses_nothing_that_was_confirmed(
    tmp_path: Path, writer: Writer, rounds: Rounds, figures: dict[str, str]
) -> None:
    # catches: a write confirmed before it is on disk, half a write, a damaged file, a lock that stays
    draw, confirmed, number = random.Random(9), 0, rounds(3, 50)
    for seed in range(number):
        path = tmp_path / f"{seed}.db"
        count = acknowledged(writer(str(path), seed), draw.randint(0, WRITES - 1))
        assert integrity(path) == "ok"
        store = open_store(str(path))
        expected = states(seed)
        # the write under way when the process ended is there or not; each before it is there
        assert diary(store) in (expected[count], expected[min(count + 1, WRITES)])
        store.close()
        confirmed += count
    assert confirmed > 20 * number
    figures[f"`kill -9` during {WRITES} random writes, {number} times"] = (
        f"{confirmed} writes confirmed, 0 lost, 0 half; `PRAGMA integrity_check` ok {number} times"
    )


def test_a_second_process_is_refused_until_the_first_is_gone(
    tmp_path: Path, writer: Writer, figures: dict[str, str]
) -> None:
    # catches: two servers on one file; a lock that outlives a killed server
    path = str(tmp_path / "m.db")
    process = writer(path, 1)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    with pytest.raises(InputProblems) as error:
        open_store(path)
    assert [problem.code for problem in error.value.problems] == ["store_locked"]
    process.kill()
    process.wait(10)
    open_store(path).close()
    figures["second process on the same file"] = "refused (`store_locked`); let in once the first was killed"


def fill(store: Store) -> tuple[int, Scope, int]:
    """Write until the disk is full; return how many lines were confirmed, and where."""
    with store.begin() as session:
        scope = first_practice(session, "Een")
        person = People(session, scope).add({"label": "Anna"}).id
    confirmed, told = 0, ""
    try:
        while confirmed < 5000:
            with store.begin() as session:
                Entries(session, scope, person).add("diary", {"food": str(confirmed), "remark": "x" * 3000})
            confirmed += 1
    except StoreFull as error:
        told = error.problem.code
    assert told == "store_full"
    return confirmed, scope, person


def test_a_full_disk_loses_nothing(small_disk: Path, figures: dict[str, str]) -> None:
    # catches: a full disk that damages the file, hides what was there, or stays "full" with room again
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 2_000_000)
    store = open_store(str(small_disk / "m.db"))
    confirmed, scope, person = fill(store)
    assert confirmed > 20
    assert [line["food"] for line in diary(store)] == [str(number) for number in range(confirmed)]
    ballast.unlink()
    with store.begin() as session:
        Entries(session, scope, person).add("diary", {"food": "after"})
    assert len(diary(store)) == confirmed + 1
    store.close()
    assert integrity(small_disk / "m.db") == "ok"
    figures["disk full (a file system of 4 MB)"] = (
        f"`store_full` after {confirmed} writes, all there and readable; with room again writing goes on; integrity ok"
    )


def test_a_file_that_may_not_grow_loses_nothing(tmp_path: Path) -> None:
    # catches: the same without a disk of its own, as on a computer where tests are no root
    store = open_store(str(tmp_path / "m.db"))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100")
        connection.rollback()
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 100"))
    confirmed, _, _ = fill(store)
    assert [line["food"] for line in diary(store)] == [str(number) for number in range(confirmed)]
    store.close()
    assert integrity(tmp_path / "m.db") == "ok"


@pytest.mark.parametrize("existing", [False, True], ids=["no file yet", "a file"])
def test_a_folder_that_cannot_be_written(small_disk: Path, existing: bool, figures: dict[str, str]) -> None:
    # catches: a stack trace at the start, or a server that starts and can store nothing
    path = small_disk / "m.db"
    if existing:
        open_store(str(path)).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(InputProblems) as error:
        open_store(str(path))
    assert [problem.code for problem in error.value.problems] == ["store_folder"]
    assert path.exists() == existing
    figures["folder read-only"] = (
        "refused at the start (`store_folder`, with the reason of the system); nothing changed"
    )
