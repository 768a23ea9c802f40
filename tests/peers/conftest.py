"""Peers are run by hand (``make peers``); a test of a peer that is not installed is not collected."""

from __future__ import annotations

from importlib.util import find_spec

NEEDS = {
    "test_roadrunner.py": ("antimony", "libsbml", "roadrunner"),
    "test_petab_problem.py": ("antimony", "libsbml", "petab", "roadrunner"),
    "exported/petab_check.py": ("antimony", "libsbml", "petab", "roadrunner"),
}
collect_ignore = [name for name, packages in NEEDS.items() if not all(map(find_spec, packages))]
