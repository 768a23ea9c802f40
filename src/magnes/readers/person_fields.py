"""Fields of a TOML file fetched by path: each returns a value or notes a problem with the line it stands on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from magnes import toml_lines
from magnes.errors import Problems, nearest
from magnes.readers.fields import plain_number, read_date, read_number, read_time

__all__ = ["LONGEST_TEXT", "MOST_ROWS", "MOST_TIMES", "NUMBERS", "Fields", "short_text"]

# field -> lowest, highest, unit
NUMBERS = {
    "age_years": (0, 120, ""),
    "weight_kg": (1, 400, "kg"),
    "height_cm": (30, 250, "cm"),
    "egfr_ml_min_1_73m2": (0, 250, "mL/min/1.73 m²"),
    "serum_creatinine_umol_l": (10, 3000, "µmol/L"),
    "sport_hours_per_week": (0, 100, "h"),
    "trimester": (1, 3, ""),
    "dose_mg": (0.001, 100_000, "mg"),
    "elemental_mg": (0.1, 5000, "mg"),
    "compound_mg": (0.1, 30_000, "mg"),
    "load_mg": (10, 2000, "mg"),
}
LONGEST_TEXT = 200
LARGEST_WHOLE = 10**15
# More than anyone takes or has: a file that goes beyond is no person
MOST_ROWS, MOST_TIMES = 100, 24

Value = TypeVar("Value")


class Fields:
    """One file being read: fields are fetched by path so that every problem knows its line.

    ``numbers``: bounds and unit of each field that is a number.
    """

    numbers: Mapping[str, tuple[float, float, str]] = NUMBERS

    def __init__(self, data: dict[str, Any], lines: dict[toml_lines.Path, int], problems: Problems) -> None:
        self.data, self.lines, self.problems = data, lines, problems

    def add(self, code: str, path: toml_lines.Path, **facts: Any) -> None:
        """Note a problem of the field at this path."""
        self.problems.add(code, **self.place(path), **facts)

    def few(self, path: toml_lines.Path, values: list[Any], most: int) -> bool:
        """Whether a list is no longer than anyone needs; told at its first row too many."""
        if len(values) > most:
            line = toml_lines.line_of((*path, most), self.lines)
            field = ".".join(map(str, path))
            self.problems.add("too_many", line=line, field=field, found=len(values), accepted=str(most))
        return len(values) <= most

    def get(self, path: toml_lines.Path) -> Any:
        """Return what the file has at this path; ``None`` when it has nothing."""
        here: Any = self.data
        for key in path:
            here = here.get(key) if isinstance(here, dict) else here[key]
        return here

    def number(self, path: toml_lines.Path) -> float | None:
        """Read a number within the bounds of its field."""
        low, high, unit = self.numbers[str(path[-1])]
        text = self._number_text(path, f"{low:g} … {high:g} {unit}".strip())
        if text is None:
            return None
        return read_number(text, self.problems, **self.place(path), low=low, high=high, unit=unit)

    def number_of_any_size(self, path: toml_lines.Path, accepted: str) -> float | None:
        """Read a number whose bounds depend on other fields; ``accepted`` is what a refusal says."""
        text = self._number_text(path, accepted)
        return None if text is None else plain_number(text, self.problems, **self.place(path), accepted=accepted)

    def _number_text(self, path: toml_lines.Path, accepted: str) -> str | None:
        """Return a number as it was typed; ``None`` when there is none."""
        value = self.get(path)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            self.add("number_invalid", path, found=value, accepted=accepted)
            return None
        return str(value) if isinstance(value, str) or abs(value) < LARGEST_WHOLE else "…"

    def place(self, path: toml_lines.Path) -> dict[str, Any]:
        """Return line and field for a message."""
        return {"line": toml_lines.line_of(path, self.lines), "field": ".".join(map(str, path))}

    def date(self, path: toml_lines.Path) -> dt.date | None:
        """Read a date, bare or quoted; a date with a time is refused."""
        value = self.get(path)
        return None if value is None else read_date(short_text(value), self.problems, **self.place(path))

    def text(self, path: toml_lines.Path) -> str:
        """Read a short text; ``""`` when absent."""
        value = self.get(path)
        if value is None:
            return ""
        if not isinstance(value, str) or isinstance(value, toml_lines.Literal) or len(value) > LONGEST_TEXT:
            self.add("text_invalid", path, found=value)
            return ""
        return value.strip()

    def texts(self, name: str) -> Iterable[str]:
        """Read a list of short texts; one that is blank or too long is left out, with a problem."""
        values = self.get((name,))
        if values is None:
            return
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self.add("list_invalid", (name,), found=values, accepted='["…", "…"]')
            return
        if not self.few((name,), values, MOST_ROWS):
            return
        for value in values:
            if not value.strip() or len(value) > LONGEST_TEXT:
                self.add("text_invalid", (name,), found=value)
            else:
                yield value

    def flag(self, path: toml_lines.Path, *, absent: bool = False) -> bool:
        """Read true or false; ``absent`` is what it means when the field is not there."""
        value = self.get(path)
        if value is None:
            return absent
        if not isinstance(value, bool):
            self.add("flag_invalid", path, found=value, accepted="true, false")
            return absent
        return value

    def choice(self, path: toml_lines.Path, known: dict[str, Value]) -> Value | None:
        """Read one of the known words, in any case."""
        value = self.get(path)
        accepted = ", ".join(known)
        if value is None:
            self.add("field_missing", path, accepted=accepted)
            return None
        key = short_text(value).casefold()
        if not isinstance(value, str) or key not in known:
            self.add("choice_unknown", path, found=value, accepted=accepted, nearest=nearest(key, known))
            return None
        return known[key]

    def rows(self, name: str, read: Callable[[toml_lines.Path], Value | None]) -> Iterable[Value]:
        """Read each row of a table; rows that cannot be read are left out, with a problem."""
        rows = self.data.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.add("table_invalid", (name,), accepted=f"[[{name}]]")
            return
        if not self.few((name,), rows, MOST_ROWS):
            return
        for number in range(len(rows)):
            row = read((name, number))
            if row is not None:
                yield row

    def absent(self, path: toml_lines.Path) -> bool:
        """Whether a field is not there, or blank."""
        value = self.get(path)
        return value is None or (isinstance(value, str) and not value.strip())

    def unknown_fields(self, path: toml_lines.Path, row: dict[str, Any], known: Iterable[str]) -> None:
        """Refuse fields that are not known, with the nearest known one."""
        known = tuple(known)
        for name in row:
            if name not in known:
                self.add("field_unknown", (*path, name), accepted=", ".join(known), nearest=nearest(name, known))

    def times(self, path: toml_lines.Path) -> tuple[dt.time, ...]:
        """Read a list of clock times, bare or quoted; a bare number such as 8.30 is refused."""
        values = self.get(path)
        if values is None:
            return ()
        if not isinstance(values, list):
            self.add("list_invalid", path, found=values, accepted='["08:00", "20:00"]')
            return ()
        if not self.few(path, values, MOST_TIMES):
            return ()
        read = [self.clock(value, path) for value in values]
        return tuple(time for time in read if time is not None)

    def clock(self, value: Any, path: toml_lines.Path) -> dt.time | None:
        """Read one clock time, bare or quoted."""
        if isinstance(value, dt.time):
            return value
        if isinstance(value, toml_lines.Literal):
            self.add("time_invalid", path, found=value, accepted='"08:30"')
            return None
        return read_time(short_text(value), self.problems, **self.place(path))


def short_text(value: object) -> str:
    """Return the value as text; of a list or number its type: such text could be without end."""
    return str(value) if isinstance(value, (str, dt.date, dt.time, bool)) else type(value).__name__
