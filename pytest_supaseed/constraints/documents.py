"""JSON documents: a condition on a JSON column -> value domains of the members, by their paths.

:func:`document` returns them; :func:`path_of` is the path that an expression follows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from pytest_supaseed.constraints.domain import NOTHING, ColumnFacts
from pytest_supaseed.constraints.literals import NoConstantError, constant, constants
from pytest_supaseed.constraints.nodes import (
    Call,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    Subject,
    children,
    rebuilt,
    uncast,
)
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import BOOLEAN, INTEGER, NUMERIC, TEXT, is_json

_JSON_CASTS = ("json", "jsonb")
# Stands for the member at the path in a condition; no column has a name with a NUL.
_MEMBER = "\0member"
_JSONB = ColumnType("jsonb", "jsonb")
_DOUBLE = ColumnType("double precision", "float8", "N")
_CASTS = {
    "smallint": INTEGER,
    "integer": INTEGER,
    "bigint": ColumnType("bigint", "int8", "N"),
    "numeric": NUMERIC,
    "real": _DOUBLE,
    "double precision": _DOUBLE,
    "boolean": BOOLEAN,
    "uuid": ColumnType("uuid", "uuid"),
}
_FUNCTIONS = {
    "jsonb_exists": "?",
    "jsonb_exists_all": "?&",
    "jsonb_contains": "@>",
}
_Members = tuple[tuple[tuple[str, ...], ColumnFacts], ...]


def document(
    node: Node, subject: Subject, read: Callable[[Node, Subject], ColumnFacts], *, truth: bool = True
) -> ColumnFacts:
    """Return the value domain that a condition implies for the members of a JSON column.

    Args:
        node: the condition, which has no AND, OR or NOT at its root.
        read: returns the value domain that a condition implies for a column; applied to the member.
        truth: False for the negation of the condition.

    Returns:
        The value domain; no constraint where the condition is about something else.
    """
    if isinstance(node, Call) and node.name in _FUNCTIONS and len(node.arguments) == 2:
        node = Operation(_FUNCTIONS[node.name], node.arguments)
    try:
        if isinstance(node, Operation) and node.operator in ("?", "?&", "@>", "<@"):
            return _contained(node, subject, truth=truth)
    except (NoConstantError, ValueError):
        return NOTHING
    found = next(_paths(node, subject), None)
    if found is None:
        return NOTHING
    path, followed, member_type = found
    if not path or (isinstance(followed, Cast) and is_json(member_type)):
        return NOTHING
    pseudo = Subject(_MEMBER, member_type)
    condition = _replaced(node, followed, Name(_MEMBER))
    facts = read(condition if truth else Operation("not", (condition,)), pseudo)
    if facts == NOTHING:
        return NOTHING
    # A member that is not NULL requires a document that is not NULL.
    tested = isinstance(node, Operation) and node.operator == "is not null" and truth
    return ColumnFacts(json_members=((path, facts),), required=tested)


def _contained(node: Operation, subject: Subject, *, truth: bool) -> ColumnFacts:
    left, right = node.operands if node.operator != "<@" else node.operands[::-1]
    path = path_of(left, subject)
    if path is None:
        return NOTHING
    if node.operator == "@>" or node.operator == "<@":
        text = constant(right, TEXT)
        if text is None:
            return NOTHING
        value = json.loads(text)
        members = tuple(_flat(path, value))
        return _opposite(members) if not truth else _of_members(members, path, value)
    keys = [constant(right, TEXT)] if node.operator == "?" else list(constants(right, TEXT))
    required = ColumnFacts(required=True)
    members = tuple(((*path, key), required) for key in keys)
    return _opposite(members) if not truth else ColumnFacts(json_members=members)


def _of_members(members: _Members, path: tuple[str, ...], value: Any) -> ColumnFacts:
    if not path and isinstance(value, list):
        return ColumnFacts(json_type="array", allowed=(value,))
    return ColumnFacts(json_members=members) if path or isinstance(value, dict) else NOTHING


def _opposite(members: _Members) -> ColumnFacts:
    """Return the negation for a single member: it is missing or differs; of several, any one may, so none is known."""
    if len(members) != 1:
        return NOTHING
    path, facts = members[0]
    if facts.allowed is None:
        return ColumnFacts(json_members=((path, ColumnFacts(allowed=(None,))),))
    return ColumnFacts(json_members=((path, ColumnFacts(excluded=facts.allowed)),))


def _flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], ColumnFacts]]:
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from _flat((*path, key), member)
    elif path:
        yield path, ColumnFacts(allowed=(value,), required=True)


def path_of(node: Node, subject: Subject) -> tuple[str, ...] | None:
    """Return the keys of the path that an expression follows in a JSON column, from the outermost.

    Args:
        node: ``x``, ``x -> 'a' ->> 'b'``, ``x #>> '{a,b}'``.

    Returns:
        The keys, empty for the column itself; None where the expression is something else.
    """
    if subject.is_in(node):
        return ()
    if isinstance(node, Cast) and node.type in _JSON_CASTS:
        return path_of(node.operand, subject)
    keys: tuple[Any, ...]
    try:
        if isinstance(node, Operation) and len(node.operands) == 2 and node.operator in ("->", "->>"):
            base, key = node.operands
            literal = uncast(key)
            if not isinstance(literal, Literal) or literal.type is not None:
                # A number is an index of an array.
                return None
            keys = (constant(key, TEXT),)
        elif isinstance(node, Operation) and len(node.operands) == 2 and node.operator in ("#>", "#>>"):
            base, keys = node.operands[0], constants(node.operands[1], TEXT)
        elif isinstance(node, Call) and node.name in (
            "subscript of", "jsonb_extract_path", "jsonb_extract_path_text",
        ):  # fmt: skip
            base, *rest = node.arguments
            keys = tuple(constant(key, TEXT) for key in rest)
        else:
            return None
    except (NoConstantError, ValueError):
        return None
    before = path_of(base, subject)
    if before is None or None in keys or any(str(key).lstrip("-").isdigit() for key in keys):
        return None
    return (*before, *keys)


def _paths(node: Node, subject: Subject) -> Iterator[tuple[tuple[str, ...], Node, ColumnType]]:
    """Yield the paths in an expression: their keys, the node that follows them, and its type."""
    if isinstance(node, Cast) and node.type in _CASTS:
        path = path_of(node.operand, subject)
        if path:
            yield path, node, _CASTS[node.type]
            return
    path = path_of(node, subject)
    if path:
        text = isinstance(node, Operation) and node.operator.endswith(">>")
        text = text or (isinstance(node, Call) and node.name.endswith("_text"))
        yield path, node, TEXT if text else _JSONB
        return
    for child in children(node):
        yield from _paths(child, subject)


def _replaced(node: Node, old: Node, new: Node) -> Node:
    if node == old:
        return new
    return rebuilt(node, [_replaced(part, old, new) for part in children(node)])
