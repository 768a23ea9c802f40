"""What every answer carries and every request must have: headers, our own host and pages, sane sizes."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magnes.apps.web.config import ServeConfig

__all__ = ["CSP", "LARGEST_BODY_MB", "Guard"]

LARGEST_BODY_MB = 25
SAFE = ("GET", "HEAD", "OPTIONS")
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


class Guard:
    """Pure ASGI, so that streams of events pass through unbuffered."""

    def __init__(self, app: ASGIApp, config: ServeConfig) -> None:
        self.app, self.config = app, config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on; the headers go with every answer, refusals too."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal:
            await PlainTextResponse(*refusal)(scope, receive, answer)
            return
        try:
            await self.app(scope, _bounded(receive), answer)
        except TooLargeError:
            await PlainTextResponse(f"more than {LARGEST_BODY_MB} MB", 413)(scope, receive, answer)

    def _headers(self, headers: MutableHeaders, path: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if not path.startswith("/static/"):
            headers.setdefault("cache-control", "no-store")  # health data stays out of caches
        if self.config.secure:
            headers.setdefault("strict-transport-security", HSTS)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[str, int] | None:
        host = _host(headers.get("host", ""))
        if host not in self.config.hosts:
            return f"unknown host; accepted: {', '.join(self.config.hosts)}", 400
        if scope["method"] in SAFE:
            return None
        site = headers.get("sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            return "a write must come from a page of this app", 403
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host", ""):
            return "a write must come from a page of this app", 403
        if origin is None and site is None and headers.get("cookie"):
            return "a write must say where it comes from", 403
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > LARGEST_BODY_MB * 1_000_000:
            return f"more than {LARGEST_BODY_MB} MB", 413
        return None


def _host(header: str) -> str:
    """Return the name of a host header without its port."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _bounded(receive: Receive) -> Receive:
    """Stop reading a body that has no honest length."""
    seen = 0

    async def more() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST_BODY_MB * 1_000_000:
            raise TooLargeError
        return message

    return more
