"""What is NULL where one of its operands is, and what never is."""

from __future__ import annotations

from pytest_supaseed.constraints.syntax import Call, Cast, Literal, Name, Node, Operation, uncast

_STRICT = frozenset(
    (
        *("+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "~", "!~", "~~", "!~~"),
        *("lower", "upper", "btrim", "ltrim", "rtrim", "length", "char_length", "abs", "round", "date_trunc"),
    )
)
# What is never NULL, whatever it is called with.
NEVER_NULL = ("num_nulls", "num_nonnulls", "concat", "now", "format", "row of", "jsonb_build_object")


def is_strict(node: Node) -> bool:
    """Whether an expression is NULL only where one of its columns is.

    Args:
        node: the expression.
    """
    if isinstance(node, Operation):
        return node.operator in _STRICT and all(map(is_strict, node.operands))
    if isinstance(node, Call):
        return node.name in _STRICT and all(map(is_strict, node.arguments))
    return isinstance(uncast(node), (Name, Literal)) or (isinstance(node, Cast) and is_strict(node.operand))
