"""Drawing by hand: boxes, arrows and words as SVG text, with the place that each word takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape

from magnes.report.vega import FONT, INK

__all__ = ["Box", "Drawing", "Point", "badge_width", "text_width", "wrapped"]

NARROW_LETTERS, WIDE_LETTERS = "iljtfrI.,;:'|!()[]- ", "mwMW%+−→"
RELATIVE_WIDTH = {"narrow": 0.31, "wide": 0.83, "capital": 0.69, "other": 0.556}  # of Liberation Sans, per font size
ARROW_HEAD = 7.0
BADGE_SIZE = 10.0

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle: left, top, width, height [pixels]."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Centre."""
        return self.x + self.width / 2, self.y + self.height / 2


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is [pixels]."""
    kinds = (
        "narrow" if letter in NARROW_LETTERS else
        "wide" if letter in WIDE_LETTERS else
        "capital" if letter.isupper() else "other"
        for letter in text
    )  # fmt: skip
    return size * sum(RELATIVE_WIDTH[kind] for kind in kinds)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of at most this width, between words."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def badge_width(text: str) -> float:
    """Return how wide a badge is [pixels]."""
    return max(18.0, text_width(text, BADGE_SIZE) + 9)


@dataclass
class Drawing:
    """Collects the parts of a picture; ``words`` keeps the place of every text."""

    parts: list[str] = field(default_factory=list)
    words: list[tuple[str, Box]] = field(default_factory=list)

    def rectangle(self, box: Box, *, fill: str, stroke: str = "none", dashed: bool = False, radius: float = 5) -> None:
        """Draw a box."""
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius:g}" '
            f'fill="{fill}" stroke="{stroke}"{dash}/>'
        )

    def text(
        self,
        text: str,
        at: Point,
        *,
        size: float = 11,
        anchor: str = "middle",
        bold: bool = False,
        colour: str = INK,
    ) -> None:
        """Write one line; ``at`` is on its base line."""
        width = text_width(text, size) * (1.05 if bold else 1)
        left = at[0] - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        self.words.append((text, Box(left, at[1] - 0.75 * size, width, 0.95 * size)))
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(
            f'<text x="{at[0]:g}" y="{at[1]:g}" font-size="{size:g}" text-anchor="{anchor}" fill="{colour}"{weight}>'
            f"{escape(text)}</text>"
        )

    def paragraph(self, text: str, box: Box, *, size: float = 11, colour: str = INK, bold: str = "") -> None:
        """Write a text of several lines in the middle of a box, and under it a line in bold."""
        lines = wrapped(text, box.width, size) + ([bold] if bold else [])
        first = box.middle[1] - (len(lines) - 1) * size * 0.6 + 0.35 * size
        for place, line in enumerate(lines):
            last = bool(bold) and place == len(lines) - 1
            self.text(line, (box.middle[0], first + place * size * 1.2), size=size, colour=colour, bold=last)

    def arrow(self, points: Sequence[Point], *, width: float, colour: str, dashed: bool = False) -> None:
        """Draw a line through points with a head at the end."""
        (x0, y0), (x1, y1) = points[-2], points[-1]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        ahead = ((x1 - x0) / length, (y1 - y0) / length)
        head = ARROW_HEAD + width
        neck = (x1 - ahead[0] * head, y1 - ahead[1] * head)
        side = (-ahead[1] * head * 0.45, ahead[0] * head * 0.45)
        path = " ".join(f"{x:g},{y:g}" for x, y in (*points[:-1], neck))
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:.2g}" '
            f'stroke-linejoin="round"{dash}/>'
        )
        corners = ((x1, y1), (neck[0] + side[0], neck[1] + side[1]), (neck[0] - side[0], neck[1] - side[1]))
        triangle = " ".join(f"{x:.4g},{y:.4g}" for x, y in corners)
        self.parts.append(f'<polygon points="{triangle}" fill="{colour}"/>')

    def line(self, begin: Point, end: Point, *, colour: str = INK, width: float = 1, dashed: bool = False) -> None:
        """Draw a straight line without a head."""
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<line x1="{begin[0]:g}" y1="{begin[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}" stroke="{colour}" '
            f'stroke-width="{width:g}"{dash}/>'
        )

    def diamond(self, at: Point, *, size: float, fill: str, stroke: str = INK) -> None:
        """Draw a square on its point."""
        corners = ((at[0] - size, at[1]), (at[0], at[1] - size), (at[0] + size, at[1]), (at[0], at[1] + size))
        points = " ".join(f"{x:.4g},{y:.4g}" for x, y in corners)
        self.parts.append(f'<polygon points="{points}" fill="{fill}" stroke="{stroke}"/>')

    def band(self, begin: Point, end: Point, width: float, *, fill: str, opacity: float = 1.0) -> None:
        """Draw a bent ribbon, as wide everywhere, between two upright edges; points are the tops of those edges."""
        (x0, y0), (x1, y1), middle = begin, end, (begin[0] + end[0]) / 2
        path = (
            f"M{x0:.2f},{y0:.2f} C{middle:.2f},{y0:.2f} {middle:.2f},{y1:.2f} {x1:.2f},{y1:.2f} "
            f"L{x1:.2f},{y1 + width:.2f} C{middle:.2f},{y1 + width:.2f} {middle:.2f},{y0 + width:.2f} "
            f"{x0:.2f},{y0 + width:.2f} Z"
        )
        self.parts.append(f'<path d="{path}" fill="{fill}" fill-opacity="{opacity:g}"/>')

    def badge(self, text: str, left: Point, colour: str) -> None:
        """Draw a small round mark with one to three letters; ``left`` is the middle of its left edge."""
        width = badge_width(text)
        self.rectangle(Box(left[0], left[1] - 8, width, 16), fill=colour, radius=8)
        self.text(text, (left[0] + width / 2, left[1] + 3.5), size=BADGE_SIZE, bold=True, colour="white")

    def group(self, name: str, title: str) -> None:
        """Open a named group; its title is shown when one points at it."""
        self.parts.append(f'<g id="{name}"><title>{escape(title)}</title>')

    def end(self) -> None:
        """Close a group."""
        self.parts.append("</g>")

    def svg(self, width: float, height: float, title: str, description: str) -> str:
        """Return the picture with what a screen reader says of it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="{FONT}" role="img" aria-labelledby="title desc">'
            f'<title id="title">{escape(title)}</title><desc id="desc">{escape(description)}</desc>'
        )
        return "\n".join([head, *self.parts, "</svg>\n"])
