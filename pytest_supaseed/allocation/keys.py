"""Unique keys as allocation sees them: predicates of partial indexes, equivalent plain keys, and finite column domains.

:func:`condition` reads a WHERE clause as far as its text is understood, :func:`bound_key` reduces a partial or
expression key to one on column values in all rows, and :func:`finite_values` lists the values of a column that has few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice, product
from math import ceil, floor
from typing import Any

from pytest_supaseed.constraints.column import column_facts
from pytest_supaseed.constraints.domain import ColumnFacts, settled, without_fact
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
from pytest_supaseed.model.type_families import (
    is_bit,
    is_bit_string,
    is_boolean,
    is_date,
    is_integer,
    is_numeric,
    is_padded_text,
    is_single_byte,
    is_varchar,
)
from pytest_supaseed.values.types.text import ASCII, DISTINCT

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
    """One comparison of a column in a predicate.

    Attributes:
        column: the column.
        values: the compared values as texts, None for NULL.
        negated: whether the column must have none of them.
        pattern: a regular expression to match instead, for :func:`re.search` with ``re.DOTALL``.
    """

    column: str
    values: tuple[str | None, ...]
    negated: bool = False
    pattern: str | None = None

    @property
    def of_nulls(self) -> bool:
        """Whether the comparison is ``IS NULL`` or ``IS NOT NULL``."""
        return self.values == (None,)

    def holds(self, value: Any) -> bool:
        """Return whether a value satisfies the comparison."""
        if value is None and None not in self.values:
            return False
        text = str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
        if self.pattern is not None:
            found = text is not None and re.search(self.pattern, text, re.DOTALL) is not None
            return found != self.negated
        return (text in self.values) != self.negated


@dataclass(frozen=True)
class Condition:
    """The predicate of a partial index: a conjunction of comparisons.

    Attributes:
        parts: the comparisons.
    """

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
    """Return a key's predicate without the comparisons that constant column defaults decide.

    Args:
        omitted: the columns that get their server default.

    Returns:
        The rest of the predicate; None where nothing is left of it.
    """
    found = condition(table, key)
    if found is None:
        return None
    rest = tuple(part for part in found.parts if _default(table, part, omitted) is None)
    return Condition(rest) if rest else None


def of_no_new_row(table: Table, key: UniqueKey, omitted: Collection[str]) -> bool:
    """Return whether the constant defaults of ``omitted`` columns keep every new row out of a partial index."""
    found = condition(table, key)
    if found is None:
        return False
    defaults = ((part, _default(table, part, omitted)) for part in found.parts)
    return any(default is not None and not part.holds(default) for part, default in defaults)


def _default(table: Table, part: Part, omitted: Collection[str]) -> str | None:
    """The text of the constant default that an omitted column gets, None without one."""
    return constant_default(table, part.column) if part.column in omitted else None


def constant_default(table: Table, column: str) -> str | None:
    """Return the text of a column's constant default, None where it has none."""
    match = _DEFAULT.fullmatch(table.column(column).default or "")
    return None if match is None else match[2] or match[1].replace("''", "'")


def fills_index(table: Table, column: str, few: Callable[[str], bool]) -> bool:
    """Return whether a constant default puts all rows into a partial index over few values.

    An example is an index that allows one default address per user.

    Args:
        column: the column with the default.
        few: returns whether a column, given by name, has few values, such as those of referenced rows.
    """
    default = constant_default(table, column)
    if default is None:
        return False
    found = [condition(table, key) for key in table.uniques if key.partial and all(map(few, key.columns))]
    parts = [part for where in found if where is not None for part in where.parts]
    return any(part.column == column and part.holds(default) for part in parts)


_UNORDERED = re.compile(
    r"\((?:LEAST\(([^()]*)\), GREATEST\(([^()]*)\)|GREATEST\(([^()]*)\), LEAST\(([^()]*)\))\)$"
)


def bound_key(table: Table, key: UniqueKey) -> UniqueKey | None:
    """Return a unique key as an equivalent one on the values of its columns in all rows, None where there is none.

    ``UNIQUE (a, b) WHERE a IS NOT NULL`` says no more than without its WHERE; together with ``UNIQUE (b) WHERE a IS
    NULL`` it says that NULLs are not distinct. ``UNIQUE (least(a, b), greatest(a, b))`` becomes one on ``a`` and ``b``
    with ``a <= b`` (:mod:`pytest_supaseed.allocation.pairs`).
    """
    if key.expression:
        either = unordered(key)
        return replace(key, columns=either, expression=False) if either else None
    if not key.partial:
        return key
    where = condition(table, key)
    if where is None:
        return None
    parts = [part for part in where.parts if not (part.of_nulls and not table.column(part.column).nullable)]
    if not about_rows(table, where):
        return None
    if not parts:
        return replace(key, partial=False)
    if not key.nulls_distinct or not all(
        part.of_nulls and part.negated and part.column in key.columns for part in parts
    ):
        return None
    nullable = tuple(dict.fromkeys(part.column for part in parts))
    return replace(key, partial=False, nulls_distinct=not _once_without(table, key, nullable))


def about_rows(table: Table, where: Condition) -> bool:
    """Return whether a predicate can hold: it does not demand NULL in a NOT NULL column."""
    nulls = (part.column for part in where.parts if part.of_nulls and not part.negated)
    return all(table.column(column).nullable for column in nulls)


def of_nulls(table: Table, key: UniqueKey) -> Condition | None:
    """Return the predicate of a unique index if it only tests columns for NULL, else None."""
    where = None if key.expression else condition(table, key)
    return where if where is not None and all(part.of_nulls for part in where.parts) else None


def _once_without(table: Table, key: UniqueKey, nullable: tuple[str, ...]) -> bool:
    """Whether another index makes the remaining columns unique in rows that this one excludes for a NULL."""
    rest = {name for name in key.columns if name not in nullable}
    if len(nullable) != 1 or any(table.column(name).nullable for name in rest):
        return False
    wanted = Condition((Part(nullable[0], (None,)),))
    return any(
        set(o.columns) == rest and not o.expression and condition(table, o) == wanted for o in table.uniques
    )


def unordered(key: UniqueKey) -> tuple[str, str] | None:
    """Return the two columns of ``UNIQUE (least(a, b), greatest(a, b))``, None for another key."""
    match = None if key.partial else _UNORDERED.search(key.definition)
    if match is None or len(key.columns) != 2:
        return None
    pairs = [sorted(name.strip().strip('"') for name in part.split(",")) for part in match.groups() if part]
    return (key.columns[0], key.columns[1]) if pairs == [sorted(key.columns)] * 2 else None


# The values of a larger range are drawn, not enumerated.
LARGEST_ENUMERATED_RANGE = 10_000
_LONGEST_BITS = 13
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def finite_values(column: Column, facts: ColumnFacts, override: object, wanted: int = 0) -> tuple[Any, ...]:
    """List all values of a column that has few.

    Args:
        facts: value domain of the column, from its type and its CHECKs.
        override: the values that the spec gives for it; ``...`` if none.
        wanted: number of rows: unusual values, such as non-ASCII letters, are listed only where the usual ones are
            fewer.

    Returns:
        The values; empty if the domain is not finite, too large, or unknown.
    """
    if override is not ...:
        choices = tuple(override) if isinstance(override, (list, tuple)) else (override,)
        # A NULL is no value that a unique key could run out of.
        return () if callable(override) or any(choice is None for choice in choices) else choices
    if facts.allowed is not None:
        return facts.allowed
    if column.type.array:
        return ()
    if is_boolean(column.type):
        return (False, True)
    if is_integer(column.type) and facts.minimum is not None and facts.maximum is not None:
        first, last = _whole(facts, 0, 0)
        if last - first < LARGEST_ENUMERATED_RANGE:
            return tuple(value for value in range(first, last + 1) if value not in facts.excluded)
    return tuple(_of_type(column, facts, wanted))


def _of_type(column: Column, facts: ColumnFacts, wanted: int) -> Iterator[Any]:
    kind = column.type
    if (
        (is_padded_text(kind) or is_varchar(kind))
        and kind.length == 1
        and _only(facts, "maximum_length", "minimum_length")
    ):
        usual = [value for value in _DIGITS if value not in facts.excluded]
        yield from usual
        if len(usual) < wanted:
            # Only as many as are wanted, since there are tens of thousands.
            more = (c for c in DISTINCT if c.upper() not in _DIGITS and c not in facts.excluded)
            yield from islice(more, wanted - len(usual))
    elif is_single_byte(kind) and _only(facts, "maximum_length"):
        usual = [value for value in _DIGITS if value not in facts.excluded]
        yield from usual
        if len(usual) < wanted:
            yield from (c for c in ASCII if c not in _DIGITS and c not in facts.excluded)
    elif is_bit_string(kind) and kind.length is not None and _only(facts):
        lengths = (kind.length,) if is_bit(kind) else range(1, kind.length + 1)
        if kind.length < _LONGEST_BITS:
            usual = ["".join(bits) for length in lengths for bits in product("01", repeat=length)]
            yield from usual if is_bit(kind) or len(usual) >= wanted else (*usual, "")
    elif is_numeric(kind) and kind.precision is not None and _only(facts, "minimum", "maximum"):
        yield from _decimals(column, facts, wanted)
    elif is_date(kind) and _only(facts, "earliest", "latest"):
        yield from _days(facts)


def _only(facts: ColumnFacts, *known: str) -> bool:
    """Whether a value domain restricts nothing besides ``known``, excluded values and NOT NULL."""
    return without_fact(facts, *known, "minimum_exclusive", "maximum_exclusive", "excluded", "required")


def _decimals(column: Column, facts: ColumnFacts, wanted: int) -> Iterator[Decimal]:
    scale = column.type.scale or 0
    most = 10 ** (column.type.precision or 0) - 1
    if scale < 0 or most > LARGEST_ENUMERATED_RANGE:
        return
    unit = Decimal(1).scaleb(-scale)
    first, last = _whole(facts, -most, most, scale)
    first, last = max(first, -most), min(last, most)
    usual = max(first, 0)
    lowest = usual if last - usual + 1 >= wanted else first
    yield from (v for v in (unit * number for number in range(lowest, last + 1)) if v not in facts.excluded)


def _days(facts: ColumnFacts) -> Iterator[date]:
    first: Any = facts.earliest
    last: Any = facts.latest
    if not isinstance(first, date) or not isinstance(last, date) or isinstance(first, datetime):
        return
    days = (
        first + timedelta(number) for number in range(min((last - first).days, LARGEST_ENUMERATED_RANGE) + 1)
    )
    found = list(islice((day for day in days if day not in facts.excluded), LARGEST_ENUMERATED_RANGE + 1))
    if len(found) <= LARGEST_ENUMERATED_RANGE:
        yield from settled(ColumnFacts(allowed=tuple(found))).allowed or ()


def _whole(facts: ColumnFacts, least: int, most: int, scale: int = 0) -> tuple[int, int]:
    """Return the bounds of a domain in units of ``10 ** -scale``; ``least`` and ``most`` where it has none."""
    first, last = least, most
    if facts.minimum is not None:
        lower = Decimal(facts.minimum).scaleb(scale)
        first = floor(lower) + 1 if facts.minimum_exclusive else ceil(lower)
    if facts.maximum is not None:
        upper = Decimal(facts.maximum).scaleb(scale)
        last = ceil(upper) - 1 if facts.maximum_exclusive else floor(upper)
    return first, last


def has_few(table: Table, name: str, referencing: Container[str]) -> bool:
    """Return whether a column has few values: it references rows (is in ``referencing``), or its domain is finite."""
    column = table.column(name)
    return name in referencing or bool(finite_values(column, column_facts(table, column), ...))
