"""Another value for a unique column, made from one that is taken."""

from __future__ import annotations

import math
import re
import string
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pytest_supaseed.constraints import ColumnFacts
from pytest_supaseed.constraints.literals import NUMBERS, TEXTS
from pytest_supaseed.schema import Column
from pytest_supaseed.values import another, numbers
from pytest_supaseed.values.forms import TEXT_FORMS, counted
from pytest_supaseed.values.matching import NoMatchError, matching_text
from pytest_supaseed.values.reserved import around_number, next_reserved, reserved_like
from pytest_supaseed.values.texts import accepted, longest

_SECONDS_OF_A_DAY = 86_400
_CODE = re.compile(r"[^\s@]*\d[^\s@]*|[A-Z]{1,12}|[^\s@]{1,3}")
_RANDOM_BITS_OF_A_UUID = 62
_JSON_TYPES = ("json", "jsonb")
# So short, a text has no room for a number beside it.
_FEW = 3


def vary(value: object, number: int, column: Column, facts: ColumnFacts) -> object | None:
    """Return another value, made from one that is taken: another one for each number.

    Args:
        value: the value that is taken.
        number: at least 1.
        column: a column that has to be unique.
        facts: what is known of it.

    Returns:
        A value that the column's type and what is known of it accept; None where there is none.

    Example:
        >>> from pytest_supaseed.schema import ColumnType
        >>> vary("ann@example.com", 1, Column("email", ColumnType("text", "text")), ColumnFacts())
        'ann2@example.com'
    """
    if facts.allowed is not None and not column.type.array:
        return _next_of(facts.allowed, value, number)
    if column.type.array:
        return another.array(value, number, column, facts, vary) if isinstance(value, list) else None
    if column.type.composite and isinstance(value, tuple):
        return another.composite(value, number, column, facts, vary)
    if column.type.name in _JSON_TYPES and not isinstance(value, (bool, dict, list)):
        return another.document(value, number)
    if isinstance(value, bool):
        return (not value) if number == 1 else None
    if isinstance(value, str):
        return _varied_text(value, number, column, facts)
    if isinstance(value, (int, float, Decimal)):
        return _varied_number(value, number, column, facts)
    for kind, change in _CHANGES:
        if isinstance(value, kind):
            varied = change(value, number, facts)
            return None if varied in facts.excluded else varied
    return None


def _next_of(values: tuple[Any, ...], value: object, number: int) -> object | None:
    others = [other for other in values if other != value]
    return others[number - 1] if number <= len(others) else None


def _varied_number(
    value: int | float | Decimal, number: int, column: Column, facts: ColumnFacts
) -> int | float | Decimal | None:
    if column.type.name not in NUMBERS:
        return None
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return None
    digits = max(0, -int(exact.as_tuple().exponent))
    if isinstance(value, float):
        # As fine as the type is at that size.
        room = (6 if column.type.name == "float4" else 15) - (math.ceil(math.log10(abs(value) + 1)) or 1)
        digits = max(0, min(2, room))
    unit = numbers.unit_of(column.type, facts, digits)
    low, high = numbers.limits(column.type, facts, unit)
    here = numbers.above(exact, unit, strict=False)
    step, at = number, here
    if facts.excluded:
        for _ in range(number):
            at += 1
            while numbers.typed(at, unit, column.type) in facts.excluded:
                at += 1
        step = at - here
    if low is not None and high is not None:
        if step > high - low or not low <= here <= high:
            return None
        at = low + (here - low + step) % (high - low + 1)
    elif high is not None:
        at = here + step if here + step <= high else high - (here + step - high) - (high - here)
        if here + step > high:
            # Above there is no room for that many: count down from where it stands.
            at = here - (step - (high - here))
    else:
        at = here + step
    varied = numbers.typed(at, unit, column.type)
    return None if varied in facts.excluded or varied == value else varied


def _varied_text(value: str, number: int, column: Column, facts: ColumnFacts) -> str | None:
    if column.type.name in TEXT_FORMS:
        return TEXT_FORMS[column.type.name](value, number)
    if column.type.name == "char" or (column.type.name not in TEXTS and column.type.category != "S"):
        return another.text(value, number, column, facts)
    most = longest(column.type, facts)
    makers: list[Callable[[int], str | None]] = [
        lambda count: counted(value, count),
        lambda count: _numbered(value, count, most),
    ]
    if reserved_like(value):
        makers = [lambda count: next_reserved(value, count)]
    elif "@" in value and " " not in value:
        makers = [lambda count: _numbered_address(value, count, most)]
    elif not _CODE.fullmatch(value) or around_number(value):
        makers.reverse()
    if any(not pattern.negated for pattern in facts.patterns):
        # One of them for all numbers, lest two of them meet.
        makers = [make for make in makers if all(_fits(make(count), column, facts) for count in (1, 9, 98))][
            :1
        ]
        makers = makers or [lambda count: _matching(value, count, column, facts)]
    for make in makers:
        varied = make(number)
        if varied != value and _fits(varied, column, facts):
            return varied
    short = another.short_text(number, most) if most is not None and most <= _FEW else None
    return short if short != value and _fits(short, column, facts) else None


def _fits(text: str | None, column: Column, facts: ColumnFacts) -> bool:
    return text is not None and accepted(text, column.type, facts)


def _numbered(value: str, number: int, most: int | None) -> str | None:
    """``Foo 2``, ``foo-2``, ``foo2``: distinct, since the base ends in no digit."""
    around = around_number(value)
    if around is not None:
        head, tail = around
        head = head if most is None else head[: max(0, most - len(tail) - len(str(number + 1)))]
        return f"{head}{number + 1}{tail}" if head else None
    separator = " " if " " in value or value[:1].isupper() else "-" if "-" in value else ""
    suffix = f"{separator}{number + 1}"
    base = value if most is None else value[: max(0, most - len(suffix))]
    base = base.rstrip(string.digits + " -")
    return base + suffix if base else None


def _numbered_address(value: str, number: int, most: int | None) -> str | None:
    local, _, host = value.rpartition("@")
    room = 64 if most is None else min(64, most - len(host) - 1)
    base = local[: max(0, room - len(str(number + 1)))].rstrip(string.digits + ".-_+")
    return f"{base}{number + 1}@{host}" if base else None


def _matching(value: str, number: int, column: Column, facts: ColumnFacts) -> str | None:
    """The text that a pattern gives when each of its choices is a digit of the number."""
    for pattern in facts.patterns:
        for more in (max(8, facts.minimum_length or 0), 3, 1, 0) if not pattern.negated else ():
            left = number

            def pick(count: int) -> int:
                nonlocal left
                left, place = divmod(left, count)
                return place

            try:
                text = matching_text(pattern.regex, pick, more, times=max)
            except NoMatchError:
                break
            if left == 0 and text != value and accepted(text, column.type, facts):
                return text
    return None


def _moved(value: Any, unit: timedelta, number: int, facts: ColumnFacts) -> Any:
    earliest: Any = facts.earliest
    latest: Any = facts.latest
    try:
        later = value + unit * number
        if latest is None or later <= latest:
            return later
        # Above there is no room for that many: count down from where it stands.
        earlier = value - unit * (number - (latest - value) // unit)
    except OverflowError:
        return None
    return earlier if earliest is None or earlier >= earliest else None


def _moved_time(value: time, number: int, facts: ColumnFacts) -> time | None:
    if number >= _SECONDS_OF_A_DAY:
        return None
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    minute, second = divmod((seconds + number) % _SECONDS_OF_A_DAY, 60)
    varied = value.replace(hour=minute // 60, minute=minute % 60, second=second)
    earliest: Any = facts.earliest
    latest: Any = facts.latest
    inside = (earliest is None or varied >= earliest) and (latest is None or varied <= latest)
    return varied if inside else None


def _next_uuid(value: uuid.UUID, number: int) -> uuid.UUID:
    mask = 2**_RANDOM_BITS_OF_A_UUID - 1
    return uuid.UUID(int=(value.int & ~mask) | ((value.int + number) & mask))


def _next_bytes(value: bytes, number: int) -> bytes | None:
    size = 256 ** len(value)
    if number >= size:
        return None
    return int.to_bytes((int.from_bytes(value, "big") + number) % size, len(value), "big")


# A datetime is a date as well, and comes first.
_CHANGES: tuple[tuple[type, Callable[[Any, int, ColumnFacts], object]], ...] = (
    (datetime, lambda value, number, facts: _moved(value, timedelta(seconds=1), number, facts)),
    (date, lambda value, number, facts: _moved(value, timedelta(days=1), number, facts)),
    (time, _moved_time),
    (timedelta, lambda value, number, facts: _moved(value, timedelta(seconds=1), number, facts)),
    (uuid.UUID, lambda value, number, facts: _next_uuid(value, number)),
    (bytes, lambda value, number, facts: _next_bytes(value, number)),
    (dict, lambda value, number, facts: {**value, "number": number + 1}),
    (list, lambda value, number, facts: [*value, number + 1]),
)
