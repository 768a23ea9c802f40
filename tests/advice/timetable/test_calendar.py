"""iCalendar text (RFC 5545), read back by hand: lines, folding, escaping, what a calendar does with it."""

from __future__ import annotations

import datetime as dt

from timetables import at

from magnes.advice.timetable.calendar import Event, calendar, uid

START, STAMP = dt.date(2026, 11, 22), dt.datetime(2026, 11, 22, 13, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
SUMMARY = "magnesium (citraat), 150 mg; ijzer \\ vitamine"
LONG = "één keer, minstens vier uur ervoor: " * 12 + "\nen dan"


def text() -> str:
    events = [Event("a@magnes", at("07:00"), SUMMARY, LONG), Event("b@magnes", at("00:30"), "x", "y")]
    return calendar(events, START, STAMP, "Medicijnen, en magnesium")


def properties() -> list[tuple[str, str]]:
    """Unfold and split, as a reader of the format does."""
    lines = text().replace("\r\n ", "").split("\r\n")
    assert lines.pop() == ""
    return [(name, value) for name, _, value in (line.partition(":") for line in lines)]


def unescaped(value: str) -> str:
    for escape, char in (("\\n", "\n"), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
        value = value.replace(escape, char)
    return value


def test_lines_end_and_fold_as_the_standard_says() -> None:
    # catches: a line of more than 75 octets, a bare line feed, a letter cut in two
    for line in text().encode().split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode()


def test_blocks_are_nested_and_closed() -> None:
    # catches: an event that a calendar refuses because it is not closed
    open_blocks: list[str] = []
    for name, value in properties():
        if name == "BEGIN":
            open_blocks.append(value)
        elif name == "END":
            assert open_blocks.pop() == value
    assert open_blocks == []


def test_words_come_back_as_they_were() -> None:
    # catches: a comma or line break that ends a text
    found = properties()
    assert unescaped(next(value for name, value in found if name == "SUMMARY")) == SUMMARY
    assert unescaped(next(value for name, value in found if name == "DESCRIPTION")) == LONG
    assert ("X-WR-CALNAME", "Medicijnen\\, en magnesium") in found


def test_events_are_daily_in_floating_local_time() -> None:
    # catches: a time that moves with summer time or a journey
    found = properties()
    assert [value for name, value in found if name == "DTSTART"] == ["20261122T070000", "20261122T003000"]
    assert [value for name, value in found if name == "RRULE"] == ["FREQ=DAILY"] * 2
    assert {value for name, value in found if name == "DTSTAMP"} == {"20261122T120005Z"}
    assert [value for name, value in found if name == "UID"] == ["a@magnes", "b@magnes"]


def test_an_identifier_stays_when_the_order_changes_and_differs_between_moments() -> None:
    # catches: a second reminder beside the first when a timetable is made again
    assert uid(["iron", "magnesium"]) == uid(["magnesium", "iron"])
    assert uid(["magnesium"], 0) != uid(["magnesium"], 1)
    assert uid(["magnesium"]) != uid(["iron"])
