"""How many different values a type has, where they are few enough to run out of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import prod

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.facts import NOTHING
from pytest_supaseed.constraints.literals import NUMBERS
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.values import numbers

# ASCII, and nothing at all: what is outside is one byte in PostgreSQL, and several in a text.
CHARACTERS = ("", *map(chr, range(1, 128)))
# Beyond that nobody runs out.
_MANY = 10**9
_FLOATS = ("float4", "float8")


def capacity_of(column_type: ColumnType, facts: ColumnFacts = NOTHING) -> int | None:
    """Return how many different values a column takes, NULL aside.

    Args:
        column_type: the column's type.
        facts: what is known of its values.

    Returns:
        The number; None where there are more than anybody asks for, or it is not known.

    Example:
        >>> capacity_of(ColumnType("bit(3)", "bit", length=3))
        8
    """
    found = _capacity(column_type, facts)
    return None if found is None or found >= _MANY else found


def _capacity(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    if column_type.array:
        return _of_arrays(column_type, facts)
    if facts.allowed is not None:
        return len({repr(value) for value in facts.allowed if value is not None})
    if column_type.labels:
        return len(set(column_type.labels) - set(facts.excluded))
    if column_type.composite:
        sizes = [_capacity(attribute.type, NOTHING) for attribute in column_type.attributes]
        return prod(size for size in sizes if size) if sizes and None not in sizes else None
    name, length = column_type.name, column_type.length
    if name == "bool":
        return len({False, True} - set(facts.excluded))
    if name == "char":
        return len(set(CHARACTERS) - set(facts.excluded))
    if name == "bit":
        return 1 << min(length or 1, 64)
    if name == "varbit" and length is not None:
        return (1 << min(length, 64) + 1) - 1
    if name in NUMBERS and name not in _FLOATS:
        return _of_numbers(column_type, facts)
    if name == "bytea" and facts.maximum_length is not None:
        least = max(facts.minimum_length or 0, 0)
        return sum(1 << 8 * size for size in range(least, min(facts.maximum_length, 8) + 1))
    if name == "date" and type(facts.earliest) is date and type(facts.latest) is date:
        return max(0, (facts.latest - facts.earliest).days + 1)
    return None


def _of_numbers(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    digits = column_type.scale
    if column_type.name == "numeric" and digits is None:
        # An integer by its CHECK, or of any fineness.
        digits = facts.decimals
    if column_type.name == "numeric" and digits is None and facts.multiple_of is None:
        return None
    unit = numbers.unit_of(column_type, facts, 2 if digits is None else digits)
    low, high = numbers.limits(column_type, facts, unit)
    if low is None or high is None:
        return None
    size = max(0, high - low + 1)
    if size >= _MANY:
        return None
    inside = [value for value in facts.excluded if _between(value, low * unit, high * unit)]
    return size - len(inside)


def _between(value: object, low: Decimal, high: Decimal) -> bool:
    return isinstance(value, (int, float, Decimal)) and low <= Decimal(str(value)) <= high


def _of_arrays(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    if facts.maximum_length is None:
        return None
    size = _capacity(column_type.element_type, facts.element or NOTHING)
    if size is None:
        return None
    lengths = range(max(1, facts.minimum_length or 1), facts.maximum_length + 1)
    # An array without elements has no length, so what is said of its length does not forbid it.
    return 1 + sum(int(size ** min(length, 64)) for length in lengths)
