"""Table ``[day]`` of a person file: clock times of waking, meals, bed and work."""

from __future__ import annotations

from itertools import pairwise

from magnes.person import Clock, Day
from magnes.readers.person_fields import Fields

__all__ = ["read_day"]

IN_ORDER = ("wakes", "breakfast", "lunch", "dinner", "bedtime")
DAY_MINUTES = 24 * 60


def read_day(fields: Fields) -> Day:
    """Read the clock times that are given; what is wrong with them is added to the problems of the file."""
    row = fields.data.get("day", {})
    if not isinstance(row, dict):
        fields.add("table_invalid", ("day",), accepted="[day]")
        return Day()
    fields.unknown_fields(("day",), row, (*IN_ORDER, "work"))
    given = {name: fields.clock(row[name], ("day", name)) for name in IN_ORDER if name in row}
    known = {name: time for name, time in given.items() if time is not None}
    _check_order(fields, known)
    work = fields.times(("day", "work")) if "work" in row else ()
    if isinstance(row.get("work"), list) and len(row["work"]) != 2:
        fields.add("work_hours", ("day", "work"), found=len(row["work"]), accepted='["09:00", "17:00"]')
    elif len(work) == 2 and work[0] == work[1]:
        fields.add("work_hours", ("day", "work"), found=f"{work[0]:%H:%M}", accepted='["09:00", "17:00"]')
    return Day(**known, work=(work[0], work[1]) if len(work) == 2 else None)


def _check_order(fields: Fields, known: dict[str, Clock]) -> None:
    """Find a time before the one that it must follow, counted around the clock from the first that is given."""
    if not known:
        return
    first = _minute(next(iter(known.values())))
    for (before, earlier), (name, later) in pairwise(known.items()):
        if (_minute(later) - first) % DAY_MINUTES <= (_minute(earlier) - first) % DAY_MINUTES:
            found = f"{before} {earlier:%H:%M}, {name} {later:%H:%M}"
            fields.add("day_order", ("day", name), found=found, accepted=", ".join(IN_ORDER))


def _minute(time: Clock) -> int:
    return 60 * time.hour + time.minute
