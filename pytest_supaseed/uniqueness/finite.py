"""The values of a column that has few: a unique key over it runs out of them."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from math import ceil, floor
from typing import Any

from pytest_supaseed.constraints import ColumnFacts, column_facts
from pytest_supaseed.constraints.facts import settled
from pytest_supaseed.schema import Column, Table
from pytest_supaseed.uniqueness.uniqueness import INTEGER_TYPES, without_fact
from pytest_supaseed.values.characters import ASCII, DISTINCT

# Above this a range is as good as endless: values are drawn from it, not enumerated.
LARGEST_ENUMERATED_RANGE = 10_000
_LONGEST_BITS = 13
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def finite_values(column: Column, facts: ColumnFacts, override: object, wanted: int = 0) -> tuple[Any, ...]:
    """List all values that a column can take, where they are few.

    Args:
        column: the column.
        facts: what its type and its CHECKs say.
        override: what the spec gives for it; ``...`` if nothing.
        wanted: how many rows there will be: unusual values are listed only where the usual ones are too few.

    Returns:
        The values; empty if they cannot be counted.
    """
    if override is not ...:
        choices = tuple(override) if isinstance(override, (list, tuple)) else (override,)
        # A NULL is no value that a unique key could run out of.
        return () if callable(override) or any(choice is None for choice in choices) else choices
    if facts.allowed is not None:
        return facts.allowed
    if column.type.array:
        return ()
    if column.type.name == "bool":
        return (False, True)
    if column.type.name in INTEGER_TYPES and facts.minimum is not None and facts.maximum is not None:
        first, last = _whole(facts, 0, 0)
        if last - first < LARGEST_ENUMERATED_RANGE:
            return tuple(value for value in range(first, last + 1) if value not in facts.excluded)
    return tuple(_of_type(column, facts, wanted))


def _of_type(column: Column, facts: ColumnFacts, wanted: int) -> Iterator[Any]:
    kind = column.type
    if (
        kind.name in ("bpchar", "varchar")
        and kind.length == 1
        and _only(facts, "maximum_length", "minimum_length")
    ):
        usual = [value for value in _DIGITS if value not in facts.excluded]
        yield from usual
        if len(usual) < wanted:
            # As many as are wanted: there are tens of thousands.
            more = (c for c in DISTINCT if c.upper() not in _DIGITS and c not in facts.excluded)
            yield from islice(more, wanted - len(usual))
    elif kind.name == "char" and _only(facts, "maximum_length"):
        usual = [value for value in _DIGITS if value not in facts.excluded]
        yield from usual
        if len(usual) < wanted:
            yield from (c for c in ASCII if c not in _DIGITS and c not in facts.excluded)
    elif kind.name in ("bit", "varbit") and kind.length is not None and _only(facts):
        lengths = (kind.length,) if kind.name == "bit" else range(1, kind.length + 1)
        if kind.length < _LONGEST_BITS:
            usual = ["".join(bits) for length in lengths for bits in product("01", repeat=length)]
            yield from usual if kind.name == "bit" or len(usual) >= wanted else (*usual, "")
    elif kind.name == "numeric" and kind.precision is not None and _only(facts, "minimum", "maximum"):
        yield from _decimals(column, facts, wanted)
    elif kind.name == "date" and _only(facts, "earliest", "latest"):
        yield from _days(facts)


def _only(facts: ColumnFacts, *known: str) -> bool:
    """Whether nothing is known of a column but these, and what is refused."""
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
    """The first and the last number of units, as far as they are known."""
    first, last = least, most
    if facts.minimum is not None:
        lower = Decimal(facts.minimum).scaleb(scale)
        first = floor(lower) + 1 if facts.minimum_exclusive else ceil(lower)
    if facts.maximum is not None:
        upper = Decimal(facts.maximum).scaleb(scale)
        last = ceil(upper) - 1 if facts.maximum_exclusive else floor(upper)
    return first, last


def has_few(table: Table, name: str, referencing: Container[str]) -> bool:
    """Whether a column has few values: those of rows that it references, or those of its type.

    Args:
        table: the table.
        name: the column's name.
        referencing: the columns that foreign keys set.
    """
    column = table.column(name)
    return name in referencing or bool(finite_values(column, column_facts(table, column), ...))
