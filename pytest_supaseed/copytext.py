"""Python values as the text format of COPY spells them.

PostgreSQL's documentation of COPY, section "Text Format".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from pytest_supaseed.schema import Column

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)
_JSON_TYPES = ("json", "jsonb")


def copy_fields(column: Column, values: Iterable[Any]) -> list[str]:
    """Return values of a column as fields of COPY's text format.

    Args:
        column: the column.
        values: None for NULL.
    """
    # A text is its own text, whatever the column's type.
    return [_escaped(value) if type(value) is str else _field(column, value) for value in values]


def copy_lines(fields: Iterable[Iterable[str]]) -> str:
    """Return rows as lines of COPY's text format.

    Args:
        fields: of each column, as :func:`copy_fields` returns them; at least one column.
    """
    return "\n".join(map("\t".join, zip(*fields, strict=True))) + "\n"


def _field(column: Column, value: Any) -> str:
    return "\\N" if value is None else _escaped(text_of(column, value))


def _escaped(text: str) -> str:
    # Most texts have nothing to escape, and to see that is faster than to translate them.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


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
