"""Interactions and contraindications: raw facts joined with the hand-written Dutch and English texts.

The raw tables bring ids, sources and verified flags; ``tools/text`` brings codes, hours and texts. Refused:
a raw row without text, a text without raw row, an unknown code, and hours that differ without a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from magnes.knowledge.records import Contraindication, Interaction
from sourcebook import SourceBook
from tables import Refused, number, read, write

TEXT = Path(__file__).with_name("text")
ATC_SOURCE = "ATC-WHO-2026"
# the codes that the records accept are the ones that may stand in the raw tables
DIRECTIONS = set(get_args(Interaction.model_fields["direction"].annotation))
SEVERITIES = set(get_args(Interaction.model_fields["severity"].annotation))
LEVELS = set(get_args(Contraindication.model_fields["level"].annotation))
BASES = {"specific", "generic-label", "memory", "precaution", "unknown"}
CRITERIA = {"egfr", "condition", "condition-with-glycerophosphate", "age", "age-with-magnesium-oxide", "serum-mg"}
# "major if eGFR<30" and "minor; major in CKD" in the raw severity column
LOW_EGFR = {"INT053": ("30", "major"), "INT058": ("60", "major")}
ROUTES = {"oral", "iv", "any"}
YES_NO = {"yes", "no"}
ATC = re.compile(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?")
HOURS = (
    ("hours_before_mg", "separation_hours_before_mg"),
    ("hours_after_mg", "separation_hours_after_mg"),
)
INTERACTION_COLUMNS = [
    "id",
    "substance_nl",
    "substance_en",
    "atc",
    "atc_exclude",
    "direction",
    "severity",
    "action_nl",
    "action_en",
    "effect_nl",
    "effect_en",
    "mechanism_nl",
    "mechanism_en",
    "hours_before_mg",
    "hours_after_mg",
    "hours_basis",
    "egfr_below",
    "severity_low_egfr",
    "sources",
    "verified",
    "note",
]
CONTRAINDICATION_COLUMNS = [
    "id",
    "condition",
    "criterion_code",
    "egfr_low",
    "egfr_high",
    "age_low_years",
    "age_high_years",
    "serum_mg_high_mmol_per_l",
    "route",
    "level",
    "max_supplement_mg",
    "condition_nl",
    "condition_en",
    "rule_nl",
    "rule_en",
    "rationale_nl",
    "rationale_en",
    "design_choice",
    "sources",
    "verified",
]

Row = dict[str, str]


def build(shared: Path, out: Path, book: SourceBook) -> None:
    """Write ``interactions.csv`` and ``contraindications.csv`` into ``out``."""
    refused = Refused()
    facts = shared / "facts"
    interactions = [*_interactions(facts, refused, book), *_added(refused, book)]
    _unique(interactions, "interactions", refused)
    conditions = {row["id"] for _, row in read(out / "conditions.csv")}
    rules = list(_contraindications(facts, conditions, refused, book))
    _medicines(out, facts, refused, book)
    refused.stop()
    print("interactions", write(out / "interactions.csv", INTERACTION_COLUMNS, interactions))
    print("contraindications", write(out / "contraindications.csv", CONTRAINDICATION_COLUMNS, rules))


def _interactions(facts: Path, refused: Refused, book: SourceBook) -> Iterator[Row]:
    """Join the raw interactions with their texts, in the order of the raw table."""
    path = TEXT / "interactions_nl.csv"
    texts = {row["id"]: (line, row) for line, row in read(path)}
    raw_path = facts / "interactions.csv"
    for raw_line, raw in read(raw_path):
        if raw["id"] not in texts:
            refused.add(raw_path.name, raw_line, "id", raw["id"], f"an id that has a text in {path.name}")
            continue
        line, text = texts.pop(raw["id"])
        for ours, theirs in HOURS:
            if text[ours] != raw[theirs] and not text["change_note"]:
                refused.add(path.name, line, "change_note", "", f"why {ours} is not {raw[theirs] or 'blank'}")
        pages = f"pages: {raw['page']}" if raw["page"] else ""
        note = "; ".join(part for part in (raw["note"], text["change_note"], pages) if part)
        yield _interaction(path, line, text, refused) | {
            "sources": book.keys_for(_citations(raw["source"])),
            "verified": _code(path, line, raw, "verified", YES_NO, refused),
            "note": note,
        }
    for line, row in texts.values():
        refused.add(path.name, line, "id", row["id"], f"an id of {raw_path.name}")


def _added(refused: Refused, book: SourceBook) -> Iterator[Row]:
    """Return the interactions that the raw table lacks; a row from memory alone cannot be verified."""
    path = TEXT / "interactions_added.csv"
    for line, row in read(path):
        sources = book.keys_for(_citations(row["source"]))
        verified = _code(path, line, row, "verified", YES_NO, refused)
        if sources in {"", "MEM"} and verified == "yes":
            refused.add(path.name, line, "verified", verified, "no, as long as no source was seen")
        yield _interaction(path, line, row, refused) | {
            "sources": sources,
            "verified": verified,
            "note": row["change_note"],
        }


def _interaction(path: Path, line: int, text: Row, refused: Refused) -> Row:
    """Check one text row and return its share of the package row."""
    row = {column: text[column] for column in INTERACTION_COLUMNS if column in text}
    row["egfr_below"], row["severity_low_egfr"] = LOW_EGFR.get(text["id"], ("", ""))
    for column, codes in (("direction", DIRECTIONS), ("severity", SEVERITIES), ("hours_basis", BASES)):
        _code(path, line, text, column, codes, refused)
    for column in ("atc", "atc_exclude"):
        _atc(path, line, text, column, refused)
    for name in ("substance", "action"):
        _both(path, line, text, name, refused, needed=True)
    for name in ("effect", "mechanism"):
        _both(path, line, text, name, refused)
    for column, _ in HOURS:
        row[column] = number(refused, path, line, text, column)
    timed = bool(row["hours_before_mg"] or row["hours_after_mg"])
    if timed and text["severity"] == "avoid":
        refused.add(path.name, line, "hours_before_mg", "hours", "blank: no hours make an avoided medicine safe")
    if timed == (text["hours_basis"] == "unknown"):
        refused.add(
            path.name,
            line,
            "hours_basis",
            text["hours_basis"],
            "unknown when both hours are blank, else known",
        )
    return row


def _contraindications(facts: Path, conditions: set[str], refused: Refused, book: SourceBook) -> Iterator[Row]:
    """Join raw rules with their texts; a letter after the id splits one raw row into several rules."""
    raw_path, path = facts / "contraindications.csv", TEXT / "contraindications_nl.csv"
    raw = {row["id"]: (line, row) for line, row in read(raw_path)}
    met: set[str] = set()
    seen: set[str] = set()
    for line, text in read(path):
        base = text["id"].rstrip("abcdefghijklmnopqrstuvwxyz")
        if base not in raw:
            refused.add(path.name, line, "id", text["id"], f"an id of {raw_path.name}, with or without a letter")
            continue
        if text["id"] in seen:
            refused.add(path.name, line, "id", text["id"], "an id that is used once")
        met.add(base)
        seen.add(text["id"])
        source = raw[base][1]
        yield _rule(path, line, text, conditions, refused) | {
            "sources": book.keys_for(_citations(source["source"])),
            "verified": _code(raw_path, raw[base][0], source, "verified", YES_NO, refused),
        }
    for identifier, (line, _) in raw.items():
        if identifier not in met:
            refused.add(raw_path.name, line, "id", identifier, f"an id that has a text in {path.name}")


def _rule(path: Path, line: int, text: Row, conditions: set[str], refused: Refused) -> Row:
    """Check one rule text and return its share of the package row."""
    row = {column: text[column] for column in CONTRAINDICATION_COLUMNS if column in text}
    for column, codes in (
        ("criterion_code", CRITERIA),
        ("route", ROUTES),
        ("level", LEVELS),
        ("design_choice", YES_NO),
    ):
        _code(path, line, text, column, codes, refused)
    for name in ("condition", "rule"):
        _both(path, line, text, name, refused, needed=True)
    _both(path, line, text, "rationale", refused)
    by_condition = text["criterion_code"].startswith("condition")
    if (text["condition"] in conditions) != by_condition or (text["condition"] and not by_condition):
        refused.add(
            path.name,
            line,
            "condition",
            text["condition"],
            "an id of conditions.csv when the criterion is a condition",
        )
    for column in ("egfr_low", "egfr_high", "age_low_years", "age_high_years", "serum_mg_high_mmol_per_l"):
        row[column] = number(refused, path, line, text, column)
    row["max_supplement_mg"] = number(refused, path, line, text, "max_supplement_mg")
    if text["level"] == "limit" and not row["max_supplement_mg"]:
        refused.add(path.name, line, "max_supplement_mg", "", "a number of milligrams, because the level is limit")
    return row


def _medicines(out: Path, facts: Path, refused: Refused, book: SourceBook) -> None:
    """Check the hand-made medicine table: codes, salts, sources, and no spelling that means two medicines."""
    path = out / "medicines.csv"
    salts = {row["id"] for _, row in read(facts / "salts.csv")} | {"", "unknown"}
    owner: Row = {}
    for line, row in read(path):
        _atc(path, line, row, "atc", refused)
        _code(path, line, row, "salt", salts, refused)
        if (row["verified"] == "yes") != (ATC_SOURCE in row["seen"].split(";")):
            refused.add(path.name, line, "verified", row["verified"], f"yes together with seen {ATC_SOURCE}, else no")
        for name in {part.strip().casefold() for part in row["names"].split(";")}:
            if owner.setdefault(name, row["atc"]) != row["atc"]:
                refused.add(path.name, line, "names", name, f"a spelling that {owner[name]} does not have")
    book.use(ATC_SOURCE)


def _citations(text: str) -> str:
    """Return a source cell in which ``2016;6:S43`` no longer looks like two citations."""
    return re.sub(r"\b((?:19|20)\d\d);(?=S?\d+:)", r"\1, ", text)


def _unique(rows: list[Row], name: str, refused: Refused) -> None:
    """Refuse an id that occurs twice."""
    seen: set[str] = set()
    for place, row in enumerate(rows, start=2):
        if row["id"] in seen:
            refused.add(f"{name}.csv", place, "id", row["id"], "an id that is used once")
        seen.add(row["id"])


def _code(path: Path, line: int, row: Row, column: str, codes: set[str], refused: Refused) -> str:
    """Return a cell that must be one of a few codes."""
    if row[column] not in codes:
        refused.add(path.name, line, column, row[column], ", ".join(sorted(codes)))
    return row[column]


def _atc(path: Path, line: int, row: Row, column: str, refused: Refused) -> None:
    """Refuse a cell that is not a list of ATC codes or class prefixes."""
    for code in filter(None, row[column].split(";")):
        if not ATC.fullmatch(code):
            refused.add(path.name, line, column, code, "ATC codes such as C03 or H03AA01, joined by ;")


def _both(path: Path, line: int, row: Row, name: str, refused: Refused, *, needed: bool = False) -> None:
    """Refuse a text that exists in one language only, or whose two languages hold different numbers."""
    english, dutch = row[f"{name}_en"].strip(), row[f"{name}_nl"].strip()
    if bool(english) != bool(dutch) or (needed and not english):
        refused.add(path.name, line, f"{name}_nl", dutch, "a text in both languages")
    elif _numbers(english, "en") != _numbers(dutch, "nl"):
        refused.add(path.name, line, f"{name}_nl", dutch, f"the same numbers as {name}_en")


def _numbers(text: str, language: str) -> list[str]:
    """Return all numbers of a text with a point as decimal sign, sorted."""
    thousands, decimal = (",", ".") if language == "en" else (".", ",")
    plain = re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d{{3}}\b)", "", text)
    return sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(rf"(?<=\d){re.escape(decimal)}(?=\d)", ".", plain)))
