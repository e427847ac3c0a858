"""Predicates of partial unique indexes: which rows such an index contains.

:func:`condition` reads a WHERE clause as far as its text is understood, as a conjunction of comparisons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any

from pytest_supaseed.constraints.literals import NoConstantError, constant
from pytest_supaseed.constraints.nodes import (
    Array,
    Cast,
    ExpressionError,
    Literal,
    Name,
    Node,
    Operation,
    Quantified,
)
from pytest_supaseed.constraints.parser import parse
from pytest_supaseed.constraints.regex import from_postgres
from pytest_supaseed.model.schema import Column, Table, UniqueKey
from pytest_supaseed.model.type_families import NUMERIC, is_number

_TESTS = {
    "is true": ("true", False),
    "is false": ("false", False),
    "is not true": ("true", True),
    "is not false": ("false", True),
    "is null": (None, False),
    "is not null": (None, True),
}
_ORDERS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_DEFAULT = re.compile(r"\(*(?:'((?:[^']|'')*)'|(true|false|-?\d+(?:\.\d+)?))\)*(?:::[\w. \"]+\)*)?")


@dataclass(frozen=True)
class Part:
    """One comparison of a column in a predicate.

    Attributes:
        column: the column.
        values: the compared values as texts, None for NULL.
        negated: whether the column must have none of them.
        pattern: a regular expression to match instead, for :func:`re.search` with ``re.DOTALL``.
        order: ``<``, ``<=``, ``>`` or ``>=`` where the only value is a number that the column's is compared with.
    """

    column: str
    values: tuple[str | None, ...]
    negated: bool = False
    pattern: str | None = None
    order: str = ""

    @property
    def of_nulls(self) -> bool:
        """Whether the comparison is ``IS NULL`` or ``IS NOT NULL``."""
        return self.values == (None,)

    def holds(self, value: Any) -> bool:
        """Return whether a value satisfies the comparison."""
        if value is None and None not in self.values:
            return False
        text = str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
        if self.order:
            return _ORDERS[self.order](Decimal(str(value)), Decimal(str(self.values[0])))
        if self.pattern is not None:
            found = text is not None and re.search(self.pattern, text, re.DOTALL) is not None
            return found != self.negated
        return (text in self.values) != self.negated

    def number_outside(self) -> int | Decimal | None:
        """Return the number next to those that satisfy the comparison; None where it compares no order."""
        if not self.order:
            return None
        bound = Decimal(str(self.values[0])) + {">=": -1, "<=": 1}.get(self.order, 0)
        return int(bound) if bound == int(bound) else bound


@dataclass(frozen=True)
class Condition:
    """The predicate of a partial index: a conjunction of comparisons."""

    parts: tuple[Part, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The compared columns, each once."""
        return tuple(dict.fromkeys(part.column for part in self.parts))

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Return whether the index contains the row."""
        return all(part.holds(row[part.column]) for part in self.parts)


def condition(table: Table, key: UniqueKey) -> Condition | None:
    """Return the predicate of a partial unique index; None for another key, or for an unreadable WHERE clause."""
    if not key.partial:
        return None
    parts = _parsed(key.definition.partition(" WHERE ")[2])
    if parts is None or not all(table.has_column(part.column) for part in parts):
        return None
    if any(part.order and not _is_number(table.column(part.column)) for part in parts):
        return None
    return Condition(parts)


def _is_number(column: Column) -> bool:
    return is_number(column.type) and not column.type.array


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[Part, ...] | None:
    try:
        return _parts(parse(text))
    except ExpressionError:
        return None


def _parts(node: Node) -> tuple[Part, ...] | None:
    if isinstance(node, Operation) and node.operator == "and":
        found = [_parts(operand) for operand in node.operands]
        return None if None in found else tuple(part for parts in found for part in parts or ())
    part = _part(node)
    return None if part is None else (part,)


def _part(node: Node) -> Part | None:
    if (column := _column(node)) is not None:
        return Part(column, ("true",))
    if isinstance(node, Quantified):
        every = node.operator == "<>" and node.every
        if (node.operator == "=" and not node.every) or every:
            return _compared(node.left, _elements(node.right), negated=every)
        return None
    if not isinstance(node, Operation):
        return None
    if node.operator == "not":
        column = _column(node.operands[0])
        return None if column is None else Part(column, ("false",))
    if node.operator in _TESTS:
        value, negated = _TESTS[node.operator]
        return _compared(node.operands[0], (value,), negated=negated)
    if node.operator in ("=", "<>") and len(node.operands) == 2:
        return _compared(node.operands[0], _texts(node.operands[1:]), negated=node.operator == "<>")
    if node.operator in _ORDERS and len(node.operands) == 2:
        return _ordered(*node.operands, node.operator)
    if node.operator in ("~", "!~") and len(node.operands) == 2:
        return _matched(*node.operands, negated=node.operator == "!~")
    return None


def _matched(node: Node, regex: Node, *, negated: bool) -> Part | None:
    column, texts = _column(node), _texts((regex,))
    pattern = from_postgres(texts[0]) if texts and texts[0] is not None else None
    return None if column is None or pattern is None else Part(column, (), negated, pattern)


def _ordered(node: Node, other: Node, operator: str) -> Part | None:
    column = _column(node)
    try:
        bound = constant(other, NUMERIC)
    except NoConstantError:
        return None
    return None if column is None or bound is None else Part(column, (str(bound),), order=operator)


def _compared(node: Node, values: tuple[str | None, ...] | None, *, negated: bool) -> Part | None:
    column = _column(node)
    return None if column is None or values is None else Part(column, values, negated)


def _column(node: Node) -> str | None:
    while isinstance(node, Cast) and not node.modified:
        node = node.operand
    return node.name if isinstance(node, Name) else None


def _elements(node: Node) -> tuple[str | None, ...] | None:
    while isinstance(node, Cast):
        node = node.operand
    return _texts(node.elements) if isinstance(node, Array) else None


def _texts(nodes: Collection[Node]) -> tuple[str | None, ...] | None:
    found = []
    for node in nodes:
        while isinstance(node, Cast):
            node = node.operand
        if not isinstance(node, Literal) or node.text is None:
            return None
        found.append(node.text)
    return tuple(found)


def of_new_rows(table: Table, key: UniqueKey, server_defaults: Collection[str]) -> Condition | None:
    """Return a key's predicate without the comparisons that constant column defaults decide.

    Args:
        server_defaults: the columns that get their server default.

    Returns:
        The rest of the predicate; None where nothing is left of it.
    """
    found = condition(table, key)
    if found is None:
        return None
    rest = tuple(part for part in found.parts if _default(table, part, server_defaults) is None)
    return Condition(rest) if rest else None


def of_no_new_row(table: Table, key: UniqueKey, server_defaults: Collection[str]) -> bool:
    """Return whether the constant defaults of ``server_defaults`` columns keep every new row out of a partial index."""
    found = condition(table, key)
    if found is None:
        return False
    defaults = ((part, _default(table, part, server_defaults)) for part in found.parts)
    return any(default is not None and not part.holds(default) for part, default in defaults)


def _default(table: Table, part: Part, server_defaults: Collection[str]) -> str | None:
    """The text of the constant default that an omitted column gets, None without one."""
    return constant_default(table, part.column) if part.column in server_defaults else None


def constant_default(table: Table, column: str) -> str | None:
    """Return the text of a column's constant default, None where it has none."""
    match = _DEFAULT.fullmatch(table.column(column).default or "")
    return None if match is None else match[2] or match[1].replace("''", "'")


def about_rows(table: Table, where: Condition) -> bool:
    """Return whether a predicate can hold: it does not demand NULL in a NOT NULL column."""
    nulls = (part.column for part in where.parts if part.of_nulls and not part.negated)
    return all(table.column(column).nullable for column in nulls)


def of_nulls(table: Table, key: UniqueKey) -> Condition | None:
    """Return the predicate of a unique index if it only tests columns for NULL, else None."""
    where = None if key.expression else condition(table, key)
    return where if where is not None and all(part.of_nulls for part in where.parts) else None
