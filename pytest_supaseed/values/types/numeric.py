"""Numbers, booleans, bit strings and byte strings.

Of numbers, :func:`unit_of` returns the step between two values of a column, the unit, in which :func:`limits` counts
the least and the greatest value. :class:`NumberDomain` draws them, from :class:`PlausibleNumbers` as far as they are
accepted.
"""

from __future__ import annotations

import math
import operator as operators
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from random import Random
from typing import Any

from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import (
    integer_limits,
    is_float,
    is_money,
    is_numeric,
    is_oid,
    is_real,
    is_smallint,
    is_whole,
)
from pytest_supaseed.values.types.pgtype import PgType

_OIDS = (0, 2**32 - 1)
# Within the range of PostgreSQL's money, which ends at 92233720368547758.07.
_AMOUNTS = (-(10**14), 10**14)
# More values than any test needs.
_MANY = 10**9
# A numeric may have more digits (131072 before the point) than Python's default context holds.
_CONTEXT = Context(prec=1200)


def unit_of(column_type: ColumnType, domain: ValueDomain, digits: int) -> Decimal:
    """Return the step between neighbouring values: ``digits`` after the point as far as type and domain allow."""
    if is_whole(column_type):
        digits = 0
    elif is_money(column_type):
        digits = min(digits, 2)
    elif column_type.scale is not None:
        # A numeric without digits before its point needs all of its scale.
        fine = (column_type.precision or 0) <= column_type.scale
        digits = column_type.scale if fine else min(digits, column_type.scale)
    if domain.decimals is not None:
        digits = min(digits, domain.decimals)
    unit = Decimal(1).scaleb(-digits)
    if domain.multiple_of is None:
        return unit
    multiple = Decimal(domain.multiple_of)
    while multiple % unit != 0 and unit < multiple:
        unit *= 10
    return multiple if multiple % unit == 0 else multiple * unit


def limits(column_type: ColumnType, domain: ValueDomain, unit: Decimal) -> tuple[int | None, int | None]:
    """Return the least and the greatest value that a column accepts, counted in units; None for no limit."""
    lows: list[int] = []
    highs: list[int] = []
    stored = _stored(column_type)
    if stored is not None:
        lows.append(_up(Decimal(stored[0]), unit))
        highs.append(_down(Decimal(stored[1]), unit))
    elif column_type.precision is not None:
        scale = column_type.scale or 0
        greatest = Decimal(10**column_type.precision - 1).scaleb(-scale, _CONTEXT)
        lows.append(_up(-greatest, unit))
        highs.append(_down(greatest, unit))
    if domain.minimum is not None:
        lows.append(above(Decimal(domain.minimum), unit, strict=domain.minimum_exclusive))
    if domain.maximum is not None:
        highs.append(below(Decimal(domain.maximum), unit, strict=domain.maximum_exclusive))
    return max(lows, default=None), min(highs, default=None)


def _stored(column_type: ColumnType) -> tuple[int, int] | None:
    if is_money(column_type):
        return _AMOUNTS
    return _OIDS if is_oid(column_type) else integer_limits(column_type)


def above(value: Decimal, unit: Decimal, *, strict: bool) -> int:
    """Return the least count of units that is at least ``value``, or greater if ``strict``."""
    return _down(value, unit) + 1 if strict else _up(value, unit)


def below(value: Decimal, unit: Decimal, *, strict: bool) -> int:
    """Return the greatest count of units that is at most ``value``, or less if ``strict``."""
    return _up(value, unit) - 1 if strict else _down(value, unit)


def typed_number(units: int, unit: Decimal, column_type: ColumnType) -> int | Decimal | float:
    """Return a count of units as the Python value of a column type."""
    value = _CONTEXT.multiply(units, unit)
    if is_numeric(column_type) or is_money(column_type):
        return value
    return float(value) if is_float(column_type) else int(value)


def _up(value: Decimal, unit: Decimal) -> int:
    return int(_CONTEXT.divide(value, unit).to_integral_value(ROUND_CEILING, _CONTEXT))


def _down(value: Decimal, unit: Decimal) -> int:
    return int(_CONTEXT.divide(value, unit).to_integral_value(ROUND_FLOOR, _CONTEXT))


@dataclass(frozen=True)
class PlausibleNumbers:
    """The plausible range of a kind of number.

    Attributes:
        first: the least.
        last: the greatest.
        digits: digits after the point, if the type has them.
        graded: whether a CHECK that states both ends replaces the range, as for a rating.
        few: the numbers themselves, if there are only a few well-known ones.
    """

    first: Decimal
    last: Decimal
    digits: int = 0
    graded: bool = False
    few: tuple[int | Decimal, ...] = ()


# Of a number of which nothing but its type is known.
ANY_NUMBER = PlausibleNumbers(Decimal(1), Decimal(1000), 2)
_WIDE = 1_000_000
_DISTINCT_SPAN, _SMALL_SPAN = 1_000_000, 500
_ATTEMPTS = 30
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operators.lt, "<=": operators.le, ">": operators.gt, ">=": operators.ge, "=": operators.eq, "<>": operators.ne,
}  # fmt: skip


@dataclass(frozen=True)
class NumberDomain:
    """The numbers that a column accepts.

    Attributes:
        column_type: the column's type.
        domain: the column's value domain.
        plausible: the range that they are drawn from, as far as it is accepted.
        distinct: whether many distinct numbers are needed.
    """

    column_type: ColumnType
    domain: ValueDomain
    plausible: PlausibleNumbers = ANY_NUMBER
    distinct: bool = False

    def drawn(
        self, random: Random, compared: Iterable[tuple[str, object]] = ()
    ) -> int | Decimal | float | None:
        """Draw a number, a plausible one if there is any.

        Args:
            random: draws.
            compared: operators and the numbers of the row that this one is compared with, itself on the left.

        Returns:
            The number as the Python value of the type; None if none was found between the limits.
        """
        others = [(op, Decimal(str(v))) for op, v in compared if isinstance(v, (int, float, Decimal))]
        for unit, low, high in self._units:
            first, last, few = (
                self._range(unit, *_narrowed(low, high, unit, others))
                if others
                else self._alone(unit, low, high)
            )
            for _ in range(_ATTEMPTS if first <= last else 0):
                number = random.randint(first, last)
                if few:
                    number = above(Decimal(random.choice(self.plausible.few)), unit, strict=False)
                drawn = typed_number(number, unit, self.column_type)
                if drawn in self.domain.excluded:
                    continue
                if not others or all(operator != "<>" or drawn != value for operator, value in others):
                    return drawn
        return None

    @cached_property
    def _units(self) -> list[tuple[Decimal, int | None, int | None]]:
        """Units, coarse to fine, with the limits of the type and the value domain in each."""
        found = [
            unit_of(self.column_type, self.domain, digits)
            for digits in (self.plausible.digits, 2, 4, 6, 10)
            if digits >= self.plausible.digits
        ]
        return [(unit, *limits(self.column_type, self.domain, unit)) for unit in found]

    @cached_property
    def _ranges(self) -> dict[Decimal, tuple[int, int, bool]]:
        return {}

    def _alone(self, unit: Decimal, low: int | None, high: int | None) -> tuple[int, int, bool]:
        """The range in rows without other numbers, which is the same for each."""
        if unit not in self._ranges:
            self._ranges[unit] = self._range(unit, low, high)
        return self._ranges[unit]

    def _range(self, unit: Decimal, low: int | None, high: int | None) -> tuple[int, int, bool]:
        """The first and the last number, and whether only the few well-known ones are drawn."""
        first, last = self._within(unit, low, high)
        few = (
            bool(self.plausible.few)
            and not self.distinct
            and first <= above(self.plausible.first, unit, strict=False)
            and last >= below(self.plausible.last, unit, strict=False)
        )
        return first, last, few

    def fitted(
        self, value: Decimal, compared: Iterable[tuple[str, object]] = ()
    ) -> int | Decimal | float | None:
        """Return a computed number as the column stores it, None if the column does not accept it.

        Args:
            value: the number.
            compared: operators and the numbers of the row that this one is compared with, itself on the left.
        """
        exponent = value.normalize().as_tuple().exponent
        own = min(self.column_type.scale or 0, -exponent if isinstance(exponent, int) else 0)
        unit = unit_of(self.column_type, self.domain, max(2, self.plausible.digits, own))
        units = int((value / unit).to_integral_value(ROUND_HALF_UP))
        low, high = limits(self.column_type, self.domain, unit)
        if (low is not None and units < low) or (high is not None and units > high):
            return None
        exact = unit * units
        for operator, other in compared:
            if isinstance(other, (int, float, Decimal)) and not _COMPARE[operator](
                exact, Decimal(str(other))
            ):
                return None
        found = typed_number(units, unit, self.column_type)
        return None if found in self.domain.excluded else found

    def span(self, wanted: int) -> tuple[int, int, Decimal]:
        """Return the range that distinct numbers are drawn from.

        Args:
            wanted: how many numbers; the range may have fewer.

        Returns:
            The first and the last number, counted in units, and the unit.
        """
        unit = unit_of(self.column_type, self.domain, self.plausible.digits)
        low, high = limits(self.column_type, self.domain, unit)
        first, last = self._within(unit, low, high)
        last = max(last, first + wanted)
        if high is not None and last > high:
            last = high
            first = min(first, last - wanted) if low is None else max(low, min(first, last - wanted))
        return first, last, unit

    def _within(self, unit: Decimal, low: int | None, high: int | None) -> tuple[int, int]:
        """The plausible part of the accepted range; if there is none, the accepted range next to it."""
        plausible = self.plausible
        first = above(plausible.first, unit, strict=False)
        last = max(first, below(plausible.last, unit, strict=False))
        stated = self.domain.minimum is not None and self.domain.maximum is not None
        if (
            stated
            and low is not None
            and high is not None
            and (plausible.graded or (plausible is ANY_NUMBER and high - low <= _WIDE))
        ):
            return low, high
        if self.distinct and not plausible.graded:
            # A smallint numbers few things, whatever else it could hold.
            last = max(last, first + (_DISTINCT_SPAN if not is_smallint(self.column_type) else _SMALL_SPAN))
        span = max(last - first, 1)
        nearest = first if low is None else max(first, low), last if high is None else min(last, high)
        if nearest[0] <= nearest[1]:
            return nearest
        if low is not None and (high is None or low > last):
            return low, low + span if high is None else min(high, low + span)
        if high is None:
            return first, first + span
        floor = high - span if low is None else max(low, high - span)
        return (max(floor, 0) if high >= 0 else floor), high


def _narrowed(
    low: int | None, high: int | None, unit: Decimal, others: Iterable[tuple[str, Decimal]]
) -> tuple[int | None, int | None]:
    """Narrow limits, counted in units, by comparisons with other numbers."""
    for operator, value in others:
        if operator in (">", ">=", "="):
            least = above(value, unit, strict=operator == ">")
            low = least if low is None else max(low, least)
        if operator in ("<", "<=", "="):
            most = below(value, unit, strict=operator == "<")
            high = most if high is None else min(high, most)
    return low, high


def _number(faker: Any, column_type: ColumnType, domain: ValueDomain) -> int | Decimal | float | None:
    return NumberDomain(column_type, domain).drawn(faker.random)


def _next_number(
    value: int | float | Decimal, number: int, column_type: ColumnType, domain: ValueDomain
) -> int | float | Decimal | None:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return None
    digits = max(0, -int(exact.as_tuple().exponent))
    if isinstance(value, float):
        # As many digits as the type holds at this magnitude.
        room = (6 if is_real(column_type) else 15) - (math.ceil(math.log10(abs(value) + 1)) or 1)
        digits = max(0, min(2, room))
    unit = unit_of(column_type, domain, digits)
    low, high = limits(column_type, domain, unit)
    here = above(exact, unit, strict=False)
    step, at = number, here
    if domain.excluded:
        for _ in range(number):
            at += 1
            while typed_number(at, unit, column_type) in domain.excluded:
                at += 1
        step = at - here
    if low is not None and high is not None:
        if step > high - low or not low <= here <= high:
            return None
        at = low + (here - low + step) % (high - low + 1)
    elif high is not None and here + step > high:
        # Above, there is not enough room: count down from the value.
        at = here - (step - (high - here))
    else:
        at = here + step
    distinct = typed_number(at, unit, column_type)
    return None if distinct in domain.excluded or distinct == value else distinct


def _numbers(column_type: ColumnType, domain: ValueDomain) -> int | None:
    digits = column_type.scale
    if is_numeric(column_type) and digits is None:
        # A CHECK may limit the scale, for example to integers.
        digits = domain.decimals
    if is_numeric(column_type) and digits is None and domain.multiple_of is None:
        return None
    unit = unit_of(column_type, domain, 2 if digits is None else digits)
    low, high = limits(column_type, domain, unit)
    if low is None or high is None:
        return None
    size = max(0, high - low + 1)
    if size >= _MANY:
        return None
    inside = [value for value in domain.excluded if _between(value, low * unit, high * unit)]
    return size - len(inside)


def _between(value: object, low: Decimal, high: Decimal) -> bool:
    return isinstance(value, (int, float, Decimal)) and low <= Decimal(str(value)) <= high


_DEFAULT_BITS = 8
_MOST_BITS = 64
_FEWEST_BYTES = 16
_MOST_BYTES = 8


def _boolean(faker: Any, column_type: ColumnType, domain: ValueDomain) -> bool:
    return bool(faker.random.choice((False, True)))


def _next_boolean(value: bool, number: int, column_type: ColumnType, domain: ValueDomain) -> bool | None:
    return (not value) if number == 1 else None


def _booleans(column_type: ColumnType, domain: ValueDomain) -> int:
    return len({False, True} - set(domain.excluded))


def _bit(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    length = column_type.length if column_type.length is not None else _DEFAULT_BITS
    return "".join(faker.random.choices("01", k=length))


def _next_bit(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    size = 2 ** len(value)
    return f"{(int(value, 2) + number) % size:0{len(value)}b}" if value and number < size else None


def _bit_strings(column_type: ColumnType, domain: ValueDomain) -> int:
    return 1 << min(column_type.length or 1, _MOST_BITS)


def _varbit(faker: Any, column_type: ColumnType, domain: ValueDomain) -> str:
    length = column_type.length if column_type.length is not None else _DEFAULT_BITS
    return "".join(faker.random.choices("01", k=max(1, min(length, _MOST_BITS))))


def _next_varbit(value: str, number: int, column_type: ColumnType, domain: ValueDomain) -> str | None:
    # In the order of their lengths: the empty one, 0, 1, 00, 01 and so on.
    size = 2 ** (min(column_type.length or _MOST_BITS, _MOST_BITS) + 1) - 1
    place = (2 ** len(value) - 1 + int(value or "0", 2) + number) % size
    length = (place + 1).bit_length() - 1
    return (f"{place + 1 - 2**length:0{length}b}" if length else "") if number < size else None


def _bit_strings_up_to(column_type: ColumnType, domain: ValueDomain) -> int | None:
    length = column_type.length
    return None if length is None else (1 << min(length, _MOST_BITS) + 1) - 1


def _bytes(faker: Any, column_type: ColumnType, domain: ValueDomain) -> bytes:
    size = _FEWEST_BYTES if domain.maximum_length is None else min(_FEWEST_BYTES, domain.maximum_length)
    size = max(size, domain.minimum_length or 0, 0)
    return bytes(faker.random.choices(range(256), k=size))


def _next_bytes(value: bytes, number: int, column_type: ColumnType, domain: ValueDomain) -> bytes | None:
    size = 256 ** len(value)
    if number >= size:
        return None
    return int.to_bytes((int.from_bytes(value, "big") + number) % size, len(value), "big")


def _byte_strings(column_type: ColumnType, domain: ValueDomain) -> int | None:
    most = domain.maximum_length
    if most is None or most > _MOST_BYTES:
        return None
    least = max(domain.minimum_length or 0, 0)
    return sum(1 << 8 * size for size in range(least, most + 1))


BOOLEAN = PgType(("bool",), make=_boolean, values=(bool,), next_distinct=_next_boolean, capacity=_booleans)
BYTEA = PgType(("bytea",), make=_bytes, values=(bytes,), next_distinct=_next_bytes, capacity=_byte_strings)
TYPES = (
    BOOLEAN,
    BYTEA,
    PgType(("bit",), make=_bit, next_distinct=_next_bit, capacity=_bit_strings),
    PgType(("varbit",), make=_varbit, next_distinct=_next_varbit, capacity=_bit_strings_up_to),
    PgType(
        ("int2", "int4", "int8", "oid", "numeric", "money"),
        make=_number,
        values=(int, float, Decimal),
        next_distinct=_next_number,
        capacity=_numbers,
    ),
    PgType(("float4", "float8"), make=_number, values=(int, float, Decimal), next_distinct=_next_number),
)
