"""Settings of the user, and what this installation is: where things are stored, what it knows, under which licences."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import make_url
from starlette.responses import Response

from magnes import __version__
from magnes.advice.dose import CUT_OFF
from magnes.apps.web.doors import AtDesk, Desk
from magnes.apps.web.forms import Field, Typed, body, by_field, read_form
from magnes.errors import InputProblems, Problems
from magnes.knowledge.load import knowledge_hash, table, tables
from magnes.knowledge.records import Authority, LabReference, Source
from magnes.reference import DEFAULT_AUTHORITY
from magnes.status import CUT_OFFS, lab_bound, lab_reference
from magnes.store.users import Users
from magnes.text import LANGUAGES, catalogue

__all__ = ["router"]

router = APIRouter(tags=["settings"])

UNITS = ("mmol", "mg")
Form = Annotated[Typed, Depends(read_form)]


def cut_offs() -> dict[str, LabReference]:
    """Return the lower bounds of magnesium in serum [mmol/L], the Dutch one first, each with its row."""
    rows = [lab_reference(row) for side, row in CUT_OFFS["serum-magnesium"] if side == "low"]
    return {_bound(row): row for row in rows}


def _bound(row: LabReference) -> str:
    return f"{lab_bound('low', row).value:.2f}"


SETTINGS = (
    Field("language", "choice", choices=LANGUAGES),
    Field("authority", "choice", choices=tuple(row.id for row in table(Authority))),
    Field("cut_off", "choice", choices=tuple(cut_offs())),
    Field("units", "choice", choices=UNITS),
)


@router.get("/settings")
def show(at: AtDesk) -> Response:
    """Show the settings and what this installation is."""
    chosen = {field.name: str(at.settings.get(field.name, "")) for field in SETTINGS}
    return _page(at, {"language": at.language, "units": UNITS[0], "cut_off": _bound(lab_reference(CUT_OFF))} | {
        name: value for name, value in chosen.items() if value
    })  # fmt: skip


@router.post("/settings", openapi_extra=body(SETTINGS))
def change(at: AtDesk, typed: Form) -> Response:
    """Save what was chosen; a field that was not sent stays as it was."""
    chosen = {field.name: typed[field.name] for field in SETTINGS if field.name in typed}
    try:
        _save(at, chosen)
    except InputProblems as error:
        return _page(at, chosen, error)
    return at.go("/settings?saved=1")


@router.post("/settings/language", openapi_extra=body((SETTINGS[0], Field("next"))))
def language(at: AtDesk, typed: Form) -> Response:
    """Save the language and go back to the page that was open."""
    _save(at, {"language": typed.get("language", "") or "-"})
    return at.go(typed.get("next", ""))


def _save(at: Desk, chosen: Typed) -> None:
    """Store what is one of the choices; a blank choice is the default of Magnes."""
    problems = Problems()
    for field in SETTINGS:
        value = chosen.get(field.name, "")
        if value and value not in field.choices:
            problems.add("choice_unknown", field=field.name, found=value, accepted=", ".join(field.choices))
    problems.stop()
    with at.begin() as session:
        Users(session, at.scope).change_settings(at.scope.user_id, chosen)


def _page(at: Desk, chosen: Typed, error: InputProblems | None = None) -> Response:
    licences = Counter(row.licence for row in table(Source))
    named = catalogue(at.language)
    return at.page(
        "settings.html",
        422 if error else 200,
        chosen=chosen,
        wrong=by_field(error, SETTINGS) if error else {},
        languages=LANGUAGES,
        authorities=table(Authority),
        default_authority=DEFAULT_AUTHORITY,
        cut_offs=cut_offs(),
        units=UNITS,
        stored=_place(at.config.database) if at.scope.role == "owner" else "",
        version=__version__,
        knowledge=knowledge_hash(),
        tables=len(tables()),
        licences=[(named.get(f"licence.{name}", name), count) for name, count in licences.most_common()],
    )


def _place(database: str) -> str:
    """Return where the database is, without a password."""
    return make_url(database).render_as_string(hide_password=True) if "://" in database else database
