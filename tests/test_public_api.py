"""The public names of the package."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import pytest

import magnes


@pytest.mark.parametrize("name", magnes.__all__)
def test_every_public_name_loads(name: str) -> None:
    # catches: a name in the table whose module moved
    assert getattr(magnes, name) is not None


@pytest.mark.parametrize("name", magnes.__all__)
def test_a_public_name_is_not_its_module(name: str) -> None:
    # catches: `magnes.intake`, which became the module as soon as something imported it
    import_module("magnes.intake")
    assert not isinstance(getattr(magnes, name), ModuleType)


def test_unknown_name_is_an_attribute_error() -> None:
    # catches: a lazy import that hides a typing error
    with pytest.raises(AttributeError, match="nonsense"):
        _ = magnes.nonsense


def test_dir_shows_the_lazy_names() -> None:
    # catches: names that a person at a prompt cannot discover
    assert {"assess", "read_person"} <= set(dir(magnes))
