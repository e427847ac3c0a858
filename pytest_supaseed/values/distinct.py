"""Distinct values for unique columns.

:func:`next_distinct` returns the next distinct values after one that is taken, by the declaration of the type, for
reserved identifiers within their range. For many rows at once, :func:`numbered_texts` and the
``scattered_...`` functions prepare series whose values are distinct by construction. :func:`capacity_of` counts a
column's values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from math import gcd, prod
from random import Random
from typing import Any

from pytest_supaseed.constraints.column import value_domain
from pytest_supaseed.constraints.domain import UNCONSTRAINED, ValueDomain
from pytest_supaseed.model.schema import Column, ColumnType, Table, TableName
from pytest_supaseed.model.type_families import (
    is_date_or_timestamp,
    is_money,
    is_number,
    is_real,
    is_string,
)
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values.column import element_column, element_domain, table_of_attributes, value_source
from pytest_supaseed.values.declared import NextDistinct, next_of_application
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.moments import believable_moments
from pytest_supaseed.values.meanings.numbers import believable
from pytest_supaseed.values.meanings.registry import next_reserved, reserved_like
from pytest_supaseed.values.types.date_time import MomentDomain, typed_moment
from pytest_supaseed.values.types.numeric import NumberDomain, typed_number
from pytest_supaseed.values.types.pgtype import random_alone
from pytest_supaseed.values.types.registry import type_of, type_of_value
from pytest_supaseed.values.types.text import (
    NumberedText,
    TextDomain,
    codes_like,
    counter,
    longest,
    next_text,
    numbered_text,
)

# Codes, which are incremented like a counter: hexadecimal, or with digits and without lower-case letters.
_CODE = re.compile(r"[^a-z\s@]*\d[^a-z\s@]*|[0-9a-f-]{8,}")
# The golden ratio: consecutive numbers get distant positions.
_STRIDE = Fraction(618_034, 1_000_000)
_TRIED = (0, 1, 9, 98)


def is_text(column: Column) -> bool:
    """Whether a column holds texts that a number can be inserted in."""
    return not column.type.array and is_string(column.type)


def numbered_texts(
    texts: Sequence[object], column: Column, domain: ValueDomain, most: int
) -> list[NumberedText | None]:
    """Prepare texts for numbering.

    Args:
        texts: plausible values of the column.
        column: the column.
        domain: its value domain.
        most: the greatest number wanted of each text.

    Returns:
        For each text its numbered form; None if it has none, or one that another text has.

    Example:
        >>> from pytest_supaseed.model.schema import ColumnType
        >>> [found] = numbered_texts(["ann@example.com"], Column("email", ColumnType("text", "text")), ValueDomain(), 9)
        >>> found.text(0), found.text(1)
        ('ann@example.com', 'ann2@example.com')
    """
    found: list[NumberedText | None] = []
    heads: set[tuple[str, str]] = set()
    wholes: set[str] = set()
    limit, digits = longest(column.type, domain), len(str(most + 1))
    accepts = TextDomain(column.type, domain).accepts
    for text in texts:
        template = None
        if isinstance(text, str) and not reserved_like(text):
            template = numbered_text(text, limit, digits)
        # As a collation compares that ignores case.
        head = (template.head.strip().casefold(), template.tail.strip().casefold()) if template else ("", "")
        whole = template.whole.strip().casefold() if template and template.whole is not None else None
        if (
            template is None
            or head in heads
            or whole in wholes
            or not all(accepts(template.text(number)) for number in (*_TRIED, most))
        ):
            found.append(None)
            continue
        heads.add(head)
        if whole is not None:
            wholes.add(whole)
        found.append(template)
    return found


@dataclass(frozen=True)
class Scattered:
    """A series of distinct values, scattered over all positions of a range.

    Attributes:
        size: the number of positions.
        stride: the step from one value's position to the next; coprime with ``size``, so that every position is
            reached once.
        make: takes a position, returns its value; None if the column does not accept it.
    """

    size: int
    stride: int
    make: Callable[[int], object]

    def value(self, number: int) -> object:
        """Return the value of a number less than ``size``, a distinct one for each; None if it is not accepted."""
        return self.make(number * self.stride % self.size)


def scattered_codes(texts: Sequence[object], column: Column, domain: ValueDomain) -> Scattered | None:
    """Prepare codes of the form that a column's plausible values, ``texts``, have; None if these are not codes."""
    if not texts or not all(isinstance(text, str) for text in texts):
        return None
    template = str(texts[0])
    size = reserved_like(template)
    following: Callable[[int], str | None] = partial(next_reserved, template)
    if not size:
        if not all(_CODE.fullmatch(str(text)) for text in texts):
            return None
        size, following = codes_like(template), counter(template)
    accepts = TextDomain(column.type, domain).accepts

    def make(place: int) -> object:
        text = following(place)
        return text if text is not None and accepts(text) else None

    return _scattered(size, make)


def scattered_numbers(
    column: Column, domain: ValueDomain, wanted: int, today: date = DEFAULT_DATE
) -> Scattered | None:
    """Prepare distinct numbers for ``wanted`` rows; None for a column of another type, or a coarse one."""
    # Neighbouring float4 values may be equal, and money is read back as text.
    coarse = is_real(column.type) or is_money(column.type)
    if column.type.array or not is_number(column.type) or coarse:
        return None
    plausible = believable(column.words, column.type, today)
    first, last, unit = NumberDomain(column.type, domain, plausible, distinct=True).span(wanted)

    def make(place: int) -> object:
        number = typed_number(first + place, unit, column.type)
        return None if number in domain.excluded else number

    return _scattered(last - first + 1, make)


def scattered_moments(
    column: Column, domain: ValueDomain, wanted: int, today: date = DEFAULT_DATE
) -> Scattered | None:
    """Prepare distinct dates or timestamps for ``wanted`` rows; None for a column of another type."""
    if column.type.array or not is_date_or_timestamp(column.type):
        return None
    try:
        plausible = believable_moments(column.name, column.type, domain, today=today)
        first, unit, size = MomentDomain(column.type, domain).span(plausible, wanted)
        first + unit * size  # raises if the calendar ends before
    except OverflowError:
        return None

    def make(place: int) -> object:
        moment = typed_moment(first + unit * place, column.type)
        return None if moment in domain.excluded else moment

    return _scattered(size, make)


def _scattered(size: int, make: Callable[[int], object]) -> Scattered | None:
    if size < 1:
        return None
    stride = max(1, int(size * _STRIDE))
    while gcd(stride, size) != 1:
        stride += 1
    return Scattered(size, stride, make)


# More values than any test needs.
_MANY = 10**9


def capacity_of(column_type: ColumnType, domain: ValueDomain = UNCONSTRAINED) -> int | None:
    """Return how many distinct values a column can have, NULL aside.

    Returns:
        The number; None if it is unknown, or more than any test needs.

    Example:
        >>> capacity_of(ColumnType("bit(3)", "bit", length=3))
        8
    """
    found = _capacity(column_type, domain)
    return None if found is None or found >= _MANY else found


def _capacity(column_type: ColumnType, domain: ValueDomain) -> int | None:
    if column_type.array:
        return _of_arrays(column_type, domain)
    if domain.allowed is not None:
        return len({repr(value) for value in domain.allowed if value is not None})
    if column_type.labels:
        return len(set(column_type.labels) - set(domain.excluded))
    if column_type.composite:
        sizes = [_capacity(attribute.type, UNCONSTRAINED) for attribute in column_type.attributes]
        return prod(size for size in sizes if size) if sizes and None not in sizes else None
    pg_type = type_of(column_type)
    if pg_type is None or pg_type.capacity is None:
        return None
    return pg_type.capacity(column_type, domain)


def _of_arrays(column_type: ColumnType, domain: ValueDomain) -> int | None:
    if domain.maximum_length is None:
        return None
    size = _capacity(column_type.element_type, element_domain(domain))
    if size is None:
        return None
    lengths = range(max(1, domain.minimum_length or 1), domain.maximum_length + 1)
    # The length of an empty array is NULL, so no CHECK on the length refuses it.
    return 1 + sum(int(size ** min(length, 64)) for length in lengths)


def array(
    value: list[object], number: int, column: Column, domain: ValueDomain, next_distinct: NextDistinct
) -> object | None:
    """Return another array for each number from 1, None for an empty one; ``next_distinct`` varies an element."""
    if not value:
        return None
    element, known = element_column(column), element_domain(domain)
    size = capacity_of(element.type, known)
    if size is None:
        distinct = _with_next_first(
            value, column.type.dimensions, lambda first: next_distinct(first, number, element, known)
        )
        return distinct if isinstance(distinct, list) else None
    first: object = value
    for _ in range(column.type.dimensions):
        first = first[0] if isinstance(first, list) else first
    # There are few elements: the number is written with them as digits, in longer and longer arrays.
    place, length = number - 1, max(1, domain.minimum_length or 1)
    while size and place >= size**length:
        place -= size**length
        length += 1
    if not size or (domain.maximum_length is not None and length > domain.maximum_length):
        return None
    digits = [place // size**at % size for at in range(length)]
    found = [_nth(first, digit, element, known, next_distinct) for digit in digits]
    if None in found:
        return None
    # Inner arrays of a multidimensional array get one element each.
    for _ in range(column.type.dimensions - 1):
        found = [[one] for one in found]
    return found


def _with_next_first(value: object, depth: int, change: Callable[[object], object | None]) -> object | None:
    """An array with another first scalar, at any depth."""
    if depth == 0 or not isinstance(value, list):
        return change(value)
    first = _with_next_first(value[0], depth - 1, change)
    return None if first is None else [first, *value[1:]]


def composite(
    value: tuple[object, ...], number: int, column: Column, domain: ValueDomain, next_distinct: NextDistinct
) -> object | None:
    """Return another row of a composite type for each number from 1; ``next_distinct`` varies an attribute."""
    table = table_of_attributes(Context(Table(TableName("", column.name), (column,)), column, domain))
    found, left = list(value), number
    for at, attribute in enumerate(table.columns):
        known = value_domain(table, attribute)
        size = capacity_of(attribute.type, known)
        if value[at] is None or size == 0:
            continue
        left, place = (0, left) if size is None else divmod(left, size)
        found[at] = _nth(value[at], place, attribute, known, next_distinct)
        if found[at] is None:
            return None
    return tuple(found) if not left else None


def _drawn_anew(number: int, column: Column, domain: ValueDomain) -> str | None:
    """Draw a text of a type that declares no next distinct value; another one for each number, mostly."""
    source = value_source(Table(TableName("", column.name), (column,)), column, domain)
    found = source.choose(random_alone(Random(number)), {}) if source is not None else None  # noqa: S311 nothing secret
    return found if isinstance(found, str) else None


def _nth(
    value: object, place: int, column: Column, domain: ValueDomain, next_distinct: NextDistinct
) -> object | None:
    return value if place == 0 else next_distinct(value, place, column, domain)


def next_distinct(value: object, number: int, column: Column, domain: ValueDomain) -> object | None:
    """Return another value in place of one that is taken, a distinct one for each number.

    Args:
        value: the value that is taken.
        number: at least 1.
        column: a column of a unique key.
        domain: its value domain.

    Returns:
        A value that the column's type and value domain accept; None if there is none for the number.

    Example:
        >>> from pytest_supaseed.model.schema import ColumnType
        >>> next_distinct("ann@example.com", 1, Column("email", ColumnType("text", "text")), ValueDomain())
        'ann2@example.com'
    """
    declared = column.declared
    if domain.allowed is not None and not column.type.array:
        return _next_of(domain.allowed, value, number)
    if declared is not None and declared.judged:
        return next_of_application(value, number, column, domain, next_distinct)
    if column.type.array:
        return array(value, number, column, domain, next_distinct) if isinstance(value, list) else None
    if column.type.composite and isinstance(value, tuple):
        return composite(value, number, column, domain, next_distinct)
    if isinstance(value, str) and is_string(column.type) and reserved_like(value):
        return next_text(value, number, column.type, domain, partial(next_reserved, value))
    pg_type = type_of(column.type)
    if pg_type is None or not pg_type.holds(value):
        pg_type = type_of_value(value)
    if pg_type is not None and pg_type.next_distinct is not None:
        found = pg_type.next_distinct(value, number, column.type, domain)
        return None if found in domain.excluded else found
    return _drawn_anew(number, column, domain) if isinstance(value, str) else None


def _next_of(values: tuple[Any, ...], value: object, number: int) -> object | None:
    others = [other for other in values if other != value]
    return others[number - 1] if number <= len(others) else None
