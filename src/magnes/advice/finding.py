"""``Finding``: one thing that matters for safety, as codes and facts; ``magnes.text`` turns it into sentences."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from magnes.estimate import Record

__all__ = ["ORDER", "Finding", "Severity"]

Severity = Literal["stop", "block", "major", "moderate", "minor", "info"]
ORDER: tuple[Severity, ...] = ("stop", "block", "major", "moderate", "minor", "info")


class Finding(Record):
    """One finding. ``code`` names the text; ``facts`` fill it; subject and action come from the tables.

    ``stop``: takes magnesium although it is contraindicated. ``block``: would be, does not take it.
    """

    code: str
    severity: Severity
    rule: str = ""
    subject_nl: str = ""
    subject_en: str = ""
    action_nl: str = ""
    action_en: str = ""
    facts: dict[str, str | float] = Field(default_factory=dict)
    sources: tuple[str, ...]
    verified: bool
    design_choice: bool = False
