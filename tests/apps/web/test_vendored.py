"""Third-party scripts: what the list says is what lies there."""

import hashlib
import tomllib
from pathlib import Path

import magnes

STATIC = Path(magnes.__file__).parent / "apps" / "web" / "static"


def test_every_foreign_script_has_its_checksum_version_and_licence() -> None:
    # catches: a script that was changed, added or renewed without its line in the list
    listed = tomllib.loads((STATIC / "vendored.toml").read_text(encoding="utf-8"))
    assert set(listed) == {path.name for path in STATIC.glob("*.min.js")}
    for name, entries in listed.items():
        (entry,) = entries
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == entry["sha256"]
        assert all(entry[fact] for fact in ("name", "version", "licence", "file"))
