"""The label calculator: what the words of a label say, what that is a day, and the limit for supplements beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends
from starlette.responses import Response

from magnes.apps.web.case import person_of
from magnes.apps.web.doors import ForPerson, PersonDesk
from magnes.apps.web.forms import Field, Typed, body, by_field, facts_of, read_form
from magnes.apps.web.pages.taking import SUPPLEMENTS
from magnes.apps.web.rows import Attempt, Wrong
from magnes.errors import InputProblems, Problems
from magnes.knowledge.names import salts_named
from magnes.knowledge.records import Salt
from magnes.labels import DECIDED, Label, read_label
from magnes.person import Person, Supplement
from magnes.ranking import RISKS, lacking, per_piece
from magnes.readers.fields import read_number
from magnes.readers.person_toml import supplements_from
from magnes.readers.products_csv import LARGEST_PER_DAY, LONGEST_LABEL, SMALLEST_PER_DAY
from magnes.report.build import Assessment, assess, sources_in
from magnes.report.html_parts import Parts, esc
from magnes.report.preferred import in_units
from magnes.report.products import laxative_risk
from magnes.report.statements import absorbed_lines, limit_lines
from magnes.report.wording import Line, join, percent
from magnes.store.entries import Entries
from magnes.text import Language, in_language, number, translate

__all__ = ["router"]

router = APIRouter(prefix="/people/{person_id}/taking/label", tags=["taking"])

FIELDS = (
    Field("label", "long", required=True, words="label_text", hint=True),
    Field("pieces", "number", hint=True),
    Field("times", "times", hint=True),
    Field("product"),
)
ONCE = "08:00"  # a taking for the sum when no times are given
LONGEST_NAME = 60
Form = Annotated[Typed, Depends(read_form)]


class _Use(NamedTuple):
    """A label, how much of it is taken at a time, and when."""

    reading: Label
    pieces: float
    times: tuple[str, ...]
    name: str

    @property
    def per_day(self) -> float:
        return self.pieces * max(1, len(self.times))

    @property
    def facts(self) -> dict[str, Any]:
        """Return the row of the supplement; its amount as the label says it, for the pieces of one taking."""
        field, mg = per_piece(self.reading, self.per_day)
        names = self.reading.names
        named = {"salt": names[0]} if len(names) == 1 else {"product": self.name}
        return named | {field: f"{mg * self.pieces:.2f}".rstrip("0").rstrip("."), "times": list(self.times)}


@router.get("")
def label(at: ForPerson) -> Response:
    """Show the empty calculator."""
    return _page(at, {})


@router.post("", openapi_extra=body(FIELDS))
def read(at: ForPerson, typed: Form) -> Response:
    """Show what is understood of a label."""
    return _page(at, typed, judge=True)


@router.post("/add", openapi_extra=body(FIELDS))
def add(at: ForPerson, typed: Form) -> Response:
    """Add what the label says as a supplement; times are needed then."""
    try:
        use = _use(typed)
    except InputProblems:
        return _page(at, typed, judge=True)
    if lacking(use.reading, use.per_day):
        return _page(at, typed, judge=True)
    saved = SUPPLEMENTS.save(at, _typed(use.facts))
    if isinstance(saved, Attempt):
        names = {field.name for field in FIELDS}
        wrong: Wrong = {}
        for name, problems in saved.wrong.items():
            wrong.setdefault(name if name in names else "label", []).extend(problems)
        return _page(at, typed, wrong)
    return at.go(f"/people/{at.person.id}/taking?saved={saved.id}")


def _typed(facts: Mapping[str, Any]) -> Typed:
    return {name: " ".join(value) if isinstance(value, list) else value for name, value in facts.items()}


def _use(typed: Typed) -> _Use:
    """Read the form; ``InputProblems`` by field."""
    facts, problems = facts_of(FIELDS, typed), Problems()
    text = facts.get("label", "")
    if not text:
        problems.add("field_missing", field="label")
    if len(text) > LONGEST_LABEL:
        problems.add("product_label_long", field="label", found=len(text), accepted=str(LONGEST_LABEL))
    pieces = read_number(
        facts.get("pieces", "1"),
        problems,
        line=None,
        field="pieces",
        low=SMALLEST_PER_DAY,
        high=LARGEST_PER_DAY,
        unit="",
    )
    times, judged = facts.get("times", []), Problems()
    supplements_from([{"product": "-", "elemental_mg": "1", "times": times or [ONCE]}], judged)
    problems.found += [replace(one, line=None, field="times") for one in judged.found]
    problems.stop()
    name = facts.get("product") or " ".join(text.split())[:LONGEST_NAME]
    return _Use(read_label(text), pieces or 1.0, tuple(times), name)


def _page(at: PersonDesk, typed: Typed, wrong: Wrong | None = None, *, judge: bool = False) -> Response:
    found = None
    if judge:
        try:
            use = _use(typed)
        except InputProblems as error:
            wrong = by_field(error, FIELDS)
        else:
            with at.begin(reading=True) as session:
                person = person_of(Entries(session, at.scope, at.person.id), at.person, at.settings)
            found = _told(use, person, at)
    return at.page("label.html", 422 if wrong else 200, fields=FIELDS, typed=typed, wrong=wrong or {}, found=found)


def _told(use: _Use, person: Person, at: PersonDesk) -> dict[str, str]:
    """Return what the page says: as HTML, but for the code of what is lacking."""
    language = at.language
    missing = lacking(use.reading, use.per_day)
    words = Parts(language, ())
    told = {"facts": words.facts(_understood(use, language)), "lacking": missing}
    if missing:
        return told
    problems = Problems()
    (supplement,) = supplements_from([use.facts | {"times": list(use.times) or [ONCE]}], problems)
    problems.stop()
    alone, together = (_assessed(person, mine, at) for mine in ((supplement,), (*person.supplements, supplement)))
    salts = [row for name in use.reading.names for row in salts_named(name)[:1]]
    keys = [key for row in salts for key in row.sources]
    writer = Parts(language, sources_in((alone.limit, together.limit, alone.absorbed), keys))
    lines = [*limit_lines(alone, language), *_share(alone, language)]
    if person.supplements or person.medicines:
        lines += [Line(translate("web.taking.together", language)), *limit_lines(together, language)[-1:]]
    return told | {
        "limit": writer.paragraphs(lines),
        "tolerance": writer.bullets(_tolerance(salts, language)),
        "absorbed": writer.paragraphs(absorbed_lines(alone, language)),
        "sources": writer.folded(translate("report.sources", language), writer.source_list()),
    }


def _assessed(person: Person, supplements: tuple[Supplement, ...], at: PersonDesk) -> Assessment:
    """Assess a person with these supplements; medicines count only beside what is taken already."""
    alone = len(supplements) == 1
    changed: dict[str, Any] = {"supplements": supplements}
    if alone:
        changed |= {"medicines": (), "supplements_known": True}
    return in_units(assess(person.model_copy(update=changed)), at.settings.get("units", ""))


def _understood(use: _Use, language: Language) -> list[tuple[str, str]]:
    """Return what the label says: substance, amounts, for how many pieces, and what decided the reading."""

    def of(name: str, **facts: object) -> str:
        return translate(f"web.taking.{name}", language, **facts)

    reading, rows = use.reading, []
    salts = join(in_language(salts_named(name)[0], "name", language) for name in reading.names)
    rows.append((of("read_salt"), salts))
    for name, mg in (("read_elemental", reading.elemental_mg), ("read_compound", reading.compound_mg)):
        rows.append((of(name), "" if mg is None else f"{number(mg, language, 0 if mg == int(mg) else 1)} mg"))
    if reading.units_per_dose:
        count = number(
            reading.units_per_dose, language, 0 if reading.units_per_dose == int(reading.units_per_dose) else 1
        )
        rows.append((of("read_per"), of("per_pieces", count=count)))
    elif reading.per == "day":
        rows.append((of("read_per"), of("per_day")))
    if reading.percent_ri is not None:
        rows.append((of("read_percent"), f"{number(reading.percent_ri, language)} %"))
    if reading.reason in DECIDED:
        rows.append((of("read_by"), translate(f"product.read_{reading.reason}", language)))
    return [(label, esc(value)) for label, value in rows if value]


def _share(found: Assessment, language: Language) -> list[Line]:
    """Return the part of the limit for supplements that this product alone takes."""
    check = found.limit
    if check.limit is None or not check.limit.value:
        return []
    part = percent(check.amount.value / check.limit.value, language)
    text = translate("web.taking.share", language, share=part)
    return [Line(text, check.limit.sources, check.limit.verified)]


def _tolerance(salts: list[Salt], language: Language) -> list[Line]:
    """Return what the salts do to the bowels, as the salt table says."""
    risk = max((row.laxative_risk for row in salts), key=RISKS.index, default="unknown")
    told = [Line(in_language(row, "laxative", language), row.sources, row.verified) for row in salts]
    return [Line(laxative_risk(risk, language)), *(line for line in told if line.text)]
