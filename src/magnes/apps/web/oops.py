"""The page for what went wrong: what happened, what to do, and a way back."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from magnes.apps.web.words import render
from magnes.errors import Problem
from magnes.text import Language, problem_text, translate

__all__ = ["oops"]

TOLD = (400, 401, 403, 404, 405, 413, 415, 422, 429, 503, 507)  # others are told as 500


def oops(request: Request, status: int, language: Language, problems: Sequence[Problem] = ()) -> Response:
    """Return a page, or JSON for who did not ask for a page; ``status`` 400 to 599."""
    told = status if status in TOLD else 500
    title = translate(f"web.oops.{told}", language)
    if "text/html" not in request.headers.get("accept", "text/html") and request.url.path != "/":
        return JSONResponse({"error": title, "problems": [problem_text(one, language) for one in problems]}, status)
    page = render("oops.html", language, title=title, told=told, problems=problems, desk=None, path=request.url.path)
    return HTMLResponse(page, status)
