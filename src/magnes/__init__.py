"""Magnes: magnesium in the human body, with numbers, intervals and sources.

The public names load on first use, so that ``import magnes`` costs nothing.

>>> import magnes as mg
>>> round(mg.mmol_from_mg(243.05), 2)
10.0
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from magnes.absorption import absorb as absorb
    from magnes.absorption import fractional_absorption as fractional_absorption
    from magnes.advice.evidence import evidence as evidence
    from magnes.advice.foods import plan_foods as plan_foods
    from magnes.advice.plan import Plan as Plan
    from magnes.advice.plan import plan as plan
    from magnes.advice.timetable import timetable as timetable
    from magnes.body.course import Course as Course
    from magnes.body.course import simulate as simulate
    from magnes.diary import Diary as Diary
    from magnes.diary import resolve as resolve
    from magnes.errors import InputProblems as InputProblems
    from magnes.estimate import Estimate as Estimate
    from magnes.fit.forecast import forecast as forecast
    from magnes.fit.individual import individual as individual
    from magnes.fit.standing import standing as standing
    from magnes.graph import why as why
    from magnes.intake import intake as intake
    from magnes.labels import read_label as read_label
    from magnes.matching import matcher as matcher
    from magnes.need import adequacy_probability as adequacy_probability
    from magnes.person import Person as Person
    from magnes.person import Supplement as Supplement
    from magnes.population.days import Days as Days
    from magnes.population.people import people as people
    from magnes.population.trial import trial as trial
    from magnes.population.trial_spec import Dose as Dose
    from magnes.population.usual.estimator import UsualIntake as UsualIntake
    from magnes.readers.diary_csv import read_diary as read_diary
    from magnes.readers.person_toml import read_person as read_person
    from magnes.report.build import Assessment as Assessment
    from magnes.report.build import assess as assess
    from magnes.statements import claims as claims
    from magnes.units import mg_from_mmol as mg_from_mmol
    from magnes.units import mmol_from_mg as mmol_from_mg

_HOME = {
    "Assessment": "report.build",
    "Course": "body.course",
    "Days": "population.days",
    "Diary": "diary",
    "Dose": "population.trial_spec",
    "Estimate": "estimate",
    "InputProblems": "errors",
    "Person": "person",
    "Plan": "advice.plan",
    "Supplement": "person",
    "UsualIntake": "population.usual.estimator",
    "absorb": "absorption",
    "adequacy_probability": "need",
    "assess": "report.build",
    "claims": "statements",
    "evidence": "advice.evidence",
    "forecast": "fit.forecast",
    "fractional_absorption": "absorption",
    "individual": "fit.individual",
    "intake": "intake",
    "matcher": "matching",
    "mg_from_mmol": "units",
    "mmol_from_mg": "units",
    "people": "population.people",
    "plan": "advice.plan",
    "plan_foods": "advice.foods",
    "read_diary": "readers.diary_csv",
    "read_label": "labels",
    "read_person": "readers.person_toml",
    "resolve": "diary",
    "simulate": "body.course",
    "standing": "fit.standing",
    "timetable": "advice.timetable",
    "trial": "population.trial",
    "why": "graph",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'magnes' has no attribute {name!r}")
    return getattr(import_module(f"magnes.{_HOME[name]}"), name)


class _Package(ModuleType):
    """Keep ``magnes.intake`` the function: importing the module of that name would bind the module over it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
