"""A dose plan in words and as a picture: the limit with what is taken and proposed, and what is absorbed of a dose."""

from __future__ import annotations

import textwrap

from magnes.advice.dose_records import Apart, Curve, DosePlan, Option, Target
from magnes.advice.gates import Gate
from magnes.estimate import Estimate
from magnes.knowledge.names import salts_named
from magnes.report.vega import CONFIG, INK, Spec, spoken_svg
from magnes.report.wording import amount, authority_name, figures, marked, percent
from magnes.text import Language, in_language, number, translate

__all__ = ["dose_svg", "dose_text"]

WIDTH, BAR_HEIGHT, CURVE_HEIGHT = 560, 46, 220
TAKEN, PROPOSED, FREE = "#E69F00", "#0072B2", "#E8EDF0"
CURVE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
LINE = 110
LEAST_AXIS_MG = 100.0


def dose_text(plan: DosePlan, language: Language) -> str:
    """Return a plan, or why there is none and to whom to go, as plain text."""
    lines = [translate("dose.title", language), ""]
    lines += _stopped(plan, language) if plan.stopped else _open(plan, language)
    if not plan.stopped:
        lines += _cautions(plan, language)
    lines += ["", *_wrapped(translate("dose.by_mouth", language)), *_wrapped(translate("dose.information", language))]
    return "\n".join(lines)


def gate_text(gate: Gate, language: Language) -> str:
    """Return one gate as sentences: what, what to do, to whom to go."""
    facts = {name: _fact(name, value, language) for name, value in gate.facts.items()}
    subject = in_language(gate, "subject", language)
    said = translate(f"gate.{gate.code}", language, **{"subject": subject, **facts})
    action = in_language(gate, "action", language)
    whom = translate("dose.go_to", language, whom=translate(f"whom.{gate.to_whom}", language))
    return " ".join(part for part in (marked(said, language, verified=gate.verified), action, whom) if part)


def _fact(name: str, value: str | float, language: Language) -> str:
    if isinstance(value, str):
        return authority_name(value, language) if name == "authority" else value
    return number(value, language, 0 if name.endswith("_mg") else 2)


def _stopped(plan: DosePlan, language: Language) -> list[str]:
    lines = _wrapped(translate("dose.stopped", language))
    for gate in plan.gates.blocked:
        lines += _wrapped(gate_text(gate, language), "- ")
    return lines


def _open(plan: DosePlan, language: Language) -> list[str]:
    lines = _wrapped(_room(plan, language))
    for target in plan.targets:
        lines += _wrapped(_target(target, language))
    for remark in plan.remarks:
        lines += _wrapped(translate(f"dose.remark_{remark}", language))
    if plan.options:
        lines += ["", *_table(plan, language), "", *_wrapped(translate("dose.order", language))]
        lines += _wrapped(translate("dose.bands", language, draws=plan.draws))
        lines += _wrapped(_settled(plan.options[0], language))
        lines += _wrapped(translate("dose.food_first", language))
        for apart in plan.keep_apart:
            lines += _wrapped(_apart(apart, language))
        for recheck in plan.rechecks:
            lines += _wrapped(translate(f"recheck.{recheck.what}", language, days=recheck.day))
        if plan.outside:
            what = "; ".join(translate(f"outside.{code}", language) for code in plan.outside)
            lines += _wrapped(translate("course.outside", language, what=what))
        lines += _wrapped(translate("course.unverified", language))
    return lines


def _room(plan: DosePlan, language: Language) -> str:
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
    return marked(said, language, verified=cap.most.verified)


def _target(target: Target, language: Language) -> str:
    """Return a target with what it is now."""
    if target.kind == "intake":
        facts = {"wanted": amount(target.wanted, language), "now": amount(target.now, language)}
        said = translate("dose.target_intake", language, **facts, gap=number(target.gap, language))
    else:
        facts = {"wanted": number(target.wanted.value, language, 2), "now": number(target.now.value, language, 2)}
        said = translate("dose.target_serum", language, **facts)
    return marked(said, language, verified=target.wanted.verified and target.now.verified)


def _table(plan: DosePlan, language: Language) -> list[str]:
    """Return the options as a table, the best first."""
    names = ("option", "per_day", "takings", "days", "absorbed", "left", "serum", "reached")
    rows = [["", *(translate(f"dose.column_{name}", language) for name in names[1:])]]
    rows += [_row(option, language) for option in plan.options]
    priced = any(option.price for option in plan.options)
    if priced:
        rows[0].append(translate("dose.column_price", language))
        for row, option in zip(rows[1:], plan.options, strict=True):
            row.append(_price(option.price, language))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(option: Option, language: Language) -> list[str]:
    times = " ".join(f"{time:%H:%M}" for time in option.times)
    reached = [translate(f"dose.reached_{kind}", language) for kind in option.reached]
    if option.chance is not None:
        reached.append(translate("dose.chance", language, chance=percent(option.chance.value, language)))
    return [
        f"{option.place}. {_family(option.salt, language)}",
        number(option.dose_mg, language),
        f"{len(option.times)} x {number(option.per_taking_mg, language)} ({times})",
        str(option.days),
        figures(option.absorbed, language),
        number(option.unabsorbed.value, language, 1),
        _serum(option.serum, language),
        ", ".join(reached) or translate("dose.reached_nothing", language),
    ]


def _family(salt: str, language: Language) -> str:
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
        salt=_family(option.salt, language),
        risk=risk,
    )


def _apart(apart: Apart, language: Language) -> str:
    before, after = (_hours(hours, language) for hours in (apart.hours_before, apart.hours_after))
    said = translate("dose.apart", language, medicine=apart.medicine, before=before, after=after)
    return marked(said, language, verified=apart.verified)


def _hours(hours: float | None, language: Language) -> str:
    return (
        translate("dose.hours_unknown", language) if hours is None else f"{number(hours, language, int(hours % 1 > 0))}"
    )


def _cautions(plan: DosePlan, language: Language) -> list[str]:
    shown = (*plan.gates.cautions, *(plan.options[0].cautions if plan.options else ()))
    lines = [line for gate in shown for line in _wrapped(gate_text(gate, language), "- ")]
    return ["", translate("dose.cautions", language), *lines] if lines else []


def _wrapped(text: str, mark: str = "") -> list[str]:
    return textwrap.wrap(text, LINE, initial_indent=mark, subsequent_indent=" " * len(mark))


def dose_svg(plan: DosePlan, language: Language) -> str:
    """Draw the limit bar and the curves of dose against absorbed; the text of the plan is its table."""
    first = plan.options[0] if plan.options else None
    panels = [_bar(plan, first, language)]
    if plan.curves:
        panels.append(_curves(plan, first, language))
    title = translate("dose.title" if not plan.stopped else "dose.stopped_short", language)
    spec: Spec = {"config": CONFIG, "title": {"text": title, "anchor": "start"}, "vconcat": panels, "spacing": 24}
    return spoken_svg(spec, _alternative(plan, first, language))


def _alternative(plan: DosePlan, first: Option | None, language: Language) -> str:
    facts = {
        "cap": number(plan.gates.cap.most.value, language),
        "taken": number(plan.gates.taken_mg, language),
        "proposed": number(first.dose_mg if first else 0.0, language),
    }
    said = translate("dose.alternative", language, **facts)
    if first is None:
        return said
    absorbed = number(first.absorbed.value, language)
    return (
        f"{said} {translate('dose.alternative_first', language, salt=_family(first.salt, language), absorbed=absorbed)}"
    )


def _bar(plan: DosePlan, first: Option | None, language: Language) -> Spec:
    """Draw what is taken and proposed on the way to the cap."""
    taken, proposed = plan.gates.taken_mg, first.dose_mg if first else 0.0
    cap = plan.gates.cap.most.value
    edges = [("taken", 0.0, taken, TAKEN), ("proposed", taken, taken + proposed, PROPOSED)]
    edges.append(("free", taken + proposed, max(cap, taken + proposed), FREE))
    values = [
        {
            "from": begin,
            "to": end,
            "middle": (begin + end) / 2,
            "colour": colour,
            "ink": "white" if kind == "proposed" else INK,
            "label": f"{translate(f'dose.bar_{kind}', language)} {number(end - begin, language)}",
        }
        for kind, begin, end, colour in edges
        if end > begin
    ]
    domain = [0, 1.08 * max(cap, taken + proposed, LEAST_AXIS_MG)]
    x: Spec = {
        "type": "quantitative",
        "title": translate("dose.axis_day", language),
        "scale": {"domain": domain, "nice": False},
        "axis": {"titleFontWeight": "normal"},
    }
    marks = [{"at": cap, "label": translate("dose.bar_cap", language, cap=number(cap, language))}]
    at = {"field": "at", **x}
    return {
        "width": WIDTH,
        "height": BAR_HEIGHT,
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "bar", "height": 30, "stroke": INK, "strokeWidth": 0.6},
                "encoding": {
                    "x": {"field": "from", **x},
                    "x2": {"field": "to"},
                    "color": {"field": "colour", "type": "nominal", "scale": None},
                },
            },
            {
                "data": {"values": values},
                "transform": [{"filter": f"datum.to - datum.from > {0.16 * domain[1]}"}],
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "x": {"field": "middle", **x},
                    "text": {"field": "label", "type": "nominal"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
            {
                "data": {"values": marks},
                "mark": {"type": "rule", "strokeWidth": 2.5, "strokeDash": [7, 4], "color": INK},
                "encoding": {"x": at},
            },
            {
                "data": {"values": marks},
                "mark": {
                    "type": "text",
                    "align": "right" if cap > domain[1] / 2 else "left",
                    "baseline": "bottom",
                    "y": -4,
                    "fontSize": 12,
                    "fontWeight": "bold",
                },
                "encoding": {"x": at, "text": {"field": "label", "type": "nominal"}},
            },
        ],
    }


def _curves(plan: DosePlan, first: Option | None, language: Language) -> Spec:
    """Draw absorbed against dose, a line for salts that dissolve alike, the first option as a dot with its interval."""
    decimal = {"labelExpr": "replace(datum.label, '.', ',')"} if language == "nl" else {}
    farthest = max(curve.dose_mg[-1] for curve in plan.curves)
    x: Spec = {
        "type": "quantitative",
        "title": translate("dose.axis_dose", language, takings=plan.curves[0].takings),
        "scale": {"domain": [0, 1.45 * farthest], "nice": False},
        "axis": {"tickCount": 6, "titleFontWeight": "normal", **decimal},
    }
    y: Spec = {
        "type": "quantitative",
        "title": translate("dose.axis_absorbed", language),
        "axis": {"tickCount": 5, "titleFontWeight": "normal", **decimal},
    }
    layers: list[Spec] = []
    for curve, colour, side in zip(plan.curves, CURVE_COLOURS, ("bottom", "top"), strict=False):
        layers += _curve(curve, colour, side, (x, y), language)
    if first is not None:
        dot = [
            {"dose": first.dose_mg, "mg": first.absorbed.value, "low": first.absorbed.low, "high": first.absorbed.high}
        ]
        at = {"field": "dose", **x}
        layers += [
            {
                "data": {"values": dot},
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "encoding": {"x": at, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": dot},
                "mark": {"type": "point", "filled": True, "size": 110, "color": INK, "opacity": 1},
                "encoding": {"x": at, "y": {"field": "mg", **y}},
            },
        ]
    return {"width": WIDTH, "height": CURVE_HEIGHT, "layer": layers}


def _curve(curve: Curve, colour: str, side: str, axes: tuple[Spec, Spec], language: Language) -> list[Spec]:
    """Draw one line and at its end the salts, above or below the end."""
    x, y = axes
    points = [{"dose": 0.0, "mg": 0.0}]
    points += [{"dose": dose, "mg": mg} for dose, mg in zip(curve.dose_mg, curve.absorbed_mg, strict=True)]
    words = textwrap.wrap(", ".join(_family(salt, language) for salt in curve.salts), 24)
    end = [points[-1] | {"label": words}]
    encoding = {"x": {"field": "dose", **x}, "y": {"field": "mg", **y}}
    return [
        {
            "data": {"values": points},
            "mark": {"type": "line", "color": colour, "strokeWidth": 2.5},
            "encoding": encoding,
        },
        {
            "data": {"values": end},
            "mark": {"type": "text", "align": "left", "baseline": side, "dx": 8, "fontSize": 12, "color": colour},
            "encoding": encoding | {"text": {"field": "label", "type": "nominal"}},
        },
    ]
