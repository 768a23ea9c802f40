"""Answers as HTML: everything that the text says, with links, and nothing that becomes markup."""

from __future__ import annotations

import html as markup
import re

import pytest

from magnes.graph import why
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Cause, Function, Sign
from magnes.knowledge.load import table
from magnes.knowledge.records import Source
from magnes.report.answers.claims import claim_in_full
from magnes.report.answers.evidence import evidence_in_full
from magnes.report.answers.forest import effect_words
from magnes.report.answers.page import effects_figure, effects_sources, html, ways_figure, ways_sources
from magnes.report.answers.paragraphs import GAP, Cited, Claim, Heading, Item, Name, Piece, Plain, Said, See
from magnes.report.answers.why import explained
from magnes.report.html_parts import Parts
from magnes.statements import claims
from magnes.text import LANGUAGES, Language


def address(kind: str, row_id: str) -> str:
    return f"/{kind}/{row_id}"


def parts(keys: tuple[str, ...], language: Language) -> Parts:
    known = {row.key: row for row in table(Source)}
    return Parts(language, [known[key] for key in keys])


def words(page: str) -> str:
    return " ".join(markup.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def complete(pieces: list[Piece], language: Language) -> None:
    """Every text of every piece is on the page, and its tags are closed."""
    page = html(pieces, language, address)
    read = words(page)
    for piece in pieces:
        for part in piece:
            texts = part if isinstance(part, tuple) else (part,)
            drawn = type(piece).__name__ == "Drawn" or (isinstance(piece, See) and part == piece.command)
            missing = [text for text in texts if text and not drawn and " ".join(text.split()) not in read]
            empty = isinstance(piece, Said) and not piece.text
            assert not missing or empty or isinstance(piece, See), (piece, missing)
    for tag in ("dl", "ul", "dd", "dt", "li", "p", "div", "h2", "h3"):
        assert page.count(f"<{tag}>") + page.count(f"<{tag} ") == page.count(f"</{tag}>"), tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_all_that_the_text_says(language: Language) -> None:
    # catches: a kind of piece, a label or a source that only the command line shows
    for row in claims():
        complete(list(claim_in_full(row, language)), language)
    for indication in table(Indication):
        complete(list(evidence_in_full(indication, language)), language)
    for node in (*table(Sign), *table(Function), *table(Cause)):
        for found in why(node.id):
            complete(list(explained(found, language, everything=True)), language)


def test_texts_never_become_markup() -> None:
    # catches: a name with signs of HTML that ends in the page as HTML
    bad = '<script x="1">&'
    pieces = [
        Heading(bad, bad), Said(bad, bad), Item(bad), Plain(bad), Claim(bad, bad, bad, (bad,)), GAP,
        Name(bad, bad, bad), See(bad, bad, bad), Cited(bad, (bad,), bad),
    ]  # fmt: skip
    page = html(pieces, "en", address)
    assert "<script" not in page
    assert page.count("&lt;script x=&quot;1&quot;&gt;&amp;") >= 15


def test_what_goes_on_stays_under_its_label() -> None:
    # catches: steps of one way under the next label, a second paragraph without its label
    page = html([Said("A", "one"), Said("", "two"), Item("first"), Item("second"), Said("B", "three")], "en", address)
    first, second = re.findall(r"<dt>(.)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    assert first[0] == "A"
    assert words(first[1]) == "one two first second"
    assert second == ("B", "<p>three</p>")


def test_figures_have_words_and_a_table_with_every_effect() -> None:
    # catches: a picture without a text alternative, an effect that only the picture (or neither) shows
    row = next(row for row in table(Indication) if len(row.effects) > 3)
    figure = effects_figure(row, parts(effects_sources(row), "nl"))
    assert re.search(r'<svg role="img" aria-label="[^"]{20,}"', figure)
    read = words(figure.partition("<table>")[2])
    assert all(effect_words(effect, "nl") in read for effect in row.effects)


def test_way_has_a_step_per_arrow() -> None:
    # catches: a link of the picture that the table lacks
    (found,) = why("SY10")
    figure = ways_figure(found, parts(ways_sources(found), "en"))
    links = {link for path in found.paths[:4] for link in path}
    assert figure.count('<tr><th scope="row"') == len(links)
    assert all(link.mechanism_en in words(figure) for link in links)


def test_nothing_to_draw_is_nothing() -> None:
    # catches: an empty picture with a title
    (alarm,) = why(next(row.id for row in table(Sign) if row.category == "alarm"))
    assert ways_figure(alarm, parts((), "nl")) == ""
