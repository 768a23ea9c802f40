"""Usual intake of groups, and the differences that a scenario makes, as tables of text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

from magnes.population.scenario_usual import ScenarioUsual
from magnes.population.survey_days import GROUPS, MODELS
from magnes.population.survey_usual import Note, SurveyUsual
from magnes.population.usual.guards import GuardCode
from magnes.report.tables import aligned, figure, wrapped
from magnes.text import Language, problem_text, translate

if TYPE_CHECKING:
    import polars as pl

__all__ = ["group_name", "notes_text", "scenario_text", "usual_text"]

# column of the table -> digits; those that a result lacks are left out
SHOWN = {"mean": 0, "p5": 0, "p25": 0, "p50": 0, "p75": 0, "p95": 0, "pct_below_EAR": 1, "pct_inadequate_prob": 1}
WITHOUT_ERROR = ("p5", "p25", "p75", "p95")  # they are in the written table
CHANGED = {"mean": 0, "p5": 0, "pct_below_EAR": 1}
SUPPLEMENTS = {
    "mean_food": 0, "mean_supplement": 0, "mean_total": 0, "pct_users": 1, "pct_total_below_EAR": 1,
    "pct_supplement_above_limit": 1,
}  # fmt: skip
SUPPLEMENTS_CHANGED = {"mean_total": 0, "pct_total_below_EAR": 1, "pct_supplement_above_limit": 1}
WOMEN = {group.name for group in GROUPS if group.sex == "female"}


def usual_text(usual: SurveyUsual, language: Language) -> str:
    """Return the table of groups, how it was made, and all that has to be told beside it."""
    frame = usual.frame()
    people = sum(model.fit.n_persons for model in usual.models)
    days = sum(model.fit.n_days for model in usual.models)
    title = translate("usual.title", language, people=people, days=days)
    lines = [title, "", *_table(frame, SHOWN, language), ""]
    added = usual.supplement_frame()
    if added is not None:
        lines += [translate("usual.supplements", language), "", *_table(added, SUPPLEMENTS, language), ""]
    return "\n".join([*lines, *wrapped(_told(usual, language))])


def scenario_text(found: ScenarioUsual, name: str, language: Language) -> str:
    """Return what a scenario met and changed: both diets and their differences, and all that has to be told."""
    lines = [translate("usual.scenario", language, name=name), ""]
    for place, one in enumerate(found.diets.applied, start=1):
        what = translate(f"usual.change.{one.do}", language)
        if one.records is None:
            lines.append(translate("usual.met_supplement", language, number=place, what=what))
        else:
            facts = {"number": place, "what": what, "records": one.records, "people": one.people}
            lines.append(translate("usual.met" if one.records else "usual.met_nothing", language, **facts))
    lines += ["", *_compared(found.frame(), CHANGED, language), ""]
    added = found.supplement_frame()
    if added is not None:
        lines += [translate("usual.supplements", language), "", *_compared(added, SUPPLEMENTS_CHANGED, language), ""]
    return "\n".join([*lines, *wrapped([translate("usual.change_paired", language), *_told(found.before, language)])])


def _compared(frame: pl.DataFrame, columns: dict[str, int], language: Language) -> list[str]:
    """Return the groups with the values of both diets and the change of each."""
    shown = [name for name in columns if f"{name}_change" in frame.columns]
    heads = [translate(f"table.usual.{name}", language) for name in ("group", "n")]
    for name in shown:
        heads += [
            translate(f"table.usual.{name}", language),
            translate("table.usual.after", language),
            translate("table.usual.change", language),
        ]
    rows = [heads]
    for row in frame.iter_rows(named=True):
        cells = [group_name(row["group"], language), str(row["n"])]
        for name in shown:
            both = [figure(row[f"{name}_{when}"], columns[name], language) for when in ("before", "after")]
            cells += [*both, _signed(row[f"{name}_change"], row.get(f"{name}_change_se"), language)]
        rows.append(cells)
    return aligned(rows)


def _signed(change: float | None, error: float | None, language: Language) -> str:
    text = figure(change, 1, language)
    text = f"+{text}" if change is not None and round(change, 1) > 0 else text
    return text if error is None else f"{text} ±{figure(error, 1, language)}"


def group_name(name: str, language: Language) -> str:
    """Return the name of a group in words of the language; a group of a file keeps its own."""
    if name in (*MODELS, "all"):
        return translate(f"usual.model.{name}", language)
    women = name in WOMEN
    return translate("table.usual.women", language, ages=name[2:]) if women else name


def notes_text(notes: Iterable[Note], language: Language) -> list[str]:
    """Return what is to be told of models: refused or warned, which ones, why; the same of several in one sentence."""
    models: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        if note.problem is not None:
            why = problem_text(note.problem, language)
        else:
            is_guard = note.code in get_args(GuardCode)
            text_id = f"usual_guard.{note.code}" if is_guard else f"usual.note.{note.code}"
            why = translate(text_id, language, found=note.found.replace(".", "," if language == "nl" else "."))
        models.setdefault((note.severity, why), []).append(translate(f"usual.model.{note.model}", language))
    return [
        translate(f"usual.{severity}", language, model=", ".join(names), why=why)
        for (severity, why), names in models.items()
    ]


def _told(usual: SurveyUsual, language: Language) -> list[str]:
    lines = notes_text(usual.notes, language)
    left = usual.left_out
    counts = {
        "missing_days": left.missing_days,
        "zero_days": left.zero_days,
        "people_without_weight": left.people_without_weight,
        "people_without_covariate": left.people_without_covariate,
    }
    lines += [translate(f"usual.left.{name}", language, count=count) for name, count in counts.items() if count]
    if usual.n_replicates:
        how = translate(f"usual.replicates.{usual.replicates}", language)
        lines.append(translate("usual.errors", language, how=how, number=usual.n_replicates))
    else:
        lines.append(translate("usual.no_errors", language))
    which = "usual.food_only" if usual.supplement_frame() is None else "usual.food_and_supplements"
    lines += [translate("usual.shares", language), translate(which, language)]
    return [*lines, translate("usual.information", language)]


def _table(frame: pl.DataFrame, columns: dict[str, int], language: Language) -> list[str]:
    shown = {name: digits for name, digits in columns.items() if name in frame.columns}
    ear = ["EAR"] if "EAR" in frame.columns and frame["EAR"].null_count() < frame.height else []
    rows = [[translate(f"table.usual.{name}", language) for name in ("group", "n", *ear, *shown)]]
    for row in frame.iter_rows(named=True):
        cells = [group_name(row["group"], language), str(row["n"]), *(figure(row[name], 0, language) for name in ear)]
        rows.append([*cells, *(_cell(row, name, digits, language) for name, digits in shown.items())])
    return aligned(rows)


def _cell(row: dict[str, Any], name: str, digits: int, language: Language) -> str:
    text, error = figure(row[name], digits, language), row.get(f"{name}_se")
    return text if error is None or name in WITHOUT_ERROR else f"{text} ±{figure(error, 1, language)}"
