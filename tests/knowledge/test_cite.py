"""Citations: text and BibTeX of every source, with its identifiers."""

from __future__ import annotations

import re

import pytest

from magnes.knowledge.cite import as_bibtex, as_text
from magnes.knowledge.load import table
from magnes.knowledge.records import Source

FULL = Source(
    key="X20", citation="Doe & Roe 2020 J X 5:2 (50% of #3)", title="On salts_", pmid="17", doi="10.1000/x_1",
    licence="citation", seen=False,
)  # fmt: skip


def test_text_names_identifiers_once() -> None:
    # catches: a PMID said twice, or lost
    assert as_text(FULL) == "Doe & Roe 2020 J X 5:2 (50% of #3). On salts_. PMID 17 doi:10.1000/x_1"
    inside = FULL.model_copy(update={"citation": "Doe 2020 PMID 17", "title": "", "doi": ""})
    assert as_text(inside) == "Doe 2020 PMID 17"


def test_bibtex_escapes_text_and_not_identifiers() -> None:
    # catches: a percent sign that comments out the rest of the entry; a DOI broken by a backslash
    entry = as_bibtex(FULL)
    assert r"title = {On salts\_}" in entry
    assert r"50\% of \#3" in entry
    assert "doi = {10.1000/x_1}" in entry
    assert "year = {2020}" in entry
    assert "not read" in entry


@pytest.mark.parametrize("row", table(Source), ids=lambda row: row.key)
def test_every_source_is_a_valid_entry(row: Source) -> None:
    # catches: unbalanced braces, an empty field, a line that BibTeX cannot read
    lines = as_bibtex(row).splitlines()
    assert lines[0] == f"@misc{{{row.key},"
    assert lines[-1] == "}"
    for line in lines[1:-1]:
        assert re.fullmatch(r"  [a-z]+ = \{.+\},?", line), line
        bare = re.sub(r"\\[{}]", "", line)
        assert bare.count("{") == bare.count("}")
