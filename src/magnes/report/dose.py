"""A dose plan in words: what may be taken, the ways that are left, and what to mind; or why there is none."""

from __future__ import annotations

import textwrap

from magnes.advice.dose_records import Apart, DosePlan, Option, Target
from magnes.advice.gates import Gate
from magnes.estimate import Estimate, merge_sources
from magnes.knowledge.names import salts_named
from magnes.report.tables import Table, aligned
from magnes.report.wording import Line, amount, authority_name, figures, marked, percent
from magnes.text import Language, in_language, number, translate

__all__ = [
    "aim_lines",
    "apart_lines",
    "caution_lines",
    "dose_rows",
    "dose_text",
    "gate_line",
    "option_lines",
    "recheck_lines",
    "salt_name",
    "unsure_lines",
]

LINE = 110


def dose_text(plan: DosePlan, language: Language) -> str:
    """Return a plan, or why there is none and to whom to go, as plain text."""
    lines = [translate("dose.title", language), ""]
    lines += _stopped(plan, language) if plan.stopped else _open(plan, language)
    if not plan.stopped:
        lines += _cautions(plan, language)
    lines += ["", *_wrapped(translate("dose.by_mouth", language)), *_wrapped(translate("dose.information", language))]
    return "\n".join(lines)


def gate_line(gate: Gate, language: Language) -> Line:
    """Return one gate as sentences: what, what to do, to whom to go."""
    facts = {name: _fact(name, value, language) for name, value in gate.facts.items()}
    subject = in_language(gate, "subject", language)
    said = translate(f"gate.{gate.code}", language, **{"subject": subject, **facts})
    action = in_language(gate, "action", language)
    whom = translate("dose.go_to", language, whom=translate(f"whom.{gate.to_whom}", language))
    return Line(" ".join(part for part in (said, action, whom) if part), gate.sources, gate.verified)


def _fact(name: str, value: str | float, language: Language) -> str:
    if isinstance(value, str):
        return authority_name(value, language) if name == "authority" else value
    return number(value, language, 0 if name.endswith("_mg") else 2)


def _stopped(plan: DosePlan, language: Language) -> list[str]:
    lines = _wrapped(translate("dose.stopped", language))
    for gate in plan.gates.blocked:
        lines += _told(gate_line(gate, language), language, "- ")
    return lines


def _open(plan: DosePlan, language: Language) -> list[str]:
    told = aim_lines(plan, language)
    lines = [row for line in told for row in _told(line, language)]
    if plan.options:
        table = dose_rows(plan, language)
        lines += ["", *aligned([table.header, *([cell.text for cell in row] for row in table.rows)]), ""]
        after = (*option_lines(plan, language), *apart_lines(plan, language), *recheck_lines(plan, language))
        for line in (*after, *unsure_lines(plan, language)):
            lines += _told(line, language)
    return lines


def aim_lines(plan: DosePlan, language: Language) -> list[Line]:
    """Return the room that is left, what is to be reached, and remarks on it."""
    remarks = [Line(translate(f"dose.remark_{remark}", language)) for remark in plan.remarks]
    return [_room(plan, language), *(_target(target, language) for target in plan.targets), *remarks]


def option_lines(plan: DosePlan, language: Language) -> list[Line]:
    """Return how the options were put in order and what to expect of the first; nothing without options."""
    if not plan.options:
        return []
    first = plan.options[0]
    return [
        Line(translate("dose.order", language)),
        Line(translate("dose.bands", language, draws=plan.draws)),
        Line(_settled(first, language), first.serum_high.sources, first.serum_high.verified),
        Line(translate("dose.food_first", language)),
    ]


def apart_lines(plan: DosePlan, language: Language) -> list[Line]:
    """Return the hours between each medicine and magnesium."""
    return [_apart(apart, language) for apart in plan.keep_apart]


def recheck_lines(plan: DosePlan, language: Language) -> list[Line]:
    """Return what to measure again and when."""
    return [
        Line(translate(f"recheck.{one.what}", language, days=one.day), one.sources, one.verified)
        for one in plan.rechecks
    ]


def unsure_lines(plan: DosePlan, language: Language) -> list[Line]:
    """Return what lies outside the people whom the model was held against, and that not every source was read."""
    what = "; ".join(translate(f"outside.{code}", language) for code in plan.outside)
    outside = [Line(translate("course.outside", language, what=what))] if what else []
    return [*outside, Line(translate("course.unverified", language))]


def caution_lines(plan: DosePlan, language: Language) -> list[Line]:
    """Return what to mind with any dose and with the first option."""
    shown = (*plan.gates.cautions, *(plan.options[0].cautions if plan.options else ()))
    return [gate_line(gate, language) for gate in shown]


def _room(plan: DosePlan, language: Language) -> Line:
    cap = plan.gates.cap
    subject = in_language(cap, "subject", language)
    name = authority_name(cap.rule, language) if cap.code in ("limit", "limit_borrowed") else ""
    why = translate(f"cap.{cap.code}", language, subject=subject, authority=name)
    said = translate(
        "dose.room",
        language,
        cap=number(cap.most.value, language),
        why=why,
        taken=number(plan.gates.taken_mg, language),
        most=number(plan.gates.most_mg_per_day, language),
    )
    return Line(said, cap.most.sources, cap.most.verified)


def _target(target: Target, language: Language) -> Line:
    """Return a target with what it is now."""
    if target.kind == "intake":
        facts = {"wanted": amount(target.wanted, language), "now": amount(target.now, language)}
        said = translate("dose.target_intake", language, **facts, gap=number(target.gap, language))
    else:
        facts = {"wanted": number(target.wanted.value, language, 2), "now": number(target.now.value, language, 2)}
        said = translate("dose.target_serum", language, **facts)
    sources = merge_sources((target.wanted.sources, target.now.sources))
    return Line(said, sources, target.wanted.verified and target.now.verified)


def dose_rows(plan: DosePlan, language: Language) -> Table:
    """Return the options as a table, the best first; no rows when none is shown."""
    names = ["per_day", "takings", "days", "absorbed", "left", "serum", "reached"]
    names += ["price"] if any(option.price for option in plan.options) else []
    header = ("", *(translate(f"dose.column_{name}", language) for name in names))
    rows = tuple(_row(option, language)[: len(header)] for option in plan.options)
    return Table(translate("dose.options", language), header, rows)


def _row(option: Option, language: Language) -> tuple[Line, ...]:
    times = " ".join(f"{time:%H:%M}" for time in option.times)
    reached = [translate(f"dose.reached_{kind}", language) for kind in option.reached]
    if option.chance is not None:
        reached.append(translate("dose.chance", language, chance=percent(option.chance.value, language)))
    made = [option.dose, option.absorbed, option.unabsorbed, option.serum, option.chance, option.price]
    sources = merge_sources(each.sources for each in made if each)
    verified = all(each.verified for each in made if each)
    cells = (
        number(option.dose_mg, language),
        f"{len(option.times)} x {number(option.per_taking_mg, language)} ({times})",
        str(option.days),
        figures(option.absorbed, language),
        number(option.unabsorbed.value, language, 1),
        _serum(option.serum, language),
        ", ".join(reached) or translate("dose.reached_nothing", language),
        _price(option.price, language),
    )
    name = Line(f"{option.place}. {salt_name(option.salt, language)}")
    return (name, *(Line(cell, sources, verified) for cell in cells))


def salt_name(salt: str, language: Language) -> str:
    """Name of a salt without its water."""
    return translate(f"dose.salt_{salt}", language)


def _serum(serum: Estimate, language: Language) -> str:
    value, low, high = (number(part, language, 2) for part in (serum.value, serum.low, serum.high))
    return translate("course.band", language, value=value, low=low, high=high)


def _price(price: Estimate | None, language: Language) -> str:
    return number(price.value, language, 2) if price else translate("dose.price_unknown", language)


def _settled(option: Option, language: Language) -> str:
    """Return how soon the blood settles and the risk of loose stools of the first option."""
    risk = in_language(salts_named(option.salt)[0], "laxative", language)
    return translate(
        "dose.settled",
        language,
        days=option.settled_days,
        high=number(option.serum_high.value, language, 2),
        salt=salt_name(option.salt, language),
        risk=risk,
    )


def _apart(apart: Apart, language: Language) -> Line:
    before, after = (_hours(hours, language) for hours in (apart.hours_before, apart.hours_after))
    said = translate("dose.apart", language, medicine=apart.medicine, before=before, after=after)
    return Line(said, apart.sources, apart.verified)


def _hours(hours: float | None, language: Language) -> str:
    return (
        translate("dose.hours_unknown", language) if hours is None else f"{number(hours, language, int(hours % 1 > 0))}"
    )


def _cautions(plan: DosePlan, language: Language) -> list[str]:
    lines = [row for line in caution_lines(plan, language) for row in _told(line, language, "- ")]
    return ["", translate("dose.cautions", language), *lines] if lines else []


def _told(line: Line, language: Language, mark: str = "") -> list[str]:
    return _wrapped(marked(line.text, language, verified=line.verified), mark)


def _wrapped(text: str, mark: str = "") -> list[str]:
    return textwrap.wrap(text, LINE, initial_indent=mark, subsequent_indent=" " * len(mark))
