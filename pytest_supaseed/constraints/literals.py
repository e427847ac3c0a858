"""Constants in expressions -> Python values, typed by the column that they are compared with.

Begin with :func:`constant`; :func:`constants` reads arrays, :func:`duration` intervals.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from pytest_supaseed.constraints.nodes import Array, Cast, Literal, Node, Operation
from pytest_supaseed.model.schema import ColumnType
from pytest_supaseed.model.type_families import value_of

_INTEGER_CASTS = ("smallint", "integer", "bigint")


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
    """Convert a text to the Python value that constants of a type are compared as, by ``TRAITS``; else the text itself.

    Raises:
        NoConstantError: the text is no value of that type.
    """
    try:
        return value_of(text, column_type)
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
