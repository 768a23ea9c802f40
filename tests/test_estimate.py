"""``Estimate``: order of the bounds, sums, products and scaling."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from magnes.estimate import Estimate, merge_sources


def make(value: float, low: float, high: float, *, source: str = "A", verified: bool = True) -> Estimate:
    return Estimate(value=value, low=low, high=high, unit="mg", sources=(source,), verified=verified)


@st.composite
def estimates(draw: st.DrawFn, least: float = 0.0) -> Estimate:
    low, value, high = sorted(draw(st.lists(st.floats(least, 1e4), min_size=3, max_size=3)))
    return make(value, low, high)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(1, 2, 3), (4, 2, 3), (2, 3, 1), (math.nan, 1, 3), (2, math.nan, 3), (2, 1, math.nan), (2, 1, math.inf),
     (2, -math.inf, 3), (math.inf, 1, math.inf)],
)  # fmt: skip
def test_bounds_out_of_order_or_not_finite_are_refused(value: float, low: float, high: float) -> None:
    # catches exchanged bounds, and a NaN or infinity that spreads into every sum
    with pytest.raises(ValidationError):
        make(value, low, high)


def test_no_source_is_refused_and_records_are_frozen() -> None:
    # catches a number without source, and one that is changed afterwards
    with pytest.raises(ValidationError, match="source"):
        Estimate(value=1, low=1, high=1, unit="mg", sources=(), verified=True)
    with pytest.raises(ValidationError):
        make(1, 1, 1).value = 2
    with pytest.raises(ValidationError):
        Estimate(value=1, low=1, high=1, unit="mg", sources=("A",), verified=True, sd=1)


@given(estimates(), st.floats(0, 1e3))
def test_scaling_keeps_order_and_sources(estimate: Estimate, factor: float) -> None:
    # catches a scale that reaches only one of the three numbers
    scaled = estimate.times(factor)
    assert (scaled.low, scaled.value, scaled.high) == tuple(
        x * factor for x in (estimate.low, estimate.value, estimate.high)
    )
    assert (scaled.sources, scaled.unit, scaled.verified) == (estimate.sources, "mg", True)


@pytest.mark.parametrize("factor", [-1.0, math.nan, math.inf])
def test_scaling_by_what_is_no_share_is_refused(factor: float) -> None:
    # catches bounds that change places: a copy is not checked again
    with pytest.raises(ValueError, match="factor"):
        make(2, 1, 3).times(factor)


@given(estimates(0.01), estimates(0.01))
def test_product_is_ordered_symmetric_and_no_wider_than_the_corners(a: Estimate, b: Estimate) -> None:
    # catches half-widths that are added instead of joined in squares, or mixed between low and high
    product, other = a.multiply(b, "mg"), b.multiply(a, "mg")
    assert product.value == pytest.approx(a.value * b.value)
    assert (product.low, product.high) == pytest.approx((other.low, other.high))
    assert a.low * b.low <= product.low * (1 + 1e-9)
    assert product.low <= min(a.low * b.value, a.value * b.low) * (1 + 1e-9)
    assert product.high <= a.high * b.high * (1 + 1e-9)
    assert product.high >= max(a.high * b.value, a.value * b.high) * (1 - 1e-9)


def test_product_with_an_exact_factor_is_scaling() -> None:
    # catches a factor without spread that still widens
    product = make(100, 80, 130).multiply(Estimate.exact(0.5, "1", ["B"], verified=False), "g")
    assert (product.value, product.low, product.high) == pytest.approx((50, 40, 65))
    assert (product.unit, product.sources, product.verified) == ("g", ("A", "B"), False)


def test_product_joins_log_half_widths_in_squares() -> None:
    # catches half-widths that are added: a factor of 4 instead of 2 to the power of the root of 2
    product = make(100, 50, 200).multiply(make(1, 0.5, 2), "mg")
    assert (product.low, product.high) == pytest.approx((100 / 2**2**0.5, 100 * 2**2**0.5))


def test_product_with_a_bound_of_zero_reaches_zero() -> None:
    # catches a lower bound of 0 that is taken for "no spread"
    product = make(100, 90, 110).multiply(make(0.3, 0, 0.6), "mg")
    assert product.low == 0
    assert product.high > 60


def test_product_of_zero_keeps_what_may_be_there() -> None:
    # catches a trace that disappears when it is multiplied
    product = make(0, 0, 5).multiply(make(0.9, 0.6, 1), "mg")
    assert (product.low, product.value, product.high) == (0, 0, 5)


@given(st.lists(estimates(), min_size=1, max_size=6))
def test_total_is_ordered_and_between_certain_and_worst(parts: list[Estimate]) -> None:
    # catches bounds that are added up although the errors are independent
    assume(any(part.high > 0 for part in parts))
    total = Estimate.total(parts, "mg")
    assert total.value == pytest.approx(sum(part.value for part in parts))
    assert total.low >= sum(part.low for part in parts) - 1e-6
    assert total.high <= sum(part.high for part in parts) + 1e-6
    widest = max(part.high - part.value for part in parts)
    assert total.high - total.value >= widest - 1e-6
    assert total.low >= 0


@given(st.lists(estimates(), min_size=2, max_size=6))
def test_total_does_not_depend_on_the_order(parts: list[Estimate]) -> None:
    # catches a running total that treats the first part otherwise
    assume(any(part.high > 0 for part in parts))
    there, back = Estimate.total(parts, "mg"), Estimate.total(parts[::-1], "mg")
    assert (there.value, there.low, there.high) == pytest.approx((back.value, back.low, back.high))


def test_total_joins_half_widths_in_squares_per_side() -> None:
    # catches one symmetric width for both sides
    total = Estimate.total([make(10, 7, 11), make(20, 16, 20, source="B", verified=False)], "mg/d")
    assert (total.low, total.high) == pytest.approx((25, 31))
    assert (total.sources, total.verified, total.unit) == (("A", "B"), False, "mg/d")


def test_total_of_nothing_needs_a_source_of_its_own() -> None:
    # catches a zero without source, and a zero part whose source is cited for nothing
    assert Estimate.total([], "mg", ["S"]).value == 0
    with pytest.raises(ValidationError, match="source"):
        Estimate.total([], "mg")
    assert Estimate.total([make(0, 0, 0), make(1, 1, 1, source="B")], "mg").sources == ("B",)
    assert Estimate.total([make(0, 0, 0)], "mg", ["S"]).sources == ("S",)


def test_sources_are_named_once_in_order() -> None:
    # catches a source list that grows with every sum
    assert merge_sources([("B", "A"), ("A",), (), ("C", "B")]) == ("B", "A", "C")


def test_a_shared_error_does_not_average_out() -> None:
    # catches: bounds of one food on two days joined in squares, as if its content were measured anew each day
    part = Estimate(value=100, low=80, high=130, unit="mg", sources=("A",), verified=True)
    other = Estimate(value=50, low=40, high=65, unit="mg", sources=("B", "A"), verified=False)
    whole = Estimate.same_error((part, other), "mg/d")
    assert (whole.low, whole.value, whole.high) == (120, 150, 195)
    assert (whole.unit, whole.sources, whole.verified) == ("mg/d", ("A", "B"), False)
