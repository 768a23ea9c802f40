"""An assessment, or a plan with it, as one HTML file: no script, nothing fetched, for paper, telephone and ear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from magnes.knowledge.records import Source
from magnes.report.build import Assessment, sources_in
from magnes.report.charts import NARROW, SHOWN_FOODS, Chart, charts
from magnes.report.html_parts import FEW_SOURCES, Parts, esc
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
from magnes.report.vega import Spec
from magnes.report.wording import Line, counted, estimate_line, food_name, known_amount, remark
from magnes.text import Language, action_text, date, finding_text, translate

if TYPE_CHECKING:
    from magnes.advice.plan import Plan  # with it come SciPy and the body model

__all__ = ["Report", "page"]

TIMES = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"  # a count stays with what it counts
OTHER: dict[Language, Language] = {"nl": "en", "en": "nl"}


def page(found: Assessment, language: Language, plan: Plan | None = None) -> str:
    """Return the whole page; a plan for the same person comes after the findings."""
    writer = Report(found, language, plan)
    label, name = found.person.label, "report.plan_title" if plan else "report.title"
    title = writer.text(f"{name}_for", label=label) if label else writer.text(name)
    style = (files("magnes.report") / "page.css").read_text(encoding="utf-8")
    body = "\n".join(section for _name, section in writer.sections())
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<title>{title}</title>\n<link rel="icon" href="data:,">\n<style>\n{style}</style>\n</head>\n<body>\n'
        f'<a class="skip" href="#content">{writer.text("report.skip")}</a>\n'
        f'{writer.stops()}<header>\n<h1>{title}</h1>\n<p class="lead">{writer.text("report.lead")}</p>\n</header>\n'
        f'<main id="content">\n{body}\n</main>\n{writer.footer()}\n</body>\n</html>\n'
    )


def _sources(found: Assessment, plan: Plan | None, more: Iterable[Source]) -> Sequence[Source]:
    """Return the sources of the assessment, the plan and what else is shown in one list."""
    keys = {source.key for source in (*found.sources, *more)}
    if plan is None:
        return sources_in((), keys)
    from magnes.report.html_plan import plan_sources

    return plan_sources(plan, keys)


class Report(Parts):
    """Sections of one assessment and of a plan for the same person, by name."""

    def __init__(
        self, found: Assessment, language: Language, plan: Plan | None = None, more: Iterable[Source] = ()
    ) -> None:
        """``more``: sources of what somebody writes beside these sections."""
        super().__init__(language, _sources(found, plan, more))
        self.found, self.plan = found, plan
        narrow = {chart.id: chart for chart in charts(found, language, NARROW)}
        self.charts = {chart.id: (chart, narrow[chart.id]) for chart in charts(found, language)}

    def sections(self) -> Iterator[tuple[str, str]]:
        """Every section that has something to say, in reading order: its name and its HTML."""
        for name, body in self._bodies():
            yield name, self.section(name, *body)

    def _bodies(self) -> Iterator[tuple[str, Iterable[str]]]:
        found, language = self.found, self.language
        yield "summary", [self.summary()]
        yield "findings", self.findings()
        if self.plan is not None:
            from magnes.report.html_plan import plan_bodies

            yield from plan_bodies(self, self.plan)
        facts = ((name, esc(value)) for name, value in person_rows(found.person, language))
        yield "person", [self.facts(facts)]
        yield "intake", self.intake()
        yield "need", [self.paragraphs(need_lines(found, language))]
        yield "limit", [self.paragraphs(limit_lines(found, language)), self.chart("limit")]
        yield "absorbed", [self.paragraphs(absorbed_lines(found, language)), self.chart("absorption")]
        if found.status.labs:
            yield "labs", self.labs()
        gaps = "\n".join(f"<li>{self.line(line)}</li>" for line in gap_lines(found, language))
        yield "gaps", [f"<ul>\n{gaps}\n</ul>"]
        yield "sources", [self.source_list()]
        yield "provenance", [self.made()]

    def specs(self) -> dict[str, Spec]:
        """Return the pictures that are drawn from a specification, by the section that they stand in."""
        places = {"absorption": "absorbed"}
        found = {places.get(name, name): chart.spec for name, (chart, _) in self.charts.items() if chart.spec}
        if self.plan is not None:
            from magnes.report.html_plan import plan_specs

            found |= plan_specs(self.plan, self.language)
        return found

    def summary(self) -> str:
        """Return the few numbers that people look for first."""
        found, need, language = self.found, self.found.need, self.language
        rows = [(translate("report.counted", language), Line(counted(found.findings, language).replace(" × ", TIMES)))]
        for text_id, value, lower_bound in (
            ("report.usual", need.usual, found.intake.at_least),
            ("kind.EAR", need.ear, False),
            (f"kind.{need.recommended_kind}", need.recommended, False),
            ("report.not_food", found.limit.amount, found.limit.at_least),
            (f"kind.{found.limit.kind}", found.limit.limit, False),
            ("report.taken_up", found.absorbed.per_day, found.intake.at_least),
        ):
            if value:
                words = known_amount(value, language, lower_bound=lower_bound)
                rows.append((translate(text_id, language), estimate_line(value, language, words)))
        return self.facts(((name, self.line(line, FEW_SOURCES)) for name, line in rows), "cards")

    def stops(self) -> str:
        """Return the bar at the very top when magnesium is taken that should not be."""
        link = f'<a href="#h-findings">{self.text("report.what_to_do")}</a>'
        badge = f"<strong>{self.text('severity.stop')}:</strong>"
        bars = "\n".join(f"<p>{badge} {esc(finding_text(one, self.language))} {link}</p>" for one in self.found.stops)
        return f'<div class="top-finding">\n{bars}\n</div>\n' if bars else ""

    def findings(self) -> Iterator[str]:
        """Most serious first; those for information only in one list."""
        shown = [finding for finding in self.found.findings if finding.severity != "info"]
        if not self.found.findings:
            yield f"<p>{self.text('findings.none')}</p>"
        elif shown:
            yield f'<p class="note">{self.text("findings.reading")}</p>'
        for finding in shown:
            yield self.finding(finding)
        brief = [finding for finding in self.found.findings if finding.severity == "info"]
        if brief:
            items = "\n".join(f"<li>{self.evidence(one)} {esc(action_text(one, self.language))}</li>" for one in brief)
            badge = f'<span class="badge">{self.text("severity.info")}</span>'
            yield f'<div class="finding info">\n<h3>{badge}</h3>\n<ul>\n{items}\n</ul>\n</div>'

    def intake(self) -> Iterator[str]:
        """Days, amounts by kind of source, the picture, and all foods when the picture leaves some out."""
        found, language = self.found, self.language
        yield self.paragraphs(days_lines(found, language))
        header = [translate(f"table.{name}", language) for name in ("source", "per_day")]
        rows = [(Line(name), line) for name, line in intake_rows(found, language)]
        yield self.table(translate("table.by_source", language), header, rows)
        yield self.chart("intake")
        foods = found.intake.contributions
        if len(foods) > SHOWN_FOODS:
            header = [translate(f"table.{name}", language) for name in ("food", "per_day", "remark")]
            cells = [
                (Line(food_name(row, language)), estimate_line(row.magnesium, language), Line(remark(row, language)))
                for row in foods
            ]
            title = translate("table.all_foods", language)
            yield self.folded(title, self.table(title, header, cells))

    def chart(self, name: str) -> str:
        """Return the figure of one chart; nothing when there is no data for it."""
        if name not in self.charts:
            return ""
        pair: tuple[Chart, Chart] = self.charts[name]
        note = translate(f"chart.{'absorption' if name == 'absorption' else 'reference'}_note", self.language)
        return self.figure(*pair, note)

    def labs(self) -> Iterator[str]:
        """One table per laboratory value, and what a cut-off means."""
        for index in range(len(self.found.status.labs)):
            yield self.lab(index)
        yield f'<p class="note">{self.text("lab.meaning")}</p>'

    def lab(self, index: int) -> str:
        """One laboratory value: every cut-off and its side, or why there is none."""
        lab = self.found.status.labs[index]
        rows = []
        for cut in lab.cut_offs:
            line, role = lab_cut_off(cut, self.language)
            rows.append((line, Line(role)))
        name = lab_value(self.found, index, self.language)
        if not rows:
            return f"<p>{esc(name)}. {esc(lab_alone(lab, self.language))}</p>"
        unit = translate(f"unit.{lab.value.unit}", self.language)
        header = [translate("table.cut_off", self.language, unit=unit), translate("table.meaning", self.language)]
        return self.table(name, header, rows)

    def made(self) -> str:
        """Return what made the numbers, so that they can be made again."""
        made = self.found.provenance
        rows = (
            ("date", esc(date(made.date, self.language))),
            ("engine", esc(made.engine)),
            ("knowledge", f"<code>{esc(made.knowledge)}</code>"),
            ("python", esc(made.python)),
        )
        return self.facts((translate(f"report.{name}", self.language), value) for name, value in rows)

    def footer(self) -> str:
        """Both disclaimers, in the language of the page and, marked as such, in the other."""
        parts = []
        for language in (self.language, OTHER[self.language]):
            words = " ".join(esc(translate(f"disclaimer.{name}", language)) for name in ("information", "show"))
            parts.append(f'<p lang="{language}">{words}</p>')
        return "<footer>\n" + "\n".join(parts) + "\n</footer>"
