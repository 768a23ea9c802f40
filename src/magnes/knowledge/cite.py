"""A source as text for people and as BibTeX."""

from __future__ import annotations

import re

from magnes.errors import InputProblems, Problem, nearest
from magnes.knowledge.load import table
from magnes.knowledge.records import Source

__all__ = ["as_bibtex", "as_text", "asked_source", "year_of"]

_ESCAPED = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def asked_source(key: str) -> Source:
    """Return the source of a key; ``InputProblems`` (``source_unknown``) with the nearest keys for anything else."""
    known = {row.key.casefold(): row for row in table(Source)}
    row = known.get(key.casefold())
    if row is None:
        near = nearest(key, (source.key for source in known.values()))
        raise InputProblems([Problem("source_unknown", found=key, nearest=near)])
    return row


def year_of(row: Source) -> str:
    """Year of a source: the first one in its citation, empty without one."""
    year = _YEAR.search(row.citation)
    return year.group(0) if year else ""


def as_text(row: Source) -> str:
    """Citation with its identifiers; those that the citation holds already are not said twice."""
    extra = [f"PMID {row.pmid}"] if row.pmid and row.pmid not in row.citation else []
    extra += [f"doi:{row.doi}"] if row.doi and row.doi not in row.citation else []
    title = f" {row.title}." if row.title else ""
    return " ".join([f"{row.citation}.{title}" if title else row.citation, *extra])


def as_bibtex(row: Source) -> str:
    r"""Entry of type ``misc``: our sources keep a citation, not its parts; the year is the first one in it.

    >>> citation = "Fine 1991 J Clin Invest 88:396"
    >>> row = Source(key="FINE91", citation=citation, pmid="1864954", licence="citation", seen=True)
    >>> print(as_bibtex(row))
    @misc{FINE91,
      title = {Fine 1991 J Clin Invest 88:396},
      year = {1991},
      note = {PMID 1864954}
    }
    """
    notes = [f"PMID {row.pmid}"] if row.pmid else []
    notes += [row.citation] if row.title else []
    notes += [] if row.seen else ["not read"]
    fields = {
        "title": row.title or row.citation,
        "year": year_of(row),
        "doi": row.doi,
        "url": row.url,
        "note": "; ".join(notes),
    }
    plain = ("doi", "url")  # printed as they are
    lines = [
        f"  {name} = {{{value if name in plain else value.translate(_ESCAPED)}}}"
        for name, value in fields.items()
        if value
    ]
    return f"@misc{{{row.key},\n" + ",\n".join(lines) + "\n}"
