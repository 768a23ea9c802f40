"""``assess``: the whole way through, and ``Assessment``: its result, the same for terminal, JSON and HTML."""

from __future__ import annotations

import datetime as dt
import platform
from collections.abc import Iterable
from typing import Any

from magnes import __version__
from magnes.absorption import Absorbed, absorb
from magnes.advice.check import check
from magnes.advice.finding import Finding
from magnes.diary import Diary, Eaten, resolve
from magnes.estimate import Record
from magnes.intake import Intake, intake
from magnes.knowledge.load import knowledge_hash, table
from magnes.knowledge.records import Source
from magnes.need import LimitCheck, Need, limit, need
from magnes.person import Person
from magnes.reference import DEFAULT_AUTHORITY
from magnes.status import Status, status

__all__ = ["SCHEMA_VERSION", "Assessment", "Provenance", "assess", "sources_in"]

SCHEMA_VERSION = "1.0"


class Provenance(Record):
    """What made the numbers: engine, state of the knowledge, date, Python."""

    engine: str
    knowledge: str
    date: dt.date
    python: str


class Assessment(Record):
    """The answer. Every quantity is an ``Estimate`` whose source keys stand in ``sources``."""

    schema_version: str
    person: Person
    intake: Intake
    need: Need
    limit: LimitCheck
    absorbed: Absorbed
    status: Status
    findings: tuple[Finding, ...]
    advice: tuple[Finding, ...]
    sources: tuple[Source, ...]
    provenance: Provenance

    @property
    def stops(self) -> tuple[Finding, ...]:
        """Findings that end the run with exit code 3."""
        return tuple(finding for finding in self.findings if finding.severity == "stop")


def assess(
    person: Person,
    diary: Diary | Eaten | None = None,
    *,
    authority: str | None = None,
    allow_unmatched: bool = False,
    today: dt.date | None = None,
) -> Assessment:
    """Assess a person, with or without a diary.

    ``authority`` goes before the person's own, which goes before the default. Raises ``InputProblems`` for diary lines
    that match no food, unless ``allow_unmatched``.
    """
    eaten = resolve(diary, allow_unmatched=allow_unmatched) if isinstance(diary, Diary) else diary
    name = authority or person.authority or DEFAULT_AUTHORITY
    daily = intake(person, eaten)
    limits = limit(person, daily, name)
    findings = check(person, daily, limits)
    needed, absorbed, labs = need(person, daily, name), absorb(person, eaten), status(person)
    return Assessment(
        schema_version=SCHEMA_VERSION,
        person=person,
        intake=daily,
        need=needed,
        limit=limits,
        absorbed=absorbed,
        status=labs,
        findings=findings,
        advice=tuple(finding for finding in findings if finding.severity != "info"),
        sources=tuple(sources_in((daily, needed, limits, absorbed, labs, findings))),
        provenance=provenance(today),
    )


def provenance(today: dt.date | None = None) -> Provenance:
    """Engine, knowledge hash, date and Python of this run."""
    return Provenance(
        engine=f"magnes {__version__}",
        knowledge=knowledge_hash(),
        date=today or dt.date.today(),  # noqa: DTZ011 - the calendar day of this computer
        python=platform.python_version(),
    )


def sources_in(parts: Iterable[Any], more: Iterable[str] = ()) -> list[Source]:
    """Return the sources of everything in the records, and ``more``; a key without a row is a fault of the tables."""
    keys = set(more)
    for part in parts:
        _collect(part, keys)
    known = {row.key: row for row in table(Source)}
    return [known[key] for key in sorted(keys)]


def _collect(value: Any, keys: set[str]) -> None:
    if isinstance(value, Record):
        for name in type(value).model_fields:
            found = getattr(value, name)
            if name == "sources":
                keys.update(found)
            else:
                _collect(found, keys)
    elif isinstance(value, tuple):
        for part in value:
            _collect(part, keys)
