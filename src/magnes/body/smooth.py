"""Smooth functions for rates: they run on floats, NumPy and JAX arrays, Pint quantities and symbols alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = ["exp", "least", "log", "march", "positive_part", "soft_limit", "sqrt"]


def _apply(name: str, x: Any) -> Any:
    if isinstance(x, (float, int)):
        return getattr(math, name)(x)
    own = getattr(x, name, None)  # symbols
    if own is not None:
        return own()
    space = getattr(x, "__array_namespace__", None)  # NumPy and JAX arrays say where their functions live
    return getattr(space() if space else np, name)(x)


def exp(x: Any) -> Any:
    """Exponential of a dimensionless value."""
    return _apply("exp", x)


def log(x: Any) -> Any:
    """Natural logarithm of a dimensionless value above 0."""
    return _apply("log", x)


def sqrt(x: Any) -> Any:
    """Square root of a value of at least 0."""
    return _apply("sqrt", x)


def positive_part(x: Any, width: Any) -> Any:
    """Return x where x > 0 and 0 elsewhere, rounded over ``width`` (same unit); never overflows, never below 0.

    >>> round(positive_part(3.0, 0.01), 3), round(positive_part(-3.0, 0.01), 3)
    (3.0, 0.0)
    """
    return (x + sqrt(x**2 + width**2)) / 2


def soft_limit(x: Any, bound: Any) -> Any:
    """Return x, bent so that it stays between -bound and +bound; slope 1 at 0.

    >>> round(soft_limit(0.1, 1.0), 3), round(soft_limit(50.0, 1.0), 3)
    (0.1, 1.0)
    """
    return x / sqrt(1 + (x / bound) ** 2)


def least(x: Any, bound: float) -> Any:
    """Return x, or ``bound`` where x is larger.

    >>> least(0.5, 1.0), least(2.0, 1.0)
    (0.5, 1.0)
    """
    return (x + bound - abs(x - bound)) / 2


def march(step: Callable[[Any, Any], Any], values: tuple[Any, ...], inputs: Sequence[tuple[Any, ...]]) -> Any:
    """Take a step with each of the inputs in turn, ``values = step(values, input)``; under JAX as one loop."""
    if any(hasattr(value, "aval") for value in (*values, *inputs[0])):
        from jax import lax
        from jax import numpy as jnp

        alike = tuple(jnp.broadcast_arrays(*values))
        stacked = tuple(jnp.stack(jnp.broadcast_arrays(*column)) for column in zip(*inputs, strict=True))
        return lax.scan(lambda y, x: (tuple(jnp.broadcast_arrays(*step(y, x))), None), alike, stacked)[0]
    for one in inputs:
        values = step(values, one)
    return values
