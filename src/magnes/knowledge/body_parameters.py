"""The parameters of the body model, how they differ between people, and what is left uncertain about them."""

from __future__ import annotations

from typing import Literal

from magnes.estimate import Record
from magnes.knowledge.fields import Flag, Keys, Number, Positive, Text

__all__ = ["BodyParameter", "Variability"]


class BodyParameter(Record):
    """A parameter of the body model for the reference adult: ``model/body.csv``.

    ``role``: anchor (measured), fitted (by calibration), fixed (design), factor (1 in a healthy body; medicines and
    conditions change it), input (0 unless a person or an experiment has it). ``prior_centre`` and ``prior_log_sd`` are
    its prior, ``scale`` the size that the value grows with, ``targets`` the rows of ``model/targets.csv`` that inform
    it.
    """

    name: Text
    value: Number
    low: Number
    high: Number
    unit: Text
    role: Literal["anchor", "fitted", "fixed", "factor", "input"]
    prior_centre: Positive | None = None
    prior_log_sd: Positive | None = None
    scale: Literal["", "lean", "bone", "energy", "gfr", "bsa"] = ""
    targets: Keys = ()
    sources: Keys
    verified: Flag
    note: str = ""


class Variability(Record):
    """How a factor differs between healthy people, log-normal: ``model/variability.csv``.

    ``partner`` is a factor that goes with it, at ``correlation`` of the logarithms.
    """

    name: Text
    log_sd: Positive
    low: Positive
    high: Positive
    partner: str = ""
    correlation: Number | None = None
    targets: Keys = ()
    sources: Keys
    verified: Flag
    note: str = ""
