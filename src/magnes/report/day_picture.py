"""The day as a picture to print: 24 hours with sleep, work and meals, and beside them what is taken at each moment."""

from __future__ import annotations

from typing import NamedTuple

from magnes.advice.timetable.day import DAY_MINUTES, since
from magnes.advice.timetable.records import MEALS, Moment, Timetable
from magnes.person import Clock
from magnes.report.svg import Box, Drawing, wrapped
from magnes.report.timetable import item_text, moment_text
from magnes.report.vega import INK, WIDE
from magnes.text import Language, translate

__all__ = ["day_picture"]

TOP = 56
NARROW_BELOW = 500
HOUR = 30.0  # height [pixels]
LINE, HEAD, PAD, GAP, INSET = 18.0, 20.0, 9.0, 8.0, 12.0
SIZE, SMALL = 13.0, 11.0
# Okabe and Ito's hues, light enough that print in black and white keeps the words
SLEEP, WORK, MEAL, AWAKE, FRAME = "#d9d9d9", "#cfe8f7", "#f7d9a0", "#ffffff", "#666666"


class _Layout(NamedTuple):
    """Width and margin of a picture, left edge and width of its hours and of its cards [pixels]."""

    width: float
    margin: float
    band: tuple[float, float]
    box: tuple[float, float]


class _Card(NamedTuple):
    moment: Moment
    head: tuple[str, ...]
    lines: tuple[str, ...]
    at: float

    @property
    def height(self) -> float:
        return HEAD * len(self.head) + LINE * len(self.lines) + PAD


def day_picture(found: Timetable, language: Language, width: int = WIDE) -> str:
    """Draw the day as SVG with every moment in words; ``width`` in pixels, 320 for a telephone."""
    layout = _layout(width)
    start = found.day.wakes.replace(minute=0)
    cards = [_card(found, moment, start, language, layout) for moment in found.moments]
    tops = _tops(cards)
    bottom = max([TOP + 24 * HOUR, *(top + card.height for top, card in zip(tops, cards, strict=True))])
    drawing = Drawing()
    drawing.rectangle(Box(0, 0, width, bottom + 100), fill="#ffffff", radius=0)
    title = translate("timetable.picture", language, count=len(found.moments))
    drawing.text(title, (layout.margin, 32), size=18 if width >= NARROW_BELOW else 15, anchor="start", bold=True)
    _band(drawing, found, start, language, layout)
    for card, top in zip(cards, tops, strict=True):
        _draw(drawing, card, top, layout)
    note = wrapped(translate("timetable.information", language), width - 2 * layout.margin, SMALL)
    for place, line in enumerate(note):
        drawing.text(line, (layout.margin, bottom + 24 + 14 * place), size=SMALL, anchor="start")
    told = ". ".join(
        ", ".join((moment_text(card.moment, language), *_names(found, card.moment, language))) for card in cards
    )
    return drawing.svg(width, bottom + 24 + 14 * len(note), title, told)


def _names(found: Timetable, moment: Moment, language: Language) -> list[str]:
    return [item_text(found.items[taking.item], language) for taking in moment.takings]


def _layout(width: int) -> _Layout:
    if width >= NARROW_BELOW:
        return _Layout(width, 20, (78, 108), (236, width - 256))
    return _Layout(width, 6, (40, 92), (152, width - 156))


def _card(found: Timetable, moment: Moment, start: Clock, language: Language, layout: _Layout) -> _Card:
    room = layout.box[1] - 2 * INSET
    lines = [
        line if first else f"   {line}"
        for name in _names(found, moment, language)
        for first, line in ((place == 0, text) for place, text in enumerate(wrapped(f"• {name}", room - 6, SIZE)))
    ]
    head = tuple(wrapped(moment_text(moment, language), room, SIZE + 2))
    return _Card(moment, head, tuple(lines), _height(start, moment.time))


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


def _band(drawing: Drawing, found: Timetable, start: Clock, language: Language, layout: _Layout) -> None:
    """Draw the hours from waking on, with sleep, work and meals."""
    day, (left, width) = found.day, layout.band
    drawing.rectangle(Box(left, TOP, width, 24 * HOUR), fill=AWAKE, stroke=FRAME, radius=0)
    for words, fill, begin, end in (
        (translate("timetable.sleep", language), SLEEP, day.bedtime, day.wakes),
        *(((translate("timetable.work", language), WORK, *day.work),) if day.work else ()),
    ):
        _span(drawing, words, fill, (_height(start, begin), _height(start, end)), layout)
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


def _span(drawing: Drawing, words: str, fill: str, span: tuple[float, float], layout: _Layout) -> None:
    """Draw a span of the band, in two parts when it goes over the end of the picture."""
    (left, width), (begin, end) = layout.band, span
    turn = DAY_MINUTES / 60 * HOUR
    parts = [(begin, end)] if begin < end else [(begin, TOP + turn), (TOP, end)]
    for top, bottom in parts:
        if bottom > top:
            drawing.rectangle(Box(left, top, width, bottom - top), fill=fill, stroke=FRAME, radius=0)
    top, bottom = max(parts, key=lambda part: part[1] - part[0])
    drawing.text(words, (left + width - 6, top + 14), size=SMALL, anchor="end", colour=INK)


def _draw(drawing: Drawing, card: _Card, top: float, layout: _Layout) -> None:
    left, width = layout.box
    edge = sum(layout.band)
    turn = (left - edge) / 3
    y = top + HEAD / 2 + 3
    drawing.arrow([(left, y), (left - turn, y), (edge + turn, card.at), (edge, card.at)], width=1.2, colour=FRAME)
    drawing.rectangle(Box(left, top, width, card.height), fill="#ffffff", stroke=INK)
    for place, line in enumerate(card.head, start=1):
        drawing.text(line, (left + INSET, top + HEAD * place - 3), size=SIZE + 1, anchor="start", bold=True)
    below = top + HEAD * len(card.head)
    for place, line in enumerate(card.lines, start=1):
        drawing.text(line, (left + INSET, below + LINE * place - 4), size=SIZE, anchor="start")
