"""Where every pool and every flow of the body model stands in the diagram [pixels]."""

from __future__ import annotations

from typing import NamedTuple

from magnes.body.model import Flow
from magnes.report.svg import Box, Point

__all__ = ["BOXES", "FRAMES", "HEIGHT", "OUTER", "WIDTH", "Route", "route"]

WIDTH, HEIGHT = 800.0, 880.0
FRAMES = {  # group: what stands around its boxes
    "gut": Box(12, 66, 222, 300),
    "tissue": Box(576, 66, 212, 262),
    "bone": Box(576, 338, 212, 146),
    "out": Box(12, 598, 776, 66),
    "calcium": Box(12, 682, 360, 186),
    "potassium": Box(382, 682, 158, 186),
    "signals": Box(550, 682, 238, 186),
}
POOL = 196.0, 48.0
BOXES = {
    "gut_solid": Box(36, 92, 88, 62),
    "food": Box(134, 92, 90, 62),
    "gut_upper": Box(54, 190, 170, 50),
    "gut_lower": Box(54, 302, 170, 50),
    "extracellular": Box(356, 66, 108, 440),
    "kidney": Box(340, 530, 140, 44),
    "fast": Box(584, 90, *POOL),
    "labile": Box(584, 150, *POOL),
    "muscle": Box(584, 210, *POOL),
    "red_cells": Box(584, 270, *POOL),
    "bone_surface": Box(584, 364, *POOL),
    "bone_crystal": Box(584, 426, *POOL),
    "stool": Box(54, 620, 170, 34),
    "urine": Box(356, 620, 108, 34),
    "skin": Box(478, 620, 76, 34),
    "dialysate": Box(562, 620, 120, 34),
    "child": Box(690, 620, 88, 34),
    "calcium": Box(146, 712, 84, 140),
    "calcium_exchangeable": Box(284, 788, 80, 64),
    "potassium": Box(394, 756, 134, 54),
}
OUTER = {  # flow: where its name stands, at its end outside the boxes
    "calcium_absorbed": Box(18, 712, 76, 36),
    "calcium_gut_loss": Box(18, 764, 76, 36),
    "calcium_urine": Box(18, 816, 76, 36),
    "calcium_into_bone": Box(284, 704, 80, 36),
    "calcium_out_of_bone": Box(284, 744, 80, 36),
    "potassium_in": Box(394, 700, 90, 20),
    "potassium_urine": Box(394, 846, 90, 18),
    "infusion": Box(252, 66, 52, 28),
}
APART = 10.0  # between the middle of a box and each of the two arrows of an exchange
EXCHANGING = ("fast", "labile", "muscle", "red_cells", "bone_surface", "bone_crystal", "calcium_exchangeable")


class Route(NamedTuple):
    """The corners of an arrow, and the middle of the place for its number; badges stand to the right of that."""

    points: tuple[Point, ...]
    label: Point


def _exchange(centre: str, pool: str, *, inward: bool) -> Route:
    """Arrows from the central pool to one at its right, and back below it."""
    left, right = BOXES[centre].right, BOXES[pool].x
    y = BOXES[pool].middle[1] + (-APART if inward else APART)
    ends = ((left, y), (right, y)) if inward else ((right, y), (left, y))
    return Route(ends, ((left + right) / 2, y - 4 if inward else y + 13))


def _down(x: float, above: str, below: str, side: float = 20) -> Route:
    """Straight down from one box to another; the number at the right of the line."""
    top, bottom = BOXES[above].bottom, BOXES[below].y
    return Route(((x, top), (x, bottom)), (x + side, (top + bottom) / 2 + 4))


def _across(left: float, right: float, y: float, *, back: bool = False, above: float = 5) -> Route:
    ends = ((right, y), (left, y)) if back else ((left, y), (right, y))
    return Route(ends, ((left + right) / 2, y - above))


def _elbow(to: str, leaving: float) -> Route:
    """From the right side of the blood to a way out: right, then down."""
    x = BOXES[to].middle[0]
    points = ((BOXES["extracellular"].right, leaving), (x, leaving), (x, BOXES[to].y))
    return Route(points, (x - 20, BOXES[to].y - 34))


_BLOOD, _CALCIUM = BOXES["extracellular"], BOXES["calcium"]
ROUTES = {
    "dissolution": _down(80, "gut_solid", "gut_upper"),
    "food": _down(180, "food", "gut_upper", side=23),
    "moved_on": _down(140, "gut_upper", "gut_lower", side=23),
    "lumen_lost": _down(90, "gut_lower", "stool"),
    "solid_lost": Route(((36, 123), (24, 123), (24, 637), (54, 637)), (39, 470)),
    "uptake_upper": _across(224, _BLOOD.x, 215),
    "uptake_lower": _across(224, _BLOOD.x, 327),
    "absorbed": _across(224, _BLOOD.x, 215),
    "left": Route(((90, 240), (90, 620)), (110, 430)),
    "gut_loss": Route(((_BLOOD.x, 450), (190, 450), (190, 620)), (290, 445)),
    "urine": Route(((410, 574), (410, 620)), (433, 590)),
    "sweat": _elbow("skin", 550),
    "dialysis": _elbow("dialysate", 525),
    "to_child": _elbow("child", 500),
    "infusion": _across(306, _BLOOD.x, 80),
    "calcium_absorbed": _across(96, _CALCIUM.x, 730),
    "calcium_gut_loss": _across(96, _CALCIUM.x, 782, back=True),
    "calcium_urine": _across(96, _CALCIUM.x, 834, back=True),
    "calcium_into_bone": _across(_CALCIUM.right, 282, 722),
    "calcium_out_of_bone": _across(_CALCIUM.right, 282, 762, back=True),
    "potassium_in": Route(((461, 722), (461, 756)), (482, 742)),
    "potassium_urine": Route(((461, 810), (461, 844)), (482, 830)),
}


def route(flow: Flow) -> Route:
    """Return the way of a flow. Raises ``KeyError`` for a flow that nobody has given a place."""
    if flow.target in EXCHANGING:
        return _exchange(flow.source, flow.target, inward=True)
    if flow.source in EXCHANGING:
        return _exchange(flow.target, flow.source, inward=False)
    return ROUTES[flow.name]
