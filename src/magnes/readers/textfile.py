"""Read a text file that a person hands over: existing, of sane size, UTF-8; anything else is a clear problem."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from magnes.errors import Problems, nearest

__all__ = [
    "LARGEST_MB",
    "Line",
    "decoded",
    "header_and_rows",
    "header_and_rows_of",
    "read_rows",
    "read_text",
    "whole_rows",
]

LARGEST_MB = 20
ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b")  # zip (also .xlsx) and gzip; nothing is ever unpacked
DELIMITERS = (",", ";", "\t", "|")

Line = tuple[int, list[str]]  # number of the line in the file, and its cells


def read_text(path: Path, *, largest_mb: float = LARGEST_MB) -> str:
    """Return the text of a file.

    Raises ``InputProblems`` for: missing (with near names in the folder), a folder, unreadable, empty, larger than
    ``largest_mb``, not UTF-8 (with the line of the first bad byte), binary.
    """
    problems = Problems(str(path))
    try:
        if path.is_dir():
            problems.add("file_is_folder")
        elif not path.exists():
            folder = path.parent if path.parent.is_dir() else Path()
            problems.add("file_missing", nearest=nearest(path.name, (entry.name for entry in folder.iterdir())))
        elif path.stat().st_size > largest_mb * 1_000_000:
            problems.add("file_too_large", found=f"{path.stat().st_size / 1e6:.0f} MB", accepted=f"{largest_mb:g} MB")
        elif not path.is_file():
            problems.add("file_not_regular")
        problems.stop()
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        problems.add("file_unreadable", found=getattr(error, "strerror", None) or str(error))
    problems.stop()
    return decoded(data, problems)


def decoded(data: bytes, problems: Problems) -> str:
    """Return the text of a file's content; stop at what is empty, binary (an archive, a spreadsheet) or not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add("file_encoding", found="UTF-16", accepted="UTF-8")
    elif b"\x00" in data or data.startswith(ARCHIVES):
        problems.add("file_binary", accepted="UTF-8")
    problems.stop()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.add("file_encoding", line=line, found=data[error.start : error.start + 4].hex(" "), accepted="UTF-8")
    problems.stop()
    if not text.strip():
        problems.add("file_empty")
    problems.stop()
    return text


def delimiter_of(header: str) -> str:
    """Return the separator that the header line uses most; a comma when it has none."""
    return max(DELIMITERS, key=header.count)


def read_rows(text: str, problems: Problems) -> Iterator[Line]:
    """Yield (line number, cells) of delimited text; broken quoting becomes a problem with its line."""
    lines = list(StringIO(text, newline=""))  # as the CSV reader counts them: a form feed ends no line
    header = next((line for line in lines if line.strip()), "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(header), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.add(
                "csv_broken",
                line=start,
                found=lines[start - 1].rstrip() if start <= len(lines) else str(error),
            )
            return
        if any(cell.strip() for cell in cells):
            yield start, [cell.strip() for cell in cells]


def header_and_rows(path: Path, problems: Problems, *, largest_mb: float = LARGEST_MB) -> tuple[Line, list[Line]]:
    """Return the header and the lines below it; stop at a file without a cell that has text."""
    return header_and_rows_of(read_text(path, largest_mb=largest_mb), problems)


def header_and_rows_of(text: str, problems: Problems) -> tuple[Line, list[Line]]:
    """Return the header and the lines below it, of a text."""
    lines = list(read_rows(text, problems))
    if not lines:
        problems.stop()
        problems.add("file_empty")
        problems.stop()
    return lines[0], lines[1:]


def whole_rows(rows: Iterable[Line], header: list[str], problems: Problems) -> Iterator[Line]:
    """Yield the lines that have a cell for every column; each other one becomes a problem."""
    for line, cells in rows:
        if len(cells) == len(header):
            yield line, cells
        else:
            found, accepted = f"{len(cells)}: {' | '.join(cells)}", f"{len(header)}: {' | '.join(header)}"
            problems.add("row_width", line=line, found=found, accepted=accepted)
