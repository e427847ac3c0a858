"""Mutation testing: changes one place of a module at a time, and runs the module's own tests, which have to fail.

Each mutant is made in a temporary copy of the checkout: a comparison or ``and`` is turned around, a condition, a
statement or a decorator is gone, a constant differs, ``+=`` is ``=``, ``min`` is ``max``. One that survives is printed
as a diff: a test is missing, or the change changes nothing.

    python benchmarks/mutants.py [--number 8] [--seed 0] [--modules allocation/spread planning/order]

The exit status is 1 if fewer than ``--least`` percent die; a mutant whose tests take too long has died. mutmut would
not do: it passes over functions with decorators, such as every context manager, and takes away no statement.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "pytest_supaseed"
# What decides, allocates, counts, writes, rolls back and acts.
MODULES = (
    "allocation/*",
    *(
        f"planning/{name}"
        for name in ("capacity", "columns", "order", "missing_parents", "row_totals", "requests")
    ),
    "writing/copy",
    "writing/counts",
    *(
        f"postgres/databases/{name}"
        for name in ("isolation", "effects", "transaction", "psycopg2_connection", "psycopg_connection")
    ),
    "supabase/acting",
)
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".tox", ".*_cache", ".hypothesis", "__pycache__")
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
# Decorators that change nothing at run time.
NOTHING_AT_RUN_TIME = ("overload", "abstractmethod", "override")


@dataclass(frozen=True)
class Mutant:
    """One change of a module: ``text`` instead of the bytes from ``start`` to ``end``."""

    kind: str
    start: int
    end: int
    text: str

    def of(self, source: bytes) -> bytes:
        """The source with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]


@dataclass(frozen=True)
class Result:
    """What the tests of a module said of one mutant: ``killed``, ``survived`` or ``timeout``."""

    mutant: Mutant
    outcome: str


def mutants(source: bytes) -> list[Mutant]:
    """Return all changes of a module that compile, in the order of their places."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for kind, node, text in _changes(ast.parse(source)):
        # The place of a decorator begins after its @.
        start = starts[node.lineno - 1] + node.col_offset - (kind == "decorator")
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        mutant = Mutant(kind, start, end, text)
        try:
            compile(mutant.of(source), "mutant", "exec")
        except SyntaxError:
            continue
        found.append(mutant)
    return sorted(found, key=lambda each: (each.start, each.end, each.text))


Change = tuple[str, "ast.expr | ast.stmt", str]


def _changes(tree: ast.AST) -> Iterator[Change]:
    for node, within in _visited(tree, None):
        if isinstance(node, ast.stmt):
            yield from _of_statement(node, within)
        elif isinstance(node, ast.expr):
            yield from _of_expression(node)


def _visited(node: ast.AST, within: ast.AST | None) -> Iterator[tuple[ast.AST, ast.AST | None]]:
    """All nodes that do something at run time, each with the one that it belongs to."""
    yield node, within
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            documents = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            # zip(..., strict=True), dataclass(frozen=True) and `if ...: raise AssertionError` change nothing as long as
            # the program is right.
            proves = isinstance(child, ast.keyword) and child.arg in ("strict", "frozen")
            proves |= isinstance(child, ast.If) and _raises_assertion(child.body[0])
            # Before Python 3.12 the places inside of an f-string are not known.
            passed_over = documents or proves or isinstance(child, ast.JoinedStr)
            if isinstance(child, ast.AST) and not passed_over:
                yield from _visited(child, node)


def _raises_assertion(node: ast.stmt) -> bool:
    return isinstance(node, ast.Raise) and node.exc is not None and "AssertionError" in ast.unparse(node.exc)


def _of_statement(node: ast.stmt, within: ast.AST | None) -> Iterator[Change]:
    if isinstance(node, ast.AugAssign):
        plain = ast.Assign([node.target], node.value, lineno=0)
        yield "assignment", node, ast.unparse(plain)
        turned = OPERATORS.get(type(node.op))
        if turned:
            yield "assignment", node, ast.unparse(ast.AugAssign(node.target, turned(), node.value))
    goes = isinstance(node, (ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete))
    # A cursor that nobody closes is closed when it is collected.
    closes = ast.unparse(node) == "cursor.close()"
    goes |= isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Await)) and not closes
    # The return at the end of a function is none of them: all that uses the function would fail without it.
    goes |= isinstance(node, ast.Return) and isinstance(within, ast.If)
    if goes:
        yield "statement", node, "pass"
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        for decorator in node.decorator_list:
            if ast.unparse(decorator).rpartition(".")[2] not in NOTHING_AT_RUN_TIME:
                yield "decorator", decorator, ""


def _of_expression(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            turned = copy.copy(node)
            turned.ops = [*node.ops[:at], COMPARISONS[type(operator)](), *node.ops[at + 1 :]]
            yield "comparison", node, f"({ast.unparse(turned)})"
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", node, f"({ast.unparse(ast.BoolOp(other, node.values))})"
        for at in range(len(node.values)):
            fewer = [*node.values[:at], *node.values[at + 1 :]]
            less = ast.BoolOp(node.op, fewer) if len(fewer) > 1 else fewer[0]
            yield "condition", node, f"({ast.unparse(less)})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node, f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        turned_operator = OPERATORS[type(node.op)]()
        yield "arithmetic", node, f"({ast.unparse(ast.BinOp(node.left, turned_operator, node.right))})"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        yield "function", node.func, FUNCTIONS[node.func.id]
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "constant", node, str(not node.value)
        elif isinstance(node.value, int):
            yield "constant", node, str(node.value + 1)
        elif isinstance(node.value, str) and node.value:
            yield "constant", node, '""'


def drawn(all_of_them: Sequence[Mutant], number: int, random: Random) -> list[Mutant]:
    """Draw mutants, of each kind in turn: most places of a module are constants."""
    kinds: dict[str, list[Mutant]] = {}
    for mutant in random.sample(all_of_them, len(all_of_them)):
        kinds.setdefault(mutant.kind, []).append(mutant)
    found: list[Mutant] = []
    while len(found) < number and any(kinds.values()):
        found += [of_kind.pop() for of_kind in kinds.values() if of_kind]
    return sorted(found[:number], key=lambda each: each.start)


def tests_of(module: Path) -> list[Path]:
    """The tests of a module by their names, and where there are none those of its package; both below the root."""
    folder = ROOT / "tests" / module.parent
    own = sorted({*folder.glob(f"test_{module.name}.py"), *folder.glob(f"test_{module.name}_*.py")})
    return [path.relative_to(ROOT) for path in own or sorted(folder.glob("test_*.py"))]


class Checkout:
    """A copy of the checkout in which one module at a time is changed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        shutil.copytree(ROOT, place, ignore=LEFT_OUT, symlinks=True)

    def run(self, tests: Sequence[Path], seconds: float | None = None) -> int | None:
        """Run tests in the copy, and return pytest's exit status; None if they take longer than ``seconds``."""
        # With a seed, because what dies by luck of Hypothesis would survive the next run.
        options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed", "0"]
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *map(str, tests)],
            cwd=self.place,
            env={**os.environ, "PYTHONPATH": str(self.place)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def results(self, module: Path, number: int, random: Random, say: Callable[[str], None]) -> list[Result]:
        """Run a module's tests against mutants of it.

        Raises:
            SystemExit: the tests fail without any change.
        """
        path = self.place / PACKAGE / f"{module}.py"
        source = path.read_bytes()
        tests = tests_of(module)
        began = time.monotonic()
        if self.run(tests) != 0:
            raise SystemExit(f"the tests of {module} fail as they are: {' '.join(map(str, tests))}")
        # As much as a busy machine may make of it.
        limit = 30 + 5 * (time.monotonic() - began)
        found = []
        try:
            for mutant in drawn(mutants(source), number, random):
                path.write_bytes(mutant.of(source))
                # Python knows a compiled module by the second and the size of its source: both may be the same.
                for compiled in (path.parent / "__pycache__").glob(f"{module.name}.*.pyc"):
                    compiled.unlink()
                status = self.run(tests, limit)
                outcome = "timeout" if status is None else "killed" if status else "survived"
                found.append(Result(mutant, outcome))
                if outcome == "survived":
                    say(shown(module, source, mutant))
        finally:
            path.write_bytes(source)
            for compiled in (path.parent / "__pycache__").glob(f"{module.name}.*.pyc"):
                compiled.unlink()
        return found


def shown(module: Path, source: bytes, mutant: Mutant) -> str:
    """A mutant as a diff."""
    name = f"{PACKAGE}/{module}.py"
    before, after = source.decode().splitlines(), mutant.of(source).decode().splitlines()
    return "\n".join(unified_diff(before, after, name, f"{name} ({mutant.kind})", n=1, lineterm=""))


def modules_of(patterns: Sequence[str]) -> list[Path]:
    """The modules that patterns such as ``allocation/*`` name, as paths below the package without their ending."""
    found = []
    for pattern in patterns:
        paths = sorted((ROOT / PACKAGE).glob(f"{pattern}.py"))
        if not paths:
            raise SystemExit(f"there is no module {PACKAGE}/{pattern}.py")
        found += [path.relative_to(ROOT / PACKAGE).with_suffix("") for path in paths]
    return [module for module in dict.fromkeys(found) if module.name != "__init__"]


def main() -> int:
    """Run the mutants, and print for each module how many died."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--modules", nargs="+", default=MODULES, help="such as planning/order, or allocation/*"
    )
    parser.add_argument("--number", type=int, default=8, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=0, help="draws the mutants")
    parser.add_argument("--least", type=int, default=95, help="percent of the mutants that have to die")
    arguments = parser.parse_args()
    every: list[Result] = []
    lines = []
    with tempfile.TemporaryDirectory(prefix="mutants_") as folder:
        checkout = Checkout(Path(folder) / "checkout")
        for module in modules_of(arguments.modules):
            random = Random(f"{arguments.seed} {module}")
            found = checkout.results(module, arguments.number, random, lambda text: print(text, flush=True))
            lines.append(_line(str(module), found))
            print(lines[-1], flush=True)
            every += found
    print("", f"{'module':<32}  killed  timeout  survived", *lines, _line("all", every), sep="\n")
    died = sum(result.outcome != "survived" for result in every)
    return 0 if 100 * died >= arguments.least * len(every) else 1


def _line(name: str, results: Sequence[Result]) -> str:
    killed, timeout, survived = (
        sum(result.outcome == outcome for result in results) for outcome in ("killed", "timeout", "survived")
    )
    return f"{name:<32}  {killed:>6}  {timeout:>7}  {survived:>8}"


if __name__ == "__main__":
    sys.exit(main())
