"""A copy of the tables that a test may break."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from magnes.knowledge import load

Edit = Callable[[str, str, str], int]


def forget() -> None:
    """Clear every cache of the knowledge modules: a test must not leave its broken tables behind."""
    for name, module in list(sys.modules.items()):
        if name.startswith("magnes.knowledge"):
            for value in vars(module).values():
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edit]:
    """Replace a text that stands once in a file of a copy; returns its line. The package's tables stay as they are."""
    data, big = tmp_path / "data", shutil.ignore_patterns("sr28.csv", "fndds.csv", "ciqual.csv")
    shutil.copytree(str(load.data_folder()), data, ignore=big)
    monkeypatch.setattr(load, "data_folder", lambda: data)
    forget()

    def replace(file: str, old: str, new: str) -> int:
        path = data / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        forget()
        return text[: text.index(old)].count("\n") + 1

    yield replace
    forget()
