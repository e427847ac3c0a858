"""Comparisons over several columns, solved for one of them: ``a + b = c`` -> c = a + b."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pytest_supaseed.constraints.conditions import FLIPPED
from pytest_supaseed.constraints.deparse import deparse
from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.syntax import (
    Call,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    children,
    names,
    rebuilt,
    uncast,
)
from pytest_supaseed.constraints.ways import Assignment
from pytest_supaseed.schema import Column, Table

# f(x) = value is solved by x = value, where the value is one that f gives.
_IDEMPOTENT = (
    "lower",
    "upper",
    "btrim",
    "ltrim",
    "rtrim",
    "abs",
    "round",
    "trunc",
    "floor",
    "ceil",
    "ceiling",
)
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
# What two equal values satisfy.
_ALIKE = ("=", "<=", ">=")
_CONTAINMENTS = ("<@", "@>", "&&")
# Columns that are hard to choose a value for are left as they are: rank 0 is the easiest.
_GENERATED, _KEY, _REFERENCE, _PLAIN = 3, 2, 1, 0


@dataclass(frozen=True)
class Solved:
    """A comparison whose left side is a column, with nothing of that column on its right side.

    Attributes:
        column: the column.
        operator: of the comparison.
        right: what it is compared with.
        steps: how much was moved from one side to the other.
    """

    column: str
    operator: str
    right: Node
    steps: int


def solutions(left: Node, operator: str, right: Node, table: Table) -> tuple[Solved, ...]:
    """Solve a comparison for each of its columns.

    Args:
        left: its left side.
        operator: ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``; ``<@``, ``@>`` or ``&&``.
        right: its right side.
        table: the table.

    Returns:
        The solutions: those first whose column is the easiest to choose a value for, of equals the column
        that comes last in the table.
    """
    found = [*_equal_arguments(left, operator, right, table)]
    if operator in _COMPARISONS:
        found += _solved(left, operator, right, 0)
        found += _solved(right, FLIPPED[operator], left, 0)
    places = {column.name: place for place, column in enumerate(table.columns)}
    usable = {
        solved.column: solved
        for solved in reversed(found)
        if solved.column in places and solved.column not in names(solved.right)
    }

    def ease(solved: Solved) -> tuple[int, int, int]:
        rank = _rank(table.column(solved.column), table)
        return (rank, solved.steps, -places[solved.column])

    return tuple(sorted(usable.values(), key=ease))


def assignment(solved: Solved, table: Table) -> Assignment:
    """Return a solution as SQL.

    Args:
        solved: the solution.
        table: the table.
    """
    used = set(names(solved.right))
    uses = tuple(column.name for column in table.columns if column.name in used)
    return Assignment(solved.column, solved.operator, deparse(solved.right), uses)


def reckoned(node: Node) -> Node:
    """Return a node with the arithmetic of its numbers done, as far as it comes out even.

    Args:
        node: an expression.
    """
    parts = [reckoned(part) for part in children(node)]
    node = rebuilt(node, parts)
    if not (isinstance(node, Operation) and node.operator in ("+", "-", "*", "/") and len(parts) == 2):
        return node
    if not all(_is_number(part) for part in parts):
        return node
    try:
        left, right = (Decimal(constant(part, "numeric")) for part in parts)
    except (NoConstantError, TypeError):
        return node
    if node.operator == "/":
        return Literal(f"{left / right:f}", "numeric") if right and left % right == 0 else node
    result = {"+": left + right, "-": left - right, "*": left * right}[node.operator]
    return Literal(f"{result:f}", "numeric")


def _is_number(node: Node) -> bool:
    casts = []
    while isinstance(node, Cast):
        casts.append(node.type)
        node = node.operand
    if isinstance(node, Operation) and node.operator == "-" and len(node.operands) == 1:
        node = node.operands[0]
    numeric = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
    return isinstance(node, Literal) and all(cast in numeric for cast in casts) and (
        bool(casts) or node.type == "numeric"
    )  # fmt: skip


def _rank(column: Column, table: Table) -> int:
    if column.generated or column.identity == "always":
        return _GENERATED
    if column.name in table.primary_key or column.sequence is not None:
        return _KEY
    return _REFERENCE if any(column.name in key.columns for key in table.foreign_keys) else _PLAIN


def _solved(side: Node, operator: str, other: Node, steps: int) -> Iterator[Solved]:
    """Move from one side to the other until a column is alone."""
    if isinstance(side, Name):
        yield Solved(side.name, operator, other, steps)
    elif isinstance(side, Cast):
        yield from _solved(
            side.operand, operator, other, steps if isinstance(uncast(side), Name) else steps + 1
        )
    elif isinstance(side, Operation) and len(side.operands) == 2:
        yield from _moved(side.operator, *side.operands, operator, other, steps + 1)
    elif isinstance(side, Operation) and side.operator == "-":
        yield from _solved(side.operands[0], FLIPPED[operator], Operation("-", (other,)), steps + 1)
    elif isinstance(side, Call) and side.arguments:
        if side.name in _IDEMPOTENT:
            yield from _solved(side.arguments[0], operator, other, steps + 1)
        elif side.name == "date_trunc" and len(side.arguments) > 1:
            yield from _solved(side.arguments[1], operator, other, steps + 1)
        elif _is_year(side) and operator == "=":
            one = Literal("1", "numeric")
            first_day = Call("make_date", (Cast(other, "integer"), one, one))
            yield from _solved(side.arguments[1], operator, first_day, steps + 1)


def _moved(moving: str, left: Node, right: Node, operator: str, other: Node, steps: int) -> Iterator[Solved]:
    if moving == "+":
        yield from _solved(left, operator, Operation("-", (other, right)), steps)
        yield from _solved(right, operator, Operation("-", (other, left)), steps)
    elif moving == "-":
        yield from _solved(left, operator, Operation("+", (other, right)), steps)
        yield from _solved(right, FLIPPED[operator], Operation("-", (left, other)), steps)
    elif moving == "*":
        for factor, rest in ((left, right), (right, left)):
            yield from _solved(factor, operator, Operation("/", (other, _divisor(rest))), steps)
    elif moving == "/":
        yield from _solved(left, operator, Operation("*", (other, right)), steps)
    elif moving == "at time zone":
        yield from _solved(left, operator, Operation("at time zone", (other, right)), steps)


def _divisor(node: Node) -> Node:
    return node if isinstance(uncast(node), Literal) else Call("NULLIF", (node, Literal("0", "numeric")))


def _is_year(call: Call) -> bool:
    return (
        call.name in ("extract", "date_part")
        and len(call.arguments) == 2
        and uncast(call.arguments[0]) == Literal("year")
    )


def _equal_arguments(left: Node, operator: str, right: Node, table: Table) -> Iterator[Solved]:
    """``f(a) = f(b)`` holds where a = b, and so does ``a <@ b``."""
    if operator not in (*_ALIKE, *_CONTAINMENTS):
        return
    own, others = sorted({*names(left)}), sorted({*names(right)})
    if len(own) != 1 or len(others) != 1 or own == others:
        return
    first, second = own[0], others[0]
    if not (table.has_column(first) and table.has_column(second)):
        return
    plain = isinstance(uncast(left), Name)
    alike = table.column(first).type.text == table.column(second).type.text
    if alike and (operator in _CONTAINMENTS or not plain) and _renamed(left, first, second) == right:
        yield Solved(first, "=", Name(second), 0)
        yield Solved(second, "=", Name(first), 0)


def _renamed(node: Node, old: str, new: str) -> Node:
    if isinstance(node, Name):
        return Name(new) if node.name == old else node
    return rebuilt(node, [_renamed(part, old, new) for part in children(node)])
