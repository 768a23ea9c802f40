"""A real PostgreSQL of our own: in a temporary folder, on a socket in it, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres")
USER = "magnes"


def folder_of_programs() -> Path | None:
    """Where the programs are: on the path, or where Debian puts them (the newest version)."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: float(path.parent.name))
    folders = [Path(found).resolve().parent] if found else []
    for folder in [*folders, *reversed(debian)]:
        if all((folder / program).exists() for program in PROGRAMS):
            return folder
    return None


def missing() -> str:
    """What to tell when it cannot run; empty when it can."""
    if folder_of_programs() is None:
        return "PostgreSQL: initdb, pg_ctl and postgres not found (Debian package: postgresql)"
    if os.geteuid() == 0 and not (shutil.which("setpriv") and _other_user()):
        return "PostgreSQL does not run as root, and there is no setpriv or other user to run it as"
    return ""


def _other_user() -> pwd.struct_passwd | None:
    return next((user for user in pwd.getpwall() if user.pw_name in ("postgres", "nobody")), None)


class PostgresServer:
    """Started by ``start``; ``new_database`` makes an empty one and returns its URL."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="magnes-pg-"))
        self.numbers = count(1)
        user = _other_user() if os.geteuid() == 0 else None
        self.prefix: list[str] = []
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.settings = f"-k {self.folder} -c listen_addresses='' -c fsync={'on' if durable else 'off'}"
        self.run("initdb", "-D", str(self.folder / "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def run(self, program: str, *arguments: str) -> None:
        programs = folder_of_programs()
        assert programs
        command = [*self.prefix, str(programs / program), *arguments]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            subprocess.run(command, cwd="/", check=True, stdout=log, stderr=log, timeout=60)

    def control(self, verb: str, *more: str) -> None:
        log = str(self.folder / "log")
        self.run("pg_ctl", verb, "-D", str(self.folder / "data"), "-l", log, "-o", self.settings, "-w", *more)

    def start(self) -> None:
        self.control("start")

    def restart(self) -> None:
        """Restart without waiting for anybody: as after a crash of all its connections."""
        self.control("restart", "-m", "immediate")

    def close(self) -> None:
        self.control("stop", "-m", "immediate")
        shutil.rmtree(self.folder)
        (self.folder.parent / f"{self.folder.name}.log").unlink()

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        import psycopg

        name = f"test_{next(self.numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # our own count
        return self.url(name)
