"""25 real participants of NHANES 2007-2010, chosen by rule; README.md in this folder tells how."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from magnes.readers.nhanes import Survey

__all__ = ["example_folder", "example_ids", "example_survey"]


def example_folder() -> Path:
    """Return the folder with the tables, and with ``nhanes-<SEQN>.toml`` and ``.csv`` of two participants."""
    return Path(__file__).parent


def example_survey() -> Survey:
    """Return the 25 as a survey; needs the extra ``survey``.

    >>> example_survey().persons.height
    25
    """
    from magnes.readers.nhanes import read_survey

    return read_survey(example_folder())


def example_ids() -> tuple[int, ...]:
    """Return their numbers (SEQN), in the order of the file; needs no extra.

    >>> len(example_ids())
    25
    """
    path = example_folder() / "nhanes_2007_2010_persons.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(int(row["SEQN"]) for row in csv.DictReader(handle))
