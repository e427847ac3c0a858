"""CHECKs on the sum of several columns: ``a + b + c = 100``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pytest_supaseed.constraints.expression import parse
from pytest_supaseed.constraints.identical import kept_by_identity
from pytest_supaseed.constraints.literals import NUMBERS, NoConstantError, constant
from pytest_supaseed.constraints.syntax import Call, Name, Node, Operation, uncast
from pytest_supaseed.constraints.tokens import ExpressionError
from pytest_supaseed.schema import Table


@dataclass(frozen=True)
class Sum:
    """What several numbers of a row have to come to.

    Attributes:
        columns: which, each of them once.
        total: their sum.
    """

    columns: tuple[str, ...]
    total: Decimal


@kept_by_identity
def sums(table: Table) -> tuple[Sum, ...]:
    """Read which columns of a table have to come to a constant together.

    Args:
        table: the table.

    Returns:
        Sums of two columns or more, in the order of the constraints.
    """
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
            total = constant(other, "numeric")
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
    return column.type.name in NUMBERS and not column.type.array and not column.generated
