"""The day as a picture to print: 24 hours with sleep, work and meals, and beside them what is taken at each moment."""

from __future__ import annotations

from typing import NamedTuple

from magnes.advice.timetable.day import DAY_MINUTES, since
from magnes.advice.timetable.records import MEALS, Moment, Timetable
from magnes.person import Clock
from magnes.report.svg import Box, Drawing, wrapped
from magnes.report.timetable import item_text, moment_text
from magnes.report.vega import INK
from magnes.text import Language, translate

__all__ = ["day_picture"]

WIDTH, MARGIN, TOP = 760, 20, 56
BAND = (78.0, 108.0)  # left edge and width [pixels]
BOX = (236.0, 504.0)
HOUR = 30.0  # height [pixels]
LINE, HEAD, PAD, GAP = 18.0, 20.0, 9.0, 8.0
SIZE, SMALL = 13.0, 11.0
# Okabe and Ito's hues, light enough that print in black and white keeps the words
SLEEP, WORK, MEAL, AWAKE, FRAME = "#d9d9d9", "#cfe8f7", "#f7d9a0", "#ffffff", "#666666"


class _Card(NamedTuple):
    moment: Moment
    lines: tuple[str, ...]
    at: float

    @property
    def height(self) -> float:
        return HEAD + LINE * len(self.lines) + PAD


def day_picture(found: Timetable, language: Language) -> str:
    """Draw the day as SVG with a title and every moment in words for who cannot see it."""
    start = found.day.wakes.replace(minute=0)
    cards = [_card(found, moment, start, language) for moment in found.moments]
    tops = _tops(cards)
    bottom = max([TOP + 24 * HOUR, *(top + card.height for top, card in zip(tops, cards, strict=True))])
    drawing = Drawing()
    drawing.rectangle(Box(0, 0, WIDTH, bottom + 100), fill="#ffffff", radius=0)
    title = translate("timetable.picture", language, count=len(found.moments))
    drawing.text(title, (MARGIN, 32), size=18, anchor="start", bold=True)
    _band(drawing, found, start, language)
    for card, top in zip(cards, tops, strict=True):
        _draw(drawing, card, top, moment_text(card.moment, language))
    note = wrapped(translate("timetable.information", language), WIDTH - 2 * MARGIN, SMALL)
    for place, line in enumerate(note):
        drawing.text(line, (MARGIN, bottom + 24 + 14 * place), size=SMALL, anchor="start")
    told = ". ".join(
        ", ".join((moment_text(card.moment, language), *_names(found, card.moment, language))) for card in cards
    )
    return drawing.svg(WIDTH, bottom + 24 + 14 * len(note), title, told)


def _names(found: Timetable, moment: Moment, language: Language) -> list[str]:
    return [item_text(found.items[taking.item], language) for taking in moment.takings]


def _card(found: Timetable, moment: Moment, start: Clock, language: Language) -> _Card:
    lines = [
        line if first else f"   {line}"
        for name in _names(found, moment, language)
        for first, line in ((place == 0, text) for place, text in enumerate(wrapped(f"• {name}", BOX[1] - 30, SIZE)))
    ]
    return _Card(moment, tuple(lines), _height(start, moment.time))


def _height(start: Clock, time: Clock) -> float:
    return TOP + since(start, time) / 60 * HOUR


def _tops(cards: list[_Card]) -> list[float]:
    """Place cards beside their times without overlap: pushed down first, then up where there is room."""
    tops: list[float] = []
    for card in cards:
        lowest = tops[-1] + cards[len(tops) - 1].height + GAP if tops else TOP
        tops.append(max(lowest, card.at - HEAD / 2))
    limit = TOP + 24 * HOUR
    for place in reversed(range(len(cards))):
        wanted = min(tops[place], limit - cards[place].height)
        lowest = TOP + sum(card.height + GAP for card in cards[:place])
        tops[place] = max(wanted, lowest)
        limit = tops[place] - GAP
    return tops


def _band(drawing: Drawing, found: Timetable, start: Clock, language: Language) -> None:
    """Draw the hours from waking on, with sleep, work and meals."""
    day, (left, width) = found.day, BAND
    drawing.rectangle(Box(left, TOP, width, 24 * HOUR), fill=AWAKE, stroke=FRAME, radius=0)
    for words, fill, begin, end in (
        (translate("timetable.sleep", language), SLEEP, day.bedtime, day.wakes),
        *(((translate("timetable.work", language), WORK, *day.work),) if day.work else ()),
    ):
        _span(drawing, words, fill, _height(start, begin), _height(start, end))
    for hour in range(25):
        y = TOP + hour * HOUR
        drawing.rectangle(Box(left - 5, y, 5, 0.8), fill=FRAME, radius=0)
        clock = (start.hour + hour) % 24
        drawing.text(f"{clock:02d}:00", (left - 10, y + 4), size=SMALL, anchor="end")
    for meal in MEALS:
        time = getattr(day, meal)
        y = _height(start, time)
        drawing.rectangle(Box(left, y, width, 17), fill=MEAL, stroke=FRAME, radius=3)
        words = f"{time:%H:%M} {translate(f'timetable.day.{meal}', language)}"
        drawing.text(words, (left + width / 2, y + 12.5), size=SMALL)


def _span(drawing: Drawing, words: str, fill: str, begin: float, end: float) -> None:
    """Draw a span of the band, in two parts when it goes over the end of the picture."""
    left, width = BAND
    turn = DAY_MINUTES / 60 * HOUR
    parts = [(begin, end)] if begin < end else [(begin, TOP + turn), (TOP, end)]
    for top, bottom in parts:
        if bottom > top:
            drawing.rectangle(Box(left, top, width, bottom - top), fill=fill, stroke=FRAME, radius=0)
    top, bottom = max(parts, key=lambda part: part[1] - part[0])
    drawing.text(words, (left + width - 6, top + 14), size=SMALL, anchor="end", colour=INK)


def _draw(drawing: Drawing, card: _Card, top: float, head: str) -> None:
    left, width = BOX
    edge = BAND[0] + BAND[1]
    drawing.arrow([(left, top + HEAD / 2 + 3), (left - 14, top + HEAD / 2 + 3), (edge + 16, card.at), (edge, card.at)],
                  width=1.2, colour=FRAME)  # fmt: skip
    drawing.rectangle(Box(left, top, width, card.height), fill="#ffffff", stroke=INK)
    drawing.text(head, (left + 12, top + HEAD - 3), size=SIZE + 1, anchor="start", bold=True)
    for place, line in enumerate(card.lines):
        drawing.text(line, (left + 12, top + HEAD + LINE * (place + 1) - 4), size=SIZE, anchor="start")
