"""What Magnes knows, on pages: answers with links, sources with numbers, names that were looked for and not found."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from markupsafe import Markup

from magnes.errors import InputProblems
from magnes.graph import why
from magnes.knowledge.ledger import Sign
from magnes.knowledge.load import rows_by_source, table
from magnes.knowledge.records import Source
from magnes.knowledge.search import plain
from magnes.report.answers.graph import graph_svg
from magnes.report.answers.page import html
from magnes.report.answers.paragraphs import Piece, Plain
from magnes.report.html_parts import Parts
from magnes.text import Language

__all__ = ["LONGEST_QUESTION", "address", "divided", "holds", "nearest_names", "numbered", "warm", "written"]

LONGEST_QUESTION = 200


def address(kind: str, row_id: str) -> str:
    """Return where a statement, source, indication or medicine stands."""
    return f"/{kind}/{quote(row_id, safe='')}"


def written(pieces: Iterable[Piece], language: Language, level: int = 2) -> Markup:
    """Write an answer for a template; what it says was escaped piece by piece."""
    return Markup(html(pieces, language, address, level))  # noqa: S704


def divided(pieces: Iterable[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Return what an answer says itself, and what the pages say of it: pictures stand between the two."""
    found = list(pieces)
    middle = next((place for place, piece in enumerate(found) if isinstance(piece, Plain)), len(found))
    return found[:middle], found[middle:]


def warm() -> None:
    """Load the tables and start the drawing of pictures, for which the first pages would wait seconds."""
    rows_by_source("")
    graph_svg(why(table(Sign)[0].id), "nl")


def numbered(keys: Iterable[str], language: Language) -> Parts:
    """Return the writer of a page on which these sources have numbers."""
    known = {row.key: row for row in table(Source)}
    return Parts(language, [known[key] for key in keys if key in known])


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether a text has all these plain words, or beginnings and parts of them."""
    found = plain(text)
    return all(word in found for word in words)


def nearest_names(error: InputProblems) -> list[str]:
    """Return the known names that are like what was asked."""
    return [name for problem in error.problems for name in problem.nearest]
