"""A person's medicines and supplements as items, and what the tables demand of their clock times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from magnes.advice.check import ABSORPTION
from magnes.advice.timetable.day import DAY_MINUTES, minute
from magnes.advice.timetable.records import Demand, Item
from magnes.advice.unknown import interactions_of
from magnes.estimate import merge_sources
from magnes.knowledge.load import table
from magnes.knowledge.names import MAGNESIUM_PRODUCTS, substance
from magnes.knowledge.timing import MealRule, Separation
from magnes.person import Medicine, Person, Supplement
from magnes.products import elemental_mg, holds_magnesium

__all__ = ["PRECAUTION_HOURS", "demands_of", "items_of", "no_dairy", "no_rules"]

# Design choices
PRECAUTION_HOURS = 2.0  # apart when two are known to meet in the gut and no source gives hours
SHARE_OF_EVEN = 0.75  # takings of one medicine: at least this share of the hours that are even around the clock
MAGNESIUM_APART_HOURS = 4.0  # more often for a smaller dose, as absorption and bowels ask; no more is needed
DESIGN = ("MAGNES-DESIGN",)


def items_of(person: Person, add: Sequence[Supplement] = ()) -> tuple[Item, ...]:
    """Everything that is taken, in an order that does not depend on the order of the file."""
    found = [*map(_medicine, person.medicines), *map(_supplement, (*person.supplements, *add))]
    return tuple(sorted(found, key=lambda item: (item.name, item.kind, item.times, item.amount_mg or 0.0, item.fixed)))


def _medicine(medicine: Medicine) -> Item:
    return Item(
        name=medicine.name,
        atc=medicine.atc,
        kind="medicine",
        amount_mg=medicine.dose_mg,
        holds_magnesium=holds_magnesium(medicine),
        takings=max(1, len(medicine.times)),
        times=tuple(sorted(medicine.times)),
        times_known=bool(medicine.times),
        fixed=medicine.fixed and bool(medicine.times),
    )


def _supplement(supplement: Supplement) -> Item:
    known = supplement.elemental_mg is not None or supplement.compound_mg is not None
    return Item(
        name=supplement.salt or supplement.product,
        atc=MAGNESIUM_PRODUCTS,
        kind="supplement",
        amount_mg=elemental_mg(supplement).value if known else None,
        holds_magnesium=True,
        takings=max(1, len(supplement.times)),
        times=tuple(sorted(supplement.times)),
        times_known=bool(supplement.times),
        fixed=supplement.fixed and bool(supplement.times),
    )


def no_rules(items: Iterable[Item]) -> tuple[str, ...]:
    """Names of which nothing is known, so that no hours could be kept."""
    return tuple(
        item.name
        for item in items
        if item.kind == "medicine"
        and substance(item.atc) is None
        and not item.holds_magnesium
        and not interactions_of(item.atc, item.name)
    )


def no_dairy(items: Sequence[Item]) -> tuple[tuple[int, str], ...]:
    """Items around which milk is left out, each with its rule."""
    rules = [rule for rule in table(MealRule) if rule.relation == "no_dairy"]
    return tuple((place, rule.id) for place, item in enumerate(items) for rule in rules if rule.concerns(item.atc))


def demands_of(items: Sequence[Item], *, work: bool = False) -> tuple[Demand, ...]:
    """Every demand on the clock times of these items; ``work``: there are hours of work to keep free."""
    found = [Demand(code="awake", sources=DESIGN, verified=False)] if items else []
    for place, item in enumerate(items):
        if item.fixed:
            found.append(Demand(code="fixed", item=place, sources=("USER",), verified=True))
        found += _spread(place, item)
        found += _meals(place, item)
        if work and not item.fixed:
            found.append(Demand(code="work", item=place, hard=False, sources=DESIGN, verified=False))
    for one, other in combinations(range(len(items)), 2):
        found += _pair(items, one, other)
    return tuple(found)


def _spread(place: int, item: Item) -> Iterator[Demand]:
    """Keep takings of one item apart as evenly as the person does now, at most three quarters of even."""
    if item.takings < 2:
        return
    minutes = sorted(map(minute, item.times))
    now = min(later - earlier for earlier, later in pairwise([*minutes, minutes[0] + DAY_MINUTES])) / 60
    even = SHARE_OF_EVEN * 24 / item.takings
    hours = min(now, even, MAGNESIUM_APART_HOURS if item.holds_magnesium else even)
    half_hours = int(2 * hours) / 2
    if half_hours > 0:
        yield Demand(code="spread", item=place, hours_before=half_hours, sources=DESIGN, verified=False)


def _meals(place: int, item: Item) -> Iterator[Demand]:
    for rule in table(MealRule):
        if rule.relation != "no_dairy" and rule.concerns(item.atc):
            yield Demand(
                code=rule.relation,
                item=place,
                hours_before=rule.hours_before_food or 0.0,
                hours_after=rule.hours_after_food or 0.0,
                hard=rule.hard,
                rules=(rule.id,),
                sources=rule.sources,
                verified=rule.verified,
            )


def _pair(items: Sequence[Item], one: int, other: int) -> Iterator[Demand]:
    """Return at most one demand on a pair: never together, or the longest hours of all rules in each order."""
    windows: list[Demand] = []
    for item, partner in ((one, other), (other, one)):
        windows += _magnesium(items[item], item, items[partner], partner)
        windows += _separation(items[item], item, items[partner], partner)
    never = [window for window in windows if window.code == "avoid"]
    told = [window for window in windows if window.unknown != "both"]
    windows = never or told or windows  # hours that one rule gives speak for a rule without hours
    if not windows:
        return
    turned = [window if window.item == one else _turned(window) for window in windows]
    before, after = max(window.hours_before for window in turned), max(window.hours_after for window in turned)
    sure_before = any(window.unknown in ("", "after") and window.hours_before == before for window in turned)
    sure_after = any(window.unknown in ("", "before") and window.hours_after == after for window in turned)
    yield Demand(
        code=windows[0].code,
        item=one,
        other=other,
        hours_before=before,
        hours_after=after,
        unknown=""
        if never or (sure_before and sure_after)
        else "after"
        if sure_before
        else "before"
        if sure_after
        else "both",
        rules=tuple(dict.fromkeys(rule for window in windows for rule in window.rules)),
        sources=merge_sources(window.sources for window in windows),
        verified=all(window.verified for window in windows),
    )


def _turned(window: Demand) -> Demand:
    """Return the same window seen from the other item."""
    unknown = {"before": "after", "after": "before"}.get(window.unknown, window.unknown)
    return window.model_copy(
        update={
            "item": window.other,
            "other": window.item,
            "hours_before": window.hours_after,
            "hours_after": window.hours_before,
            "unknown": unknown,
        }
    )


def _magnesium(item: Item, place: int, partner: Item, partner_place: int) -> Iterator[Demand]:
    """Windows of a medicine and a product with magnesium."""
    if item.kind == "supplement" or not partner.holds_magnesium:
        return
    for row in interactions_of(item.atc, item.name):
        if row.direction == "none" or row.severity == "none":
            continue
        never = row.severity == "avoid"
        if not never and row.hours_before_mg is None and row.hours_after_mg is None and row.direction not in ABSORPTION:
            continue  # not a matter of hours
        window = _window(place, partner_place, row.hours_before_mg, row.hours_after_mg)
        more = {"rules": (row.id,), "sources": row.sources, "verified": row.verified}
        yield window.model_copy(update=more | ({"code": "avoid", "unknown": ""} if never else {}))


def _separation(item: Item, place: int, partner: Item, partner_place: int) -> Iterator[Demand]:
    for row in table(Separation):
        if (
            row.is_first(item.atc)
            and row.is_second(partner.atc)
            and not (not row.second_atc and row.is_first(partner.atc))
        ):
            window = _window(place, partner_place, row.hours_first_before, row.hours_first_after)
            yield window.model_copy(update={"rules": (row.id,), "sources": row.sources, "verified": row.verified})


def _window(place: int, other: int, before: float | None, after: float | None) -> Demand:
    """Return a window whose blank hours are filled: with those of the other order, or with the precaution."""
    unknown = (
        "both" if before is None and after is None else "before" if before is None else "after" if after is None else ""
    )
    precaution = PRECAUTION_HOURS if before is None and after is None else max(before or 0.0, after or 0.0)
    return Demand(
        code="window",
        item=place,
        other=other,
        hours_before=precaution if before is None else before,
        hours_after=precaution if after is None else after,
        unknown=unknown,
        sources=DESIGN,
        verified=False,
    )
