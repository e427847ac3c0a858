"""Conditions evaluated on values: what an expression of a CHECK is for the values of a few columns.

:func:`may_hold` bounds from above: what is not understood may hold. It counts the combinations of values that a unique
key can take; which rows are written is left to PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from math import trunc
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

from pytest_supaseed.constraints.nodes import (
    Array,
    Call,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    Quantified,
)

_NUMBERS = ("smallint", "integer", "bigint", "numeric", "decimal")
_TEXTS = ("text", "character varying", "varchar")
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_EQUALITY: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul}


class _UnknownError(ValueError):
    """An expression, or a value in it, that is not understood."""


def may_hold(condition: Node, row: Mapping[str, Any]) -> bool:
    """Return whether a condition may be true or NULL, as a CHECK accepts it, for values by column; None for NULL.

    Example:
        >>> from pytest_supaseed.constraints.parser import parse
        >>> may_hold(parse("n % 10 = 0 OR n IS NULL"), {"n": 7})
        False
    """
    try:
        return _value(condition, row) is not False
    except _UnknownError:
        return True


def _value(node: Node, row: Mapping[str, Any]) -> Any:
    """The value of an expression: a number, a text, a boolean, or None for NULL."""
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Name):
        if node.domain or node.name not in row:
            raise _UnknownError(node)
        return _plain(row[node.name])
    if isinstance(node, Cast):
        return _cast(node, row)
    if isinstance(node, Quantified):
        return _quantified(node, row)
    if isinstance(node, Operation):
        return _operation(node, row)
    if isinstance(node, Call) and node.name == "mod" and len(node.arguments) == 2:
        return _binary("%", *(_value(part, row) for part in node.arguments))
    raise _UnknownError(node)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    raise _UnknownError(value)


def _literal(node: Literal) -> Any:
    if node.text is None:
        return None
    if node.type == "boolean":
        return node.text.startswith("t")
    if node.type == "numeric":
        return Decimal(node.text)
    if node.type is None:
        return node.text
    raise _UnknownError(node)


def _cast(node: Cast, row: Mapping[str, Any]) -> Any:
    value = _value(node.operand, row)
    if value is None:
        return None
    if node.type in _TEXTS and isinstance(value, str) and not node.modified:
        return value
    if node.type in _NUMBERS and not node.modified and not isinstance(value, bool):
        number = Decimal(value) if isinstance(value, Decimal) or value.lstrip("-").isdigit() else None
        if number is not None and (number == trunc(number) or node.type in ("numeric", "decimal")):
            return number
    raise _UnknownError(node)


def _quantified(node: Quantified, row: Mapping[str, Any]) -> Any:
    right = node.right
    while isinstance(right, Cast):
        right = right.operand
    if not isinstance(right, Array):
        raise _UnknownError(node)
    left = _value(node.left, row)
    found = [_binary(node.operator, left, _value(element, row)) for element in right.elements]
    return _all(found) if node.every else _any(found)


def _any(values: list[Any]) -> Any:
    return True if True in values else None if None in values else False


def _all(values: list[Any]) -> Any:
    return False if False in values else None if None in values else True


def _operation(node: Operation, row: Mapping[str, Any]) -> Any:
    if node.operator in ("and", "or"):
        return _connected(node, row)
    values = [_value(operand, row) for operand in node.operands]
    if node.operator == "not":
        return None if values[0] is None else not values[0]
    if node.operator in ("is null", "is not null"):
        return (values[0] is None) == (node.operator == "is null")
    if node.operator == "-" and len(values) == 1 and isinstance(values[0], Decimal):
        return -values[0]
    if len(values) != 2:
        raise _UnknownError(node)
    return _binary(node.operator, *values)


def _connected(node: Operation, row: Mapping[str, Any]) -> Any:
    """AND and OR, which may be decided by one operand where another is not understood."""
    decisive = node.operator == "or"
    values, unknown = [], False
    for operand in node.operands:
        try:
            values.append(_value(operand, row))
        except _UnknownError:
            unknown = True
    if decisive in values:
        return decisive
    if unknown:
        raise _UnknownError(node)
    return None if None in values else not decisive


def _binary(operator: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        if operator in (*_ORDERS, *_EQUALITY, *_ARITHMETIC, "%", "||"):
            return None
        raise _UnknownError(operator)
    if type(left) is not type(right):
        raise _UnknownError(operator)
    if operator in _EQUALITY:
        return _EQUALITY[operator](left, right)
    if operator == "||" and isinstance(left, str):
        return left + right
    if isinstance(left, Decimal):
        if operator in _ORDERS:
            return _ORDERS[operator](left, right)
        if operator in _ARITHMETIC:
            return _ARITHMETIC[operator](left, right)
        if operator == "%" and right:
            # As in PostgreSQL, the sign of the remainder is that of the dividend.
            return left % right
    raise _UnknownError(operator)
