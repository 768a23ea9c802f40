"""The small tables: age bands, limits, laboratory cut-offs, kitchen, waters, interactions and rules, from the data."""

from itertools import pairwise

import pytest

from magnes.knowledge.clinical import Condition, Contraindication, Interaction, Substance
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
from magnes.knowledge.records import (
    Authority,
    Basic,
    LabReference,
    LabTest,
    Limit,
    Measure,
    Parameter,
    ReferenceValue,
    Retention,
    Salt,
    Water,
    WithinPersonSd,
)

AUTHORITIES = [row.id for row in table(Authority)]
SEXES = ("female", "male")
OLDEST = 121.0


def bands(rows: list, sex: str) -> list[tuple[float, float, str]]:
    """Age bands of one sex in order."""
    own = [row for row in rows if row.sex in (sex, "any")]
    return sorted((row.age_low_years, row.age_high_years or OLDEST, row.id) for row in own)


def groups(kind: type) -> dict[tuple[str, str, str, object], list]:
    found: dict[tuple[str, str, str, object], list] = {}
    for row in table(kind):
        key = (row.authority, row.kind, row.condition, getattr(row, "until", None))
        found.setdefault(key, []).append(row)
    return found


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("kind", [ReferenceValue, Limit])
def test_age_bands_do_not_overlap(kind: type, sex: str) -> None:
    # catches two values for one person: which one is chosen would depend on the order of the file
    for key, rows in groups(kind).items():
        for (_, high, first), (low, _, second) in pairwise(bands(rows, sex)):
            assert high <= low, (key, first, second)


@pytest.mark.parametrize("kind", [ReferenceValue, Limit, WithinPersonSd])
def test_age_bands_are_not_empty(kind: type) -> None:
    # catches a band that is never met, such as months read as years
    for row in table(kind):
        assert row.age_low_years < (row.age_high_years or OLDEST), row
        assert row.age_high_years is None or row.age_high_years <= 71, row


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("authority", AUTHORITIES)
def test_adults_have_a_value_at_every_age(authority: str, sex: str) -> None:
    # catches a hole between two bands: an adult would get no recommendation
    rows = [
        row
        for row in table(ReferenceValue)
        if row.authority == authority
        and row.until is None
        and row.condition == ""
        and row.kind in ("RDA", "RNI", "AI")
        and (row.age_high_years or OLDEST) > 19
    ]
    found = bands(rows, sex)
    assert found[0][0] <= 19
    assert found[-1][1] == OLDEST
    for (_, high, _), (low, _, _) in pairwise(found):
        assert high == low, authority


@pytest.mark.parametrize("authority", [name for name in AUTHORITIES if name not in ("hgr-2016", "who-fao-2004")])
def test_children_have_a_value_from_one_year(authority: str) -> None:
    # catches a hole in childhood; the Belgian child values were never read, the WHO ones are checked below
    for sex in SEXES:
        rows = [
            row
            for row in table(ReferenceValue)
            if row.authority == authority
            and row.until is None
            and row.condition == ""
            and row.kind in ("RDA", "RNI", "AI")
        ]
        found = [band for band in bands(rows, sex) if band[1] > 1]
        assert found[0][0] <= 1
        for (_, high, _), (low, _, _) in pairwise(found):
            assert high == low, (authority, high, low)


def test_ear_is_below_the_recommendation_of_the_same_people() -> None:
    # catches EAR and RDA in each other's place; RDA is EAR plus two SD of 10 %
    rows = [row for row in table(ReferenceValue) if row.authority == "iom-1997" and row.until is None]
    ears = [row for row in rows if row.kind == "EAR"]
    assert len(ears) == 17
    for ear in ears:
        (rda,) = [
            row
            for row in rows
            if row.kind == "RDA"
            and (row.age_low_years, row.sex, row.condition) == (ear.age_low_years, ear.sex, ear.condition)
        ]
        assert rda.mg_per_day == pytest.approx(1.2 * ear.mg_per_day, abs=5.01), ear.id


def test_reference_values_are_milligrams_per_day() -> None:
    # catches grams, mmol or a decimal point in the wrong place
    assert all(20 <= row.mg_per_day <= 700 for row in table(ReferenceValue))
    assert all(65 <= row.mg_per_day <= 450 for row in table(Limit))
    for kind in (ReferenceValue, Limit):
        assert all((row.mg_per_day_high or row.mg_per_day) >= row.mg_per_day for row in table(kind))


def test_superseded_rows_end_in_the_past() -> None:
    # catches the German values of 2000 and the Dutch ones of before 2018 coming back
    ended = {row.id: row.until for row in table(ReferenceValue) if row.until is not None}
    assert ended["RV020"] == 2018
    assert {row.id for row in table(ReferenceValue) if row.authority == "dach-2021" and row.year == 2000} <= set(ended)
    assert all(1989 < year <= 2026 for year in ended.values())


def test_every_authority_has_values_and_a_limit() -> None:
    # catches a limit authority that is spelt otherwise: the limit would silently not exist
    for row in table(Authority):
        assert any(value.authority == row.id for value in table(ReferenceValue))
        assert any(
            limit.authority == row.limit_authority and limit.kind in ("UL", "guidance") for limit in table(Limit)
        )


def test_day_to_day_sd_covers_everyone_from_one_year() -> None:
    # catches an age without SD: no probability could be given
    for sex in SEXES:
        rows = [r for r in table(WithinPersonSd) if r.sex == sex and r.basis.startswith("nhanes")]
        found = sorted((row.age_low_years, row.age_high_years or OLDEST) for row in rows)
        assert (found[0][0], found[-1][1]) == (1, OLDEST)
        assert all(high == low for (_, high), (low, _) in pairwise(found))
        assert all(50 < row.sd_mg < 140 for row in rows)


def test_parameters_lie_in_their_interval() -> None:
    # catches a parameter whose bounds are exchanged
    for row in table(Parameter):
        assert row.low <= row.value <= row.high, row.name
    names = {row.name for row in table(Parameter)}
    assert {"absorption_a_max", "absorption_k", "absorption_p", "supplement_label_ratio"} <= names


def test_retention_is_a_share_in_its_interval() -> None:
    # catches per cent read as share
    for row in table(Retention):
        assert 0.5 <= row.low <= row.retained <= row.high <= 1, row
    known = {row.retention for row in table(Retention)}
    assert {basic.retention for basic in table(Basic)} - known - {""} == set()


def test_drained_water_takes_magnesium_along() -> None:
    # catches drained and undrained exchanged, and Kimura's 60 per cent kept read as 60 per cent lost
    kept = {(row.retention, row.preparation): row for row in table(Retention)}
    classes = {row.retention for row in table(Retention) if row.preparation == "boiled-drained"} - {"cereal"}
    assert len(classes) == 7
    for name in classes:
        drained, used = kept[name, "boiled-drained"], kept[name, "boiled"]
        assert drained.retained < used.retained
        assert drained.low == 0.6
        assert "KIM90" in drained.sources


def test_waters_are_milligrams_per_litre() -> None:
    # catches mg per 100 g: every water would be ten times too poor
    known = [row for row in table(Water) if row.magnesium_mg_per_l is not None]
    assert len(known) == 90
    assert sum(row.magnesium_mg_per_l for row in known) == pytest.approx(3482.5, abs=0.05)
    by_name = {row.brand: row.magnesium_mg_per_l for row in known}
    assert (by_name["evian"], by_name["hépar"]) == (26, 119)
    assert max(row.magnesium_mg_per_l for row in known) < 300


def test_measures_weigh_grams_of_known_foods() -> None:
    # catches a spoon in kilograms and a measure of a food that does not exist
    ids = {basic.id for basic in table(Basic)}
    assert {measure.basic for measure in table(Measure)} - ids - {""} == set()
    assert all(0.05 <= measure.grams <= 3000 for measure in table(Measure))


def test_laboratory_intervals_are_in_order() -> None:
    # catches mg/dL in the mmol/L columns: 1.7 mg/dL is 0.70 mmol/L
    for row in table(LabReference):
        if row.si_low is not None and row.si_high is not None:
            assert row.si_low < row.si_high, row.id
    serum = [
        row for row in table(LabReference) if row.analyte_en == "total magnesium" and row.role.startswith("reference")
    ]
    assert all(0.6 <= row.si_low <= 0.85 and 0.9 <= row.si_high <= 1.15 for row in serum)


def test_interaction_rows_are_consistent() -> None:
    # catches hours on a medicine to avoid, minutes read as hours, an alert on what does nothing
    for row in table(Interaction):
        timed = row.hours_before_mg is not None or row.hours_after_mg is not None
        assert not (timed and row.severity == "avoid"), row.id
        for hours in (row.hours_before_mg, row.hours_after_mg):
            assert hours is None or 1 <= hours <= 8, row.id
        assert (row.direction == "none") <= (row.severity == "none"), row.id


def test_contraindications_point_to_known_conditions() -> None:
    # catches a rule that never fires because its condition is spelt otherwise
    ids = {row.id for row in table(Condition)}
    for row in table(Contraindication):
        assert row.condition in ids | {""}, row.id
        assert row.criterion_code.startswith("condition") == (row.condition != ""), row.id
        assert row.level != "stop" or row.max_supplement_mg == 0, row.id
        assert row.level != "limit" or row.max_supplement_mg, row.id


def test_kidney_tiers_leave_no_hole() -> None:
    # catches an eGFR that belongs to no tier, or to two
    tiers = sorted(
        (row.egfr_low or 0, row.egfr_high or 999) for row in table(Contraindication) if row.criterion_code == "egfr"
    )
    assert tiers == [(0, 30), (30, 45), (45, 60), (60, 999)]


def test_figures_without_source_are_marked_as_design_choice() -> None:
    # catches 100 and 250 mg for weak kidneys shown as if a source said so
    rows = {row.id: row for row in table(Contraindication)}
    assert [(rows[i].max_supplement_mg, rows[i].design_choice, rows[i].verified) for i in ("CI02", "CI03")] == [
        (250, True, False),
        (100, True, False),
    ]


def test_medicine_salts_exist() -> None:
    # catches a medicine whose magnesium is counted with a salt that does not exist
    salts = {row.id for row in table(Salt)} | {"", "unknown"}
    assert {row.salt for row in table(Substance)} <= salts
    assert sum(row.salt != "" for row in table(Substance)) >= 30


@pytest.mark.parametrize("row", table(Substance), ids=lambda row: row.atc)
def test_every_name_of_a_medicine_finds_its_code(row: Substance) -> None:
    # catches a spelling that means two medicines: the last one would win
    assert {medicine_atc(name) for name in (row.name_nl, row.name_en, *row.names)} == {row.atc}
    assert substance(row.atc) == row


@pytest.mark.parametrize("row", table(Condition), ids=lambda row: row.id)
def test_every_name_of_a_condition_finds_it(row: Condition) -> None:
    # catches a spelling that means two conditions
    assert {condition_id(name) for name in (row.id, row.name_nl, row.name_en, *row.names)} == {row.id}


def test_names_are_exact_or_refused_with_neighbours() -> None:
    # catches penicillin read as penicillamine, and a typing error that is guessed
    assert medicine_atc("Penicillamine") == "M01CC01"
    with pytest.raises(NearNameError) as caught:
        medicine_atc("levotyroxine")
    assert "levothyroxine" in caught.value.near
    assert medicine_atc("h03aa01") == "H03AA01"
    assert medicine_atc("J01MA") == "J01MA"
    assert medicine_atc("qqqq zzzz") is None
    assert condition_id("qqqq zzzz") is None
    with pytest.raises(NearNameError):
        condition_id("hartbloc")
    assert lab_test_code("19123-9") == "serum-magnesium"
    assert {lab_test_code(name) for name in lab_test_names()} == {row.id for row in table(LabTest)}


def test_salt_names_mean_one_salt_or_a_family() -> None:
    # catches hydroxide read as oxide, and a hydrate that loses its precision
    def ids(name: str) -> list[str]:
        return [salt.id for salt in salts_named(name)]

    assert ids("oxide") == ids("magnesiumoxide") == ids("MgO") == ["SALT01"]
    assert ids("hydroxide") == ids("magnesium hydroxide") == ["SALT02"]
    assert ids("citraat") == ids("magnesium citrate") == ["SALT09", "SALT10", "SALT11"]
    assert ids("chloride") == ["SALT06", "SALT05"]
    assert ids("magnesium-chloride hexahydrate") == ["SALT06"]
    assert ids("citraat nonahydraat") == ["SALT10"]
    for name in salt_names():
        assert ids(name), name
    with pytest.raises(NearNameError) as caught:
        salts_named("citrat")
    assert caught.value.near


def test_every_window_says_where_its_hours_were_read() -> None:
    # catches hours that a timetable will use and that nobody can look up
    for row in table(Interaction):
        if row.hours_before_mg is not None or row.hours_after_mg is not None:
            assert row.seen or not row.verified, row.id


def test_percentages_in_an_effect_are_numbers_too() -> None:
    # catches a measured effect that a machine cannot compute with
    prose = [row.id for row in table(Interaction) if "%" in row.effect_en and not row.effects]
    assert prose == []
