"""Peers are run by hand (``make peers``); a test of a peer that is not installed is not collected."""

from __future__ import annotations

from importlib.util import find_spec

PACKAGES = ("antimony", "libsbml", "roadrunner")
collect_ignore = [] if all(map(find_spec, PACKAGES)) else ["test_roadrunner.py"]
