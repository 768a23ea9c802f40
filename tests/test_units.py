"""Conversions, and the reading of numbers that people type."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magnes.units import (
    LAB_UNITS,
    MAGNESIUM_G_PER_MOL,
    Mg,
    Mmol,
    NumberRefusedError,
    lab_value,
    mg_from_mmol,
    mmol_from_mg,
    parse_number,
)

WHOLE = st.integers(0, 10**9)
DECIMALS = st.text("0123456789", max_size=3)


def _typed(whole: int, decimals: str, sign: str) -> str:
    return f"{whole}{sign}{decimals}" if decimals else str(whole)


@given(WHOLE, DECIMALS)
def test_comma_and_point_mean_the_same(whole: int, decimals: str) -> None:
    # catches: one of the two signs read as a thousands sign (0,75 -> 75)
    results = []
    for sign in ",.":
        try:
            results.append(parse_number(_typed(whole, decimals, sign)))
        except NumberRefusedError as error:
            results.append(error.code)
    assert results[0] == results[1]


@given(WHOLE, DECIMALS)
def test_an_accepted_number_is_the_number_that_was_typed(whole: int, decimals: str) -> None:
    # catches: a result a factor 10, 100 or 1000 off; a refusal of anything but d.ddd
    typed = _typed(whole, decimals, ",")
    ambiguous = len(decimals) == 3 and 1 <= whole <= 999
    if ambiguous:
        with pytest.raises(NumberRefusedError) as caught:
            parse_number(typed)
        assert caught.value.code == "number_ambiguous"
    else:
        assert parse_number(typed) == pytest.approx(whole + int(decimals or 0) / 10 ** len(decimals), rel=1e-15)


@given(st.text(max_size=12) | st.text("0123456789.,-+e ½/", max_size=12))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    # catches: nan, inf, 1e3, an exception of another kind
    value, code = None, ""
    try:
        value = parse_number(text)
    except NumberRefusedError as error:
        code = error.code
    assert (value is None) == (code in ("number_ambiguous", "number_decimals", "number_invalid"))
    if value is not None:
        assert math.isfinite(value)
        assert text.strip().lstrip("+-−").replace(",", ".").replace(".", "", 1).isdecimal()


@given(st.integers(-(10**6), 10**6), st.integers(0, 2))
def test_a_printed_number_reads_back(thousandths: int, digits: int) -> None:
    # catches: a lost sign or lost trailing zeros
    value = round(thousandths / 1000, digits)
    assert parse_number(f"{value:.{digits}f}") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("0,75", 0.75), ("0.75", 0.75), ("0.712", 0.712), ("0,050", 0.05), (" 12 ", 12), ("−5", -5), ("+1,5", 1.5),
     ("007", 7), ("1234.567", 1234.567)],
)  # fmt: skip
def test_accepted(text: str, value: float) -> None:
    # catches: a usual way of writing refused or misread
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.234", "number_ambiguous"), ("1,234", "number_ambiguous"), ("-1.234", "number_ambiguous"),
     ("1.234.567", "number_ambiguous"), ("1.234,5", "number_ambiguous"), ("1,5,2", "number_ambiguous"),
     ("0.7123", "number_decimals"), ("1,2345", "number_decimals"), ("", "number_invalid"), (".5", "number_invalid"),
     ("5.", "number_invalid"), ("1 234", "number_invalid"), ("1'234", "number_invalid"), ("1/2", "number_invalid"),
     ("½", "number_invalid"), ("een", "number_invalid"), ("nan", "number_invalid"), ("inf", "number_invalid"),
     ("1e3", "number_invalid"), ("1_000", "number_invalid"), ("５０", "number_invalid"), ("٥", "number_invalid"),
     ("--5", "number_invalid"), ("0x10", "number_invalid"), ("9" * 21, "number_invalid"), ("5\n6", "number_invalid")],
)  # fmt: skip
def test_refused(text: str, code: str) -> None:
    # catches: a number guessed from something that is not one number without doubt
    with pytest.raises(NumberRefusedError) as caught:
        parse_number(text)
    assert caught.value.code == code


@given(st.floats(1e-6, 1e6))
def test_mg_and_mmol_are_inverse(amount: float) -> None:
    # catches: a conversion applied in the wrong direction
    assert mg_from_mmol(mmol_from_mg(Mg(amount))) == pytest.approx(amount)
    assert mmol_from_mg(Mg(amount)) < amount
    assert mg_from_mmol(Mmol(1)) == MAGNESIUM_G_PER_MOL


@pytest.mark.parametrize(
    ("value", "unit"),
    [(0.75, "mmol/L"), (750, "umol/L"), (750, "µmol/L"), (750, "μmol/l"), (1.5, "mEq/L"), (1.8229, "mg/dL"),
     (18.229, " MG/L ")],
)  # fmt: skip
def test_one_serum_value_in_every_unit(value: float, unit: str) -> None:
    # catches: a wrong factor (mEq is half a mmol, dL a tenth of a litre), one of the two micro signs unknown
    assert lab_value(value, unit, "mmol/L") == pytest.approx(0.75, rel=1e-4)


@pytest.mark.parametrize("unit", ["mmol/dL", "mg", "", "mg/mL"])
def test_other_serum_units_are_unknown(unit: str) -> None:
    # catches: a unit taken for one that it looks like
    with pytest.raises(KeyError):
        lab_value(1.0, unit, "mmol/L")


@pytest.mark.parametrize(("to", "unit"), [(to, unit) for to, units in LAB_UNITS.items() for unit in units])
def test_every_unit_goes_there_and_back(to: str, unit: str) -> None:
    # catches: a message that names a unit which is then refused, a factor the wrong way round
    per_unit = lab_value(1.0, unit, to)
    assert per_unit == LAB_UNITS[to][unit]
    assert lab_value(3.7 / per_unit, unit, to) == pytest.approx(3.7)


def test_one_urine_value_and_one_albumin_in_every_unit() -> None:
    # catches: a day taken for an hour, a decilitre for a litre, a share for a percentage, albumin in units of magnesium
    urine = ((4.115, "mmol/(24.h)"), (4.115, "mmol/24 h"), (4.115, "MMOL/D"), (100, "mg/24h"), (100, "mg/d"))
    assert [lab_value(value, unit, "mmol/(24.h)") for value, unit in urine] == pytest.approx([4.1144] * 5, rel=1e-3)
    assert lab_value(4.2, "g/dL", "g/L") == 42
    assert lab_value(0.04, "1", "%") == 4
    with pytest.raises(KeyError):
        lab_value(42, "mg/dL", "g/L")
