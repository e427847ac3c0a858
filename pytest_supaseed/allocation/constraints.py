"""Unique keys and CHECKs of a table, as allocation sees them: plain keys, comparisons of columns, finite columns.

:func:`bound_key` reduces a partial or expression key to one on column values in all rows, and :func:`finite_values`
lists the values of a column that has few. :func:`pairs` and :func:`paired_keys` find the CHECKs that compare two
foreign keys to the same column, such as ``CHECK (follower <> followed)``, :func:`compared` those that compare any
columns whose values are chosen from lists. Both include ``UNIQUE (least(a, b), greatest(a, b))``, which is met by
requiring ``a <= b``.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product
from math import ceil, floor, isfinite
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from pytest_supaseed.constraints.column import comparisons, value_domain
from pytest_supaseed.constraints.domain import ValueDomain, normalize, unconstrained_apart_from
from pytest_supaseed.constraints.indexes import Condition, Part, about_rows, condition, constant_default
from pytest_supaseed.model.referenced import hashable
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Table, UniqueKey
from pytest_supaseed.model.type_families import (
    is_bit,
    is_bit_string,
    is_boolean,
    is_date,
    is_integer,
    is_json,
    is_numeric,
    is_padded_text,
    is_single_byte,
    is_text,
    is_uuid,
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
    with ``a <= b``.
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


def finite_values(column: Column, domain: ValueDomain, override: object, wanted: int = 0) -> tuple[Any, ...]:
    """List all values of a column that has few.

    Args:
        domain: value domain of the column, from its type and its CHECKs.
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
    if domain.allowed is not None:
        return domain.allowed
    if column.type.array:
        return ()
    if is_boolean(column.type):
        return (False, True)
    if is_integer(column.type) and domain.minimum is not None and domain.maximum is not None:
        first, last = _whole(domain, 0, 0)
        if last - first < LARGEST_ENUMERATED_RANGE:
            return tuple(value for value in range(first, last + 1) if value not in domain.excluded)
    return tuple(_of_type(column, domain, wanted))


def _of_type(column: Column, domain: ValueDomain, wanted: int) -> Iterator[Any]:
    kind = column.type
    if (
        (is_padded_text(kind) or is_varchar(kind))
        and kind.length == 1
        and _only(domain, "maximum_length", "minimum_length")
    ):
        usual = [value for value in _DIGITS if value not in domain.excluded]
        yield from usual
        if len(usual) < wanted:
            # Only as many as are wanted, since there are tens of thousands.
            more = (c for c in DISTINCT if c.upper() not in _DIGITS and c not in domain.excluded)
            yield from islice(more, wanted - len(usual))
    elif is_single_byte(kind) and _only(domain, "maximum_length"):
        usual = [value for value in _DIGITS if value not in domain.excluded]
        yield from usual
        if len(usual) < wanted:
            yield from (c for c in ASCII if c not in usual and c not in domain.excluded)
    elif is_bit_string(kind) and kind.length is not None and _only(domain):
        lengths = (kind.length,) if is_bit(kind) else range(1, kind.length + 1)
        if kind.length < _LONGEST_BITS:
            usual = ["".join(bits) for length in lengths for bits in product("01", repeat=length)]
            yield from usual if is_bit(kind) or len(usual) >= wanted else (*usual, "")
    elif is_numeric(kind) and kind.precision is not None and _only(domain, "minimum", "maximum"):
        yield from _decimals(column, domain, wanted)
    elif is_date(kind) and _only(domain, "earliest", "latest"):
        yield from _days(domain)


def _only(domain: ValueDomain, *known: str) -> bool:
    """Whether a value domain restricts nothing besides ``known``, excluded values and NOT NULL."""
    return unconstrained_apart_from(
        domain, *known, "minimum_exclusive", "maximum_exclusive", "excluded", "required"
    )


def _decimals(column: Column, domain: ValueDomain, wanted: int) -> Iterator[Decimal]:
    scale = column.type.scale or 0
    most = 10 ** (column.type.precision or 0) - 1
    if scale < 0 or most > LARGEST_ENUMERATED_RANGE:
        return
    unit = Decimal(1).scaleb(-scale)
    first, last = _whole(domain, -most, most, scale)
    first, last = max(first, -most), min(last, most)
    usual = max(first, 0)
    # Of a domain below zero none is usual, however few are wanted.
    lowest = usual if last - usual + 1 >= max(wanted, 1) else first
    yield from (v for v in (unit * number for number in range(lowest, last + 1)) if v not in domain.excluded)


def _days(domain: ValueDomain) -> Iterator[date]:
    first: Any = domain.earliest
    last: Any = domain.latest
    if not isinstance(first, date) or not isinstance(last, date) or isinstance(first, datetime):
        return
    days = (
        first + timedelta(number) for number in range(min((last - first).days, LARGEST_ENUMERATED_RANGE) + 1)
    )
    found = list(islice((day for day in days if day not in domain.excluded), LARGEST_ENUMERATED_RANGE + 1))
    if len(found) <= LARGEST_ENUMERATED_RANGE:
        yield from normalize(ValueDomain(allowed=tuple(found))).allowed or ()


def _whole(domain: ValueDomain, least: int, most: int, scale: int = 0) -> tuple[int, int]:
    """Return the bounds of a domain in units of ``10 ** -scale``; ``least`` and ``most`` where it has none."""
    first, last = least, most
    if domain.minimum is not None:
        lower = Decimal(domain.minimum).scaleb(scale)
        first = floor(lower) + 1 if domain.minimum_exclusive else ceil(lower)
    if domain.maximum is not None:
        upper = Decimal(domain.maximum).scaleb(scale)
        last = ceil(upper) - 1 if domain.maximum_exclusive else floor(upper)
    return first, last


def has_few(table: Table, name: str, referencing: Container[str]) -> bool:
    """Return whether a column has few values: it references rows (is in ``referencing``), or its domain is finite."""
    column = table.column(name)
    return name in referencing or bool(finite_values(column, value_domain(table, column), ...))


def has_few_combinations(table: Table) -> bool:
    """Return whether a unique key of several columns has few combinations, which present rows use up."""
    referencing = {name for foreign_key in table.foreign_keys for name in foreign_key.columns}
    return any(
        len(key.columns) > 1 and all(has_few(table, name, referencing) for name in key.columns)
        for key in table.uniques
    )


def as_compared(value: Any, column_type: ColumnType | None) -> Any:
    """Return what has a hash, and is equal for values that PostgreSQL takes as equal.

    Args:
        value: supplied or read; a text is JSON in a column of documents.
        column_type: of the column; None where it is not known.

    Example:
        >>> kind = ColumnType("jsonb", "jsonb")
        >>> as_compared({"a": 1.5}, kind) == as_compared('{"a": 1.50}', kind)
        True
        >>> as_compared([1], kind) == as_compared([True], kind)
        False
    """
    if column_type is not None and is_json(column_type) and not column_type.array:
        if isinstance(value, str):
            with suppress(ValueError):
                value = json.loads(value, parse_float=Decimal)
        return _as_document(value)
    if isinstance(value, (list, tuple)):
        return tuple(as_compared(entry, column_type) for entry in value)
    return value if isinstance(value, Hashable) else repr(value)


def _as_document(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(map(_as_document, value))
    if isinstance(value, Mapping):
        return "mapping", frozenset((key, _as_document(entry)) for key, entry in value.items())
    if isinstance(value, float) and isfinite(value):
        return Decimal(repr(value))
    # In JSON true is not 1, as it is in Python.
    return ("bool", value) if isinstance(value, bool) else value


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    ">": gt,
    "<=": le,
    ">=": ge,
}


_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class Pair:
    """A comparison of two single-column foreign keys that reference the same column.

    Attributes:
        left: name of a foreign key.
        operator: ``<>``, ``<``, ``<=``, ``>`` or ``>=``.
        right: name of another foreign key.
        check: name of the CHECK, or of the unique key on ``least`` and ``greatest``.
    """

    left: str
    operator: str
    right: str
    check: str = ""


@dataclass(frozen=True)
class PairedKeys:
    """A comparison together with the referenced values.

    Attributes:
        pair: the comparison.
        left: the referenced values, in the order of the left foreign key's positions.
        right: likewise for the right one.
    """

    pair: Pair
    left: Sequence[Any]
    right: Sequence[Any]

    def holds(self, name: str, position: int | None, other: int | None) -> bool:
        """Return whether the CHECK accepts two positions in one row; it accepts every NULL.

        Args:
            name: name of the foreign key of ``position``, the left one or the right one.
            position: position of its referenced row.
            other: position of the other foreign key's referenced row.
        """
        left, right = (position, other) if name == self.pair.left else (other, position)
        return self.fits(left, right)

    def fits(self, left: int | None, right: int | None) -> bool:
        """Return whether the CHECK accepts a left and a right position in one row."""
        if left is None or right is None:
            return True
        return _OPERATORS[self.pair.operator](self.left[left], self.right[right])

    def numbers_fitting(self, name: str) -> list[int]:
        """Return for each position of one of the foreign keys how many positions of the other fit it.

        Example:
            >>> PairedKeys(Pair("a", "<", "b"), [1, 2, 3], [1, 2, 3]).numbers_fitting("a")
            [2, 1, 0]
        """
        operator, own, others = self.pair.operator, self.left, self.right
        if name != self.pair.left:
            operator, own, others = _MIRRORED.get(operator, operator), others, own
        if operator == "<>":
            equal = Counter(hashable((value,)) for value in others)
            return [len(others) - equal[hashable((value,))] for value in own]
        # Of the other values in their order, those before the first that fits.
        split = bisect_right if operator in ("<", ">=") else bisect_left
        ordered = sorted(others)
        before = [split(ordered, value) for value in own]
        return before if operator in (">", ">=") else [len(ordered) - number for number in before]

    def names(self) -> frozenset[str]:
        """Return the names of both foreign keys."""
        return frozenset((self.pair.left, self.pair.right))


def paired_keys(
    table: Table,
    foreign_keys: Sequence[ForeignKey],
    sizes: Mapping[str, int],
    keys: Mapping[str, Sequence[tuple[Any, ...]]],
) -> tuple[PairedKeys, ...]:
    """Return the comparisons of a table with the referenced values.

    Args:
        foreign_keys: those that are spread over their referenced rows.
        sizes: by foreign key, the number of referenced rows.
        keys: by foreign key, the referenced values; positions stand for those not known yet.
    """
    return tuple(
        PairedKeys(
            pair,
            *(
                [key[0] for key in keys[name]] if name in keys else range(sizes[name])
                for name in (pair.left, pair.right)
            ),
        )
        for pair in pairs(table, foreign_keys)
    )


def pairs(table: Table, foreign_keys: Iterable[ForeignKey]) -> tuple[Pair, ...]:
    """Find the comparisons between foreign keys that are spread over their referenced rows."""
    by_column = {key.columns[0]: key for key in foreign_keys if len(key.columns) == 1}
    found = []
    for comparison in comparisons(table):
        left, right = by_column.get(comparison.left), by_column.get(comparison.right)
        if left is None or right is None or comparison.operator == "=":
            continue
        same = (left.referenced, left.referenced_columns) == (right.referenced, right.referenced_columns)
        if same and (comparison.operator == "<>" or _is_ordered(table.column(left.columns[0]).type)):
            found.append(Pair(left.name, comparison.operator, right.name, comparison.check.name))
    for key in table.uniques:
        either = unordered(key)
        if either and all(name in by_column for name in either):
            found.append(Pair(by_column[either[0]].name, "<=", by_column[either[1]].name, key.name))
    return tuple(found)


@dataclass(frozen=True)
class Compared:
    """A comparison of two columns, from a CHECK or from a unique key on ``least`` and ``greatest``.

    Attributes:
        name: name of the CHECK or the key.
        left: a column.
        operator: a comparison.
        right: another column.
        collated: whether texts are ordered, which depends on a collation.
    """

    name: str
    left: str
    operator: str
    right: str
    collated: bool = False

    def holds(self, left: Any, right: Any) -> bool:
        """Return whether two values satisfy the comparison; NULL always does."""
        if left is None or right is None:
            return True
        compare = _OPERATORS[self.operator]
        if self.collated:
            return bool(compare(left, right) and compare(_letters(left), _letters(right)))
        return bool(compare(left, right))


def _letters(text: str) -> str:
    """Return the primary sort key of most collations: texts ordered by it and by code points are ordered in them."""
    return "".join(filter(str.isalnum, text)).casefold()


def _is_ordered(column_type: ColumnType) -> bool:
    """Whether PostgreSQL orders a type's values as Python does; the order of texts depends on their collation."""
    return is_integer(column_type) or is_uuid(column_type)


def compared(table: Table, columns: Container[str]) -> tuple[Compared, ...]:
    """Find the comparisons between ``columns``, whose values are chosen from lists."""
    found = []
    for check in comparisons(table):
        left, right = (table.column(name).type for name in (check.left, check.right))
        equality = check.operator in ("=", "<>")
        collated = is_text(left) and is_text(right) and not equality
        alike = left.name == right.name and (equality or _is_ordered(left) or is_text(left))
        if alike and check.left in columns and check.right in columns:
            found.append(Compared(check.check.name, check.left, check.operator, check.right, collated))
    for key in table.uniques:
        either = unordered(key)
        if either and all(name in columns for name in either):
            found.append(Compared(key.name, either[0], "<=", either[1]))
    return tuple(found)
