"""The step of the batch engines: an explicit embedded pair of Runge-Kutta and the rule for its length.

The body model is smooth and not stiff (largest eigenvalue 11 to 20 per day), so explicit steps are the cheapest. The
pair of Tsitouras (Computers & Mathematics with Applications 62, 2011, 770) has order 5 with an error estimate of order
4; its last stage is the first of the next step.
"""

from __future__ import annotations

__all__ = ["ERROR", "FIRST_STEP", "FLOOR", "GROWTH", "ORDER", "ROWS", "SAFETY", "SHRINK", "SMALLEST_STEP"]

ORDER = 5
ROWS: tuple[tuple[float, ...], ...] = (
    (0.161,),
    (-0.008480655492356989, 0.335480655492357),
    (2.8971530571054935, -6.359448489975075, 4.3622954328695815),
    (5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525),
    (5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383),
    (
        0.09646076681806523,
        0.01,
        0.4798896504144996,
        1.379008574103742,
        -3.290069515436081,
        2.324710524099774,
    ),
)
ERROR: tuple[float, ...] = (
    -0.00178001105222577714,
    -0.0008164344596567469,
    0.007880878010261995,
    -0.1447110071732629,
    0.5823571654525552,
    -0.45808210592918697,
    1 / 66,
)
SAFETY, SHRINK, GROWTH = 0.9, 0.2, 5.0
FLOOR = 0.5  # [mmol, or of a signal]: below this size an error counts as absolute
FIRST_STEP = 0.01  # [day]
SMALLEST_STEP = 1e-7  # [day]; a refused step below this means that something is not a number
