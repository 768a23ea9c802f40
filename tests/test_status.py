"""Laboratory values beside every cut-off in use: same units, right side, nothing concluded."""

import datetime as dt

import pytest

from magnes import status as module
from magnes.knowledge.load import table
from magnes.knowledge.names import lab_test, lab_test_code, lab_test_names
from magnes.knowledge.records import LabReference, LabTest
from magnes.person import LabResult, Person
from magnes.status import LabStatus, status


def lab(value: float, unit: str = "mmol/L", test: str = "serum-magnesium") -> LabStatus:
    result = LabResult(test=test, value=value, unit=unit, date=dt.date(2026, 3, 2))
    (found,) = status(Person(age_years=50, sex="male", labs=(result,))).labs
    return found


def crossed(found: LabStatus) -> list[tuple[str, float]]:
    return [(cut.side, cut.cut_off.value) for cut in found.cut_offs if cut.crossed]


def test_all_cut_offs_stand_side_by_side() -> None:
    # catches one cut-off that decides alone: 0.70, 0.75, 0.85 and the upper 1.03 are all in use
    found = lab(0.9)
    assert [(cut.side, cut.cut_off.value) for cut in found.cut_offs] == [
        ("low", 0.7),
        ("low", 0.75),
        ("low", 0.85),
        ("high", 1.03),
    ]
    assert crossed(found) == []
    assert all(cut.cut_off.unit == "mmol/L" and cut.role for cut in found.cut_offs)
    assert found.date == dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.69, [0.7, 0.75, 0.85]),
        (0.7, [0.75, 0.85]),
        (0.75, [0.85]),
        (0.849, [0.85]),
        (0.85, []),
        (1.03, []),
        (1.04, [1.03]),
    ],
)
def test_a_value_on_a_cut_off_has_not_crossed_it(value: float, expected: list[float]) -> None:
    # catches <= for <, and a value between two cut-offs that counts for both
    assert [bound for _, bound in crossed(lab(value))] == expected


@pytest.mark.parametrize(
    ("value", "unit", "mmol"),
    [(1.9, "mg/dL", 0.7817), (1.5, "mEq/L", 0.75), (780, "umol/L", 0.78), (780, "µmol/L", 0.78), (19, "mg/L", 0.7817)],
)
def test_units_become_mmol_per_litre(value: float, unit: str, mmol: float) -> None:
    # catches 1.9 mg/dL, on the low side, read as 1.9 mmol/L, a poisoning
    found = lab(value, unit)
    assert found.value.value == pytest.approx(mmol, abs=1e-4)
    assert not any(cut.side == "high" and cut.crossed for cut in found.cut_offs)


@pytest.mark.parametrize(
    ("test", "low", "high"), [("ionised-magnesium", 0.53, 0.67), ("red-cell-magnesium", 1.44, 2.92)]
)
def test_other_tests_have_cut_offs_of_their_own(test: str, low: float, high: float) -> None:
    # catches red cells, three times as rich, judged by the interval of serum
    assert crossed(lab(low - 0.01, test=test)) == [("low", low)]
    assert crossed(lab((low + high) / 2, test=test)) == []
    assert crossed(lab(high + 0.01, test=test)) == [("high", high)]


@pytest.mark.parametrize("row", table(LabTest), ids=lambda row: row.id)
def test_every_test_a_person_may_name_can_be_shown(row: LabTest) -> None:
    # catches a laboratory name that ends in a KeyError, a value without its unit
    found = lab(row.usual_low, unit=row.unit, test=row.id)
    assert (found.value.value, found.value.unit) == (row.usual_low, row.unit)
    assert {cut.cut_off.unit for cut in found.cut_offs} <= {row.unit}


def test_cut_offs_are_of_tests_that_exist() -> None:
    # catches a misspelt test whose cut-offs never show
    named = {lab_test_code(name) for name in lab_test_names()}
    assert named == {row.id for row in table(LabTest)}
    assert set(module.CUT_OFFS) | set(module.WITH_LOW_SERUM) == named - {"magnesium-load", "serum-albumin"}


def test_albumin_and_a_load_test_are_values_only() -> None:
    # catches a correction for albumin by a formula, a load test judged by the interval of a day without a load
    assert lab(38, "g/L", "serum-albumin").cut_offs == ()
    assert lab(9, "mmol/d", "magnesium-load").cut_offs == ()


def beside_serum(serum: float, value: float, unit: str, test: str) -> LabStatus:
    labs = [LabResult(test="serum-magnesium", value=serum, unit="mmol/L"), LabResult(test=test, value=value, unit=unit)]
    return status(Person(age_years=50, sex="male", labs=tuple(labs))).labs[1]


def test_excretion_says_something_only_while_serum_is_low() -> None:
    # catches loss by the kidneys told to a person with a normal serum, a share taken for a percentage
    assert beside_serum(0.8, 6, "%", "fractional-excretion").cut_offs == ()
    assert lab(6, "%", "fractional-excretion").cut_offs == ()
    assert crossed(beside_serum(0.6, 6, "%", "fractional-excretion")) == [("high", 2.0), ("high", 4.0)]
    assert crossed(beside_serum(0.6, 0.03, "1", "fractional-excretion")) == [("high", 2.0)]
    assert crossed(beside_serum(0.6, 1.5, "%", "fractional-excretion")) == []


def test_urine_of_a_day_has_its_interval_and_others_while_serum_is_low() -> None:
    # catches mg taken for mmol, and 1.5 mmol called saving because it is below the interval of healthy people
    assert crossed(lab(36.5, "mg/24h", "urine-magnesium-24h")) == [("low", 2.1)]
    assert crossed(lab(120, "mg/24 h", "urine-magnesium-24h")) == []
    assert crossed(beside_serum(0.6, 1.5, "mmol/24h", "urine-magnesium-24h")) == [("low", 2.1), ("high", 1.0)]
    assert crossed(beside_serum(0.6, 0.3, "mmol/24h", "urine-magnesium-24h")) == [("low", 2.1), ("low", 0.5)]


def test_the_newest_serum_decides_what_excretion_means() -> None:
    # catches a low value of last year that judges the urine of today
    old, new = (LabResult(test="serum-magnesium", value=value, unit="mmol/L", date=dt.date(year, 1, 1))
                for value, year in ((0.6, 2025), (0.8, 2026)))  # fmt: skip
    assert not module.low_serum(Person(age_years=50, sex="male", labs=(old, new)))
    assert module.low_serum(Person(age_years=50, sex="male", labs=(old,)))


def test_the_rows_behind_the_cut_offs_are_what_they_are_taken_for() -> None:
    # catches rows that are renumbered: ionised limits would judge serum
    rows = {row.id: row for row in table(LabReference)}
    for test, analyte in (
        ("serum-magnesium", "total magnesium"),
        ("ionised-magnesium", "ionised magnesium"),
        ("red-cell-magnesium", "red cell magnesium"),
        ("urine-magnesium-24h", "magnesium in 24-hour urine"),
    ):
        assert {rows[row].analyte_en for _, row in module.CUT_OFFS[test]} == {analyte}
        assert {rows[row].si_unit for _, row in module.CUT_OFFS[test]} == {lab_test(test).unit}
    for test, cut_offs in module.WITH_LOW_SERUM.items():
        assert {rows[row].si_unit for _, row in cut_offs} == {lab_test(test).unit}
        assert all("with low Mg" in rows[row].role for _, row in cut_offs)


def test_a_proposal_is_named_as_one() -> None:
    # catches 0.85 shown as an agreed limit
    proposal = next(cut for cut in lab(0.8).cut_offs if cut.cut_off.value == 0.85)
    assert "PROPOSAL" in proposal.role
    assert proposal.cut_off.sources == ("ROS22",)


def test_several_values_keep_their_order_and_stores_are_never_estimated() -> None:
    # catches a normal serum value read as full stores
    labs = tuple(LabResult(test="serum-magnesium", value=value, unit="mmol/L") for value in (0.9, 0.6))
    found = status(Person(age_years=50, sex="male", labs=labs))
    assert [one.value.value for one in found.labs] == [0.9, 0.6]
    assert found.stores == "not_estimated"
    assert status(Person(age_years=50, sex="male")).labs == ()


def test_a_row_without_bound_is_refused() -> None:
    # catches a row of codes only that would never be crossed
    code_only = next(row for row in table(LabReference) if row.id == "LAB22")
    with pytest.raises(ValueError, match="LAB22"):
        module._cut_off("low", code_only, 0.5)


def test_an_unknown_unit_is_refused() -> None:
    # catches a unit that is taken for mmol/L
    with pytest.raises(KeyError):
        lab(1.9, "g/L")
