"""What somebody tries in a what-if: plain data, read from a form."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Chosen"]


@dataclass(frozen=True)
class Chosen:
    """``dose_mg`` [mg/d] of a salt in so many takings; ``food``: place of a change of the food plan, 0 for none."""

    dose_mg: float = 0.0
    salt: str = "citrate"
    takings: int = 1
    food: int = 0
    stop: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything changes."""
        return bool(self.dose_mg or self.food or self.stop)
