"""Knowledge queries answer at once: a bound that only a wrong algorithm breaks (see docs/validation/knowledge.md)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench_knowledge import QUERIES

BOUND_MS = 50


@pytest.fixture(scope="module")
def best_ms() -> dict[str, float]:
    """Best of 30 runs of every query, in a process of its own: coverage makes everything three times slower."""
    code = (
        "import bench_knowledge as b, json; print(json.dumps({name: b.warm(q).best for name, q in b.QUERIES.items()}))"
    )
    folder = Path(__file__).parent / "bench"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", QUERIES)
def test_a_warm_query_takes_less_than_fifty_milliseconds(name: str, best_ms: dict[str, float]) -> None:
    # catches: a query that reads its tables again, or walks all of them
    assert best_ms[name] < BOUND_MS


def test_package_data_stays_small() -> None:
    # catches: a raw table or a picture shipped by accident
    data = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data"
    assert sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) < 15_000_000


def test_a_verb_loads_only_its_tables() -> None:
    # catches: food tables or indications read for a question about a medicine
    code = (
        "from magnes.knowledge import load\n"
        "seen = []\n"
        "real = load.located.__wrapped__\n"
        "from functools import cache\n"
        "load.located = cache(lambda kind: seen.append(kind.__name__) or real(kind))\n"
        "from magnes.apps.cli.main import cli\n"
        "cli({args}, standalone_mode=False)\n"
        "print('TABLES', *sorted(seen))\n"
    )
    wanted = {
        "['claims', 'C1-001']": {"Statement", "Computation"},
        "['why', 'krampen']": {"Sign", "Function", "Cause", "Link", "Term", "Indication", "Statement"},
        "['evidence', 'krampen']": {"Indication", "EuClaim", "Statement"},
    }
    for args, expected in wanted.items():
        text = subprocess.run(
            [sys.executable, "-c", code.replace("{args}", args)], capture_output=True, text=True, check=True
        ).stdout
        assert set(text.rsplit("TABLES", 1)[1].split()) <= expected, args
