"""``magnes serve``: what may not be opened is refused with a reason; an encrypted database opens with its key."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from web_server import serving

from magnes.apps.cli.main import cli

ENCRYPTED = find_spec("sqlcipher3") is not None


def refused(*options: str) -> str:
    ran = CliRunner().invoke(cli, ["serve", "--no-browser", "--lang", "en", *options])
    assert ran.exit_code == 1, ran.output
    return ran.output


def test_a_key_that_protects_nothing_is_refused(tmp_path: Path) -> None:
    # catches: a short or empty key that people trust; a key that PostgreSQL would ignore
    short, long = tmp_path / "short.txt", tmp_path / "long.txt"
    short.write_text("secret\n", encoding="utf-8")
    long.write_text("four words and a number 7\n", encoding="utf-8")
    data = str(tmp_path / "m.sqlite")
    assert "the key has 6 signs" in refused("--data", data, "--key-file", str(short))
    assert "cannot be read" in refused("--data", data, "--key-file", str(tmp_path / "none.txt"))
    assert "belongs to a file" in refused("--data", "postgresql://x/y", "--key-file", str(long))
    assert not Path(data).exists()
    assert "secret" not in refused("--data", data, "--key-file", str(short))


@pytest.mark.skipif(not ENCRYPTED, reason="sqlcipher3 is not installed")
def test_an_encrypted_database_is_made_and_opened_again(tmp_path: Path) -> None:
    # catches: an option that is read and not used
    key, data = tmp_path / "key.txt", tmp_path / "m.sqlite"
    key.write_text("four words and a number 7\n", encoding="utf-8")
    for _ in range(2):
        with serving(data, "--key-file", str(key)):
            pass
    assert not data.read_bytes().startswith(b"SQLite")
    key.write_text("another key of some length\n", encoding="utf-8")
    assert "key" in refused("--data", str(data), "--key-file", str(key))
