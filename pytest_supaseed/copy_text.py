"""Python values in the text format of ``COPY``.

:func:`copy_lines` and :func:`copy_fields` make the lines and fields; :func:`typed_text` makes the text that a type's
input function reads. Sources: PostgreSQL's documentation, "COPY", section "Text Format"; "Array Input and Output
Syntax"; "Composite Type Input and Output Syntax".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.model.type_families import TEXT, is_hstore, is_json

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)


def copy_fields(column: Column, values: Sequence[Any]) -> Sequence[str]:
    """Return values of a column as fields of COPY's text format; None is NULL."""
    kinds = set(map(type, values))
    if kinds == {str}:
        # A string already is the input text, whatever the column's type. Most columns have nothing to escape.
        whole = "".join(values)
        return values if whole.isprintable() and "\\" not in whole else list(map(_escaped, values))
    if len(kinds) == 1 and kinds <= _PLAIN and not is_json(column.type):
        return list(map(str, values))
    return [_escaped(value) if type(value) is str else _field(column, value) for value in values]


# Their text is what the input functions of all types but json read, without anything to escape.
_PLAIN = {int, float, Decimal, date, datetime, time, UUID}


def copy_lines(fields: Iterable[Iterable[str]]) -> str:
    """Return rows as lines of COPY's text format.

    Args:
        fields: the fields of each column, as :func:`copy_fields` returns them; at least one column.
    """
    return "\n".join(map("\t".join, zip(*fields, strict=True))) + "\n"


def _field(column: Column, value: Any) -> str:
    return "\\N" if value is None else _escaped(text_of(column, value))


def _escaped(text: str) -> str:
    # Most texts have nothing to escape, and checking that is faster than translating.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def text_of(column: Column, value: Any) -> str:
    """Return a value other than None as the input function of the column's type reads it.

    Example:
        >>> text_of(Column("tags", ColumnType("text[]", "text", array=True)), ["a", None])
        '{"a",NULL}'
    """
    return typed_text(column.type, value)


def typed_text(column_type: ColumnType, value: Any) -> str:
    """Return a value as the input function of a type reads it.

    Args:
        column_type: the type.
        value: for an array a list, for a composite type a tuple or a mapping of its attributes, for any other type the
            corresponding Python value; a string is returned unchanged; never None.
    """
    if isinstance(value, str):
        return value
    if column_type.array and isinstance(value, (list, tuple)):
        return _array(column_type, value, column_type.dimensions)
    if is_json(column_type):
        return _json(value)
    if column_type.composite and isinstance(value, (list, tuple, Mapping)):
        return _record(column_type, value)
    if is_hstore(column_type) and isinstance(value, Mapping):
        pairs = ((_quoted(str(key)), item) for key, item in value.items())
        return ", ".join(f"{key}=>{'NULL' if item is None else _quoted(str(item))}" for key, item in pairs)
    return _scalar(value)


def _array(column_type: ColumnType, values: Iterable[Any], dimensions: int) -> str:
    element = column_type.element_type
    # A list may be one element: of arrays over a domain of arrays, of JSON, and of composite types.
    whole = element.array or element.composite or is_json(element)
    found = []
    for value in values:
        if value is None:
            found.append("NULL")
        elif isinstance(value, (list, tuple)) and (dimensions > 1 or not whole):
            found.append(_array(column_type, value, dimensions - 1))
        else:
            found.append(_quoted(typed_text(element, value)))
    return "{" + column_type.delimiter.join(found) + "}"


def _record(column_type: ColumnType, value: Any) -> str:
    attributes = column_type.attributes
    if isinstance(value, Mapping):
        value = [value.get(attribute.name) for attribute in attributes]
    # Lengths may differ: then PostgreSQL reports the wrong number of attributes.
    types = [attribute.type for attribute in attributes] + [TEXT] * (len(value) - len(attributes))
    fields = ("" if item is None else _quoted(typed_text(of, item)) for of, item in zip(types, value))  # noqa: B905
    return f"({','.join(fields)})"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "\\x" + bytes(value).hex()
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds}.{value.microseconds:06} seconds"
    if isinstance(value, Mapping):
        return _json(dict(value))
    if isinstance(value, (list, tuple)):
        return _json(list(value))
    return str(value)
