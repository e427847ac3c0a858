"""What users give -> values that the columns' types read: members of enums, models, secrets and the like made plain."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

from pytest_supaseed.schema import Column, ColumnType
from pytest_supaseed.usable import (
    UnusableError,
    deep_enough,
    has_text,
    holds_secret,
    is_array,
    is_model,
    of_array,
    scalar,
    text,
    value_problem,
)
from pytest_supaseed.wording import raised

_JSON_TYPES = ("json", "jsonb")
_TEXT = ColumnType("text", "text", "S")
_COMMON = (bool, float, type(None), date, timedelta, Decimal, UUID)
_SMALL = 2**63
# What json.dumps writes as it is.
_JSON_SCALARS = (int, float, bool, type(None))
# pg_type.typcategory: booleans, dates and times, enums, addresses, numbers, intervals, bits.
_ONE_VALUE = "BDEINTV"
_ONE_VALUE_TYPES = ("uuid", "bytea", "xml")


def plain(column: Column, value: Any, allowed: Collection[Any] | None = None) -> Any:
    """Return a value as its column stores it.

    Args:
        column: the column.
        value: what a user, a function or a factory gives.
        allowed: all values that the column takes, where they are known: a member of an enum is stored by its name
            or by its value, whichever is among them.

    Raises:
        UnusableError: no column can have such a value, or none of this type.

    Example:
        >>> from pytest_supaseed.schema import ColumnType
        >>> plain(Column("status", ColumnType("text", "text")), enum.Enum("Status", {"NEW": "new"}).NEW)
        'new'
    """
    kind = type(value)
    if kind is str:
        return text(value)
    # What most functions return, and has no parts to look at.
    if kind in _COMMON or (kind is int and -_SMALL < value < _SMALL):
        return value
    if kind is datetime and (value.tzinfo is None or type(value.tzinfo) is timezone):
        return value
    try:
        return _plain(column.type, value, allowed or (), 0)
    except UnusableError:
        raise
    except Exception as error:
        # Of a class of the user's own.
        raise UnusableError(f"what is in it cannot be read: {raised(error)}") from error


def _plain(column_type: ColumnType, value: Any, allowed: Collection[Any], depth: int) -> Any:
    deep_enough(depth)
    if isinstance(value, enum.Enum):
        named = value.name in column_type.labels or value.name in allowed
        return value.name if named else _plain(column_type, value.value, (), depth + 1)
    if holds_secret(value):
        return _plain(column_type, value.get_secret_value(), (), depth + 1)
    if is_array(value):
        return _plain(column_type, of_array(value), allowed, depth + 1)
    if column_type.name in _JSON_TYPES and not column_type.array:
        return _document(value, depth)
    if column_type.array and isinstance(value, (list, tuple, set, frozenset)):
        element = column_type.element_type
        # An array of more dimensions is a list of lists, and each of them an array.
        inner = column_type if column_type.dimensions > 1 or not _has_parts(element) else element
        return [
            _plain(inner if isinstance(part, (list, tuple)) else element, part, allowed, depth + 1)
            for part in _ordered(value)
        ]
    if column_type.category == "R" and has_text(type(value)):
        # SQLAlchemy's ranges are dataclasses, too.
        return scalar(value)
    if is_model(value) or isinstance(value, (Mapping, list, tuple, set, frozenset)):
        return _of_parts(column_type, value, depth)
    found = scalar(value)
    one = _is_of_one_value(column_type) or column_type.category == "S"
    if isinstance(found, bytes) and one and column_type.name != "bytea":
        raise UnusableError(f"the column is {column_type.text}, and bytes are for bytea: decode them")
    return found


def _has_parts(column_type: ColumnType) -> bool:
    return column_type.array or column_type.composite or column_type.name in _JSON_TYPES


def _is_of_one_value(column_type: ColumnType) -> bool:
    return not column_type.array and (
        column_type.category in _ONE_VALUE or column_type.name in _ONE_VALUE_TYPES
    )


def _of_parts(column_type: ColumnType, value: Any, depth: int) -> Any:
    """A container, for a column that can have one: an array, a row, a type of an extension, JSON as a text."""
    if _is_of_one_value(column_type) or (isinstance(value, (set, frozenset)) and not column_type.array):
        raise UnusableError(
            f"the column is {column_type.text}, and a {type(value).__name__} is no value of it"
        )
    if is_model(value):
        value = {name: getattr(value, name) for name in _fields(value)}
    if column_type.composite:
        return _row(column_type, value, depth + 1)
    if column_type.category == "S":
        return _document(value, depth)
    problem = value_problem(value)
    if problem:
        raise UnusableError(problem)
    # Of a type that is not known here, the parts stay what they are.
    return value


def _row(column_type: ColumnType, value: Any, depth: int) -> Any:
    """A value of a composite type; how many attributes it has to have, PostgreSQL says itself."""
    types = [attribute.type for attribute in column_type.attributes]
    if isinstance(value, Mapping):
        known = {attribute.name: attribute.type for attribute in column_type.attributes}
        return {name: _plain(known[name], part, (), depth) for name, part in value.items() if name in known}
    types += [_TEXT] * (len(value) - len(types))
    return [_plain(of, part, (), depth) for of, part in zip(types, value)]  # noqa: B905


def _ordered(values: Iterable[Any]) -> Iterable[Any]:
    # A set of texts has another order in every process.
    return sorted(values, key=repr) if isinstance(values, (set, frozenset)) else values


def _document(value: Any, depth: int) -> Any:
    """A JSON document: mappings, lists and scalars only."""
    deep_enough(depth)
    if isinstance(value, enum.Enum):
        return _document(value.value, depth + 1)
    if holds_secret(value):
        return _document(value.get_secret_value(), depth + 1)
    if is_array(value):
        return _document(of_array(value), depth + 1)
    if isinstance(value, Mapping):
        return {_key(key, depth + 1): _document(part, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_document(part, depth + 1) for part in _ordered(value)]
    if is_model(value):
        return {name: _document(getattr(value, name), depth + 1) for name in _fields(value)}
    found = scalar(value)
    if isinstance(found, bytes):
        raise UnusableError("a document of JSON has no bytes: decode them")
    return found if isinstance(found, (str, *_JSON_SCALARS)) else str(found)


def _key(key: Any, depth: int) -> Any:
    found = _document(key, depth)
    return found if isinstance(found, (str, *_JSON_SCALARS)) else str(found)


def _fields(model: Any) -> list[str]:
    kind = type(model)
    if dataclasses.is_dataclass(model):
        return [field.name for field in dataclasses.fields(model)]
    if hasattr(kind, "model_fields"):
        return list(kind.model_fields)
    if hasattr(kind, "__struct_fields__"):
        return list(kind.__struct_fields__)
    return [attribute.name for attribute in kind.__attrs_attrs__]
