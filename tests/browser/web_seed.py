"""The invented example person in a new database, so that every page has something to show."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from magnes.apps.web.case import TABLES
from magnes.examples import example_folder
from magnes.store.engine import open_store
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.users import first_practice

__all__ = ["seed"]

SUPPLEMENT = {"salt": "citrate", "elemental_mg": "100", "times": ["20:00"]}


def seed(data: Path, number: int = 1) -> list[int]:
    """Make ``number`` people with the facts, the diary and the takings of the example; return their ids."""
    facts: dict[str, Any] = tomllib.loads((example_folder() / "anna.toml").read_text(encoding="utf-8"))
    tables = {kind: facts.pop(table, []) for kind, table in TABLES.items()}
    tables["supplement"].append(SUPPLEMENT)
    with (example_folder() / "anna.csv").open(encoding="utf-8", newline="") as file:
        lines = [(line, dt.date.fromisoformat(line.pop("date"))) for line in csv.DictReader(file)]
    store, ids = open_store(str(data)), []
    try:
        with store.begin() as session:
            scope = first_practice(session, "Magnes")
            for place in range(number):
                label = facts["label"] if number == 1 else f"{facts['label']} {place + 1}"
                person = People(session, scope).add({**facts, "label": label})
                entries = Entries(session, scope, person.id)
                entries.add_many("diary", lines)
                for kind, rows in tables.items():
                    entries.add_many(kind, [(row, None) for row in rows])  # type: ignore[arg-type]
                ids.append(person.id)
    finally:
        store.close()
    return ids
