"""Names while typing, as JSON for ``combo.js``."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from magnes.apps.web.doors import AtDesk
from magnes.apps.web.hits import hits, unit_hits
from magnes.text import Language

__all__ = ["router"]

router = APIRouter(tags=["search"])

MOST, LONGEST = 50, 200
ANSWERS_KEPT = 5_000  # a kilobyte each

Kind = Literal["foods", "medicines", "salts", "conditions", "tests", "units"]


@router.get("/search/{kind}")
def search(
    kind: Kind,
    at: AtDesk,
    q: Annotated[str, Query(max_length=LONGEST)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 12,
    food: Annotated[str, Query(max_length=LONGEST)] = "",
) -> Response:
    """Return what fits ``q`` as a list of value, label and note; ``food``: whose units are asked."""
    return Response(_answer(kind, q.strip(), at.language, limit, food.strip()), media_type="application/json")


@lru_cache(maxsize=ANSWERS_KEPT)
def _answer(kind: Kind, text: str, language: Language, limit: int, food: str) -> bytes:
    found = unit_hits(food, text, language, limit) if kind == "units" else hits(kind, text, language, limit)
    return json.dumps([hit._asdict() for hit in found], ensure_ascii=False).encode("utf-8", "replace")
