"""Tables of an older version become those of this one, or nothing changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from magnes.errors import InputProblems
from magnes.store.engine import Store, open_store
from magnes.store.migrate import FOLDER
from magnes.store.people import People
from magnes.store.tables import metadata
from magnes.store.users import first_practice

NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "next"
down_revision = "{head}"


def upgrade():
    op.add_column("people", sa.Column("colour", sa.Text()))
    {more}
"""


def newer(folder: Path, more: str = "") -> Path:
    """Our migrations and one more."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = sorted((FOLDER / "versions").glob("r*.py"))[-1].name[1:5]
    (folder / "versions" / "r9999_next.py").write_text(NEXT.format(head=head, more=more))
    return folder


def with_anna(url: str) -> str:
    store = open_store(url)
    with store.begin() as session:
        People(session, first_practice(session, "Een")).add({"label": "Anna"})
    store.close()
    return url


def labels(store: Store) -> list[str]:
    with store.begin() as session:
        return [row.label for row in People(session, first_practice(session, "Een")).list()]


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    # catches: a column in tables.py that no migration makes
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_an_upgrade_keeps_what_was_there(url: str, tmp_path: Path) -> None:
    # catches: an upgrade that begins with empty tables, and one that this version then takes for its own
    with_anna(url)
    store = open_store(url, migrations=newer(tmp_path / "newer"))
    assert labels(store) == ["Anna"]
    assert "colour" in [column["name"] for column in inspect(store.engine).get_columns("people")]
    store.close()
    with pytest.raises(InputProblems) as error:
        open_store(url)
    assert [(problem.code, problem.found) for problem in error.value.problems] == [("store_newer", "next")]


def test_an_upgrade_that_fails_changes_nothing(url: str, tmp_path: Path) -> None:
    # catches: a database between two versions, that neither can open
    with_anna(url)
    with pytest.raises(ZeroDivisionError):
        open_store(url, migrations=newer(tmp_path / "newer", "1 / 0"))
    store = open_store(url)
    assert labels(store) == ["Anna"]
    assert "colour" not in [column["name"] for column in inspect(store.engine).get_columns("people")]
    store.close()


def test_a_copy_stands_beside_the_file_before_an_upgrade(tmp_path: Path) -> None:
    # catches: no way back; a copy at every start
    path = with_anna(str(tmp_path / "m.db"))
    open_store(path).close()
    assert list(tmp_path.glob("m.before*")) == []
    open_store(path, migrations=newer(tmp_path / "newer")).close()
    (copy,) = tmp_path.glob("m.before*")
    assert copy.stat().st_mode & 0o777 == 0o600
    old = open_store(str(copy))
    assert labels(old) == ["Anna"]
    with old.engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    old.close()
