"""Why: the ways from magnesium to a sign, a function or a cause, as words, as a picture and as a table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.responses import Response

from magnes.advice.evidence import evidence
from magnes.apps.web.doors import AtDesk, Desk
from magnes.apps.web.known import LONGEST_QUESTION, divided, nearest_names, numbered, written
from magnes.errors import InputProblems
from magnes.estimate import merge_sources
from magnes.graph import Explanation, why
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Sign
from magnes.report.answers.evidence import evidence_in_short
from magnes.report.answers.names import graph_groups
from magnes.report.answers.page import effects_figure, effects_sources, ways_figure, ways_sources
from magnes.report.answers.why import ALARM, explained
from magnes.report.html_parts import Parts

__all__ = ["router"]

router = APIRouter(tags=["knowledge"])


@router.get("/why")
def ask(at: AtDesk, q: Annotated[str, Query(max_length=LONGEST_QUESTION)] = "") -> Response:
    """Answer a question, or show what can be asked."""
    question = q.strip()
    if not question:
        return _page(at, groups=graph_groups(at.language))
    try:
        return _answered(at, question, why(question))
    except InputProblems as error:
        studied = _studied(question)
        if studied:
            answers = [written(evidence_in_short(row, at.language), at.language) for row in studied]
            return _page(at, q=question, answers=answers, only_studied=True)
        return _page(at, 422, q=question, wrong={"q": error.problems}, near=nearest_names(error))


def _answered(at: Desk, question: str, found: tuple[Explanation, ...]) -> Response:
    shown = [one for one in found if not _is_alarm(one)]
    studied = [row for row in dict.fromkeys(one.evidence for one in shown) if row]
    keys = merge_sources([*map(ways_sources, shown), *map(effects_sources, studied)])
    parts = numbered(keys, at.language)
    answers = [_answer(at, one, parts if one in shown else None) for one in found]
    sources = Markup(parts.section("sources", parts.source_list())) if keys else ""  # noqa: S704 - Parts escapes
    return _page(at, q=question, answers=answers, sources=sources)


def _answer(at: Desk, found: Explanation, parts: Parts | None) -> Markup:
    """Write one explanation: what it is, the pictures with their tables, then what the pages say."""
    itself, pages = divided(explained(found, at.language, everything=True))
    drawn = []
    if parts:
        drawn = [ways_figure(found, parts), effects_figure(found.evidence, parts) if found.evidence else ""]
    pictures = map(Markup, drawn)  # Parts escapes
    return Markup("\n").join([written(itself, at.language), *pictures, written(pages, at.language)])


def _is_alarm(found: Explanation) -> bool:
    """Whether this is no matter of magnesium: then whom to call stands alone, without a picture that says otherwise."""
    return isinstance(found.node, Sign) and found.node.category == ALARM


def _studied(question: str) -> tuple[Indication, ...]:
    """Return indications of that name: what is no sign may still have been studied."""
    try:
        return evidence(question)
    except InputProblems:
        return ()


def _page(at: Desk, status: int = 200, **facts: object) -> Response:
    empty = {"q": "", "answers": [], "groups": (), "wrong": {}, "near": [], "sources": "", "only_studied": False}
    return at.page("why.html", status, **(empty | facts))
