"""Comparisons over several columns, solved for one of them: ``a + b = c`` -> c = a + b."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pytest_supaseed.constraints.assignments import Assignment
from pytest_supaseed.constraints.conditions import CONTAINMENTS, FLIPPED
from pytest_supaseed.constraints.deparse import deparse
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
        exact: whether the comparison always holds where this one does, short of overflow.
    """

    column: str
    operator: str
    right: Node
    steps: int = 0
    exact: bool = True


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
        found += _solved(left, Solved("", operator, right))
        found += _solved(right, Solved("", FLIPPED[operator], left))
    places = {column.name: place for place, column in enumerate(table.columns)}
    usable = {
        solved.column: solved
        for solved in reversed(found)
        if solved.column in places and solved.column not in names(solved.right)
    }

    def ease(solved: Solved) -> tuple[int, int, int]:
        rank = _rank(table.column(solved.column), table)
        return (rank, solved.steps, -places[solved.column])

    found = sorted(usable.values(), key=ease)
    found = [solved for solved in found if solved.exact] or found
    # What has numbers of its own, or is computed, changes only where nothing else can.
    return tuple([solved for solved in found if ease(solved)[0] < _KEY] or found)


def assignment(solved: Solved, table: Table) -> Assignment:
    """Return a solution as SQL.

    Args:
        solved: the solution.
        table: the table.
    """
    used = set(names(solved.right))
    uses = tuple(column.name for column in table.columns if column.name in used)
    return Assignment(solved.column, solved.operator, deparse(solved.right), uses)


def _rank(column: Column, table: Table) -> int:
    if column.generated or column.identity == "always":
        return _GENERATED
    if column.name in table.primary_key or column.sequence is not None:
        return _KEY
    return _REFERENCE if any(column.name in key.columns for key in table.foreign_keys) else _PLAIN


def _solved(side: Node, found: Solved) -> Iterator[Solved]:
    """Move from one side of a comparison to the other until a column is alone."""
    if isinstance(side, Name):
        yield replace(found, column=side.name)
    elif isinstance(side, Cast):
        plain = isinstance(uncast(side), Name)
        yield from _solved(side.operand, found if plain else _further(found, exact=found.exact))
    elif isinstance(side, Operation) and len(side.operands) == 2:
        yield from _moved(side.operator, *side.operands, found)
    elif isinstance(side, Operation) and side.operator == "-":
        negative = Operation("-", (found.right,))
        yield from _solved(side.operands[0], _further(found, negative, flipped=True, exact=found.exact))
    elif isinstance(side, Call) and side.arguments:
        if side.name in _IDEMPOTENT:
            # lower(a) = lower(b) holds where a = lower(b).
            right = uncast(found.right)
            same = isinstance(right, Call) and (right.name, right.arguments[1:]) == (
                side.name,
                side.arguments[1:],
            )
            yield from _solved(side.arguments[0], _further(found, exact=found.exact and same))
        elif side.name == "date_trunc" and len(side.arguments) > 1:
            yield from _solved(side.arguments[1], _further(found))
        elif _is_year(side) and found.operator == "=":
            one = Literal("1", "numeric")
            first_day = Call("make_date", (Cast(found.right, "integer"), one, one))
            yield from _solved(side.arguments[1], _further(found, first_day))


def _moved(moving: str, left: Node, right: Node, found: Solved) -> Iterator[Solved]:
    other, exact = found.right, found.exact
    if moving == "+":
        for term, rest in ((left, right), (right, left)):
            yield from _solved(term, _further(found, Operation("-", (other, rest)), exact=exact))
    elif moving == "-":
        yield from _solved(left, _further(found, Operation("+", (other, right)), exact=exact))
        yield from _solved(right, _further(found, Operation("-", (left, other)), flipped=True, exact=exact))
    elif moving == "*":
        for factor, rest in ((left, right), (right, left)):
            yield from _solved(factor, _further(found, Operation("/", (other, _divisor(rest)))))
    elif moving in ("/", "at time zone"):
        back = "*" if moving == "/" else moving
        yield from _solved(left, _further(found, Operation(back, (other, right))))


def _further(
    found: Solved, right: Node | None = None, *, flipped: bool = False, exact: bool = False
) -> Solved:
    operator = FLIPPED[found.operator] if flipped else found.operator
    return Solved("", operator, found.right if right is None else right, found.steps + 1, exact)


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
    if operator not in (*_ALIKE, *CONTAINMENTS):
        return
    own, others = sorted({*names(left)}), sorted({*names(right)})
    if len(own) != 1 or len(others) != 1 or own == others:
        return
    first, second = own[0], others[0]
    if not (table.has_column(first) and table.has_column(second)):
        return
    plain = isinstance(uncast(left), Name)
    alike = table.column(first).type.text == table.column(second).type.text
    if alike and (operator in CONTAINMENTS or not plain) and _renamed(left, first, second) == right:
        yield Solved(first, "=", Name(second))
        yield Solved(second, "=", Name(first))


def _renamed(node: Node, old: str, new: str) -> Node:
    if isinstance(node, Name):
        return Name(new) if node.name == old else node
    return rebuilt(node, [_renamed(part, old, new) for part in children(node)])
