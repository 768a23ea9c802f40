"""``magnes serve``: the web app on this computer."""

from __future__ import annotations

from getpass import getpass
from pathlib import Path

import click

from magnes.apps.cli.common import language_option, reports_problems
from magnes.apps.cli.helptext import told
from magnes.errors import InputProblems, Problem
from magnes.text import Language, translate

SHORTEST_KEY = 12  # signs; whoever has the file can try keys at leisure
EXTRA = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "argon2", "jinja2", "python_multipart")


@click.command("serve", help=told("serve"))
@click.option("--data", metavar="FILE|URL", help=told("serve_data"))
@click.option("--key-file", type=click.Path(allow_dash=True, dir_okay=False, path_type=Path), help=told("serve_key"))
@click.option("--host", default="127.0.0.1", show_default=True, help=told("serve_host"))
@click.option("--port", type=click.IntRange(1, 65535), default=8460, show_default=True, help=told("serve_port"))
@click.option("--practice", is_flag=True, help=told("serve_practice"))
@click.option("--name", "names", multiple=True, metavar="NAME", help=told("serve_name"))
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=told("serve_tls"))
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=told("serve_tls"))
@click.option("--trusted-proxy", default="", metavar="ADDRESS", help=told("serve_proxy"))
@click.option("--no-browser", is_flag=True, help=told("serve_no_browser"))
@language_option
@reports_problems
def command(
    data: str | None,
    key_file: Path | None,
    host: str,
    port: int,
    practice: bool,
    names: tuple[str, ...],
    tls_cert: Path | None,
    tls_key: Path | None,
    trusted_proxy: str,
    no_browser: bool,
    language: Language,
) -> None:
    """Open the store, then answer until Ctrl+C; a browser opens on the first page."""
    _check_extra()
    from magnes.apps.web.config import LOOPBACK, ServeConfig, refusals
    from magnes.apps.web.serve import default_data, serve

    config = ServeConfig(
        database=data or default_data(),
        host=host,
        port=port,
        practice=practice,
        key=_key(key_file),
        hosts=(*LOOPBACK, *names),
        tls_cert=tls_cert,
        tls_key=tls_key,
        trusted_proxy=trusted_proxy,
    )
    refused = refusals(config)
    if refused:
        raise InputProblems(refused)
    address = f"{'https' if tls_cert else 'http'}://{host}:{port}/"
    click.echo(translate("cli.serving", language, address=address, data=config.database), err=True)
    serve(config, open_browser=address if not no_browser else "", language=language)


def _key(file: Path | None) -> str | None:
    """Read the key of an encrypted database: the first line of a file, or typed unseen (``-``)."""
    if file is None:
        return None
    try:
        typed = getpass() if str(file) == "-" else file.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputProblems([Problem("file_unreadable", file=str(file), found=reason)]) from None
    key = typed.strip()
    if len(key) < SHORTEST_KEY:
        too_short = Problem("serve_key_short", file=str(file), found=str(len(key)), accepted=str(SHORTEST_KEY))
        raise InputProblems([too_short])
    return key


def _check_extra() -> None:
    """Say in one line what to install when the web extra is not there."""
    from importlib.util import find_spec

    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise InputProblems([Problem("extra_missing", found=", ".join(missing), accepted="pip install 'magnes[web]'")])
