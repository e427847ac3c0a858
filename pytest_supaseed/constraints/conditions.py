"""The tree of a CHECK -> what it says of one column. What is not understood says nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce

from pytest_supaseed.constraints.documents import JSON, document
from pytest_supaseed.constraints.facts import NOTHING, ColumnFacts, Pattern, both, either
from pytest_supaseed.constraints.literals import NoConstantError, constant, constants
from pytest_supaseed.constraints.measures import compared
from pytest_supaseed.constraints.regex import from_like, from_postgres, from_similar, nowhere
from pytest_supaseed.constraints.subject import Subject
from pytest_supaseed.constraints.syntax import Array, Call, Cast, Literal, Name, Node, Operation, Quantified

OPPOSITES = {
    "=": "<>",
    "<": ">=",
    ">": "<=",
    "~": "!~",
    "~*": "!~*",
    "~~": "!~~",
    "~~*": "!~~*",
    "is null": "is not null",
    "is distinct from": "is not distinct from",
}
OPPOSITES.update({opposite: operator for operator, opposite in OPPOSITES.items()})
CONTAINMENTS = {"<@": "@>", "@>": "<@", "&&": "&&"}
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>", **CONTAINMENTS}
_MATCHES = ("~", "~*", "~~", "~~*", "!~", "!~*", "!~~", "!~~*", "^@")
_CONNECTIVES = ("and", "or", "not", "is true", "is not true", "is false", "is not false")
_ONLY_NULL = ColumnFacts(allowed=(None,))


def condition(node: Node, subject: Subject) -> ColumnFacts:
    """Read what holds of a column's values wherever a condition is not false.

    Args:
        node: the condition.
        subject: the column.
    """
    if subject.type.name in JSON and not subject.type.array:
        found = _document(node, subject)
        if found != NOTHING:
            return found
    if isinstance(node, Operation):
        return _operation(node, subject)
    if isinstance(node, Quantified):
        return _quantified(node, subject)
    if isinstance(node, Name) and subject.is_in(node) and subject.type.name == "bool":
        return ColumnFacts(allowed=(True,))
    if isinstance(node, Call) and node.name == "starts_with" and len(node.arguments) == 2:
        return _matched("^@", *node.arguments, subject)
    if isinstance(node, Call) and node.name == "regexp_like" and len(node.arguments) == 2:
        return _matched("~", *node.arguments, subject)
    return NOTHING


def negation(node: Node) -> Node | None:
    """Return the opposite of a condition, None where it is none of those that have a spelling.

    Args:
        node: the condition.
    """
    if isinstance(node, Operation):
        if node.operator == "not":
            return node.operands[0]
        if node.operator in ("and", "or"):
            other = "or" if node.operator == "and" else "and"
            return Operation(other, tuple(Operation("not", (operand,)) for operand in node.operands))
        if node.operator in OPPOSITES:
            return Operation(OPPOSITES[node.operator], node.operands)
    if isinstance(node, Quantified) and node.operator in OPPOSITES:
        return Quantified(OPPOSITES[node.operator], node.left, node.right, not node.every)
    return None


def _document(node: Node, subject: Subject) -> ColumnFacts:
    truth = not (isinstance(node, Operation) and node.operator == "not")
    inner = node if truth or not isinstance(node, Operation) else node.operands[0]
    if (isinstance(inner, Operation) and inner.operator in _CONNECTIVES) or (
        not truth and negation(inner) is not None
    ):
        return NOTHING
    return document(inner, subject, condition, truth=truth)


def _operation(node: Operation, subject: Subject) -> ColumnFacts:
    operator, first = node.operator, node.operands[0]
    if operator == "and":
        return reduce(both, (condition(operand, subject) for operand in node.operands), NOTHING)
    if operator == "or":
        return _alternatives(node, subject)
    if operator == "not":
        if subject.is_in(first) and subject.type.name == "bool":
            return ColumnFacts(allowed=(False,))
        opposite = negation(first)
        return NOTHING if opposite is None else condition(opposite, subject)
    if operator in ("is null", "is not null"):
        if isinstance(first, Call) or not subject.is_in(first):
            return NOTHING
        return _ONLY_NULL if operator == "is null" else ColumnFacts(required=True)
    if operator in ("is true", "is not false"):
        return condition(first, subject)
    if operator in ("is false", "is not true"):
        return condition(Operation("not", (first,)), subject)
    if len(node.operands) != 2:
        return NOTHING
    second = node.operands[1]
    if operator in ("is distinct from", "is not distinct from"):
        operator = "<>" if operator == "is distinct from" else "="
    if operator in _MATCHES:
        return _matched(operator, first, second, subject)
    if operator in CONTAINMENTS:
        return _contained(operator, first, second, subject)
    if operator not in FLIPPED:
        return NOTHING
    found = compared(first, operator, second, subject)
    if found is None:
        found = compared(second, FLIPPED[operator], first, subject)
    return found or NOTHING


def _matched(operator: str, left: Node, right: Node, subject: Subject) -> ColumnFacts:
    """``left ~ right``, and the other operators of patterns: ``~~`` for LIKE, ``^@`` for ``starts_with``."""
    if not (subject.textual and subject.is_in(left)):
        return NOTHING
    positive = operator.removeprefix("!")
    similar = isinstance(right, Call) and right.name in ("similar_to_escape", "similar_escape")
    try:
        text = constant(right.arguments[0] if isinstance(right, Call) and similar else right, "text")
    except (NoConstantError, IndexError):
        return NOTHING
    if text is None:
        return NOTHING
    regex: str | None
    if similar:
        regex = from_similar(text)
    elif positive == "^@":
        regex = "^" + re.escape(text)
    else:
        regex = from_like(text) if positive.startswith("~~") else from_postgres(text)
    if regex is None:
        return NOTHING
    # citext has operators of its own, which ignore case.
    ignoring = positive.endswith("*") or (subject.type.name == "citext" and not isinstance(left, Cast))
    # What is matched is padded with spaces, unless it is cast.
    padded = subject.type.name == "bpchar" and not isinstance(left, Cast) and regex.endswith(r"\Z")
    least = subject.type.length if padded and not operator.startswith("!") else None
    found = nowhere(regex, ignoring) if operator.startswith("!") else Pattern(regex, ignoring)
    return ColumnFacts(patterns=(found,), minimum_length=least)


def _alternatives(node: Operation, subject: Subject) -> ColumnFacts:
    found = [condition(operand, subject) for operand in node.operands]
    values = [facts for facts in found if facts.allowed != (None,)]
    if not values:
        return _ONLY_NULL
    facts = reduce(either, values)
    return facts if len(values) == len(found) else replace(facts, required=False)


def _contained(operator: str, left: Node, right: Node, subject: Subject) -> ColumnFacts:
    """``tags <@ ARRAY[...]`` lists the elements that are allowed; of ``tags && ARRAY[...]`` one has to be there."""
    array, listed = (left, right) if operator == "<@" or subject.is_in(left) else (right, left)
    if not (subject.type.array and subject.is_in(array)) or (operator == "@>" and array == left):
        return NOTHING
    try:
        element = ColumnFacts(allowed=constants(listed, subject.type.name))
        return ColumnFacts(element=element, minimum_length=1 if operator == "&&" else None)
    except NoConstantError:
        return NOTHING


def _quantified(node: Quantified, subject: Subject) -> ColumnFacts:
    if node.every and subject.type.array and subject.is_in(node.right) and node.operator in FLIPPED:
        # 0 < ALL (numbers): what holds of each element.
        element = Subject(subject.column, replace(subject.type, array=False))
        name = Name(subject.column or "VALUE", domain=subject.column is None)
        facts = condition(Operation(node.operator, (node.left, name)), element)
        return ColumnFacts(element=facts)
    elements = listed(node.right)
    if not elements:
        return NOTHING
    return condition(
        Operation(
            "and" if node.every else "or",
            tuple(Operation(node.operator, (node.left, element)) for element in elements),
        ),
        subject,
    )


def listed(node: Node) -> tuple[Node, ...]:
    """Return the elements of an array that an expression spells out, none where it does not.

    Args:
        node: ``ARRAY[...]`` or ``'{...}'``, maybe within casts.
    """
    while isinstance(node, Cast) and not node.modified:
        node = node.operand
    if isinstance(node, Array):
        return node.elements
    if isinstance(node, Literal) and node.text is not None:
        try:
            return tuple(Literal(str(text)) for text in constants(node, "text"))
        except NoConstantError:
            return ()
    return ()
