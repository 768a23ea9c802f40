"""An assessment as plain text that fits one screen for a typical person."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from magnes.advice.finding import Finding
from magnes.estimate import merge_sources
from magnes.products import Contribution
from magnes.report.build import Assessment
from magnes.report.statements import (
    absorbed_lines,
    days_lines,
    gap_lines,
    intake_rows,
    lab_alone,
    lab_cut_off,
    lab_value,
    limit_lines,
    need_lines,
    person_rows,
)
from magnes.report.wording import (
    Line,
    counted,
    estimate_line,
    figures,
    food_name,
    join,
    marked,
    percent,
    printable,
    read_as,
)
from magnes.text import Language, action_text, date, finding_text, translate

__all__ = ["summary"]

SHOWN_FOODS = 8
BAR_CELLS = 10
NAME_CELLS = 30
BOLD, RED, RESET = "\x1b[1m", "\x1b[31;1m", "\x1b[0m"
SERIOUS = ("stop", "block", "major")


def summary(found: Assessment, language: Language, width: int = 88, *, color: bool = False) -> str:
    """Return the whole assessment in words; ANSI codes only when ``color`` is true."""
    writer = _Writer(language, max(width, 40), color)
    return "\n".join(line.rstrip() for line in writer.all(found)) + "\n"


class _Writer:
    """Wraps lines to the width and closes every section with the sources of its numbers."""

    def __init__(self, language: Language, width: int, color: bool) -> None:
        self.language, self.width, self.color = language, width, color

    def all(self, found: Assessment) -> Iterator[str]:
        """Every section in reading order."""
        yield from self.head(found)
        yield from self.section("findings", self.findings(found))
        yield from self.section("intake", self.intake(found))
        yield from self.section("need", self.lines(need_lines(found, self.language)))
        yield from self.section("limit", self.lines(limit_lines(found, self.language)))
        yield from self.section("absorbed", self.lines(absorbed_lines(found, self.language)))
        if found.status.labs:
            yield from self.section("labs", self.labs(found))
        yield from self.section("gaps", self.lines(gap_lines(found, self.language)))
        yield from self.foot(found)

    def text(self, text_id: str, **facts: object) -> str:
        return translate(text_id, self.language, **facts)

    def wrap(self, text: str, indent: str = "  ", hang: str = "  ") -> list[str]:
        return textwrap.wrap(
            text, self.width, initial_indent=indent, subsequent_indent=indent + hang, break_on_hyphens=False
        )

    def paint(self, text: str, code: str) -> str:
        return f"{code}{text}{RESET}" if self.color else text

    def section(self, name: str, body: Iterable[str]) -> Iterator[str]:
        """Return a heading and its lines."""
        heading = self.text(f"report.{name}").upper()
        yield from (self.paint(line, BOLD) for line in self.wrap(heading, ""))
        yield from body

    def lines(self, lines: Iterable[Line]) -> Iterator[str]:
        """Lines with their mark, then the sources of all of them."""
        lines = list(lines)
        for line in lines:
            yield from self.wrap(self.marked(line))
        yield from self.sources(lines)

    def marked(self, line: Line) -> str:
        return marked(line.text, self.language, verified=line.verified)

    def sources(self, lines: Iterable[Line]) -> list[str]:
        keys = merge_sources(line.sources for line in lines)
        return self.wrap(self.text("terminal.sources", keys=self.keys(keys, self.width - 30))) if keys else []

    def keys(self, keys: tuple[str, ...], cells: int) -> str:
        """As many keys as fit, at least one; JSON and HTML hold them all."""
        count = 1
        while count < len(keys) and len(", ".join(keys[: count + 1])) <= cells:
            count += 1
        rest = len(keys) - count
        return ", ".join(keys[:count]) + (f" {self.text('terminal.and_more', count=rest)}" if rest else "")

    def head(self, found: Assessment) -> Iterator[str]:
        label = found.person.label
        title = self.text("report.title_for", label=printable(label)) if label else self.text("report.title")
        yield from (self.paint(line, BOLD) for line in self.wrap(title, ""))
        rows = person_rows(found.person, self.language)
        yield from self.wrap(printable(join((rows[0][1], *(f"{name}: {value}" for name, value in rows[1:])), " · ")))
        text = self.text("terminal.serious", counts=counted(found.findings, self.language))
        serious = any(finding.severity in SERIOUS for finding in found.findings)
        yield from (self.paint(line, RED if serious else BOLD) for line in self.wrap(text, ""))

    def intake(self, found: Assessment) -> Iterator[str]:
        days, rows = days_lines(found, self.language), intake_rows(found, self.language)
        for line in days:
            yield from self.wrap(self.marked(line))
        for name, line in rows:
            yield from self.wrap(f"{name:<{NAME_CELLS}} {self.marked(line)}")
        lines = [*(line for _, line in rows), *days]
        foods = [row for row in found.intake.contributions if row.kind in ("food", "water")]
        whole = sum(row.magnesium.value for row in foods)
        if whole:
            yield from self.wrap(self.text("terminal.top_foods"))
        for row in foods[: SHOWN_FOODS if whole else 0]:
            part = percent(row.magnesium.value / whole, self.language)
            bar = "█" * max(1, round(BAR_CELLS * row.magnesium.value / foods[0].magnesium.value))
            name = _fit(printable(food_name(row, self.language)), NAME_CELLS - 2)
            cells = estimate_line(row.magnesium, self.language, figures(row.magnesium, self.language))
            read = self.reading(row)
            text = f"{name:<{NAME_CELLS - 2}} {part:>3} % {bar:<{BAR_CELLS}} {join((self.marked(cells), read), '; ')}"
            yield from self.wrap(text, "    ")
            lines.append(cells)
        if len(foods) > SHOWN_FOODS:
            yield from self.wrap(self.text("terminal.more_foods", count=len(foods) - SHOWN_FOODS), "    ")
        yield from self.sources(lines)

    def reading(self, row: Contribution) -> str:
        """How a food was read, where that is not as it was written."""
        cooked = self.text("kitchen.read-as-cooked") if row.kitchen == "read-as-cooked" else ""
        return printable(join((read_as(row, self.language), cooked), "; "))

    def labs(self, found: Assessment) -> Iterator[str]:
        lines = []
        for index, lab in enumerate(found.status.labs):
            sides = []
            for cut in lab.cut_offs:
                line, role = lab_cut_off(cut, self.language)
                lines.append(line)
                sides.append(f"{self.marked(line)} ({role})")
            said = f": {'; '.join(sides)}." if sides else f". {lab_alone(lab, self.language)}"
            yield from self.wrap(f"{lab_value(found, index, self.language)}{said}")
        yield from self.wrap(self.text("lab.meaning"))
        yield from self.sources(lines)

    def findings(self, found: Assessment) -> Iterator[str]:
        if not found.findings:
            yield from self.wrap(self.text("findings.none"))
        brief = []
        for finding in found.findings:
            if finding.severity == "info":
                brief.append(finding)
                continue
            severity = self.text(f"severity.{finding.severity}").upper()
            what = printable(finding_text(finding, self.language))
            todo = action_text(finding, self.language)
            lines = self.wrap(f"{severity}: {what} {self.proof(finding)} → {todo}")
            if finding.severity in SERIOUS:
                lines[0] = lines[0].replace(severity, self.paint(severity, RED), 1)
            yield from lines
        if brief:
            heading = self.text("severity.info").upper()
            parts = [f"{printable(finding_text(one, self.language))} {self.proof(one)}" for one in brief]
            yield from self.wrap(f"{heading}: {' · '.join(parts)}")

    def proof(self, finding: Finding) -> str:
        """Source keys and marks of one finding."""
        marks = [] if finding.verified else [self.text("estimate.unverified")]
        marks += [self.text("findings.design_choice")] if finding.design_choice else []
        return join((f"[{self.keys(finding.sources, 30)}]", *marks), " ")

    def foot(self, found: Assessment) -> Iterator[str]:
        made = found.provenance
        day = date(made.date, self.language)
        traced = self.text("terminal.made", date=day, engine=made.engine, knowledge=made.knowledge)
        yield ""
        yield from self.wrap(f"{traced} {self.text('disclaimer.information')} {self.text('disclaimer.show')}", "", "")


def _fit(text: str, cells: int) -> str:
    return text if len(text) <= cells else f"{text[: cells - 1]}…"
