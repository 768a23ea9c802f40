"""A timetable as iCalendar text (RFC 5545): daily events with a reminder, in the local time of whoever reads it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from magnes.person import Clock

__all__ = ["Event", "calendar", "uid"]

MOST_OCTETS = 75  # of a line, without its end
FOLDED = "\r\n "
MINUTES_OF_EVENT = 10


class Event(NamedTuple):
    """Something that happens every day at a clock time."""

    uid: str
    time: Clock
    summary: str
    description: str


def uid(what: Sequence[str], count: int = 0) -> str:
    """Return an identifier that stays when the time changes, so that a calendar moves the event and adds no second one.

    ``count``: how many moments before this one take exactly the same.
    """
    digest = hashlib.sha256("\n".join((*sorted(what), str(count))).encode()).hexdigest()
    return f"{digest[:24]}@magnes"


def calendar(events: Iterable[Event], start: dt.date, stamp: dt.datetime, name: str) -> str:
    """Return the calendar: ``start`` is the first day, ``stamp`` when it was made (with its time zone).

    Times float: 08:00 stays 08:00 in any zone and in summer, as medicines follow the day of who takes them.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//magnes//timetable//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    made = stamp.astimezone(dt.UTC)
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{made:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{dt.datetime.combine(start, event.time):%Y%m%dT%H%M%S}",
            f"DURATION:PT{MINUTES_OF_EVENT}M",
            "RRULE:FREQ=DAILY",
            "TRANSP:TRANSPARENT",
            f"SUMMARY:{_escaped(event.summary)}",
            f"DESCRIPTION:{_escaped(event.description)}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:PT0S",
            f"DESCRIPTION:{_escaped(event.summary)}",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    """Escape what has a meaning in iCalendar; other control characters go."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    plain = plain.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(char for char in plain if char.isprintable())


def _folded(line: str) -> str:
    """Break a line of more than 75 octets; never inside a character."""
    parts, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > MOST_OCTETS:
            parts.append("")
            size = 1  # the space that a continued line begins with
        parts[-1] += char
        size += octets
    return FOLDED.join(parts)
