"""The Numba engine of ``batch``: compiled steps of several people at once, an optional extra.

The kernel (``batch_kernel``) is written once per mode and precision into the user's cache folder, beside what Numba
compiles from it, so that later programs start at once. Single precision serves tolerances down to ``FINEST_SINGLE``:
its own error is 5e-7, and it is twice as fast.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from magnes.body.batch_kernel import kernel_source
from magnes.body.batch_numpy import fixed_terms, seconds
from magnes.body.batch_pair import SMALLEST_STEP
from magnes.body.batch_real import DOUBLE, SINGLE, Precision
from magnes.body.batch_terms import split_of
from magnes.body.model import Mode
from magnes.errors import InputProblems, Problem

__all__ = ["NumbaEngine", "cache_folder", "is_worth_it", "kernel"]

Array = NDArray[np.float64]
FINEST_SINGLE = 1e-6
WIDEST_SINGLE = 1e30  # terms beyond this, or below its inverse, are left to double precision
SECONDS_TO_START, SECONDS_TO_COMPILE = 1.0, 10.0


def is_worth_it(mode: Mode, rtol: float, people: int, days: float) -> bool:
    """Whether to choose this engine: installed, and quicker than NumPy even if it must be started or compiled."""
    if importlib.util.find_spec("numba") is None:
        return False
    with_numpy = seconds(people, days)
    return with_numpy > SECONDS_TO_COMPILE or (with_numpy > SECONDS_TO_START and _is_compiled(mode, _precision(rtol)))


def _precision(rtol: float) -> Precision:
    return SINGLE if rtol >= FINEST_SINGLE else DOUBLE


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``MAGNES_CACHE``, else that of the user."""
    if own := os.environ.get("MAGNES_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "magnes"


@cache
def _text(mode: Mode, real: Precision) -> tuple[str, str]:
    """Name and text of a kernel; another text has another name."""
    text = kernel_source(split_of(mode), real)
    return f"{mode.name}_{real.real}_{hashlib.sha256(text.encode()).hexdigest()[:16]}", text


def _is_compiled(mode: Mode, real: Precision) -> bool:
    name, _text_of_it = _text(mode, real)
    return any((cache_folder() / "__pycache__").glob(f"{name}.*.nbi"))


@cache
def kernel(mode: Mode, real: Precision) -> Callable[..., int]:
    """Compile the steps of a mode, or load what was compiled before."""
    if importlib.util.find_spec("numba") is None:
        raise InputProblems([Problem("extra_missing", found="numba", accepted="pip install 'magnes[crowd]'")])
    name, text = _text(mode, real)
    path = _written(cache_folder(), f"{name}.py", text) or _written(Path(tempfile.mkdtemp()), f"{name}.py", text)
    spec = importlib.util.spec_from_file_location(f"magnes_kernel_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # Numba finds it by its name again
    spec.loader.exec_module(module)
    advance: Callable[..., int] = module.advance
    return advance


def _written(folder: Path, name: str, text: str) -> Path | None:
    """Return the file with this text, written if it is not there; None where nothing can be written."""
    path = folder / name
    try:
        if path.exists() and path.read_text() == text:
            return path
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as draft:
            draft.write(text)
        Path(draft.name).replace(path)  # at once: another program may be reading it
    except OSError:
        return None
    return path


@dataclass
class _Block:
    """Terms of parameters alone of some people, as the kernel reads them, and the kernel.

    One row for the people that it works on at once: ``lanes`` numbers of the first term, of the second and so on.
    """

    rows: NDArray[Any]
    advance: Callable[..., int]


class NumbaEngine:
    """Steps of a block of people in a compiled kernel."""

    lanes = SINGLE.lanes
    block = 2048  # people whose values stay near a core
    threads = 64

    def __init__(self, mode: Mode, rtol: float) -> None:
        self.mode, self.rtol, self.terms = mode, rtol, fixed_terms(mode)
        self.kernel = kernel(mode, _precision(rtol))

    def fixed(self, people: int) -> _Block:
        """Return room for the terms of parameters alone of so many people."""
        return _Block(self._room(people, _precision(self.rtol)), self.kernel)

    def _room(self, people: int, real: Precision) -> NDArray[Any]:
        return np.zeros((people // real.lanes, len(self.terms) * real.lanes), dtype=real.real)

    def renew(self, fixed: _Block, values: Mapping[str, Array], names: Collection[str] | None) -> None:
        """Work out again what rests on the parameters ``names``."""
        which, rows = self.terms.of(values, names)
        if fixed.rows.dtype == np.float32 and _are_extreme(rows):
            fixed.rows = self._room(fixed.rows.size // len(self.terms), DOUBLE)
            fixed.advance = kernel(self.mode, DOUBLE)
            which, rows = self.terms.of(values, None)
        by_term = fixed.rows.reshape(len(fixed.rows), len(self.terms), -1)
        for i, row in zip(which, rows, strict=True):
            by_term[:, i] = row if len(row) == 1 else row.reshape(len(by_term), -1)

    def advance(self, y: Array, fixed: _Block, step: Array, first: Array, fresh: bool, span: float) -> int:
        """Bring ``y`` (states, people) ``span`` days further; as ``NumpyEngine.advance``."""
        return fixed.advance(y, fixed.rows, step, first, float(fresh), span, self.rtol, SMALLEST_STEP)


def _are_extreme(rows: Sequence[Array]) -> bool:
    sizes = np.abs(np.concatenate(rows)) if rows else np.ones(1)
    return bool(sizes.max() > WIDEST_SINGLE or sizes.min(where=sizes > 0, initial=1.0) < 1 / WIDEST_SINGLE)
