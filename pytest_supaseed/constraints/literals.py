"""Constants in expressions -> Python values, typed by the column that they are compared with.

Begin with :func:`constant`; :func:`constants` reads arrays, :func:`duration` intervals.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from pytest_supaseed.constraints.nodes import Array, Cast, Literal, Node, Operation
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import (
    Predicate,
    is_boolean,
    is_date,
    is_json,
    is_money,
    is_number,
    is_time,
    is_timestamp,
    is_timestamp_with_time_zone,
    is_uuid,
    is_whole,
)

_INTEGER_CASTS = ("smallint", "integer", "bigint")
_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?([+-]\d\d(?::?\d\d)?)?"
)
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?")
# Longer numbers count as no constant: expanding an exponent such as 1e99999999 would take minutes.
_MOST_DIGITS = 200


class NoConstantError(ValueError):
    """The node is no constant, or its value has no Python equivalent."""


def constant(node: Node, column_type: ColumnType) -> Any:
    """Return the value of a constant.

    Args:
        node: a literal, possibly within casts or under a minus; texts joined by ``||``.
        column_type: of the column that it is compared with.

    Returns:
        A bool, int, Decimal, float, str, date, datetime, time, UUID or decoded JSON; None for NULL.

    Raises:
        NoConstantError: the node is no such constant.
    """
    text = _text(node)
    return None if text is None else typed(text, column_type)


def constants(node: Node, column_type: ColumnType) -> tuple[Any, ...]:
    """Return the values of an array of constants.

    Args:
        node: ``ARRAY[...]`` or ``'{...}'``, possibly within casts.
        column_type: of the column that they are compared with; of an array, the type of its elements counts.

    Raises:
        NoConstantError: the node is no such array, or one of its elements is NULL.
    """
    while isinstance(node, Cast) and not node.modified:
        node = node.operand
    if isinstance(node, Array):
        values = tuple(constant(element, column_type) for element in node.elements)
    elif isinstance(node, Literal) and node.text is not None and node.type is None:
        values = tuple(typed(text, column_type) for text in _elements(node.text))
    else:
        raise NoConstantError(str(node))
    if any(value is None for value in values):
        raise NoConstantError("NULL is equal to nothing")
    return values


def typed(text: str, column_type: ColumnType) -> Any:
    """Convert a text to the Python value of a type, by :data:`_READERS`; the text itself for any other type.

    Args:
        text: as PostgreSQL prints it.
        column_type: the type.

    Raises:
        NoConstantError: the text is no value of that type.
    """
    read = next((read for belongs, read in _READERS if belongs(column_type)), str)
    try:
        return read(text)
    except (ValueError, OverflowError) as error:
        raise NoConstantError(text) from error


def _text(node: Node) -> str | None:
    casts = []
    while isinstance(node, Cast):
        if node.modified or node.type.endswith("[]"):
            raise NoConstantError(str(node))
        casts.append(node.type)
        node = node.operand
    if isinstance(node, Operation) and node.operator == "||" and len(node.operands) == 2:
        parts = [_text(part) for part in node.operands]
        return None if None in parts else "".join(map(str, parts))
    sign = ""
    if isinstance(node, Operation) and node.operator == "-" and len(node.operands) == 1:
        sign, node = "-", node.operands[0]
    if not isinstance(node, Literal):
        raise NoConstantError(str(node))
    # A cast to an integer type rounds: 1.5::integer is 2.
    if node.text is None or (node.type == "numeric" and "." in node.text and {*casts} & {*_INTEGER_CASTS}):
        if node.text is None:
            return None
        raise NoConstantError(str(node))
    return sign + node.text


def _number(text: str) -> Decimal:
    cleaned = text.strip()
    if len(cleaned) > _MOST_DIGITS or "_" in cleaned:
        raise NoConstantError(text)
    try:
        number = Decimal(cleaned)
    except InvalidOperation as error:
        raise NoConstantError(text) from error
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise NoConstantError(text)
    return number


def _whole(text: str) -> int | Decimal:
    number = _number(text)
    return int(number) if number == number.to_integral_value() else number


def _money(text: str) -> Decimal:
    return _number(text.replace("$", "").replace(",", ""))


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "t", "f"):
        raise NoConstantError(text)
    return text.startswith("t")


def _moment(text: str) -> tuple[datetime, str | None]:
    """Return a timestamp and its offset from UTC, which may be missing."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise NoConstantError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    return datetime(year, month, day, hour, minute, second, int((found[7] or "").ljust(6, "0"))), found[8]


def _date(text: str) -> date:
    moment, offset = _moment(text)
    if moment.time() != time() or offset:
        raise NoConstantError("a date is not compared with that by its day alone")
    return moment.date()


def _timestamp(text: str) -> datetime:
    moment, offset = _moment(text)
    if offset:
        raise NoConstantError("what that is without a zone depends on the session's")
    return moment


def _timestamp_with_time_zone(text: str) -> datetime:
    moment, offset = _moment(text)
    if not offset:
        raise NoConstantError("what that is with a zone depends on the session's")
    digits = offset.replace(":", "").ljust(5, "0")
    return datetime.strptime(f"{moment:%Y-%m-%d %H:%M:%S.%f}{digits}", "%Y-%m-%d %H:%M:%S.%f%z").astimezone(
        timezone.utc
    )


def _time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise NoConstantError(text)
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    return time(hour, minute, second, int((found[4] or "").ljust(6, "0")))


_READERS: tuple[tuple[Predicate, Callable[[str], Any]], ...] = (
    (is_whole, _whole),
    (is_money, _money),
    (is_number, _number),
    (is_boolean, _boolean),
    (is_date, _date),
    (is_timestamp, _timestamp),
    (is_timestamp_with_time_zone, _timestamp_with_time_zone),
    (is_time, _time),
    (is_uuid, uuid.UUID),
    (is_json, json.loads),
)


def _elements(text: str) -> list[str]:
    """Return the elements of ``{a,b}``; quotes, escapes and nested arrays are not supported."""
    if not (text.startswith("{") and text.endswith("}")) or re.search(r'[\\"{}]', text[1:-1]):
        raise NoConstantError(text)
    elements = [part.strip() for part in text[1:-1].split(",")] if text != "{}" else []
    if any(element.upper() == "NULL" for element in elements):
        raise NoConstantError("NULL is equal to nothing")
    return elements


_PARTS = re.compile(
    r"(?:(?P<years>[+-]?\d+) years? ?)?(?:(?P<months>[+-]?\d+) mons? ?)?(?:(?P<days>[+-]?\d+) days? ?)?"
    r"(?:(?P<sign>[+-])?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d{1,6})?))?"
)
# PostgreSQL compares intervals by these: https://www.postgresql.org/docs/current/functions-datetime.html
DAYS_OF_A_MONTH = 30
MONTHS_OF_A_YEAR = 12


def duration(text: str) -> timedelta:
    """Return the length of an interval.

    Args:
        text: in IntervalStyle ``postgres``, the server's default.

    Returns:
        Its length, with 30 days for a month, as PostgreSQL compares intervals.

    Raises:
        NoConstantError: it is in another style, or too long for a timedelta.

    Example:
        >>> duration("1 mon 2 days 03:00:00")
        datetime.timedelta(days=32, seconds=10800)
    """
    found = _PARTS.fullmatch(text)
    if found is None or not text:
        raise NoConstantError(text)
    years, months, days, hours, minutes = (
        int(found[part] or 0) for part in ("years", "months", "days", "hours", "minutes")
    )
    try:
        time = timedelta(hours=hours, minutes=minutes, seconds=float(found["seconds"] or 0))
        length = timedelta(days=days + DAYS_OF_A_MONTH * (months + MONTHS_OF_A_YEAR * years))
        return length - time if found["sign"] == "-" else length + time
    except OverflowError as error:
        raise NoConstantError(text) from error
