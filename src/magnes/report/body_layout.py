"""Where every pool and every flow of the body model stands in the diagram [pixels]."""

from __future__ import annotations

from typing import Literal, NamedTuple

from magnes.body.model import Flow
from magnes.report.svg import Box, Point

__all__ = ["BOXES", "FRAMES", "HEIGHT", "NAMES", "TITLES", "WIDTH", "Route", "route"]

WIDTH, HEIGHT = 800.0, 912.0
FRAMES = {  # group: what stands around its boxes
    "gut": Box(12, 66, 222, 300),
    "tissue": Box(576, 66, 212, 262),
    "bone": Box(576, 338, 212, 146),
    "out": Box(12, 632, 776, 60),
    "calcium": Box(12, 708, 388, 192),
    "potassium": Box(410, 708, 132, 192),
    "signals": Box(552, 708, 236, 192),
}
TITLES = {name: (box.x + 8, box.y + 16) for name, box in FRAMES.items()} | {"out": (240.0, 666.0)}
POOL = 196.0, 48.0
BOXES = {
    "gut_solid": Box(42, 92, 84, 62),
    "food": Box(136, 92, 88, 62),
    "gut_upper": Box(54, 190, 170, 50),
    "gut_lower": Box(54, 302, 170, 50),
    "extracellular": Box(352, 66, 116, 476),
    "kidney": Box(340, 564, 140, 40),
    "labile": Box(584, 100, *POOL),
    "muscle": Box(584, 180, *POOL),
    "red_cells": Box(584, 260, *POOL),
    "bone_surface": Box(584, 364, *POOL),
    "bone_crystal": Box(584, 426, *POOL),
    "stool": Box(54, 644, 170, 36),
    "urine": Box(352, 644, 116, 36),
    "skin": Box(488, 644, 76, 36),
    "dialysate": Box(576, 644, 110, 36),
    "child": Box(698, 644, 80, 36),
    "calcium": Box(164, 734, 84, 154),
    "calcium_exchangeable": Box(314, 820, 80, 68),
    "potassium": Box(418, 778, 116, 58),
}
NAMES = {  # flow: where its name is written
    "uptake_upper": Box(238, 220, 104, 28),
    "uptake_lower": Box(238, 332, 104, 28),
    "absorbed": Box(238, 220, 104, 28),
    "lumen_lost": Box(146, 418, 96, 44),
    "left": Box(146, 376, 96, 44),
    "gut_loss": Box(214, 513, 132, 28),
    "infusion": Box(240, 68, 64, 28),
    "calcium_absorbed": Box(18, 734, 74, 36),
    "calcium_gut_loss": Box(18, 790, 74, 36),
    "calcium_urine": Box(18, 846, 74, 36),
    "calcium_into_bone": Box(318, 728, 76, 36),
    "calcium_out_of_bone": Box(318, 774, 76, 36),
    "potassium_in": Box(414, 730, 124, 16),
    "potassium_urine": Box(414, 878, 124, 16),
}
APART = 10.0  # between the middle of a box and each of the two arrows of an exchange
ABOVE, BELOW, BESIDE = 6.0, 15.0, 7.0  # from a line to a number
EXCHANGING = ("labile", "muscle", "red_cells", "bone_surface", "bone_crystal", "calcium_exchangeable")


class Route(NamedTuple):
    """The corners of an arrow and the place of its number; ``badges``: their left end, where not beside the number."""

    points: tuple[Point, ...]
    label: Point
    anchor: Literal["start", "middle", "end"] = "middle"
    badges: Point | None = None


def _exchange(centre: str, pool: str, *, inward: bool) -> Route:
    """Arrows from the central pool to one at its right, and back below it."""
    left, right = BOXES[centre].right, BOXES[pool].x
    y = BOXES[pool].middle[1] + (-APART if inward else APART)
    ends = ((left, y), (right, y)) if inward else ((right, y), (left, y))
    return Route(ends, ((left + right) / 2, y - ABOVE if inward else y + BELOW))


def _down(x: float, top: float, bottom: float) -> Route:
    """Straight down; the number at the right of the line."""
    return Route(((x, top), (x, bottom)), (x + BESIDE, (top + bottom) / 2 + 2), "start")


def _across(left: float, right: float, y: float, *, back: bool = False, badges: Point | None = None) -> Route:
    """To the right, or back to the left; the number above the line."""
    ends = ((right, y), (left, y)) if back else ((left, y), (right, y))
    return Route(ends, ((left + right) / 2, y - ABOVE), badges=badges)


def _elbow(to: str, leaving: float) -> Route:
    """From the right side of the blood to a way out: right, then down."""
    x = BOXES[to].middle[0]
    points = ((BOXES["extracellular"].right, leaving), (x, leaving), (x, BOXES[to].y))
    return Route(points, (x + BESIDE, FRAMES["out"].y - 12), "start")


_BLOOD, _CALCIUM, _OUT = BOXES["extracellular"], BOXES["calcium"], BOXES["stool"].y
ROUTES = {
    "dissolution": _down(84, 154, 190),
    "food": _down(180, 154, 190),
    "moved_on": _down(139, 240, 302),
    "lumen_lost": _down(139, 352, _OUT),
    "solid_lost": Route(((42, 123), (26, 123), (26, 662), (54, 662)), (33, 500), "start"),
    "uptake_upper": _across(224, _BLOOD.x, 215),
    "uptake_lower": _across(224, _BLOOD.x, 327),
    "absorbed": _across(224, _BLOOD.x, 215),
    "left": _down(139, 240, _OUT),
    "gut_loss": Route(((_BLOOD.x, 508), (205, 508), (205, _OUT)), (280, 503)),
    "urine": Route(((410, 604), (410, _OUT)), (417, 623), "start", badges=(341, 619)),
    "sweat": _elbow("skin", 530),
    "dialysis": _elbow("dialysate", 514),
    "to_child": _elbow("child", 498),
    "infusion": _across(306, _BLOOD.x, 82),
    "calcium_absorbed": _across(94, _CALCIUM.x, 752),
    "calcium_gut_loss": _across(94, _CALCIUM.x, 808, back=True),
    "calcium_urine": _across(94, _CALCIUM.x, 864, back=True, badges=(96, 876)),
    "calcium_into_bone": _across(_CALCIUM.right, 316, 746),
    "calcium_out_of_bone": _across(_CALCIUM.right, 316, 792, back=True),
    "potassium_in": _down(452, 750, 778),
    "potassium_urine": _down(452, 836, 876),
}


def route(flow: Flow) -> Route:
    """Return the way of a flow. Raises ``KeyError`` for a flow that nobody has given a place."""
    if flow.target in EXCHANGING:
        return _exchange(flow.source, flow.target, inward=True)
    if flow.source in EXCHANGING:
        return _exchange(flow.target, flow.source, inward=False)
    return ROUTES[flow.name]
