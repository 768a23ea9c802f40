"""``ServeConfig``: how the web app is opened, and what must hold before it may be reached from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path

from magnes.errors import Problem

__all__ = ["DEFAULT_PORT", "LOOPBACK", "ServeConfig", "is_loopback", "refusals"]

DEFAULT_PORT = 8460
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WIDEST_PROXY = {4: 8, 6: 16}  # a network of proxies may not be the whole internet


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
    found = []
    if config.key is not None and "://" in config.database and not config.database.startswith("sqlite"):
        found.append(Problem("serve_key_place", field="--key-file", accepted="--data FILE"))
    if (config.tls_cert is None) != (config.tls_key is None):
        found.append(Problem("serve_tls_pair", field="--tls-cert", accepted="--tls-cert, --tls-key"))
    if config.trusted_proxy and not _is_proxy(config.trusted_proxy):
        accepted = "127.0.0.1, 192.168.1.10"
        found.append(Problem("serve_proxy", field="--trusted-proxy", found=config.trusted_proxy, accepted=accepted))
    beyond = "--trusted-proxy" if config.trusted_proxy else "" if is_loopback(config.host) else "--host"
    if beyond and not config.practice:
        found.append(Problem("serve_needs_practice", field=beyond, found=config.host, accepted="--practice"))
    if beyond and not config.secure:
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


def _is_proxy(text: str) -> bool:
    """Whether it names addresses, not everybody: who is trusted may say from which address a request comes."""
    try:
        networks = [ip_network(part.strip()) for part in text.split(",")]
    except ValueError:
        return False
    return all(network.prefixlen >= WIDEST_PROXY[network.version] for network in networks)
