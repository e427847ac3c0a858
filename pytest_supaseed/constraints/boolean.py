"""Which expressions are conditions."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import Call, Case, Cast, Literal, Name, Node, Operation, Quantified

_BOOLEAN = frozenset(
    (
        *("and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "~", "!~", "~*", "!~*", "~~", "!~~", "~~*"),
        *("!~~*", "@>", "<@", "&&", "?", "?|", "?&", "^@", "overlaps", "@@", "@?"),
    )
)


def is_condition(node: Node, subjects: Mapping[str, Subject]) -> bool:
    """Whether an expression is boolean, as far as it can be told.

    Args:
        node: the expression.
        subjects: the columns of the table, by name.
    """
    if isinstance(node, (Cast, Literal)):
        return node.type == "boolean"
    if isinstance(node, Name):
        subject = subjects.get(node.name)
        return subject is not None and subject.type.name == "bool" and not subject.type.array
    if isinstance(node, Case):
        return all(is_condition(result, subjects) for _, result in node.whens)
    if isinstance(node, Call):
        return node.name == "coalesce" and is_condition(node.arguments[0], subjects)
    if isinstance(node, Operation):
        return node.operator in _BOOLEAN or node.operator.startswith("is ")
    return isinstance(node, Quantified)
