"""Single cells as people type them: numbers, dates, clock times. Each returns a value or notes a problem."""

from __future__ import annotations

import datetime as dt
import re

from magnes.errors import Problems
from magnes.units import NumberRefusedError, parse_number

__all__ = ["plain_number", "read_date", "read_number", "read_time"]

# 08:00, 08:00:30, 8.00, 7u, 7u30, 7h30; am or pm only behind hours and minutes
CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:(?::(?P<a>\d{2})(?::[0-5]\d)?|\.(?P<b>\d{2}))\s*(?P<half>[ap]m)?|[uh](?P<c>\d{2})?)",
    re.ASCII | re.IGNORECASE,
)
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 1, 1)


def plain_number(text: str, problems: Problems, *, line: int | None, field: str, accepted: str) -> float | None:
    """Read a number of any size; ``accepted`` is what a refusal says."""
    try:
        return parse_number(text)
    except NumberRefusedError as error:
        problems.add(error.code, line=line, field=field, found=text, accepted=accepted)
        return None


def read_number(
    text: str, problems: Problems, *, line: int | None, field: str, low: float, high: float, unit: str = ""
) -> float | None:
    """Read a number between ``low`` and ``high`` (inclusive)."""
    accepted = f"{low:g} … {high:g} {unit}".strip()
    value = plain_number(text, problems, line=line, field=field, accepted=accepted)
    if value is not None and not low <= value <= high:
        problems.add("number_range", line=line, field=field, found=text, accepted=accepted)
        return None
    return value


def read_date(text: str, problems: Problems, *, line: int | None, field: str) -> dt.date | None:
    """Read a date: 2026-11-22 or 22-11-2026. Slashes are refused: day and month could be swapped."""
    text = text.strip()
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
    dutch = re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", text, re.ASCII)
    groups = iso.groups() if iso else dutch.groups()[::-1] if dutch else None
    accepted = "2026-11-22, 22-11-2026"
    if groups is None:
        problems.add("date_invalid", line=line, field=field, found=text, accepted=accepted)
        return None
    year, month, day = map(int, groups)
    try:
        date = dt.date(year, month, day)
    except ValueError:
        date = None
    if date is None or not EARLIEST <= date <= LATEST:
        problems.add("date_impossible", line=line, field=field, found=text, accepted=accepted)
        return None
    return date


def read_time(text: str, problems: Problems, *, line: int | None, field: str) -> dt.time | None:
    """Read a clock time: 08:00, 8:00, 8.30, 7u30, 7h, 08:00 PM. Without a sign (0800, 8) it is refused."""
    match = CLOCK.fullmatch(text.strip())
    if match:
        hour, minute = int(match["hour"]), int(match["a"] or match["b"] or match["c"] or 0)
        half = (match["half"] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 99
        if hour < 24 and minute < 60:
            return dt.time(hour, minute)
    problems.add("time_invalid", line=line, field=field, found=text, accepted="08:00, 20:30")
    return None
