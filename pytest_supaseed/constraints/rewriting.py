"""Conditions -> plainer ones: ``(a, b) = (c, d)``, ``greatest(a, b) < c``, ``length(a) + length(b) > 0``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pytest_supaseed.constraints.conditions import FLIPPED, listed
from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.syntax import (
    Call,
    Cast,
    Literal,
    Node,
    Operation,
    Quantified,
    children,
    rebuilt,
    uncast,
)
from pytest_supaseed.constraints.texts import TRIMS

_ORDERED = ("<", "<=", ">", ">=")
_LENGTHS = (
    "length", "char_length", "character_length", "octet_length", "cardinality", "array_length",
    "jsonb_array_length", "json_array_length",
)  # fmt: skip
# A longer list than that is not taken apart.
_MOST_ELEMENTS = 64


def rewritten(node: Node) -> Node | None:
    """Return a plainer condition that a condition follows from, None where there is none.

    Args:
        node: the condition.
    """
    if isinstance(node, Quantified):
        return _quantified(node)
    if isinstance(node, Call) and len(node.arguments) == 2 and node.name == "jsonb_exists_any":
        node = Operation("?|", node.arguments)
    if not isinstance(node, Operation) or len(node.operands) != 2:
        return None
    operator, (left, right) = node.operator, node.operands
    if operator == "?|":
        keys = listed(right)
        return _any([Operation("?", (left, key)) for key in keys]) if keys else None
    if _is_row(left) and _is_row(right):
        return _rows(operator, left, right)
    return _one_sided(left, operator, right) or (
        _one_sided(right, FLIPPED[operator], left) if operator in FLIPPED else None
    )


def untrimmed(node: Node) -> Node:
    """Return an expression that measures texts as they are, not trimmed.

    Args:
        node: ``length(btrim(a)) < 5``.
    """
    parts = [untrimmed(part) for part in children(node)]
    if isinstance(node, Call) and node.name in _LENGTHS and len(parts) == 1:
        inner = uncast(parts[0])
        if isinstance(inner, Call) and inner.name in TRIMS and len(inner.arguments) == 1:
            return replace(node, arguments=inner.arguments)
    return rebuilt(node, parts)


def _one_sided(left: Node, operator: str, right: Node) -> Node | None:
    if isinstance(left, Cast):
        return _one_sided(left.operand, operator, right) if not left.modified else None
    if isinstance(left, Call) and left.name in ("greatest", "least") and len(left.arguments) > 1:
        return _extreme(left, operator, right)
    if isinstance(left, Call) and left.name == "abs" and isinstance(uncast(left.arguments[0]), Operation):
        return _distance(left.arguments[0], operator, right)
    if isinstance(left, Operation) and left.operator == "||" and len(left.operands) == 2:
        if operator in ("<>", ">") and uncast(right) == Literal(""):
            return _any([Operation(operator, (part, right)) for part in left.operands])
        return None
    terms = _terms(left)
    return _lengths(terms, operator, right) if len(terms) > 1 and all(map(_is_length, terms)) else None


def _quantified(node: Quantified) -> Node | None:
    elements = listed(node.right)
    if not elements or len(elements) > _MOST_ELEMENTS:
        return None
    parts = [Operation(node.operator, (node.left, element)) for element in elements]
    return _all(parts) if node.every else _any(parts)


def _rows(operator: str, left: Node, right: Node) -> Node | None:
    if not isinstance(left, Call) or not isinstance(right, Call):
        return None
    pairs = list(zip(left.arguments, right.arguments, strict=False))
    if not pairs or len(left.arguments) != len(right.arguments):
        return None
    if operator == "=":
        return _all([Operation("=", pair) for pair in pairs])
    if operator in ("<>", "is distinct from"):
        return _any([Operation(operator, pair) for pair in pairs])
    if operator not in _ORDERED:
        return None
    compared: Node = Operation(operator, pairs[-1])
    for pair in reversed(pairs[:-1]):
        before = Operation(operator[0], pair)
        compared = _any([before, _all([Operation("=", pair), compared])])
    return compared


def _extreme(call: Call, operator: str, right: Node) -> Node | None:
    """``greatest(a, b) < c``: both are; ``greatest(a, b) > c``: one is."""
    outwards = ">" if call.name == "greatest" else "<"
    compared = [Operation(operator, (argument, right)) for argument in call.arguments]
    if operator in _ORDERED:
        # It ignores NULL: one that is NULL is not the greatest.
        return _any(list(map(_true, compared))) if operator.startswith(outwards) else _all(compared)
    if operator != "=":
        return None
    inwards = "<=" if outwards == ">" else ">="
    return _any(
        [
            _all(
                [
                    _true(Operation("=", (argument, right)))
                    if at == place
                    else Operation(inwards, (argument, right))
                    for at, argument in enumerate(call.arguments)
                ]
            )
            for place in range(len(call.arguments))
        ]
    )


def _distance(difference: Node, operator: str, right: Node) -> Node | None:
    inner = uncast(difference)
    if not isinstance(inner, Operation) or inner.operator != "-" or len(inner.operands) != 2:
        return None
    if operator in ("<", "<="):
        return Operation("=", inner.operands)
    flipped = Operation("-", inner.operands[::-1])
    return _any([Operation(operator, (inner, right)), Operation(operator, (flipped, right))])


def _lengths(terms: Sequence[Node], operator: str, right: Node) -> Node | None:
    """No length is negative."""
    try:
        number = constant(right, "int4")
    except NoConstantError:
        return None
    if not isinstance(number, int) or number < 0:
        return None
    if operator in (">", ">=", "<>"):
        return _any([Operation(operator, (term, right)) for term in terms])
    if operator in ("<", "<="):
        share = Literal(str(number // len(terms)), "numeric")
        return _all([Operation(operator, (term, share)) for term in terms])
    zero = Literal("0", "numeric")
    return _any(
        [
            _all([Operation("=", (term, right if at == place else zero)) for at, term in enumerate(terms)])
            for place in range(len(terms))
        ]
    )


def _terms(node: Node) -> list[Node]:
    if isinstance(node, Operation) and node.operator == "+" and len(node.operands) == 2:
        return [term for operand in node.operands for term in _terms(operand)]
    if isinstance(node, Call) and len(node.arguments) == 1 and node.name in _LENGTHS:
        joined = uncast(node.arguments[0])
        if isinstance(joined, Operation) and joined.operator == "||" and len(joined.operands) == 2:
            parts = (replace(node, arguments=(part,)) for part in joined.operands)
            return [term for part in parts for term in _terms(part)]
    return [node]


def _is_length(node: Node) -> bool:
    inner = uncast(node)
    if isinstance(inner, Call) and inner.name == "coalesce":
        return len(inner.arguments) == 2 and _is_length(inner.arguments[0])
    return isinstance(inner, Call) and inner.name in _LENGTHS


def _true(condition: Node) -> Node:
    return Operation("is true", (condition,))


def _is_row(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "row of"


def _any(conditions: Sequence[Node]) -> Node:
    return conditions[0] if len(conditions) == 1 else Operation("or", tuple(conditions))


def _all(conditions: Sequence[Node]) -> Node:
    return conditions[0] if len(conditions) == 1 else Operation("and", tuple(conditions))
