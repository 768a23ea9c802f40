"""Which column of a table of days holds what, as the user tells it in a TOML file.

[columns]
person = "respnr"
intake_mg_per_day = "mg"
date = "datum"
replicates = "rep"        # all columns whose name begins so

[sex]
1 = "male"
2 = "female"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from magnes import toml_lines
from magnes.errors import Problems
from magnes.readers.person_fields import Fields
from magnes.readers.textfile import read_text

__all__ = ["FIELDS", "SEXES", "Mapped", "read_mapping"]

FIELDS = (
    "person", "day", "date", "weekend", "intake_mg_per_day", "weight", "sex", "age_years", "group",
    "stratum", "psu", "supplement_mg_per_day", "replicates",
)  # fmt: skip
SEXES = {
    "female": "female", "male": "male", "f": "female", "m": "male", "v": "female",
    "vrouw": "female", "man": "male", "woman": "female",
}  # fmt: skip


@dataclass(frozen=True)
class Mapped:
    """``columns``: field to column of the file; ``sex``: code of the file to female or male."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sex: Mapping[str, str] = field(default_factory=dict)


def read_mapping(path: str | Path) -> Mapped:
    """Read a mapping; raises ``InputProblems`` with all problems at once, each with its line and the nearest name."""
    path = Path(path)
    problems = Problems(str(path))
    data, lines = toml_lines.load(read_text(path), problems)
    reader = Fields(data, lines, problems)
    reader.unknown_fields((), data, ("columns", "sex"))
    columns = _table(reader, "columns", reader.text)
    reader.unknown_fields(("columns",), columns, FIELDS)
    sex = _table(reader, "sex", lambda place: reader.choice(place, SEXES))
    problems.stop()
    return Mapped(columns, {code.casefold(): meant for code, meant in sex.items()})


def _table(reader: Fields, name: str, read: Callable[[toml_lines.Path], Any]) -> dict[str, str]:
    """Read each key of a table."""
    table = reader.data.get(name, {})
    if not isinstance(table, dict):
        reader.add("table_invalid", (name,), accepted=f"[{name}]")
        return {}
    for key in table:
        if reader.absent((name, key)):
            reader.add("cell_empty", (name, key))
    return {key: read((name, key)) for key in table}
