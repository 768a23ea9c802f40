"""Records of what was measured in people, for the body model. Columns of a table are the fields of its record."""

from __future__ import annotations

from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Number, Text

__all__ = ["Target"]


class Target(Record):
    """A published quantity that the body model is calibrated on, or that is kept back to validate it.

    It cites for itself, without a key of ``sources.csv``. ``low`` and ``high`` are the interval or range as published,
    else a working tolerance (``condition`` says "interval assigned"). A quantity whose numbers were not found has none.
    ``unit`` is UCUM: what is no unit stands in braces (``{ratio}``, ``{rank}``, ``mmol/L{cells}``).
    """

    id: str
    quantity: Text
    population: Text
    condition: str = ""
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    citation: Text
    pmid: str = ""
    doi: str = ""
    pmc: str = ""
    verified: Flag
    use: Literal["calibrate", "validate"]
    note: str = ""
