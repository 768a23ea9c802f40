"""A day's medicines and supplements at clock times, so that every window holds, with the fewest moments."""

from magnes.advice.timetable.plan import timetable as timetable
from magnes.advice.timetable.records import NoTimetable as NoTimetable
from magnes.advice.timetable.records import Timetable as Timetable
