"""The six diffs of docs/extending.md apply, keep the knowledge base in order, and do what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
DIFFS = re.findall(r"^## \d\. (.+?)$.*?^```diff\n(.*?)^```", TEXT, re.M | re.S)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy package and cases, and apply the diffs one after the other."""
    copy = tmp_path_factory.mktemp("extended")
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
    shutil.copytree(ROOT / "tests" / "cases", copy / "tests" / "cases", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "test_known.py", copy / "tests")
    for _, diff in DIFFS:
        subprocess.run(["git", "apply", "-"], cwd=copy, input=diff, text=True, check=True)
    return copy


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, (copy / "src", copy / "tests" / "cases")))
    environment = os.environ | {"PYTHONPATH": paths, "MAGNES_LANG": "en"}
    return subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def test_there_are_six_each_in_one_table_with_its_test() -> None:
    # catches: a change that needs a second table, or comes without a test
    assert [title for title, _ in DIFFS] == [
        "A food",
        "A salt",
        "An interaction",
        "A medicine",
        "A reference value",
        "A name in a language",
    ]
    for title, diff in DIFFS:
        files = re.findall(r"^\+\+\+ b/(.+)$", diff, re.M)
        assert len(files) == 2, title
        assert files[0].startswith("src/magnes/knowledge/data/"), title
        assert files[1] == "tests/cases/known.py", title


def test_the_changed_knowledge_base_is_in_order(changed: Path) -> None:
    # catches: an example that the check refuses
    result = run(changed, "-m", "magnes", "knowledge", "check")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_new_lines_lead_where_they_say(changed: Path) -> None:
    # catches: an example that applies and does nothing
    result = run(changed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_known.py")
    assert result.returncode == 0, result.stdout
    (count,) = re.findall(r"(\d+) passed", result.stdout)
    own = run(ROOT, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-cov", "tests/test_known.py").stdout
    assert int(count) == int(re.findall(r"(\d+) passed", own)[0]) + len(DIFFS)
