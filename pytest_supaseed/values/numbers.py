"""Numbers: within what a column takes, and believable for its name."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from random import Random

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.schema import ColumnType
from pytest_supaseed.spec import DEFAULT_DATE
from pytest_supaseed.values.measures import OTHER, Believable, believable

_RANGES = {
    "int2": (-(2**15), 2**15 - 1),
    "int4": (-(2**31), 2**31 - 1),
    "int8": (-(2**63), 2**63 - 1),
    "oid": (0, 2**32 - 1),
    "money": (-(10**14), 10**14),
}
FLOATS = ("float4", "float8")
_WIDE = 1_000_000
_UNIQUE_SPAN = 1_000_000
# numeric takes 131072 digits before the point: more than Python's default context holds.
_CONTEXT = Context(prec=1200)
_ATTEMPTS = 30
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operators.lt, "<=": operators.le, ">": operators.gt, ">=": operators.ge, "=": operators.eq, "<>": operators.ne,
}  # fmt: skip


def unit_of(column_type: ColumnType, facts: ColumnFacts, digits: int) -> Decimal:
    """Return the distance between two neighbouring values of a column.

    Args:
        column_type: its type.
        facts: what is known of it.
        digits: after the point that are wanted.
    """
    if column_type.name in ("int2", "int4", "int8", "oid"):
        digits = 0
    elif column_type.name == "money":
        digits = min(digits, 2)
    elif column_type.scale is not None:
        # Of a number below one there may be nothing but its last digits.
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
    """Return the least and the greatest value that a column takes, counted in units; None for no limit.

    Args:
        column_type: its type.
        facts: what is known of it.
        unit: the distance between two values.
    """
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
    """Return the first multiple of the unit that is at least ``value``, or greater than it."""
    return _down(value, unit) + 1 if strict else _up(value, unit)


def below(value: Decimal, unit: Decimal, *, strict: bool) -> int:
    """Return the last multiple of the unit that is at most ``value``, or less than it."""
    return _up(value, unit) - 1 if strict else _down(value, unit)


def number(
    words: str,
    column_type: ColumnType,
    facts: ColumnFacts,
    compared: Iterable[tuple[str, object]],
    unique: bool,
    random: Random,
    today: date = DEFAULT_DATE,
) -> int | Decimal | float | None:
    """Draw a number.

    Args:
        words: the column's name, as :func:`~pytest_supaseed.values.words.spelt` gives it.
        column_type: its type.
        facts: what is known of it.
        compared: operators and the numbers that this one is compared with, itself on the left.
        unique: whether many different numbers are needed.
        random: draws.
        today: the day that the rows take for today.

    Returns:
        The number in the type that the column has; None where there is none between the limits.
    """
    kind = believable(words, column_type, today)
    others = [(op, Decimal(str(v))) for op, v in compared if isinstance(v, (int, float, Decimal))]
    for digits in (kind.digits, 2, 4, 6, 10):
        if digits < kind.digits:
            continue
        unit = unit_of(column_type, facts, digits)
        low, high = limits(column_type, facts, unit)
        for operator, value in others:
            if operator in (">", ">=", "="):
                least = above(value, unit, strict=operator == ">")
                low = least if low is None else max(low, least)
            if operator in ("<", "<=", "="):
                most = below(value, unit, strict=operator == "<")
                high = most if high is None else min(high, most)
        first, last = _within(kind, unit, low, high, facts, unique)
        for _ in range(_ATTEMPTS if first <= last else 0):
            units = random.randint(first, last)
            if kind.few and not unique and first <= _up(kind.first, unit) and last >= _down(kind.last, unit):
                units = _up(Decimal(random.choice(kind.few)), unit)
            drawn = typed(units, unit, column_type)
            differs = all(operator != "<>" or drawn != value for operator, value in others)
            if differs and drawn not in facts.excluded:
                return drawn
    return None


def fitted(
    value: Decimal,
    column_type: ColumnType,
    facts: ColumnFacts,
    compared: Iterable[tuple[str, object]],
    digits: int = 2,
) -> int | Decimal | float | None:
    """Return a number that was worked out as a column has it, None where the column does not accept it.

    Args:
        value: the number.
        column_type: the column's type.
        facts: what is known of it.
        compared: operators and the numbers that this one is compared with, itself on the left.
        digits: after the point, where the type has them.
    """
    unit = unit_of(column_type, facts, digits)
    units = int((value / unit).to_integral_value(ROUND_HALF_UP))
    low, high = limits(column_type, facts, unit)
    if (low is not None and units < low) or (high is not None and units > high):
        return None
    exact = unit * units
    for operator, other in compared:
        if isinstance(other, (int, float, Decimal)) and not _COMPARE[operator](exact, Decimal(str(other))):
            return None
    found = typed(units, unit, column_type)
    return None if found in facts.excluded else found


def span(
    words: str, column_type: ColumnType, facts: ColumnFacts, wanted: int, today: date = DEFAULT_DATE
) -> tuple[int, int, Decimal]:
    """Return the range that so many different numbers are drawn from.

    Args:
        words: the column's name, as :func:`~pytest_supaseed.values.words.spelt` gives it.
        column_type: its type.
        facts: what is known of it.
        wanted: how many numbers; there may be fewer.
        today: the day that the rows take for today.

    Returns:
        The first and the last number, counted in units, and the unit.
    """
    kind = believable(words, column_type, today)
    unit = unit_of(column_type, facts, kind.digits)
    low, high = limits(column_type, facts, unit)
    first, last = _within(kind, unit, low, high, facts, unique=True)
    last = max(last, first + wanted)
    if high is not None and last > high:
        last = high
        first = min(first, last - wanted) if low is None else max(low, min(first, last - wanted))
    return first, last, unit


def typed(units: int, unit: Decimal, column_type: ColumnType) -> int | Decimal | float:
    """Return a number of units as the column's type has it."""
    value = _CONTEXT.multiply(Decimal(units), unit)
    if column_type.name in FLOATS:
        return float(value)
    return value if column_type.name in ("numeric", "money") else int(value)


def _within(
    kind: Believable, unit: Decimal, low: int | None, high: int | None, facts: ColumnFacts, unique: bool
) -> tuple[int, int]:
    """The believable part of what is accepted; where there is none, what is accepted next to it."""
    first = _up(kind.first, unit)
    last = max(first, _down(kind.last, unit))
    stated = facts.minimum is not None and facts.maximum is not None
    if (
        stated
        and low is not None
        and high is not None
        and (kind.graded or (kind is OTHER and high - low <= _WIDE))
    ):
        return low, high
    if unique and not kind.graded:
        last = max(last, first + _UNIQUE_SPAN)
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


def _up(value: Decimal, unit: Decimal) -> int:
    return int(_CONTEXT.divide(value, unit).to_integral_value(ROUND_CEILING, _CONTEXT))


def _down(value: Decimal, unit: Decimal) -> int:
    return int(_CONTEXT.divide(value, unit).to_integral_value(ROUND_FLOOR, _CONTEXT))
