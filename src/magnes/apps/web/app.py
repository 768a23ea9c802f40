"""``create_app``: the pages, the guard before them, and clear answers to what goes wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from magnes import __version__
from magnes.apps.web import pages
from magnes.apps.web.compute.worker import Compute
from magnes.apps.web.config import ServeConfig
from magnes.apps.web.doors import client_address, language_of
from magnes.apps.web.guard import Guard
from magnes.apps.web.limits import LogInLimits, Once
from magnes.apps.web.oops import oops
from magnes.apps.web.setup import SetUp
from magnes.apps.web.words import static_bytes
from magnes.errors import InputProblems, Problem
from magnes.store.engine import Store, open_store
from magnes.store.faults import StoreFull, StoreUnavailable
from magnes.store.scope import NotAllowed, NotFound, utc_now
from magnes.store.users import anybody, first_practice

__all__ = ["PAGES", "create_app"]

PAGES = tuple(sorted(module.name for module in iter_modules(pages.__path__)))
LOG = logging.getLogger("magnes.web")
STATIC = Path(__file__).parent / "static"


def create_app(config: ServeConfig, store: Store | None = None) -> FastAPI:
    """Return the app on a store, opened from ``config.database`` unless given; ``InputProblems`` when it cannot be."""
    opened = store or open_store(config.database, key=config.key)

    compute = Compute(config.workers)

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        del app
        yield
        compute.close()
        if store is None:
            opened.close()

    app = FastAPI(title="Magnes", version=__version__, lifespan=running, openapi_url=None, redirect_slashes=False)
    app.state.store, app.state.config, app.state.clock = opened, config, utc_now
    app.state.limits, app.state.opened = LogInLimits(), Once()
    app.state.compute = compute
    with opened.begin() as session:
        app.state.local_scope = None if config.practice else first_practice(session, "Magnes")
        app.state.setup = SetUp(utc_now) if config.practice and not anybody(session) else None
    app.add_middleware(Guard, config=config)
    app.add_api_route("/static/report.css", _report_css, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for name in PAGES:
        app.include_router(import_module(f"magnes.apps.web.pages.{name}").router)
    app.add_exception_handler(HTTPException, _http)
    for kind in (InputProblems, NotFound, NotAllowed, StoreUnavailable, StoreFull, RequestValidationError):
        app.add_exception_handler(kind, _known)
    return app


def _report_css() -> Response:
    return Response(static_bytes("report.css"), media_type="text/css")


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 401 and request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    if status == 401 and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/login", 303)
    answer = oops(request, status, language_of(request, {}))
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def _known(request: Request, error: Exception) -> Response:
    """Answer what the store or a reader refuses: a page that says what and, where known, why."""
    problems: Sequence[Problem] = ()
    status = {NotFound: 404, NotAllowed: 403}.get(type(error), 422)
    if isinstance(error, InputProblems):
        problems = error.problems
    elif isinstance(error, StoreUnavailable):
        status, problems = 507 if isinstance(error, StoreFull) else 503, (error.problem,)
    elif isinstance(error, RequestValidationError) and any(one["loc"][0] == "path" for one in error.errors()):
        status = 404  # an address with something else than an id
    elif isinstance(error, NotAllowed):
        LOG.warning("not allowed: %s %r from %s", request.method, request.url.path, client_address(request.scope))
    return oops(request, status, language_of(request, {}), problems)
