"""Compare the shipped facts with the raw tables: ``python tools/compare_facts.py --shared ../shared [--out FILE]``.

Says for every raw table how many rows arrived, which are missing, which flags went from unread to read (each must say
in ``seen`` or ``note`` what was read) and which numbers moved. Exit code 1 when a row is missing, or when a flag went
up without saying why.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, NamedTuple

from magnes.estimate import Record
from magnes.knowledge import clinical, indications, ledger, records
from magnes.knowledge.load import table
from tables import read


class Pair(NamedTuple):
    """A raw table, the records that hold it, and raw column -> field of the numbers that must agree."""

    raw: str
    kinds: tuple[type[Record], ...]
    flag: str
    numbers: dict[str, str]
    own_flag: str = "verified"


HOURS = {"separation_hours_before_mg": "hours_before_mg", "separation_hours_after_mg": "hours_after_mg"}
PAIRS = (
    Pair("claims", (ledger.Statement,), "verified", {}),
    Pair("interactions", (clinical.Interaction,), "verified", HOURS),
    Pair("contraindications", (clinical.Contraindication,), "verified", {}),
    Pair("evidence_grades", (indications.Indication,), "verified", {}),
    Pair("functions", (ledger.Function,), "verified", {}),
    Pair("symptoms", (ledger.Sign,), "verified", {}),
    Pair("deficiency_causes", (ledger.Cause,), "verified", {"risk_weight_suggested": "risk_weight"}),
    Pair("foods_claims", (ledger.FoodClaim,), "verified", {}),
    Pair("lab_interference", (ledger.LabInterference,), "verified", {}),
    Pair("lab_references", (records.LabReference,), "verified", {"si_low": "si_low", "si_high": "si_high"}),
    Pair("reference_values", (records.ReferenceValue, records.Limit), "verified", {"mg_per_day": "mg_per_day"}),
    Pair(
        "salts",
        (records.Salt,),
        "verified_bioavail",
        {"molar_mass_g_mol": "molar_mass_g_per_mol"},
        "bioavailability_verified",
    ),
)


def main() -> None:
    """Print or write the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the raw tables")
    parser.add_argument("--out", type=Path, help="Markdown file to write")
    asked = parser.parse_args()
    lines, faults = [], 0
    for pair in PAIRS:
        told, wrong = compare(pair, asked.shared / "facts" / f"{pair.raw}.csv")
        lines += told
        faults += wrong
    text = "\n".join(lines) + "\n"
    if asked.out:
        asked.out.write_text(HEAD + text, encoding="utf-8")
    print(text if not asked.out else asked.out)
    sys.exit(1 if faults else 0)


HEAD = """# Shipped facts against the raw tables

Made by `python tools/compare_facts.py --shared RAW --out docs/validation/facts.md`; not edited by hand. A row that is
split keeps its id with a letter. A flag that went up says in the row (`seen`, `note`) what was read.

"""


def compare(pair: Pair, path: Path) -> tuple[list[str], int]:
    """Return lines of the report on one table, and how many faults it has."""
    raw = {row["id"]: row for _, row in read(path)}
    own: dict[str, list[Any]] = {}
    for kind in pair.kinds:
        for row in table(kind):
            name = row.id  # type: ignore[attr-defined]  # every kind named above has one
            own.setdefault(name if name in raw else name.rstrip("abcdefgh"), []).append(row)
    missing = sorted(set(raw) - set(own))
    raised = [
        f"{name}: {seen}"
        for name, rows in own.items()
        for row in rows
        if name in raw and getattr(row, pair.own_flag) and raw[name][pair.flag] not in ("yes", "partly")
        for seen in [getattr(row, "seen", "") or getattr(row, "note", "")]
    ]
    unexplained = [line for line in raised if line.endswith(": ")]
    moved = [
        f"{row.id} {field}: {raw[name][column]} -> {'blank' if now is None else format(now, 'g')}"
        for name, rows in own.items()
        for row in rows
        for column, field in pair.numbers.items()
        for now in [getattr(row, field)]
        if name in raw and raw[name][column] and _differs(raw[name][column], now)
    ]
    added = sorted(set(own) - set(raw))
    lines = [
        f"## {pair.raw}",
        "",
        f"{len(raw)} raw rows, {sum(map(len, own.values()))} shipped, {len(missing)} missing.",
    ]
    for title, found in (
        ("Missing", missing),
        ("Added", added),
        ("Numbers that moved", moved),
        ("Read since", raised),
    ):
        if found:
            lines += ["", f"{title} ({len(found)}):", "", *(f"- {line}" for line in found)]
    return [*lines, ""], len(missing) + len(unexplained)


def _differs(raw: str, now: float | None) -> bool:
    if now is None:
        return True
    try:
        return abs(float(raw) - now) > 1e-6 * max(1.0, abs(now))
    except ValueError:
        return False  # a range or text: compared by eye


if __name__ == "__main__":
    main()
