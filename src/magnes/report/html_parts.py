"""Pieces of the HTML page. All text enters through ``esc``: a label of a person can never become markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from magnes.advice.finding import Finding
from magnes.knowledge.records import Source
from magnes.report.charts import Chart, to_svg
from magnes.report.tables import Table
from magnes.report.wording import Line, printable, source_citation
from magnes.text import Language, action_text, catalogue, finding_text, translate

__all__ = ["Parts", "esc"]

WORD_JOINER = "&#8288;"  # keeps the first source number with its word
FEW_SOURCES = 3  # marks in a cell or a tile; the list has them all
EVEN = "scroll even"  # a table without one column that is wider than the others
LONGEST_TWIN = 12  # rows; a longer table starts folded


def esc(text: str) -> str:
    """Escape text for content and attributes; control characters become spaces."""
    return html.escape(printable(text), quote=True)


class Parts:
    """Writes pieces in one language, with numbers for the sources of one assessment."""

    def __init__(self, language: Language, sources: Sequence[Source]) -> None:
        self.language = language
        self.sources = sources
        self.numbers = {source.key: place for place, source in enumerate(sources, start=1)}

    def text(self, text_id: str, **facts: object) -> str:
        """Return a text of the language, escaped."""
        return esc(translate(text_id, self.language, **facts))

    def refs(self, keys: Iterable[str], most: int | None = None) -> str:
        """Superscript links to the source list, in order of their numbers; beyond ``most`` only how many more."""
        links = []
        places = sorted(self.numbers[key] for key in keys)
        for place in places[:most]:
            label = self.text("report.source_number", number=place)
            links.append(f'<a href="#source-{place}" aria-label="{label}">[{place}]</a>')
        rest = len(places) - len(links)
        if rest:
            label = self.text("report.more_sources", count=rest)
            links.append(f'<a href="#h-sources" aria-label="{label}">+{rest}</a>')
        return f"{WORD_JOINER}<sup>{' '.join(links)}</sup>" if links else ""

    def mark(self, verified: bool) -> str:
        """Return the mark of a number whose sources were not all read."""
        return "" if verified else f' <span class="unverified">{self.text("estimate.unverified")}</span>'

    def line(self, line: Line, most: int | None = None) -> str:
        """Text with its sources, ``most`` at most, and mark."""
        return f"{esc(line.text)}{self.refs(line.sources, most)}{self.mark(line.verified)}"

    def paragraphs(self, lines: Iterable[Line]) -> str:
        """One paragraph per line."""
        return "\n".join(f"<p>{self.line(line)}</p>" for line in lines)

    def section(self, name: str, *body: str) -> str:
        """Section with a heading of the second level."""
        content = "\n".join(part for part in body if part)
        heading = self.text(f"report.{name}")
        return f'<section aria-labelledby="h-{name}">\n<h2 id="h-{name}">{heading}</h2>\n{content}\n</section>'

    def facts(self, rows: Iterable[tuple[str, str]], kind: str = "facts") -> str:
        """List of labels and values; the values are HTML already."""
        inner = "\n".join(f"<div><dt>{esc(label)}</dt><dd>{value}</dd></div>" for label, value in rows)
        return f'<dl class="{kind}">\n{inner}\n</dl>'

    def note(self, text_id: str) -> str:
        """Soft paragraph of one text."""
        return f'<p class="note">{self.text(text_id)}</p>'

    def bullets(self, lines: Iterable[Line]) -> str:
        """One item of a list per line; nothing without lines."""
        items = "\n".join(f"<li>{self.line(line)}</li>" for line in lines)
        return f"<ul>\n{items}\n</ul>" if items else ""

    def table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Iterable[Sequence[Line]],
        behind: str = "",
        kind: str = "scroll",
    ) -> str:
        """Table whose first cell of a row is its heading; wide tables scroll. ``behind`` the caption is HTML."""
        head = "".join(f'<th scope="col">{esc(cell)}</th>' if cell else "<td></td>" for cell in header)
        body = "\n".join(f"<tr>{self._cells(row)}</tr>" for row in rows)
        return (
            f'<div class="{kind}" tabindex="0" role="region" aria-label="{esc(caption)}">\n<table>\n'
            f"<caption>{esc(caption)}{behind}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
        )

    def _cells(self, row: Sequence[Line]) -> str:
        cells = "".join(f"<td>{self.line(cell, FEW_SOURCES)}</td>" for cell in row[1:])
        return f'<th scope="row">{self.line(row[0], FEW_SOURCES)}</th>{cells}'

    def written(self, table: Table) -> str:
        """Table of lines; sources that all its numbers share stand once, behind the caption."""
        numbers = {(cell.sources, cell.verified) for row in table.rows for cell in row[1:] if cell.sources}
        if len(numbers) != 1:
            return self.table(table.title, table.header, table.rows, kind=EVEN)
        sources, verified = numbers.pop()
        rows = [[row[0], *(Line(cell.text) for cell in row[1:])] for row in table.rows]
        return self.table(table.title, table.header, rows, f"{self.refs(sources)}{self.mark(verified)}", EVEN)

    def picture(self, name: str, drawn: Sequence[str], caption: str, twin: str) -> str:
        """Pictures that speak for themselves (``spoken_svg``), wide and narrow, and the table that says the same."""
        kinds = ("wide", "narrow") if len(drawn) > 1 else ("any",)
        sideways = "" if len(drawn) > 1 else f' tabindex="0" role="group" aria-label="{esc(caption)}"'
        pictures = "".join(
            f'<div class="{kind}"{sideways}>{_svg(*_told(svg), f"{name}-{kind}")}</div>\n'
            for kind, svg in zip(kinds, drawn, strict=True)
        )
        return f"<figure>\n{pictures}<figcaption>{esc(caption)}</figcaption>\n</figure>\n{twin}"

    def folded(self, title: str, content: str) -> str:
        """Content that opens on demand, without a script."""
        return f"<details>\n<summary>{esc(title)}</summary>\n{content}\n</details>"

    def figure(self, wide: Chart, narrow: Chart, note: str) -> str:
        """Picture for a page and for a telephone, its words, and the table that says the same."""
        caption = f"{translate('table.same', self.language)}: {wide.title}"
        used = [place for place, _ in enumerate(wide.header) if any(row[place].text for row in wide.rows)]
        header = [wide.header[place] for place in used]
        table = self.table(caption, header, [[row[place] for place in used] for row in wide.rows])
        if len(wide.rows) > LONGEST_TWIN:
            table = self.folded(caption, table)
        if not wide.spec:
            return f'<p class="note">{self.text("table.too_many")}</p>\n{table}'
        pictures = "".join(
            f'<div class="{kind}">{_svg(to_svg(chart.spec), chart.alternative, f"{wide.id}-{kind}")}</div>\n'
            for kind, chart in (("wide", wide), ("narrow", narrow))
        )
        return f"<figure>\n{pictures}<figcaption>{esc(wide.title)}. {esc(note)}</figcaption>\n</figure>\n{table}"

    def finding(self, finding: Finding) -> str:
        """One finding: how serious, what, what to do, by which sources."""
        badge = f'<span class="badge">{self.text(f"severity.{finding.severity}")}</span>'
        todo = f"<strong>{self.text('report.what_to_do')}:</strong> {esc(action_text(finding, self.language))}"
        return (
            f'<article class="finding {finding.severity}">\n<h3>{badge} {self.evidence(finding)}</h3>\n'
            f"<p>{todo}</p>\n</article>"
        )

    def evidence(self, finding: Finding) -> str:
        """Return what was found with its sources and marks."""
        what = self.line(Line(finding_text(finding, self.language), finding.sources, finding.verified))
        if not finding.design_choice:
            return what
        return f'{what} <span class="unverified">{self.text("findings.design_choice")}</span>'

    def source_list(self, after: int = 0) -> str:
        """Numbered sources with identifiers, whether each was read, and its licence; those behind place ``after``."""
        listed = self.sources[after:]
        items = "\n".join(f'<li id="source-{self.numbers[one.key]}">{self.source(one)}</li>' for one in listed)
        start = f' start="{after + 1}"' if after else ""
        return f'<ol class="sources"{start}>\n{items}\n</ol>'

    def source(self, source: Source) -> str:
        """One source with identifiers as links; whoever follows one does not tell where from."""
        parts = [esc(source_citation(source.key, source.citation, self.language).rstrip("."))]
        if source.pmid:
            parts.append(_outside(f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/", f"PMID {source.pmid}"))
        if source.doi:
            parts.append(_outside(f"https://doi.org/{source.doi}", f"DOI {source.doi}"))
        if source.url and not source.doi:
            address = source.url.rstrip("):,. ")
            full = address if address.startswith(("https://", "http://")) else f"https://{address}"
            parts.append(_outside(full, address))
        seen = "" if source.seen else ' class="not-seen"'
        parts.append(f"<span{seen}>{self.text('report.seen' if source.seen else 'report.not_seen')}</span>")
        licence = catalogue(self.language).get(f"licence.{source.licence}", source.licence)
        parts.append(self.text("report.licence", licence=licence))
        return f"{' · '.join(parts)} · <code>{esc(source.key)}</code>"


def _outside(address: str, text: str) -> str:
    return f'<a href="{esc(address)}" rel="noreferrer">{esc(text)}</a>'


def _told(drawn: str) -> tuple[str, str]:
    """Take the words out of a picture that has a title and a description of its own: on a page they are its label."""
    words = [html.unescape(found) for found in re.findall(r"<(?:title|desc)\b[^>]*>([^<]*)</", drawn)]
    drawn = re.sub(r"<(title|desc)\b[^>]*>[^<]*</\1>", "", drawn)
    head, closing, rest = drawn.partition(">")
    head = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", head)
    return head + closing + rest, ". ".join(words)


def _svg(drawn: str, alternative: str, name: str) -> str:
    """Inline SVG with a role and words of its own, and ids that no other picture on the page has."""
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", drawn)
    drawn = re.sub(r'(xlink:)?href="#([^"]+)"', rf'\1href="#{name}-\2"', drawn)
    drawn = drawn.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1) if "xlink:href" not in drawn else drawn
    drawn = drawn.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1).replace(' class="marks"', "", 1)
    return drawn.replace("<svg", f'<svg role="img" aria-label="{esc(alternative)}"', 1)
