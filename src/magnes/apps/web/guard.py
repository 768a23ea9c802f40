"""What every answer carries and every request must have: headers, our own host and pages, sane sizes.

It stands before everything else, so that refusals and mistakes of ours carry the headers too, and so that no text of an
exception, which could hold what somebody typed, reaches a page or a log.
"""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magnes.apps.web.config import ServeConfig
from magnes.apps.web.doors import client_address, language_of
from magnes.apps.web.oops import oops
from magnes.errors import Problem

__all__ = ["CSP", "FORM_MB", "UPLOAD_MB", "Guard"]

LOG = logging.getLogger("magnes.web")
UPLOAD_MB, FORM_MB, LOG_IN_KB = 25, 1, 16
LOG_IN = ("/login", "/setup")  # who is not known yet sends a name and a password, nothing larger
SAFE = ("GET", "HEAD", "OPTIONS")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?", re.ASCII)
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
HSTS = "max-age=31536000"


class TooLargeError(Exception):
    """A body that goes on beyond the largest that is accepted."""


@dataclass(frozen=True)
class Refusal:
    """Why a request goes no further."""

    status: int
    problem: Problem | None = None


class Guard:
    """Pure ASGI, so that streams of events pass through unbuffered."""

    def __init__(self, app: ASGIApp, config: ServeConfig) -> None:
        self.app, self.config = app, config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on; the headers go with every answer, refusals and mistakes too."""
        if scope["type"] == "websocket":  # there are none; one from another site would not be stopped by CORS
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        largest = _largest(scope["path"], headers)
        if refusal is None:
            try:
                await self.app(scope, _bounded(receive, largest), answer)
                return
            except TooLargeError:
                refusal = _too_large(largest)
            except Exception as error:
                LOG.error("mistake at %s %r: %s", scope["method"], scope["path"], _place(error))
                refusal = Refusal(500)
        else:
            LOG.warning("refused %s from %s: %s", scope["method"], client_address(scope), refusal.problem)
        if not begun:
            await self._refuse(refusal, scope, receive, answer)

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        problems = [refusal.problem] if refusal.problem else []
        response = oops(request, refusal.status, language_of(request, {}), problems)
        if refusal.status == 413:
            response.headers["connection"] = "close"  # the rest of the body stays unread
        await response(scope, receive, send)

    def _headers(self, headers: MutableHeaders, path: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if not path.startswith("/static/"):
            headers.setdefault("cache-control", "no-store")  # health data stays out of caches
        if self.config.secure:
            headers.setdefault("strict-transport-security", HSTS)

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        host = headers.get("host", "").lower()
        named = HOST.fullmatch(host)
        if not named or len(headers.getlist("host")) > 1 or named[1].strip("[]") not in self.config.hosts:
            return Refusal(400, Problem("request_host", found=host[:80], accepted="--name"))
        if self.config.secure and scope["scheme"] != "https":
            # behind a proxy: who comes past it, or a proxy that does not say X-Forwarded-Proto
            return Refusal(400, Problem("request_https", accepted="https"))
        own = f"{scope['scheme']}://{host}"
        if scope["method"] in SAFE:
            return None if _may_read(headers) else Refusal(403, Problem("request_origin"))
        if not _is_own(headers, own):
            return Refusal(403, Problem("request_origin"))
        length = headers.get("content-length", "")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        has_body = "transfer-encoding" in headers or length not in ("", "0")
        if kind not in FORMS and (kind or has_body):
            return Refusal(415, Problem("request_type", found=kind[:80], accepted=", ".join(FORMS)))
        largest = _largest(scope["path"], headers)
        if length.isdecimal() and int(length) > largest:
            return _too_large(largest)
        return None


def _is_own(headers: Headers, own: str) -> bool:
    """Whether a write comes from a page of this app: the browser says so, in one way at least."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    return site in (None, "same-origin", "none") and origin in (None, own)


def _may_read(headers: Headers) -> bool:
    """Whether another site may cause this reading: only by a link that somebody follows, never in the background."""
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return True
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest", "document") == "document"


def _largest(path: str, headers: Headers) -> int:
    """Return the bytes that a body may have."""
    if path in LOG_IN:
        return LOG_IN_KB * 1000
    upload = headers.get("content-type", "").lower().startswith("multipart/form-data")
    return (UPLOAD_MB if upload else FORM_MB) * 1_000_000


def _too_large(largest: int) -> Refusal:
    return Refusal(413, Problem("request_size", accepted=f"{largest / 1_000_000:g} MB"))


def _place(error: Exception) -> str:
    """Return the kind and the places of a mistake without its words."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return f"{type(error).__name__} in " + " > ".join(
        f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames
    )


def _bounded(receive: Receive, largest: int) -> Receive:
    """Stop reading a body that has no honest length."""
    seen = 0

    async def more() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise TooLargeError
        return message

    return more
