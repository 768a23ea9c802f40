"""The body model as tables: pools, flows, signals and parameters, as records and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from magnes.body.formulas import Formulas
from magnes.body.model import DAILY, MEALS, Flow, Mode
from magnes.body.resting import PTH, amounts_at_rest, flows_at_rest, steering
from magnes.knowledge.body_parameters import BodyParameter
from magnes.knowledge.load import table
from magnes.report.answers.paragraphs import titled
from magnes.report.body_diagram import amount_text, steered_by
from magnes.report.wording import join, marked
from magnes.text import Language, translate

__all__ = ["body_lines", "body_records"]


def _flows() -> list[tuple[Flow, Mode]]:
    """Every flow once: those of meal mode, then what daily mode has in place of the bowel."""
    return [(flow, MEALS) for flow in MEALS.flows] + [(flow, DAILY) for flow in DAILY.flows if flow not in MEALS.flows]


def body_records(language: Language) -> dict[str, Any]:
    """Return the whole model at rest as plain data, with its formulas."""
    formulas = {mode.name: Formulas(mode) for mode in (MEALS, DAILY)}
    amounts = amounts_at_rest(MEALS)
    return {
        "states": [
            {
                "name": state.name,
                "text": translate(f"body.state.{state.name}", language),
                "element": state.element,
                "sink": state.sink,
                "mmol": amounts[state.name],
            }
            for state in MEALS.states
        ],
        "flows": [
            {
                "name": flow.name,
                "text": translate(f"body.flow.{flow.name}", language),
                "modes": [known.name for known in (MEALS, DAILY) if flow in known.flows],
                "from": flow.source,
                "to": flow.target,
                "mmol_per_day": flows_at_rest(mode)[flow.name],
                "formula": formulas[mode.name].flows[flow.name],
                "steered_by": dict(steering(mode)[flow.name]),
                "term": flow.term,
                "sources": list(flow.sources),
            }
            for flow, mode in _flows()
        ],
        "signals": [
            {
                "name": signal.name,
                "text": translate(f"body.signal.{signal.name}", language),
                "formula": formulas[MEALS.name].signals[signal.name],
                "steered_by": dict(steering(MEALS)[signal.name]),
                "sources": list(signal.sources),
            }
            for signal in MEALS.signals
        ],
        "quantities": formulas[DAILY.name].rules | formulas[MEALS.name].rules,
        "parameters": [row.model_dump(mode="json") for row in table(BodyParameter)],
    }


def body_lines(language: Language) -> Iterator[str]:
    """Return the same for a terminal, without formulas; under a flow where it goes and what steers it."""

    def told(text_id: str, **facts: object) -> str:
        return translate(f"body.{text_id}", language, **facts)

    def header(*names: str) -> tuple[str, ...]:
        return tuple(told(f"column.{name}") for name in names)

    def place(name: str) -> str:
        return told("outside") if name == "outside" else told(f"state.{name}")

    def drivers(name: str, mode: Mode) -> str:
        known = steered_by(name, mode, language)
        return told("drivers", drivers=known) if known else ""

    amounts = amounts_at_rest(MEALS)
    pools = [(told(f"state.{s.name}"), amount_text(amounts[s.name], language)) for s in MEALS.states if not s.sink]
    yield from _table(told("table.states"), [header("name", "amount"), *pools])
    flows, below = [header("name", "rate", "sources")], [""]
    for flow, mode in _flows():
        rate = amount_text(flows_at_rest(mode)[flow.name], language)
        flows.append((told(f"flow.{flow.name}"), rate, join(flow.sources)))
        way = f"{place(flow.source)} → {place(flow.target)}"
        below.append(join((way, drivers(flow.name, mode), told("table.daily_only") if mode is DAILY else ""), "; "))
    yield from _table(told("table.flows"), flows, below)
    sources = {PTH: ("–",)} | {signal.name: signal.sources for signal in MEALS.signals}
    signals = [(told(f"signal.{name}"), join(keys)) for name, keys in sources.items()]
    below = ["", *(drivers(name, MEALS) for name in sources)]
    yield from _table(told("table.signals"), [header("name", "sources"), *signals], below, numbers=())
    parameters = [
        (
            row.name,
            _plain(row.value, language),
            "–" if row.low == row.high else f"{_plain(row.low, language)}–{_plain(row.high, language)}",
            row.unit,
            told(f"role.{row.role}"),
            marked(join(row.sources), language, verified=row.verified),
        )
        for row in table(BodyParameter)
    ]
    heads = header("name", "value", "interval", "unit", "role", "sources")
    yield from _table(told("table.parameters"), [heads, *parameters], numbers=(1, 2))


def _plain(value: float, language: Language) -> str:
    """Return a value as in its table, with the decimal sign of the language."""
    text = f"{value:.4g}"
    return text.replace(".", ",") if language == "nl" else text


def _table(
    title: str, rows: Sequence[Sequence[str]], below: Sequence[str] = (), numbers: Sequence[int] = (1,)
) -> Iterator[str]:
    """Return a title and rows in columns, the header first, and what stands under each row."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    yield from titled(title)
    for row, under in zip_longest(rows, below):
        cells = [
            f"{cell:>{width}}" if column in numbers else f"{cell:<{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
        if under:
            yield f"    {under}"
    yield ""
