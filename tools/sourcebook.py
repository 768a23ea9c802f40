"""Source keys: free-text source columns of the raw tables become keys of ``sources.csv``.

Used by every importer, so that one publication has one key. A text that no known citation explains becomes a new key
made from its first words; text from memory becomes the key ``MEM`` and can never make a row verified.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

EXTRA = Path(__file__).with_name("sources_extra.csv")
COLUMNS = ("key", "citation", "pmid", "doi", "url", "licence", "seen")


@dataclass
class SourceBook:
    """All known sources; remembers which keys the importers used."""

    rows: dict[str, dict[str, str]]
    used: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, shared: Path) -> SourceBook:
        """Read the raw key table and our own additions (``tools/sources_extra.csv``)."""
        rows: dict[str, dict[str, str]] = {}
        with (shared / "facts" / "sources.csv").open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                rows[row["key"]] = _row(row["key"], row["citation_or_url"], row["seen_in_store"])
        with EXTRA.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                rows[row["key"]] = {name: row.get(name, "") for name in COLUMNS}
        return cls(rows)

    def use(self, *keys: str) -> str:
        """Mark keys as used and return them joined for a table cell; unknown keys are refused."""
        for key in keys:
            if key not in self.rows:
                raise KeyError(f"no source with key {key!r}; add it to {EXTRA.name}")
            self.used.add(key)
        return ";".join(keys)

    def keys_for(self, text: str) -> str:
        """Turn a free-text source cell into ``KEY;KEY``; new citations get a new key.

        Citations may hold semicolons themselves, so known ones are taken out first, longest first.
        """
        rest, found = text.strip(), []
        if re.search(r"\bmemory\b", rest):
            found.append((rest.find("memory"), "MEM"))
            rest = rest.replace("memory, to be checked", "").strip(" ;")
        known = sorted(self.rows.items(), key=lambda item: -len(item[1]["citation"]))
        for key, row in known:
            citation = row["citation"]
            if len(citation) < 6 and rest != citation:
                continue
            place = rest.find(citation)
            if place >= 0 and key != "MEM":
                found.append((text.find(citation), key))
                rest = rest.replace(citation, "", 1)
        parts = [piece.strip(" ;:,") for piece in rest.split("; ")]  # "2016;6:S43" stays whole
        found += [(text.find(part), self._add(part)) for part in parts if len(part) > 3]
        keys = list(dict.fromkeys(key for _, key in sorted(found)))
        return self.use(*keys)

    def _add(self, citation: str) -> str:
        for key, row in self.rows.items():
            if row["citation"] == citation:
                return key
        words = re.findall(r"[A-Za-z0-9]+", citation)
        base = "-".join(words[:5]).upper()[:40]
        key, number = base, 2
        while key in self.rows:
            key, number = f"{base}-{number}", number + 1
        self.rows[key] = _row(key, citation, "yes")
        return key

    def write(self, path: Path) -> None:
        """Write the used sources, sorted by key."""
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for key in sorted(self.used):
                writer.writerow(self.rows[key])


def _row(key: str, citation: str, seen: str) -> dict[str, str]:
    pmid = re.search(r"PMID (\d+)", citation)
    doi = re.search(r"\b(10\.\d{4,9}/\S+?)(?=[\s,)]|$)", citation)
    url = re.search(r"\b([a-z0-9-]+\.)+(eu|nl|be|com|org|gov|net|edu|us|no|uk|se|ch|de)/\S+", citation)
    return {
        "key": key,
        "citation": citation,
        "pmid": pmid.group(1) if pmid else "",
        "doi": doi.group(1) if doi else "",
        "url": url.group(0) if url else "",
        "licence": "citation",
        "seen": seen,
    }
