"""Reading raw tables strictly and writing package tables the same way every time."""

from __future__ import annotations

import csv
import gzip
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO


@dataclass
class Refused:
    """Collects every bad cell; ``stop`` prints all of them and ends the import."""

    problems: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, column: str, found: str, accepted: str) -> None:
        """Note one bad cell."""
        self.problems.append(f"{file}:{line}: column {column}: found {found!r}, accepted: {accepted}")

    def stop(self) -> None:
        """End the import when anything was refused."""
        if self.problems:
            sys.exit("\n".join([*self.problems, f"{len(self.problems)} bad cells; nothing written"]))


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of a CSV file, plain or gzip."""
    with _open(path) as handle:
        reader = csv.DictReader(handle)
        for row in reader:
            yield reader.line_num, row


def number(refused: Refused, path: Path, line: int, row: dict[str, str], column: str, *, signed: bool = False) -> str:
    """Return a cell as a number in its shortest form; blank stays blank (missing is not zero).

    Below 0 only if ``signed``: a difference may be.
    """
    text = row[column].strip()
    if not text:
        return ""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (value < 0 and not signed):
        refused.add(path.name, line, column, text, f"a number{'' if signed else ' of at least 0'}, or blank")
        return ""
    return f"{value:.6g}"


def write(path: Path, columns: Iterable[str], rows: Iterable[dict[str, str]]) -> int:
    """Write rows as CSV with Unix line ends; returns their count."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(columns), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
