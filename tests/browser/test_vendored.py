"""What is vendored for these tests is what was published."""

from __future__ import annotations

import hashlib
import tomllib

from axe import VENDOR


def test_vendored_files_are_unchanged() -> None:
    # catches: an edited or half copied axe-core, which could pass every page
    told = tomllib.loads((VENDOR / "vendored.toml").read_text(encoding="utf-8"))
    for name, facts in told.items():
        content = (VENDOR / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == facts["sha256"]
        assert facts["version"].encode() in content[:200]
        assert b"Mozilla Public" in content[:1000]
