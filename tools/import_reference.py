"""Reference values, supplement limits, laboratory references, salts and within-person SD: raw -> package tables."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

from sourcebook import SourceBook
from tables import Refused, number, read, write

LIMIT_AUTHORITY = {
    "EFSA/SCF": "efsa-scf-2001",
    "US/Canada IOM": "iom-1997",
    "Nordic NNR2023": "nnr-2023",
    "BfR": "bfr-2017",
    "VKM Norway": "vkm-2016",
    "UK EVM guidance level": "uk-evm-2003",
    "WHO/FAO": "who-fao-2004",
    "Belgian Superior Health Council (HGR)": "belgium-legal-maximum",
}
OTHER_AUTHORITY = {
    "Dutch tables on the web": "gezondheidsraad-2018",
    "EU labelling Reg 1169/2011": "eu-label-2011",
    "Older Dutch table (vitaminen.medischonline.nl)": "netherlands-1989",
    "page 000": "page-000",
    "page 002": "page-002",
    "page 003": "page-003",
    "page 004": "page-004",
}
# Superseded or contradicted rows keep their value and get an end year, so that they can be named but never chosen.
UNTIL = {"netherlands-1989": "2018", "RV020": "2018"}
KINDS = {"AI", "EAR", "RDA", "RNI", "LRNI"}
LIMIT_KINDS = {
    "UL": "UL",
    "UL (EU)": "UL",
    "NOAEL": "NOAEL",
    "LOAEL mild diarrhoea": "LOAEL",
    "max per daily dose": "UL",
    "guidance level": "guidance",
    "tolerable limit": "UL",
    "legal max per daily portion of a supplement (BE)": "legal",
}


def build(shared: Path, out: Path, book: SourceBook) -> None:
    """Write the flat reference tables below ``out``."""
    refused = Refused()
    values, limits = _reference_values(shared, out, refused, book)
    labs = _labs(shared, refused, book)
    salts = _salts(shared, refused, book)
    within = _within_person_sd(shared, refused, book)
    refused.stop()
    for name, rows in (
        ("reference_values", values),
        ("limits", limits),
        ("lab_references", labs),
        ("salts", salts),
        ("within_person_sd", within),
    ):
        print(name, write(out / f"{name}.csv", tuple(rows[0]), rows))


def _authority(out: Path) -> dict[str, str]:
    with (out / "authorities.csv").open(encoding="utf-8", newline="") as handle:
        return {row["table_name"]: row["id"] for row in csv.DictReader(handle)} | OTHER_AUTHORITY


def _reference_values(
    shared: Path, out: Path, refused: Refused, book: SourceBook
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    path = shared / "facts" / "reference_values.csv"
    names = _authority(out)
    values, limits = [], []
    for line, row in read(path):
        low, _, high = row["mg_per_day"].partition("-")
        base = {
            "id": row["id"],
            "authority": names.get(row["authority"], ""),
            "year": row["year"],
            "kind": "",
            "age_low_years": number(refused, path, line, row, "age_from_y") or "0",
            "age_high_years": number(refused, path, line, row, "age_to_y"),
            "sex": {"M": "male", "F": "female", "both": "any"}.get(row["sex"], ""),
            "condition": row["condition"],
            "mg_per_day": number(refused, path, line, {"mg_per_day": low}, "mg_per_day"),
            "mg_per_day_high": high,
        }
        if not base["sex"]:
            refused.add(path.name, line, "sex", row["sex"], "M, F, both")
        tail = {"note": row["note"], "sources": book.keys_for(row["source"]), "verified": row["verified"]}
        if row["kind"] == "upper":
            base["authority"] = LIMIT_AUTHORITY.get(row["authority"], base["authority"])
            base["kind"] = LIMIT_KINDS.get(row["type"], "statement")
            limits.append(base | {"scope": row["scope"]} | tail)
        else:
            base["kind"] = _kind(row["type"], base)
            until = UNTIL.get(row["id"], UNTIL.get(base["authority"], ""))
            if row["authority"].startswith("D-A-CH") and row["year"] == "2000":
                until = "2021"
            values.append(base | {"until": until} | tail)
        if not base["authority"]:
            refused.add(path.name, line, "authority", row["authority"], ", ".join(sorted(names)))
    return values, limits


def _kind(text: str, row: dict[str, str]) -> str:
    first = text.split()[0]
    if first in KINDS:
        return first
    if first == "ADH":  # Health Council: the adult values are EFSA's adequate intakes
        return "AI" if float(row["age_low_years"]) >= 18 else "RDA"
    return "label" if first == "NRV" else "statement"


def _labs(shared: Path, refused: Refused, book: SourceBook) -> list[dict[str, str]]:
    path = shared / "facts" / "lab_references.csv"
    rows = []
    for line, row in read(path):
        rows.append(
            {
                "id": row["id"],
                "analyte": row["analyte"],
                "specimen": row["specimen"],
                "loinc": row["loinc"],
                "si_low": number(refused, path, line, row, "si_low"),
                "si_high": number(refused, path, line, row, "si_high"),
                "si_unit": row["si_unit"],
                "role": row["class"],
                "note": row["note"],
                "sources": book.keys_for(row["source"]),
                "verified": row["verified"],
            }
        )
    return rows


def _salts(shared: Path, refused: Refused, book: SourceBook) -> list[dict[str, str]]:
    """Salts with formula, and our text table: family, everyday names, share that dissolves."""
    ours_path = Path(__file__).with_name("text") / "salt_absorption.csv"
    ours = {row["id"]: (line, row) for line, row in read(ours_path)}
    path = shared / "facts" / "salts.csv"
    rows = []
    for line, row in read(path):
        if row["id"] not in ours:
            refused.add(path.name, line, "id", row["id"], f"an id that {ours_path.name} explains")
            continue
        our_line, our = ours[row["id"]]
        soluble = {
            name: number(refused, ours_path, our_line, our, name)
            for name in ("soluble_fraction", "soluble_low", "soluble_high")
        }
        rows.append(
            {
                "id": row["id"],
                "family": our["family"],
                "default_of_family": our["default_of_family"],
                "name_nl": row["name_nl"],
                "name_en": row["name_en"],
                "names": our["names"],
                "formula": row["formula"],
                "molar_mass_g_per_mol": number(refused, path, line, row, "molar_mass_g_mol"),
                "magnesium_mass_fraction": number(refused, path, line, row, "mg_mass_fraction"),
                "class": row["class"],
                "hydration": row["hydration"],
                "laxative_risk": re.split(r" \(", row["laxative_risk"])[0],
                **soluble,
                "soluble_sources": book.use(*our["soluble_sources"].split(";")) if our["soluble_sources"] else "",
                "soluble_verified": our["soluble_verified"],
                "sources": book.keys_for(row["source"]),
                "verified": "yes" if row["formula"] else row["verified_bioavail"],
            }
        )
    return rows


def _within_person_sd(shared: Path, refused: Refused, book: SourceBook) -> list[dict[str, str]]:
    """Day-to-day SD by sex and age: the figure that IOM 2000 prints for women 19-50, NHANES for the rest."""
    path = shared / "usual" / "ref_within_person_sd_nhanes0712.csv"
    rows = [
        {
            "sex": "female",
            "age_low_years": "19",
            "age_high_years": "51",
            "sd_mg": "85.9",
            "basis": "iom-2000",
            "sources": book.use("IOM2000"),
            "verified": "yes",
        }
    ]
    edges: list[int | None] = [1, 4, 9, 14, 19, 31, 51, 71, None]
    labels = ("1-3", "4-8", "9-13", "14-18", "19-30", "31-50", "51-70", "71+")
    bands = dict(zip(labels, pairwise(edges), strict=True))
    for line, row in read(path):
        sex, band = row["group"].split()
        if band not in bands:
            continue  # wider bands overlap the narrow ones
        low, high = bands[band]
        rows.append(
            {
                "sex": {"M": "male", "F": "female"}[sex],
                "age_low_years": str(low),
                "age_high_years": "" if high is None else str(high),
                "sd_mg": number(refused, path, line, row, "SD_within_w"),
                "basis": "nhanes-2007-2012",
                "sources": book.use("NHANES-SDW"),
                "verified": "yes",
            }
        )
    return rows
