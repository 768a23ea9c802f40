"""The invented example person in a new database, so that every page has something to show."""

from __future__ import annotations

from pathlib import Path

from magnes.apps.web.importing import Sent, read_files, save
from magnes.examples import example_folder
from magnes.store.engine import open_store
from magnes.store.users import first_practice

__all__ = ["FILLED_DAY", "seed"]

FILLED_DAY = "/people/1/diary?day=2026-10-05"
SUPPLEMENT = '\n[[supplements]]\nsalt = "citrate"\nelemental_mg = 100\ntimes = ["20:00"]\n'


def seed(data: Path, number: int = 1) -> list[int]:
    """Make ``number`` people with the facts, the diary and the takings of the example; return their ids."""
    text, lines = ((example_folder() / f"anna.{kind}").read_text(encoding="utf-8") for kind in ("toml", "csv"))
    store = open_store(str(data))
    try:
        with store.begin() as session:
            scope = first_practice(session, "Magnes")
            read = read_files(Sent("anna.toml", (text + SUPPLEMENT).encode()), Sent("anna.csv", lines.encode()))
            return [save(session, scope, read) for _ in range(number)]
    finally:
        store.close()
