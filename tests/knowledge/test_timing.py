"""Hours between medicines and to meals, from the tables."""

from __future__ import annotations

from magnes.knowledge.load import table
from magnes.knowledge.names import medicine_atc
from magnes.knowledge.timing import MealRule, Separation

# pair -> hours from the first to the second, and back, as the pharmacy says them
KNOWN = {
    ("levothyroxine", "ferrofumaraat"): (4, 4),
    ("levothyroxine", "calciumcarbonaat"): (4, 4),
    ("doxycycline", "ferrofumaraat"): (4, 4),
    ("ciprofloxacine", "zinksulfaat"): (2, 6),
    ("moxifloxacine", "ferrofumaraat"): (4, 8),
    ("penicillamine", "ferrofumaraat"): (2, 2),
}


def code(name: str) -> str:
    found = medicine_atc(name)
    assert found
    return found


def test_known_pairs() -> None:
    # catches: hours in the wrong direction, a code that misses its medicine
    for (first, second), hours in KNOWN.items():
        rows = [row for row in table(Separation) if row.is_first(code(first)) and row.is_second(code(second))]
        assert [(row.hours_first_before, row.hours_first_after) for row in rows if row.second_atc] == [hours], first


def test_an_infusion_of_iron_is_no_tablet() -> None:
    # catches: hours asked around an infusion
    rows = [row for row in table(Separation) if row.id == "TS01"]
    assert not rows[0].is_second(code("ijzerinfuus"))
    assert not any(rule.concerns(code("ijzerinfuus")) for rule in table(MealRule))


def test_an_unknown_medicine_is_first_of_no_pair() -> None:
    # catches: a blank code that begins every code
    assert not any(row.is_first("") for row in table(Separation))
    assert not any(rule.concerns("") for rule in table(MealRule))


def test_what_rests_on_memory_is_not_verified() -> None:
    # catches: a remembered hour that looks like a read one
    for row in (*table(Separation), *table(MealRule)):
        assert not (row.verified and "MEM" in row.sources), row.id
