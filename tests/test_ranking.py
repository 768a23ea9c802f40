"""Products side by side: amounts, price, limit and honest ties."""

from __future__ import annotations

import pytest

from magnes.absorption import absorb
from magnes.knowledge.load import table
from magnes.knowledge.records import Salt
from magnes.labels import Product, read_label
from magnes.person import Person, Supplement
from magnes.ranking import RISKS, SITTINGS, Ranked, rank


def product(label: str, *, per_day: float = 1, pack: float = 60, price: float = 12.0, name: str = "X") -> Product:
    return Product(
        line=2,
        product=name,
        label=label,
        reading=read_label(label),
        units_per_day=per_day,
        units_per_pack=pack,
        price_eur=price,
    )


def one(label: str, *, per_day: float = 1, price: float = 12.0) -> Ranked:
    ranking = rank([product(label, per_day=per_day, price=price)])
    assert ranking.unranked == ()
    return ranking.ranked[0]


def test_amount_and_price_a_day() -> None:
    # catches: price per pack taken for price per day, units a day forgotten
    found = one("magnesium (als citraat) 100 mg per tablet", per_day=2)
    assert found.elemental.value == 200
    assert found.price_per_day.value == pytest.approx(2 * 12 / 60)
    assert found.elemental.unit == "mg/d"


def test_absorption_is_that_of_the_spine() -> None:
    # catches: a second way of computing absorption
    found = one("magnesium (als citraat) 100 mg per tablet", per_day=2)
    takings = tuple(Supplement(salt="citrate", elemental_mg=100, times=(time,)) for time in SITTINGS[:2])
    expected = absorb(Person(age_years=40, sex="male", supplements=takings), None).per_day
    assert expected is not None
    assert found.absorbed == expected


def test_units_are_spread_over_the_day() -> None:
    # catches: all pieces of a day in one sitting, which makes absorption look worse
    spread = one("magnesium (als citraat) 100 mg per tablet", per_day=3)
    at_once = one("magnesium (als citraat) 300 mg per tablet", per_day=1)
    assert spread.elemental == at_once.elemental
    assert spread.absorbed.value > at_once.absorbed.value


def test_price_of_absorbed_magnesium_holds_the_interval() -> None:
    # catches: bounds that change places: the more is absorbed, the cheaper
    found = one("magnesium (als citraat) 200 mg per tablet")
    price = found.price_per_100_mg
    assert price.low < price.value < price.high
    assert price.low == pytest.approx(100 * found.price_per_day.value / found.absorbed.high)
    assert not price.verified


def test_order_and_ties() -> None:
    # catches: an order that is not the price, overlapping intervals told as a difference
    label = "magnesium (als citraat) 200 mg per tablet"
    rows = [
        product(label, price=price, name=name) for name, price in (("dear", 300.0), ("same", 11.0), ("cheap", 10.0))
    ]
    ranked = rank(rows).ranked
    assert [(item.place, item.product) for item in ranked] == [(1, "cheap"), (2, "same"), (3, "dear")]
    assert [item.same_as for item in ranked] == [(2,), (1,), ()]


def test_limit_is_marked_and_never_hidden() -> None:
    # catches: a product above the limit shown as any other, or left out
    assert one("magnesium 200 mg per tablet").limit == "kept"
    assert one("magnesium 240 mg per tablet").limit == "possible"
    assert one("magnesium 100 mg per tablet", per_day=3).limit == "exceeded"
    ranking = rank([product("magnesium 400 mg per tablet")])
    assert ranking.limit is not None
    assert ranking.limit.value == 250
    assert ranking.ranked[0].limit == "exceeded"


def test_limit_of_another_authority() -> None:
    # catches: the European limit used for every authority
    assert rank([product("magnesium 300 mg per tablet")], "iom-1997").ranked[0].limit == "kept"


def test_compound_keeps_the_range_of_its_hydrates() -> None:
    # catches: a weight of "magnesium citrate" with one sure fraction, though its water is not told
    found = one("magnesiumcitraat 1000 mg per tablet")
    exact = one("magnesiumcitraat watervrij 1000 mg per tablet")
    assert found.elemental.low < exact.elemental.low
    assert found.elemental.value == exact.elemental.value


def test_blend_lies_between_its_salts() -> None:
    # catches: a blend that counts as its first salt
    blend = one("magnesium (als citraat en oxide) 200 mg per tablet").absorbed
    citrate = one("magnesium (als citraat) 200 mg per tablet").absorbed
    oxide = one("magnesium (als oxide) 200 mg per tablet").absorbed
    assert oxide.value < blend.value < citrate.value
    assert (blend.low, blend.high) == (oxide.low, citrate.high)


def test_unnamed_salt_is_anything_between_oxide_and_citrate() -> None:
    # catches: a product without a named salt that gets a narrow interval
    unnamed = one("magnesium 200 mg per tablet")
    assert unnamed.absorbed.low < one("magnesium (als citraat) 200 mg per tablet").absorbed.low
    assert unnamed.laxative_risk == "unknown"


def test_riskiest_salt_of_a_blend_counts() -> None:
    # catches: the bowels of the gentlest salt of a blend
    assert one("magnesium (als bisglycinaat en oxide) 200 mg per tablet").laxative_risk == "high"
    assert {row.laxative_risk for row in table(Salt)} <= set(RISKS)


@pytest.mark.parametrize(
    ("label", "per_day", "amount"),
    [
        ("magnesium 200 mg per 2 tabletten", 2, 200),
        ("magnesium 200 mg per 2 tabletten", 1, 100),
        ("magnesium 200 mg per 2 tabletten", 0.5, 50),
        ("per dagdosering (3 capsules): magnesium 300 mg", 3, 300),
        ("per dagdosering (3 capsules): magnesium 300 mg", 1, 100),
        ("per dagdosering: magnesium 300 mg", 3, 300),
        ("magnesium 200 mg", 1, 200),
        ("magnesium 100 mg per tablet", 4, 400),
        ("magnesium 100 mg per tablet", 2.5, 250),
    ],
)
def test_amount_a_day_for_every_unit_of_taking(label: str, per_day: float, amount: float) -> None:
    # catches: an amount per 2 tablets counted for each, a daily dose counted once per capsule
    found = one(label, per_day=per_day)
    assert found.elemental.value == pytest.approx(amount)
    assert found.daily_dose_assumed == label.startswith("per dagdosering:")


@pytest.mark.parametrize(
    ("label", "per_day", "reason"),
    [
        ("magnesium 200 mg", 2, "per_unknown"),
        ("magnesium 200 mg per portie", 2, "dose_size"),
        ("magnesium 200 mg per portie", 1, "dose_size"),
        ("magnesium 200 mg. Neem 2 tabletten per dag.", 1, "dose_size"),
        ("magnesium 200 mg per week", 1, "per_bulk"),
        ("magnesium 9 g per pot", 1, "per_bulk"),
        ("magnesium (als trisilicaat) 100 mg per tablet", 1, "perhaps_nothing"),
        ("magnesium 60 mg per 100 ml", 1, "per_bulk"),
        ("magnesiumcitraat 400 mg", 1, "readings"),
        ("magnesium 1.000 mg per tablet", 1, "number"),
        ("magnesiumcitraat/magnesiumoxide 800 mg per tablet", 1, "blend"),
        ("magnesium aminozuurchelaat 1000 mg per tablet", 1, "no_formula"),
        ("zink 10 mg per tablet", 1, "no_magnesium"),
        ("magnesiumolie, magnesium 15 mg per dosis", 1, "not_oral"),
    ],
)
def test_what_is_left_open_is_not_ranked(label: str, per_day: float, reason: str) -> None:
    # catches: a guess in the order, a product that disappears
    ranking = rank([product(label, per_day=per_day), product("magnesium 100 mg per tablet", name="Y")])
    assert [item.product for item in ranking.ranked] == ["Y"]
    assert [(item.product, item.label, item.reason) for item in ranking.unranked] == [("X", label, reason)]


def test_nothing_to_rank() -> None:
    # catches: an empty table that raises
    assert rank([]).ranked == ()
