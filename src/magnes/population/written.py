"""Tables of results with what they were made by: engine, state of the knowledge, seed, device."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magnes import __version__
from magnes.errors import Problems
from magnes.knowledge.load import knowledge_hash

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ENDINGS", "check_ending", "provenance", "table_json", "write_table"]

ENDINGS = (".csv", ".parquet", ".json")
DEVICE = "cpu, NumPy float64"


def provenance(**facts: object) -> dict[str, str]:
    """Return what a result was made by, as texts; ``facts`` are added to engine, knowledge and device."""
    made = {"engine": f"magnes {__version__}", "knowledge": knowledge_hash(), "device": DEVICE}
    return made | {name: str(value) for name, value in facts.items() if value is not None}


def check_ending(path: str | Path) -> None:
    """Raise ``InputProblems`` for a file name that tells no form of table, before anything is computed."""
    problems = Problems(str(path))
    if Path(path).suffix.lower() not in ENDINGS:
        problems.add("table_ending", found=Path(path).suffix, accepted=", ".join(ENDINGS))
    problems.stop()


def table_json(frame: pl.DataFrame, facts: Mapping[str, str], more: Mapping[str, Any] | None = None) -> str:
    """Return a table as JSON: ``provenance``, what ``more`` adds, and ``rows``."""
    whole = {"provenance": dict(facts), **(more or {}), "rows": frame.to_dicts()}
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)


def write_table(
    frame: pl.DataFrame, path: str | Path, facts: Mapping[str, str], more: Mapping[str, Any] | None = None
) -> None:
    """Write a table as its name says: CSV (facts as columns), Parquet (as metadata) or JSON (``provenance``).

    ``more`` is added to the JSON. Raises ``InputProblems`` when the file cannot be written.
    """
    import polars as pl

    check_ending(path)
    path = Path(path)
    problems = Problems(str(path))
    try:
        if path.suffix.lower() == ".parquet":
            frame.write_parquet(path, metadata=dict(facts))
        elif path.suffix.lower() == ".csv":
            frame.with_columns(pl.lit(value).alias(name) for name, value in facts.items()).write_csv(path)
        else:
            path.write_text(table_json(frame, facts, more) + "\n", encoding="utf-8")
    except OSError as error:
        problems.add("file_unwritable", found=error.strerror or str(error))
    problems.stop()
