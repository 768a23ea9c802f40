"""Targets of the body model: ``python tools/import_targets.py --shared ../shared`` writes ``model/targets.csv``.

The numbers stay as they are. The column of identifiers becomes ``pmid``, ``doi`` and ``pmc``; what is none of them, or
a second one of a kind, goes to ``note``. The words for a source become ``citation``: elsewhere ``source`` is a key.
Units become UCUM; a word that is no unit is kept in braces. A raw column or unit that is not known here is refused.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from magnes.knowledge.checks.ranges import is_ucum
from magnes.knowledge.targets import Target
from tables import Refused, number, read, write

OUT = Path(__file__).parents[1] / "src" / "magnes" / "knowledge" / "data" / "model" / "targets.csv"
KEPT = ("id", "quantity", "population", "condition", "verified", "use")
NUMBERS = ("value", "low", "high")
RAW = {*KEPT, *NUMBERS, "unit", "source", "doi_or_pmid"}
UNITS = {
    "day": "d",
    "week": "wk",
    "h (slowest)": "h{slowest}",
    "mmol/L cells": "mmol/L{cells}",
    "mmol/L GF": "mmol/L{GF}",  # per litre of glomerular filtrate
    "mmol/L Ca": "mmol/L{Ca}",
    "mmol/kg FFDW": "mmol/kg{FFDW}",  # fat-free dry weight
    "fraction of filtered": "{fraction_of_filtered}",
} | {word: f"{{{word}}}" for word in ("ratio", "fraction", "rank", "qualitative", "OR", "RR", "r2")}
IDENTIFIERS = {
    "pmid": re.compile(r"PMID (\d{1,8})", re.ASCII),
    "doi": re.compile(r"(10\.\d{4,9}/\S+)", re.ASCII),
    "pmc": re.compile(r"(PMC\d{1,8})", re.ASCII),
}


def main() -> None:
    """Write the table, or every bad cell and nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the raw tables")
    path = parser.parse_args().shared / "body" / "targets.csv"
    refused = Refused()
    rows = [_target(refused, path, line, row) for line, row in read(path) if _whole(refused, path, line, row)]
    refused.stop()
    print("targets", write(OUT, tuple(Target.model_fields), rows))


def _whole(refused: Refused, path: Path, line: int, row: dict[str, str]) -> bool:
    """Whether a row has the known columns, each with a cell: a column more would be lost in silence."""
    whole = row.keys() == RAW and None not in row.values()
    if not whole:
        refused.add(path.name, line, "", ", ".join(map(str, row)), ", ".join(sorted(RAW)))
    return whole


def _target(refused: Refused, path: Path, line: int, row: dict[str, str]) -> dict[str, str]:
    unit = UNITS.get(row["unit"], row["unit"])
    if unit and not is_ucum(unit):
        refused.add(path.name, line, "unit", unit, "UCUM, or a word of UNITS")
    numbers = {name: number(refused, path, line, row, name, signed=True) for name in NUMBERS}
    cited = {"citation": row["source"]} | _identifiers(row["doi_or_pmid"])
    return {name: row[name] for name in KEPT} | numbers | {"unit": unit} | cited


def _identifiers(cell: str) -> dict[str, str]:
    """Return the identifiers of a cell by column, and what is none of them as ``note``."""
    found, rest = dict.fromkeys(IDENTIFIERS, ""), []
    for part in filter(None, map(str.strip, cell.split(";"))):
        name, match = next(
            ((name, match) for name, form in IDENTIFIERS.items() if (match := form.fullmatch(part))), ("", None)
        )
        if match and not found[name]:
            found[name] = match[1]
        else:
            rest.append(part)
    return found | {"note": "; ".join(rest)}


if __name__ == "__main__":
    main()
