"""Write the steps of a mode as a Numba kernel: a Python text whose loops over people become vector instructions.

One flat array holds everything of a few people (``lanes``): rows of that many numbers, one row per state, slope or
fixed term. Each function is a loop with straight-line code inside; that is what the compiler can turn into vector code:
one array, constant places, no branches. In single precision states are sums of two numbers, so that rounding does not
add up over the steps; in double precision the same text loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from magnes.body.batch_pair import ERROR, FLOOR, GROWTH, ORDER, ROWS, SAFETY, SHRINK
from magnes.body.batch_real import Precision, head_source
from magnes.body.batch_terms import Split, lines_of
from magnes.body.trace import Node

__all__ = ["kernel_source"]

COST = {"state": 0, "constant": 0, "div": 4, "sqrt": 4, "exp": 10, "log": 10}  # of an operation, in additions


def kernel_source(parts: Split, real: Precision) -> str:
    """Source of ``advance`` for a mode and a precision; see ``batch_numpy.NumpyEngine.advance``."""
    return head_source(real) + "".join(_Kernel(parts, real).functions())


def _by_depth(nodes: Sequence[Node]) -> list[Node]:
    """Put terms that can be worked out at the same time beside each other: the processor finds more to do, 8 %."""
    depth: dict[int, int] = {}
    for node in nodes:
        depth[id(node)] = max((depth.get(id(part), 0) for part in node.arguments), default=0) + COST.get(node.name, 1)
    return sorted(nodes, key=lambda node: depth[id(node)])


class _Kernel:
    """Places of rows in the flat array, and the functions that work on them.

    Step and acceptance stand once for every state, so that sums over states are one loop without an inner one.
    """

    def __init__(self, parts: Split, real: Precision) -> None:
        self.parts, self.lanes, self.count, self.rows = parts, real.lanes, len(parts.states), 0
        self.least = 4 * 2.0**-real.mantissa  # share of a span that is nothing
        self.y, self.low, self.moved, self.out, self.h, self.good = (self._room(self.count) for _ in range(6))
        self.k = [self._room(self.count) for _ in ROWS]
        self.fixed = self._room(len(parts.fixed))
        self.refused, self.step, self.first, self.fresh, self.now, self.cut, self.fine = (
            self._room(1) for _ in range(7)
        )

    def _room(self, rows: int) -> int:
        self.rows += rows
        return self.rows - rows

    def _at(self, row: int, index: str = "i") -> str:
        return f"w[{row * self.lanes} + {index}]"

    def _sum(self, weights: Sequence[float], slopes: Sequence[int]) -> str:
        return " + ".join(f"N({weight!r}) * {self._at(row)}" for weight, row in zip(weights, slopes, strict=True))

    def _function(self, name: str, arguments: str, lines: Sequence[str], *, states: bool = False) -> str:
        count = self.lanes * (self.count if states else 1)
        body = "\n".join(f"        {line}" for line in lines)
        return f"\n\n@njit(**OPTIONS)\ndef {name}({arguments}):\n    wide()\n    for i in range({count}):\n{body}\n"

    def functions(self) -> list[str]:
        """Return all functions of the kernel, those that are called first."""
        stages = [self._function(f"stage{j}", "w", self._stage(j), states=True) for j in range(len(ROWS))]
        return [
            self._function("rates", "w", self._rates()),
            *stages,
            self._function("begin", "w, fresh, span", self._begin()),
            self._function("miss", "w", self._miss(), states=True),
            self._function("control", "w, span, per_rtol, least", self._control()),
            self._function("accept", "w", self._accept(), states=True),
            self._function("go_back", "w", self._go_back(), states=True),
            self._function("spread_step", "w", self._spread(self.cut, self.h)),
            self._function("spread_good", "w", self._spread(self.fine, self.good)),
            self._group(),
            self._advance(),
        ]

    def _rates(self) -> list[str]:
        """Write derivatives at ``moved`` to ``out``."""
        text = {id(node): f"f{j}" for j, node in enumerate(self.parts.fixed)}
        used = _by_depth([n for n in self.parts.nodes if id(n) in self.parts.moving or n.name == "constant"])
        body = lines_of(used, text, "t", "N({!r})")
        asked = {node.value for node in used if node.name == "state"}
        return [
            *(f"f{j} = {self._at(self.fixed + j)}" for j in range(len(self.parts.fixed))),
            *(f"s_{name} = {self._at(self.moved + j)}" for j, name in enumerate(self.parts.states) if name in asked),
            *(line.replace("= sqrt(", "= math.sqrt(") for line in body),
            *(f"{self._at(self.out + j)} = {text[id(node)]}" for j, node in enumerate(self.parts.derivatives)),
        ]

    def _stage(self, number: int) -> list[str]:
        """Keep ``out`` as a slope; ``moved`` becomes the place of the next one."""
        total = self._sum(ROWS[number], [*self.k[:number], self.out])
        return [
            f"{self._at(self.k[number])} = {self._at(self.out)}",
            f"{self._at(self.moved)} = {self._at(self.y)} + ({self._at(self.low)} + {self._at(self.h)} * ({total}))",
        ]

    def _begin(self) -> list[str]:
        return [
            f"{self._at(self.now)} = N(0.0)",
            f"{self._at(self.fresh)} = fresh",
            f"{self._at(self.step)} = {self._at(self.first)} if fresh > N(0.0) else {self._at(self.step)}",
            f"{self._at(self.cut)} = min({self._at(self.step)}, span)",
        ]

    def _miss(self) -> list[str]:
        """Square the error of the step in each state, over its size; kept in ``good``, which is known only later."""
        total = self._sum(ERROR, [*self.k, self.out])
        return [
            f"e = {self._at(self.h)} * ({total}) / (abs({self._at(self.moved)}) + N({FLOOR!r}))",
            f"{self._at(self.good)} = e * e",
        ]

    def _control(self) -> list[str]:
        """Accept or refuse; time and next step of each lane."""
        h, step, first = self._at(self.cut), self._at(self.step), self._at(self.first)
        errors = " + ".join(self._at(self.good + j) for j in range(self.count))
        return f"""\
h, step, first = {h}, {step}, {first}
error = per_rtol * math.sqrt({errors})
good = error <= N(1.0)
{self._at(self.refused)} = h if not good else N(0.0)
{self._at(self.fine)} = N(1.0) if good else N(0.0)
known = N(1e-20) if error < N(1e-20) else error
factor = N({SAFETY!r}) * exp(N({-1 / ORDER!r}) * log(known))
factor = N({GROWTH!r}) if factor > N({GROWTH!r}) else factor
factor = factor if (error < N(1e30) and factor > N({SHRINK!r})) else N({SHRINK!r})
want = h * factor
cut = h < step  # cut short by the end: says little
refused = want if h > N(0.0) else step
{step} = (max(step, want) if cut else want) if good else refused
after = max(first, want) if cut else want
{first} = after if (good and {self._at(self.fresh)} > N(0.0)) else first
{self._at(self.fresh)} = N(0.0) if good else {self._at(self.fresh)}
now = {self._at(self.now)} + (h if good else N(0.0))
now = now if span - now > least * span else span
{self._at(self.now)} = now
{self._at(self.cut)} = min({step}, span - now)""".split("\n")

    def _accept(self) -> list[str]:
        """Make a good step the state, in two parts."""
        y, low, good = self._at(self.y), self._at(self.low), self._at(self.good)
        return [
            f"d = {low} + {self._at(self.h)} * ({self._sum(ROWS[-1], self.k)})",
            f"old, good = {y}, {good} > N(0.0)",
            "new = old + d",
            f"{low} = d - (new - old) if good else {low}",
            f"{y} = new if good else old",
        ]

    def _go_back(self) -> list[str]:
        """Take the first slope again where a step was refused; both are read, since a choice of places is slow."""
        return [
            f"slope, first, good = {self._at(self.out)}, {self._at(self.k[0])}, {self._at(self.good)} > N(0.0)",
            f"{self._at(self.out)} = slope if good else first",
        ]

    def _spread(self, row: int, states: int) -> list[str]:
        """Write one row for every state."""
        return [f"value = {self._at(row)}", *(f"{self._at(states + j)} = value" for j in range(self.count))]

    def _group(self) -> str:
        stages = "\n".join(f"        stage{j}(w)\n        rates(w)" for j in range(len(ROWS)))
        return f"""

@njit(**OPTIONS)
def group(w, fresh, span, per_rtol, smallest):
    wide()
    begin(w, fresh, span)
    for i in range({self.count * self.lanes}):
        {self._at(self.moved)} = {self._at(self.y)}
    rates(w)
    tries = 0
    while True:
        tries += 1
        spread_step(w)
{stages}
        miss(w)
        control(w, span, per_rtol, N({self.least!r}))
        spread_good(w)
        accept(w)
        left, refused = N(0.0), N(0.0)
        for i in range({self.lanes}):
            left = max(left, {self._at(self.cut)})
            refused = max(refused, {self._at(self.refused)})
        if refused > N(0.0):
            go_back(w)
            for i in range({self.lanes}):
                if {self._at(self.refused)} > N(0.0) and {self._at(self.refused)} < smallest:
                    return i
        if left <= N(0.0):
            return -tries
"""

    def _advance(self) -> str:
        lanes = self.lanes
        y, low = (f"w[({row} + j) * {lanes} : ({row} + j + 1) * {lanes}]" for row in (self.y, self.low))
        return f"""

@njit(cache=True, **OPTIONS)
def advance(y, fixed, step, first, fresh, span, rtol, smallest):
    wide()
    room = np.zeros({self.rows * lanes} + 16, N)
    w = room[(64 - room.ctypes.data % 64) % 64 // room.itemsize :]  # on a border of cache lines: 10 %
    tries = 0
    for group_at in range(len(fixed)):
        begin_at, terms = group_at * {lanes}, fixed[group_at]
        for i in range({lanes}):
            {self._at(self.step)} = N(step[begin_at + i])
            {self._at(self.first)} = N(first[begin_at + i])
        for j in range({self.count}):
            person, high, low = y[j, begin_at : begin_at + {lanes}], {y}, {low}
            for i in range({lanes}):
                value = person[i]
                high[i] = N(value)
                low[i] = N(value - np.float64(N(value)))
        for i in range({len(self.parts.fixed) * lanes}):
            {self._at(self.fixed)} = terms[i]
        lost = group(w, N(fresh), N(span), N(1.0 / rtol), N(smallest))
        if lost >= 0:
            return begin_at + lost
        tries -= lost
        for i in range({lanes}):
            step[begin_at + i] = {self._at(self.step)}
            first[begin_at + i] = {self._at(self.first)}
        for j in range({self.count}):
            person, high, low = y[j, begin_at : begin_at + {lanes}], {y}, {low}
            for i in range({lanes}):
                person[i] = np.float64(high[i]) + np.float64(low[i])
    return -tries
"""
