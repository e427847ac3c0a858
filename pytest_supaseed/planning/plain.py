"""What users give -> values that the columns' types read: members of enums, models, secrets and the like made plain."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pytest_supaseed.schema import Column

_JSON_TYPES = ("json", "jsonb")
# What json.dumps writes as it is; any other object of a document is spelt by its str().
_JSON_SCALARS = (str, int, float, bool, type(None))


def plain(column: Column, value: Any, allowed: Collection[Any] | None = None) -> Any:
    """Return a value as its column stores it.

    Args:
        column: the column.
        value: what a user, a function or a factory gives.
        allowed: all values that the column takes, where they are known: a member of an enum is stored by its name
            or by its value, whichever is among them.

    Example:
        >>> from pytest_supaseed.schema import ColumnType
        >>> plain(Column("status", ColumnType("text", "text")), enum.Enum("Status", {"NEW": "new"}).NEW)
        'new'
    """
    if type(value) in _JSON_SCALARS:
        return value
    if isinstance(value, enum.Enum):
        named = value.name in column.type.labels or value.name in (allowed or ())
        return value.name if named else plain(column, value.value)
    if hasattr(value, "get_secret_value"):
        # pydantic's SecretStr and SecretBytes hide what they hold from str().
        return plain(column, value.get_secret_value())
    if column.type.name in _JSON_TYPES and not column.type.array:
        return _document(value)
    if column.type.array and isinstance(value, (list, tuple, set, frozenset)):
        return [plain(column, element, allowed) for element in _ordered(value)]
    if _is_model(value):
        return _document(value)
    if isinstance(value, str):
        # A subclass may have a str() of its own.
        return str.__str__(value)
    if type(value).__module__.partition(".")[0] == "pydantic":
        # Its URLs and addresses are no strings.
        return str(value)
    return value


def _ordered(values: Iterable[Any]) -> Iterable[Any]:
    # A set of texts has another order in every process.
    return sorted(values, key=repr) if isinstance(values, (set, frozenset)) else values


def _is_model(value: Any) -> bool:
    return (
        (dataclasses.is_dataclass(value) and not isinstance(value, type))
        or hasattr(value, "model_dump")
        or hasattr(type(value), "__struct_fields__")
        or hasattr(type(value), "__attrs_attrs__")
    )


def _document(value: Any) -> Any:
    """A JSON document: mappings, lists and scalars only."""
    if type(value) in _JSON_SCALARS:
        return value
    if isinstance(value, enum.Enum):
        return _document(value.value)
    if hasattr(value, "get_secret_value"):
        return _document(value.get_secret_value())
    if isinstance(value, Mapping):
        return {_key(key): _document(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_document(part) for part in _ordered(value)]
    if _is_model(value):
        return {name: _document(getattr(value, name)) for name in _fields(value)}
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float)):
        return value
    return str(value)


def _key(key: Any) -> Any:
    found = _document(key)
    return found if type(found) in _JSON_SCALARS else str(found)


def _fields(model: Any) -> list[str]:
    kind = type(model)
    if dataclasses.is_dataclass(model):
        return [field.name for field in dataclasses.fields(model)]
    if hasattr(kind, "model_fields"):
        return list(kind.model_fields)
    if hasattr(kind, "__struct_fields__"):
        return list(kind.__struct_fields__)
    return [attribute.name for attribute in kind.__attrs_attrs__]
