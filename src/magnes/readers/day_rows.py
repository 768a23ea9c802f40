"""``DayRows``: what any survey gives the model of usual intake, one row for each person and day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PERSON_FACTS", "REPLICATE", "DayRows"]

REPLICATE = "replicate_"
# the same on all days of a person; null where the survey has none
PERSON_FACTS = (
    "weight", "sex", "age_years", "group", "stratum", "psu", "supplement_mg_per_day",
)  # fmt: skip


@dataclass(frozen=True)
class DayRows:
    """One row for each person and day, in order of the file.

    Columns of ``frame``: ``line``, ``person`` (text), ``day`` (1, 2, …), ``intake_mg_per_day`` (null: not known, never
    0), ``weekend`` (Friday to Sunday), ``weight``, ``sex`` (female, male), ``age_years``, ``group`` (the
    file's own), ``stratum``, ``psu``, ``supplement_mg_per_day`` (usual, from supplements and medicines), and
    ``replicate_1`` … of replicate weights. All but the first four may be null throughout.
    """

    frame: pl.DataFrame
    file: str

    @property
    def replicates(self) -> list[str]:
        """Names of the columns of replicate weights, in order."""
        return [name for name in self.frame.columns if name.startswith(REPLICATE)]
