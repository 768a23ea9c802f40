"""Why the model misses a published quantity: no row outside its interval goes without a reason."""

from __future__ import annotations

__all__ = ["MISSES"]

MISSES: dict[str, str] = {}
