"""RxNorm of real patient records (Synthea R4) to ATC: by code exactly, by text never another substance."""

from __future__ import annotations

import pytest

from magnes.knowledge.clinical import Ingredient, RxnormProduct
from magnes.knowledge.load import table
from magnes.knowledge.rxnorm import atc_of_rxnorm

PRODUCTS = table(RxnormProduct)
# What the text alone says otherwise than the code: parts of a fixed combination, or nothing
BY_TEXT_ONLY = {
    "1000126", "1534809", "1599803", "896209", "1043400", "857005", "562251", "243670", "795735", "795737", "831533",
    "106892", "235389", "316672",
}  # fmt: skip


@pytest.mark.parametrize("row", [row for row in PRODUCTS if row.atc], ids=lambda row: row.rxcui)
def test_every_product_by_its_code(row: RxnormProduct) -> None:
    # catches: a record whose medicine fires no rule
    assert atc_of_rxnorm(rxcui=row.rxcui) == (row.atc, ())


@pytest.mark.parametrize("row", PRODUCTS, ids=lambda row: row.rxcui)
def test_every_product_by_its_text(row: RxnormProduct) -> None:
    # catches: a strength, form or brand read as part of the name; a guess
    found = atc_of_rxnorm(display=row.display)
    assert (set(found.atc) == set(row.atc)) == (row.rxcui not in BY_TEXT_ONLY), found


@pytest.mark.parametrize(
    ("name", "atc"),
    [("acetaminophen", "N02BE01"), ("albuterol", "R03AC02"), ("torsemide", "C03CA04"), ("furosemide", "C03CA01")],
)
def test_american_names(name: str, atc: str) -> None:
    # catches: an ingredient that has another name in Europe
    assert atc_of_rxnorm(display=f"{name} 40 MG Oral Tablet") == ((atc,), ())


def test_unknown_text_gives_nothing() -> None:
    # catches: the nearest name taken for the medicine
    assert atc_of_rxnorm(display="Xyzzyfen 5 MG Oral Tablet") == ((), ("Xyzzyfen 5 MG Oral Tablet",))
    assert atc_of_rxnorm() == ((), ())
    assert atc_of_rxnorm(rxcui="0") == ((), ())


def test_no_part_of_a_combination_is_lost() -> None:
    # catches: metformin with something unknown read as metformin alone
    found = atc_of_rxnorm(display="Metformin hydrochloride 500 MG / foobarin 5 MG Oral Tablet")
    assert found.atc == ("A10BA02",)
    assert len(found.unknown) == 1
    assert atc_of_rxnorm(display="Doxycycline Hyclate 100 MG Oral Capsule").atc == ("J01AA02",)


def test_drops_are_not_read_as_tablets() -> None:
    # catches: an eye drop with gentamicin that fires the rule of the drip
    assert atc_of_rxnorm(display="Gentamicin 0.003 MG/MG Ophthalmic Ointment").atc == ()


def test_ingredients_have_one_code_each_way() -> None:
    # catches: an ingredient without a code
    assert len(table(Ingredient)) > 1500
    assert all(row.atc for row in table(Ingredient))
