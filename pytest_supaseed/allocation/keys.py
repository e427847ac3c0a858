"""Unique keys as allocation sees them: equivalent plain keys, and finite column domains.

:func:`bound_key` reduces a partial or expression key to one on column values in all rows, and :func:`finite_values`
lists the values of a column that has few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from math import ceil, floor
from typing import Any

from pytest_supaseed.constraints.column import column_facts
from pytest_supaseed.constraints.domain import ColumnFacts, settled, without_fact
from pytest_supaseed.constraints.indexes import Condition, Part, about_rows, condition, constant_default
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
            yield from (c for c in ASCII if c not in usual and c not in facts.excluded)
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
    # Of a domain below zero none is usual, however few are wanted.
    lowest = usual if last - usual + 1 >= max(wanted, 1) else first
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
