"""The real server as a process of its own, on a free port of this computer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

__all__ = ["Server", "free_port", "serving", "start"]

SRC = Path(__file__).parents[2] / "src"
STARTED_S = 60.0


@dataclass
class Server:
    """A server that answers. ``log`` holds what it wrote."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it without a chance to tidy up, as a power cut does."""
        self.process.kill()
        self.process.wait(timeout=20)

    def stop(self) -> None:
        """End it as Ctrl+C does; a server that hangs is killed."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, *options: str, port: int = 0) -> Server:
    """Start a server on a database and wait until it answers."""
    port = port or free_port()
    address, log = f"http://127.0.0.1:{port}", data.with_suffix(".log")
    command = [sys.executable, "-m", "magnes", "serve", "--no-browser", "--port", str(port), "--data", str(data)]
    environment = {**os.environ, "PYTHONPATH": str(SRC), "PYTHONDONTWRITEBYTECODE": "1"}
    with log.open("ab") as told:
        process = subprocess.Popen([*command, "--lang", "nl", *options], stdout=told, stderr=told, env=environment)
    server = Server(address, process, log)
    until = time.monotonic() + STARTED_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}/static/icon.svg", timeout=5):  # noqa: S310 - our own address
                return server
        except OSError:
            time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')[-2000:]}")


@contextmanager
def serving(data: Path, *options: str) -> Iterator[Server]:
    """Serve for as long as this lasts."""
    server = start(data, *options)
    try:
        yield server
    finally:
        server.stop()
