"""Comparisons between columns, solved for one column: :class:`Assignment`, and :class:`Sum` of several columns.

:func:`solutions` isolates a column, :func:`assignment` renders a solution as SQL, :func:`agreed` and
:func:`computable` merge and order the assignments of a row, :func:`sums` finds columns with a constant sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pytest_supaseed.constraints.column import CONTAINMENTS, FLIPPED, memoized_by_identity
from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.nodes import (
    Call,
    Cast,
    ExpressionError,
    Literal,
    Name,
    Node,
    Operation,
    names,
    renamed,
    uncast,
)
from pytest_supaseed.constraints.parser import deparse, identifier, parse
from pytest_supaseed.model.schema import Column, Table
from pytest_supaseed.model.type_families import NUMERIC, is_number

# By operator: the accepted signs of left - right.
_ORDERS = {
    "<": frozenset((-1,)), "<=": frozenset((-1, 0)), "=": frozenset((0,)), "<>": frozenset((-1, 1)),
    ">": frozenset((1,)), ">=": frozenset((0, 1)),
}  # fmt: skip
_DIRECTIONS = {">": "GREATEST", ">=": "GREATEST", "<": "LEAST", "<=": "LEAST"}


@dataclass(frozen=True)
class Assignment:
    """A comparison that limits a column by an expression: ``column operator expression``.

    Attributes:
        column: the column.
        operator: ``=``, ``<``, ``<=``, ``>``, ``>=`` or ``<>``.
        expression: SQL over other columns, computed by PostgreSQL; its type may differ from the column's.
        uses: the columns that it uses, in the order of the table.
    """

    column: str
    operator: str
    expression: str
    uses: tuple[str, ...]


def agreed(assignments: Sequence[Assignment]) -> tuple[Assignment, ...] | None:
    """Merge comparisons of the same column and expression, all of which have to hold.

    Returns:
        The comparisons; None where two of them contradict one another.
    """
    found: dict[tuple[str, str], Assignment] = {}
    for assignment in assignments:
        key = (assignment.column, assignment.expression)
        turned = _turned(assignment)
        if turned is not None and (turned.column, turned.expression) in found:
            assignment = turned
            key = (assignment.column, assignment.expression)
        if key in found:
            common = _ORDERS[found[key].operator] & _ORDERS[assignment.operator]
            operator = next((sign for sign, orders in _ORDERS.items() if orders == common), None)
            if operator is None:
                return None
            assignment = replace(assignment, operator=operator)
        found[key] = assignment
    return tuple(found.values())


def computable(assignments: Sequence[Assignment]) -> tuple[Assignment, ...] | None:
    """Return the assignments of a row in an order in which they can be computed.

    Returns:
        The assignments, with several limits of a column to the same side merged; None where columns depend on one
        another in a cycle, or two assignments of a column cannot be merged.
    """
    merged: dict[str, Assignment] = {}
    for assignment in assignments:
        if assignment.operator == "<>":
            continue
        other = merged.get(assignment.column)
        if other is not None:
            together = _limits(other, assignment)
            if together is None:
                return None
            assignment = together
        merged[assignment.column] = assignment
    # No assignment waits for a column that only <> limits: most values differ anyway.
    left = [*merged.values(), *(assignment for assignment in assignments if assignment.operator == "<>")]
    found: list[Assignment] = []
    while left:
        waiting = {assignment.column for assignment in left if assignment.operator != "<>"}
        ready = [assignment for assignment in left if waiting.isdisjoint(assignment.uses)]
        if not ready:
            return None
        found += ready
        left = [assignment for assignment in left if assignment not in ready]
    return tuple(found)


def _limits(one: Assignment, other: Assignment) -> Assignment | None:
    function = _DIRECTIONS.get(one.operator)
    if function is None or function != _DIRECTIONS.get(other.operator):
        return None
    operator = one.operator if len(one.operator) == 1 else other.operator
    uses = tuple(dict.fromkeys((*one.uses, *other.uses)))
    expression = f"{function}({one.expression}, {other.expression})"
    return Assignment(one.column, operator, expression, uses)


def _turned(assignment: Assignment) -> Assignment | None:
    """Return the comparison from the side of the other column; None where the other side is no column."""
    if len(assignment.uses) != 1 or assignment.expression != identifier(assignment.uses[0]):
        return None
    operator = FLIPPED[assignment.operator]
    return Assignment(assignment.uses[0], operator, identifier(assignment.column), (assignment.column,))


# Idempotent functions: f(x) = value is solved by x = value, where the value is a result of f.
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
# Comparisons that two equal values satisfy.
_ALIKE = ("=", "<=", ">=")
# Ranks of columns by how hard it is to choose a value for them.
_GENERATED, _KEY, _REFERENCE, _PLAIN = 3, 2, 1, 0


@dataclass(frozen=True)
class Solved:
    """A comparison of a column with an expression that does not use it.

    Attributes:
        column: the column.
        operator: of the comparison.
        right: the expression.
        steps: number of terms that were moved from one side to the other.
        exact: whether this comparison implies the original one, short of overflow.
    """

    column: str
    operator: str
    right: Node
    steps: int = 0
    exact: bool = True


def solutions(left: Node, operator: str, right: Node, table: Table) -> tuple[Solved, ...]:
    """Solve a comparison for each of its columns.

    Args:
        operator: ``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``; ``<@``, ``@>`` or ``&&``.

    Returns:
        The solutions; those come first whose column is the easiest to choose a value for, of equals the column
        that is last in the table.
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
    # Keys, columns with sequences and generated columns are solved for only where no other column can be.
    return tuple([solved for solved in found if ease(solved)[0] < _KEY] or found)


def assignment(solved: Solved, table: Table) -> Assignment:
    """Return a solution as SQL."""
    used = set(names(solved.right))
    uses = tuple(column.name for column in table.columns if column.name in used)
    return Assignment(solved.column, solved.operator, deparse(solved.right), uses)


def _rank(column: Column, table: Table) -> int:
    if column.generated or column.identity == "always":
        return _GENERATED
    if column.name in table.primary_key or column.sequence is not None:
        return _KEY
    return _REFERENCE if column.name in table.referencing else _PLAIN


def _solved(side: Node, found: Solved) -> Iterator[Solved]:
    """Move terms from one side of a comparison to the other until a column is alone."""
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
    if alike and (operator in CONTAINMENTS or not plain) and renamed(left, {first: second}) == right:
        yield Solved(first, "=", Name(second))
        yield Solved(second, "=", Name(first))


@dataclass(frozen=True)
class Sum:
    """Numeric columns of a row with a constant sum."""

    columns: tuple[str, ...]
    total: Decimal


@memoized_by_identity
def sums(table: Table) -> tuple[Sum, ...]:
    """Return the sums of two or more columns that CHECKs require to be constant, in the order of the constraints."""
    found = []
    for check in table.checks:
        if len(check.columns) != 1:
            try:
                found += [each for part in _parts(parse(check.expression)) if (each := _sum(part, table))]
            except ExpressionError:
                continue
    return tuple(found)


def _parts(node: Node) -> list[Node]:
    if isinstance(node, Operation) and node.operator == "and":
        return [part for operand in node.operands for part in _parts(operand)]
    return [node]


def _sum(node: Node, table: Table) -> Sum | None:
    if not isinstance(node, Operation) or node.operator != "=" or len(node.operands) != 2:
        return None
    for side, other in (node.operands, node.operands[::-1]):
        columns = _terms(side)
        try:
            total = constant(other, NUMERIC)
        except NoConstantError:
            continue
        if columns is None or len(columns) < 2 or len(set(columns)) < len(columns) or total is None:
            continue
        if all(table.has_column(name) and _is_number(table, name) for name in columns):
            return Sum(tuple(columns), Decimal(total))
    return None


def _terms(node: Node) -> list[str] | None:
    node = uncast(node)
    if isinstance(node, Name):
        return [node.name]
    if isinstance(node, Call) and node.name == "coalesce" and node.arguments:
        return _terms(node.arguments[0])
    if isinstance(node, Operation) and node.operator == "+" and len(node.operands) == 2:
        left, right = map(_terms, node.operands)
        return None if left is None or right is None else left + right
    return None


def _is_number(table: Table, name: str) -> bool:
    column = table.column(name)
    return is_number(column.type) and not column.type.array and not column.generated
