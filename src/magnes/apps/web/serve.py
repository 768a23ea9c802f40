"""``serve``: one server process for the app, until it is stopped."""

from __future__ import annotations

import logging
import sys
import threading
import time
import webbrowser
from typing import Any

import uvicorn

from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.apps.web.hits import warm_up
from magnes.apps.web.known import warm
from magnes.knowledge.foods import nevo_path
from magnes.text import Language, translate

__all__ = ["CIPHERS", "default_data", "serve", "server_options"]

OPEN_AFTER_S = 1.0
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of 1.3 are all strong


def default_data() -> str:
    """Return the path of the database of this user, beside an imported NEVO table; its folder is made."""
    path = nevo_path().with_name("magnes.sqlite")
    path.parent.mkdir(parents=True, exist_ok=True)
    return str(path)


def serve(config: ServeConfig, *, open_browser: str = "", language: Language = "nl") -> None:
    """Answer requests until Ctrl+C; ``InputProblems`` when the store cannot be opened. ``open_browser``: an address."""
    _log()
    app = create_app(config)
    if app.state.setup:
        print(translate("cli.setup_code", language, code=app.state.setup.code), file=sys.stderr, flush=True)
    threading.Thread(target=_read_ahead, daemon=True).start()
    if open_browser:
        later = threading.Timer(OPEN_AFTER_S, webbrowser.open, (open_browser,))
        later.daemon = True
        later.start()
    uvicorn.run(app, **server_options(config))


def _log() -> None:
    """Write refusals, failed log-ins and mistakes to the terminal, with the time in UTC."""
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(form)
    log = logging.getLogger("magnes.web")
    log.handlers, log.propagate = [handler], False


def server_options(config: ServeConfig) -> dict[str, Any]:
    """Return how uvicorn runs: no server name, no log of addresses, no web sockets, only strong ciphers."""
    return {
        "host": config.host,
        "port": config.port,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "ws": "none",
        "proxy_headers": bool(config.trusted_proxy),
        "forwarded_allow_ips": config.trusted_proxy,
        "ssl_certfile": config.tls_cert,
        "ssl_keyfile": config.tls_key,
        "ssl_ciphers": CIPHERS,
        "timeout_graceful_shutdown": 5,
    }


def _read_ahead() -> None:
    """Read names, tables and the drawing library before the first one asks: what is typed comes first."""
    warm_up()
    warm()
