"""Floating-point types of the kernel of ``batch``, with an exponential and a logarithm that become vector instructions.

Those of the C library are called for one number after the other: an evaluation of the rates takes three times as long
(measured). Both work on the bits of a number: exp(x) = 2^n exp(r) with r within ln(2) / 2, and log(2^n m) = n ln(2) +
log(m) with m near 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DOUBLE", "SINGLE", "Precision", "head_source"]


@dataclass(frozen=True)
class Precision:
    """A floating-point type: its bits, and how exp and log are worked out in it."""

    real: str
    size: int  # bits
    mantissa: int  # bits
    lanes: int
    ln2: tuple[float, float]  # in two parts, the first exact when multiplied by a small whole number
    exp_terms: int  # of the power series, for arguments within ln(2) / 2
    log_terms: tuple[float, ...]  # of log((1 + s) / (1 - s)) = 2 s + s (a1 s^2 + a2 s^4 ...), for s within 0.172
    exp_range: tuple[float, float]

    @property
    def bias(self) -> int:
        """What is added to an exponent of two where it is stored."""
        return int(2 ** (self.size - self.mantissa - 2) - 1)


SINGLE = Precision("float32", 32, 23, 16, (0.693359375, -2.12194440e-4), 8, (2 / 3, 2 / 5, 2 / 7, 2 / 9), (-87.0, 88.0))
DOUBLE = Precision(
    "float64",
    64,
    52,
    8,
    (6.93147180369123816490e-01, 1.90821492927058770002e-10),
    14,
    tuple(2 / odd for odd in range(3, 23, 2)),
    (-708.0, 709.0),
)

HEAD = """\
# Written by magnes.body.batch_kernel; changes are lost.
import math

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

N, B = np.{real}, np.uint{size}
OPTIONS = {{"nogil": True, "error_model": "numpy", "fastmath": {{"contract", "nsz"}}}}


@intrinsic
def bits_of(context, x):
    return types.uint{size}(types.{real}), lambda c, build, s, a: build.bitcast(a[0], ir.IntType({size}))


@intrinsic
def number_of(context, x):
    return types.{real}(types.uint{size}), lambda c, build, s, a: build.bitcast(a[0], ir.{llvm}())


@intrinsic
def wide(context):
    # Compilers avoid the widest registers, because some older processors slowed down; this code is 1.3 times faster
    # in them. Without such registers it changes nothing. Not inlining keeps compiling short.
    def mark(c, build, s, a):
        attributes = build.function.attributes
        attributes.add("noinline")
        if isinstance(attributes, set):
            set.add(attributes, '"prefer-vector-width"="512"')
        return c.get_dummy_value()
    return types.none(), mark


@njit(forceinline=True, **OPTIONS)
def exp(x):
    x = N({low!r}) if x < N({low!r}) else x  # not a number stays so
    x = N({high!r}) if x > N({high!r}) else x
    shifted = x * N(1.4426950408889634) + N({magic!r})  # the last bits of the sum are a whole number
    n = shifted - N({magic!r})
    r = x - n * N({ln2[0]!r})
    r = r - n * N({ln2[1]!r})
{exp_lines}
    return p * number_of(B(B(bits_of(shifted) + B({bias})) << B({mantissa})))


@njit(forceinline=True, **OPTIONS)
def log(x):
    bits = bits_of(x)
    stored = B(B(bits + B({half_way})) >> B({mantissa}))
    m = number_of(B(bits - B(B(stored - B({bias})) << B({mantissa}))))  # between sqrt(1/2) and sqrt(2)
    n = number_of(B(stored | B({whole}))) - N({unshift!r})
    f = m - N(1.0)
    s = f / (N(2.0) + f)
    z = s * s
{log_lines}
    h = N(0.5) * f * f
    result = n * N({ln2[0]!r}) - ((h - (s * (h + p) + n * N({ln2[1]!r}))) - f)
    return result if x > N(0.0) else N(np.nan)
"""


def head_source(real: Precision) -> str:
    """Return imports, ``exp`` and ``log`` of a kernel."""
    power = 1.0
    series = [power := power / n if n else power for n in range(real.exp_terms)]
    # bits of sqrt(1/2), rounded: numbers from there on have the exponent of the next power of two
    half_way = {"float32": 0x3F800000 - 0x3F3504F3, "float64": 0x3FF0000000000000 - 0x3FE6A09E667F3BCD}[real.real]
    return HEAD.format(
        real=real.real,
        size=real.size,
        llvm={"float32": "FloatType", "float64": "DoubleType"}[real.real],
        low=real.exp_range[0],
        high=real.exp_range[1],
        magic=1.5 * 2.0**real.mantissa,
        ln2=real.ln2,
        bias=real.bias,
        mantissa=real.mantissa,
        half_way=half_way,
        whole=(real.bias + real.mantissa) << real.mantissa,
        unshift=2.0**real.mantissa + real.bias,
        exp_lines=_polynomial(series, "r"),
        log_lines=_polynomial((0.0, *real.log_terms), "z"),
    )


def _polynomial(terms: Sequence[float], x: str) -> str:
    """Return lines that set ``p``: neighbours in pairs, then pairs of pairs (Estrin), so that no long chain delays."""
    names, lines, power, level = [f"N({term!r})" for term in terms], [], x, 0
    while len(names) > 1:
        joined = []
        for i in range(0, len(names) - 1, 2):
            joined.append(f"p{level}_{i}")
            lines.append(f"    p{level}_{i} = {names[i]} + {power} * {names[i + 1]}")
        names = joined + names[len(joined) * 2 :]
        if len(names) > 1:
            lines.append(f"    x{level} = {power} * {power}")
        power, level = f"x{level}", level + 1
    return "\n".join([*lines, f"    p = {names[0]}"])
