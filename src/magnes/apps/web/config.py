"""``ServeConfig``: how the web app is opened, and what must hold before it may be reached from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from magnes.errors import Problem

__all__ = ["DEFAULT_PORT", "LOOPBACK", "ServeConfig", "refusals"]

DEFAULT_PORT = 8460
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class ServeConfig:
    """``database``: a path or URL. ``practice``: with log-in. ``hosts``: names this server answers to.

    ``workers``: compute processes for what takes long; ``draws``: bodies of a fit, as many as on the command line.
    """

    database: str
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    practice: bool = False
    key: str | None = None
    hosts: tuple[str, ...] = LOOPBACK
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxy: str = ""
    workers: int = 2
    draws: int = 500

    @property
    def secure(self) -> bool:
        """Whether browsers reach this server by https, here or at the proxy before it."""
        return self.tls_cert is not None or bool(self.trusted_proxy)


def refusals(config: ServeConfig) -> list[Problem]:
    """Return why the app may not be opened this way: beyond this computer only with log-in and encryption."""
    if is_loopback(config.host):
        return []
    found = []
    if not config.practice:
        found.append(Problem("serve_needs_practice", field="--host", found=config.host, accepted="--practice"))
    if not config.secure:
        accepted = "--tls-cert, --tls-key, --trusted-proxy"
        found.append(Problem("serve_needs_tls", field="--host", found=config.host, accepted=accepted))
    return found


def is_loopback(host: str) -> bool:
    """Whether an address is this computer alone."""
    if host in LOOPBACK:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
