"""How a person stands as a picture: a bar of chances for each cut-off, and usual serum under them on one axis."""

from __future__ import annotations

from magnes.fit.standing import Chances, Standing
from magnes.report.standing import BANDS, chance_text, cut_off_text, serum_text, standing_rows
from magnes.report.svg import Box, Drawing, text_width, wrapped
from magnes.report.vega import INK, WIDE
from magnes.text import Language, number, translate

__all__ = ["standing_svg"]

COLOURS = {"low": "#E07A3F", "marginal": "#F0E442", "adequate": "#56B4E9", "high": "#CC79A7"}
MARGIN, BAR, AXIS_TOP = 14.0, 26.0, 42.0
TITLE, TEXT, SMALL = 15.0, 12.5, 11.5  # sizes of letters
LINE_COLOUR, GRID = "#0072B2", "#8A9299"
SERUM = "serum-magnesium"
LEAST_RANGE = (0.6, 1.1)  # of the axis [mmol/L]
MOST_ROWS = 4  # of measured values, before they share one


def standing_svg(found: Standing, language: Language, width: int = WIDE) -> str:
    """Draw the chances by cut-off and usual serum as SVG; ``width`` in pixels, 320 for a telephone."""
    title, words = translate("standing.title", language), _spoken(found, language)
    picture = _Picture(found, language, width)
    bottom = picture.heading(title)
    if found.chances:
        bottom = picture.legend(bottom)
        for row in found.chances:
            bottom = picture.bar(row, bottom)
    if found.basis != "contradicted":
        bottom = picture.axis(bottom)
    bottom += MARGIN
    picture.drawing.parts.insert(0, f'<rect width="{width}" height="{bottom:g}" fill="white"/>')
    return picture.drawing.svg(width, bottom, title, words)


def _spoken(found: Standing, language: Language) -> str:
    """Return the whole picture in words."""
    rows = standing_rows(found, language)
    parts = [translate(f"standing.basis.{found.basis}", language)]
    if found.basis != "contradicted":
        parts.append(serum_text(found, language))
    for row in rows.rows:
        bands = ", ".join(
            f"{name} {cell.text}" for name, cell in zip(rows.header[1:], row[1:], strict=True) if cell.text != "–"
        )
        parts.append(f"{row[0].text}: {bands}.")
    return " ".join([*parts, translate("course.information", language)])


class _Picture:
    def __init__(self, found: Standing, language: Language, width: int) -> None:
        self.found, self.language, self.drawing = found, language, Drawing()
        self.left, self.right = MARGIN, width - MARGIN
        measured = [row.measured.value for row in found.data if row.test == SERUM and not found.at_normal_albumin]
        self.measured = sorted(measured)
        serum = found.serum
        self.low = min(LEAST_RANGE[0], *(value - 0.04 for value in (serum.low, *measured)))
        self.high = max(LEAST_RANGE[1], *(value + 0.04 for value in (serum.high, *measured)))

    def heading(self, title: str) -> float:
        y = MARGIN
        for line in wrapped(title, self.right - self.left, TITLE * 1.08):
            y += TITLE * 1.25
            self.drawing.text(line, (self.left, y), size=TITLE, anchor="start", bold=True)
        for text_id in (f"standing.basis.{self.found.basis}", "course.information"):
            for line in wrapped(translate(text_id, self.language), self.right - self.left, SMALL):
                y += SMALL * 1.4
                self.drawing.text(line, (self.left, y), size=SMALL, anchor="start")
        return y + 10

    def legend(self, top: float) -> float:
        x, y = self.left, top + 14
        for band in BANDS:
            name = translate(f"standing.{band}", self.language)
            wide = 20 + text_width(name, TEXT)
            if x + wide > self.right:
                x, y = self.left, y + 20
            self.drawing.rectangle(Box(x, y - 10, 13, 13), fill=COLOURS[band], stroke=INK, radius=2)
            self.drawing.text(name, (x + 18, y + 1), size=TEXT, anchor="start")
            x += wide + 16
        return y + 8

    def bar(self, row: Chances, top: float) -> float:
        """Draw one bar under its name; a part has its chance in it where there is room."""
        y = top + 22
        self.drawing.text(cut_off_text(row, self.language), (self.left, y), size=TEXT, anchor="start", bold=True)
        x, y = self.left, y + 6
        for band in BANDS:
            wide = (self.right - self.left) * getattr(row, band)
            chance = chance_text(row, band, self.language)
            if not chance or wide < 0.5:
                continue
            self.drawing.rectangle(Box(x, y, wide, BAR), fill=COLOURS[band], stroke=INK, radius=0)
            name = translate(f"standing.{band}", self.language)
            for label in (f"{name} {chance}", chance):
                if text_width(label, TEXT) + 8 <= wide:
                    self.drawing.text(label, (x + wide / 2, y + BAR / 2 + 4.5), size=TEXT)
                    break
            x += wide
        return y + BAR

    def at(self, mmol_per_l: float) -> float:
        """Place of a level [pixels]."""
        return self.left + (mmol_per_l - self.low) / (self.high - self.low) * (self.right - self.left)

    def axis(self, top: float) -> float:
        """Draw usual serum with its interval, the measured values and the cut-offs, and return the bottom."""
        found, drawing = self.found, self.drawing
        y = top + 12
        for line in wrapped(serum_text(found, self.language), self.right - self.left, TEXT * 1.05):
            y += 17
            drawing.text(line, (self.left, y), size=TEXT, anchor="start", bold=True)
        first = y + AXIS_TOP
        rows = 1 if len(self.measured) > MOST_ROWS else len(self.measured)
        bottom = first + 16 + 20 * rows
        self.cut_offs(first, bottom)
        low, high = self.at(found.serum.low), self.at(found.serum.high)
        drawing.rectangle(Box(low, first - 5, high - low, 10), fill=LINE_COLOUR, radius=3)
        middle = self.at(found.serum.value)
        drawing.line((middle, first - 8), (middle, first + 8), width=3)
        for place, value in enumerate(self.measured):
            x, at_y = self.at(value), first + 20 + 20 * (place if rows > 1 else 0)
            drawing.diamond((x, at_y), size=6, fill="white")
            if rows == len(self.measured):
                label = translate("standing.measured", self.language, value=number(value, self.language, 2))
                wide = text_width(label, SMALL)
                left = x - 10 - wide if x + 12 + wide > self.right else x + 10
                drawing.rectangle(Box(left - 1, at_y - 6, wide + 2, 13), fill="white", radius=0)  # over the cut-offs
                drawing.text(label, (left, at_y + 4), size=SMALL, anchor="start")
        drawing.line((self.left, bottom), (self.right, bottom), colour=INK)
        return self.ticks(bottom)

    def cut_offs(self, first: float, bottom: float) -> None:
        """Draw a line with its number for each cut-off; numbers that would touch stand one above the other."""
        rows = self.found.chances
        ends: list[float] = [-1.0, -1.0]  # of the lower and the upper line of numbers
        for value in sorted({row.cut_off.value for row in rows} | {row.high_from.value for row in rows}):
            x, label = self.at(value), number(value, self.language, 2)
            half = text_width(label, SMALL) / 2
            up = int(x - half < ends[0] + 4)
            ends[up] = x + half
            self.drawing.line((x, first - 12 - 13 * up), (x, bottom), colour=GRID, dashed=True)
            self.drawing.text(label, (x, first - 16 - 13 * up), size=SMALL)

    def ticks(self, bottom: float) -> float:
        """Draw the numbers of the axis and the unit."""
        step = 0.1 if self.high - self.low < 0.9 else 0.2
        tick = round(self.low / step) * step
        while tick <= self.high + 1e-9:
            if tick >= self.low - 1e-9:
                x = self.at(tick)
                self.drawing.line((x, bottom), (x, bottom + 4), colour=INK)
                anchor = "start" if x < self.left + 6 else "end" if x > self.right - 6 else "middle"
                self.drawing.text(number(tick, self.language, 1), (x, bottom + 16), size=SMALL, anchor=anchor)
            tick += step
        y = bottom + 18
        for line in wrapped(translate("standing.axis", self.language), self.right - self.left, SMALL):
            y += 14
            self.drawing.text(line, ((self.left + self.right) / 2, y), size=SMALL)
        return y + 2
