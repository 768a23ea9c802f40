"""Answers as HTML: the same pieces as the text, with links; pictures with a table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from magnes.estimate import merge_sources
from magnes.graph import Explanation, node_name
from magnes.knowledge.indications import Indication
from magnes.knowledge.ledger import Link
from magnes.report.answers.evidence import studied
from magnes.report.answers.forest import dot_line, effect_words, forest_svg
from magnes.report.answers.graph import graph_svg, shown_paths
from magnes.report.answers.paragraphs import Cited, Claim, Heading, Item, Name, Piece, Plain, Said, See
from magnes.report.html_parts import Parts, esc
from magnes.report.wording import Line
from magnes.text import Language, in_language, translate

__all__ = ["Address", "effects_figure", "effects_sources", "html", "ways_figure", "ways_sources"]

Address = Callable[[str, str], str]  # "claims", "sources", "evidence" or "medicine", and an id -> where it stands

LISTS: dict[type[Piece], str] = {Item: "steps", Claim: "claims", Name: "names"}


def html(pieces: Iterable[Piece], language: Language, address: Address, level: int = 2) -> str:
    """Write an answer as HTML; ``level`` of its heading, the lines within come one lower."""
    return "\n".join(_Writer(language, address, level).all(pieces))


def _listed(kind: str, items: Iterable[str]) -> Iterator[str]:
    yield f'<ul class="{kind}">'
    yield from (f"<li>{item}</li>" for item in items)
    yield "</ul>"


def _claim(piece: Claim, address: Address) -> str:
    others = ", ".join(_link(address, "claims", other) for other in piece.others)
    text = f"{_link(address, 'claims', piece.id)} <strong>{esc(piece.verdict)}</strong> {esc(piece.text)}"
    return f"{text} ↔ {others}" if others else text


def _link(address: Address, kind: str, row_id: str, text: str = "") -> str:
    return f'<a href="{esc(address(kind, row_id))}">{esc(text or row_id)}</a>'


class _Writer:
    """Keeps what belongs together: texts under one label in one place of a list, items in one list."""

    def __init__(self, language: Language, address: Address, level: int) -> None:
        self.language, self.address, self.level = language, address, level
        self.rows: list[tuple[str, list[str]]] = []
        self.items: list[str] = []
        self.kind: type[Piece] | None = None

    def all(self, pieces: Iterable[Piece]) -> Iterator[str]:
        for piece in pieces:
            if self.items and type(piece) is not self.kind:
                yield from self.end_list()
            match piece:
                case Heading(text, row_id):
                    yield from self.end_rows()
                    number = f' <span class="id">{esc(row_id)}</span>' if row_id else ""
                    yield f"<h{self.level}>{esc(text)}{number}</h{self.level}>"
                case Plain(text):
                    yield from self.end_rows()
                    yield f"<h{self.level + 1}>{esc(text)}</h{self.level + 1}>"
                case Said(label, text) if text:
                    self.say(label, f"<p>{esc(text)}</p>")
                case See(row_id, name):
                    text = translate("answer.see_evidence", self.language, name=name)
                    self.say("", f"<p>{_link(self.address, 'evidence', row_id, text)}</p>")
                case Cited(label, keys, mark) if keys:
                    links = ", ".join(_link(self.address, "sources", key) for key in keys)
                    unread = f' <span class="unverified">{esc(mark)}</span>' if mark else ""
                    self.say(label, f"<p>{links}{unread}</p>")
                case Item(text):
                    self.add(piece, esc(text))
                case Claim():
                    self.add(piece, _claim(piece, self.address))
                case Name(code, text, more):
                    self.add(piece, f"{_link(self.address, 'medicine', text)} {esc(code)} {esc(more)}")
                case _:  # a gap, an empty text, or the picture of letters beside the real one
                    continue
        yield from self.end_list()
        yield from self.end_rows()

    def say(self, label: str, text: str) -> None:
        if label or not self.rows:
            self.rows.append((label, []))
        self.rows[-1][1].append(text)

    def add(self, piece: Piece, item: str) -> None:
        self.kind = type(piece)
        self.items.append(item)

    def end_list(self) -> Iterator[str]:
        """Close a list: steps stand with what was said, the others by themselves."""
        if not self.items or self.kind is None:
            return
        written = "\n".join(_listed(LISTS[self.kind], self.items))
        self.items = []
        if self.kind is Item:
            self.say("", written)
        else:
            yield from self.end_rows()
            yield written

    def end_rows(self) -> Iterator[str]:
        if self.rows:
            inner = "\n".join(
                f"<div><dt>{esc(label)}</dt><dd>{''.join(texts)}</dd></div>" for label, texts in self.rows
            )
            self.rows = []
            yield f'<dl class="facts">\n{inner}\n</dl>'


def ways_sources(found: Explanation) -> tuple[str, ...]:
    """Return the keys behind the ways that are drawn."""
    return merge_sources(link.sources for link in _links(found))


def ways_figure(found: Explanation, parts: Parts) -> str:
    """Draw the ways to a node, with their steps as a table; nothing where there is no way."""
    links = _links(found)
    if not links:
        return ""
    language = parts.language
    title = translate("answer.ways_of", language, name=in_language(found.node, "name", language))
    header = [translate(f"answer.step_{name}", language) for name in ("from", "to", "how", "sure")]
    rows = [
        [
            Line(node_name(link.from_, language)),
            Line(node_name(link.to, language)),
            Line(in_language(link, "mechanism", language), link.sources, link.verified),
            Line(translate(f"link.{link.evidence}", language)),
        ]
        for link in links
    ]
    drawn = _ways_svg(found, language)
    return _figure(parts, f"ways-{found.node.id}", drawn, title, _twin(parts, title, header, rows))


def effects_sources(row: Indication) -> tuple[str, ...]:
    """Return the keys behind the effects of an indication."""
    return merge_sources(effect.sources for effect in row.effects)


def effects_figure(row: Indication, parts: Parts) -> str:
    """Draw the effects with an interval as dots, and write all of them as a table; nothing without effects."""
    if not row.effects:
        return ""
    language = parts.language
    title = translate("answer.effects_of", language, name=in_language(row, "name", language))
    header = [translate(f"answer.effect_{name}", language) for name in ("outcome", "found", "studied")]
    rows = [
        [
            Line(in_language(effect, "outcome", language)),
            Line(effect_words(effect, language), effect.sources, effect.verified),
            Line(studied(effect, language)),
        ]
        for effect in row.effects
    ]
    table = _twin(parts, title, header, rows)
    if not any(dot_line(effect, language) for effect in row.effects):
        return table
    return _figure(parts, f"effects-{row.id}", _effects_svg(row, language), title, table)


def _twin(parts: Parts, title: str, header: list[str], rows: list[list[Line]]) -> str:
    return parts.table(f"{translate('table.same', parts.language)}: {title}", header, rows)


def _figure(parts: Parts, name: str, drawn: str, title: str, table: str) -> str:
    """Picture in a box that scrolls on a telephone: letters that shrink with it could not be read."""
    box = f'<div class="scroll drawn" tabindex="0" role="group" aria-label="{esc(title)}">'
    picture = parts.picture(name, [drawn], title, "")
    return f"{box}\n{picture}</div>\n{table}"


def _links(found: Explanation) -> list[Link]:
    return list(dict.fromkeys(link for path in shown_paths(found) for link in path))


@cache
def _ways_svg(found: Explanation, language: Language) -> str:
    return graph_svg([found], language)


@cache
def _effects_svg(row: Indication, language: Language) -> str:
    return forest_svg([row], language)
