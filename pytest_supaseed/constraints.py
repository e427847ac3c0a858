"""What a column's type and its CHECKs say about its values, as far as it can be read from their text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pytest_supaseed.schema import Check, Column, Table


@dataclass(frozen=True)
class Pattern:
    """A pattern that a text has to match, or must not.

    Attributes:
        regex: for :func:`re.search`, translated from PostgreSQL's.
        case_insensitive: whether case is ignored.
        negated: whether the text must not match.
    """

    regex: str
    case_insensitive: bool = False
    negated: bool = False


@dataclass(frozen=True)
class ColumnFacts:
    """What is known of the values that a column accepts.

    Attributes:
        allowed: all values, where they are listed; typed as Python's values, None where they are not listed.
        excluded: values that are refused.
        minimum: the least number.
        minimum_exclusive: whether ``minimum`` itself is refused.
        maximum: the greatest number.
        maximum_exclusive: whether ``maximum`` itself is refused.
        earliest: the first date or timestamp.
        latest: the last date or timestamp.
        minimum_length: fewest characters; elements, for an array.
        maximum_length: most characters; elements, for an array.
        patterns: what a text has to match.
        element: what is known of the elements of an array, None for other types.
    """

    allowed: tuple[Any, ...] | None = None
    excluded: tuple[Any, ...] = ()
    minimum: int | Decimal | None = None
    minimum_exclusive: bool = False
    maximum: int | Decimal | None = None
    maximum_exclusive: bool = False
    earliest: date | datetime | None = None
    latest: date | datetime | None = None
    minimum_length: int | None = None
    maximum_length: int | None = None
    patterns: tuple[Pattern, ...] = ()
    element: ColumnFacts | None = None


@dataclass(frozen=True)
class Comparison:
    """A CHECK that compares two columns of a row.

    Attributes:
        left: a column.
        operator: ``<``, ``<=``, ``>``, ``>=``, ``=`` or ``<>``.
        right: another column.
        check: the constraint.
    """

    left: str
    operator: str
    right: str
    check: Check


def column_facts(table: Table, column: Column) -> ColumnFacts:
    """Read what is known of a column's values from its type, its domains and the table's CHECKs."""
    return ColumnFacts()


def comparisons(table: Table) -> tuple[Comparison, ...]:
    """Read which columns of a table are compared with one another by its CHECKs."""
    return ()
