"""Faults: a few of each in the ordinary tests; ``make test-faults`` runs many and writes docs/validation/faults.md."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import magnes

FULL = bool(os.environ.get("MAGNES_FULL_FAULTS"))
ROOT = Path(__file__).parents[2]
FIGURES: dict[str, str] = {}
HEADER = """# Faults

Written by `make test-faults`. Each fault happens for real; what the store confirmed before it must be there after it.
The quick form of each runs in `make test`. A clock that is set back ends every log-in session, on both databases:
`tests/store/test_sessions.py`, with the time handed in.

| fault | outcome |
|---|---|
"""


@pytest.fixture(scope="session")
def rounds() -> Callable[[int, int], int]:
    """How often: few or many."""
    return lambda few, many: many if FULL else few


@pytest.fixture(scope="session")
def figures() -> dict[str, str]:
    return FIGURES


def pytest_sessionfinish(exitstatus: int) -> None:
    if FULL and exitstatus == 0:
        lines = [f"| {fault} | {outcome} |\n" for fault, outcome in FIGURES.items()]
        (ROOT / "docs" / "validation" / "faults.md").write_text(HEADER + "".join(lines), encoding="utf-8")


@pytest.fixture
def writer() -> Iterator[Callable[[str, int], subprocess.Popen[str]]]:
    """Start the program that makes random writes; whatever is left of it is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(database: str, seed: int) -> subprocess.Popen[str]:
        cases = ROOT / "tests" / "cases"
        paths = os.pathsep.join(map(str, (Path(magnes.__file__).parents[1], cases)))
        command = [sys.executable, str(cases / "random_writes.py"), database, str(seed)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths})
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not mount or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a disk of its own can only be mounted as root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
