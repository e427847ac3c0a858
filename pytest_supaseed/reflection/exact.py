"""Values of columns as PostgreSQL prints them, so that what is read can be written again and be the same.

The driver's own values are not: an interval of a year becomes 365 days, ``infinity`` and ``24:00`` other moments, a
date before Christ an error; and what the driver makes of a type, a project can change for all connections.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from psycopg2 import extensions, sql

from pytest_supaseed.model.schema import ColumnType

# The driver's own way with what it reads; a project may have registered another for all connections.
_STANDARD = tuple(
    getattr(extensions, f"{name}{array}")
    for name in ("INTEGER", "LONGINTEGER", "FLOAT", "DECIMAL", "BOOLEAN", "UNICODE", "PYDATE", "PYTIME", "PYDATETIME",
                 "PYDATETIMETZ", "PYINTERVAL")
    for array in ("", "ARRAY")
)  # fmt: skip


_COUNTS = (extensions.INTEGER, extensions.LONGINTEGER, extensions.LONGINTEGERARRAY)


# What the driver makes of these is written as it was read.
_AS_THE_DRIVER = frozenset(
    ("int2", "int4", "int8", "oid", "numeric", "float4", "float8", "bool", "text", "varchar", "bpchar", "name", "uuid")
)  # fmt: skip


# What these settings say, PostgreSQL reads under any others.
SETTINGS = (
    "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1; "
    "SET LOCAL bytea_output = 'hex'"
)


_CLOCK = r"([01]\d|2[0-3]):(\d\d):(\d\d)(?:\.(\d{1,6}))?"


_ZONE = r"(?:([+-]\d\d)(:\d\d)?(:\d\d)?)?"


_MOMENT = re.compile(rf"(\d{{4}}-\d\d-\d\d) {_CLOCK}{_ZONE}")


_DATE = re.compile(r"\d{4}-\d\d-\d\d")


_TIME = re.compile(rf"{_CLOCK}{_ZONE}")


_INTERVAL = re.compile(rf"(?=.)(?:(-?\d+) days?)?(?: ?([+-])?{_CLOCK})?")


def read_as_usual(reader: Any) -> None:
    """Have the common types be read as the driver does by itself, whatever a project has registered for all.

    Args:
        reader: a cursor of the driver, or a connection that is ours alone.
    """
    for caster in _STANDARD:
        extensions.register_type(caster, reader)


def count_as_usual(cursor: Any) -> None:
    """Have counts be read as the driver does by itself; each test pays for it.

    Args:
        cursor: the driver's.
    """
    for caster in _COUNTS:
        extensions.register_type(caster, cursor)


def printed(column_type: ColumnType, value: sql.Composable) -> sql.Composable:
    """Return what to select for a value that has to be the same when it is written again.

    Args:
        column_type: of the value.
        value: an expression.
    """
    if _is_as_the_driver(column_type):
        return value
    # By the type's own output function: some types have another cast to text, which says less. A row of NULLs is none.
    return sql.SQL("CASE pg_catalog.num_nonnulls({0}) WHEN 1 THEN pg_catalog.concat({0}) END").format(value)


def exact(types: Sequence[ColumnType], rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return rows of printed values as Python's, as far as these are written as they were read.

    Args:
        types: of the first columns; others stay what they are.
        rows: what was selected, as :func:`printed` says.

    Example:
        >>> exact([ColumnType("interval", "interval", "T")], [("1 day",), ("1 year",)])
        [(datetime.timedelta(days=1),), ('1 year',)]
    """
    reading = [None if _is_as_the_driver(each) else _READERS.get(_kind(each)) for each in types]
    if not any(reading):
        return [tuple(row) for row in rows]
    return [
        tuple(
            value if value is None or at >= len(reading) or (read := reading[at]) is None else read(value)
            for at, value in enumerate(row)
        )
        for row in rows
    ]


def _is_as_the_driver(column_type: ColumnType) -> bool:
    element = column_type.element_type if column_type.array else column_type
    # Of an array of a domain the driver knows nothing, and gives its text.
    return element.name in _AS_THE_DRIVER and not element.array and not element.domain


def _kind(column_type: ColumnType) -> str:
    return "" if column_type.array else column_type.name


def _clock(hour: str, minute: str, second: str, fraction: str | None) -> str:
    return f"{hour}:{minute}:{second}.{(fraction or '').ljust(6, '0')}"


def _offset(hours: str | None, minutes: str | None, seconds: str | None) -> str:
    return f"{hours}{minutes or ':00'}{seconds or ''}" if hours else ""


def _date(text: str) -> Any:
    return date.fromisoformat(text) if _DATE.fullmatch(text) else text


def _moment(text: str) -> Any:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    day, *parts = found.groups()
    return datetime.fromisoformat(f"{day}T{_clock(*parts[:4])}{_offset(*parts[4:])}")


def _time(text: str) -> Any:
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    parts = found.groups()
    return time.fromisoformat(_clock(*parts[:4]) + _offset(*parts[4:]))


def _interval(text: str) -> Any:
    found = _INTERVAL.fullmatch(text)
    if found is None:
        return text
    days, sign, hours, minutes, seconds, fraction = found.groups()
    clock = timedelta(
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=int((fraction or "").ljust(6, "0")),
    )
    try:
        return timedelta(days=int(days or 0)) + (-clock if sign == "-" else clock)
    except OverflowError:
        return text


def _bytes(text: str) -> Any:
    return bytes.fromhex(text[2:]) if text.startswith("\\x") else text


def _json(text: str) -> Any:
    try:
        # A number with a fraction may have more digits than a float.
        found = json.loads(text, parse_float=_refuse)
    except ValueError:
        return text
    # A text would be taken for what it stands for.
    return text if isinstance(found, str) else found


def _refuse(number: str) -> float:
    raise ValueError(number)


_READERS: dict[str, Callable[[str], Any]] = {
    "date": _date,
    "timestamp": _moment,
    "timestamptz": _moment,
    "time": _time,
    "timetz": _time,
    "interval": _interval,
    "bytea": _bytes,
    "jsonb": _json,
}
