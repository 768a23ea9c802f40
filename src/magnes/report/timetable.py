"""A timetable in words: moments with what is taken and why then, what was assumed, what is not known."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from magnes.advice.dose_ways import OFFERED
from magnes.advice.timetable.calendar import Event, uid
from magnes.advice.timetable.records import ClockDay, Demand, Item, Moment, NoTimetable, Taking, Timetable
from magnes.estimate import merge_sources
from magnes.knowledge.names import NearNameError, salts_named
from magnes.person import Clock
from magnes.report.dose import salt_name
from magnes.report.tables import Table
from magnes.report.wording import Line, join, marked, printable
from magnes.text import Language, hours_text, number, translate

__all__ = [
    "conflict_lines",
    "conflict_text",
    "demand_text",
    "events",
    "item_text",
    "moment_text",
    "taking_rows",
    "timetable_notes",
    "timetable_text",
]

WIDTH = 110
MOST_DIGITS = 4
UNSOURCED = ("awake", "fixed")  # what the person told
Found = Timetable | NoTimetable


def timetable_text(found: Timetable, language: Language) -> str:
    """Return moments in the order of the day, and below them what the reader must know."""
    lines = [translate("timetable.title", language, count=len(found.moments)), ""]
    for moment in found.moments:
        lines.append(moment_text(moment, language))
        for taking in moment.takings:
            lines += _wrapped(f"- {item_text(found.items[taking.item], language)}", 2)
            lines += [line for words in _reasons(found, taking, language) for line in _wrapped(words, 6)]
    return "\n".join([*lines, "", *_told(timetable_notes(found, language))])


def taking_rows(found: Timetable, language: Language) -> Table:
    """Return a row for each taking: when, what, why then."""
    rows = []
    for moment in found.moments:
        for taking in moment.takings:
            demands = [found.demands[place] for place in taking.demands]
            demands = [one for one in demands if one.code not in UNSOURCED]
            why = join(_reasons(found, taking, language, sourced=False), "; ")
            verified = all(one.verified for one in demands)
            when = Line(join((f"{moment.time:%H:%M}", _at(moment, language))))
            what = Line(item_text(found.items[taking.item], language))
            rows.append((when, what, Line(why, merge_sources(one.sources for one in demands), verified)))
    header = tuple(translate(f"timetable.column.{name}", language) for name in ("when", "what", "why"))
    return Table(translate("timetable.title", language, count=len(found.moments)), header, tuple(rows))


def conflict_lines(found: NoTimetable, language: Language) -> list[Line]:
    """Return the demands that cannot hold together."""
    demands = [found.demands[place] for place in found.conflict]
    return [
        Line(
            f"{_subject(found, one, language)}: {demand_text(found, one, one.item, language)}",
            () if one.code in UNSOURCED else one.sources,
            one.code in UNSOURCED or one.verified,
        )
        for one in demands
    ]


def conflict_text(found: NoTimetable, language: Language) -> str:
    """Return the demands that cannot hold together, and below them what the reader must know."""
    lines = [translate("timetable.none", language), ""]
    for place in found.conflict:
        demand = found.demands[place]
        words = _sourced(demand, demand_text(found, demand, demand.item, language), language)
        lines += _wrapped(f"- {_subject(found, demand, language)}: {words}", 2)
    lines += ["", *_wrapped(translate("timetable.give_way", language), 0), ""]
    lines += _told(timetable_notes(found, language))
    return "\n".join(lines)


def item_text(item: Item, language: Language) -> str:
    """Name and amount of what is taken; a supplement is called magnesium."""
    name = _name(item, language)
    if item.amount_mg is None:
        return name
    amount = _amount(item.amount_mg, language)
    if item.kind == "supplement":
        return translate("timetable.amount_magnesium", language, name=name, amount=amount)
    return f"{name}, {amount} {translate('unit.mg', language)}"


def _name(item: Item, language: Language) -> str:
    name = printable(item.name)
    if item.kind == "medicine":
        return name
    with suppress(NearNameError):  # a product keeps its own name
        family = salts_named(item.name)[0].family
        name = salt_name(family, language) if family in OFFERED else name
    return name if "magnesium" in name.casefold() else f"magnesium ({name})"


def _amount(amount_mg: float, language: Language) -> str:
    most = MOST_DIGITS if amount_mg < 10 else 1  # thirds of a dose
    digits = next((count for count in range(most) if round(amount_mg, count) == amount_mg), most)
    return number(amount_mg, language, digits)


def moment_text(moment: Moment, language: Language) -> str:
    """Clock time, and what the day has then."""
    return join((f"{moment.time:%H:%M}", _at(moment, language)), "  ")


def _at(moment: Moment, language: Language) -> str:
    return translate(f"timetable.at.{moment.at}", language) if moment.at else ""


def demand_text(found: Found, demand: Demand, item: int | None, language: Language) -> str:
    """Return one demand, told of the item that is looked at; without its source."""
    before, after = (hours_text(hours, language) for hours in (demand.hours_before, demand.hours_after))
    if demand.code == "awake":
        return translate(
            "timetable.demand.awake", language, wakes=_clock(found.day.wakes), bedtime=_clock(found.day.bedtime)
        )
    if demand.code not in ("window", "avoid"):
        return translate(f"timetable.demand.{demand.code}", language, before=before, after=after)
    partner = demand.other if item == demand.item else demand.item
    other = _name(found.items[partner or 0], language)
    if demand.code == "avoid":
        return translate("timetable.demand.avoid", language, other=other)
    if item != demand.item:
        before, after = after, before
    text_id = "timetable.demand.window" if before == after else "timetable.demand.window_order"
    text = translate(text_id, language, before=before, after=after, other=other)
    return f"{text} {translate('timetable.precaution', language)}" if demand.unknown else text


def _subject(found: Found, demand: Demand, language: Language) -> str:
    if demand.item is None:
        return translate("timetable.all", language)
    return item_text(found.items[demand.item], language)


def _reasons(found: Timetable, taking: Taking, language: Language, *, sourced: bool = True) -> Iterable[str]:
    """Why a taking stands where it stands: what it keeps, then what it gives up. Free of work needs no words."""
    for place in taking.demands:
        demand = found.demands[place]
        if demand.code != "work":
            words = demand_text(found, demand, taking.item, language)
            yield _sourced(demand, words, language) if sourced else words
    for place in taking.unmet:
        given_up = demand_text(found, found.demands[place], taking.item, language)
        yield translate("timetable.unmet", language, what=given_up)


def _sourced(demand: Demand, words: str, language: Language) -> str:
    """Words with the row and the keys of the sources behind them."""
    if demand.code in UNSOURCED:
        return words
    keys = ", ".join((*demand.rules, *demand.sources))
    return f"{marked(words, language, verified=demand.verified)} [{keys}]"


def timetable_notes(found: Found, language: Language) -> list[str]:
    """Return what was assumed, what is not known, milk, and that this is no advice: a sentence or two each."""
    notes = [_day_text(found.day, language)]
    once = [_name(item, language) for item in found.items if not item.times_known]
    if once:
        notes.append(translate("timetable.once", language, what=join(once, "; ")))
    if any(demand.unknown for demand in found.demands):
        notes.append(translate("timetable.unknown_hours", language, what=_unknown_pairs(found, language)))
    if found.no_rules:
        notes.append(translate("timetable.no_rules", language, what=printable(join(found.no_rules, "; "))))
    milk = dict.fromkeys(_name(found.items[place], language) for place, _ in found.no_dairy)
    if milk:
        rules = ", ".join(dict.fromkeys(rule for _, rule in found.no_dairy))
        notes.append(translate("timetable.no_dairy", language, what=join(milk, "; "), rules=rules))
    notes.append(translate("timetable.information", language))
    if isinstance(found, Timetable) and found.moments and not found.fewest:
        notes.append(translate("timetable.not_proven", language))
    return notes


def _unknown_pairs(found: Found, language: Language) -> str:
    pairs = [
        f"{_name(found.items[demand.item or 0], language)} / {_name(found.items[demand.other or 0], language)}"
        for demand in found.demands
        if demand.unknown
    ]
    return join(dict.fromkeys(pairs), "; ")


def _day_text(day: ClockDay, language: Language) -> str:
    """Return the day that the times rest on; what nobody told is marked."""
    parts = []
    for name in ("wakes", "breakfast", "lunch", "dinner", "bedtime"):
        words = f"{translate(f'timetable.day.{name}', language)} {_clock(getattr(day, name))}"
        parts.append(f"{words} {translate('timetable.assumed', language)}" if name in day.assumed else words)
    if day.work:
        parts.append(translate("timetable.day.work", language, start=_clock(day.work[0]), end=_clock(day.work[1])))
    return translate("timetable.day", language, what=join(parts))


def _clock(time: Clock) -> str:
    return f"{time:%H:%M}"


def _told(notes: Iterable[str]) -> list[str]:
    return [line for note in notes for line in _wrapped(note, 0)]


def _wrapped(text: str, indent: int) -> list[str]:
    hang = " " * (indent + (2 if text.startswith("- ") else 0))
    return textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=hang)


def events(found: Timetable, language: Language) -> tuple[Event, ...]:
    """Return an event for every moment: names in its title, reasons in its description."""
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for moment in found.moments:
        what = tuple(sorted(printable(found.items[taking.item].name) for taking in moment.takings))
        names = [item_text(found.items[taking.item], language) for taking in moment.takings]
        reasons = [join(_reasons(found, taking, language, sourced=False), "; ") for taking in moment.takings]
        told = [join(words, ": ") for words in zip(names, reasons, strict=True)]
        made.append(Event(uid(what, seen[what]), moment.time, join(names, "; "), "\n".join(told)))
        seen[what] += 1
    return tuple(made)
