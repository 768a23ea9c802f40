"""The six steps in words, in order of what they bring."""

from __future__ import annotations

import textwrap

from magnes.advice.steps import Step
from magnes.estimate import Estimate
from magnes.report.tables import Table
from magnes.report.wording import Line, chance_percent
from magnes.text import Language, number, translate

__all__ = ["gain_text", "step_text", "steps_rows", "steps_text"]

WIDTH = 110
PERCENT = ("low", "high", "narrower")


def steps_text(steps: tuple[Step, ...], language: Language) -> str:
    """Return the steps as a numbered list, each with what it brings and where that comes from."""
    lines = [translate("steps.title", language), "", *textwrap.wrap(translate("steps.note", language), WIDTH), ""]
    for place, step in enumerate(steps, start=1):
        title = _title(step, language)
        lines.append(f"{place}. {title}: {gain_text(step.gain, language)}")
        words = f"{step_text(step, language)} {_from(step, language)}"
        lines += textwrap.wrap(words, WIDTH, initial_indent="   ", subsequent_indent="   ")
    return "\n".join(lines)


def steps_rows(steps: tuple[Step, ...], language: Language) -> Table:
    """Return the steps as a table: what, what it brings, for this person."""
    head = tuple(translate(f"steps.head.{name}", language) for name in ("step", "gain", "you"))
    rows = tuple(
        (
            Line(_title(step, language)),
            Line(gain_text(step.gain, language), step.sources, step.verified or step.gain is None),
            Line(step_text(step, language)),
        )
        for step in steps
    )
    return Table(translate("steps.title", language), head, rows)


def _title(step: Step, language: Language) -> str:
    closed = step.code == "supplement" and step.verb == "blocked"
    return translate("steps.supplement_closed" if closed else f"step.{step.code}", language)


def gain_text(gain: Estimate | None, language: Language) -> str:
    """Return what a step brings [mmol/L], with a sign; a change that rounds to nothing has none."""
    if gain is None:
        return translate("steps.no_gain", language)
    value, low, high = (_signed(part, language) for part in (gain.value, gain.low, gain.high))
    return translate("steps.gain", language, value=value, low=low, high=high)


def step_text(step: Step, language: Language) -> str:
    """Return what a step means for this person."""
    verb = step.verb
    text_id = f"step.{step.code}.{verb}"
    if step.code == "food" and verb == "do":
        text_id += ".closes" if step.facts["closes"] else ".part"
    if step.code == "measure" and "test" not in step.facts:
        text_id = "step.measure.again"
    elif step.code == "measure" and float(step.facts["high"]) > float(step.facts["low"]):
        text_id = "step.measure.high"
    facts = {name: _fact(name, value, language) for name, value in step.facts.items()}
    facts["salt"] = facts.get(f"salt_{language}", "")
    words = translate(text_id, language, **facts)
    holding = facts.get(f"indications_{language}")
    if holding:
        words += " " + translate("step.supplement.indications", language, what=holding)
    return words


def _fact(name: str, value: str | float, language: Language) -> str:
    if isinstance(value, str):
        return translate(f"lab.{value}", language) if name == "test" else value
    if name in PERCENT:
        return chance_percent(value, language)
    digits = 1 if value < 10 else 0
    return number(value, language, digits)


def _signed(value: float, language: Language) -> str:
    rounded = round(value, 3) + 0.0
    return ("+" if rounded > 0 else "") + number(rounded, language, 3)


def _from(step: Step, language: Language) -> str:
    sources = f"[{', '.join(step.sources)}]"
    return translate("steps.pages", language, ids=", ".join(step.statements)) + " " + sources
