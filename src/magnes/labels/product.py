"""``Product``: one supplement as a person compares it."""

from __future__ import annotations

from magnes.estimate import Record
from magnes.labels.judge import Label

__all__ = ["Product"]


class Product(Record):
    """A row of a table of products. A unit is one piece that is taken: a tablet, capsule, sachet or scoop."""

    line: int
    product: str
    label: str
    reading: Label
    units_per_day: float
    units_per_pack: float
    price_eur: float
