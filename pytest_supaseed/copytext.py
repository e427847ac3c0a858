"""Python values as the text format of COPY spells them.

PostgreSQL's documentation of COPY, section "Text Format".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pytest_supaseed.schema import Column

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)
_JSON_TYPES = ("json", "jsonb")


def copy_line(columns: Sequence[Column], values: Iterable[Any]) -> str:
    """Return a row as a line of COPY's text format.

    Args:
        columns: its columns.
        values: their values.
    """
    return "\t".join(_field(column, value) for column, value in zip(columns, values, strict=True)) + "\n"


def _field(column: Column, value: Any) -> str:
    return "\\N" if value is None else text_of(column, value).translate(_ESCAPES)


def text_of(column: Column, value: Any) -> str:
    """Return a value as the input function of the column's type reads it.

    Args:
        column: the column.
        value: anything but None.

    Example:
        >>> text_of(Column("tags", ColumnType("text[]", "text", array=True)), ["a", None])
        '{"a",NULL}'
    """
    if column.type.array and isinstance(value, (list, tuple)):
        return _array(column, value)
    if column.type.name in _JSON_TYPES and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, default=str)
    return _scalar(value)


def _array(column: Column, values: Iterable[Any]) -> str:
    # A box alone has another delimiter between elements than the comma: pg_type.typdelim.
    delimiter = ";" if column.type.name == "box" else ","
    return "{" + delimiter.join(_element(column, value) for value in values) + "}"


def _element(column: Column, value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, (list, tuple)):
        return _array(column, value)
    if column.type.name in _JSON_TYPES and not isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False, default=str)
    else:
        text = _scalar(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "\\x" + bytes(value).hex()
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds}.{value.microseconds:06} seconds"
    if isinstance(value, Mapping):
        return json.dumps(dict(value), ensure_ascii=False, default=str)
    if isinstance(value, (list, tuple)):
        return json.dumps(list(value), ensure_ascii=False, default=str)
    return str(value)
