"""Look up one medicine or one salt, without a person."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from magnes.apps.web.doors import AtDesk
from magnes.apps.web.known import LONGEST_QUESTION, written
from magnes.errors import InputProblems, Problem
from magnes.knowledge.load import table
from magnes.knowledge.names import asked_medicine, asked_salts
from magnes.knowledge.records import Salt
from magnes.report.answers.medicine import medicine_in_full
from magnes.report.answers.salt import salt_in_full

__all__ = ["router"]

router = APIRouter(tags=["knowledge"])


@router.get("/medicine/{name:path}")
def medicine(at: AtDesk, name: str) -> Response:
    """Show a medicine, or a group of them, with what is between it and magnesium."""
    _refuse_long(name)
    answer = written(medicine_in_full(asked_medicine(name), name, at.language), at.language, level=1)
    return at.page("lookup.html", name=name, answer=answer)


@router.get("/salt")
def salts(at: AtDesk) -> Response:
    """List the salts, each with a link."""
    return at.page("salts.html", rows=table(Salt))


@router.get("/salt/{name:path}")
def salt(at: AtDesk, name: str) -> Response:
    """Show the salts that a name means."""
    _refuse_long(name)
    first, *others = asked_salts(name)
    answer = [written(salt_in_full(first, at.language), at.language, level=1)]
    answer += [written(salt_in_full(row, at.language), at.language) for row in others]
    return at.page("lookup.html", name=name, answer=Markup("\n").join(answer))


def _refuse_long(name: str) -> None:
    if len(name) > LONGEST_QUESTION:
        raise InputProblems([Problem("text_invalid", found=name[:LONGEST_QUESTION])])
