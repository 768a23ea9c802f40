"""Field types that the records share: lists in one cell, yes and no, bounded numbers, intervals."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from magnes.estimate import Record

__all__ = ["Flag", "Interval", "Intervals", "Keys", "Number", "Positive", "Signed", "Text"]

_YES_NO = {"yes": True, "no": False, "": False, "n/a": False, "1": True, "0": False}
_NUMBER = r"-?\d+(?:\.\d+)?"
_INTERVAL = re.compile(rf"(?:(?P<label>\w+)=)?(?P<low>{_NUMBER})?(?:(?P<to>\.\.)(?P<high>{_NUMBER})?)?", re.ASCII)
_SIGNED = re.compile(r"[+-][a-z_]+", re.ASCII)


class Interval(Record):
    """A number or a range as a statement prints it; a bound that is not given is ``None``."""

    label: str = ""
    low: float | None = None
    high: float | None = None


def _split(value: object) -> object:
    return tuple(filter(None, (part.strip() for part in value.split(";")))) if isinstance(value, str) else value


def _yes(value: object) -> object:
    return _YES_NO.get(value, value) if isinstance(value, str) else value


def _intervals(value: object) -> object:
    """``female=300;male=350``, ``600..700``, ``50..`` become intervals; a plain number has equal bounds."""
    return tuple(map(_interval, filter(None, value.split(";")))) if isinstance(value, str) else value


def _interval(text: str) -> Interval:
    found = _INTERVAL.fullmatch(text.strip())
    if not found or (found["low"] is None and found["high"] is None):
        raise ValueError("[label=]number, [label=]low..high, low.. or ..high")
    low, high = (None if found[side] is None else float(found[side]) for side in ("low", "high"))
    if not found["to"]:
        return Interval(label=found["label"] or "", low=low, high=low)
    if low is not None and high is not None and low > high:
        raise ValueError("low..high with low at most high")
    return Interval(label=found["label"] or "", low=low, high=high)


def _signed(terms: tuple[str, ...]) -> tuple[str, ...]:
    for term in terms:
        if not _SIGNED.fullmatch(term):
            raise ValueError("terms with their direction, such as -kidney_dct")
    return terms


Keys = Annotated[tuple[str, ...], BeforeValidator(_split)]
Signed = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_signed)]
Flag = Annotated[bool, BeforeValidator(_yes)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Intervals = Annotated[tuple[Interval, ...], BeforeValidator(_intervals)]
Text = Annotated[str, Field(min_length=1)]
