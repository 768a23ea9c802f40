"""Names of medicines, conditions, salts and tests: exact, or refused with what they look like."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magnes.knowledge.clinical import Condition, Substance
from magnes.knowledge.load import table
from magnes.knowledge.names import (
    NearNameError,
    condition_id,
    lab_test_code,
    lab_test_names,
    medicine_atc,
    salt_names,
    salts_named,
    substance,
)
from magnes.knowledge.records import Salt


def test_every_medicine_is_found_by_each_of_its_names() -> None:
    # catches: a name of one substance that leads to another
    shared: dict[str, set[str]] = {}
    for row in table(Substance):
        for name in (row.name_nl, row.name_en, *row.names):
            shared.setdefault(name.casefold(), set()).add(row.atc)
    for name, codes in shared.items():
        assert medicine_atc(name) in codes, name
        assert medicine_atc(f"  {name.upper()} ") in codes, name


@pytest.mark.parametrize("code", ["A02BC01", "a02bc01", " A02BC ", "C03", "N03AX12"])
def test_atc_codes_stand_for_themselves(code: str) -> None:
    # catches: a code looked up as a name
    assert medicine_atc(code) == code.strip().upper()


@pytest.mark.parametrize("name", ["B12", "Q10", "K99", "xqzzy", "D3"])
def test_what_only_looks_like_a_code_is_none(name: str) -> None:
    # catches: a vitamin taken for an ATC group
    assert medicine_atc(name) is None


@pytest.mark.parametrize(
    ("name", "near"), [("omeprazool", "omeprazol"), ("metformin hcl", "metformin"), ("furosemid", "furosemide")]
)
def test_a_near_medicine_is_never_assumed(name: str, near: str) -> None:
    # catches: a typing error in a medicine resolved by itself
    with pytest.raises(NearNameError) as caught:
        medicine_atc(name)
    assert near in caught.value.near


@pytest.mark.parametrize(
    ("name", "bare"),
    [("metoprolol retard", "metoprolol"), ("omeprazol 20 mg capsules", "omeprazol"), ("Omeprazol 20mg", "omeprazol"),
     ("metformine 2x 500 mg tabletten", "metformine"), ("levothyroxine 25 µg", "levothyroxine"),
     ("vitamine d 800 IE druppels", "vitamine d"), ("valsartan 80/12,5 mg", "valsartan"),
     ("amoxicilline 250 mg/5 ml drank", "amoxicilline"), ("acetylsalicylzuur 80mg tablet", "acetylsalicylzuur 80 mg")],
)  # fmt: skip
def test_strength_and_form_make_no_other_medicine(name: str, bare: str) -> None:
    # catches: a label copied in full that is not recognised; a strength cut off that tells two medicines apart
    assert medicine_atc(name) == medicine_atc(bare) is not None


def test_a_near_medicine_is_found_behind_its_strength() -> None:
    # catches: a typing error that passes as an unknown medicine because a strength stands behind it
    with pytest.raises(NearNameError) as caught:
        medicine_atc("omeprazool 20 mg")
    assert "omeprazol" in caught.value.near


@pytest.mark.parametrize("name", ["magnesium 400", "Magnesium B6", "calcium magnesium zink", "magnesium tauraat",
                                  "magnesiumcitrat"])  # fmt: skip
def test_magnesium_is_never_an_unknown_medicine(name: str) -> None:
    # catches: a magnesium product that counts as nothing because its name is not in the table
    assert medicine_atc(name) == "A12CC"


@pytest.mark.parametrize("name", ["esomeprazol magnesum", "omeprazol magnesium mups"])
def test_a_medicine_with_magnesium_in_its_name_stays_that_medicine(name: str) -> None:
    # catches: an acid blocker taken for a magnesium product
    with pytest.raises(NearNameError) as caught:
        medicine_atc(name)
    assert "omeprazol magnesium" in caught.value.near


def test_substance_by_code() -> None:
    # catches: the record of another code
    found = substance("A02BC01")
    assert found is not None
    assert found.name_nl == "omeprazol"
    assert substance("Z99ZZ99") is None
    assert all(substance(row.atc) is not None for row in table(Substance))


def test_conditions_by_each_name_and_hyphen() -> None:
    # catches: a name of one condition that leads to another
    shared: dict[str, set[str]] = {}
    for row in table(Condition):
        for name in (row.id, row.name_nl, row.name_en, *row.names):
            shared.setdefault(name.casefold().replace("-", " "), set()).add(row.id)
    for name, ids in shared.items():
        assert condition_id(name) in ids, name
    assert condition_id("Diabetes-Type-2") == "diabetes-type-2"
    assert condition_id("xqzzy") is None


def test_salts_by_id_and_both_names() -> None:
    # catches: a precise name that brings another hydrate along
    for salt in table(Salt):
        for name in (salt.id, salt.name_nl, salt.name_en):
            assert salt in salts_named(name), name
            if name == salt.id:
                assert salts_named(name) == (salt,)


@pytest.mark.parametrize("name", ["citrate", "citraat", "magnesium citrate", "magnesiumcitraat", "Magnesium Citrate"])
def test_a_family_is_all_its_hydrates_with_the_default_first(name: str) -> None:
    # catches: one hydrate assumed where the label does not tell, another family mixed in
    salts = salts_named(name)
    assert {salt.family for salt in salts} == {"citrate"}
    assert salts[0].default_of_family or len(salts) == 1


def test_every_offered_salt_and_test_is_accepted() -> None:
    # catches: a suggestion that is refused when it is followed
    assert all(salts_named(name) for name in salt_names())
    assert all(lab_test_code(name) for name in lab_test_names())
    no_supplement = {"mineral-water", "almonds", "transdermal", "stearate"}
    assert not no_supplement & {salts_named(name)[0].family for name in salt_names()}


@settings(deadline=None)  # the first call reads the tables
@given(st.text(max_size=20))
def test_any_text_is_a_code_none_or_near(text: str) -> None:
    # catches: an exception, or a near name that resolves after all
    for find in (medicine_atc, condition_id, lab_test_code):
        try:
            found = find(text)
        except NearNameError as error:
            assert error.near  # noqa: PT017 - one of three outcomes
        else:
            assert found is None or isinstance(found, str)


@pytest.mark.parametrize("name", ["", "citraat x", "kalium"])
def test_an_unknown_salt_is_refused(name: str) -> None:
    # catches: an unknown salt given the default one
    with pytest.raises(NearNameError):
        salts_named(name)


def test_lab_tests_by_name_and_loinc() -> None:
    # catches: red cell magnesium judged by serum cut-offs
    assert lab_test_code("Serum  Magnesium") == lab_test_code("19123-9") == "serum-magnesium"
    assert lab_test_code("RBC magnesium") == "red-cell-magnesium"
    with pytest.raises(NearNameError):
        lab_test_code("serum magnesum")
    assert lab_test_code("hba1c") is None
