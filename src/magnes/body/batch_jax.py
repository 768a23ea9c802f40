"""The JAX engine of ``batch``: the steps of the NumPy engine as one compiled loop on the device that JAX offers.

The rates are the text that the NumPy engine runs (``rates_source``), read with JAX's functions; the terms of parameters
alone are worked out as they are there. In double precision, which is switched on for these calls alone.

**When it is chosen.** By name always. Without a name only where JAX is installed and sees a graphics processor, and the
work is long enough to pay for compiling. Importing JAX takes a second, so it is asked only where it may say yes: with
``/dev/nvidia0`` present, or ``MAGNES_GPU=1``. ``MAGNES_GPU=0``: never.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.body.batch_numpy import fixed_terms, seconds
from magnes.body.batch_pair import ERROR, FLOOR, GROWTH, ORDER, ROWS, SAFETY, SHRINK, SMALLEST_STEP
from magnes.body.batch_terms import rates_source, split_of
from magnes.body.model import Mode
from magnes.body.trace import compiled
from magnes.errors import InputProblems, Problem

__all__ = ["JaxEngine", "device", "is_worth_it", "sees_gpu"]

Array = NDArray[np.float64]
NVIDIA = Path("/dev/nvidia0")
SECONDS_TO_COMPILE = 10.0


def sees_gpu() -> bool:
    """Whether JAX is there and sees a graphics processor; JAX is imported only where it may (see above)."""
    asked = os.environ.get("MAGNES_GPU")
    if asked == "0" or not (asked or NVIDIA.exists()) or importlib.util.find_spec("jax") is None:
        return False
    return bool(_jax().default_backend() == "gpu")


def is_worth_it(people: int, days: float) -> bool:
    """Whether to choose this engine: a graphics processor is seen, and NumPy takes longer than compiling."""
    return seconds(people, days) > SECONDS_TO_COMPILE and sees_gpu()


def device() -> str:
    """Return the device that this engine runs on: "cpu", or the kind and the maker's name of another."""
    first = _jax().devices()[0]
    return "cpu" if first.platform == "cpu" else f"{first.platform} {first.device_kind}"


def _jax() -> Any:
    if importlib.util.find_spec("jax") is None:
        raise InputProblems([Problem("extra_missing", found="jax", accepted="pip install 'magnes[gpu]'")])
    # else the first of several processes takes most of the memory of the graphics processor
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax

    return jax


def _padded(people: int) -> int:
    """Return how many people are worked on: a power of two, so that few sizes are compiled."""
    return max(JaxEngine.lanes, 1 << (people - 1).bit_length())


def _sum(weights: Sequence[float], slopes: Sequence[Any]) -> Any:
    total = slopes[0] * weights[0]
    for weight, slope in zip(weights[1:], slopes[1:], strict=True):
        total = total + slope * weight
    return total


@cache
def _advance(mode: Mode) -> Callable[..., Any]:
    """Return the compiled loop of a mode; see ``batch_numpy.NumpyEngine.advance``.

    Also returned are the number of a person who fails, else -1, and the number of tries.
    """
    jax = _jax()
    jnp, lax = jax.numpy, jax.lax
    calls = {
        "add": lambda a, b, _row: a + b,
        "sub": lambda a, b, _row: a - b,
        "mul": lambda a, b, _row: a * b,
        "div": lambda a, b, _row: a / b,
        "exp": lambda a, _row: jnp.exp(a),
        "log": lambda a, _row: jnp.log(a),
        "sqrt": lambda a, _row: jnp.sqrt(a),
    }
    source, rows = rates_source(split_of(mode))
    rates, no_room = compiled(source, "rates", calls), (None,) * rows

    def slope(y: Any, fixed: Any) -> Any:
        return jnp.stack([jnp.broadcast_to(row, y.shape[1:]) for row in rates(y, fixed, no_room)])

    def advance(y: Any, fixed: Any, step: Any, first: Any, fresh: Any, span: Any, rtol: Any) -> Any:
        def try_once(carry: Any) -> Any:
            y, k0, now, step, first, waiting, tries, _lost = carry
            h, slopes = jnp.minimum(step, span - now), [k0]
            for weights in ROWS:
                moved = _sum(weights, slopes) * h + y
                slopes.append(slope(moved, fixed))
            miss = _sum(ERROR, slopes) / (jnp.abs(moved) + FLOOR)
            error = h * jnp.sqrt(_sum((1.0,) * len(miss), jnp.square(miss))) / rtol
            good = error <= 1  # false for what is not a number
            factor = jnp.clip(SAFETY * error ** (-1 / ORDER), SHRINK, GROWTH)
            want = h * jnp.where(error < jnp.inf, factor, SHRINK)
            failed = ~good & (h < SMALLEST_STEP) & (h > 0)
            lost = jnp.where(failed.any(), jnp.argmax(failed), -1)
            longer = jnp.where(h < step, jnp.maximum(step, want), want)  # a step cut short says little
            again = jnp.where(h < step, jnp.maximum(first, want), want)
            first = jnp.where(good & waiting, again, first)
            step = jnp.where(good, longer, jnp.where(h > 0, want, step))
            now = now + jnp.where(good, h, 0)
            now = jnp.where(span - now <= 1e-12 * span, span, now)
            y, k0 = jnp.where(good, moved, y), jnp.where(good, slopes[-1], k0)
            return y, k0, now, step, first, waiting & ~good, tries + 1, lost

        def goes_on(carry: Any) -> Any:
            return (carry[2].min() < span) & (carry[-1] < 0)

        step, people = jnp.where(fresh, first, step), y.shape[1]
        begin = (jnp.zeros(people), step, first, jnp.full(people, fresh), 0, jnp.array(-1))
        y, _k0, _now, step, first, _waiting, tries, lost = lax.while_loop(
            goes_on, try_once, (y, slope(y, fixed), *begin)
        )
        return y, step, first, lost, tries

    return jax.jit(advance)  # type: ignore[no-any-return]


@dataclass
class _Block:
    """Terms of parameters alone (terms, people and those that fill up), here and on the device."""

    people: int
    rows: Array
    there: Any = None


class JaxEngine:
    """Steps of a block of people in JAX.

    A block is filled up with its last person to a power of two.
    """

    lanes = 64
    block = 1 << 17  # 0.1 GB of terms on the device
    threads = 1  # the device shares out its work itself

    def __init__(self, mode: Mode, rtol: float) -> None:
        self.rtol, self.terms, self.enable_x64 = rtol, fixed_terms(mode), _jax().enable_x64
        self.loop = _advance(mode)

    def fixed(self, people: int) -> _Block:
        """Return room for the terms of parameters alone of so many people."""
        return _Block(people, np.empty((len(self.terms), _padded(people))))

    def renew(self, fixed: _Block, values: Mapping[str, Array], names: Collection[str] | None) -> None:
        """Work out again what rests on the parameters ``names``."""
        which, rows = self.terms.of(values, names)
        for i, row in zip(which, rows, strict=True):
            fixed.rows[i] = _filled(np.asarray(row), fixed) if np.size(row) > 1 else row
        fixed.there = None

    def advance(self, y: Array, fixed: _Block, step: Array, first: Array, fresh: bool, span: float) -> int:
        """Bring ``y`` (states, people) ``span`` days further; as ``NumpyEngine.advance``."""
        with self.enable_x64(True):
            if fixed.there is None:
                fixed.there = _jax().device_put(fixed.rows)
            states = (_filled(y, fixed), fixed.there, _filled(step, fixed), _filled(first, fixed))
            *found, lost, tries = _jax().device_get(self.loop(*states, fresh, span, self.rtol))
        for old, new in zip((y, step, first), found, strict=True):
            old[:] = new[..., : fixed.people]
        return int(lost) if lost >= 0 else -int(tries)


def _filled(values: Array, fixed: _Block) -> Array:
    """Return the values with the last person's in the places that are left."""
    left = fixed.rows.shape[1] - fixed.people
    return np.concatenate([values, np.repeat(values[..., -1:], left, axis=-1)], axis=-1)
