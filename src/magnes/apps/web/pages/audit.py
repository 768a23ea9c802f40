"""Who did what: of the practice for its owners, of one person for who may see that person."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.responses import Response

from magnes.apps.web.doors import AtDesk, ForPerson
from magnes.store.audit import Audit
from magnes.text import Language, catalogue

__all__ = ["router"]

router = APIRouter(tags=["audit"])


@router.get("/audit")
def audit(at: AtDesk) -> Response:
    """Show what was done in the practice, the newest first."""
    with at.begin() as session:
        rows = Audit(session, at.scope).list()
    return at.page("audit.html", rows=rows, said=lambda what: in_words(what, at.language))


@router.get("/people/{person_id}/audit")
def audit_of_person(at: ForPerson) -> Response:
    """Show what was done with one person, the newest first."""
    with at.begin() as session:
        rows = Audit(session, at.scope).list(at.person.id)
    return at.page("audit.html", rows=rows, said=lambda what: in_words(what, at.language))


def in_words(what: str, language: Language) -> str:
    """Return what was written down with kinds and fields by their names on the pages; ids stay.

    >>> in_words("lab 4, 5", "nl"), in_words("supplement 4: elemental_mg", "en")
    ('labwaarde 4, 5', 'supplement 4: Magnesium per taking')
    """
    texts = catalogue(language)

    def word(found: re.Match[str]) -> str:
        kind, label = f"web.audit.kind.{found[0]}", f"web.field.{found[0]}"
        return texts.get(kind, texts.get(label, found[0]))

    return re.sub(r"[a-z][a-z0-9_.]*", word, what)
