"""Which attribute of a model is which column: SQLAlchemy's, Django's and pydantic's, by what their classes have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def attribute_names(model: Any) -> dict[str, tuple[str, ...]]:
    """Find the attributes of a model that have other names than their columns, or may have.

    Args:
        model: a class; any other than these has attributes that are called like their columns.

    Returns:
        By column: the attribute that has its value, and other names that a factory may use for it.
    """
    mapper = getattr(model, "__mapper__", None)
    if mapper is not None:
        return {
            str(column.name): (str(attribute.key), str(column.name))
            for attribute in mapper.column_attrs
            for column in attribute.columns
            if hasattr(column, "name")
        }
    fields = getattr(getattr(model, "_meta", None), "concrete_fields", None)
    if fields is not None:
        return {str(field.column): (str(field.attname), str(field.name)) for field in fields}
    pydantic = getattr(model, "model_fields", None)
    if isinstance(pydantic, Mapping):
        found: dict[str, tuple[str, ...]] = {}
        for name, field in pydantic.items():
            alias = field.alias
            for column in dict.fromkeys((name, alias) if isinstance(alias, str) else (name,)):
                # A field of that name comes before another one's alias.
                if column == name or column not in pydantic:
                    found[column] = (name, *((alias,) if isinstance(alias, str) else ()))
        return found
    return {}


def value_of(built: Any, attribute: str) -> Any:
    """Return an attribute, or the value of a key; None where there is none.

    Args:
        built: an object, or a mapping.
        attribute: its name.
    """
    if isinstance(built, Mapping):
        return built.get(attribute)
    return getattr(built, attribute, None)
