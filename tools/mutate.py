"""Change one thing at a time in a safety module and see whether its tests notice: ``python tools/mutate.py MODULE``.

Comparisons, boundaries, and/or, not, numbers, strings, plus and minus, returned values and members of tuples are
changed, each in a process of its own in which the tests of the module then run. What no test notices is listed with
its line; exit code 1 when there is any.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "magnes.advice.gates": ("tests/advice/test_gates.py",),
    "magnes.advice.safety": ("tests/advice/test_safety.py", "tests/advice/test_gates.py"),
}
SWAPS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
Change = tuple[str, Callable[[ast.AST], None]]


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield what can be changed at a node: a name for the list, and the change itself on a copy of the node."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in SWAPS[type(operator)]:
                yield f"{type(operator).__name__} -> {other.__name__}", _operator(place, other())
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and <-> or", _attribute("op", other_bool)
        for place in range(len(node.values)):
            yield f"without operand {place}", _without("values", place)
    elif isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        yield "sign", _attribute("op", SIGNS[type(node.op)]())
    elif isinstance(node, ast.If | ast.IfExp | ast.comprehension):
        yield from _conditions(node)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return None", _attribute("value", ast.Constant(None))
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
        for place in range(len(node.elts)):
            yield f"without member {place}", _without("elts", place)


def _conditions(node: ast.If | ast.IfExp | ast.comprehension) -> Iterator[Change]:
    if isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield "filter gone", _without("ifs", place)
    else:
        yield "condition turned round", _attribute("test", ast.UnaryOp(ast.Not(), node.test))


def _constants(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} -> {not value}", _attribute("value", not value)
    elif isinstance(value, int | float):
        for other in (value + 1, value - 1):
            yield f"{value} -> {other}", _attribute("value", other)
    elif isinstance(value, str) and value:
        yield f"{value!r} changed", _attribute("value", f"XX{value}")


def _attribute(name: str, value: object) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, name, value)


def _operator(place: int, operator: ast.cmpop) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Compare)  # noqa: S101 - made for one
        node.ops[place] = operator

    return change


def _without(field: str, place: int) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        del getattr(node, field)[place]

    return change


def _left_alone(tree: ast.Module) -> set[int]:
    """Nodes without an effect that a test could see: docstrings, annotations, ``__all__``, names of types."""
    found: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if _is_docstring(node) or _is_type(node):
            parts = [node]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.FunctionDef):
            parts = [node.returns, *(argument.annotation for argument in node.args.args)]
        elif isinstance(node, ast.Subscript):
            parts = [node.slice] if isinstance(node.value, ast.Name) and node.value.id == "dict" else []
        found |= {id(child) for part in parts if part for child in ast.walk(part)}
    return found


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_type(node: ast.AST) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    named = isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
    value = node.value
    alias = isinstance(value, ast.Subscript) and ast.unparse(value.value) in ("Literal", "tuple", "dict")
    return named or alias


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, name of the change and the changed source, one change each."""
    tree = ast.parse(source)
    alone = _left_alone(tree)
    nodes = list(ast.walk(tree))
    for place, node in enumerate(nodes):
        if id(node) in alone:
            continue
        for number, (name, _) in enumerate(changes(node)):
            other = copy.deepcopy(tree)
            twin = list(ast.walk(other))[place]
            _, change = list(changes(twin))[number]
            change(twin)
            line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
            yield line, name, ast.unparse(ast.fix_missing_locations(other))


def noticed(module: str, path: Path, source: str, tests: tuple[str, ...]) -> bool:
    """Whether the tests fail on a changed module; in a forked process, so that nothing of it stays."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    status = 2
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            status = _run(module, path, source, tests)
    finally:
        os._exit(status)


def _run(module: str, path: Path, source: str, tests: tuple[str, ...]) -> int:
    import pytest

    package, _, name = module.rpartition(".")
    parent = importlib.import_module(package)
    changed = ModuleType(module)
    changed.__file__ = str(path)
    changed.__package__ = package
    sys.modules[module] = changed
    setattr(parent, name, changed)
    exec(compile(source, str(path), "exec"), changed.__dict__)  # noqa: S102 - our own source, changed in one place
    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:cov", *tests]))


def warm() -> None:
    """Load what every test needs and no mutant changes: the tables and the libraries."""
    import numpy  # noqa: F401
    import pytest  # noqa: F401

    from magnes.intake import intake
    from magnes.knowledge.clinical import Condition, Contraindication, Interaction, Substance
    from magnes.knowledge.load import table
    from magnes.knowledge.names import condition_id, salts_named
    from magnes.need import limit
    from magnes.person import Person, Supplement

    for kind in (Condition, Contraindication, Interaction, Substance):
        table(kind)
    condition_id("hartblok")
    salts_named("citrate")
    who = Person(age_years=40, sex="female", supplements=(Supplement(salt="citrate", elemental_mg=1),))
    limit(who, intake(who, None), "efsa-2015")


def main() -> int:
    """Run all changes of one module; 1 when one survives."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("module", choices=sorted(TESTS))
    options.add_argument("--list", action="store_true", help="only count what would be changed")
    given = options.parse_args()
    path = ROOT / "src" / Path(*given.module.split(".")).with_suffix(".py")
    found = list(mutants(path.read_text(encoding="utf-8")))
    if given.list:
        print(len(found))
        return 0
    os.chdir(ROOT)
    warm()
    if noticed(given.module, path, path.read_text(encoding="utf-8"), TESTS[given.module]):
        print("the tests fail without any change")
        return 2
    left = []
    for line, name, source in found:
        if not noticed(given.module, path, source, TESTS[given.module]):
            left.append((line, name))
            print(f"{path.name}:{line}: {name}", flush=True)
    print(f"{given.module}: {len(found)} changes, {len(found) - len(left)} noticed, {len(left)} not")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
