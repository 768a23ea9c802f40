"""``serve``: one server process for the app, until it is stopped."""

from __future__ import annotations

import threading
import webbrowser

import uvicorn

from magnes.apps.web.app import create_app
from magnes.apps.web.config import ServeConfig
from magnes.apps.web.hits import hits
from magnes.knowledge.foods import nevo_path
from magnes.text import LANGUAGES

__all__ = ["default_data", "serve"]

OPEN_AFTER_S = 1.0
ASKED_FIRST = (("foods", "spin"), ("foods", "spni"), ("medicines", "ome"), ("conditions", "dia"))  # one is a slip


def default_data() -> str:
    """Return the path of the database of this user, beside an imported NEVO table; its folder is made."""
    path = nevo_path().with_name("magnes.sqlite")
    path.parent.mkdir(parents=True, exist_ok=True)
    return str(path)


def serve(config: ServeConfig, *, open_browser: str = "") -> None:
    """Answer requests until Ctrl+C; ``InputProblems`` when the store cannot be opened. ``open_browser``: an address."""
    app = create_app(config)
    threading.Thread(target=_look_up_once, daemon=True).start()
    if open_browser:
        later = threading.Timer(OPEN_AFTER_S, webbrowser.open, (open_browser,))
        later.daemon = True
        later.start()
    uvicorn.run(
        app,
        host=config.host,
        port=config.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(config.trusted_proxy),
        forwarded_allow_ips=config.trusted_proxy or None,
        ssl_certfile=config.tls_cert,
        ssl_keyfile=config.tls_key,
        timeout_graceful_shutdown=5,
    )


def _look_up_once() -> None:
    """Build the tables of names before somebody types: the first look-up takes seconds, the next milliseconds."""
    for language in LANGUAGES:
        for kind, text in ASKED_FIRST:
            hits(kind, text, language, 1)
