"""Columns whose values follow from others, and how several of them go together: :class:`Assignment`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pytest_supaseed.constraints.conditions import FLIPPED
from pytest_supaseed.constraints.deparse import identifier

# By operator: how the left side may stand to the right.
_ORDERS = {
    "<": frozenset((-1,)), "<=": frozenset((-1, 0)), "=": frozenset((0,)), "<>": frozenset((-1, 1)),
    ">": frozenset((1,)), ">=": frozenset((0, 1)),
}  # fmt: skip
_DIRECTIONS = {">": "GREATEST", ">=": "GREATEST", "<": "LEAST", "<=": "LEAST"}


@dataclass(frozen=True)
class Assignment:
    """A column whose value follows from others: column operator expression.

    Attributes:
        column: the column.
        operator: ``=``, ``<``, ``<=``, ``>``, ``>=`` or ``<>``.
        expression: SQL text in terms of the other columns, for PostgreSQL to compute; its type may be another
            than the column's.
        uses: the columns that it uses, in the order of the table.
    """

    column: str
    operator: str
    expression: str
    uses: tuple[str, ...]


def agreed(assignments: Sequence[Assignment]) -> tuple[Assignment, ...] | None:
    """Return each comparison once, as tight as several of them make it.

    Args:
        assignments: comparisons that all have to hold.

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
    """Return assignments in an order in which they can be computed: what others use comes first.

    Args:
        assignments: of one row.

    Returns:
        The assignments, with one for each column that has several limits to the same side; None where columns
        follow from one another in a circle, or one would have to be computed in two ways.
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
    # Most values differ anyway.
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
    """The same comparison, seen from the other column; None where the other side is more than that."""
    if len(assignment.uses) != 1 or assignment.expression != identifier(assignment.uses[0]):
        return None
    operator = FLIPPED[assignment.operator]
    return Assignment(assignment.uses[0], operator, identifier(assignment.column), (assignment.column,))
