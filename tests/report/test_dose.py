"""A dose plan in words and as a picture, in both languages."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from functools import cache
from typing import get_args

import pytest
from random_people import poor_diary

from magnes.advice.dose import plan_dose
from magnes.advice.dose_records import RECHECKS, DosePlan, Remark
from magnes.advice.dose_ways import OFFERED
from magnes.advice.gates import CapCode, GateCode, Whom
from magnes.knowledge.load import table
from magnes.knowledge.records import Source
from magnes.person import LabResult, Medicine, Person, Supplement
from magnes.report.dose import dose_text, gate_line
from magnes.report.dose_picture import dose_svg
from magnes.text import LANGUAGES, Language, catalogue

WHO = Person(
    age_years=50,
    sex="female",
    weight_kg=71,
    height_cm=165,
    egfr_ml_min_1_73m2=80,
    supplements=(Supplement(salt="oxide", elemental_mg=50, times=(dt.time(12),)),),
    medicines=(
        Medicine(name="levothyroxine", atc="H03AA01", times=(dt.time(7),)),
        Medicine(name="ciprofloxacine", atc="J01MA02", times=(dt.time(9),)),
    ),
    labs=(LabResult(test="serum-magnesium", value=0.70, unit="mmol/L"),),
)


@cache
def shown() -> DosePlan:
    return plan_dose(WHO, poor_diary(), draws=50, durations=(30,))


@cache
def stopped() -> DosePlan:
    who = WHO.model_copy(update={"egfr_ml_min_1_73m2": 20.0, "conditions": ("hartblok", "zzqqx"), "labs": ()})
    return plan_dose(who, poor_diary())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text(language: Language) -> None:
    # catches: a plan that ends in a KeyError before a person, and a text for a code that is gone
    known = set(catalogue(language))
    families = {"gate": GateCode, "whom": Whom, "cap": CapCode}
    for family, codes in families.items():
        assert {key for key in known if key.startswith(f"{family}.")} == {
            f"{family}.{code}" for code in get_args(codes)
        }
    assert {key for key in known if key.startswith("recheck.")} == {f"recheck.{what}" for what in RECHECKS}
    assert {key for key in known if key.startswith("dose.remark_")} == {
        f"dose.remark_{code}" for code in get_args(Remark)
    }
    assert {key for key in known if key.startswith("dose.salt_")} == {f"dose.salt_{salt}" for salt in OFFERED}


def test_the_plan_in_dutch() -> None:
    # catches: an amount with a point, a limit that is not named, hours that are lost, a table without its first line
    text = dose_text(shown(), "nl")
    assert "250 mg per dag (bovengrens van EFSA/SCF" in text
    assert "Daarvan neemt u nu 50 mg" in text
    assert "ten hoogste 200 mg per dag" in " ".join(text.split())
    assert "Gemeten is 0,70 mmol/L" in text
    first = shown().options[0]
    assert f"1. {catalogue('nl')[f'dose.salt_{first.salt}']}" in text
    assert f"{len(first.times)} x" in text
    assert "levothyroxine" in text
    assert "ciprofloxacine" in text
    assert "Eerst het medicijn: 4." in " ".join(text.split())
    assert "ontwerpkeuze" in text
    assert "nooit advies over magnesium in een ader" in text
    assert max(map(len, text.splitlines())) < 190


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stop_says_why_and_to_whom_to_go(language: Language) -> None:
    # catches: a stop without a way out, or with an amount
    text = " ".join(dose_text(stopped(), language).split())
    for gate in stopped().gates.blocked:
        assert catalogue(language)[f"whom.{gate.to_whom}"] in text
        assert " ".join(gate_line(gate, language).text.split()) in text
    assert "zzqqx" in text
    assert catalogue(language)["dose.column_takings"] not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", [shown, stopped])
def test_the_picture_is_spoken_and_whole(which: object, language: Language) -> None:
    # catches: a picture without words, a bar without its limit, a curve without its salts
    found = which()  # type: ignore[operator]
    root = ET.fromstring(dose_svg(found, language))  # noqa: S314 - our own picture
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text is not None
    assert "mg" in title.text
    words = " ".join(root.itertext())
    assert catalogue(language)["dose.bar_cap"].partition(" {")[0] in words
    assert (catalogue(language)["dose.axis_absorbed"] in words) == bool(found.options)
    if found.options:
        assert "250 mg" in title.text
        assert "50 mg" in title.text


def test_every_source_of_a_plan_stands_in_the_table() -> None:
    # catches: a key that no citation belongs to
    keys = {row.key for row in table(Source)}
    found = shown()
    estimates = [part for option in found.options for part in (option.dose, option.absorbed, option.serum)]
    used = {key for part in (*estimates, *found.rechecks, *found.keep_apart) for key in part.sources}
    used |= {key for gate in stopped().gates.blocked for key in gate.sources}
    assert used
    assert used - keys == {"USER"} - keys
