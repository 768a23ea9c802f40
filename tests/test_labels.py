"""Labels: the compound is never taken for magnesium, nor magnesium for the compound."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labels import ALL, DUTCH, Case

from magnes.knowledge.chemistry import magnesium_mass_fraction
from magnes.knowledge.load import table
from magnes.knowledge.names import FOOD_SALTS, NOT_ORAL_SALTS, salts_named
from magnes.knowledge.records import Salt
from magnes.labels import DECIDED, REASONS, read_label
from magnes.labels.judge import MOST_ELEMENTAL_MG, MOST_MG

CLOSE = 0.01
SALTS = [row for row in table(Salt) if row.formula and row.family not in FOOD_SALTS + NOT_ORAL_SALTS]


def same(found: float | None, expected: float | None) -> bool:
    """Whether both are absent, or alike."""
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=CLOSE)


def fractions(family: str) -> list[float]:
    return [magnesium_mass_fraction(row.formula) for row in table(Salt) if row.family == family and row.formula]


def test_there_are_enough_phrases_and_none_twice() -> None:
    # catches: a table that shrinks, and cases that repeat each other
    assert len(ALL) >= 200
    assert len(DUTCH) >= 110
    assert len({case.text for case in ALL}) == len(ALL)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.text)
def test_phrase(case: Case) -> None:
    # catches: a phrase of a real label that is read in another meaning, or another salt
    label = read_label(case.text)
    assert label.verdict == case.verdict, label.reason
    assert same(label.elemental_mg, case.mg)
    assert " ".join(label.salts) == case.salts


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.text)
def test_what_was_read_and_the_reason_go_together(case: Case) -> None:
    # catches: a refusal that still carries an amount, an amount without a reason that has a text
    label = read_label(case.text)
    assert label.reason in (DECIDED if label.elemental_mg is not None else REASONS)
    if label.verdict in ("ambiguous", "no_amount"):
        assert (label.elemental_mg, label.compound_mg) == (None, None)
    assert [salts_named(name)[0].id for name in label.names] == list(label.salts)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.text)
def test_capitals_and_spaces_make_no_difference(case: Case) -> None:
    # catches: "MG" read as magnesium, a space before the unit that hides an amount
    for text in (case.text.upper(), f"  {case.text}  ", case.text.replace(" mg", "mg"), case.text.replace(" ", "\xa0")):
        label = read_label(text)
        assert label.verdict == case.verdict, text
        assert same(label.elemental_mg, case.mg), text


@pytest.mark.parametrize("salt", SALTS, ids=lambda salt: salt.id)
def test_a_salt_with_an_amount_is_never_that_much_magnesium(salt: Salt) -> None:
    # catches: the mass of the compound taken for magnesium, factor 1.7 to 20
    forms = (
        "{} {} mg",
        "{1} mg {0}",
        "{}: {} mg per tablet",
        "{} ({} mg), zink 10 mg (100% RI)",
        "{} {}mg 60 capsules",
    )
    for word, form, mg in product((salt.name_nl, salt.name_en), forms, (30, 120, 400, 501, 1000, 2500)):
        label = read_label(form.format(word, mg))
        assert label.verdict in ("ambiguous", "compound"), (word, mg)
        inside = mg * magnesium_mass_fraction(salts_named(salt.name_nl)[0].formula)
        assert (label.verdict == "compound") == (mg > MOST_MG and inside <= MOST_ELEMENTAL_MG)
        if label.elemental_mg is not None:
            share = label.elemental_mg / mg
            assert min(fractions(salt.family)) - 1e-9 <= share <= max(fractions(salt.family)) + 1e-9


@pytest.mark.parametrize("salt", SALTS, ids=lambda salt: salt.id)
@pytest.mark.parametrize("mg", [100.0, 200.0, 300.0])
def test_none_is_wrong_by_a_factor(salt: Salt, mg: float) -> None:
    # catches: any way of printing one and the same tablet that is read as another amount of magnesium
    share = magnesium_mass_fraction(salt.formula)
    weight, percent = round(mg / share), round(100 * mg / 375)
    texts = (
        f"magnesium (als {salt.name_nl}) {mg:g} mg ({percent}% RI)",
        f"{salt.name_nl} {weight} mg, waarvan magnesium {mg:g} mg",
        f"{salt.name_nl} {weight} mg ({percent}% RI)",
        f"{salt.name_en} {weight} mg (providing {mg:g} mg elemental magnesium)",
        f"{mg:g} mg magnesium (uit {weight} mg {salt.name_nl})",
        f"{salt.name_nl} {mg:g} mg ({percent}% RI)",
        f"{salt.name_nl} {weight} mg",
        f"{salt.name_nl} {mg:g} mg",
        f"magnesium {mg:g} mg, {salt.name_nl} {weight} mg, vitamine B6 1,4 mg (100% RI)",
    )
    for text in texts:
        found = read_label(text).elemental_mg
        assert found is None or found == pytest.approx(mg, rel=0.02), text
    assert read_label(texts[0]).elemental_mg == mg
    assert read_label(texts[1]).elemental_mg == mg


@settings(deadline=None)
@given(st.floats(0.01, 9000), st.sampled_from(["zink", "vitamine C", "calcium", "ginseng", "vitamin B12", "kalium"]))
def test_other_nutrients_are_never_magnesium(mg: float, name: str) -> None:
    # catches: an amount or percentage of another nutrient taken for magnesium
    amount = f"{mg:.2f}"
    for text in (
        f"{name} {amount} mg (100% RI), magnesium 150 mg",
        f"magnesium 150 mg, {name} {amount} mg (100% RI)",
        f"magnesium 150 mg (40% RI); {name} {amount} mg",
        f"magnesium 150 mg {name} {amount} mg",
    ):
        assert read_label(text).elemental_mg in (150, None), text
    for text in (f"magnesium, {name} {amount} mg", f"{name} {amount} mg magnesium", f"{name} + magnesium {amount} mg"):
        label = read_label(text)
        assert label.verdict in ("no_amount", "ambiguous") or name == "ginseng", text


@settings(deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(" ".join(case.text for case in ALL).split()), max_size=12).map(" ".join)
)
def test_any_text_has_a_verdict(text: str) -> None:
    # catches: a label that raises, or an amount without an amount in the text
    label = read_label(text)
    if label.elemental_mg is not None:
        assert any(sign.isdigit() for sign in text)
    assert label.verdict in ("elemental", "compound", "both", "ambiguous", "no_amount")


@pytest.mark.parametrize(
    ("text", "per", "units"),
    [
        ("magnesium 100 mg per tablet", "tablet", 1),
        ("magnesium 200 mg per 2 tabletten", "tablet", 2),
        ("Per 3 capsules: magnesium 300 mg", "capsule", 3),
        ("magnesium 150 mg/tablet", "tablet", 1),
        ("Elke bruistablet bevat 200 mg magnesium", "tablet", 1),
        ("twee capsules leveren 200 mg magnesium", "capsule", 2),
        ("magnesium 300 mg per zakje", "sachet", 1),
        ("per dagdosering: magnesium 375 mg", "day", None),
        ("per dagdosering (3 capsules): magnesium 375 mg", "day", 3),
        ("bij 2 tabletten per dag: magnesium 300 mg", "day", 2),
        ("magnesium 300 mg per dag. Gebruik 2 tabletten per dag.", "day", 2),
        ("magnesium 300 mg per dag. Gebruik 1 tot 3 tabletten per dag.", "day", None),
        ("300 mg magnesium per dag bij inname van 3 tabletten", "day", 3),
        ("Magnesium 300 mg per dag, verdeeld over 3 capsules", "day", 3),
        ("Bij gebruik van 2 tabletten per dag: 300 mg magnesium", "day", 2),
        ("Dagdosering: 2 tabletten. Per dagdosering: magnesium 300 mg", "day", 2),
        ("Dagdosering (3 tabletten) bevat 300 mg magnesium", "day", 3),
        ("per dagelijkse inname (4 tabletten): Magnesium 400 mg (107% RI)", "day", 4),
        ("Per aanbevolen dosering (2 capsules): magnesium 200 mg", "dose", 2),
        ("2 tabletten (dagdosering) bevatten 300 mg magnesium", "tablet", 2),
        ("2 tabletten per dag leveren 375 mg magnesium", "tablet", 2),
        ("Take two (2) tablets daily, providing 200 mg magnesium", "tablet", 2),
        ("2 tablets typically provide: Magnesium 375mg (100% NRV)", "tablet", 2),
        ("Per 2-tablet serving: magnesium 300 mg", "tablet", 2),
        ("magnesium 375 mg per twee (2) tabletten", "tablet", 2),
        ("Magnesium 375mg/100%RI/2tabl.", "tablet", 2),
        ("Magnesium 200 mg (2 capsules)", "capsule", 2),
        ("2 maatlepels (6 g) bevatten 300 mg magnesium", "scoop", 2),
        ("1½ maatschep bevat 300 mg magnesium", "scoop", 1.5),
        ("per ½ tablet: magnesium 100 mg", "tablet", 0.5),
        ("Serving size 1/2 teaspoon (2 g). Magnesium 160 mg", "dose", 0.5),
        ("10 sachets: magnesium 300 mg", "dose", None),
        ("Magnesium 300 mg (10 sachets)", "dose", None),
        ("Per 5 sprays: magnesium 60 mg", "spray", 5),
        ("Per 20 druppels: magnesium 100 mg (27% RI)", "drop", 20),
        ("10 ml bevat 100 mg magnesium", "10 ml", None),
        ("Mineraalwater: magnesium 26 mg/l", "l", None),
        ("Magnesium 300 mg per week", "week", None),
        ("magnesium 300 mg per 20 bruistabletten", "20 tablet", None),
        ("per 2 kauwblokjes: 120 mg magnesium", "2 kauwblokjes", None),
        ("3 capsules met samen 300 mg magnesium", "dose", None),
        ("Neem elke dag 2 capsules. Magnesium 100 mg.", "dose", None),
        ("Neem 1 capsule per dag. Magnesium 100 mg.", "", None),
        ("Magnesium 100 mg. 3 x daags 1 tablet", "dose", None),
        ("Magnesium malaat 1000 mg 90 tabletten, 2 tabletten = 310 mg", "dose", None),
        ("Servings per container 30. Serving size 2 capsules. Magnesium 200 mg", "dose", 2),
        ("per 100 g: magnesium 300 mg | per portie: vitamine C 80 mg", "100 g", None),
        ("Serving size: 2 capsules. Amount per serving: magnesium 200 mg", "dose", 2),
        ("magnesium 200 mg per portie", "dose", None),
        ("magnesium 60 mg per 100 ml", "100 ml", None),
        ("magnesium 100 mg per maatschep", "scoop", 1),
        ("magnesium 100 mg, 60 tabletten", "", None),
        ("magnesium 100 mg, neem 2 tabletten per dag", "dose", None),
    ],
)
def test_unit_of_taking(text: str, per: str, units: float | None) -> None:
    # catches: an amount per 2 tablets taken for one, directions for use taken for the unit of the amount
    label = read_label(text)
    assert (label.per, label.units_per_dose) == (per, units)


def test_percentage_goes_with_magnesium() -> None:
    # catches: the percentage of vitamin B6 kept as that of magnesium
    assert read_label("vitamine B6 1,4 mg (100% RI), magnesium 187 mg (50% RI)").percent_ri == 50
    assert read_label("magnesium 187 mg, vitamine B6 1,4 mg (100% RI)").percent_ri is None


def test_thousands_are_refused_even_when_a_percentage_would_decide() -> None:
    # catches: a thousands sign that is guessed
    for text in ("magnesiumcitraat 1.250 mg (53% RI)", "magnesium 1,000 mg (267% RI)", "magnesium 1 000 mg"):
        assert read_label(text).reason == "number"
