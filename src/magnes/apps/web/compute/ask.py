"""What a page asks of a compute process: plain data, so that the server process does not load the engine."""

from __future__ import annotations

from dataclasses import dataclass, field

from magnes.advice.chosen import Chosen
from magnes.diary import Diary
from magnes.labels.product import Product
from magnes.person import Person
from magnes.text import Language

__all__ = ["CASE", "Ask"]

CASE = 3  # parts of a key that say which case it is: person, revision, settings; what follows is how it is shown


@dataclass(frozen=True)
class Ask:
    """A case for a task. ``chosen``: what to try; ``narrow``: its picture for a telephone, ``None`` for both.

    ``cut_off_mmol_per_l``: what a dose aims at when the user chose one; ``products``: what is for sale, with prices.
    """

    person: Person
    diary: Diary | None
    language: Language
    draws: int
    chosen: Chosen = field(default_factory=Chosen)
    narrow: bool | None = None
    products: tuple[Product, ...] = ()
    cut_off_mmol_per_l: float | None = None
