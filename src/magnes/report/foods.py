"""A food plan in words, and as a picture of the day now beside each alternative, with the table that says the same."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from magnes.advice.foods import FoodMove, FoodOption, FoodPlan, FoodPlanRule
from magnes.estimate import Estimate
from magnes.knowledge.eating import Allergen, Diet
from magnes.knowledge.load import table
from magnes.products import Contribution
from magnes.report.charts import Chart
from magnes.report.vega import CONFIG, WIDE, Spec, spoken_svg
from magnes.report.wording import Line, amount, authority_name, estimate_line, figures, food_name, join, marked
from magnes.text import Language, in_language, number, translate

__all__ = [
    "block_lines",
    "foods_chart",
    "foods_svg",
    "foods_text",
    "gap_lines",
    "left_out_lines",
    "move_line",
    "outcome_line",
    "target_lines",
]

NAMED_FOODS = 4  # of the diary, each with a colour of its own
NOW, REST, PRODUCT, NEW = "now", "rest", "product", "new"
# Okabe and Ito; what is new is the strongest
KEPT_COLOURS = ("#0072B2", "#56B4E9", "#999999", "#F0E442")
COLOURS = {REST: "#D9D9D9", PRODUCT: "#E69F00", NEW: "#009E73"}
INK = "#1a1a1a"
LABEL_LETTERS = 30
LONGEST_NAME = 48  # of a food as a table names it
BAR_PIXELS = 46
ROUND_G = 5  # grams as people weigh them


def foods_text(plan: FoodPlan, language: Language, width: int = 88) -> str:
    """Return the plan in words: the gap, each alternative, what was left out and what to know."""
    lines = [translate("foods.title", language), ""]
    for line in _lines(plan, language):
        hang = "     " if line.startswith(("  ", "- ")) else ""
        lines += textwrap.wrap(line, width, subsequent_indent=hang, break_on_hyphens=False) or [""]
    return "\n".join(lines) + "\n"


def _lines(plan: FoodPlan, language: Language) -> Iterator[str]:
    yield from (_marked(line, language) for line in target_lines(plan, language))
    yield from (f"- {_marked(line, language)}" for line in block_lines(plan, language))
    yield from (_marked(line, language) for line in gap_lines(plan, language))
    for place, option in enumerate(plan.options, start=1):
        yield ""
        yield translate("foods.option", language, place=place)
        yield from (f"  - {move_line(move, language).text}" for move in option.moves)
        yield f"  {_marked(outcome_line(option, plan, language), language)}"
    rest = left_out_lines(plan, language)
    if rest:
        yield ""
    yield from (f"- {_marked(line, language)}" for line in rest)


def target_lines(plan: FoodPlan, language: Language) -> Iterator[Line]:
    """Say what is wanted and what comes in."""
    if plan.target and plan.usual:
        facts = {"kind": translate(f"kind.{plan.target_kind}", language), "amount": amount(plan.target, language)}
        named = authority_name(plan.authority, language)
        yield estimate_line(plan.target, language, translate("need.reference", language, authority=named, **facts))
        now = amount(plan.usual, language)
        yield estimate_line(plan.usual, language, translate("foods.usual", language, amount=now))


def block_lines(plan: FoodPlan, language: Language) -> list[Line]:
    """Return what keeps a plan away; mostly nothing."""
    return [Line(translate(f"foods.block.{rule.code}", language), rule.sources, rule.verified) for rule in plan.blocks]


def gap_lines(plan: FoodPlan, language: Language) -> Iterator[Line]:
    """Say the gap, and what the plan comes to."""
    if plan.status in ("planned", "partial") and plan.gap:
        words = translate("foods.gap", language, amount=amount(plan.gap, language))
        yield estimate_line(plan.gap, language, words)
    energy = {"low": number(plan.energy_low_kcal, language), "high": number(plan.energy_high_kcal, language)}
    yield Line(translate(f"foods.status.{plan.status}", language, **energy))


def left_out_lines(plan: FoodPlan, language: Language) -> list[Line]:
    """Return what was left out, and what to know beside the plan."""
    return [
        *(
            Line(
                translate(f"foods.left_out.{rule.code}", language, word=_word(rule, language)),
                rule.sources,
                rule.verified,
            )
            for rule in plan.left_out
        ),
        *(Line(translate(f"note.{note}", language)) for note in plan.notes),
    ]


def _marked(line: Line, language: Language) -> str:
    return marked(line.text, language, verified=line.verified)


def _word(rule: FoodPlanRule, language: Language) -> str:
    """Name of a diet or allergen in the language; a dislike as it was written."""
    kinds: dict[str, type[Any]] = {"diet": Diet, "allergy": Allergen}
    if rule.code not in kinds:
        return rule.word
    return next(in_language(row, "name", language) for row in table(kinds[rule.code]) if row.id == rule.word)


def move_line(move: FoodMove, language: Language) -> Line:
    """Say one change in amounts of a day."""
    facts = {
        "old": textwrap.shorten(in_language(move, "from", language), LONGEST_NAME, placeholder="…"),
        "new": in_language(move, "to", language),
        "out": _grams(move.grams_out.value, move.from_code, language),
        "amount": _grams(move.grams_in.value, move.to_code, language),
    }
    text = translate(f"foods.move.{move.kind}", language, **facts)
    measure = in_language(move, "measure", language)
    if move.kind == "add" and measure:
        whole = move.portions == int(move.portions)
        portions = number(move.portions, language, 0 if whole else 1)
        text += " " + translate("foods.portions", language, portions=portions, measure=measure)
    if move.cost_euro is not None:
        text += " " + _cost(move.cost_euro, language)
    return Line(text, move.grams_in.sources, move.grams_in.verified)


def _grams(grams: float, code: str, language: Language) -> str:
    """Return grams rounded as people weigh, of water millilitres."""
    rounded = ROUND_G * round(grams / ROUND_G) if grams >= 4 * ROUND_G else round(grams)
    return f"{number(rounded, language)} {'ml' if code.startswith('water:') else 'g'}"


def _cost(euro: float, language: Language) -> str:
    return translate("foods.cost", language, amount=f"{euro:+.2f}".replace(".", "," if language == "nl" else "."))


def outcome_line(option: FoodOption, plan: FoodPlan, language: Language) -> Line:
    """Say what an option makes of the day."""
    energy = f"{round(option.energy.value):+d}"
    parts = [translate("foods.after", language, amount=amount(option.usual, language), energy=energy)]
    if not option.closes:
        parts.append(translate("foods.remaining", language, amount=amount(option.remaining, language)))
    if option.absorbed and plan.absorbed:
        before, after = amount(plan.absorbed, language), amount(option.absorbed, language)
        parts.append(translate("foods.absorbed", language, before=before, after=after))
    if option.cost_euro is not None and len(option.moves) > 1:
        parts.append(_cost(option.cost_euro, language))
    return estimate_line(option.usual, language, " ".join(parts))


def foods_chart(plan: FoodPlan, language: Language, width: int = WIDE) -> Chart | None:
    """Stacked bars: magnesium by food now and in each alternative, against the reference value; ``None`` without."""
    if not plan.contributions or plan.usual is None:
        return None
    title = translate("foods.chart.title", language)
    named = [row for row in plan.contributions if row.kind in ("food", "water")][:NAMED_FOODS]
    labels = [translate("foods.chart.now", language)]
    labels += [f"{place}. {_short(option, language)}" for place, option in enumerate(plan.options, start=1)]
    days = [plan.contributions, *(option.contributions for option in plan.options)]
    totals = [plan.usual, *(option.usual for option in plan.options)]
    parts = [_parts(day, named, plan, language) for day in days]
    ends = [f"{label}: {amount(total, language)}" for label, total in zip(labels, totals, strict=True)]
    mark = _mark(plan, language)
    header = tuple(translate(f"foods.chart.{name}", language) for name in ("day", "food", "magnesium"))
    rows = tuple(row for label, day in zip(labels, days, strict=True) for row in _table(label, day, language))
    return Chart(
        id="foods",
        spec=_spec(labels, parts, totals, mark, plan.target, language, width),
        title=title,
        alternative=f"{title}. {'; '.join(ends)}." + (f" {mark}." if mark else ""),
        header=header,
        rows=rows,
    )


def foods_svg(plan: FoodPlan, language: Language, width: int = WIDE) -> str:
    """Return the picture as SVG with its words; ``""`` without a complete day."""
    chart = foods_chart(plan, language, width)
    return spoken_svg(chart.spec, chart.alternative) if chart else ""


def _short(option: FoodOption, language: Language) -> str:
    return join(in_language(move, "to", language) for move in option.moves)


def _mark(plan: FoodPlan, language: Language) -> str:
    if plan.target is None:
        return ""
    return f"{translate(f'kind.{plan.target_kind}', language)}: {amount(plan.target, language)}"


def _table(label: str, day: Iterable[Contribution], language: Language) -> Iterator[tuple[Line, ...]]:
    for row in day:
        yield Line(label), Line(food_name(row, language)), estimate_line(row.magnesium, language)


def _parts(
    day: Iterable[Contribution], named: list[Contribution], plan: FoodPlan, language: Language
) -> list[tuple[str, str, float]]:
    """(kind, name, mg) of one bar: the largest foods of the diary, the rest of them, products, and what is new."""
    before = {_key(row): row.magnesium.value for row in plan.contributions}
    names = {_key(row): food_name(row, language) for row in named}
    kept = dict.fromkeys(names, 0.0)
    rest = product = new = 0.0
    for row in day:
        value, key = row.magnesium.value, _key(row)
        old = min(value, before.get(key, 0.0))
        new += value - old
        if row.kind in ("supplement", "medicine"):
            product += old
        elif key in kept:
            kept[key] += old
        else:
            rest += old
    parts = [(f"{NOW}{place}", names[key], value) for place, (key, value) in enumerate(kept.items())]
    others = ((REST, rest), (PRODUCT, product), (NEW, new))
    return [*parts, *((kind, translate(f"foods.chart.{kind}", language), value) for kind, value in others)]


def _key(row: Contribution) -> tuple[str, str, str]:
    return row.kind, row.code or row.name_nl, row.preparation


def _spec(
    labels: list[str],
    parts: list[list[tuple[str, str, float]]],
    totals: list[Estimate],
    mark: str,
    target: Estimate | None,
    language: Language,
    width: int,
) -> Spec:
    narrow = width < 500
    wrapped = [textwrap.wrap(label, 16 if narrow else LABEL_LETTERS, max_lines=3, placeholder="…") for label in labels]
    kinds = [kind for kind, _, _ in parts[0] if any(part[2] > 0 for day in parts for part in day if part[0] == kind)]
    names = {kind: name for kind, name, _ in parts[0]}
    colours = {f"{NOW}{place}": colour for place, colour in enumerate(KEPT_COLOURS)} | COLOURS
    values = [
        {"place": place, "food": names[kind], "order": kinds.index(kind), "mg": value}
        for place, day in enumerate(parts)
        for kind, _, value in day
        if kind in kinds
    ]
    ends = [
        {"place": place, "mg": total.value, "words": figures(total, language)} for place, total in enumerate(totals)
    ]
    farthest = max([total.value for total in totals] + ([target.value] if target else []))
    axis_x: Spec = {
        "type": "quantitative",
        "title": translate("foods.chart.axis", language),
        "scale": {"domain": [0, farthest * (1.75 if narrow else 1.38)], "nice": False},
        "axis": {"format": "~f", "tickCount": 4 if narrow else 6},
    }
    order: Spec = {"field": "place", "type": "ordinal", "title": None, "axis": None}
    scale = {"domain": [names[kind] for kind in kinds], "range": [colours[kind] for kind in kinds]}
    legend: Spec = {"title": None, "orient": "bottom", "columns": 1 if narrow else 3, "labelLimit": 240}
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar", "height": 24, "stroke": INK, "strokeWidth": 0.6},
        "encoding": {
            "y": order,
            "x": {"field": "mg", "aggregate": "sum", "stack": "zero", **axis_x},
            "color": {"field": "food", "type": "nominal", "scale": scale, "legend": legend},
            "order": {"field": "order", "type": "quantitative"},
        },
    }
    words = {"type": "text", "align": "left", "dx": 6, "fontSize": 13, "fontWeight": "bold", "color": INK}
    behind = {"color": "white", "stroke": "white", "strokeWidth": 5}  # so that no line runs through the numbers
    at_end: Spec = {"y": order, "x": {"field": "mg", **axis_x}, "text": {"field": "words", "type": "nominal"}}
    numbers = [{"data": {"values": ends}, "mark": words | halo, "encoding": at_end} for halo in (behind, {})]
    label_width = round(7.0 * max(len(line) for lines in wrapped for line in lines))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width - label_width - 20,
        "height": {"step": BAR_PIXELS + (8 if narrow else 0)},
        "padding": 4,
        "layer": [bars, *_label_layers(wrapped, order), *(_line(target, mark, axis_x) if target else ()), *numbers],
        "config": CONFIG
        | {
            "axis": {"labelFontSize": 13, "titleFontSize": 12, "titleFontWeight": "normal", "gridColor": "#e6e6e6"},
            "legend": {"labelFontSize": 12, "symbolStrokeWidth": 0.6, "symbolStrokeColor": INK},
        },
    }


def _label_layers(wrapped: list[list[str]], order: Spec) -> Iterator[Spec]:
    """Names left of the bars, one to three lines, in the middle of the bar."""
    for place, lines in enumerate(wrapped):
        mark = {
            "type": "text",
            "align": "right",
            "dx": -8,
            "dy": -8 * (len(lines) - 1),
            "fontSize": 13,
            "lineHeight": 15,
        }
        yield {
            "data": {"values": [{"place": place, "label": lines}]},
            "mark": mark | {"color": INK},
            "encoding": {"y": order, "x": {"value": 0}, "text": {"field": "label", "type": "nominal"}},
        }


def _line(target: Estimate, mark: str, axis_x: Spec) -> Iterator[Spec]:
    """Dashed line at the reference value with its name above."""
    data = {"values": [{"at": target.value, "name": mark}]}
    at = {"field": "at", **axis_x}
    rule = {"type": "rule", "strokeWidth": 2.5, "strokeDash": [7, 4], "color": "#0b3d5c"}
    words = {"type": "text", "baseline": "bottom", "y": -4, "fontSize": 12, "fontWeight": "bold", "color": "#0b3d5c"}
    yield {"data": data, "mark": rule, "encoding": {"x": at}}
    yield {"data": data, "mark": words | {"align": "right"}, "encoding": {"x": at, "text": {"field": "name"}}}
