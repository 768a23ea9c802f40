"""An ordinary day with all its clock times: what nobody told lies where it does on a typical Dutch day."""

from __future__ import annotations

import datetime as dt

from magnes.advice.timetable.records import ClockDay
from magnes.person import Clock, Day

__all__ = ["DAY_MINUTES", "TYPICAL", "clock", "complete", "minute", "since"]

DAY_MINUTES = 24 * 60
# A typical day as a design choice (MAGNES-DESIGN), in the order of the day
TYPICAL: dict[str, Clock] = {
    "wakes": dt.time(7, 0),
    "breakfast": dt.time(7, 30),
    "lunch": dt.time(12, 30),
    "dinner": dt.time(18, 0),
    "bedtime": dt.time(23, 0),
}
LONGEST_MINUTES = DAY_MINUTES - 60  # from waking to bed, when neither was told


def minute(time: Clock) -> int:
    """Minutes since midnight."""
    return 60 * time.hour + time.minute


def clock(minutes: int) -> Clock:
    """Clock time of minutes since midnight, of any day."""
    return dt.time(*divmod(minutes % DAY_MINUTES, 60))


def since(wakes: Clock, time: Clock) -> int:
    """Minutes from waking to a clock time, 0 to 1439."""
    return (minute(time) - minute(wakes)) % DAY_MINUTES


def complete(day: Day) -> ClockDay:
    """Fill what is not told: between two known times in proportion, outside them at the typical distance."""
    given: dict[str, Clock] = {name: time for name in TYPICAL if (time := getattr(day, name)) is not None}
    if not given:
        return ClockDay(**TYPICAL, work=day.work, assumed=tuple(TYPICAL))
    typical = {name: minute(time) for name, time in TYPICAL.items()}
    start = minute(next(iter(given.values())))
    known = {name: (typical[name], start + (minute(time) - start) % DAY_MINUTES) for name, time in given.items()}
    placed = {
        name: known[name][1] if name in known else _between(typical[name], list(known.values())) for name in TYPICAL
    }
    latest = placed["wakes"] + LONGEST_MINUTES
    for name in TYPICAL:
        if name not in given:
            placed[name] = min(placed[name], latest)
    assumed = tuple(name for name in TYPICAL if name not in given)
    return ClockDay(**{name: clock(at) for name, at in placed.items()}, work=day.work, assumed=assumed)


def _between(typical: int, known: list[tuple[int, int]]) -> int:
    """Place of a typical time among known ones (typical and true minutes), to the quarter of an hour."""
    below = [pair for pair in known if pair[0] < typical]
    above = [pair for pair in known if pair[0] > typical]
    if not below:
        return above[0][1] - (above[0][0] - typical)
    if not above:
        return below[-1][1] + typical - below[-1][0]
    (low, start), (high, end) = below[-1], above[0]
    return start + round((end - start) * (typical - low) / (high - low) / 15) * 15
