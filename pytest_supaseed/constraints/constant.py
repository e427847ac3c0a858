"""Conditions on constants alone, as they are left when a choice was made."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.syntax import Cast, Literal, Node, Operation, children, rebuilt, uncast

_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
_NULL = Literal(None, "boolean")
# Operators that are NULL where one of their operands is.
_STRICT = frozenset(("=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "~", "~~", "!~", "!~~", "||", "%"))


def truth_of(node: Node) -> Literal | None:
    """Return what a condition comes to whatever the columns are.

    Args:
        node: the condition.

    Returns:
        ``true``, ``false``, NULL; None where that depends on the columns, or is not understood.
    """
    plain = reckoned(uncast(node))
    if isinstance(plain, Literal):
        if plain.text is None:
            return _NULL
        return Literal(plain.text, "boolean") if plain.text in ("true", "false", "t", "f") else None
    if not isinstance(plain, Operation) or plain.operator not in _STRICT or len(plain.operands) != 2:
        return None
    if _is_null(plain):
        return _NULL
    try:
        left, right = map(_value, plain.operands)
    except NoConstantError:
        return None
    if isinstance(left, str) != isinstance(right, str):
        return None
    if isinstance(left, str) and plain.operator not in ("=", "<>"):
        return None
    holds = {
        "=": lambda: left == right,
        "<>": lambda: left != right,
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
    }.get(plain.operator)
    return None if holds is None else Literal("true" if holds() else "false", "boolean")


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
    return isinstance(node, Literal) and all(cast in _NUMBERS for cast in casts) and (
        bool(casts) or node.type == "numeric"
    )  # fmt: skip


def _is_null(node: Node) -> bool:
    plain = uncast(node)
    if isinstance(plain, Operation) and plain.operator in _STRICT:
        return any(map(_is_null, children(plain)))
    return isinstance(plain, Literal) and plain.text is None


def _value(node: Node) -> Any:
    """A number, or the text of another constant."""
    plain, casts = node, []
    while isinstance(plain, Cast):
        casts.append(plain.type)
        plain = plain.operand
    number = any(cast in _NUMBERS for cast in casts) or (
        not casts and not (isinstance(plain, Literal) and plain.type != "numeric")
    )
    return constant(node, "numeric" if number else "text")
