"""The WHERE clauses of partial unique indexes, as far as their text can be read: which rows they are about."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pytest_supaseed.constraints.expression import parse
from pytest_supaseed.constraints.regex import from_postgres
from pytest_supaseed.constraints.syntax import (
    Array,
    Cast,
    Literal,
    Name,
    Node,
    Operation,
    Quantified,
)
from pytest_supaseed.constraints.tokens import ExpressionError
from pytest_supaseed.schema import Table, UniqueKey

_TESTS = {
    "is true": ("true", False),
    "is false": ("false", False),
    "is not true": ("true", True),
    "is not false": ("false", True),
    "is null": (None, False),
    "is not null": (None, True),
}
_DEFAULT = re.compile(r"\(*(?:'((?:[^']|'')*)'|(true|false|-?\d+))\)*(?:::[\w. \"]+\)*)?")


@dataclass(frozen=True)
class Part:
    """A comparison of one column.

    Attributes:
        column: the column.
        values: the texts of the values, None for NULL.
        negated: whether it must have none of them.
        pattern: what it has to match instead, for :func:`re.search` with ``re.DOTALL``.
    """

    column: str
    values: tuple[str | None, ...]
    negated: bool = False
    pattern: str | None = None

    @property
    def of_nulls(self) -> bool:
        """Whether it only asks for NULL."""
        return self.values == (None,)

    def holds(self, value: Any) -> bool:
        """Whether a value of the column has the row in the index."""
        if value is None and None not in self.values:
            return False
        text = str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
        if self.pattern is not None:
            found = text is not None and re.search(self.pattern, text, re.DOTALL) is not None
            return found != self.negated
        return (text in self.values) != self.negated


@dataclass(frozen=True)
class Condition:
    """A WHERE clause: comparisons that all have to hold.

    Attributes:
        parts: the comparisons.
    """

    parts: tuple[Part, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are compared."""
        return tuple(dict.fromkeys(part.column for part in self.parts))

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether the index has the row."""
        return all(part.holds(row[part.column]) for part in self.parts)


def condition(table: Table, key: UniqueKey) -> Condition | None:
    """Read the WHERE clause of a unique index.

    Args:
        table: the table.
        key: one of its keys.

    Returns:
        The condition; None where there is none, or one of another form.
    """
    if not key.partial:
        return None
    parts = _parsed(key.definition.partition(" WHERE ")[2])
    if parts is None or not all(table.has_column(part.column) for part in parts):
        return None
    return Condition(parts)


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
    if node.operator in ("~", "!~") and len(node.operands) == 2:
        return _matched(*node.operands, negated=node.operator == "!~")
    return None


def _matched(node: Node, regex: Node, *, negated: bool) -> Part | None:
    column, texts = _column(node), _texts((regex,))
    pattern = from_postgres(texts[0]) if texts and texts[0] is not None else None
    return None if column is None or pattern is None else Part(column, (), negated, pattern)


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


def of_new_rows(table: Table, key: UniqueKey, omitted: Collection[str]) -> Condition | None:
    """Return what a WHERE clause says of rows in which PostgreSQL sets some defaults.

    Args:
        table: the table.
        key: one of its keys.
        omitted: the columns whose defaults it sets.

    Returns:
        The condition without what the defaults decide; None where nothing is left of it.
    """
    found = condition(table, key)
    if found is None:
        return None
    rest = tuple(part for part in found.parts if _default(table, part, omitted) is None)
    return Condition(rest) if rest else None


def of_no_new_row(table: Table, key: UniqueKey, omitted: Collection[str]) -> bool:
    """Whether a unique index has no row in which PostgreSQL sets the defaults.

    Args:
        table: the table.
        key: one of its keys.
        omitted: the columns whose defaults it sets.
    """
    found = condition(table, key)
    if found is None:
        return False
    defaults = ((part, _default(table, part, omitted)) for part in found.parts)
    return any(default is not None and not part.holds(default) for part, default in defaults)


def _default(table: Table, part: Part, omitted: Collection[str]) -> str | None:
    """The text of the constant that PostgreSQL sets a column to, None if it sets no constant."""
    return constant_default(table, part.column) if part.column in omitted else None


def constant_default(table: Table, column: str) -> str | None:
    """Return the text of the constant that a column has by default, None where it has none.

    Args:
        table: the table.
        column: its name.
    """
    match = _DEFAULT.fullmatch(table.column(column).default or "")
    return None if match is None else match[2] or match[1].replace("''", "'")


def fills_index(table: Table, column: str, few: Callable[[str], bool]) -> bool:
    """Whether the default of a column has all rows in an index that takes few: one default address for each user.

    Args:
        table: the table.
        column: its name.
        few: whether a column, by its name, has few values: those of rows that it references, for one.
    """
    default = constant_default(table, column)
    if default is None:
        return False
    found = [condition(table, key) for key in table.uniques if key.partial and all(map(few, key.columns))]
    parts = [part for where in found if where is not None for part in where.parts]
    return any(part.column == column and part.holds(default) for part in parts)
