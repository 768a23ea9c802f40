"""Two practices in one database, and every route of the web app with the ids and form fields that it takes.

Routes are read from the OpenAPI document of the app, so that a page that comes later is walked too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from magnes.apps.web.app import create_app
from magnes.apps.web.config import LOOPBACK, ServeConfig
from magnes.store import tables
from magnes.store.engine import Store, open_store
from magnes.store.entries import Entries
from magnes.store.people import People
from magnes.store.scope import ROLES, Scope
from magnes.store.sessions import start_session
from magnes.store.tables import KINDS, metadata, practices, users

ORIGIN = "http://localhost"
PUBLIC = ("/login", "/login/first", "/setup")
OWN_DOING = ("/settings", "/account", "/logout")  # what a user does to the own account only
HEAVY = re.compile(r"/(status|plan|timetable|report|whatif|what-if|answer|events|stream|progress|compute)\b")
DAY = dt.date(2026, 3, 2)
NO_LOG_IN = {"password_hash": "-"}  # somebody has a password, so there is no set-up; nothing matches it

# What a form field takes, by its name: enough for most forms to be accepted. ``{}``: a mark to look for in pages.
GOOD = {
    "label": "{}", "age_years": "40", "sex": "female", "weight_kg": "70", "height_cm": "170", "name": "{}",
    "food": "banaan", "amount": "100 g", "text": "100 g banaan", "day": "2026-03-02", "date": "2026-03-02",
    "time": "08:00", "at": "08:00", "salt": "citrate", "test": "serum-magnesium", "value": "0,80", "unit": "mmol/L",
    "user_name": "{}", "new_password": "zeven losse woorden zonder verband", "role": "reader", "language": "en",
    "restricted": "on", "next": "/", "product": "{}", "elemental_mg": "100", "mg": "100", "dose": "1",
    "to_day": "2026-03-03", "from_day": "2026-03-02", "times": "08:00", "meal": "lunch",
}  # fmt: skip
FACTS: dict[str, dict[str, Any]] = {
    "diary": {"food": "banaan", "amount": "100 g", "note": "{}"},
    "medicine": {"name": "omeprazol", "dose": "{}"},
    "supplement": {"name": "{}", "salt": "citrate", "elemental_mg": "100"},
    "lab": {"test": "serum-magnesium", "value": "0,80", "unit": "mmol/L", "note": "{}"},
    "product": {"name": "{}", "salt": "citrate", "elemental_mg": "100"},
    "favourite": {"name": "{}", "food": "banaan", "amount": "100 g"},
}


@dataclass
class Practice:
    """One practice: a user and an open session of each role, ids of everything, a mark in all of its texts."""

    id: int
    mark: str
    scopes: dict[str, Scope] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)

    @property
    def users(self) -> list[int]:
        return [scope.user_id for scope in self.scopes.values()]

    @property
    def ids(self) -> list[int]:
        """Every id of this practice, of whatever it is."""
        return sorted({*self.people, *self.entries, *self.users, self.id})


@dataclass
class House:
    """An app in practice mode over a database with two practices."""

    app: FastAPI
    store: Store
    a: Practice
    b: Practice

    def client(self, practice: Practice | None = None, role: str = "owner", **headers: str) -> TestClient:
        """Return a browser, logged in as this role of this practice."""
        cookies = {"magnes_session": practice.tokens[role]} if practice else {}
        sent = {"origin": ORIGIN, "accept": "text/html"} | headers
        return TestClient(self.app, ORIGIN, headers=sent, cookies=cookies, follow_redirects=False)


def house(folder: Path) -> House:
    """Build both practices. In B every id is larger than any of A, so that an id of B never is one of A too."""
    store = open_store(str(folder / "house.sqlite"))
    a, b = _practice(store, "AnnetteOnly", 1), _practice(store, "BerthaOnly", 1000)
    config = ServeConfig(str(folder / "house.sqlite"), practice=True, hosts=LOOPBACK)
    return House(create_app(config, store), store, a, b)


def single(folder: Path, **options: Any) -> TestClient:
    """Return a browser on an app without log-in."""
    app = create_app(ServeConfig(str(folder / "single.sqlite"), hosts=LOOPBACK, **options))
    headers = {"origin": ORIGIN, "accept": "text/html"}
    return TestClient(app, ORIGIN, headers=headers, follow_redirects=False)


def _practice(store: Store, mark: str, first_id: int) -> Practice:
    now = dt.datetime.now(dt.UTC)
    with store.begin() as session:
        session.execute(insert(practices).values(id=first_id, name=mark, made_at=now))
        _begin_ids_at(session, first_id, now)
        made = Practice(first_id, mark)
        for number, role in enumerate(ROLES):
            values = {"name": f"{mark} {role}", "name_key": f"{mark} {role}".casefold(), "role": role, "settings": {}}
            user_id = first_id + 10 + number
            session.execute(insert(users).values(id=user_id, practice_id=first_id, made_at=now, **NO_LOG_IN, **values))
            made.scopes[role] = Scope(made.id, user_id, role)
            made.tokens[role] = start_session(session, user_id, now, 12)
        owner = made.scopes["owner"]
        people = People(session, owner)
        for name in ("open", "closed"):
            facts = {"label": f"{mark} {name}", "age_years": "40", "sex": "female"}
            person = people.add(facts).id
            made.people.append(person)
            for kind in KINDS:
                facts = {key: value.format(f"{mark} {kind}") for key, value in FACTS[kind].items()}
                row = Entries(session, owner, person).add(kind, facts, DAY if kind == "diary" else None)
                made.entries.append(row.id)
        people.restrict(made.people[1], restricted=True)
    return made


def _begin_ids_at(session: Session, first_id: int, now: dt.datetime) -> None:
    """Let the next people and entries get larger ids: SQLite never gives one twice."""
    person = {"id": first_id + 100, "practice_id": first_id, "facts": {}, "revision": 1, "restricted": False}
    entry = {"id": first_id + 200, "practice_id": first_id, "person_id": first_id + 100, "kind": "lab", "position": 1}
    session.execute(insert(tables.people).values(**person, changed_at=now))
    session.execute(insert(tables.entries).values(**entry, facts={}, changed_at=now))
    session.execute(delete(tables.entries).where(tables.entries.c.id == entry["id"]))
    session.execute(delete(tables.people).where(tables.people.c.id == person["id"]))


def dump(store: Store, *, without: tuple[str, ...] = ("audit", "sessions")) -> dict[str, list[tuple]]:
    """Return every row of the database, apart from the tables that reading may fill."""
    with store.begin(reading=True) as session:
        return {
            table.name: sorted(tuple(map(str, row)) for row in session.execute(select(table)))
            for table in metadata.sorted_tables
            if table.name not in without
        }


def of_practice(rows: dict[str, list[tuple]], practice: Practice) -> dict[str, list[tuple]]:
    """Return the rows that carry the id of a practice; it stands in the first columns of each table."""
    own = str(practice.id)
    return {name: [row for row in found if own in row[:3]] for name, found in rows.items()}


@dataclass(frozen=True)
class Route:
    """One method of one address, with the fields that its form takes."""

    method: str
    path: str
    parameters: tuple[tuple[str, str, str], ...]  # place, name, type
    fields: tuple[str, ...]
    files: tuple[str, ...]
    takes: str  # content type of the body

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def names(self, place: str) -> list[tuple[str, str]]:
        """Names and types of the parameters in the path or the query."""
        return [(name, kind) for where, name, kind in self.parameters if where == place]

    def urls(
        self, ids: list[int], texts: tuple[str, ...] = ("1",), *, people: list[int] | None = None
    ) -> Iterator[str]:
        """Yield the address with every combination of ids in its path; ``people``: the ids for people."""
        named = self.names("path")
        pools = [
            texts if kind != "integer" else people if people and name == "person_id" else ids for name, kind in named
        ]
        for chosen in product(*pools):
            yield self.path.format(**{name: value for (name, _), value in zip(named, chosen, strict=True)})

    def form(self, mark: str = "mark", **more: str) -> dict[str, str]:
        """Return values that the form probably takes."""
        amount = {"amount": "100", "unit": "g"} if "food" in self.fields else {}
        good = GOOD | amount
        return {name: good.get(name.rpartition(".")[2], "").format(mark) for name in self.fields} | more


def routes(app: FastAPI) -> list[Route]:
    """Return every route of the OpenAPI document; deletes last, so that what they take away was walked before."""
    found = []
    for path, methods in app.openapi()["paths"].items():
        for method, said in methods.items():
            parameters = tuple((one["in"], one["name"], _kind(one["schema"])) for one in said.get("parameters", ()))
            takes, fields, files = "", (), ()
            for kind, content in said.get("requestBody", {}).get("content", {}).items():
                takes, schema = kind, content["schema"]
                if "$ref" in schema:
                    schema = app.openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                properties = schema.get("properties", {})
                files = tuple(name for name, one in properties.items() if "binary" in str(one) or "octet" in str(one))
                fields = tuple(name for name in properties if name not in files)
            found.append(Route(method.upper(), path, parameters, fields, files, takes))
    last = ("delete", "disable", "role", "end", "logout", "purge")
    return sorted(found, key=lambda one: (one.path.endswith(last), one.method != "GET"))


def hidden(app: FastAPI) -> set[str]:
    """Return the addresses that are not in the OpenAPI document."""
    shown = set(app.openapi()["paths"])
    served = set()
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        served |= {re.sub(r":\w+}", "}", one.path) for one in (inner.routes if inner else [route])}
    return served - shown


def _kind(schema: dict[str, Any]) -> str:
    kinds = [schema.get("type")] + [one.get("type") for one in schema.get("anyOf", ())]
    return "integer" if "integer" in kinds else "string"


class Scripts(HTMLParser):
    """What a page could run or load: scripts inside, event attributes, styles inside, addresses elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "base", "style", "frame", "applet"):
            self.found.append(f"<{tag}>")
        data = named.get("type") in ("application/json", "application/ld+json")
        if tag == "script" and not data and not named.get("src", "").startswith("/static/"):
            self.found.append(f"<script {named}>")
        for name, value in named.items():
            plain = "".join(value.split()).lower()
            if name.startswith(("on", "hx-on", "hx-vals")) or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "xlink:href", "data", "poster"):
                if plain.startswith(("javascript:", "vbscript:", "data:text")):
                    self.found.append(f"{tag} {name}={value}")
                if tag not in ("a",) and re.match(r"(https?:)?//", plain):
                    self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag
