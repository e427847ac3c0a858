"""CHECKs as their authors mean them, where SQL's NULL accepts more: :func:`meant`.

``CHECK (kind = 'area' AND up = 'top' OR kind = 'root' AND up IS NULL)`` accepts an area without ``up``: a comparison
with NULL is NULL, and a CHECK refuses only what is false. Its author had NULL in mind for roots alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pytest_supaseed.constraints.nodes import (
    ExpressionError,
    Literal,
    Node,
    Operation,
    children,
    names,
    uncast,
)
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.model.schema import Check, Table

_NULL_TESTS = (
    "is null",
    "is not null",
    "is distinct from",
    "is not distinct from",
    "is unknown",
    "is not unknown",
)


def meant(table: Table, check: Check) -> Check:
    """Return a CHECK that is to be true, not only not false, where it lists the kinds of rows that there are.

    It does where it is a disjunction, each branch of which has a NOT NULL column equal to constants, and where a
    branch reads a nullable column without a test for NULL. Other CHECKs are returned as they are.

    Example:
        >>> meant(nodes, Check("c", "kind = 'a' AND up = 'top' OR kind = 'b' AND up IS NULL")).expression
        "(kind = 'a' AND up = 'top' OR kind = 'b' AND up IS NULL) IS TRUE"
    """
    if check.called or check.partitions or len(check.columns) < 2:
        return check
    try:
        node = parse(check.expression)
    except ExpressionError:
        return check
    branches = [*_operands(node, "or")]
    nullable = {column.name for column in table.columns if column.nullable}
    if len(branches) < 2 or not nullable.intersection(check.columns):
        return check
    kinds = [_kinds(branch, nullable) for branch in branches]
    if not set.intersection(*kinds) or not any(map(_accidental, branches, [nullable] * len(branches))):
        return check
    return replace(check, expression=f"({check.expression}) IS TRUE")


def _operands(node: Node, operator: str) -> Iterator[Node]:
    node = uncast(node)
    if isinstance(node, Operation) and node.operator == operator:
        for operand in node.operands:
            yield from _operands(operand, operator)
    else:
        yield node


def _kinds(branch: Node, nullable: set[str]) -> set[str]:
    """The NOT NULL columns that a branch compares with constants."""
    found = set()
    for part in _operands(branch, "and"):
        used = {*names(part)}
        if len(used) == 1 and not used & nullable and any(isinstance(each, Literal) for each in _all(part)):
            found |= used
    return found


def _accidental(branch: Node, nullable: set[str]) -> bool:
    """Whether a branch reads a nullable column, and tests it nowhere for NULL."""
    read = {*names(branch)} & nullable
    tested = {
        name
        for each in _all(branch)
        if (isinstance(each, Operation) and each.operator in _NULL_TESTS)
        for name in names(each)
    }
    return bool(read - tested)


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _all(child)
