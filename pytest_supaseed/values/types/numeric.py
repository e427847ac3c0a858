"""Numbers: the values that a numeric type and a value domain accept, counted in units.

:func:`unit_of` returns the step between two values of a column, the unit, in which :func:`limits` counts the least and
the greatest value.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import (
    integer_limits,
    is_float,
    is_money,
    is_numeric,
    is_oid,
    is_real,
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


def unit_of(column_type: ColumnType, facts: ColumnFacts, digits: int) -> Decimal:
    """Return the step between neighbouring values: ``digits`` after the point as far as type and domain allow."""
    if is_whole(column_type):
        digits = 0
    elif is_money(column_type):
        digits = min(digits, 2)
    elif column_type.scale is not None:
        # A numeric without digits before its point needs all of its scale.
        fine = (column_type.precision or 0) <= column_type.scale
        digits = column_type.scale if fine else min(digits, column_type.scale)
    if facts.decimals is not None:
        digits = min(digits, facts.decimals)
    unit = Decimal(1).scaleb(-digits)
    if facts.multiple_of is None:
        return unit
    multiple = Decimal(facts.multiple_of)
    while multiple % unit != 0 and unit < multiple:
        unit *= 10
    return multiple if multiple % unit == 0 else multiple * unit


def limits(column_type: ColumnType, facts: ColumnFacts, unit: Decimal) -> tuple[int | None, int | None]:
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
    if facts.minimum is not None:
        lows.append(above(Decimal(facts.minimum), unit, strict=facts.minimum_exclusive))
    if facts.maximum is not None:
        highs.append(below(Decimal(facts.maximum), unit, strict=facts.maximum_exclusive))
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


def _next_number(
    value: int | float | Decimal, number: int, column_type: ColumnType, facts: ColumnFacts
) -> int | float | Decimal | None:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return None
    digits = max(0, -int(exact.as_tuple().exponent))
    if isinstance(value, float):
        # As many digits as the type holds at this magnitude.
        room = (6 if is_real(column_type) else 15) - (math.ceil(math.log10(abs(value) + 1)) or 1)
        digits = max(0, min(2, room))
    unit = unit_of(column_type, facts, digits)
    low, high = limits(column_type, facts, unit)
    here = above(exact, unit, strict=False)
    step, at = number, here
    if facts.excluded:
        for _ in range(number):
            at += 1
            while typed_number(at, unit, column_type) in facts.excluded:
                at += 1
        step = at - here
    if low is not None and high is not None:
        if step > high - low or not low <= here <= high:
            return None
        at = low + (here - low + step) % (high - low + 1)
    elif high is not None:
        at = here + step if here + step <= high else high - (here + step - high) - (high - here)
        if here + step > high:
            # Above, there is not enough room: count down from the value.
            at = here - (step - (high - here))
    else:
        at = here + step
    varied = typed_number(at, unit, column_type)
    return None if varied in facts.excluded or varied == value else varied


def _numbers(column_type: ColumnType, facts: ColumnFacts) -> int | None:
    digits = column_type.scale
    if is_numeric(column_type) and digits is None:
        # A CHECK may limit the scale, for example to integers.
        digits = facts.decimals
    if is_numeric(column_type) and digits is None and facts.multiple_of is None:
        return None
    unit = unit_of(column_type, facts, 2 if digits is None else digits)
    low, high = limits(column_type, facts, unit)
    if low is None or high is None:
        return None
    size = max(0, high - low + 1)
    if size >= _MANY:
        return None
    inside = [value for value in facts.excluded if _between(value, low * unit, high * unit)]
    return size - len(inside)


def _between(value: object, low: Decimal, high: Decimal) -> bool:
    return isinstance(value, (int, float, Decimal)) and low <= Decimal(str(value)) <= high


TYPES = (
    PgType(
        ("int2", "int4", "int8", "oid", "numeric", "money"),
        values=(int, float, Decimal),
        next_distinct=_next_number,
        capacity=_numbers,
    ),
    PgType(("float4", "float8"), values=(int, float, Decimal), next_distinct=_next_number),
)
