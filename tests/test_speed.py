"""Knowledge queries answer at once: a bound that only a wrong algorithm breaks (see docs/validation/knowledge.md)."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parent / "bench" / "bench_knowledge.py"
SPEC = importlib.util.spec_from_file_location("bench_knowledge", PATH)
assert SPEC is not None
assert SPEC.loader is not None
BENCH = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(BENCH)

BOUND_MS = 50


@pytest.mark.parametrize("name", BENCH.QUERIES)
def test_a_warm_query_takes_less_than_fifty_milliseconds(name: str) -> None:
    # catches: a query that reads its tables again, or walks all of them
    median, _ = BENCH.warm(BENCH.QUERIES[name])
    assert median < BOUND_MS


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
