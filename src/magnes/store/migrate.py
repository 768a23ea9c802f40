"""Bring a database to the tables of this version: Alembic, in one transaction, from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select

from magnes.errors import InputProblems, Problem
from magnes.store.tables import metadata

__all__ = ["FOLDER", "upgrade"]

FOLDER = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x6D61676E  # the same number in every process, so that two servers do not migrate at once


def upgrade(engine: Engine, file: str, *, folder: Path = FOLDER, keep: Callable[[str], None] | None = None) -> None:
    """Upgrade to the newest revision; ``keep`` is called with the old revision before existing tables change.

    Raises ``InputProblems`` for a database of something else or of a newer version.
    """
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        now = _revision(connection, scripts, file)
    if now == scripts.get_current_head():
        return
    if now and keep:
        keep(now)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        _run(connection, config, scripts, _revision(connection, scripts, file))


def _revision(connection: Connection, scripts: ScriptDirectory, file: str) -> str | None:
    """Revision of the database; ``None`` for an empty one."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        if inspect(connection).get_table_names():
            raise InputProblems([Problem("store_not_database", file=file)])
        return None
    if current not in {script.revision for script in scripts.walk_revisions()}:
        raise InputProblems([Problem("store_newer", file=file, found=current)])
    return current


def _run(connection: Connection, config: Config, scripts: ScriptDirectory, now: str | None) -> None:
    def steps(_revision: Sequence[str], _context: MigrationContext) -> list[MigrationStep]:
        newest_first: list[Script] = list(scripts.iterate_revisions("head", now or "base"))
        return [
            MigrationStep.upgrade_from_script(scripts.revision_map, script)
            for script in reversed(newest_first)
            if script.revision != now
        ]

    with EnvironmentContext(config, scripts, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
        environment.run_migrations()
