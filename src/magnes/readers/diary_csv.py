"""``diary.csv`` (our format) and Cronometer's servings export -> ``Diary``. The header tells which it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from magnes.diary import Diary, DiaryEntry, Eaten, preparation_code, preparations, resolve
from magnes.errors import Problem, Problems, nearest
from magnes.readers.fields import EARLIEST, read_date, read_number, read_time
from magnes.readers.textfile import Line, decoded, header_and_rows, header_and_rows_of, whole_rows

__all__ = ["COLUMNS", "cells_of", "diary_from", "diary_of", "eaten_from", "read_diary"]

COLUMNS = ("date", "time", "meal", "food", "amount", "unit", "preparation", "magnesium_mg")
REQUIRED = ("date", "food", "amount", "unit")
CRONOMETER = ("day", "food name", "amount")
SUPPLEMENTS = ("supplement", "supplements")
LARGEST_AMOUNT = 20_000  # g, ml or pieces in one line

Cells = dict[str, str]


def read_diary(path: str | Path) -> Diary:
    """Read a diary file.

    Raises ``InputProblems`` with every problem of the file at once.
    """
    problems = Problems(str(path))
    return _diary(*header_and_rows(Path(path), problems), problems)


def diary_of(content: bytes, file: str = "") -> Diary:
    """Read the content of a diary file; ``file`` is its name in messages.

    Raises ``InputProblems`` as ``read_diary`` does.
    """
    problems = Problems(file)
    return _diary(*header_and_rows_of(decoded(content, problems), problems), problems)


def _diary(first: Line, rows: list[Line], problems: Problems) -> Diary:
    line, header = first
    names = [name.casefold() for name in header]
    cronometer = set(CRONOMETER) <= set(names)
    _check_header(line, names, problems, cronometer=cronometer)
    entries = []
    for number, cells in whole_rows(rows, header, problems):
        row = dict(zip(names, cells, strict=True))
        entry = _cronometer(number, row, problems) if cronometer else _entry(number, row, problems)
        if entry:
            entries.append(entry)
    if not rows and not problems.found:
        problems.add("diary_without_rows", line=line)
    return _checked(tuple(entries), problems)


def diary_from(rows: Iterable[tuple[int, Cells]], file: str = "") -> Diary:
    """Read numbered lines that hold texts by the names of our columns; what a line lacks is blank.

    Raises ``InputProblems`` with every problem of all lines, unknown foods and units among them.
    """
    problems = Problems(file)
    blank = dict.fromkeys(COLUMNS, "")
    read = [_entry(number, blank | row, problems) for number, row in rows]
    return _checked(tuple(entry for entry in read if entry), problems)


def cells_of(entry: DiaryEntry) -> Cells:
    """Return a line as the cells of our columns without the date: the way back from ``diary_from``; blank is absent."""
    cells = {
        "time": f"{entry.time:%H:%M}" if entry.time else "",
        "meal": entry.meal,
        "food": entry.food,
        "amount": f"{entry.amount:.10g}",
        "unit": entry.unit,
        "preparation": entry.preparation,
        "magnesium_mg": "" if entry.magnesium_mg is None else f"{entry.magnesium_mg:.10g}",
    }
    return {name: text for name, text in cells.items() if text}


def eaten_from(rows: Iterable[tuple[int, Cells]], file: str = "") -> tuple[Eaten, dict[int, list[Problem]]]:
    """Read numbered lines that may each be wrong: what is known of them, and the problems of each other line."""
    blank = dict.fromkeys(COLUMNS, "")
    entries, wrong = [], {}
    for number, row in rows:
        problems = Problems(file)
        entry = _entry(number, blank | row, problems)
        if entry and not problems.found:
            entries.append(entry)
        else:
            wrong[number] = problems.found
    eaten = resolve(Diary(file=file, entries=tuple(entries)), allow_unmatched=True)
    for problem in eaten.unmatched:
        wrong.setdefault(problem.line or 0, []).append(problem)
    return eaten, wrong


def _checked(entries: tuple[DiaryEntry, ...], problems: Problems) -> Diary:
    """Return the diary, or raise what is wrong with it."""
    diary = Diary(file=problems.file, entries=entries)
    if problems.found:  # tell now too which foods and units are unknown, so that nobody has to mend a file twice
        problems.found += resolve(diary, allow_unmatched=True).unmatched
        problems.found.sort(key=lambda problem: problem.line or 0)
    problems.stop()
    return diary


def _check_header(line: int, names: list[str], problems: Problems, *, cronometer: bool) -> None:
    """Stop at a header that cannot be read; a later broken line waits until the other lines are checked too."""
    before = len(problems.found)
    known = (*CRONOMETER, "time", "group", "category", "magnesium (mg)") if cronometer else COLUMNS
    for name in dict.fromkeys(names):
        if name in known and names.count(name) > 1:
            problems.add("column_twice", line=line, field=name)
    if not cronometer:
        _check_columns(line, names, problems)
    if len(problems.found) > before:
        problems.stop()


def _check_columns(line: int, names: list[str], problems: Problems) -> None:
    for name in REQUIRED:
        if name not in names:
            near = nearest(name, (other for other in names if other not in COLUMNS))
            problems.add("column_missing", line=line, field=name, found=", ".join(names), nearest=near)
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
            near = nearest(name, COLUMNS)
            problems.add("column_unknown", line=line, field=name, accepted=", ".join(COLUMNS), nearest=near)


def _entry(line: int, row: Cells, problems: Problems) -> DiaryEntry | None:
    """One line. A line with a problem never leaves ``read_diary``: it only has its food and unit checked."""
    date = read_date(row["date"], problems, line=line, field="date")
    time = read_time(row["time"], problems, line=line, field="time") if row.get("time") else None
    amount = _amount(row["amount"], problems, line)
    for field in ("food", "unit"):
        if not row[field]:
            problems.add("cell_empty", line=line, field=field)
    preparation = _preparation(row.get("preparation", ""), problems, line)
    magnesium = _magnesium(row.get("magnesium_mg", ""), problems, line, "magnesium_mg")
    if not row["food"] or not row["unit"]:
        return None
    return DiaryEntry(
        line=line,
        date=date or EARLIEST,
        time=time,
        meal=row.get("meal", ""),
        food=row["food"],
        amount=amount or 1.0,
        unit=row["unit"],
        preparation=preparation,
        magnesium_mg=magnesium,
    )


def _magnesium(text: str, problems: Problems, line: int, field: str) -> float | None:
    """Magnesium that another programme printed; ``None`` where it printed none, so that the food is looked up."""
    if not text:
        return None
    read = read_number(text, problems, line=line, field=field, low=0.0, high=5000.0, unit="mg")
    return read or 0.0  # of a bad number: told already, so nothing is to be looked up


def _amount(text: str, problems: Problems, line: int) -> float | None:
    if not text:
        problems.add("cell_empty", line=line, field="amount")
        return None
    return read_number(text, problems, line=line, field="amount", low=0.001, high=LARGEST_AMOUNT)


def _preparation(word: str, problems: Problems, line: int) -> str:
    try:
        return preparation_code(word)
    except KeyError as error:
        accepted = ", ".join(preparations())
        problems.add(
            "preparation_unknown",
            line=line,
            field="preparation",
            found=word,
            accepted=accepted,
            nearest=error.args,
        )
        return ""


def _cronometer(line: int, row: Cells, problems: Problems) -> DiaryEntry | None:
    """One serving. Cronometer's own magnesium is used when it printed one: blank means that it did not know.

    A supplement is no food: its magnesium counts under another limit and must stand in the person file.
    """
    date = read_date(row["day"], problems, line=line, field="Day")
    time = read_time(row["time"], problems, line=line, field="Time") if row.get("time") else None
    match = re.fullmatch(r"([\d.,]+)\s*([^\d\s.,].*)", row["amount"])
    if not match:
        problems.add("cell", line=line, field="Amount", found=row["amount"], accepted="150.00 g, 1.00 cup")
    if not row["food name"]:
        problems.add("cell_empty", line=line, field="Food Name")
    amount = read_number(match[1], problems, line=line, field="Amount", low=0.0, high=LARGEST_AMOUNT) if match else None
    magnesium = _magnesium(row.get("magnesium (mg)", ""), problems, line, "Magnesium (mg)")
    if match is None or not row["food name"]:
        return None
    if _is_supplement(row) and (magnesium or not row.get("magnesium (mg)")):
        problems.add("supplement_in_diary", line=line, field="Food Name", found=row["food name"])
        return None
    return DiaryEntry(
        line=line,
        date=date or EARLIEST,
        time=time,
        meal=row.get("group", ""),
        food=row["food name"],
        amount=amount or 0.0,
        unit=match[2],
        magnesium_mg=magnesium,
    )


def _is_supplement(row: Cells) -> bool:
    """Whether Cronometer files this serving under supplements, or its name says magnesium."""
    groups = (row.get(name, "").casefold() for name in ("group", "category"))
    return any(group in SUPPLEMENTS for group in groups) or "magnesium" in row["food name"].casefold()
