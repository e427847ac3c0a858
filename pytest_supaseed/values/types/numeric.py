"""Numbers: the values that a numeric type and a value domain accept, counted in units.

:func:`unit_of` returns the step between two values of a column, the unit, in which :func:`limits` counts the least and
the greatest value.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from pytest_supaseed.constraints.domain import ColumnFacts
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import is_float, is_money

_RANGES = {
    "int2": (-(2**15), 2**15 - 1),
    "int4": (-(2**31), 2**31 - 1),
    "int8": (-(2**63), 2**63 - 1),
    "oid": (0, 2**32 - 1),
    "money": (-(10**14), 10**14),
}
FLOATS = ("float4", "float8")
# A numeric may have more digits (131072 before the point) than Python's default context holds.
_CONTEXT = Context(prec=1200)


def unit_of(column_type: ColumnType, facts: ColumnFacts, digits: int) -> Decimal:
    """Return the step between neighbouring values: ``digits`` after the point as far as type and domain allow."""
    if column_type.name in ("int2", "int4", "int8", "oid"):
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
    if column_type.name in _RANGES:
        first, last = _RANGES[column_type.name]
        lows.append(_up(Decimal(first), unit))
        highs.append(_down(Decimal(last), unit))
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


def above(value: Decimal, unit: Decimal, *, strict: bool) -> int:
    """Return the least count of units that is at least ``value``, or greater if ``strict``."""
    return _down(value, unit) + 1 if strict else _up(value, unit)


def below(value: Decimal, unit: Decimal, *, strict: bool) -> int:
    """Return the greatest count of units that is at most ``value``, or less if ``strict``."""
    return _up(value, unit) - 1 if strict else _down(value, unit)


def typed_number(units: int, unit: Decimal, column_type: ColumnType) -> int | Decimal | float:
    """Return a count of units as the Python value of a column type."""
    value = _CONTEXT.multiply(Decimal(units), unit)
    if is_float(column_type):
        return float(value)
    return value if column_type.name in ("numeric", "money") else int(value)


def _up(value: Decimal, unit: Decimal) -> int:
    return int(_CONTEXT.divide(value, unit).to_integral_value(ROUND_CEILING, _CONTEXT))


def _down(value: Decimal, unit: Decimal) -> int:
    return int(_CONTEXT.divide(value, unit).to_integral_value(ROUND_FLOOR, _CONTEXT))
